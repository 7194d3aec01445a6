/* SPDX-License-Identifier: MIT */
/* A cell as a JSON value. */
#ifndef CSI_JSON_VALUE_H
#define CSI_JSON_VALUE_H

#include "base/text.h"
#include "cosend/record.h"

/* Append a cell: text as a string, numbers and nested values as they are; null
   for absent, and for a number that is not finite. False without memory. */
bool csi_text_cell(struct csi_text *text, struct cosend_cell cell);

/* The same, with strings as style says. */
bool csi_text_cell_styled(struct csi_text *text, struct cosend_cell cell,
                          struct csi_json_style *style);

/* Append `"name":value`, a value that nobody changed as it was read. False
   without memory. */
bool csi_text_member(struct csi_text *text, const struct cosend_item *item,
                     struct csi_json_style *style);

#endif
