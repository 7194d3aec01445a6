/* SPDX-License-Identifier: MIT */
/*
 * Numbers with so many digits behind the point are the numbers that the text
 * says, rounded in decimal: by hand, and beside integers.
 */
#include "record/number_fixed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"

static void assert_fixed(const char *text, unsigned decimals,
                         const char *expected)
{
    char out[1000];
    size_t length = strlen(text);
    size_t written = csi_number_fixed(text, length, decimals, out);

    assert_true(written <= csi_fixed_room(length, decimals));
    out[written] = '\0';
    if (strcmp(out, expected) != 0)
        fail_msg("%s to %u: %s, not %s", text, decimals, out, expected);
}

static void halves_go_away_from_zero(void **state)
{
    (void)state;
    assert_fixed("2.675", 2, "2.68");
    assert_fixed("-2.675", 2, "-2.68");
    assert_fixed("2.6749999999999999999999", 2, "2.67");
    assert_fixed("0.5", 0, "1");
    assert_fixed("9.995", 2, "10.00");
    assert_fixed("99.5", 0, "100");
    assert_fixed(".5", 3, "0.500");
    assert_fixed("5.", 1, "5.0");
    assert_fixed("+7", 2, "7.00");
    assert_fixed("007", 1, "7.0");
}

static void what_becomes_zero_has_no_sign(void **state)
{
    (void)state;
    assert_fixed("-0", 2, "0.00");
    assert_fixed("-0.004", 2, "0.00");
    assert_fixed("-0.005", 2, "-0.01");
    assert_fixed("-1e-400", 1, "0.0");
}

static void exponents_move_the_point(void **state)
{
    char large[400] = "1";

    (void)state;
    assert_fixed("1.25e1", 1, "12.5");
    assert_fixed("125E-3", 2, "0.13");
    assert_fixed("1e-2", 2, "0.01");
    assert_fixed("1e-3", 2, "0.00");
    assert_fixed("12345678901234567890.5", 0, "12345678901234567891");
    assert_fixed("0e999999999999999999999", 1, "0.0");
    memset(large + 1, '0', 308);
    assert_fixed("1e308", 0, large);
    assert_fixed("0.00000000001e319", 0, large);
}

static void what_is_no_number_has_no_digits(void **state)
{
    static const char *const texts[] = {"",    "x", "1 ",    "1e",
                                        "--1", ".", "1e999", "0x1F"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_fixed(texts[i], 2, "");
}

/* Of up to 12 digits, with up to 6 behind the point. */
static void random_numbers_are_rounded_as_integers_are(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        unsigned behind = draw(7), decimals = draw(7);
        uint64_t whole = 0, scale = 1, rounded;
        char text[64], expected[64], part[32] = "";
        bool negative = draw(2) == 1;

        for (unsigned digits = draw(13); digits--;)
            whole = whole * 10 + (draw(3) ? draw(10) : 9);
        for (unsigned k = 0; k < behind; k++)
            scale *= 10;
        if (behind)
            snprintf(part, sizeof(part), ".%0*llu", (int)behind,
                     (unsigned long long)(whole % scale));
        snprintf(text, sizeof(text), "%s%llu%s", negative ? "-" : "",
                 (unsigned long long)(whole / scale), part);
        rounded = whole;
        for (unsigned k = behind; k < decimals; k++)
            rounded *= 10;
        scale = 1;
        for (unsigned k = decimals; k < behind; k++)
            scale *= 10;
        rounded = (rounded + scale / 2) / scale;
        scale = 1;
        for (unsigned k = 0; k < decimals; k++)
            scale *= 10;
        part[0] = '\0';
        if (decimals)
            snprintf(part, sizeof(part), ".%0*llu", (int)decimals,
                     (unsigned long long)(rounded % scale));
        snprintf(expected, sizeof(expected), "%s%llu%s",
                 negative && rounded ? "-" : "",
                 (unsigned long long)(rounded / scale), part);
        assert_fixed(text, decimals, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_go_away_from_zero),
        cmocka_unit_test(what_becomes_zero_has_no_sign),
        cmocka_unit_test(exponents_move_the_point),
        cmocka_unit_test(what_is_no_number_has_no_digits),
        cmocka_unit_test(random_numbers_are_rounded_as_integers_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
