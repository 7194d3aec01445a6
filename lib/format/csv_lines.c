/* SPDX-License-Identifier: MIT */
#include "format/csv_lines.h"

#include <string.h>

/* What copying writes too much. */
enum { ROOM = 128 };

/* Write a line, from p up to `end`, between quotes; *spot is the first of its
   bytes to be looked at. Returns what is behind it. */
static inline char *put_quoted(char *to, const char *p, const char *end,
                               const char *start, const uint32_t **spot,
                               char quote)
{
    const char *next;

    *to++ = quote;
    for (; (next = start + **spot) < end; ++*spot) {
        to = csi_copy_far(to, p, (size_t)(next - p));
        p = next;
        *to = quote;
        to += *p == quote;
    }
    to = csi_copy_far(to, p, (size_t)(end - p));
    *to++ = quote;
    return to;
}

/* Write lines of a stretch from position *at up to `end`, but for the first
   blank one and those behind. Returns what is behind them. */
static char *put_lines(struct csi_plain_cells *plain, char *to,
                       const struct cosend_batch *batch, uint32_t *at,
                       uint32_t end, char quote, const char *line_end)
{
    const char *start = plain->start;
    const uint32_t *spot = plain->spot;
    size_t line_end_length = strlen(line_end);
    uint32_t i = *at;

    for (; i < end; i++) {
        struct csi_row_slice line = csi_line_slice(batch, i);

        if (line.start == line.end)
            break;
        while (start + *spot < line.start)
            spot++;
        if (start + *spot < line.end)
            to = put_quoted(to, line.start, line.end, start, &spot, quote);
        else
            to = csi_copy_near(to, line.start, (size_t)(line.end - line.start));
        memcpy(to, line_end, 2);
        to += line_end_length;
    }
    plain->spot = spot;
    *at = i;
    return to;
}

bool csi_csv_lines_add(struct csi_plain_cells *plain,
                       const struct cosend_batch *batch, uint32_t *at,
                       char quote, const char *line_end, struct csi_text *out)
{
    enum { AROUND = 4 };
    uint32_t until = *at;

    while (*at == until && *at < batch->count) {
        char *to;

        if (!csi_plain_list(plain, batch, *at))
            return false;
        if (!plain->listed)
            break;
        until = plain->until;
        if (!csi_text_reserve(out, 2 * plain->length + ROOM +
                                       AROUND * (size_t)(until - *at)))
            return false;
        to = put_lines(plain, out->data + out->length, batch, at, until, quote,
                       line_end);
        out->length = (size_t)(to - out->data);
    }
    return true;
}
