/* SPDX-License-Identifier: MIT */
/*
 * Every call of cosend/time.h with what is none: no bytes, no zone and no
 * format, units that are no enum's, and both ends of the range of times.
 */
#include "cosend/time.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct cosend_time ends[] = {
    {INT64_MIN, 0}, {INT64_MIN, 86399}, {INT64_MIN, -86399},
    {INT64_MAX, 0}, {INT64_MAX, 86399}, {INT64_MAX, -86399},
};

static void no_bytes_are_no_time(void **state)
{
    struct cosend_time time = {7, 7};
    char joined[COSEND_JOINED_MAX];
    int64_t duration = 7;
    struct cosend_period period = {.days = 7};
    struct cosend_error error = {0}, other = {0};

    (void)state;
    assert_false(cosend_parse_time(NULL, NULL, 0, NULL, &time));
    assert_false(cosend_parse_duration(NULL, 0, &duration));
    assert_false(cosend_parse_period(NULL, 0, &period));
    assert_null(cosend_time_problem(NULL, NULL, 0, NULL));
    assert_int_equal(cosend_join_time(NULL, 0, NULL, 0, joined), 1);
    assert_string_equal(joined, " ");
    assert_int_equal(
        cosend_join_time(joined, SIZE_MAX, joined, SIZE_MAX, joined), 0);
    assert_true(time.nanoseconds == 7 && duration == 7 && period.days == 7);
    assert_null(cosend_zone_new("", 0, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
    assert_null(cosend_zone_new("No/Such", 7, NULL));
    assert_null(cosend_time_format_new("", 0, true, &other));
    assert_int_equal(other.kind, COSEND_E_USAGE);
    cosend_zone_free(NULL);
    cosend_time_format_free(NULL);
}

static void no_zone_is_utc(void **state)
{
    struct cosend_civil none = {0};
    struct cosend_time time = {7, 7};

    (void)state;
    for (size_t i = 0; i < LENGTH(ends); i++) {
        assert_int_equal(cosend_zone_offset(NULL, ends[i].nanoseconds), 0);
        assert_non_null(cosend_zone_letters(NULL, ends[i].nanoseconds));
    }
    assert_false(cosend_zone_time(NULL, &none, &time));
    none.month = none.day = 1;
    none.year = INT32_MAX;
    assert_false(cosend_zone_time(NULL, &none, &time));
    none.year = INT32_MIN;
    assert_false(cosend_zone_time(NULL, &none, &time));
    assert_int_equal(time.nanoseconds, 7);
}

/* Whatever is made of the ends, it is a date, and it fits. */
static void both_ends_of_time_can_be_had(void **state)
{
    char text[COSEND_TIME_MAX], duration[COSEND_DURATION_MAX];

    (void)state;
    for (size_t i = 0; i < LENGTH(ends); i++) {
        struct cosend_civil civil = cosend_civil_of(ends[i]);
        int64_t back = 7;
        size_t length;

        assert_in_range(civil.month, 1, 12);
        length = cosend_format_time(NULL, ends[i], NULL, text, sizeof(text));
        assert_true(length < sizeof(text) && strlen(text) == length);
        assert_int_equal(cosend_format_time(NULL, ends[i], NULL, NULL, 0),
                         length);
        length = cosend_format_duration(ends[i].nanoseconds, duration);
        assert_true(length < sizeof(duration));
        assert_true(cosend_parse_duration(duration, length, &back));
        assert_true(back == ends[i].nanoseconds);
        cosend_bucket_time(ends[i], 1, INT64_MAX);
        cosend_bucket_time(ends[i], INT64_MAX, INT64_MIN);
    }
}

static void slices_are_had_at_both_ends_of_time(void **state)
{
    static const struct cosend_period periods[] = {
        {.nanoseconds = 1},  {.nanoseconds = INT64_MAX},
        {.days = 1},         {.months = 1},
        {.days = INT32_MAX}, {.months = INT32_MAX},
        {.days = 7},         {.nanoseconds = INT64_C(1) << 60}};
    static const int64_t numbers[] = {INT64_MIN, INT64_MAX, -1, 0, 1};

    (void)state;
    for (size_t i = 0; i < LENGTH(periods); i++)
        for (size_t j = 0; j < LENGTH(ends); j++)
            for (size_t k = 0; k < LENGTH(ends); k++) {
                struct cosend_slices slices = {.period = periods[i],
                                               .has_origin = true,
                                               .origin = ends[k].nanoseconds};
                struct cosend_time start = {7, 7};

                cosend_slice_of(&slices, ends[j].nanoseconds);
                for (size_t n = 0; n < LENGTH(numbers); n++)
                    if (!cosend_slice_start(&slices, numbers[n], &start))
                        assert_true(start.nanoseconds == 7 || n > 0);
            }
}

static void a_unit_that_is_none_is_refused_or_some_unit(void **state)
{
    static const int units[] = {INT_MIN, -1, COSEND_UNIT_YEAR + 1, INT_MAX};

    (void)state;
    for (size_t i = 0; i < LENGTH(ends); i++)
        for (size_t j = 0; j < LENGTH(units) + COSEND_UNIT_YEAR + 1; j++) {
            struct cosend_time start = {7, 7};
            int unit = j < LENGTH(units) ? units[j] : (int)(j - LENGTH(units));

            if (!cosend_truncate_time(ends[i], (enum cosend_time_unit)unit,
                                      NULL, &start))
                assert_int_equal(start.nanoseconds, 7);
            else
                assert_true(start.nanoseconds <= ends[i].nanoseconds);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bytes_are_no_time),
        cmocka_unit_test(no_zone_is_utc),
        cmocka_unit_test(both_ends_of_time_can_be_had),
        cmocka_unit_test(slices_are_had_at_both_ends_of_time),
        cmocka_unit_test(a_unit_that_is_none_is_refused_or_some_unit)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
