/* SPDX-License-Identifier: MIT */
#include "format/table_rows.h"

/* What copying writes too much; and how much blank room is got at once. */
enum { ROOM = 128, BLANKS = 1 << 20 };

void csi_table_rows_begin(struct csi_table_rows *rows,
                          const struct cosend_batch *batch)
{
    csi_plain_reset(&rows->plain);
    rows->plain.special = CSI_SPECIAL_TERMINAL;
    rows->slices = csi_row_slices(batch);
    if (batch->schema->open)
        rows->slices.count = 0;
}

void csi_table_rows_free(struct csi_table_rows *rows)
{
    csi_plain_free(&rows->plain);
    csi_free(rows->places);
}

/* Copy what was between quotes, those inside halved. NULL where one is alone.
 */
static char *copy_halved(char *to, const char *p, const char *end, char quote)
{
    const char *next;

    while ((next = memchr(p, quote, (size_t)(end - p)))) {
        if (next + 1 == end || next[1] != quote)
            return NULL;
        to = csi_copy_near(to, p, (size_t)(next + 1 - p));
        p = next + 2;
    }
    return csi_copy_near(to, p, (size_t)(end - p));
}

/* Copy a cell to the left or the right of its place, and blanks behind it
   unless it is the last one. Returns what is behind; or NULL, where it does not
   fit. */
__attribute__((always_inline)) static inline char *
put_cell(const struct csi_table_place *place, char *to, const char *p,
         const char *end, char quote, bool last)
{
    size_t length = (size_t)(end - p), fill;

    if (quote && length && *p == quote) {
        char *behind;

        if (length < 2 || end[-1] != quote || place->right)
            return NULL;
        behind = copy_halved(to, p + 1, end - 1, quote);
        if (!behind)
            return NULL;
        length = (size_t)(behind - to);
        p = to;
    }
    if (length > place->most)
        return NULL;
    /* Without a branch: cells are as wide as their column or not by chance. */
    fill = (place->width - length) & -(size_t)(length < place->width);
    if (place->right) {
        to = csi_table_blanks(to, fill);
        fill = 0;
    }
    if (p != to)
        csi_copy_near(to, p, length);
    to += length;
    return last ? to : csi_table_blanks(to, fill + CSI_TABLE_GAP);
}

/* Lay out a row; *spot is the first of its bytes that is not one column, or one
   before. Returns what is behind it; or NULL. */
static inline char *put_row(const struct csi_table_rows *rows, char *to,
                            struct csi_row_slice row, const char *data,
                            const uint32_t **spot)
{
    const struct csi_table_place *place = rows->places;
    const uint32_t *mark = row.marks, *last = mark + rows->slices.count - 1;
    const char *p = row.start, *special = rows->plain.start + **spot;
    char quote = rows->slices.quote;

    for (;; place++) {
        const char *end = data + *mark;

        if (end > special) {
            /* A CR may be behind the last cell, and special bytes between them.
             */
            end = mark == last ? row.end : end;
            while ((special = rows->plain.start + **spot) < p)
                ++*spot;
            if (end > special)
                return NULL;
        }
        to = put_cell(place, to, p, end, quote, mark == last);
        if (!to || mark++ == last)
            return to;
        p = end + 1;
    }
}

/* Lay out records of a stretch from position *at up to `end`, up to one that
   must be done otherwise. Returns what is behind them. */
static char *put_stretch(struct csi_table_rows *rows, char *to, uint32_t *at,
                         uint32_t end, const char *line_end)
{
    const struct csi_row_slices *slices = &rows->slices;
    const char *data = slices->batch->rows->block->data;
    size_t line_end_length = strlen(line_end);
    const uint32_t *spot = rows->plain.spot;
    uint32_t i = *at;

    for (; i < end; i++) {
        struct csi_row_slice row;
        uint32_t mark;
        char *next;

        if (slices->csv) {
            row = csi_csv_slice(slices, i);
        } else {
            row = csi_line_slice(slices->batch, i);
            mark = (uint32_t)(row.end - data);
            row.marks = &mark;
        }
        next = row.start ? put_row(rows, to, row, data, &spot) : NULL;
        if (!next)
            break;
        /* Blanks at the end of a line are nobody's. */
        while (next > to && next[-1] == ' ')
            next--;
        memcpy(next, line_end, 2);
        to = next + line_end_length;
    }
    rows->plain.spot = spot;
    *at = i;
    return to;
}

/* Learn the columns' places. *blanks becomes how many blanks a row may need.
   False without memory. */
static bool learn_places(struct csi_table_rows *rows,
                         const struct csi_table_column *columns, size_t widest,
                         size_t *blanks)
{
    uint32_t count = rows->slices.count;

    *blanks = 1;
    if (!csi_grow(&rows->places, &rows->capacity, (size_t)count + 1,
                  sizeof(*rows->places)))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        size_t most = columns[i].width, width = most < widest ? most : widest;

        rows->places[i] = (struct csi_table_place){
            most, width, csi_table_goes_right(&columns[i])};
        *blanks += width + CSI_TABLE_GAP;
    }
    return true;
}

bool csi_table_rows_add(struct csi_table_rows *rows,
                        const struct csi_table_column *columns, size_t widest,
                        uint32_t *at, const char *line_end,
                        struct csi_text *out)
{
    struct csi_plain_cells *plain = &rows->plain;
    const struct cosend_batch *batch = rows->slices.batch;
    uint32_t until = *at;
    size_t blanks;

    if (!rows->slices.count)
        return true;
    if (!learn_places(rows, columns, widest, &blanks))
        return false;
    while (*at == until && *at < batch->count && blanks <= BLANKS) {
        char *to;

        if (!csi_plain_list(plain, batch, *at))
            return false;
        if (!plain->listed)
            break;
        until = plain->until;
        if (until - *at > BLANKS / blanks)
            until = *at + (uint32_t)(BLANKS / blanks);
        if (!csi_text_reserve(out,
                              plain->length + ROOM + blanks * (until - *at)))
            return false;
        to = put_stretch(rows, out->data + out->length, at, until, line_end);
        out->length = (size_t)(to - out->data);
    }
    return true;
}
