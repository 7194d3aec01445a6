/* SPDX-License-Identifier: MIT */
/*
 *     host web1     a record is whole once a blank line, or the end of the
 *     ms   7        file, is behind it: not before, for more of its lines
 *                   could follow
 *     host web2
 *
 * `lines.scanned` bytes of an unfinished one were looked through: all of its
 * lines that are whole. One that is too long is given up, and passed over up to
 * a blank line (`base.midway`). Then the bytes at hand begin inside of a line
 * that is not blank: line ends are never the last bytes that are given up,
 * lest nobody could tell whether the one behind them ends a blank line.
 */
#include "format/paragraphs.h"

#include "record/byte_bitmaps.h"

#include <string.h>

/* What may stand between the last byte that counts of a record and the one that
   shows that it ends there: CR LF CR. */
enum { TAIL = 3 };

/* Behind the blank line at p; NULL where there is none, or its end is not in
   sight. */
static const char *behind_blank(const char *p, const char *end)
{
    if (p < end && *p == '\r')
        p++;
    return p < end && *p == '\n' ? p + 1 : NULL;
}

/*
 * The blank line that ends the paragraph of which a line begins at, or goes on
 * from, *p: *p becomes where the blank one begins, or, where none is in sight,
 * where the last line does that has no end yet.
 *
 * Returns what is behind the blank line, or NULL.
 */
static const char *find_blank(const char **p, const char *end)
{
    const char *newline;

    while ((newline = memchr(*p, '\n', (size_t)(end - *p)))) {
        const char *behind = behind_blank(newline + 1, end);

        *p = newline + 1;
        if (behind)
            return behind;
    }
    return NULL;
}

/* Before the line ends, or a part of one, that are the last of the bytes. */
static const char *before_tail(const char *p, const char *end)
{
    for (int i = 0; i < TAIL && end > p; i++)
        end -= end[-1] == '\n' || end[-1] == '\r';
    return end;
}

static bool add_paragraph(struct csi_rows *rows, const char *start,
                          const char *end)
{
    return csi_rows_add(rows, (size_t)(start - rows->block->data),
                        (size_t)(end - rows->block->data));
}

/* Pass over what is left of a paragraph that was given up. */
static const char *pass_over(struct csi_reader *base, const char *p,
                             const char *end, bool final)
{
    const char *at = p, *behind = find_blank(&at, end);

    base->midway = !behind && !final;
    if (behind || final)
        return behind ? behind : end;
    return before_tail(p, end);
}

/* Give up the paragraph at p. Returns where the rest of it begins, or NULL
   without memory. */
static const char *give_up(struct csi_line_reader *reader,
                           struct csi_rows *rows, const char *p,
                           const char *end)
{
    end = before_tail(p, end);
    if (!add_paragraph(rows, p, end))
        return NULL;
    reader->lines.scanned = 0;
    reader->lines.given_up = reader->base.midway = true;
    return end;
}

/* Add the paragraphs from p on. Returns what is behind what was taken, or NULL
   without memory. */
static const char *cut_paragraphs(struct csi_line_reader *reader,
                                  struct csi_rows *rows, const char *p,
                                  const char *end, bool final)
{
    struct csi_lines *lines = &reader->lines;

    while (p < end && rows->count < CSI_ROWS_MAX) {
        const char *at = p + lines->scanned;
        const char *behind = lines->scanned ? NULL : behind_blank(p, end);

        if (behind) {
            p = behind;
            continue;
        }
        behind = lines->scanned ? behind_blank(at, end) : NULL;
        behind = behind ? behind : find_blank(&at, end);
        lines->scanned = (size_t)(at - p);
        if (!behind && !final)
            return (size_t)(before_tail(p, end) - p) > reader->base.hold
                       ? give_up(reader, rows, p, end)
                       : p;
        lines->scanned = 0;
        if (!add_paragraph(rows, p, behind ? at : end))
            return NULL;
        p = behind ? behind : end;
    }
    return p;
}

int csi_paragraphs_cut(struct csi_line_reader *reader, struct csi_rows *rows,
                       bool final, size_t *consumed, struct cosend_error *error)
{
    struct csi_reader *base = &reader->base;
    char *first = rows->block->data + rows->base;
    const char *start = first, *end = rows->block->data + rows->block->length;
    int status;

    *consumed = 0;
    end = csi_line_reader_translate(reader, first, end, final);
    status = csi_lines_begin(base, &reader->lines, &start, end, final, error);
    if (status != COSEND_OK || !start)
        return status;
    if (base->midway)
        start = pass_over(base, start, end, final);
    if (!base->midway)
        start = cut_paragraphs(reader, rows, start, end, final);
    if (!start)
        return csi_no_memory(error);
    base->begun = reader->lines.to_skip <= 0;
    *consumed = (size_t)(start - first);
    base->boundaries += rows->count;
    return COSEND_OK;
}

const char *csi_paragraphs_border(const struct csi_reader *reader, char *start,
                                  const char *end, uint64_t *newlines)
{
    const char *newline = end;

    csi_lines_translate(reader, start, end, false);
    *newlines = 0;
    while ((newline = memrchr(start, '\n', (size_t)(newline - start)))) {
        const char *line = newline - (newline > start && newline[-1] == '\r');

        if (line > start && line[-1] != '\n')
            continue;
        *newlines = csi_scan_count(start, (size_t)(newline + 1 - start), '\n');
        return newline + 1;
    }
    return start;
}

const char *csi_paragraphs_next(const struct csi_reader *reader,
                                const char *start, const char *end)
{
    const char *behind = behind_blank(start, end);

    (void)reader;
    return behind ? behind : find_blank(&start, end);
}
