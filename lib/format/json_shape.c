/* SPDX-License-Identifier: MIT */
#include "format/json_shape.h"

#include "base/json_plain.h"
#include "base/short.h"
#include "format/json_cell.h"
#include "record/byte_bitmaps.h"
#include "record/number_parse.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* ---- Learning ------------------------------------------------------------ */

/* As find_special has them: what does not stand for itself in a string. */
static uint32_t count_special(const char *p, const char *end)
{
    uint32_t count = 0;

    while ((p = csi_json_plain(p, end)) < end) {
        count++;
        p++;
    }
    return count;
}

static bool add_part(struct csi_json_shape *shape, const char *start,
                     const char *end)
{
    struct csi_shape_part *part = &shape->parts[shape->count];
    uint32_t at = shape->count ? part[-1].start + part[-1].length : 0;

    if ((size_t)(end - start) > CSI_SHAPE_BYTES - at)
        return false;
    part->start = at;
    part->length = (uint32_t)(end - start);
    part->special = count_special(start, end);
    memcpy(shape->text + at, start, part->length);
    return true;
}

/* A scalar in valid JSON, a string without its quotes. */
struct leaf {
    const char *start, *end;
    bool string;
};

/* The string whose opening quote is at p, unless it is a member's name. Returns
   behind it. */
static const char *take_string(struct leaf *leaf, const char *p,
                               const char *end, bool *name)
{
    bool escaped;
    const char *next = csi_json_string(p, end, &escaped), *colon = next;

    while (colon < end && strchr(" \t\r\n", *colon))
        colon++;
    *name = colon < end && *colon == ':';
    *leaf = (struct leaf){p + 1, next - 1, true};
    return next;
}

/* The first scalar from p on; false where there is none. */
static bool next_leaf(struct leaf *leaf, const char *p, const char *end)
{
    while (p < end) {
        bool name = true;

        if (*p == '"') {
            p = take_string(leaf, p, end, &name);
            if (!name)
                return true;
        } else if (!strchr(" \t\r\n{}[],:", *p)) {
            *leaf = (struct leaf){p, p, false};
            while (leaf->end < end && !strchr(" \t\r\n]},", *leaf->end))
                leaf->end++;
            return true;
        } else {
            p++;
        }
    }
    return false;
}

/* Where a column's value starts: in the line, if it can be a leaf; NULL: the
   record has none. A name, dots and all, goes before a path. */
static const char *column_start(const struct csi_json *json,
                                const struct csi_schema_column *column,
                                const struct cosend_cell *cell)
{
    for (size_t i = json->count; i-- > 0;) {
        const struct csi_json_member *member = &json->members[i];

        if (member->name_length == column->length &&
            memcmp(member->name, column->name, column->length) == 0)
            return member->value + (member->kind == COSEND_TEXT);
    }
    return cell->kind == COSEND_ABSENT ? NULL : cell->data;
}

/* Whether the scalar that a part is in front of is the next member; what the
   part holds begins at `start`. */
static bool take_name(struct csi_shape_part *part, const char *start,
                      const struct leaf *leaf,
                      const struct csi_json_member *member)
{
    if (member->value + leaf->string != leaf->start || member->name_escaped ||
        member->name < start || member->name > leaf->start)
        return false;
    part->name = part->start + (uint32_t)(member->name - start);
    part->name_length = member->name_length;
    return true;
}

static bool learn(struct csi_json_shape *shape, const struct csi_json *json,
                  const char *const *columns, uint32_t count, const char *line,
                  const char *end)
{
    const char *next = line;
    uint64_t found = 0;
    struct leaf leaf;

    for (; next_leaf(&leaf, next, end); shape->count++) {
        struct csi_shape_part *part = &shape->parts[shape->count];

        if (shape->count == CSI_SHAPE_MEMBERS ||
            !add_part(shape, line, leaf.start))
            return false;
        part->string = leaf.string;
        shape->flat =
            shape->flat && shape->count < json->count &&
            take_name(part, line, &leaf, &json->members[shape->count]);
        part->column = CSI_NO_COLUMN;
        for (uint32_t c = 0; c < count; c++)
            if (columns[c] == leaf.start)
                part->column = c;
        if (part->column != CSI_NO_COLUMN)
            found |= UINT64_C(1) << part->column;
        line = leaf.end;
        next = line + leaf.string;
    }
    shape->flat = shape->flat && shape->count == json->count;
    for (uint32_t c = 0; c < count; c++)
        if (!columns[c])
            shape->missing |= UINT64_C(1) << c;
        else if (!(found >> c & 1))
            return false;
    return add_part(shape, line, end);
}

void csi_json_learn(struct csi_json_shape *shape, const struct csi_json *json,
                    const char *line, const char *end,
                    const struct cosend_schema *declared,
                    const struct csi_rows *rows, uint32_t row)
{
    const char *columns[CSI_SHAPE_MEMBERS];
    bool repeats = true;

    shape->count = 0;
    shape->missing = 0;
    shape->flat = csi_json_repeats(json, &repeats) && !repeats;
    if (declared->count > CSI_SHAPE_MEMBERS)
        return;
    for (uint32_t i = 0; i < declared->count; i++)
        columns[i] =
            column_start(json, &declared->columns[i], &rows->cells[i][row]);
    if (!learn(shape, json, columns, declared->count, line, end))
        shape->count = 0;
}

const struct csi_known_names *csi_json_names(const struct csi_json_shape *shape,
                                             struct csi_arena *arena)
{
    const struct csi_shape_part *last = &shape->parts[shape->count];
    struct csi_known_names *names = csi_arena_get(
        arena, sizeof(*names) + shape->count * sizeof(*names->names));
    char *text = csi_arena_bytes(arena, last->start);

    if (!names || !text)
        return NULL;
    memcpy(text, shape->text, last->start);
    names->count = shape->count;
    for (uint32_t i = 0; i < shape->count; i++)
        names->names[i] = (struct csi_known_name){text + shape->parts[i].name,
                                                  shape->parts[i].name_length};
    return names;
}

/* ---- Matching ------------------------------------------------------------ */

/* As memcmp, of bytes behind which CSI_SHAPE_SLACK more can be read. Most are
   no more than sixteen. */
static inline bool is_same(const char *a, const char *b, uint32_t length)
{
#if defined(__SSE2__)
    for (;; length -= 16, a += 16, b += 16) {
        __m128i left = _mm_loadu_si128((const __m128i *)(const void *)a);
        __m128i right = _mm_loadu_si128((const __m128i *)(const void *)b);
        uint32_t same =
            (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(left, right));

        if (length <= 16)
            return (~same & ((UINT32_C(1) << length) - 1)) == 0;
        if (same != 0xFFFF)
            return false;
    }
#else
    for (; length >= 8; length -= 8, a += 8, b += 8)
        if (csi_load64(a) != csi_load64(b))
            return false;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return ((csi_load64(a) ^ csi_load64(b)) &
            ((UINT64_C(1) << 8 * length) - 1)) == 0;
#else
    return memcmp(a, b, length) == 0;
#endif
#endif
}

static inline const char *next_special(const struct csi_special *special,
                                       const char *p)
{
    return csi_bitmap_next(special->words, special->base, p);
}

/* What is behind a line may be digits too. */
static inline const char *skip_digits(const char *p, const char *end)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (; p < end; p += 8) {
        uint64_t odd = csi_digits_odd(csi_digits_from(csi_load64(p)));

        if (odd)
            return p + __builtin_ctzll(odd) / 8;
    }
#else
    while (p < end && (unsigned)(*p - '0') < 10)
        p++;
#endif
    return p;
}

/* Behind a number from its digits on; NULL where it is none. */
static const char *skip_number(const char *digits, const char *end)
{
    const char *p = skip_digits(digits, end);

    if (p == digits || (*digits == '0' && p - digits > 1))
        return NULL;
    if (*p == '.') {
        digits = ++p;
        p = skip_digits(p, end);
        if (p == digits)
            return NULL;
    }
    if (*p == 'e' || *p == 'E') {
        p++;
        digits = p += *p == '+' || *p == '-';
        p = skip_digits(p, end);
        if (p == digits)
            return NULL;
    }
    return p;
}

/* The same, of most numbers at one look at sixteen bytes. */
static inline const char *number_end(const char *digits, const char *end)
{
#if defined(__SSE2__)
    __m128i values =
        _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)digits),
                     _mm_set1_epi8('0'));
    __m128i are =
        _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
    uint32_t odd = (uint32_t)_mm_movemask_epi8(are) ^ 0xFFFF, next;
    unsigned whole, all;

    next = odd & (odd - 1);
    if (!next)
        return skip_number(digits, end);
    whole = all = (unsigned)__builtin_ctz(odd);
    if (digits[whole] == '.')
        all = (unsigned)__builtin_ctz(next);
    if (!whole || all == whole + 1 || (*digits == '0' && whole > 1))
        return NULL;
    return (digits[all] | 0x20) == 'e' ? skip_number(digits, end)
                                       : digits + all;
#else
    return skip_number(digits, end);
#endif
}

/* Behind a number, true, false or null; NULL where it is none of them. It may
   be behind the line's end. */
static const char *bare(const char *p, const char *end, enum cosend_kind *kind)
{
    static const struct {
        char text[CSI_SHAPE_SLACK];
        uint32_t length;
        enum cosend_kind kind;
    } words[] = {{"true", 4, COSEND_BOOL},
                 {"false", 5, COSEND_BOOL},
                 {"null", 4, COSEND_NULL}};

    for (int i = 0; i < 3 && *p > '9'; i++)
        if (*p == words[i].text[0] &&
            is_same(p, words[i].text, words[i].length)) {
            *kind = words[i].kind;
            return p + words[i].length;
        }
    *kind = COSEND_NUMBER;
    return number_end(p + (*p == '-'), end);
}

/* The closing quote of the string that starts at `start`; NULL where it is not
   a valid one. */
static const char *look_for_end(const struct csi_special *special,
                                const char *start, const char *end,
                                bool *escaped)
{
    const char *p = next_special(special, start);

    while (*p == '\\' && p + 1 < end && csi_json_is_escape(p[1])) {
        *escaped = true;
        p = next_special(special, p + 2);
    }
    if (*p == '"')
        return p;
    p = csi_json_string(start - 1, end, escaped);
    return p ? p - 1 : NULL;
}

/*
 * The same, where place *at is that of the first special byte in the string or
 * of its closing quote, which mostly is the same; it becomes that of the quote.
 * So where a string ends does not follow from where it starts, and a processor
 * need not wait for the one to look at the other.
 */
static inline const char *string_end(const struct csi_special *special,
                                     size_t *at, const char *start,
                                     const char *end, bool *escaped)
{
    const char *p = special->base + special->places[*at];

    if (*p == '"')
        return p;
    p = look_for_end(special, start, end, escaped);
    while (p && special->base + special->places[*at] < p)
        ++*at;
    return p;
}

/* The first special byte of a line. */
static size_t first_place(const struct csi_special *special, const char *line)
{
    size_t from = (size_t)(line - special->base), at = special->next;

    while (special->places[at] < from)
        at++;
    return at;
}

enum csi_shape_result csi_json_match(const struct csi_json_shape *shape,
                                     struct csi_special *special,
                                     const char *line, const char *end,
                                     struct csi_rows *rows, uint32_t row,
                                     struct cosend_cell *all)
{
    const struct csi_shape_part *part = shape->parts;
    const struct csi_shape_part *last = part + shape->count;
    size_t at = special->next = first_place(special, line);
    const char *p = line;

    for (;; part++) {
        enum cosend_kind kind = COSEND_TEXT;
        bool escaped = false;
        struct cosend_cell *cell;
        const char *start;

        if ((size_t)(end - p) < part->length ||
            !is_same(p, shape->text + part->start, part->length))
            return CSI_SHAPE_OTHER;
        p += part->length;
        at += part->special;
        if (part == last)
            break;
        start = p;
        p = part->string ? string_end(special, &at, p, end, &escaped)
                         : bare(p, end, &kind);
        if (!p || p > end)
            return CSI_SHAPE_OTHER;
        if (part->column == CSI_NO_COLUMN && !all)
            continue;
        cell =
            all ? &all[part - shape->parts] : &rows->cells[part->column][row];
        *cell = cosend_text(start, (uint32_t)(p - start));
        cell->kind = kind;
        if (kind == COSEND_NULL)
            cell->length = 0;
        if (escaped && !csi_json_unescape(cell, &rows->arena))
            return CSI_SHAPE_MEMORY;
        if (all && part->column != CSI_NO_COLUMN)
            rows->cells[part->column][row] = *cell;
    }
    if (p != end)
        return CSI_SHAPE_OTHER;
    special->next = at;
    for (uint64_t left = shape->missing; left; left &= left - 1)
        rows->cells[__builtin_ctzll(left)][row] = csi_absent;
    return CSI_SHAPE_SAME;
}
