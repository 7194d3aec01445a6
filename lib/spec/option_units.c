/* SPDX-License-Identifier: MIT */
#include "spec/option_units.h"

#include "cosend/number.h"
#include "record/time_forms.h"
#include "spec/jansson.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Bounds -------------------------------------------------------------- */

static bool has_bounds(const struct cosend_option *option)
{
    return option->minimum < option->maximum;
}

/* A bound, as the option's values are written. */
static const char *bound_text(const struct cosend_check *check, int64_t bound,
                              char buffer[COSEND_DURATION_MAX])
{
    if (check->option->type == COSEND_OPTION_DURATION)
        cosend_format_duration(bound, buffer);
    else
        cosend_format_integer(bound, buffer);
    return buffer;
}

static void out_of_bounds(const struct cosend_check *check,
                          const struct csi_value *value)
{
    const struct cosend_option *option = check->option;
    char least[COSEND_DURATION_MAX], most[COSEND_DURATION_MAX];

    bound_text(check, option->minimum, least);
    bound_text(check, option->maximum, most);
    if (option->maximum == INT64_MAX)
        csi_check_problem(check, value, "must be %s or more", least);
    else
        csi_check_problem(check, value, "must be between %s and %s", least,
                          most);
}

/* Store an integer that is within the option's bounds. */
static void store(const struct cosend_check *check,
                  const struct csi_value *value, int64_t number, void *to)
{
    const struct cosend_option *option = check->option;

    if (has_bounds(option) &&
        (number < option->minimum || number > option->maximum))
        out_of_bounds(check, value);
    else
        *(int64_t *)to = number;
}

/* ---- Numbers ------------------------------------------------------------- */

/* Whether a value is an integer, in JSON or as a word: *number. */
static bool read_int(const struct csi_value *value, int64_t *number)
{
    const char *word = value->bare ? json_string_value(value->json) : NULL;
    size_t sign = word && (*word == '-' || *word == '+');

    *number = json_integer_value(value->json);
    if (!word || !word[sign] || word[sign + strspn(word + sign, "0123456789")])
        return json_is_integer(value->json);
    errno = 0;
    *number = strtoll(word, NULL, 10);
    return errno == 0;
}

void csi_option_int(struct cosend_check *check, const struct csi_value *value,
                    void *to)
{
    int64_t number;

    if (read_int(value, &number))
        store(check, value, number, to);
    else if (json_is_real(value->json))
        csi_check_problem(check, value, "must be a whole number");
    else
        csi_check_wrong_type(check, value, "a whole number");
}

void csi_option_number(struct cosend_check *check,
                       const struct csi_value *value, void *to)
{
    const struct cosend_option *option = check->option;
    double number = json_number_value(value->json);

    if (!json_is_number(value->json) &&
        !(value->bare && json_is_string(value->json) &&
          cosend_parse_double(json_string_value(value->json),
                              json_string_length(value->json), &number)))
        csi_check_wrong_type(check, value, "a number");
    else if (has_bounds(option) && (number < (double)option->minimum ||
                                    (number > (double)option->maximum &&
                                     option->maximum != INT64_MAX)))
        out_of_bounds(check, value);
    else
        *(double *)to = number;
}

/* ---- Quantities ---------------------------------------------------------- */

static const char *text_of(const struct csi_value *value, size_t *length)
{
    *length = json_string_length(value->json);
    return json_string_value(value->json);
}

/* A string that does not mean what it should. */
static void wrong_text(const struct cosend_check *check,
                       const struct csi_value *value, const char *wanted)
{
    const char *text = json_string_value(value->json);

    if (text)
        csi_check_problem(check, value, "must be %s, not \"%.80s\"", wanted,
                          text);
    else
        csi_check_wrong_type(check, value, wanted);
}

void csi_option_duration(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    static const char wanted[] = "a duration, as 90s, 1h30m or 250ms";
    size_t length;
    const char *text = text_of(value, &length);
    int64_t nanoseconds;
    double number;

    if (text && cosend_parse_duration(text, length, &nanoseconds))
        store(check, value, nanoseconds, to);
    else if (text && cosend_parse_double(text, length, &number))
        csi_check_problem(check, value,
                          "must be %s: \"%.80s\" has no unit, which is one of "
                          "ns us ms s m h d w",
                          wanted, text);
    else
        wrong_text(check, value, wanted);
}

/* How many bytes a unit of sizes is, or 0. */
static int64_t size_unit(const char *unit)
{
    static const char letters[] = "KMGT";
    const char *letter = *unit ? strchr(letters, *unit & ~0x20) : NULL;
    int64_t size = 1, step = 1024;

    if (!*unit || strcmp(unit, "B") == 0)
        return 1;
    if (!letter)
        return 0;
    /* 64M and 64MiB are of 1024s, 64MB is of 1000s. */
    if ((unit[1] | 0x20) == 'b' && !unit[2])
        step = 1000;
    else if (unit[1] && strcmp(unit + 1, "iB") != 0)
        return 0;
    for (const char *p = letters; p <= letter; p++)
        size *= step;
    return size;
}

static bool parse_size(const char *text, int64_t *size)
{
    size_t digits = strspn(text, "0123456789");
    int64_t unit = size_unit(text + digits);

    errno = 0;
    *size = strtoll(text, NULL, 10);
    return digits && unit && errno == 0 &&
           !__builtin_mul_overflow(*size, unit, size);
}

void csi_option_size(struct cosend_check *check, const struct csi_value *value,
                     void *to)
{
    static const char wanted[] = "a size in bytes, as 4096, 64K, 64M or 2G";
    const char *text = json_string_value(value->json);
    int64_t size;

    if (json_is_integer(value->json) && json_integer_value(value->json) >= 0)
        store(check, value, json_integer_value(value->json), to);
    else if (text && parse_size(text, &size))
        store(check, value, size, to);
    else if (json_is_integer(value->json))
        csi_check_problem(check, value, "must be 0 or more");
    else
        wrong_text(check, value, wanted);
}

void csi_option_time(struct cosend_check *check, const struct csi_value *value,
                     void *to)
{
    static const char wanted[] =
        "a time, as 2026-11-28T13:55:36Z or 2026-11-28";
    const char *why;
    struct csi_time_parts parts;
    struct cosend_time time;
    char digits[COSEND_NUMBER_MAX];
    size_t length;
    const char *text = text_of(value, &length);

    /* A number is what its digits are. */
    if (json_is_integer(value->json)) {
        length = cosend_format_integer(json_integer_value(value->json), digits);
        text = digits;
    }
    if (!text) {
        csi_check_wrong_type(check, value, wanted);
    } else if (!csi_time_any_read(text, length, &parts) ||
               !csi_time_join(&parts, NULL, &time)) {
        why = cosend_time_problem(NULL, text, length, NULL);
        csi_check_problem(check, value, "must be %s%s\"%.80s\"%s%s", wanted,
                          why ? ": " : ", not ", text, why ? " " : "",
                          why ? why : "");
    } else if (!parts.has_year && !parts.has_epoch) {
        csi_check_problem(check, value, "\"%.80s\" has no year: must be %s",
                          text, wanted);
    } else {
        *(int64_t *)to = time.nanoseconds;
    }
}
