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
#include "format/row_slices.h"

/* All zero, but for plain.special, is ready. */
struct csi_json_columns {
    struct cosend_schema *schema; /* whose names these are; or NULL */
    bool ill_formed;       /* some name is no UTF-8: no record may be added */
    struct csi_text names; /* `","name":"` of each, one every `stride` bytes */
    size_t stride;         /* 32 or more, and more than the longest */
    uint32_t *lengths;     /* of each in there, without the first quote, ... */
    size_t all_lengths;    /* ... and of all of them */
    size_t capacity;
    struct csi_plain_cells plain;
    struct csi_text head; /* what is before the first string of a record */
    struct csi_row_slices slices; /* of the batch, where it has such */
    struct csi_row_cells cells;   /* else */
    bool taking;                  /* they were begun for the batch */
};

/* Get ready for a batch. False without memory. */
bool csi_json_columns_begin(struct csi_json_columns *columns,
                            const struct cosend_batch *batch);

/* What is around each record: an object's brackets, with what is before and
   behind them. */
struct csi_json_frame {
    char open[4], close[4];
    uint8_t open_length, close_length;
};

/*
 * Append records from position *at up to `end`, of their columns alone, as
 * objects: what csi_text_member makes of each that is not absent. Behind one in
 * which something was no UTF-8 it stops, with style->ill_formed set. *at moves
 * on, and *start is where in `out` the last record starts. style->visible must
 * be false.
 *
 * Returns false without memory, with what is behind whole records dropped.
 */
bool csi_json_columns_add(struct csi_json_columns *columns,
                          const struct cosend_batch *batch, uint32_t *at,
                          uint32_t end, const struct csi_json_frame *frame,
                          struct csi_text *out, size_t *start,
                          struct csi_json_style *style);

void csi_json_columns_free(struct csi_json_columns *columns);

#endif
