/* SPDX-License-Identifier: MIT */
#include "cosend/conversion.h"

#include "cosend/number.h"
#include "cosend/value.h"

#include <string.h>
#include <strings.h>
#include <time.h>

const char *const cosend_conversion_types[] = {"int",    "float", "bool",
                                               "string", "date",  NULL};

/* ---- Numbers ------------------------------------------------------------- */

static bool is_digit_at(struct cosend_cell cell, uint32_t i)
{
    return i < cell.length && cell.data[i] >= '0' && cell.data[i] <= '9';
}

/* Whether what stands between groups of digits does: three in the last one, two
   or three in those between, as in 12,34,567, and no 0 in front. Elsewhere it
   is a fraction's, as in 1,5 and 0,125, and left out it would make 15 of that,
   and 125. */
static bool has_groups(struct cosend_cell cell, char group)
{
    uint32_t i = cell.length && (*cell.data == '-' || *cell.data == '+');
    uint32_t digits = 0, count = 0;
    bool is_zero = is_digit_at(cell, i) && cell.data[i] == '0';

    for (; is_digit_at(cell, i) || (i < cell.length && cell.data[i] == group);
         i++) {
        if (cell.data[i] != group) {
            digits++;
            continue;
        }
        if (!digits || digits > 3 || (count && digits < 2))
            return false;
        count++;
        digits = 0;
    }
    return (!count || (digits == 3 && !is_zero)) &&
           !memchr(cell.data + i, group, cell.length - i);
}

/* The number's text in our own grammar: in `text` where that is another. */
static struct cosend_cell plain_number(const struct cosend_conversion *how,
                                       struct cosend_cell cell,
                                       struct cosend_bytes *text)
{
    char decimal = how->decimal ? how->decimal : '.', group = how->group;

    if (cell.kind == COSEND_NUMBER || (decimal == '.' && !group))
        return cell;
    cosend_bytes_clear(text);
    for (uint32_t i = 0; i < cell.length; i++) {
        char c = cell.data[i];

        /* A point that is neither means no number. */
        if (group && c == group)
            continue;
        cosend_put_u8(text, (uint8_t)(c == decimal ? '.' : c == '.' ? '?' : c));
    }
    return cosend_text((const char *)text->data, text->length);
}

/* An integer that is more than 64 bits: digits, behind a sign. */
static bool put_digits(struct cosend_cell number, struct cosend_bytes *text)
{
    const char *p = number.data, *end = p + number.length;
    char copy[512];
    size_t length = 0;

    if (*p == '-')
        copy[length++] = '-';
    p += *p == '-' || *p == '+';
    while (end - p > 1 && *p == '0')
        p++;
    for (; p < end; p++)
        if (*p < '0' || *p > '9' || length == sizeof(copy))
            return false;
        else
            copy[length++] = *p;
    cosend_bytes_clear(text);
    cosend_put_raw(text, copy, length);
    return true;
}

/* In `text`. Returns what is wrong, or NULL. */
static const char *to_number(const struct cosend_conversion *how, bool whole,
                             struct cosend_cell cell, struct cosend_bytes *text)
{
    struct cosend_cell number;
    struct cosend_value value;
    char digits[COSEND_NUMBER_MAX];
    double nearest;
    size_t length;

    if (how->group && cell.kind != COSEND_NUMBER &&
        !has_groups(cell, how->group))
        return "is not a number whose digits are in groups of three";
    number = plain_number(how, cell, text);
    value = cosend_value_of(number);
    if (!cosend_is_number(&value))
        return "is not a number";
    if (whole && value.type != COSEND_TYPE_INT)
        return value.type == COSEND_TYPE_DECIMAL && put_digits(number, text)
                   ? NULL
                   : "is not a whole number";
    cosend_value_double(&value, &nearest);
    length = value.type == COSEND_TYPE_INT
                 ? cosend_format_integer(value.as.integer, digits)
                 : cosend_format_double(nearest, digits);
    cosend_bytes_clear(text);
    cosend_put_raw(text, digits, length);
    return NULL;
}

/* ---- All of them --------------------------------------------------------- */

static const char *to_bool(struct cosend_cell cell, struct cosend_bytes *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "t",     "f",   "y",  "n",
                                        "1",    "0",     NULL};

    cosend_bytes_clear(text);
    for (int i = 0; words[i]; i++)
        if (strlen(words[i]) == cell.length &&
            strncasecmp(words[i], cell.data, cell.length) == 0) {
            cosend_put_raw(text, i % 2 ? "false" : "true", i % 2 ? 5 : 4);
            return NULL;
        }
    return "is neither true nor false";
}

static const char *to_date(const struct cosend_conversion *how,
                           struct cosend_cell cell, struct cosend_bytes *text)
{
    struct cosend_time_context context = {
        .zone = how->zone, .now = (int64_t)time(NULL) * 1000000000};
    struct cosend_time when;
    char out[COSEND_TIME_MAX];
    size_t length;

    if (!cosend_parse_time(how->format, cell.data, cell.length, &context,
                           &when)) {
        const char *why =
            cosend_time_problem(how->format, cell.data, cell.length, &context);

        return why ? why : "is no time";
    }
    length = cosend_format_time(NULL, when, NULL, out, sizeof(out));
    cosend_bytes_clear(text);
    cosend_put_raw(text, out, length);
    return NULL;
}

struct cosend_cell cosend_convert(const struct cosend_conversion *how,
                                  enum cosend_conversion_type type,
                                  struct cosend_cell cell,
                                  struct cosend_bytes *text, const char **why)
{
    static const enum cosend_kind kinds[] = {
        COSEND_NUMBER, COSEND_NUMBER, COSEND_BOOL, COSEND_TEXT, COSEND_TEXT};

    *why = NULL;
    if (cell.kind == COSEND_ABSENT || cell.kind == COSEND_NULL)
        return cell;
    if (type == COSEND_TO_STRING) {
        cell.kind = COSEND_TEXT;
        return cell;
    }
    if (!cell.length)
        return (struct cosend_cell){.kind = COSEND_NULL};
    if (cell.kind == COSEND_NESTED)
        *why = "is an array or object";
    else if (type == COSEND_TO_BOOL)
        *why = to_bool(cell, text);
    else if (type == COSEND_TO_DATE)
        *why = to_date(how, cell, text);
    else
        *why = to_number(how, type == COSEND_TO_INT, cell, text);
    cell = cosend_text((const char *)text->data, text->length);
    cell.kind = kinds[type];
    return cell;
}

const char *cosend_conversion_fault(enum cosend_conversion_type type)
{
    static const char *const faults[] = {
        "not_an_int", "not_a_number", "not_a_bool", "not_text", "not_a_time"};

    return faults[type];
}
