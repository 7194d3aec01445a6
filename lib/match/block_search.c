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
 * up, any line of the stretch may.
 */
#include "match/block_search.h"

#include <string.h>

enum { STRETCH = 64 * 1024 };

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

/* Behind the short lines of [p, to). */
static const char *short_lines(const struct csi_block_search *search,
                               const char *p, const char *to)
{
    while (p < to) {
        size_t size = (size_t)(to - p);
        const char *next = last_line(
            search, p, size > CSI_SHORT_TEXT ? p + CSI_SHORT_TEXT : to);

        if (next == p)
            break;
        p = next;
    }
    return p;
}

static void stretch_from(struct csi_block_search *search, const char *p)
{
    size_t size = (size_t)(search->end - p);
    const char *to =
        short_lines(search, p, p + (size > STRETCH ? STRETCH : size));

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
                                         search->scratch);
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
