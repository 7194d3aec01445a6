/* SPDX-License-Identifier: MIT */
/* One record as CSV, by the writer. */
#ifndef CSI_CSV_RECORD_H
#define CSI_CSV_RECORD_H

#include "format/csv_encode.h"
#include "format/fields.h"
#include "format/plain_cells.h"
#include "format/row_cells.h"

#include <string.h>

struct csi_csv_writer {
    struct csi_writer base;
    struct csi_csv_encoder encoder;
    int format; /* COSEND_FORMAT_CSV, _TSV, _COLUMNS or _NIDX */
    bool wrote; /* a cell */
    struct csi_text out;
    struct csi_fields fields;   /* open: those of the first record */
    struct csi_row_cells cells; /* not open: those of the last record */
    bool copies;  /* cells can be copied in which no byte is special, */
    bool looks;   /* and are, of the batch at hand */
    bool doubles; /* others have quotes around them, and those inside twice */
    struct csi_plain_cells plain;
};

/* Append a line end as the input has it, or the options. False without memory.
 */
static inline bool csi_csv_add_line_end(struct csi_csv_writer *writer,
                                        const struct cosend_schema *schema)
{
    const char *line_end = csi_line_end(&writer->base, schema);
    struct csi_text *out = &writer->out;

    if (!csi_text_reserve(out, 2))
        return false;
    memcpy(out->data + out->length, line_end, 2);
    out->length += line_end[1] ? 2 : 1;
    return true;
}

/* Append cell i of a record of `count`. Returns what csi_csv_encode does. */
int csi_csv_add_cell(struct csi_csv_writer *writer, struct cosend_cell cell,
                     uint32_t i, uint32_t count);

/* The record from `start` on cannot be written, for a cell of this column, or
   there is no memory. */
int csi_csv_give_up_record(struct csi_csv_writer *writer, size_t start,
                           int status, struct cosend_cell cell,
                           const struct csi_schema_column *column,
                           struct cosend_error *error);

/* Append a record's cells, and its line end. Returns COSEND_OK, or what
   csi_csv_give_up_record does. */
int csi_csv_add_record(struct csi_csv_writer *writer,
                       const struct cosend_batch *batch, uint32_t at,
                       const struct cosend_cell *cells,
                       const struct cosend_schema *names,
                       struct cosend_error *error);

#endif
