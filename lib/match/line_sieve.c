/* SPDX-License-Identifier: MIT */
/*
 * Lines that match, and only those: a search over bytes from which no rows were
 * made yet finds where a pattern may match, and that line alone is looked at
 * and becomes a row. What lies between is only counted, in stretches that are
 * as long as can be.
 */
#include "match/line_sieve.h"

#include "match/block_search.h"
#include "match/line_finder.h"

#include "record/byte_bitmaps.h"

#include <string.h>

/* So many lines are looked at before it is asked whether they are most. */
enum { SOME = 32 };

/* One line of how many may be looked at, so that it takes less time than to cut
   all of them; and to read them. */
enum { WORTH_LOOKING = 2, WORTH_COPYING = 6 };

/* One call's work: lines from p, where one starts, to end, where one ends;
   those up to `counted` are rows, or left out. */
struct sift {
    const struct cosend_regex *regex;
    struct csi_rows *rows;
    const char *data; /* where the block's first byte is, or would be */
    const char *p, *counted, *end;
    uint32_t most, looked_at;
    bool copies;   /* they may change: nothing is said of them but in a copy */
    bool unsure;   /* of the last rows nobody knows whether they match */
    bool failed;   /* without memory */
    bool is_dense; /* most lines are looked at */
    const struct csi_scan_kernels *kernels;
};

static bool goes_on(const struct sift *sift)
{
    return sift->p < sift->end && sift->rows->count < sift->most &&
           !sift->failed && !sift->is_dense;
}

/*
 * The lines up to `to`, where one starts, are left out. Behind it are bytes of
 * the block, or its slack, so that a whole word can be looked at.
 */
static void leave_out(struct sift *sift, const char *to)
{
    size_t words = (size_t)(to - sift->counted) / CSI_SCAN_WORD;
    const char *rest = sift->counted + words * CSI_SCAN_WORD;
    uint64_t found;

    sift->kernels->find_one(rest, 1, '\n', &found);
    found &= csi_low_bits((size_t)(to - rest));
    sift->rows->left_out += sift->kernels->count(sift->counted, words, '\n') +
                            (unsigned)__builtin_popcountll(found);
}

/* A line, with its end, as it was at some time. NULL where it was none then. */
static const char *copy_line(const struct sift *sift, const char *start,
                             size_t length)
{
    char *copy = sift->rows->block->data + (start - sift->data);

    memcpy(copy, start, length);
    return memchr(copy, '\n', length) == copy + length - 1 ? copy : NULL;
}

/* What is said of a line up to its end. What may change is copied before. */
static enum cosend_match match_line(struct sift *sift, const char *start,
                                    const char *end)
{
    size_t length = (size_t)(end - start);

    if (sift->copies) {
        start = copy_line(sift, start, length + 1);
        sift->failed = !start;
        if (!start)
            return COSEND_NO_MATCH;
    } else if (sift->regex->exact) {
        return COSEND_MATCH;
    }
    length -= length && start[length - 1] == '\r';
    return csi_regex_match(sift->regex, start, length);
}

/* Have the lines up to start left out, and the one from there on as a row. */
static void add_found(struct sift *sift, const char *start,
                      enum cosend_match match)
{
    size_t place = (size_t)(start - sift->data);
    uint64_t before;

    leave_out(sift, start);
    sift->counted = sift->p;
    before = sift->rows->left_out + sift->rows->count;
    if ((sift->copies && !csi_block_keep(sift->rows->block, (uint32_t)place,
                                         (uint32_t)before)) ||
        !csi_rows_add(sift->rows, place, (size_t)(sift->p - sift->data)))
        sift->failed = true;
    sift->unsure |= match != COSEND_MATCH;
    if (!sift->unsure)
        sift->rows->found = sift->rows->count;
}

/* Some lines were looked at: whether they are too many. Then there is no use in
   going on. */
static void judge_density(struct sift *sift)
{
    uint64_t worth = sift->copies ? WORTH_COPYING : WORTH_LOOKING;

    leave_out(sift, sift->p);
    sift->counted = sift->p;
    sift->is_dense =
        sift->looked_at > (sift->rows->count + sift->rows->left_out) / worth;
}

/* Have the line of a place, which may be its end's, as a row, unless it does
   not match. What changes may have no line end any more. */
static void take_line(struct sift *sift, const char *place)
{
    const char *end = memchr(place, '\n', (size_t)(sift->end - place));
    const char *before, *start;
    enum cosend_match match;

    if (!end)
        end = sift->end - 1;
    if (place > end)
        place = end;
    before = memrchr(sift->p, '\n', (size_t)(place - sift->p));
    start = before ? before + 1 : sift->p;
    match = match_line(sift, start, end);
    sift->p = end + 1;
    if (match != COSEND_NO_MATCH)
        add_found(sift, start, match);
    if (++sift->looked_at % SOME == 0)
        judge_density(sift);
}

static void take_last_lines(struct sift *sift)
{
    while (goes_on(sift))
        take_line(sift, sift->p);
}

static void sift_strings(struct sift *sift)
{
    struct csi_line_finder finder = {.regex = sift->regex};
    const char *place;

    while (goes_on(sift) &&
           (place = csi_line_finder_next(&finder, sift->p, sift->end)))
        take_line(sift, place);
}

static void sift_block(struct sift *sift)
{
    struct csi_block_search block = {.regex = sift->regex,
                                     .scratch =
                                         csi_scratch_get(sift->regex->pairs),
                                     .end = sift->end};
    const char *place;

    if (!block.scratch)
        take_last_lines(sift);
    while (goes_on(sift) && (place = csi_block_search_next(&block, sift->p)))
        take_line(sift, place);
}

/* Whether the pattern can be looked for in many lines. */
static bool is_sieve(const struct cosend_regex *regex, const char *start,
                     const char *end)
{
    if (csi_regex_finds_lines(regex))
        return true;
    /* A line's end is one to the pattern only if no CR is before it. */
    return regex->block &&
           !(regex->looks_at_end && memchr(start, '\r', (size_t)(end - start)));
}

static bool search(struct sift *sift)
{
    sift->counted = sift->p;
    sift->kernels = csi_scan_kernels();
    sift->rows->sieve = sift->regex;
    sift->rows->found = 0;
    if (csi_regex_finds_lines(sift->regex))
        sift_strings(sift);
    else
        sift_block(sift);
    if (goes_on(sift))
        sift->p = sift->end;
    judge_density(sift);
    return !sift->failed;
}

bool csi_line_sieve(const struct cosend_regex *regex, struct csi_rows *rows,
                    const char **start, const char *end, uint32_t most,
                    bool *is_dense)
{
    struct sift sift = {.regex = regex,
                        .rows = rows,
                        .data = rows->block->data,
                        .p = *start,
                        .end = end,
                        .most = most};
    bool fine;

    *is_dense = false;
    if (!is_sieve(regex, *start, end))
        return true;
    fine = search(&sift);
    *is_dense = sift.is_dense;
    *start = sift.p;
    return fine;
}

bool csi_line_sieve_copy(const struct cosend_regex *regex,
                         struct csi_rows *rows, const char *data, size_t end,
                         uint32_t most)
{
    struct sift sift = {.regex = regex,
                        .rows = rows,
                        .data = data,
                        .p = data + rows->base,
                        .end = data + end,
                        .most = most,
                        .copies = true};

    return is_sieve(regex, sift.p, sift.end) && search(&sift) &&
           !sift.is_dense && sift.p == sift.end;
}
