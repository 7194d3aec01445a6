/* SPDX-License-Identifier: MIT */
/*
 * Bars: of numbers and scales drawn by lot none is wider than asked, none is
 * shorter than that of a number that is nearer to where bars begin, and only
 * that of this is empty; and what is no scale has none.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "chance.h"
#include "rounds.h"

/* In eighths of a character, without the blanks before it. */
static unsigned length_of(const char *bar)
{
    static const char signs[] = "\x8f\x8e\x8d\x8c\x8b\x8a\x89\x88";
    unsigned length = 0;

    for (; *bar == ' '; bar++)
        ;
    for (; *bar; bar += 3) {
        if (strncmp(bar, "\xe2\x96\x90", 3) == 0) {
            length += 4;
            continue;
        }
        assert_memory_equal(bar, "\xe2\x96", 2);
        assert_non_null(strchr(signs, bar[2]));
        length += (unsigned)(strchr(signs, bar[2]) - signs) + 1;
    }
    return length;
}

static unsigned characters_of(const char *bar)
{
    unsigned count = 0;

    for (; *bar; bar++)
        count += ((unsigned char)*bar & 0xc0) != 0x80;
    return count;
}

static double number_by_lot(void)
{
    static const double some[] = {0, 1, -1, DBL_MAX, -DBL_MAX, 5e-324, -0.0};

    return draw(4) ? ((double)draw(2001) - 1000) * pow(10, draw(30))
                   : some[draw(sizeof(some) / sizeof(some[0]))];
}

static void bars_are_in_the_order_of_numbers(void **state)
{
    (void)state;
    for (int round = rounds_of(20000); round--;) {
        double ends[2] = {number_by_lot(), number_by_lot()};
        double numbers[2] = {number_by_lot(), number_by_lot()};
        struct cosend_bars bars = {fmin(ends[0], ends[1]),
                                   fmax(ends[0], ends[1]), 1 + draw(60), false};
        double base = bars.lo > 0 ? bars.lo : bars.hi < 0 ? bars.hi : 0;
        char texts[2][COSEND_BAR_MAX];

        for (int i = 0; i < 2; i++) {
            size_t length = cosend_format_bar(&bars, numbers[i], texts[i]);

            assert_int_equal(length, strlen(texts[i]));
            assert_true(characters_of(texts[i]) <= bars.width);
            numbers[i] = fmin(fmax(numbers[i], bars.lo), bars.hi);
            if (bars.width > 1)
                assert_true(!length == (numbers[i] == base));
        }
        if ((numbers[0] < base) != (numbers[1] < base))
            continue;
        if (fabs(numbers[0] - base) < fabs(numbers[1] - base))
            assert_true(length_of(texts[0]) <= length_of(texts[1]));
    }
}

static void the_ends_are_as_wide_as_asked(void **state)
{
    char bar[COSEND_BAR_MAX];

    (void)state;
    for (uint32_t width = 1; width <= COSEND_BAR_WIDTH; width += 37)
        for (int ascii = 0; ascii < 2; ascii++) {
            struct cosend_bars up = {0, 3, width, ascii},
                               down = {-3, 0, width, ascii};

            assert_int_equal(cosend_format_bar(&up, 3, bar),
                             ascii ? width : width * 3);
            assert_int_equal(cosend_format_bar(&down, -3, bar),
                             ascii ? width : width * 3);
        }
}

static void what_is_no_scale_has_no_bars(void **state)
{
    static const struct cosend_bars none[] = {
        {0, 1, 0, false},
        {0, 1, COSEND_BAR_WIDTH + 1, false},
        {1, 0, 9, false},
        {NAN, 1, 9, false},
        {0, INFINITY, 9, true}};
    static const struct cosend_bars fine = {0, 1, 9, false};
    char bar[COSEND_BAR_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_int_equal(cosend_format_bar(&none[i], 1, bar), 0);
        assert_string_equal(bar, "");
    }
    assert_int_equal(cosend_format_bar(&fine, NAN, bar), 0);
    assert_int_equal(cosend_format_bar(&fine, INFINITY, bar), 0);
    assert_string_equal(bar, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_in_the_order_of_numbers),
        cmocka_unit_test(the_ends_are_as_wide_as_asked),
        cmocka_unit_test(what_is_no_scale_has_no_bars)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
