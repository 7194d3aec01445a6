/* SPDX-License-Identifier: MIT */
/*
 * The lines are taken a stretch at a time: some 64 KiB of them, in which all
 * are what the program is good for. A line is not that
 *
 *   - where it is longer than CSI_SHORT_TEXT: what a search may cost in such a
 *     line is not bounded, see program.c;
 *   - where it has bytes beyond ASCII and the pattern matches characters, for
 *     which block is no judge.
 *
 * Such a line ends the stretch before it, and may match. Where the program gave
 * up, any line of the stretch may. It gives up no later than a search in the
 * longest of the lines alone would, lest a line is none here and given up
 * there: so lines that are longer than usual are a stretch of their own.
 */
#include "match/block_search.h"

#include <string.h>

enum { STRETCH = 64 * 1024, USUAL_LINE = 1023 };

/* Behind the last line end in [p, to), or p; all of it where it is the end. */
static const char *last_line(const struct csi_block_search *search,
                             const char *p, const char *to)
{
    const char *newline;

    if (to == search->end)
        return to;
    newline = memrchr(p, '\n', (size_t)(to - p));
    return newline ? newline + 1 : p;
}

/* Behind the lines of [p, to) up to the first that is longer than `longest`. */
static const char *short_lines(const struct csi_block_search *search,
                               const char *p, const char *to, size_t longest)
{
    while (p < to) {
        size_t size = (size_t)(to - p);
        const char *next =
            last_line(search, p, size > longest ? p + longest : to);

        if (next == p)
            break;
        p = next;
    }
    return p;
}

static void stretch_from(struct csi_block_search *search, const char *p)
{
    size_t size = (size_t)(search->end - p);
    const char *most = p + (size > STRETCH ? STRETCH : size);
    const char *to = short_lines(search, p, most, USUAL_LINE);

    search->longest = USUAL_LINE;
    if (to == p) {
        search->longest = CSI_SHORT_TEXT;
        to = short_lines(search, p, most, CSI_SHORT_TEXT);
    }
    if (search->regex->ascii_block) {
        const char *high = csi_first_high(p, to);

        if (high < to) {
            to = memrchr(p, '\n', (size_t)(high - p));
            to = to ? to + 1 : p;
        }
    }
    search->stretch = to;
}

const char *csi_block_search_next(struct csi_block_search *search,
                                  const char *p)
{
    while (p < search->end) {
        int answer;
        const char *place;

        if (search->each && p < search->each)
            return p;
        if (!search->stretch || p >= search->stretch)
            stretch_from(search, p);
        if (search->stretch == p)
            return p;
        answer = csi_program_match_block(search->regex->block, p,
                                         (size_t)(search->stretch - p),
                                         search->longest, search->scratch);
        if (answer < 0 && answer != PCRE2_ERROR_NOMATCH) {
            search->each = search->stretch;
            return p;
        }
        if (answer >= 0) {
            place = p + pcre2_get_ovector_pointer(search->scratch->data)[0];
            /* Behind the last line's end there is no line of the stretch. */
            if (place < search->stretch || place[-1] != '\n')
                return place;
        }
        p = search->stretch;
    }
    return NULL;
}
