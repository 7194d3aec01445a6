/* SPDX-License-Identifier: MIT */
#include "format/csv_record.h"

#include "base/short.h"

#include <string.h>

int csi_csv_add_cell(struct csi_csv_writer *writer, struct cosend_cell cell,
                     uint32_t i, uint32_t count)
{
    bool tsv_behind_bom =
        writer->format == COSEND_FORMAT_TSV && writer->base.options->bom;
    bool start = i == 0 && !writer->wrote && !tsv_behind_bom;
    enum csi_csv_where where = start && cell.length ? CSI_CSV_START
                               : count == 1         ? CSI_CSV_ALONE
                                                    : CSI_CSV_AMONG;

    writer->wrote = true;
    if (i && !csi_text_add(&writer->out, writer->encoder.rules.delimiter,
                           writer->encoder.rules.delimiter_length))
        return COSEND_E_MEMORY;
    return csi_csv_encode(&writer->encoder, &writer->out, cell, where);
}

int csi_csv_give_up_record(struct csi_csv_writer *writer, size_t start,
                           int status, struct cosend_cell cell,
                           const struct csi_schema_column *column,
                           struct cosend_error *error)
{
    writer->out.length = start;
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    writer->base.bad_kind =
        writer->encoder.words ? "not_writable" : "needs_quotes";
    return csi_csv_refuse(&writer->encoder, cell, column->name, column->length,
                          error);
}

/* Append as many cells as there are. Returns what csi_csv_encode does; *which
   is then the cell that will not do. */
static int add_each(struct csi_csv_writer *writer,
                    const struct cosend_cell *cells, uint32_t count,
                    uint32_t *which)
{
    int status = COSEND_OK;

    for (*which = 0; *which < count; ++*which) {
        status = csi_csv_add_cell(writer, cells[*which], *which, count);
        if (status != COSEND_OK)
            break;
    }
    return status;
}

/* The same where a batch is looked through, and there is room for all of them
   between quotes, with every byte twice. */
static int add_cells(struct csi_csv_writer *writer,
                     const struct cosend_cell *cells, uint32_t count,
                     uint32_t *which)
{
    struct csi_text *out = &writer->out;
    const struct csi_plain_cells *plain = &writer->plain;
    struct csi_plain_run run = csi_plain_nothing(plain);
    char delimiter = writer->encoder.rules.delimiter[0];
    char quote = writer->encoder.rules.quote;
    char *to = out->data + out->length;

    for (uint32_t i = 0; i < count; i++) {
        const struct cosend_cell *cell = &cells[i];
        bool near;
        int status;

        *to = delimiter;
        if (cell->length && csi_plain_has(plain, &run, *cell)) {
            to = csi_copy_near(to + (i > 0), cell->data, cell->length);
            continue;
        }
        near = csi_plain_is_near(plain, *cell);
        if (cell->length && near && writer->doubles) {
            to = csi_plain_quote(plain, to + (i > 0), *cell, quote);
        } else if (cell->length && !near &&
                   csi_csv_stands(&writer->encoder, *cell)) {
            csi_copy(to + (i > 0), cell->data, cell->length);
            to += (i > 0) + cell->length;
        } else {
            out->length = (size_t)(to - out->data);
            status = csi_csv_add_cell(writer, *cell, i, count);
            if (status != COSEND_OK) {
                *which = i;
                return status;
            }
            to = out->data + out->length;
        }
    }
    out->length = (size_t)(to - out->data);
    return COSEND_OK;
}

/* Append a record's cells. Returns what csi_csv_encode does; *which is then the
   cell that will not do. */
static int add_row(struct csi_csv_writer *writer,
                   const struct cosend_batch *batch, uint32_t at,
                   const struct cosend_cell *cells, uint32_t count,
                   uint32_t *which)
{
    /* Longer ones get room as it is needed. What begins a file is looked at
       with care. */
    enum { ROOM = 64, LONG_RECORD = 16 << 10 };
    size_t length = 3 * (size_t)count;

    if (!writer->looks || !writer->wrote)
        return add_each(writer, cells, count, which);
    for (uint32_t i = 0; i < count; i++)
        length += 2 * (size_t)cells[i].length;
    if (length > LONG_RECORD)
        return add_each(writer, cells, count, which);
    if (!csi_plain_cover(&writer->plain, batch, at) ||
        !csi_text_reserve(&writer->out, length + ROOM))
        return COSEND_E_MEMORY;
    return add_cells(writer, cells, count, which);
}

int csi_csv_add_record(struct csi_csv_writer *writer,
                       const struct cosend_batch *batch, uint32_t at,
                       const struct cosend_cell *cells,
                       const struct cosend_schema *names,
                       struct cosend_error *error)
{
    size_t start = writer->out.length;
    bool wrote = writer->wrote;
    uint32_t which = 0;
    int status = add_row(writer, batch, at, cells, names->count, &which);

    if (status != COSEND_OK) {
        writer->wrote = wrote;
        return csi_csv_give_up_record(writer, start, status, cells[which],
                                      &names->columns[which], error);
    }
    if (!csi_csv_add_line_end(writer, batch->schema))
        return csi_no_memory(error);
    writer->base.records++;
    return COSEND_OK;
}
