/* SPDX-License-Identifier: MIT */
#include "record/template.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "cosend/number.h"
#include "record/number_fixed.h"

#include <string.h>

enum { WIDTH_LIMIT = 1000 };

/* ---- Reading ------------------------------------------------------------- */

/* The literal at the front, up to the brace of a field. */
static const char *take_literal(const char *p, const char *end, char *bytes,
                                struct csi_template_part *part)
{
    char *out = bytes;

    for (; p < end; p++) {
        bool doubled = p + 1 < end && p[1] == *p;

        if (*p == '{' && !doubled)
            break;
        p += doubled && (*p == '{' || *p == '}');
        *out++ = *p;
    }
    part->text = bytes;
    part->length = (size_t)(out - bytes);
    return p;
}

static const char *take_digits(const char *p, const char *end, uint32_t *number)
{
    for (; p < end && *p >= '0' && *p <= '9' && *number <= WIDTH_LIMIT; p++)
        *number = *number * 10 + (uint32_t)(*p - '0');
    return p;
}

/* :>8, :05, :.2f, or a width and that. */
static const char *take_layout(const char *p, const char *end,
                               struct csi_template_part *part)
{
    const char *digits;

    p++;
    if (p < end && (*p == '<' || *p == '>' || *p == '^'))
        part->align = *p++;
    part->zeros = end - p > 1 && *p == '0' && p[1] >= '0' && p[1] <= '9';
    p = take_digits(p, end, &part->width);
    if (p < end && *p == '.') {
        digits = take_digits(p + 1, end, &part->decimals);
        part->fixed = digits > p + 1 && digits < end && *digits == 'f';
        p = part->fixed ? digits + 1 : p;
    }
    if (!part->align)
        part->align = part->fixed || part->zeros ? '>' : '<';
    return p;
}

static const char *take_name(const char *p, const char *end,
                             struct csi_template_part *part)
{
    bool quoted = p < end && *p == '`';
    const char *behind;

    p += quoted;
    behind = p;
    while (behind < end &&
           (quoted ? *behind != '`'
                   : *behind != '}' && *behind != ':' && *behind != '{'))
        behind++;
    part->name = p;
    part->name_length = (size_t)(behind - p);
    return behind + (quoted && behind < end);
}

const char *csi_template_next(const char **text, size_t *length, char *bytes,
                              struct csi_template_part *part)
{
    const char *end = *text + *length, *brace;

    *part = (struct csi_template_part){.field = {COSEND_NO_FIELD}};
    *text = brace = take_literal(*text, end, bytes, part);
    *length = (size_t)(end - *text);
    if (!*length)
        return NULL;
    *text = take_name(brace + 1, end, part);
    if (*text < end && **text == ':')
        *text = take_layout(*text, end, part);
    *length = (size_t)(end - *text);
    if (*length && **text == '}' && part->name_length) {
        ++*text;
        --*length;
        if (part->decimals > CSI_FIXED_DECIMALS)
            return "a number has at most 100 digits behind the point";
        if (part->zeros && part->align != '>')
            return "zeros fill a field in front, so {name:05} has no < or ^";
        return part->width <= WIDTH_LIMIT
                   ? NULL
                   : "a field is at most 1000 characters wide";
    }
    if (!*length || **text == '{') {
        *text = brace;
        return "this { is not closed; a brace that is meant is written {{";
    }
    return part->name_length
               ? "a layout is <, > or ^ and a width, as in {name:>8}, or one "
                 "to fill with zeros, as in {name:05}, and .2f for two digits "
                 "behind the point, as in {name:8.2f}"
               : "a field's name is missing between the braces";
}

/* ---- Filling ------------------------------------------------------------- */

static void put(struct cosend_bytes *to, const char *text, size_t length)
{
    unsigned char *place = csi_bytes_extend(to, length);

    if (place && length)
        memcpy(place, text, length);
}

static void put_signs(struct cosend_bytes *to, char sign, size_t count)
{
    unsigned char *place = csi_bytes_extend(to, count);

    if (place)
        memset(place, sign, count);
}

/* Of so many blanks, those in front. */
static size_t blanks_before(const struct csi_template_part *part, size_t blanks)
{
    return part->align == '>' ? blanks : part->align == '^' ? blanks / 2 : 0;
}

/* Text with zeros in front, but not in front of its sign. */
static void put_behind_zeros(const char *text, size_t length, size_t zeros,
                             struct cosend_bytes *to)
{
    size_t sign = *text == '-' || *text == '+';

    put(to, text, sign);
    put_signs(to, '0', zeros);
    put(to, text + sign, length - sign);
}

static size_t blanks_beside(const struct csi_template_part *part,
                            const char *text, size_t length)
{
    size_t characters = part->align ? csi_utf8_count(text, length) : 0;

    return part->width > characters ? part->width - characters : 0;
}

static void put_text(const struct csi_template_part *part, const char *text,
                     size_t length, struct cosend_bytes *to)
{
    size_t blanks = blanks_beside(part, text, length);
    size_t before = blanks_before(part, blanks);

    put_signs(to, ' ', before);
    put(to, text, length);
    put_signs(to, ' ', blanks - before);
}

/* Nothing is no number, and zeros do not make one of it. */
static void put_field(const struct csi_template_part *part, const char *text,
                      size_t length, struct cosend_bytes *to)
{
    if (part->zeros && length)
        put_behind_zeros(text, length, blanks_beside(part, text, length), to);
    else
        put_text(part, text, length, to);
}

/* A number with so many digits behind its point. Text that is none stays. */
static void put_number(const struct csi_template_part *part, const char *text,
                       size_t length, struct cosend_bytes *to)
{
    size_t start = to->length, fixed, blanks, before, sign;
    unsigned char *place = csi_bytes_extend(
        to, part->width + csi_fixed_room(length, part->decimals));

    if (!place)
        return;
    fixed = csi_number_fixed(text, length, part->decimals, (char *)place);
    to->length = start;
    if (!fixed) {
        put_text(part, text, length, to);
        return;
    }
    blanks = part->width > fixed ? part->width - fixed : 0;
    before = blanks_before(part, blanks);
    sign = part->zeros && *place == '-';
    memmove(place + sign + before, place + sign, fixed - sign);
    memset(place + sign, part->zeros ? '0' : ' ', before);
    memset(place + before + fixed, ' ', blanks - before);
    to->length += fixed + blanks;
}

uint32_t cosend_fill_template(const struct cosend_template *filled,
                              const struct cosend_record *record,
                              const char *missing, struct cosend_bytes *to)
{
    uint32_t lacking = 0;

    for (size_t i = 0; i < filled->count; i++) {
        const struct csi_template_part *part = &filled->parts[i];
        struct cosend_cell cell;
        bool lacks;

        put(to, part->text, part->length);
        if (!cosend_has_field(part->field))
            continue;
        cell = cosend_field(record, part->field);
        lacks = cell.kind == COSEND_ABSENT || cell.kind == COSEND_NULL;
        lacking += lacks;
        if (lacks)
            cell = missing ? cosend_text(missing, strlen(missing))
                           : cosend_text("", 0);
        if (part->fixed)
            put_number(part, cell.data, cell.length, to);
        else if (lacks)
            put_text(part, cell.data, cell.length, to);
        else
            put_field(part, cell.data, cell.length, to);
    }
    return lacking;
}

uint32_t cosend_template_misfit(const struct cosend_template *filled,
                                const struct cosend_record *record)
{
    uint32_t count = cosend_template_count(filled);
    double value;

    for (uint32_t i = 0; filled->numbers && i < count; i++) {
        struct cosend_cell cell;

        if (!filled->parts[i].fixed)
            continue;
        cell = cosend_field(record, filled->parts[i].field);
        if (!cosend_is_blank(cell) &&
            !(cell.kind <= COSEND_NUMBER &&
              cosend_parse_double(cell.data, cell.length, &value)))
            return i;
    }
    return count;
}

const char *cosend_template_text(const struct cosend_template *filled)
{
    return filled->text;
}

/* Only the last part may be without a field. */
uint32_t cosend_template_count(const struct cosend_template *filled)
{
    size_t count = filled->count;

    if (count && !cosend_has_field(filled->parts[count - 1].field))
        count--;
    return (uint32_t)count;
}

struct cosend_field cosend_template_field(const struct cosend_template *filled,
                                          uint32_t i)
{
    return filled->parts[i].field;
}
