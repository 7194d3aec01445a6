/* SPDX-License-Identifier: MIT */
/*
 * Which cells can be copied as they are. There are bytes that a writer must
 * look at, since its format escapes or quotes them; where they are is found for
 * a stretch of rows at a time, so that a cell costs a look at a bitmap. This
 * holds for cells that are slices of their record's bytes; others, which a
 * reader decoded or a filter made, lie elsewhere and are not `near`.
 */
#ifndef CSI_PLAIN_CELLS_H
#define CSI_PLAIN_CELLS_H

#include "format/write.h"
#include "record/byte_bitmaps.h"

#include <string.h>

/* All zero, but for what to look for, before it is reset. */
struct csi_plain_cells {
    const char *special;            /* for find_special; NULL: */
    char needles[CSI_SCAN_NEEDLES]; /* for these */
    const char *start;              /* of the stretch, ... */
    size_t length;                  /* ... and of how many bytes; 0: none */
    uint64_t *words; /* a bit for each; behind them, words of ones */
    size_t capacity;
    struct csi_scan_word *found;
    size_t found_capacity;
    uint32_t until; /* position behind the last record in the stretch */
    /* Where those bytes are, from `start` on, and UINT32_MAX behind them
       (csi_plain_list). */
    uint32_t *spots;
    size_t spot_capacity;
    bool listed;          /* they are those of the stretch; else it is long */
    const uint32_t *spot; /* of the record that is next; who goes on sets it */
};

/* Forget the stretch: before each batch, whose bytes may lie where those of
   another one did. */
void csi_plain_reset(struct csi_plain_cells *plain);

/*
 * Write a cell of the stretch between quotes, which are one of the needles,
 * each of those inside twice. Beside those bytes, twice the cell's and two at
 * most, 33 behind them may be written.
 *
 * Returns what is behind it.
 */
char *csi_plain_quote(const struct csi_plain_cells *plain, char *to,
                      struct cosend_cell cell, char quote);

void csi_plain_free(struct csi_plain_cells *plain);

/* Whether a cell lies in the stretch; 64 bytes behind it can be read then. */
static inline bool csi_plain_is_near(const struct csi_plain_cells *plain,
                                     struct cosend_cell cell)
{
    size_t at = (uintptr_t)cell.data - (uintptr_t)plain->start;

    return at < plain->length && cell.length <= plain->length - at;
}

/* The first byte from p on, in the stretch, that cannot; or what is behind the
   stretch. */
static inline const char *csi_plain_next(const struct csi_plain_cells *plain,
                                         const char *p)
{
    return csi_bitmap_next(plain->words, plain->start, p);
}

/*
 * Bytes of the stretch in which there is nothing to look at: those of a cell
 * are mostly among those that were found for the one before it.
 */
struct csi_plain_run {
    const char *start, *end;
};

/* None yet. */
static inline struct csi_plain_run
csi_plain_nothing(const struct csi_plain_cells *plain)
{
    return (struct csi_plain_run){plain->start, plain->start};
}

/* Whether all of a cell, which may lie anywhere, is near and plain. */
static inline bool csi_plain_has(const struct csi_plain_cells *plain,
                                 struct csi_plain_run *run,
                                 struct cosend_cell cell)
{
    uintptr_t start = (uintptr_t)cell.data, end = start + cell.length;

    if (start >= (uintptr_t)run->start && end <= (uintptr_t)run->end)
        return true;
    if (!csi_plain_is_near(plain, cell))
        return false;
    run->start = cell.data;
    run->end = csi_plain_next(plain, cell.data);
    return end <= (uintptr_t)run->end;
}

/* What csi_plain_cover does where the stretch has not that record. */
bool csi_plain_look(struct csi_plain_cells *plain,
                    const struct cosend_batch *batch, uint32_t at);

/* Have a stretch that holds the record at a position, and others behind it
   where they are neighbours. One that a filter made has none. False without
   memory. */
static inline bool csi_plain_cover(struct csi_plain_cells *plain,
                                   const struct cosend_batch *batch,
                                   uint32_t at)
{
    const struct csi_rows *rows = batch->rows;
    uint32_t row = csi_row(batch, at);

    return !rows ||
           csi_plain_is_near(
               plain, cosend_text(rows->block->data + rows->starts[row],
                                  rows->ends[row] - rows->starts[row])) ||
           csi_plain_look(plain, batch, at);
}

/* Have the stretch that begins with the record at a position, and its spots.
   The same. */
bool csi_plain_list(struct csi_plain_cells *plain,
                    const struct cosend_batch *batch, uint32_t at);

/* The bytes that must be looked at, one after another. */
struct csi_plain_walk {
    const char *next; /* the one at hand */
    const char *base; /* of its word in the bitmap */
    const uint64_t *word;
    uint64_t bits; /* of those behind it in there */
};

/* Go on to the one behind. Those behind the stretch count: the first of them is
   not to be stepped beyond. */
static inline void csi_plain_step(struct csi_plain_walk *walk)
{
    while (!walk->bits) {
        walk->bits = *++walk->word;
        walk->base += 64;
    }
    walk->next = walk->base + __builtin_ctzll(walk->bits);
    walk->bits &= walk->bits - 1;
}

/* From p on, by a bitmap of the bytes from `start` on. */
static inline struct csi_plain_walk
csi_plain_walk(const uint64_t *words, const char *start, const char *p)
{
    size_t at = (size_t)(p - start);
    const uint64_t *word = words + at / 64;
    struct csi_plain_walk walk = {p, p - at % 64, word,
                                  *word & ~csi_low_bits(at % 64)};

    csi_plain_step(&walk);
    return walk;
}

/* Copy 32 bytes, and more in steps of 16: up to 32 more than length are read
   and written. */
static inline char *csi_copy_near(char *to, const char *from, size_t length)
{
    memcpy(to, from, 16);
    memcpy(to + 16, from + 16, 16);
    for (size_t i = 32; i < length; i += 16)
        memcpy(to + i, from + i, 16);
    return to + length;
}

/* The same in steps of 64 bytes, for what may well be longer than 16: lengths
   that vary cost more than bytes. */
static inline char *csi_copy_far(char *to, const char *from, size_t length)
{
    memcpy(to, from, 64);
    for (size_t i = 64; i < length; i += 64)
        memcpy(to + i, from + i, 64);
    return to + length;
}

#endif
