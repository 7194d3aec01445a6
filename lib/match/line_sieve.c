/* SPDX-License-Identifier: MIT */
/*
 * Lines that may match, and only those: a search over bytes from which no rows
 * were made yet finds where a pattern may match, and that line alone becomes a
 * row. What lies between is only counted.
 */
#include "match/line_sieve.h"

#include "match/block_search.h"

#include "record/byte_bitmaps.h"

#include <string.h>

/* One call's work: lines from p, where one starts, to end, where one ends. */
struct sift {
    const struct cosend_regex *regex;
    struct csi_rows *rows;
    const char *p, *end;
    uint32_t most;
    bool failed; /* without memory */
    const struct csi_scan_kernels *kernels;
};

static bool goes_on(const struct sift *sift)
{
    return sift->p < sift->end && sift->rows->count < sift->most &&
           !sift->failed;
}

/*
 * Newlines from p up to `to`. Behind it are bytes of the block, or its slack,
 * so that a whole word can be looked at.
 */
static uint64_t count_lines(const struct sift *sift, const char *to)
{
    size_t words = (size_t)(to - sift->p) / CSI_SCAN_WORD;
    const char *rest = sift->p + words * CSI_SCAN_WORD;
    uint64_t found;

    sift->kernels->find_one(rest, 1, '\n', &found);
    found &= csi_low_bits((size_t)(to - rest));
    return sift->kernels->count(sift->p, words, '\n') +
           (unsigned)__builtin_popcountll(found);
}

/* Have the line of a place, which may be its end's, as a row; those before it
   are left out. */
static void take_line(struct sift *sift, const char *place)
{
    const char *data = sift->rows->block->data;
    const char *end = memchr(place, '\n', (size_t)(sift->end - place));
    uint64_t lines = count_lines(sift, place);

    if (lines) {
        sift->rows->left_out += lines;
        sift->p =
            (const char *)memrchr(sift->p, '\n', (size_t)(place - sift->p)) + 1;
    }
    if (!csi_rows_add(sift->rows, (size_t)(sift->p - data),
                      (size_t)(end + 1 - data)))
        sift->failed = true;
    sift->p = end + 1;
}

static void take_last_lines(struct sift *sift)
{
    while (goes_on(sift))
        take_line(sift, sift->p);
}

static void sift_strings(struct sift *sift)
{
    const char *place;

    while (goes_on(sift) &&
           (place = csi_regex_find_line(sift->regex, sift->p, sift->end)))
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

bool csi_line_sieve(const struct cosend_regex *regex, struct csi_rows *rows,
                    const char **start, const char *end, uint32_t most)
{
    struct sift sift = {
        regex, rows, *start, end, most, false, csi_scan_kernels()};

    if (!is_sieve(regex, *start, end))
        return true;
    rows->sieve = regex;
    if (csi_regex_finds_lines(regex))
        sift_strings(&sift);
    else
        sift_block(&sift);
    if (goes_on(&sift)) {
        rows->left_out += count_lines(&sift, end);
        sift.p = end;
    }
    rows->found = regex->exact ? rows->count : 0;
    *start = sift.p;
    return !sift.failed;
}
