/* SPDX-License-Identifier: MIT */
/* Pushing into a pipeline that is open. */
#ifndef CSI_PIPELINE_PUSHING_H
#define CSI_PIPELINE_PUSHING_H

#include "pipeline/pipeline.h"

/* What was pushed and waits goes through the pipeline now. COSEND_OK,
   COSEND_DONE or an error; the pipeline is entered. */
int csi_pipeline_settle(struct cosend_pipeline *pipeline,
                        struct cosend_error *error);

#endif
