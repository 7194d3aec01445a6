/* SPDX-License-Identifier: MIT */
#include "format/json_rows.h"

#include "format/json_number.h"

#define INLINE __attribute__((always_inline)) static inline

/* What copying writes too much. */
enum { ROOM = 128 };

/* A stretch being written. */
struct stretch {
    const struct csi_json_columns *columns;
    const struct csi_json_frame *frame;
    struct csi_json_style *style;
    const char *start;    /* of its bytes, from which spots count */
    const uint32_t *spot; /* the next byte to be looked at */
    const char *at;       /* where put_other is */
};

/* ---- Cells --------------------------------------------------------------- */

/* What csi_json_put does of the byte at hand. */
__attribute__((noinline)) static char *put_other(struct stretch *stretch,
                                                 char *to, const char *end)
{
    to = csi_json_put(to, &stretch->at, end, stretch->style);
    while (stretch->start + *stretch->spot < stretch->at)
        stretch->spot++;
    return to;
}

/*
 * Write a string, from p up to `end`, that has bytes to be looked at. Of one
 * that was between quotes those inside are there twice.
 *
 * Returns what is behind it; NULL where the quotes are not as they should be.
 */
INLINE char *put_bytes(struct stretch *stretch, char *to, const char *p,
                       const char *end, bool quoted)
{
    const uint32_t *spot = stretch->spot;
    const char *start = stretch->start, *next;

    for (; (next = start + *spot) < end; spot++) {
        char byte = *next;

        to = csi_copy_far(to, p, (size_t)(next - p));
        p = next + 1;
        if (byte == '"' || byte == '\\') {
            to[0] = '\\';
            to[1] = byte;
            to += 2;
            if (!quoted || byte != '"')
                continue;
            if (start + *++spot != p || p == end || *p++ != '"')
                return NULL;
        } else {
            stretch->at = next;
            stretch->spot = spot;
            to = put_other(stretch, to, end);
            p = stretch->at;
            spot = stretch->spot - 1;
        }
    }
    stretch->spot = spot;
    return csi_copy_far(to, p, (size_t)(end - p));
}

/* The same of a line of text. */
__attribute__((noinline)) static char *
put_line(struct stretch *stretch, char *to, const char *p, const char *end)
{
    return put_bytes(stretch, to, p, end, false);
}

/* The same of a cell, which may be between quotes. */
__attribute__((noinline)) static char *
put_cell(struct stretch *stretch, char *to, const char *p, const char *end)
{
    if (!stretch->columns->slices.quote || *p != '"')
        return put_bytes(stretch, to, p, end, false);
    if (end - p < 2 || end[-1] != '"')
        return NULL;
    stretch->spot++;
    to = put_bytes(stretch, to, p + 1, end - 1, true);
    stretch->spot++;
    return to;
}

/* ---- Lines of text ------------------------------------------------------- */

/*
 * Write records of a stretch from position *at up to `end`, and stop before one
 * that has to be written otherwise, or behind one that was ill-formed. *last
 * becomes where the last one starts. `head` is what is before a record's first
 * string.
 *
 * Returns what is behind them.
 */
__attribute__((noinline)) static char *put_lines(struct stretch *stretch,
                                                 const struct csi_text *head,
                                                 char *to, uint32_t *at,
                                                 uint32_t end, char **last)
{
    const struct cosend_batch *batch = stretch->columns->slices.batch;
    const struct csi_json_style *style = stretch->style;
    const struct csi_json_frame frame = *stretch->frame;
    const char *start = stretch->start, *opening = head->data;
    const uint32_t *spot = stretch->spot;
    size_t opening_length = head->length;
    bool numbers = style->numbers;
    uint32_t i = *at;

    while (i < end && !style->ill_formed) {
        struct csi_row_slice line = csi_line_slice(batch, i++);

        *last = to;
        to = csi_copy_near(to, opening, opening_length);
        while (start + *spot < line.start)
            spot++;
        if (start + *spot < line.end) {
            stretch->spot = spot;
            to = put_line(stretch, to, line.start, line.end);
            spot = stretch->spot;
            *to++ = '"';
        } else {
            size_t length = (size_t)(line.end - line.start);
            bool bare = numbers && csi_json_is_number(line.start, length);

            to = csi_copy_near(to - bare, line.start, length);
            *to = '"';
            to += !bare;
        }
        memcpy(to, frame.close, sizeof(frame.close));
        to += frame.close_length;
    }
    stretch->spot = spot;
    *at = i;
    return to;
}

/* ---- Rows of CSV --------------------------------------------------------- */

static bool is_number_in_quotes(const struct stretch *stretch, const char *p,
                                const char *end)
{
    return stretch->columns->slices.quote && end - p > 2 && *p == '"' &&
           end[-1] == '"' && csi_json_is_number(p + 1, (size_t)(end - p - 2));
}

/*
 * Write a row's members, the first one's string from its first byte on, and the
 * last one's up to its last one. *bare becomes whether that is a number, which
 * is no string.
 *
 * Returns what is behind them; NULL where its quotes are not as they should be.
 */
INLINE char *put_members(struct stretch *stretch, char *to,
                         struct csi_row_slice row, const char *data,
                         bool numbers, bool *bare)
{
    const struct csi_json_columns *columns = stretch->columns;
    const char *name = columns->names.data, *p = row.start;
    size_t stride = columns->stride;
    const uint32_t *length = columns->lengths, *mark = row.marks;
    const uint32_t *last = mark + columns->slices.count - 1;
    const char *special = stretch->start + *stretch->spot;
    bool skip = false;

    for (;;) {
        const char *end = data + *mark, *behind = end;

        if (end > special) {
            /* A CR may be behind the last cell, and special bytes between them.
             */
            end = behind = mark == last ? row.end : end;
            while ((special = stretch->start + *stretch->spot) < p)
                stretch->spot++;
            if (numbers && is_number_in_quotes(stretch, p, end)) {
                p++;
                end--;
                stretch->spot += 2;
                special = end;
            }
        }
        if (numbers) {
            skip = end <= special && csi_json_is_number(p, (size_t)(end - p));
            to -= skip;
        }
        if (end <= special) {
            to = csi_copy_near(to, p, (size_t)(end - p));
        } else {
            to = put_cell(stretch, to, p, end);
            if (!to)
                return NULL;
            special = stretch->start + *stretch->spot;
        }
        if (mark++ == last)
            break;
        p = behind + 1;
        name += stride;
        to = csi_copy_near(to, name + skip, *++length + 1 - skip);
    }
    *bare = skip;
    return to;
}

/* What put_lines does. */
INLINE char *put_stretch(struct stretch *stretch, const struct csi_text *head,
                         char *to, uint32_t *at, uint32_t end, char **last,
                         bool numbers)
{
    const struct csi_row_slices *slices = &stretch->columns->slices;
    struct csi_json_style *style = stretch->style;
    const struct csi_json_frame frame = *stretch->frame;
    const char *data = slices->batch->rows->block->data;
    uint32_t i = *at;

    for (; i < end && !style->ill_formed; i++) {
        struct csi_row_slice row = csi_csv_slice(slices, i);
        bool bare = false;
        char *next;

        if (!row.start)
            break;
        next = csi_copy_near(to, head->data, head->length);
        next = put_members(stretch, next, row, data, numbers, &bare);
        if (!next) {
            /* Nor is what was written of it. */
            style->ill_formed = false;
            break;
        }
        *next = '"';
        next += !bare;
        memcpy(next, frame.close, sizeof(frame.close));
        *last = to;
        to = next + frame.close_length;
    }
    *at = i;
    return to;
}

__attribute__((noinline)) static char *put_rows(struct stretch *stretch,
                                                const struct csi_text *head,
                                                char *to, uint32_t *at,
                                                uint32_t end, char **last)
{
    return put_stretch(stretch, head, to, at, end, last, false);
}

__attribute__((noinline)) static char *put_numbered(struct stretch *stretch,
                                                    const struct csi_text *head,
                                                    char *to, uint32_t *at,
                                                    uint32_t end, char **last)
{
    return put_stretch(stretch, head, to, at, end, last, true);
}

/* ---- Stretches ----------------------------------------------------------- */

/* As many bytes as the records of the stretch from position `at` on may take,
   whatever is in them. */
static size_t room_for(const struct csi_json_columns *columns, uint32_t at)
{
    enum { AROUND = 8 };
    size_t records = columns->plain.until - at;

    return 6 * columns->plain.length + ROOM +
           records * (columns->all_lengths + columns->slices.count + AROUND);
}

/* Make what is before a record's first string. False without memory. */
static bool begin_head(struct csi_json_columns *columns,
                       const struct csi_json_frame *frame)
{
    struct csi_text *head = &columns->head;
    size_t length = columns->slices.count ? columns->lengths[0] : 0;

    head->length = 0;
    /* In place of the comma is the bracket. */
    return !length ||
           (csi_text_add(head, frame->open, frame->open_length) &&
            csi_text_add(head, columns->names.data + 2, length - 1) &&
            csi_text_reserve(head, 32));
}

bool csi_json_rows_add(struct csi_json_columns *columns,
                       const struct cosend_batch *batch, uint32_t *at,
                       uint32_t end, const struct csi_json_frame *frame,
                       struct csi_text *out, size_t *start,
                       struct csi_json_style *style)
{
    struct csi_plain_cells *plain = &columns->plain;
    struct stretch stretch = {
        .columns = columns, .frame = frame, .style = style};
    char *(*put)(struct stretch *, const struct csi_text *, char *, uint32_t *,
                 uint32_t, char **) = !columns->slices.csv ? put_lines
                                      : style->numbers     ? put_numbered
                                                           : put_rows;
    uint32_t until = *at;

    if (!begin_head(columns, frame))
        return false;
    while (columns->slices.count && *at == until && *at < end &&
           !style->ill_formed) {
        char *first, *last;

        if (!csi_plain_list(plain, batch, *at))
            return false;
        if (!plain->listed)
            break;
        if (!csi_text_reserve(out, room_for(columns, *at)))
            return false;
        until = plain->until < end ? plain->until : end;
        first = last = out->data + out->length;
        stretch.start = plain->start;
        stretch.spot = plain->spot;
        first = put(&stretch, &columns->head, first, at, until, &last);
        plain->spot = stretch.spot;
        *start = (size_t)(last - out->data);
        out->length = (size_t)(first - out->data);
    }
    return true;
}
