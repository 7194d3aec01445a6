/* SPDX-License-Identifier: MIT */
/*
 * Rows whose cells lie one behind the other (row_slices.h) as JSON objects: a
 * stretch at a time, along the bytes that are to be looked at.
 */
#ifndef CSI_JSON_ROWS_H
#define CSI_JSON_ROWS_H

#include "format/json_columns.h"

/*
 * What csi_json_columns_add does, but for records whose cells lie otherwise or
 * that are long: before such a one it stops. So it does where
 * columns->slices.count is 0.
 */
bool csi_json_rows_add(struct csi_json_columns *columns,
                       const struct cosend_batch *batch, uint32_t *at,
                       uint32_t end, const struct csi_json_frame *frame,
                       struct csi_text *out, size_t *start,
                       struct csi_json_style *style);

#endif
