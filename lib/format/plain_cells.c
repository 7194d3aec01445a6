/* SPDX-License-Identifier: MIT */
#include "format/plain_cells.h"

/* Bytes that are looked through at a time, so that they are in the nearest
   cache when their cells are copied; how far apart neighbours may be; and of
   which length on a record is not worth a list. */
enum { STRETCH = 8 << 10, GAP = 64, LONG = 2 * STRETCH };

void csi_plain_reset(struct csi_plain_cells *plain)
{
    /* No cell lies here. */
    static const char nowhere[16];

    plain->start = nowhere;
    plain->length = 0;
    plain->listed = false;
}

static bool find_needles(struct csi_plain_cells *plain, size_t words)
{
    if (!csi_grow(&plain->found, &plain->found_capacity, words,
                  sizeof(*plain->found)))
        return false;
    if (words) /* else there may be no bitmap to find anything in */
        csi_scan_kernels()->find(plain->start, words, plain->needles,
                                 plain->found);
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
    if (plain->special)
        csi_scan_kernels()->find_special(start, words, plain->special,
                                         plain->words);
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
    const uint32_t *starts = rows->starts, *ends = rows->ends;
    uint32_t row = csi_batch_row(batch, at), count = batch->count;
    uint32_t start = starts[row], end = ends[row];

    while (++at < count) {
        row = csi_batch_row(batch, at);
        /* One that lies before is far behind, too. */
        if (starts[row] - end > GAP || ends[row] - start > STRETCH)
            break;
        end = ends[row];
    }
    plain->until = at;
    plain->listed = false;
    return look_through(plain, rows->block->data + start, end - start);
}

bool csi_plain_list(struct csi_plain_cells *plain,
                    const struct cosend_batch *batch, uint32_t at)
{
    size_t words, count;

    if (plain->listed && at < plain->until)
        return true;
    if (!csi_plain_look(plain, batch, at))
        return false;
    if (plain->length > LONG)
        return true;
    words = csi_scan_words(plain->length);
    if (!csi_grow(&plain->spots, &plain->spot_capacity,
                  words * CSI_SCAN_WORD + CSI_SCAN_MORE, sizeof(*plain->spots)))
        return false;
    count = csi_scan_kernels()->list(plain->words, words, plain->spots);
    /* Bits behind the stretch are none of it. */
    while (count && plain->spots[count - 1] >= plain->length)
        count--;
    plain->spots[count] = UINT32_MAX;
    plain->spot = plain->spots;
    plain->listed = true;
    return true;
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
    csi_free(plain->spots);
}
