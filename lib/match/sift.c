/* SPDX-License-Identifier: MIT */
/*
 * Lines that may match, and only those: a search over bytes from which no rows
 * were made yet finds where a pattern may match, and that line alone becomes a
 * row. What lies between is only counted.
 */
#include "match/regex.h"

#include "record/scan.h"

#include <string.h>

/* One call's work: lines from p, where one starts, to end, where one ends. */
struct sift {
    const struct cosend_regex *regex;
    struct csi_rows *rows;
    const char *p, *end;
    uint32_t most;
    bool failed; /* without memory */
};

static bool goes_on(const struct sift *sift)
{
    return sift->p < sift->end && sift->rows->count < sift->most &&
           !sift->failed;
}

static void leave_out(struct sift *sift, const char *to)
{
    sift->rows->left_out +=
        csi_scan_count(sift->p, (size_t)(to - sift->p), '\n');
    sift->p = to;
}

/* Have the line of a place, which may be its end's, as a row. */
static void take(struct sift *sift, const char *place)
{
    const char *data = sift->rows->block->data;
    const char *before = memrchr(sift->p, '\n', (size_t)(place - sift->p));
    const char *end = memchr(place, '\n', (size_t)(sift->end - place));

    if (before)
        leave_out(sift, before + 1);
    if (!csi_rows_add(sift->rows, (size_t)(sift->p - data),
                      (size_t)(end + 1 - data)))
        sift->failed = true;
    sift->p = end + 1;
}

static void take_rest(struct sift *sift)
{
    while (goes_on(sift))
        take(sift, sift->p);
}

static void sift_few(struct sift *sift)
{
    const char *place;

    while (goes_on(sift) &&
           (place = csi_few_find(sift->regex->few, sift->p, sift->end)))
        take(sift, place);
}

static void sift_needle(struct sift *sift)
{
    const char *place;

    while (goes_on(sift) &&
           (place = csi_find(&sift->regex->needle, sift->p, sift->end)))
        take(sift, place);
}

static void sift_block(struct sift *sift)
{
    const struct cosend_regex *regex = sift->regex;
    pcre2_match_data *scratch = csi_regex_scratch(regex);

    while (scratch && goes_on(sift)) {
        int answer = pcre2_jit_match(
            regex->block, (PCRE2_SPTR)sift->p, (size_t)(sift->end - sift->p), 0,
            0, scratch, regex->limits);
        const char *place;

        if (answer == PCRE2_ERROR_NOMATCH)
            return;
        if (answer < 0)
            break;
        place = sift->p + pcre2_get_ovector_pointer(scratch)[0];
        /* Behind the last line's end there is none. */
        if (place == sift->end)
            return;
        take(sift, place);
    }
    take_rest(sift);
}

/* Whether the pattern can be looked for in many lines. Vectorscan, which calls
   back, is left to cosend_regex_match_lines. */
static bool is_sieve(const struct cosend_regex *regex, const char *start,
                     const char *end)
{
    if (regex->many)
        return false;
    if (regex->few || regex->needle.length)
        return true;
    /* A line's end is one to the pattern only if no CR is before it. */
    return regex->block &&
           !(regex->looks_at_end &&
             memchr(start, '\r', (size_t)(end - start)));
}

bool csi_regex_sift(const struct cosend_regex *regex, struct csi_rows *rows,
                    const char **start, const char *end, uint32_t most)
{
    struct sift sift = {regex, rows, *start, end, most, false};

    if (!is_sieve(regex, *start, end))
        return true;
    rows->sieve = regex;
    if (regex->few)
        sift_few(&sift);
    else if (regex->needle.length)
        sift_needle(&sift);
    else
        sift_block(&sift);
    if (goes_on(&sift))
        leave_out(&sift, end);
    rows->found = regex->exact ? rows->count : 0;
    *start = sift.p;
    return !sift.failed;
}
