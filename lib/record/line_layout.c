/* SPDX-License-Identifier: MIT */
#include "record/line_layout.h"

#include "cosend/access_log.h"
#include "record/access_log.h"
#include "record/line_level.h"
#include "record/line_time.h"

#include <string.h>

/* ---- Values -------------------------------------------------------------- */

/* A line that is cut: what is left of its first line, and its end. */
struct cursor {
    const char *at, *end, *rest;
};

static bool is_digit_at(const struct cursor *cursor, const char *at)
{
    return at < cursor->end && (unsigned)(*at - '0') < 10;
}

static const char *number_end(const struct cursor *cursor, bool is_signed)
{
    const char *at = cursor->at, *digits;

    at += is_signed && at < cursor->end && (*at == '-' || *at == '+');
    for (digits = at; is_digit_at(cursor, at);)
        at++;
    if (at == digits)
        return NULL;
    if (is_signed && at < cursor->end && *at == '.' &&
        is_digit_at(cursor, at + 1))
        for (at++; is_digit_at(cursor, at);)
            at++;
    return at;
}

static const char *level_end(const struct cursor *cursor)
{
    const char *at = cursor->at;

    while (at < cursor->end &&
           ((unsigned)((*at | 0x20) - 'a') < 26 || (unsigned)(*at - '0') < 10))
        at++;
    return csi_is_level(cursor->at, (size_t)(at - cursor->at)) ? at : NULL;
}

static void skip_padding(struct cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at == ' ')
        cursor->at++;
}

/* Where a text begins that is not empty; NULL where it does not. */
static const char *find_text(const char *at, const char *end, const char *text)
{
    return *text ? memmem(at, (size_t)(end - at), text, strlen(text)) : NULL;
}

static const char *word_end(const struct cursor *cursor, const char *ends)
{
    const char *at = cursor->at, *found, *most;
    const char *blank = memchr(at, ' ', (size_t)(cursor->end - at));
    const char *end = blank ? blank : cursor->end;
    size_t length = strlen(ends);

    if (length && *ends != ' ') {
        most = (size_t)(cursor->end - end) < length ? cursor->end
                                                    : end + length - 1;
        found = find_text(at, most, ends);
        end = found ? found : end;
    }
    return end > at ? end : NULL;
}

/* The end of a word of names with points between, of which what is behind the
   last one is the next part, that `next` ends. */
static const char *dotted_end(const struct cursor *cursor, const char *next)
{
    const char *at = cursor->at, *end = word_end(cursor, ""), *found, *point;

    if (!end)
        return NULL;
    found = *next != ' ' ? find_text(at, end, next) : NULL;
    if (!found)
        found = end;
    point = memrchr(at, '.', (size_t)(found - at));
    return point > at ? point : NULL;
}

static const char *named_end(const struct cursor *cursor, const char *what)
{
    const char *end = word_end(cursor, "");
    const char *found = end ? find_text(cursor->at, end, what) : NULL;

    return found ? found + strlen(what) : NULL;
}

static const char *address_end(const struct cursor *cursor)
{
    const char *end = word_end(cursor, "");

    return end ? memrchr(cursor->at, ':', (size_t)(end - cursor->at)) : NULL;
}

static const char *one_of_end(const struct cursor *cursor, const char *bytes)
{
    return cursor->at < cursor->end && *cursor->at && strchr(bytes, *cursor->at)
               ? cursor->at + 1
               : NULL;
}

/* Two numbers in hexadecimal digits of 64 bits or more, or none at all. */
static const char *trace_end(const struct cursor *cursor)
{
    static const char digits[] = "0123456789abcdef";
    enum { DIGITS = 16 };
    const char *at = cursor->at, *dash = NULL;

    for (; at < cursor->end && *at; at++)
        if (*at == '-' && !dash && at - cursor->at >= DIGITS)
            dash = at;
        else if (!strchr(digits, *at))
            break;
    return at == cursor->at || (dash && at - dash > DIGITS) ? at : NULL;
}

/* What ends a part: its own, or what is in front of the next one; or "". */
static const char *what_ends(const struct csi_line_part *part, bool is_last)
{
    if (part->what)
        return part->what;
    return is_last ? "" : part[1].before;
}

/* The end of a message: what ends it may be in it, and is counted from the end
   of the line. */
static const char *message_end(const struct cursor *cursor,
                               const struct csi_line_part *part,
                               const struct csi_line_part *last)
{
    const char *what = part[1].before, *end = NULL, *found = cursor->at;
    size_t behind = 0, all = 0;

    for (const struct csi_line_part *next = part + 1; next < last; next++)
        behind += strcmp(next->before, what) == 0;
    while ((found = find_text(found, cursor->end, what))) {
        all++;
        found += strlen(what);
    }
    found = cursor->at;
    for (; all >= behind; all--) {
        end = find_text(found, cursor->end, what);
        if (!end)
            return NULL;
        found = end + strlen(what);
    }
    return end;
}

static const char *word_part_end(const struct cursor *cursor,
                                 const struct csi_line_part *part,
                                 const struct csi_line_part *last)
{
    bool is_last = part + 1 == last;
    const char *ends = what_ends(part, is_last), *end;

    if (!part->what && strcmp(ends, ".") == 0)
        return dotted_end(cursor, what_ends(part + 1, part + 2 == last));
    end = word_end(cursor, ends);
    if (part->kind == CSI_LINE_DOTTED &&
        (!end || !memchr(cursor->at, '.', (size_t)(end - cursor->at))))
        return NULL;
    return end;
}

/* The first of what ends a value that has a level behind it. */
static const char *level_follows(const struct cursor *cursor, const char *end,
                                 const struct csi_line_part *level)
{
    struct cursor behind = *cursor;

    while (end) {
        behind.at = end + strlen(level->before);
        if (level->padded)
            skip_padding(&behind);
        if (level_end(&behind))
            break;
        end = behind.at - end > 2 ? behind.at - 1 : end + 1;
        end = find_text(end, cursor->end, level->before);
    }
    return end;
}

/* What the next part may not have in it is looked for behind what ends that. */
static const char *upto_end(const struct cursor *cursor,
                            const struct csi_line_part *part,
                            const struct csi_line_part *last)
{
    const struct csi_line_part *next = part + 1;
    const char *ends = what_ends(part, next == last);
    const char *end = find_text(cursor->at, cursor->end, ends), *behind, *later;

    if (next < last && next->kind == CSI_LINE_LEVEL && *ends == ' ' &&
        !part->what)
        return level_follows(cursor, end, next);
    /* A name has points in it. */
    if (!end || next + 1 >= last || strcmp(ends, ".") == 0 ||
        (next->kind != CSI_LINE_CLASS && next->kind != CSI_LINE_INNER))
        return end;
    behind = find_text(end + strlen(ends), cursor->end, what_ends(next, false));
    while (behind && (later = find_text(end + 1, behind, ends)))
        end = later;
    return behind ? end : NULL;
}

/* Where the value ends that begins at the cursor; NULL where it is none. */
static const char *value_end(const struct cursor *cursor,
                             const struct csi_line_part *part,
                             const struct csi_line_part *last)
{
    const char *end;

    switch (part->kind) {
    case CSI_LINE_NONE:
        return cursor->at;
    case CSI_LINE_REST:
        return cursor->rest;
    case CSI_LINE_TIME:
        return csi_line_time(part->what, cursor->at, cursor->end);
    case CSI_LINE_LEVEL:
        return level_end(cursor);
    case CSI_LINE_NUMBER:
    case CSI_LINE_SIGNED:
        return number_end(cursor, part->kind == CSI_LINE_SIGNED);
    case CSI_LINE_WORD:
    case CSI_LINE_DOTTED:
    case CSI_LINE_CLASS:
        return word_part_end(cursor, part, last);
    case CSI_LINE_TRACE:
        return trace_end(cursor);
    case CSI_LINE_NAMED:
        return named_end(cursor, part->what);
    case CSI_LINE_ADDRESS:
        return address_end(cursor);
    case CSI_LINE_UPTO:
    case CSI_LINE_INNER:
    case CSI_LINE_EITHER:
    case CSI_LINE_REQUEST:
        end = upto_end(cursor, part, last);
        return end || part->kind != CSI_LINE_EITHER ? end : cursor->end;
    case CSI_LINE_MESSAGE:
        return message_end(cursor, part, last);
    case CSI_LINE_ONE_OF:
        return one_of_end(cursor, part->what);
    }
    return NULL;
}

/* ---- Lines --------------------------------------------------------------- */

static bool skip_before(struct cursor *cursor, const struct csi_line_part *part,
                        bool is_padded)
{
    size_t length = strlen(part->before);

    /* Of several blanks the last is that of the text. */
    if (is_padded && *part->before == ' ')
        while (cursor->end - cursor->at > 1 && *cursor->at == ' ' &&
               cursor->at[1] == ' ')
            cursor->at++;
    else if (is_padded)
        skip_padding(cursor);
    if ((size_t)(cursor->end - cursor->at) < length ||
        memcmp(cursor->at, part->before, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

static void set_part(const struct csi_line_part *part, const char *start,
                     const char *end, struct cosend_cell *parts)
{
    struct cosend_access_log_column piece = {NULL, 0, CSI_PIECE_METHOD};
    struct cosend_cell cell = cosend_text(start, (uint32_t)(end - start));

    if (part->field == CSI_LINE_NO_FIELD || part->kind == CSI_LINE_NONE)
        return;
    while (part->padded && cell.length && cell.data[cell.length - 1] == ' ')
        cell.length--;
    if (part->kind != CSI_LINE_REQUEST) {
        parts[part->field] = cell;
        return;
    }
    for (uint32_t i = 0; i < 3; i++, piece.piece++)
        parts[part->field + i] = cosend_access_log_piece(&piece, cell);
}

/* Returns NULL, or the part at which a line is none, or behind the last. */
static const struct csi_line_part *
cut_layout(const struct csi_line_layout *layout, struct cursor *cursor,
           struct cosend_cell *parts)
{
    const struct csi_line_part *last = layout->parts + layout->count;
    bool is_padded = false;

    for (const struct csi_line_part *part = layout->parts; part < last;
         part++) {
        const char *end, *at = cursor->at;

        if (!skip_before(cursor, part, is_padded)) {
            if (!part->lacks)
                return part;
            cursor->at = at;
            part += part->lacks - 1;
            continue;
        }
        is_padded = part->padded;
        if (is_padded)
            skip_padding(cursor);
        end = value_end(cursor, part, last);
        if (!end)
            return part;
        set_part(part, cursor->at, end, parts);
        cursor->at = end;
    }
    return cursor->at == cursor->rest ? NULL : last;
}

/* The name of the field at which a line is none: that of the part, or of the
   next one that has a field. */
static const char *place(const struct cosend_line_form *form,
                         const struct csi_line_layout *layout,
                         const struct csi_line_part *part)
{
    while (part < layout->parts + layout->count &&
           part->field == CSI_LINE_NO_FIELD)
        part++;
    return part < layout->parts + layout->count ? form->fields[part->field].name
                                                : "end";
}

const char *csi_line_layout_cut(const struct cosend_line_form *form,
                                struct cosend_cell line,
                                struct cosend_cell *parts)
{
    const struct csi_line_layouts *layouts = form->own;
    const char *start = line.length ? line.data : "", *where = NULL;
    const char *first = memchr(start, '\n', line.length), *furthest = NULL;
    const struct csi_line_part *part;

    for (uint32_t i = 0; i < layouts->count; i++) {
        struct cursor cursor = {start, first ? first : start + line.length,
                                start + line.length};

        memset(parts, 0, form->count * sizeof(*parts));
        part = cut_layout(&layouts->of[i], &cursor, parts);
        if (!part)
            return NULL;
        if (!furthest || cursor.at > furthest) {
            furthest = cursor.at;
            where = place(form, &layouts->of[i], part);
        }
    }
    return where;
}
