/* SPDX-License-Identifier: MIT */
#include "format/csv_fill.h"

#include "format/csv_cells.h"
#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <string.h>

/* ---- Cells from marks ---------------------------------------------------- */

static bool all_blank(const char *p, const char *end)
{
    while (p < end && csi_csv_is_blank(*p))
        p++;
    return p == end;
}

/* Bytes that are written behind those copied. */
enum { COPY = 16 };

static inline char *copy_run(char *to, const char *p, size_t length)
{
    if (length <= COPY)
        memcpy(to, p, COPY);
    else
        memcpy(to, p, length);
    return to + length;
}

/* Text up to `end` with one quote for each two. Returns behind it; up to COPY
   bytes more are written there. */
static char *halve_quotes(const char *p, const char *end, char quote, char *to)
{
    enum { WORDS = 16 };
    uint64_t found[WORDS];

    for (const char *word = p; word < end;) {
        size_t words = csi_scan_words((size_t)(end - word));

        words = words < WORDS ? words : WORDS;
        csi_scan_kernels()->find_one(word, words, quote, found);
        for (size_t w = 0; w < words; w++, word += CSI_SCAN_WORD) {
            uint64_t bits = found[w] & csi_low_bits((size_t)(end - word));

            if (p > word) /* the second of two that began before */
                bits &= ~UINT64_C(1);
            while (bits) {
                int at = __builtin_ctzll(bits);

                to = copy_run(to, p, (size_t)(word + at + 1 - p));
                p = word + at + 2;
                bits &= ~(UINT64_C(3) << at);
            }
        }
    }
    return p < end ? copy_run(to, p, (size_t)(end - p)) : to;
}

/* The cell between two quotes, with other bytes behind the last one: text,
   unless all of them are blanks. A slice where it can be. */
static bool unquote(struct csi_arena *arena, char quote,
                    struct cosend_cell *cell)
{
    const char *p = cell->data + 1, *end = cell->data + cell->length;
    const char *last = end - 1, *behind = end;
    char *to;

    if (*last != quote) {
        last = memrchr(cell->data, quote, cell->length);
        behind = last + 1;
        if (all_blank(behind, end))
            behind = end;
    }
    *cell = cosend_text(p, (uint32_t)(last - p));
    if (behind == end && !memchr(p, quote, (size_t)(last - p)))
        return true;
    to = csi_arena_bytes(arena, (size_t)(end - p) + COPY);
    if (!to)
        return false;
    cell->data = to;
    to = halve_quotes(p, last, quote, to);
    memcpy(to, behind, (size_t)(end - behind));
    to += end - behind;
    cell->length = (uint32_t)(to - cell->data);
    return true;
}

/* The cells of rows [from, to) in one of the file's columns. */
static bool fill_rows(struct csi_rows *rows, uint32_t place,
                      struct cosend_cell *cells, uint32_t from, uint32_t to)
{
    const struct csi_csv_own *own = rows->own;
    const uint32_t *marks = rows->marks, *first = rows->first_mark;
    const char *data = rows->block->data;
    bool last = place == own->columns - 1, quoted = own->quoted;
    bool escaped = own->escaped;
    char quote = own->quote;

    for (uint32_t row = from; row < to; row++) {
        const uint32_t *mark = marks + first[row] + place;
        uint32_t start = place ? mark[-1] + 1 : rows->starts[row];
        uint32_t end = *mark;

        end -= last && end > start && data[end - 1] == '\r';
        cells[row] = cosend_text(data + start, end - start);
        if (quoted && data[start] == quote &&
            !unquote(&rows->arena, quote, &cells[row]))
            return false;
        if (escaped && !csi_tsv_unescape(&rows->arena, &cells[row]))
            return false;
    }
    return true;
}

/* Rows that have marks have no further cells. */
static bool fill_place(struct csi_rows *rows, uint32_t place,
                       struct cosend_cell *cells, uint32_t from, uint32_t to)
{
    const struct csi_csv_own *own = rows->own;

    if (place < own->columns)
        return fill_rows(rows, place, cells, from, to);
    while (from < to)
        cells[from++] = csi_absent;
    return true;
}

static bool fill_csv_column(struct csi_rows *rows, uint32_t column)
{
    const struct csi_csv_own *own = rows->own;
    uint32_t place = own->places ? own->places[column] : column, row = 0;
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));

    if (!cells)
        return false;
    for (size_t i = 0; i < own->aside_count; i++) {
        const struct csi_csv_aside *aside = &own->aside[i];

        if (!fill_place(rows, place, cells, row, aside->row))
            return false;
        cells[aside->row] =
            place < aside->count ? aside->cells[place] : csi_absent;
        row = aside->row + 1;
    }
    if (!fill_place(rows, place, cells, row, rows->count))
        return false;
    rows->cells[column] = cells;
    return true;
}

/* ---- One row's cells ----------------------------------------------------- */

const struct csi_csv_aside *csi_csv_find_aside(struct csi_csv_own *own,
                                               uint32_t row)
{
    size_t i = own->next_aside;

    if (i && own->aside[i - 1].row >= row)
        i = 0;
    while (i < own->aside_count && own->aside[i].row < row)
        i++;
    own->next_aside = i;
    return i < own->aside_count && own->aside[i].row == row ? &own->aside[i]
                                                            : NULL;
}

/* A row whose columns are not just those of the file, or that is aside. */
static bool cut_otherwise(struct csi_rows *rows, uint32_t row,
                          const struct csi_csv_aside *aside,
                          struct cosend_cell *cells)
{
    const struct csi_csv_own *own = rows->own;

    for (uint32_t i = 0; i < rows->column_count; i++) {
        uint32_t place = own->places ? own->places[i] : i;

        if (aside)
            cells[i] = place < aside->count ? aside->cells[place] : csi_absent;
        else if (place >= own->columns)
            cells[i] = csi_absent;
        else if (!fill_rows(rows, place, cells + i - row, row, row + 1))
            return false;
    }
    return true;
}

static bool cut_csv_row(struct csi_rows *rows, uint32_t row,
                        struct cosend_cell *cells)
{
    struct csi_csv_own *own = rows->own;
    const struct csi_csv_aside *aside =
        own->aside_count ? csi_csv_find_aside(own, row) : NULL;
    const uint32_t *mark;
    uint32_t count = own->columns, start = rows->starts[row];
    const char *data = rows->block->data;
    struct cosend_cell *last = cells + count - 1;
    bool quotes = false;

    if (aside || own->places || own->escaped || rows->column_count != count)
        return cut_otherwise(rows, row, aside, cells);
    mark = rows->marks + rows->first_mark[row];
    for (uint32_t i = 0; i < count; i++) {
        cells[i].data = data + start;
        cells[i].length = mark[i] - start;
        cells[i].kind = COSEND_TEXT;
        quotes |= data[start] == own->quote;
        start = mark[i] + 1;
    }
    last->length -= last->length && last->data[last->length - 1] == '\r';
    for (uint32_t i = 0; quotes && own->quoted && i < count; i++)
        if (*cells[i].data == own->quote &&
            !unquote(&rows->arena, own->quote, &cells[i]))
            return false;
    return true;
}

struct csi_csv_own *csi_csv_own_of(const struct csi_rows *rows)
{
    struct csi_csv_own *own = rows->cut == cut_csv_row ? rows->own : NULL;

    return own && !own->places && !own->escaped &&
                   rows->column_count == own->columns
               ? own
               : NULL;
}

/* ---- Rows ---------------------------------------------------------------- */

bool csi_csv_own(struct csi_rows *rows, const struct csi_csv_own *own,
                 uint32_t count)
{
    struct csi_csv_own *copy = csi_arena_get(&rows->arena, sizeof(*copy));

    rows->cells = csi_arena_get(&rows->arena, count * sizeof(*rows->cells));
    if (!copy || !rows->cells)
        return false;
    *copy = *own;
    rows->own = copy;
    rows->fill = fill_csv_column;
    rows->cut = cut_csv_row;
    rows->clean = true;
    rows->column_count = count;
    for (uint32_t i = 0; i < count; i++)
        rows->cells[i] = NULL;
    return true;
}

bool csi_csv_put_aside(struct csi_rows *rows, uint32_t row,
                       const struct cosend_cell *cells, size_t count)
{
    struct csi_csv_own *own = rows->own;
    struct csi_csv_aside *aside;

    if (own->aside_count == own->aside_capacity) {
        size_t capacity = own->aside_capacity ? 2 * own->aside_capacity : 8;

        aside = csi_arena_get(&rows->arena, capacity * sizeof(*aside));
        if (!aside)
            return false;
        if (own->aside_count)
            memcpy(aside, own->aside, own->aside_count * sizeof(*aside));
        own->aside = aside;
        own->aside_capacity = capacity;
    }
    aside = &own->aside[own->aside_count++];
    *aside = (struct csi_csv_aside){row, 0, NULL};
    if (!cells)
        return true;
    aside->cells = csi_arena_get(&rows->arena, count * sizeof(*cells));
    if (!aside->cells)
        return false;
    memcpy(aside->cells, cells, count * sizeof(*cells));
    aside->count = (uint32_t)count;
    return count == own->columns || csi_rows_reshape(rows, row);
}
