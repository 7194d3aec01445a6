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
    OFTEN = 8,              /* finds, */
    NEAR = OFTEN * 1024,    /* in so many bytes, are too many */
    SAMPLE = 8 * 1024,      /* bytes in which all are looked for */
    VAIN = 8,               /* finds that do not fit, */
    EVERYWHERE = 16 * VAIN, /* in so many bytes, */
    ALONE = 8 * 1024        /* and none is looked at in the next ones */
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

/*
 * The string, where it fits. Where it is everywhere, as dashes are in a ruler,
 * to look at what is behind each takes more time than it saves: then it is
 * looked for alone, for a while.
 */
static const char *find_fitting(struct csi_line_finder *finder,
                                const struct csi_needle *needle, const char *p,
                                const char *end)
{
    const char *from = p, *at;
    unsigned vain = 0;

    while ((at = csi_substring_find(&needle->string, p, end)) &&
           !(finder->alone && at < finder->alone) &&
           !csi_needle_fits(needle, at, end)) {
        p = at + 1;
        if (++vain < VAIN)
            continue;
        if (p - from < EVERYWHERE)
            finder->alone = p + ALONE;
        from = p;
        vain = 0;
    }
    return at;
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
    return find_fitting(finder, finder->needle, p, end);
}

const char *csi_line_finder_next(struct csi_line_finder *finder, const char *p,
                                 const char *end)
{
    const struct cosend_regex *regex = finder->regex;

    if (regex->set_finds_lines)
        return csi_literal_set_find(regex->set, p, end);
    if (regex->teddy)
        return csi_teddy_find(regex->teddy, p, end);
    return regex->needle_count > 1
               ? find_needle(finder, p, end)
               : find_fitting(finder, regex->needles, p, end);
}
