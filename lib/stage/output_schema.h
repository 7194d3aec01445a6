/* SPDX-License-Identifier: MIT */
/* What a stage's output looks like: its input's schema, and its recipe. */
#ifndef CSI_OUTPUT_SCHEMA_H
#define CSI_OUTPUT_SCHEMA_H

#include "stage/stage.h"

/* Whether its body may still declare columns; else the step has failed. */
bool csi_stage_may_declare(struct csi_stage *stage);

/*
 * The stage's input has this schema: look its fields up, and make the schema of
 * its output.
 *
 * Returns COSEND_OK; COSEND_E_COLUMN, with what is unknown reported to the run,
 * where the output is what it would have been; COSEND_E_MEMORY.
 */
int csi_stage_set_schema(struct csi_stage *stage, struct cosend_schema *schema);

#endif
