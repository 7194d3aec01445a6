/* SPDX-License-Identifier: MIT */
/*
 * Records of named columns as JSON objects, a batch at a time: names are
 * encoded once, and cells in which nothing is to be escaped are copied.
 */
#ifndef CSI_JSON_COLUMNS_H
#define CSI_JSON_COLUMNS_H

#include "base/text.h"
#include "format/plain_cells.h"
#include "format/row_cells.h"

/* All zero, but for plain.json, is ready. */
struct csi_json_columns {
    struct cosend_schema *schema; /* whose names these are; or NULL */
    bool ill_formed;       /* some name is no UTF-8: no record may be added */
    struct csi_text names; /* `,"name":"` of each, and 16 bytes more */
    uint32_t *lengths;     /* of each in there */
    size_t capacity;
    size_t longest; /* of them */
    struct csi_plain_cells plain;
    struct csi_row_cells cells;
};

/* Get ready for a batch. False without memory. */
bool csi_json_columns_begin(struct csi_json_columns *columns,
                            const struct cosend_batch *batch);

/*
 * Append the record at a position, of its columns alone, as an object: what
 * csi_text_member makes of each that is not absent. style->visible must be
 * false. No line end; room for one of two bytes is there.
 *
 * Returns false without memory.
 */
bool csi_json_columns_add(struct csi_json_columns *columns,
                          const struct cosend_batch *batch, uint32_t at,
                          struct csi_text *out, struct csi_json_style *style);

void csi_json_columns_free(struct csi_json_columns *columns);

#endif
