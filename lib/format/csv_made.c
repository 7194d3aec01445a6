/* SPDX-License-Identifier: MIT */
/*
 * Most cells that filters make are short: groups, counts, names. Those are
 * looked through 32 bytes at a time where they lie, and numbers that have no
 * text yet get it in the output.
 */
#include "format/csv_made.h"

#include "base/short.h"
#include "record/column.h"

/* Room for a cell: CSI_SHORT and a delimiter, or a number and a delimiter. */
enum { ROOM = 128 };

typedef char chars __attribute__((vector_size(16)));

/* Which of 16 bytes are needles. */
static inline csi_pair find_sixteen(const void *text, const char *needles)
{
    chars bytes, found;

    memcpy(&bytes, text, sizeof(bytes));
    found = (chars)(bytes == needles[0]) | (chars)(bytes == needles[1]) |
            (chars)(bytes == needles[2]) | (chars)(bytes == needles[3]);
    return (csi_pair)found;
}

/* Whether at most CSI_SHORT bytes, where as many may be read, hold a needle. */
static inline bool holds_needle(const char *text, uint32_t length,
                                const char *needles)
{
    const char *mask = (const char *)csi_short_masks + CSI_SHORT - length;
    csi_pair found = find_sixteen(text, needles) & csi_load_pair(mask);

    if (length > 16)
        found |= find_sixteen(text + 16, needles) & csi_load_pair(mask + 16);
    return found[0] | found[1];
}

/* A column of a batch: its cells, printed or not. */
struct made_column {
    const struct cosend_cell *cells;
    const union cosend_number *numbers; /* NULL: all are printed */
    uint32_t mask;                      /* of a position */
};

/* False without memory. */
static bool find_column(const struct cosend_batch *batch, uint32_t i,
                        struct made_column *column)
{
    const struct csi_column *more = batch->more ? &batch->more[i] : NULL;

    if (!batch->columns[i].cells && more && more->unprinted) {
        *column = (struct made_column){more->unprinted, more->unprinted_numbers,
                                       UINT32_MAX};
        return true;
    }
    if (!csi_batch_fill(batch, i))
        return false;
    *column = (struct made_column){batch->columns[i].cells, NULL,
                                   batch->columns[i].position_mask};
    return true;
}

/* Append a cell. Returns what is behind it; NULL where it will not do. */
static inline char *add_made(char *to, const struct made_column *column,
                             uint32_t at, const char *needles)
{
    struct cosend_cell cell = column->cells[at & column->mask];

    if (column->numbers && csi_is_unprinted(&cell))
        cell =
            csi_print_unprinted(&cell, column->numbers[at & column->mask], to);
    if (cell.length - 1 >= CSI_SHORT ||
        holds_needle(cell.data, cell.length, needles))
        return NULL;
    if (cell.data != to)
        csi_short_copy(to, cell.data, cell.length);
    return to + cell.length;
}

bool csi_csv_made_add(const struct cosend_batch *batch, uint32_t *at,
                      char delimiter, const char needles[CSI_SCAN_NEEDLES],
                      const char *line_end, struct csi_text *out)
{
    enum { MOST = 16 }; /* columns; those of more are seldom so plain */
    struct made_column columns[MOST];
    uint32_t count = batch->schema->count;

    if (count > MOST)
        return true;
    for (uint32_t i = 0; i < count; i++)
        if (!find_column(batch, i, &columns[i]))
            return false;
    for (; *at < batch->count; ++*at) {
        char *to;

        if (!csi_text_reserve(out, (size_t)count * ROOM))
            return false;
        to = out->data + out->length;
        for (uint32_t i = 0; i < count && to; i++) {
            to = add_made(to, &columns[i], *at, needles);
            if (to)
                *to++ = delimiter;
        }
        if (!to)
            break;
        memcpy(to - 1, line_end, 2);
        out->length = (size_t)(to - out->data) + (line_end[1] != 0);
    }
    return true;
}
