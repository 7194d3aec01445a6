/* SPDX-License-Identifier: MIT */
#include "format/plain_cells.h"

/* Bytes that are looked through at a time, so that they are in the nearest
   cache when their cells are copied; and how far apart neighbours may be. */
enum { STRETCH = 8 << 10, GAP = 64 };

void csi_plain_reset(struct csi_plain_cells *plain)
{
    /* No cell lies here. */
    static const char nowhere[16];

    plain->start = nowhere;
    plain->length = 0;
}

static bool find_needles(struct csi_plain_cells *plain, size_t words)
{
    if (!csi_grow(&plain->found, &plain->found_capacity, words,
                  sizeof(*plain->found)))
        return false;
    csi_scan_kernels()->find(plain->start, words, plain->needles, plain->found);
    for (size_t w = 0; w < words; w++) {
        const uint64_t *bits = plain->found[w].bits;

        plain->words[w] = bits[0] | bits[1] | bits[2] | bits[3];
    }
    return true;
}

/* Look through `length` bytes from `start` on. */
static bool look_through(struct csi_plain_cells *plain, const char *start,
                         size_t length)
{
    size_t words = csi_scan_words(length);

    plain->length = 0;
    if (!csi_grow(&plain->words, &plain->capacity, words + 2,
                  sizeof(*plain->words)))
        return false;
    plain->start = start;
    if (plain->json)
        csi_scan_kernels()->find_special(start, words, plain->words);
    else if (!find_needles(plain, words))
        return false;
    if (length % 64)
        plain->words[words - 1] |= ~csi_low_bits(length % 64);
    plain->words[words] = plain->words[words + 1] = ~UINT64_C(0);
    plain->length = length;
    return true;
}

bool csi_plain_look(struct csi_plain_cells *plain,
                    const struct cosend_batch *batch, uint32_t at)
{
    const struct csi_rows *rows = batch->rows;
    uint32_t row = csi_batch_row(batch, at);
    uint32_t start = rows->starts[row], end = rows->ends[row];

    while (++at < batch->count) {
        row = csi_batch_row(batch, at);
        if (rows->starts[row] < end || rows->starts[row] - end > GAP ||
            rows->ends[row] - start > STRETCH)
            break;
        end = rows->ends[row];
    }
    return look_through(plain, rows->block->data + start, end - start);
}

char *csi_plain_quote(const struct csi_plain_cells *plain, char *to,
                      struct cosend_cell cell, char quote)
{
    const char *p = cell.data, *end = p + cell.length;
    struct csi_plain_walk walk = csi_plain_walk(plain->words, plain->start, p);

    *to++ = quote;
    for (; walk.next < end; csi_plain_step(&walk)) {
        to = csi_copy_near(to, p, (size_t)(walk.next - p));
        p = walk.next;
        *to = quote;
        to += *p == quote;
    }
    to = csi_copy_near(to, p, (size_t)(end - p));
    *to++ = quote;
    return to;
}

void csi_plain_free(struct csi_plain_cells *plain)
{
    csi_free(plain->words);
    csi_free(plain->found);
}
