/* SPDX-License-Identifier: MIT */
/*
 * How several threads find the records of one file, each in a part of its own.
 *
 * A file is laid out in extents of equal size. The records of an extent are
 * those that start in it; so the thread that reads it reads on behind its end
 * until the last of them ends. What is left is to know where the first one
 * starts, which is where the last one of the extent before ends:
 *
 *     extent    |-------- k --------|------ k + 1 ------|------ k + 2 --
 *     records   ..aaaa|bbbbbbbb|cccccccc|dddddddd|eeeeeeeeee|ffffffff|..
 *                     ^ start(k)        ^ start(k + 1)      ^
 *
 * Lines of text and of JSON start behind the first newline, whatever is before.
 * In CSV that newline may be a part of a cell in quotes, and only the whole
 * file before it says whether it is. So each thread guesses that it is not, and
 * finds the borders that follow from that; when all before the extent are
 * known, its start is compared with the guess. That is speculation as by Ge,
 * Li, Eilebrecht, Chandramouli and Kossmann, "Speculative Distributed CSV Data
 * Parsing for Big Data Analytics" (SIGMOD 2019). Nothing has been done with an
 * extent's records by then, so that a wrong guess costs time and nothing else.
 *
 * A wrong guess is corrected from the true start on, but not to the end. Two
 * readings of the same bytes that are once at the same border agree from there
 * on, and they come together soon: behind the quote that closes the cell both
 * readings are out of quotes at the next delimiter (Mytkowicz, Musuvathi and
 * Schulte, "Data-Parallel Finite-State Machines", ASPLOS 2014, build on such
 * convergence). An extent has 16 steps, and the guess leaves the first border
 * behind each of them. The correction goes from step to step, too, and ends at
 * the first border that is there already.
 *
 *     guess        ?....|x..x....|x.......|x...........   16 borders x
 *     correction   ....s|..o...o.|x                       from s; x: agreed
 *
 * To find the borders of CSV takes all that cutting its records takes. So its
 * threads guess once more: that the first line end behind an extent is a
 * border, as the thread that reads the next one guesses as well. The records up
 * to there are cut at once (ahead.h). If they are whole the border is one, by
 * that reading; if they are not, and where the start was no start, what was cut
 * is forgotten, and the borders are found after all.
 *
 * So what is done in sequence, an extent after the other, is one comparison,
 * and three additions: the offset, the ordinal and the line of the next start.
 * Newlines were counted with the borders.
 *
 * The borders are found by the reader's own rules (its border and next), of
 * which one is that a quote is not open for ever. A record that does not end
 * within what may be held, bytes that cannot be read, or are not there any more
 * because the file has been cut short: these are not decided here. The extents
 * are `over` then, and the file is read on in order from the last start that is
 * known, as is the end of the file, which may grow meanwhile. Whatever comes of
 * such a file comes of it by one way.
 */
#include "read/extent.h"

#include "format/line_reader.h"
#include "record/byte_bitmaps.h"

#include <string.h>

#define NOWHERE SIZE_MAX

/* What is read beyond an extent at first, and at least. */
static size_t overhang(const struct csi_extents *all)
{
    return all->at.block_bytes / 64;
}

/* With what follows up to the next line end it shall fit in a block. */
static size_t extent_bytes(const struct csi_cut *at)
{
    return at->block_bytes - at->block_bytes / 16 - 1;
}

/* ---- The sequence -------------------------------------------------------- */

bool csi_extents_begin(struct csi_extents *all, struct cosend_input *input,
                       const struct csi_reader *reader,
                       const struct csi_cut *at)
{
    uint64_t first = at->offset + at->from, size;

    if (!csi_input_is_seekable(input, &size) || size < first ||
        size - first < 2 * extent_bytes(at))
        return false;
    *all = (struct csi_extents){.input = input,
                                .reader = reader,
                                .at = *at,
                                .next = first,
                                .size = size,
                                .bytes = first - cosend_input_offset(input)};
    all->at.block = NULL;
    all->at.from = 0;
    all->at.offset = first;
    return true;
}

bool csi_extents_is_spent(const struct csi_extents *all)
{
    return all->over || all->size - all->next < extent_bytes(&all->at) ||
           csi_io_is_closing(all->input->io);
}

bool csi_extents_hand_out(struct csi_extents *all, struct csi_extent *extent)
{
    if (csi_extents_is_spent(all))
        return false;
    *extent = (struct csi_extent){.first = all->next,
                                  .exact = all->next == all->at.offset};
    all->next += extent_bytes(&all->at);
    extent->end = all->next;
    return true;
}

bool csi_extents_end(struct csi_extents *all, struct csi_cut *cut)
{
    struct cosend_input *input = all->input;

    *cut = all->at;
    all->input = NULL;
    return csi_input_seek(input, cut->offset);
}

/* ---- Its bytes ----------------------------------------------------------- */

/* Read so many more bytes. False where there are none. */
static bool read_bytes(const struct csi_extents *all, struct csi_extent *extent,
                       size_t wanted)
{
    struct csi_block *block = extent->block;
    size_t had = block->length, from = had ? had - 1 : 0;

    if (wanted > block->capacity - had)
        wanted = block->capacity - had;
    block->length += csi_input_read_at(all->input, extent->offset + had,
                                       block->data + had, wanted);
    memset(block->data + block->length, 0, CSI_BLOCK_SLACK);
    csi_lines_translate(all->reader, block->data + from,
                        block->data + block->length, false);
    return block->length > had;
}

/* A block of twice the size. False without memory. */
static bool enlarge(struct csi_extent *extent)
{
    struct csi_block *old = extent->block;
    struct csi_block *block = csi_block_new(2 * old->capacity);

    if (!block)
        return false;
    memcpy(block->data, old->data, old->length);
    block->length = old->length;
    csi_block_unref(old);
    extent->block = block;
    return true;
}

/* For the end of a record that started at `start`. */
static bool read_more(const struct csi_extents *all, struct csi_extent *extent,
                      size_t start, bool may_enlarge)
{
    const struct csi_block *block = extent->block;
    size_t wanted = block->length - start;

    if (block->length == block->capacity) {
        if (!may_enlarge || wanted > all->reader->hold || !enlarge(extent))
            return false;
    }
    return read_bytes(all, extent,
                      wanted < overhang(all) + 1 ? overhang(all) + 1 : wanted);
}

/* ---- Its borders --------------------------------------------------------- */

/* The first border at `target` or behind it, from one on; NOWHERE where it
   cannot be found. *lines: the newlines up to there. */
static size_t find_border(const struct csi_extents *all,
                          struct csi_extent *extent, size_t at, size_t target,
                          bool may_enlarge, uint64_t *lines)
{
    const struct csi_reader *reader = all->reader;
    size_t length = extent->block->length;
    char *data = extent->block->data;

    *lines = 0;
    if (at < target && at < length)
        at = (size_t)(reader->ops->border(
                          reader, data + at,
                          data + (target < length ? target : length), lines) -
                      data);
    while (at < target) {
        const char *next = NULL;

        data = extent->block->data;
        if (at < extent->block->length)
            next = reader->ops->next(reader, data + at,
                                     data + extent->block->length);
        if (next) {
            *lines += csi_scan_count(data + at, (size_t)(next - (data + at)),
                                     csi_end_byte(reader->options));
            at = (size_t)(next - data);
        } else if (!read_more(all, extent, at, may_enlarge)) {
            return NOWHERE;
        }
    }
    return at;
}

/* Find the borders from the start on, up to one that is known. */
static bool find_borders(const struct csi_extents *all,
                         struct csi_extent *extent, bool may_enlarge)
{
    uint64_t bytes = extent->end - extent->first;
    size_t base = (size_t)(extent->first - extent->offset);
    size_t at = extent->start;

    for (unsigned step = 0; step < CSI_EXTENT_STEPS; step++) {
        size_t target = base + (size_t)(bytes * (step + 1) / CSI_EXTENT_STEPS);
        uint64_t lines;

        at = find_border(all, extent, at, target, may_enlarge, &lines);
        if (at == NOWHERE) {
            extent->known = step;
            return false;
        }
        extent->lines[step] = lines;
        if (step < extent->known && extent->border[step] == at) {
            /* From here on all of them are right. */
            step = extent->known - 1;
            at = extent->border[step];
        }
        extent->border[step] = at;
        if (step >= extent->known)
            extent->known = step + 1;
    }
    if (all->at.span)
        extent->last = csi_time_span_last(
            all->at.span, extent->block->data + extent->start,
            extent->block->data + extent->border[CSI_EXTENT_STEPS - 1],
            &extent->last_time);
    return true;
}

void csi_extent_read(const struct csi_extents *all, struct csi_extent *extent,
                     struct csi_block *block)
{
    const char *newline;

    if (!block)
        block = csi_block_new(all->at.block_bytes);
    extent->block = block;
    extent->start = NOWHERE;
    if (!block)
        return;
    block->length = 0;
    /* The byte before may be a newline, behind which a record starts. */
    extent->offset = extent->first - !extent->exact;
    read_bytes(all, extent,
               (size_t)(extent->end - extent->offset) + overhang(all));
    newline =
        memchr(block->data, csi_end_byte(all->reader->options), block->length);
    if (extent->exact)
        extent->start = 0;
    else if (newline)
        extent->start = (size_t)(newline + 1 - block->data);
}

void csi_extent_find(const struct csi_extents *all, struct csi_extent *extent)
{
    if (extent->start != NOWHERE)
        find_borders(all, extent, false);
}

bool csi_extent_cut(struct csi_extent *extent, struct csi_reader *reader,
                    struct csi_ahead *ahead)
{
    struct csi_block *block = extent->block;
    size_t last = (size_t)(extent->end - extent->offset) - 1;
    const char *newline = NULL;
    uint64_t lines;

    if (extent->start == NOWHERE)
        return false;
    if (last < extent->start)
        last = extent->start;
    if (last < block->length)
        newline = memchr(block->data + last, '\n', block->length - last);
    if (!newline || !csi_ahead_cut(ahead, reader, block, extent->start,
                                   (size_t)(newline + 1 - block->data), &lines))
        return false;
    extent->cut = true;
    extent->known = CSI_EXTENT_STEPS;
    extent->border[CSI_EXTENT_STEPS - 1] = (size_t)(newline + 1 - block->data);
    extent->lines[CSI_EXTENT_STEPS - 1] = lines;
    return true;
}

/* ---- Its place ----------------------------------------------------------- */

/* Where its records start: behind the end of those before. */
static size_t true_start(const struct csi_extents *all,
                         const struct csi_extent *extent)
{
    return (size_t)(all->at.offset - extent->offset);
}

bool csi_extent_is_right(const struct csi_extents *all,
                         const struct csi_extent *extent)
{
    return extent->block && extent->known == CSI_EXTENT_STEPS &&
           extent->start == true_start(all, extent);
}

bool csi_extent_correct(const struct csi_extents *all,
                        struct csi_extent *extent)
{
    if (!extent->block)
        return false;
    extent->start = true_start(all, extent);
    /* Of those on the way none is known. */
    if (extent->cut)
        extent->known = 0;
    extent->cut = false;
    return find_borders(all, extent, true);
}

uint64_t csi_extent_line_ends(const struct csi_extent *extent)
{
    uint64_t lines = 0;

    for (int step = 0; step < CSI_EXTENT_STEPS; step++)
        lines += extent->lines[step];
    return lines;
}

void csi_extent_place(struct csi_extents *all, struct csi_extent *extent,
                      struct csi_cut *cut)
{
    size_t end = extent->border[CSI_EXTENT_STEPS - 1];
    size_t length = end - extent->start;

    *cut = all->at;
    cut->offset = extent->offset;
    cut->from = extent->start;
    cut->block = extent->block;
    extent->block = NULL;
    if (!length) {
        csi_block_unref(cut->block);
        cut->block = NULL;
    } else {
        cut->block->length = end;
    }
    if (all->at.line)
        all->at.line += csi_extent_line_ends(extent);
    if (extent->last != CSI_SPAN_UNKNOWN) {
        all->at.out = extent->last == CSI_SPAN_OUT;
        all->at.last = extent->last_time;
    }
    all->at.offset += length;
    all->at.ordinal += length;
    all->bytes += length;
}
