/* SPDX-License-Identifier: MIT */
/*
 * Functions of text. Text is bytes; what counts characters counts those of
 * UTF-8, and each byte that is none as one.
 */
#include "expression/functions_text.h"

#include "base/letter_case.h"
#include "base/utf8.h"

#include <string.h>

/* Longer text is nobody's cell. */
enum { TEXT_LIMIT = 16 << 20 };

static const struct cosend_value empty_text = {
    .type = COSEND_TYPE_TEXT, .length = 0, .as.text = ""};

/* Room for text that is made; NULL with *value BAD, or without memory. */
static char *new_text(struct csi_call *call, size_t length,
                      struct cosend_value *value)
{
    char *text;

    *value = empty_text;
    if (length > TEXT_LIMIT) {
        *value = csi_bad_value(call->evaluation, "out_of_range",
                               "%s makes text of more than 16 MiB",
                               call->term->function->shown.name);
        return NULL;
    }
    text = csi_arena_bytes(call->evaluation->arena, length ? length : 1);
    if (!text)
        call->evaluation->no_memory = true;
    else
        *value = csi_text_value(text, length);
    return text;
}

/* Bytes of the first `count` characters at most. */
static size_t skip_characters(const char *text, size_t length, int64_t count)
{
    const char *p = text, *end = text + length;

    for (; p < end && count > 0; count--) {
        int size = csi_utf8_character(p, end);

        p += size > 0 ? size : 1;
    }
    return (size_t)(p - text);
}

static struct cosend_value apply_bytes(struct csi_call *call)
{
    return csi_integer_value(call->arguments[0].length);
}

/* ---- Case ---------------------------------------------------------------- */

static struct cosend_value map_case(struct csi_call *call, enum cosend_case to)
{
    const struct cosend_value *x = &call->arguments[0];
    struct cosend_value value;
    char *out = new_text(call, 2 * (size_t)x->length, &value);

    if (!out)
        return value;
    return csi_text_value(out, csi_change_case(x->as.text, x->length, to, out));
}

static struct cosend_value apply_lower(struct csi_call *call)
{
    return map_case(call, COSEND_CASE_LOWER);
}

static struct cosend_value apply_upper(struct csi_call *call)
{
    return map_case(call, COSEND_CASE_UPPER);
}

static struct cosend_value apply_title(struct csi_call *call)
{
    return map_case(call, COSEND_CASE_TITLE);
}

/* ---- Parts --------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct cosend_value trim(const struct cosend_value *x, bool left,
                                bool right)
{
    const char *p = x->as.text, *end = p + x->length;

    while (left && p < end && is_blank(*p))
        p++;
    while (right && end > p && is_blank(end[-1]))
        end--;
    return csi_text_value(p, (size_t)(end - p));
}

static struct cosend_value apply_trim(struct csi_call *call)
{
    return trim(&call->arguments[0], true, true);
}

static struct cosend_value apply_ltrim(struct csi_call *call)
{
    return trim(&call->arguments[0], true, false);
}

static struct cosend_value apply_rtrim(struct csi_call *call)
{
    return trim(&call->arguments[0], false, true);
}

static struct cosend_value apply_starts_with(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments, *part = x + 1;

    return csi_bool_value(part->length <= x->length &&
                          memcmp(x->as.text, part->as.text, part->length) == 0);
}

static struct cosend_value apply_ends_with(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments, *part = x + 1;

    return csi_bool_value(part->length <= x->length &&
                          memcmp(x->as.text + x->length - part->length,
                                 part->as.text, part->length) == 0);
}

static size_t count_parts(const struct cosend_value *x,
                          const struct cosend_value *part)
{
    const char *p = x->as.text, *end = p + x->length;
    size_t count = 0;

    while ((p = memmem(p, (size_t)(end - p), part->as.text, part->length))) {
        p += part->length;
        count++;
    }
    return count;
}

/* Part n of those between separators, from 0; -1 is the last. There is none
   beyond: null. */
static struct cosend_value apply_split(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments, *by = x + 1;
    int64_t n = x[2].as.integer;
    const char *p = x->as.text, *end = p + x->length, *found;

    if (!by->length)
        return csi_bad_operand(call->evaluation, "out_of_range",
                               call->term->parts[1], by, "no separator");
    if (n < 0)
        n += (int64_t)count_parts(x, by) + 1;
    if (n < 0)
        return csi_null_value();
    for (;; n--) {
        found = memmem(p, (size_t)(end - p), by->as.text, by->length);
        if (!n)
            return csi_text_value(p, (size_t)((found ? found : end) - p));
        if (!found)
            return csi_null_value();
        p = found + by->length;
    }
}

/* A start below 0 counts from the end. */
static struct cosend_value apply_substr(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    int64_t from = call->arguments[1].as.integer;
    int64_t count = call->count > 2 ? call->arguments[2].as.integer : INT64_MAX;
    int64_t all = from < 0 ? (int64_t)csi_utf8_count(x->as.text, x->length) : 0;
    size_t start;

    from = from >= 0 ? from : all + from > 0 ? all + from : 0;
    start = skip_characters(x->as.text, x->length, from);
    return csi_text_value(
        x->as.text + start,
        skip_characters(x->as.text + start, x->length - start, count));
}

static struct cosend_value apply_replace(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments, *part = x + 1,
                              *with = x + 2;
    const char *p = x->as.text, *end = p + x->length, *found;
    struct cosend_value value = *x;
    size_t count;
    char *out;

    if (!part->length)
        return csi_bad_operand(call->evaluation, "out_of_range",
                               call->term->parts[1], part,
                               "no text to look for");
    count = count_parts(x, part);
    if (!count)
        return value;
    out = new_text(
        call, x->length - count * part->length + count * with->length, &value);
    while (out && (found = memmem(p, (size_t)(end - p), part->as.text,
                                  part->length))) {
        memcpy(out, p, (size_t)(found - p));
        out += found - p;
        memcpy(out, with->as.text, with->length);
        out += with->length;
        p = found + part->length;
    }
    if (out)
        memcpy(out, p, (size_t)(end - p));
    return value;
}

/* ---- Made text ----------------------------------------------------------- */

static struct cosend_value apply_text(struct csi_call *call)
{
    return call->arguments[0];
}

/* What is absent or null adds nothing. */
static struct cosend_value apply_concat(struct csi_call *call)
{
    struct cosend_value value;
    size_t length = 0;
    char *out;

    for (uint32_t i = 0; i < call->count; i++) {
        struct cosend_value *part = &call->arguments[i];

        *part = csi_value_text(call->evaluation, part);
        length += part->length;
    }
    out = new_text(call, length, &value);
    for (uint32_t i = 0; out && i < call->count; i++) {
        memcpy(out, call->arguments[i].as.text, call->arguments[i].length);
        out += call->arguments[i].length;
    }
    return value;
}

static struct cosend_value apply_repeat(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments;
    int64_t times = x[1].as.integer > 0 ? x[1].as.integer : 0;
    struct cosend_value value;
    char *out;

    if (x->length && times > TEXT_LIMIT)
        times = TEXT_LIMIT + 1;
    out = new_text(call, x->length ? x->length * (size_t)times : 0, &value);
    for (int64_t i = 0; out && x->length && i < times; i++) {
        memcpy(out, x->as.text, x->length);
        out += x->length;
    }
    return value;
}

static struct cosend_value apply_reverse(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments;
    const char *p = x->as.text, *end = p + x->length;
    struct cosend_value value;
    char *out = new_text(call, x->length, &value);
    size_t left = x->length;

    if (!out)
        return value;
    while (p < end) {
        int size = csi_utf8_character(p, end);

        size = size > 0 ? size : 1;
        left -= (size_t)size;
        memcpy(out + left, p, (size_t)size);
        p += size;
    }
    return value;
}

/* To n characters, blanks behind it; below 0, before it. */
static struct cosend_value apply_pad(struct csi_call *call)
{
    const struct cosend_value *x = call->arguments;
    int64_t width = x[1].as.integer, blanks;
    bool before = width < 0;
    struct cosend_value value = *x;
    char *out;

    if (width < -TEXT_LIMIT || width > TEXT_LIMIT)
        width = TEXT_LIMIT + 1;
    blanks = (width < 0 ? -width : width) -
             (int64_t)csi_utf8_count(x->as.text, x->length);
    if (blanks <= 0)
        return value;
    out = new_text(call, x->length + (size_t)blanks, &value);
    if (!out)
        return value;
    memset(out, ' ', value.length);
    memcpy(out + (before ? blanks : 0), x->as.text, x->length);
    return value;
}

#define TEXT CSI_TERM_TEXT, CSI_TERM_CALL
#define BOOL CSI_TERM_BOOL, CSI_TERM_CALL

const struct csi_function csi_functions_text[] = {
    {{"bytes", "x", "text", "How many bytes it has", "bytes(\"na\\u00efve\")",
      "6"},
     "s",
     1,
     false,
     CSI_TERM_NUMBER,
     CSI_TERM_CALL,
     apply_bytes},
    {{"lower", "x", "text", "In small letters", "lower(\"ABC\")", "abc"},
     "s",
     1,
     false,
     TEXT,
     apply_lower},
    {{"upper", "x", "text", "In capitals", "upper(\"abc\")", "ABC"},
     "s",
     1,
     false,
     TEXT,
     apply_upper},
    {{"title", "x", "text", "Each word with a capital, itself unchanged",
      "title(\"two words\")", "Two Words"},
     "s",
     1,
     false,
     TEXT,
     apply_title},
    {{"trim", "x", "text", "Without blanks at both ends", "trim(\" a \")", "a"},
     "s",
     1,
     false,
     TEXT,
     apply_trim},
    {{"ltrim", "x", "text", "Without blanks at its start",
      "concat(ltrim(\" a \"), \".\")", "a ."},
     "s",
     1,
     false,
     TEXT,
     apply_ltrim},
    {{"rtrim", "x", "text", "Without blanks at its end",
      "concat(rtrim(\" a \"), \".\")", " a."},
     "s",
     1,
     false,
     TEXT,
     apply_rtrim},
    {{"starts_with", "x, part", "text", "Whether it starts with another text",
      "starts_with(\"/api/x\", \"/api\")", "true"},
     "ss",
     2,
     false,
     BOOL,
     apply_starts_with},
    {{"ends_with", "x, part", "text", "Whether it ends with another text",
      "ends_with(\"a.csv\", \".csv\")", "true"},
     "ss",
     2,
     false,
     BOOL,
     apply_ends_with},
    {{"substr", "x, from, count", "text",
      "Characters from one on, the first of which is 0, -1 the last",
      "substr(\"abcdef\", 1, 3)", "bcd"},
     "sii",
     2,
     false,
     TEXT,
     apply_substr},
    {{"split", "x, separator, n", "text",
      "The part between separators, the first of which is 0, -1 the last",
      "split(\"a/b/c\", \"/\", -1)", "c"},
     "ssi",
     3,
     false,
     TEXT,
     apply_split},
    {{"replace", "x, a, b", "text", "Each a in it replaced by b",
      "replace(\"a-b-c\", \"-\", \"+\")", "a+b+c"},
     "sss",
     3,
     false,
     TEXT,
     apply_replace},
    {{"pad", "x, n", "text",
      "Filled up with blanks to n characters; below 0, before it", "pad(7, -3)",
      "  7"},
     "si",
     2,
     false,
     TEXT,
     apply_pad},
    {{"repeat", "x, n", "text", "n times", "repeat(\"ab\", 3)", "ababab"},
     "si",
     2,
     false,
     TEXT,
     apply_repeat},
    {{"reverse", "x", "text", "Its characters from the last to the first",
      "reverse(\"abc\")", "cba"},
     "s",
     1,
     false,
     TEXT,
     apply_reverse},
    {{"text", "x", "text", "As text, a number as it is written or printed",
      "text(1 / 4)", "0.25"},
     "s",
     1,
     false,
     TEXT,
     apply_text},
    {{"concat", "a, b, ...", "text",
      "One behind the other; what is absent or null adds nothing",
      "concat(\"a\", 1, null)", "a1"},
     "a",
     1,
     true,
     TEXT,
     apply_concat},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
