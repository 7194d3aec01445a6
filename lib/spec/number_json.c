/* SPDX-License-Identifier: MIT */
#include "spec/number_json.h"

#include "record/number_compare.h"

#include <string.h>

bool csi_is_number(const char *text, size_t length)
{
    struct csi_number number;

    return csi_number_init(&number, text, length);
}

static size_t skip_digits(const char *text, size_t length, size_t from)
{
    while (from < length && text[from] >= '0' && text[from] <= '9')
        from++;
    return from;
}

/* What JSON's grammar leaves out of data's: a plus, a 0 before other digits, a
   point without digits on both sides. */
bool csi_is_json_number(const char *text, size_t length)
{
    size_t start = length && *text == '-', point;

    if (!csi_is_number(text, length) || *text == '+')
        return false;
    point = skip_digits(text, length, start);
    if (point == start || (text[start] == '0' && point > start + 1))
        return false;
    return point == length || text[point] != '.' ||
           skip_digits(text, length, point + 1) > point + 1;
}

static size_t format(const json_t *json, char text[COSEND_NUMBER_MAX])
{
    if (json_is_integer(json))
        return cosend_format_integer(json_integer_value(json), text);
    return cosend_format_double(json_real_value(json), text);
}

char *csi_number_text(const json_t *json)
{
    char text[COSEND_NUMBER_MAX];

    return csi_strndup(text, format(json, text));
}

bool csi_number_is_rounded(const json_t *json, const char *text, size_t length)
{
    char kept[COSEND_NUMBER_MAX];
    struct csi_number number;
    int order = 0;

    return csi_number_init(&number, text, length) &&
           csi_number_compare(kept, format(json, kept), &number, &order) &&
           order != 0;
}

/* ---- Written with all digits --------------------------------------------- */

/* No string of a spec begins with a NUL. */
static const char mark[] = "\"\\u0000";

json_t *csi_number_json(const char *text, size_t length)
{
    const char *p = text, *end = text + length, *digits;
    char *copy = csi_malloc(length + 2), *to = copy;
    json_t *json;

    if (!copy)
        return NULL;
    *to++ = '\0';
    if (*p == '-')
        *to++ = '-';
    p += *p == '-' || *p == '+';
    while (p + 1 < end && *p == '0' && p[1] >= '0' && p[1] <= '9')
        p++;
    digits = p;
    p += skip_digits(p, (size_t)(end - p), 0);
    if (p == digits)
        *to++ = '0';
    memcpy(to, digits, (size_t)(p - digits));
    to += p - digits;
    if (p < end && *p == '.' && !skip_digits(p + 1, (size_t)(end - p) - 1, 0))
        p++;
    memcpy(to, p, (size_t)(end - p));
    to += end - p;
    json = json_stringn_nocheck(copy, (size_t)(to - copy));
    csi_free(copy);
    return json;
}

void csi_numbers_unquote(char *dumped)
{
    char *to = strstr(dumped, mark), *from = to, *next;

    while (from) {
        char *end = strchr(from += sizeof(mark) - 1, '"');

        memmove(to, from, (size_t)(end - from));
        to += end - from;
        from = end + 1;
        next = strstr(from, mark);
        end = next ? next : from + strlen(from);
        memmove(to, from, (size_t)(end - from));
        to += end - from;
        from = next;
    }
    if (to)
        *to = '\0';
}
