/* SPDX-License-Identifier: MIT */
/*
 * Of several strings that a match must have in it the longest is looked for
 * first. In a log it may be in every line, as HTTP/1 is, and so no help, where
 * a shorter one is in few. No table of how often letters are met knows that:
 * once the string was found too often, all are looked for in the next bytes,
 * and the one goes on that is in the fewest lines of these.
 */
#include "match/line_finder.h"

#include <string.h>

enum {
    OFTEN = 8,           /* finds, */
    NEAR = OFTEN * 1024, /* in so many bytes, are too many */
    SAMPLE = 8 * 1024,   /* bytes in which all are looked for */
};

/* In how many of the lines [p, end) a string is: `most` at most. */
static unsigned count_lines(const struct csi_needle *needle, const char *p,
                            const char *end, unsigned most)
{
    unsigned count = 0;

    while (count < most && p && (p = csi_needle_find(needle, p, end))) {
        count++;
        p = memchr(p, '\n', (size_t)(end - p));
    }
    return count;
}

static void choose_needle(struct csi_line_finder *finder, const char *p,
                          const char *end)
{
    const struct csi_needle *needles = finder->regex->needles;
    unsigned least = UINT_MAX;

    end = end - p > SAMPLE ? p + SAMPLE : end;
    for (unsigned i = 0; i < finder->regex->needle_count; i++) {
        unsigned count = count_lines(&needles[i], p, end, least);

        if (count >= least)
            continue;
        finder->needle = &needles[i];
        least = count;
    }
    finder->chosen = true;
}

/* As csi_line_finder_next, of several strings. */
static const char *find_needle(struct csi_line_finder *finder, const char *p,
                               const char *end)
{
    if (!finder->needle) {
        finder->needle = finder->regex->needles;
        finder->from = p;
    }
    if (!finder->chosen && finder->found == OFTEN) {
        if (p - finder->from < NEAR)
            choose_needle(finder, p, end);
        finder->from = p;
        finder->found = 0;
    }
    finder->found++;
    return csi_needle_find(finder->needle, p, end);
}

const char *csi_line_finder_next(struct csi_line_finder *finder, const char *p,
                                 const char *end)
{
    const struct cosend_regex *regex = finder->regex;

    if (regex->set_finds_lines)
        return csi_literal_set_find(regex->set, p, end);
    if (regex->teddy)
        return csi_teddy_find(regex->teddy, p, end);
    return regex->needle_count > 1 ? find_needle(finder, p, end)
                                   : csi_needle_find(regex->needles, p, end);
}
