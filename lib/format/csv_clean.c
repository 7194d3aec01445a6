/* SPDX-License-Identifier: MIT */
#include "format/csv_clean.h"

#include "format/write.h"

#include <string.h>

/* Whether a cell as it was read, from CSV of this delimiter and quote, had no
   quotes around it: then it needs none. What a filter cut from a cell may. */
static inline bool is_clean_cell(const struct csi_rows *rows,
                                 struct cosend_cell cell)
{
    const char *data = rows->block->data;
    size_t offset = (size_t)((uintptr_t)cell.data - (uintptr_t)data);

    return offset < rows->block->length &&
           (offset == 0 || cell.data[-1] != rows->quote);
}

/* Copy in steps of 16 bytes; up to 15 more than length are read and written. */
static inline char *copy(char *to, const char *from, size_t length)
{
    for (size_t i = 0; i < length; i += 16)
        memcpy(to + i, from + i, 16);
    return to + length;
}

bool csi_csv_is_clean(const struct csi_csv_encoder *encoder,
                      const struct cosend_batch *batch)
{
    const struct cosend_schema *schema = batch->schema;
    const struct csi_rows *rows = batch->rows;

    for (uint32_t i = 0; i < schema->count; i++)
        if (csi_is_dense(&schema->columns[i]))
            return false;
    return rows && rows->clean && !encoder->words &&
           csi_csv_writes_plain(encoder) &&
           rows->delimiter == encoder->rules.delimiter[0] &&
           rows->quote == encoder->rules.quote && schema->count > 1;
}

/* The bytes of a record with its delimiters; 0 where a cell is not clean. */
static inline size_t measure_clean(const struct cosend_batch *batch,
                                   uint32_t at, uint32_t row)
{
    bool clean = true;
    size_t length = 0;

    for (uint32_t i = 0; i < batch->schema->count; i++) {
        struct cosend_cell cell = csi_cell(batch, i, at, row);

        clean = clean && is_clean_cell(batch->rows, cell);
        length += cell.length + 1;
    }
    return clean ? length : 0;
}

bool csi_csv_encode_clean(const struct cosend_batch *batch, uint32_t *at,
                          const char *line_end, struct csi_text *out)
{
    size_t line_end_length = strlen(line_end), length;
    uint32_t count = batch->schema->count;

    for (; *at < batch->count; ++*at) {
        uint32_t row = csi_batch_row(batch, *at);
        char *to;

        length = measure_clean(batch, *at, row);
        if (!length)
            break;
        if (!csi_text_reserve(out, length + line_end_length + 16))
            return false;
        to = out->data + out->length;
        for (uint32_t i = 0; i < count; i++) {
            struct cosend_cell cell = csi_cell(batch, i, *at, row);

            to = copy(to, cell.data, cell.length);
            *to++ = batch->rows->delimiter;
        }
        memcpy(to - 1, line_end, line_end_length);
        out->length += length - 1 + line_end_length;
    }
    return true;
}

/* ---- Whole rows ---------------------------------------------------------- */

uint32_t csi_csv_leading(const struct csi_csv_encoder *encoder,
                         const struct cosend_batch *batch)
{
    const struct cosend_schema *schema = batch->schema;
    const struct csi_rows *rows = batch->rows;

    if (!rows || !rows->plain || !rows->clean || rows->remapped ||
        encoder->words || !csi_csv_writes_plain(encoder) ||
        encoder->quoting != COSEND_QUOTING_MINIMAL ||
        rows->delimiter != encoder->rules.delimiter[0] ||
        rows->quote != encoder->rules.quote ||
        schema->count <= rows->column_count)
        return 0;
    for (uint32_t i = 0; i < schema->count; i++)
        if (schema->columns[i].origin !=
            (i < rows->column_count ? i : CSI_DENSE))
            return 0;
    return rows->column_count;
}

/* Whether quotes are only where they must be: around cells with a delimiter or
   a quote in them. Other such cells, with a line end say, are not looked for.
 */
static bool has_few_quotes(const char *row, const char *end, char delimiter,
                           char quote)
{
    const char *p = row;

    while ((p = memchr(p, quote, (size_t)(end - p)))) {
        const char *cell = p + 1;
        bool doubled = false;

        if (p > row && p[-1] != delimiter)
            return false;
        p = memchr(cell, quote, (size_t)(end - cell));
        for (; p && p + 1 < end && p[1] == quote; doubled = true)
            p = memchr(p + 2, quote, (size_t)(end - (p + 2)));
        if (!p || (p + 1 < end && p[1] != delimiter) ||
            (!doubled && !memchr(cell, delimiter, (size_t)(p - cell))))
            return false;
        p++;
    }
    return true;
}

bool csi_csv_is_encoded(const struct cosend_batch *batch, uint32_t row,
                        const char **data, size_t *length)
{
    const struct csi_rows *rows = batch->rows;

    if (csi_rows_reshaped(rows, row))
        return false;
    csi_rows_content(rows, row, data, length);
    return has_few_quotes(*data, *data + *length, rows->delimiter, rows->quote);
}
