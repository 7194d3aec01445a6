/* SPDX-License-Identifier: MIT */
/* Times against Python's datetime and zoneinfo. */
#include "cosend/time.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { FIELDS = 12, ZONES = 80 };

/* A line of the oracle's: its word and values. */
struct line {
    char text[512];
    const char *field[FIELDS];
    int count;
};

static void split(struct line *line)
{
    char *p = line->text;

    line->text[strcspn(line->text, "\n")] = '\0';
    for (line->count = 0; line->count < FIELDS; line->count++) {
        line->field[line->count] = p;
        p += strcspn(p, "\t");
        if (!*p)
            break;
        *p++ = '\0';
    }
    line->count++;
}

static int64_t number(const struct line *line, int field)
{
    assert_true(field < line->count);
    return strtoll(line->field[field], NULL, 10);
}

/* ---- Zones and formats that were asked for ------------------------------- */

static struct {
    char name[80];
    struct cosend_zone *zone;
} zones[ZONES];
static unsigned next_zone;

static const struct cosend_zone *zone_of(const char *name)
{
    struct cosend_error error = {0};
    unsigned at;

    for (unsigned i = 0; i < ZONES; i++)
        if (zones[i].zone && strcmp(zones[i].name, name) == 0)
            return zones[i].zone;
    at = next_zone++ % ZONES;
    cosend_zone_free(zones[at].zone);
    snprintf(zones[at].name, sizeof(zones[at].name), "%s", name);
    zones[at].zone = cosend_zone_new(name, strlen(name), &error);
    if (!zones[at].zone)
        fail_msg("%s", error.message);
    return zones[at].zone;
}

static void free_zones(void)
{
    for (unsigned i = 0; i < ZONES; i++) {
        cosend_zone_free(zones[i].zone);
        zones[i].zone = NULL;
    }
}

static struct cosend_time_format *format_of(const char *text, bool reads)
{
    struct cosend_error error = {0};
    struct cosend_time_format *format;

    if (!*text)
        return NULL;
    format = cosend_time_format_new(text, strlen(text), reads, &error);
    if (!format)
        fail_msg("%s", error.message);
    return format;
}

/* ---- What is asked ------------------------------------------------------- */

static void check_offset(const struct line *line)
{
    const struct cosend_zone *zone = zone_of(line->field[1]);
    int64_t time = number(line, 2) * 1000000000;
    const char *letters = cosend_zone_letters(zone, time);

    if (cosend_zone_offset(zone, time) != number(line, 3) ||
        strcmp(letters, line->field[4]) != 0)
        fail_msg("%s at %s: %d %s, not %s %s", line->field[1], line->field[2],
                 (int)cosend_zone_offset(zone, time), letters, line->field[3],
                 line->field[4]);
}

static void check_shown(const struct line *line)
{
    struct cosend_civil civil = {.year = (int32_t)number(line, 2),
                                 .month = (int32_t)number(line, 3),
                                 .day = (int32_t)number(line, 4),
                                 .hour = (int32_t)number(line, 5),
                                 .minute = (int32_t)number(line, 6),
                                 .second = (int32_t)number(line, 7)};
    struct cosend_time time;

    assert_true(cosend_zone_time(zone_of(line->field[1]), &civil, &time));
    if (time.nanoseconds != number(line, 8) * 1000000000 ||
        time.offset != number(line, 9))
        fail_msg("%s shows %s-%s-%s %s:%s:%s at %" PRId64 " (%d), not %s (%s)",
                 line->field[1], line->field[2], line->field[3], line->field[4],
                 line->field[5], line->field[6], line->field[7],
                 time.nanoseconds / 1000000000, (int)time.offset,
                 line->field[8], line->field[9]);
}

static void check_parse(const struct line *line)
{
    struct cosend_time_context context = {.zone = zone_of(line->field[1])};
    struct cosend_time_format *format = format_of(line->field[2], true);
    struct cosend_time time;

    if (!cosend_parse_time(format, line->field[3], strlen(line->field[3]),
                           &context, &time))
        fail_msg("\"%s\" is no time by \"%s\"", line->field[3], line->field[2]);
    if (time.nanoseconds != number(line, 4) || time.offset != number(line, 5))
        fail_msg("\"%s\" by \"%s\" in %s: %" PRId64 " (%d), not %s (%s)",
                 line->field[3], line->field[2], line->field[1],
                 time.nanoseconds, (int)time.offset, line->field[4],
                 line->field[5]);
    cosend_time_format_free(format);
}

static void check_print(const struct line *line)
{
    struct cosend_time_format *format = format_of(line->field[2], false);
    struct cosend_time time = {number(line, 3), 0};
    char text[200];

    cosend_format_time(format, time, zone_of(line->field[1]), text,
                       sizeof(text));
    if (strcmp(text, line->field[4]) != 0)
        fail_msg("%s by \"%s\" in %s: \"%s\", not \"%s\"", line->field[3],
                 line->field[2], line->field[1], text, line->field[4]);
    cosend_time_format_free(format);
}

static void check_start(const struct line *line)
{
    struct cosend_time time = {number(line, 3), 0}, start;

    assert_true(cosend_truncate_time(time,
                                     (enum cosend_time_unit)number(line, 2),
                                     zone_of(line->field[1]), &start));
    if (start.nanoseconds != number(line, 4))
        fail_msg("unit %s of %s in %s: %" PRId64 ", not %s", line->field[2],
                 line->field[3], line->field[1], start.nanoseconds,
                 line->field[4]);
}

static void check_fold(const struct line *line)
{
    struct cosend_time_context context = {
        .zone = zone_of(line->field[1]),
        .fold = (enum cosend_fold)number(line, 2)};
    const char *text = line->field[3];
    struct cosend_time time = {0};
    bool none = strcmp(line->field[4], "-") == 0;

    if (cosend_parse_time(NULL, text, strlen(text), &context, &time) == none)
        fail_msg("%s in %s, of two the %s: %s", text, line->field[1],
                 line->field[2], none ? "a time" : "none");
    if (none) {
        assert_non_null(
            cosend_time_problem(NULL, text, strlen(text), &context));
        return;
    }
    if (time.nanoseconds != number(line, 4) * 1000000000 ||
        time.offset != number(line, 5))
        fail_msg("%s in %s, of two the %s: %" PRId64 " (%d), not %s (%s)", text,
                 line->field[1], line->field[2], time.nanoseconds / 1000000000,
                 (int)time.offset, line->field[4], line->field[5]);
}

static void check_slice(const struct line *line)
{
    struct cosend_slices slices = {.zone = zone_of(line->field[1]),
                                   .has_origin = number(line, 3) != 0,
                                   .origin = number(line, 3)};
    int64_t at = number(line, 4), slice;
    struct cosend_time start, next;

    assert_true(cosend_parse_period(line->field[2], strlen(line->field[2]),
                                    &slices.period));
    slice = cosend_slice_of(&slices, at);
    assert_true(cosend_slice_start(&slices, slice, &start));
    if (start.nanoseconds != number(line, 5))
        fail_msg("slice of %s of %s in %s: %" PRId64 ", not %s", line->field[2],
                 line->field[4], line->field[1], start.nanoseconds,
                 line->field[5]);
    assert_int_equal(start.offset,
                     cosend_zone_offset(slices.zone, start.nanoseconds));
    if (cosend_slice_start(&slices, slice + 1, &next))
        assert_true(next.nanoseconds > at);
}

static void check_line(const struct line *line)
{
    static const struct {
        const char *word;
        void (*check)(const struct line *line);
    } checks[] = {{"offset", check_offset}, {"shown", check_shown},
                  {"parse", check_parse},   {"print", check_print},
                  {"start", check_start},   {"fold", check_fold},
                  {"slice", check_slice}};

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        if (strcmp(line->field[0], checks[i].word) == 0) {
            checks[i].check(line);
            return;
        }
    fail_msg("the oracle says \"%s\"", line->field[0]);
}

static void ask(const char *command, int least)
{
    struct line line;
    FILE *oracle;
    int lines = 0;

    if (system("python3 -c 'import zoneinfo; zoneinfo.ZoneInfo(\"Asia/Tokyo\")'"
               " 2>/dev/null") != 0)
        skip();
    oracle = popen(command, "r");
    assert_non_null(oracle);
    while (fgets(line.text, sizeof(line.text), oracle)) {
        split(&line);
        check_line(&line);
        lines++;
    }
    assert_int_equal(pclose(oracle), 0);
    assert_true(lines >= least);
    free_zones();
}

/* ---- The tests ----------------------------------------------------------- */

static void times_at_random_are_those_of_datetime(void **state)
{
    (void)state;
    if (getenv("COSEND_LONG_TESTS"))
        ask("python3 tests/unit/time_oracle.py random 1000000 5", 1000000);
    else
        ask("python3 tests/unit/time_oracle.py random 5000 5", 4000);
}

static void changes_of_zones_are_those_of_zoneinfo(void **state)
{
    (void)state;
    if (getenv("COSEND_LONG_TESTS"))
        ask("python3 tests/unit/time_oracle.py zones 1", 1000000);
    else
        ask("python3 tests/unit/time_oracle.py zones 97", 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_at_random_are_those_of_datetime),
        cmocka_unit_test(changes_of_zones_are_those_of_zoneinfo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
