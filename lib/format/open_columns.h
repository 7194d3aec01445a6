/* SPDX-License-Identifier: MIT */
/*
 * The columns of readers whose records name their fields themselves: the fields
 * that some step declared. All others are walked.
 */
#ifndef CSI_OPEN_COLUMNS_H
#define CSI_OPEN_COLUMNS_H

#include "record/record.h"

/* Add a name to what was declared, once. False without memory. */
bool csi_open_declare(struct cosend_schema *declared, const char *name);

/*
 * The schema of records in a format, as the first rows show it: its columns are
 * what was declared, which is indexed too.
 *
 * Returns NULL without memory.
 */
struct cosend_schema *csi_open_schema(struct cosend_schema *declared,
                                      int format, const struct csi_rows *rows);

/* Room for the cells of so many columns in rows. False without memory. */
bool csi_open_cells(struct csi_rows *rows, uint32_t count);

#endif
