/* SPDX-License-Identifier: MIT */
#include "record/number_parse.h"
#include "base/powers_of_ten.h"
#include "record/number_powers.h"
#include "rounds.h"

#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Marsaglia's xorshift64; the tests are the same every time. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void assert_parses_as_strtod(const char *text)
{
    double value = -12345, expected = strtod(text, NULL);

    if (!cosend_parse_double(text, strlen(text), &value))
        fail_msg("%s is not taken for a number", text);
    if (bits_of(value) != bits_of(expected))
        fail_msg("%s reads as %a, not %a", text, value, expected);
}

static void assert_text(const char *text, size_t length)
{
    double value = -12345;

    if (cosend_parse_double(text, length, &value))
        fail_msg("%s is taken for a number", text);
    assert_true(value == -12345);
}

static void assert_prints(double value, const char *expected)
{
    char buffer[COSEND_NUMBER_MAX];
    size_t length = cosend_format_double(value, buffer);

    assert_string_equal(buffer, expected);
    assert_int_equal(length, strlen(expected));
}

static void numbers_have_the_c_decimal_grammar(void **state)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "+0",
                                        "7",
                                        "007",
                                        "-.5",
                                        "5.",
                                        "+3",
                                        "1e5",
                                        "1E5",
                                        "1e+5",
                                        "1e-5",
                                        "1.e5",
                                        ".1e5",
                                        "1.5",
                                        "00.00",
                                        "0e0",
                                        "0e999999999999999999999",
                                        "1e-999",
                                        "-1e-999",
                                        "1e-99999999999999999999999999",
                                        "123456789012345678901234567890",
                                        "0.1234567890123456789012345"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_parses_as_strtod(texts[i]);
}

static void all_else_is_text(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        " 1",
                                        "1 ",
                                        "1\n",
                                        "\t1",
                                        "+",
                                        "-",
                                        ".",
                                        "-.",
                                        "e5",
                                        ".e5",
                                        "1e",
                                        "1e+",
                                        "1e-",
                                        "1e5.",
                                        "1e5e5",
                                        "1..2",
                                        "1.2.3",
                                        "--1",
                                        "+-1",
                                        "0x1F",
                                        "0x",
                                        "0x1p3",
                                        "inf",
                                        "-inf",
                                        "INF",
                                        "infinity",
                                        "nan",
                                        "NaN",
                                        "nan(1)",
                                        "1_000",
                                        "1,000",
                                        "1,5",
                                        "1f",
                                        "1d",
                                        "1L",
                                        "$1",
                                        "1%",
                                        "1e999",
                                        "-1e999",
                                        "1e 5",
                                        "1e99999999999999999999999999",
                                        "\xef\xbc\x91",
                                        "1/2"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_text(texts[i], strlen(texts[i]));
    assert_text("1\0", 2);
    assert_text("\0", 1);
    assert_text("1\0"
                "2",
                3);
}

static void a_number_ends_where_its_length_says(void **state)
{
    double value;

    (void)state;
    assert_true(cosend_parse_double("12345", 2, &value));
    assert_true(value == 12);
    assert_true(cosend_parse_double("1e5", 1, &value));
    assert_true(value == 1);
    assert_text("1e5", 2);
}

static void hard_cases_read_as_strtod_reads_them(void **state)
{
    static const char *const texts[] = {
        "9007199254740993",
        "9007199254740992",
        "9007199254740991",
        "9007199254740993.0000000000000000000000000000000000000001",
        "9007199254740992.9999999999999999999999999999999999999999",
        "1e22",
        "1e23",
        "8.5e22",
        "123456789012345e22",
        "9007199254740993e-22",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "2.2250738585072012e-308",
        "4.9e-324",
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.5e-324",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "179769313486231580793e288",
        "0.1",
        "0.2",
        "0.3",
        "0.30000000000000004",
        "5.684341886080802e-14",
        "6.631236846766476e-316",
        "3.237883913302901289588352412501532174e-319",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "18446744073709551615",
        "18446744073709551616",
        "9999999999999999999",
        "10000000000000000000",
        "99999999999999999999e-20"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_parses_as_strtod(texts[i]);
    assert_text("1.7976931348623159e308", 22);
    assert_text("1.797693134862315808e308", 24);
}

/* Halfway between 1 and the next double, then 0s, and a digit at the end that
   decides: strtod is given the text as it is. */
static void thousands_of_digits_all_count(void **state)
{
    static const char half[] =
        "1.00000000000000011102230246251565404236316680908203125";
    char text[5003];
    size_t length = sizeof(half) - 1;

    (void)state;
    memset(text, '0', sizeof(text));
    memcpy(text, half, length);
    text[5001] = '\0';
    assert_parses_as_strtod(text);
    text[5000] = '1';
    assert_parses_as_strtod(text);
    for (length = 760; length < 780; length++) {
        memset(text + sizeof(half) - 1, '0', 1000);
        text[length] = '1';
        assert_parses_as_strtod(text);
    }
    memset(text, '9', 300);
    text[300] = '\0';
    assert_parses_as_strtod(text);
    memset(text, '9', 320);
    assert_text(text, 320);
}

static void long_zeros_and_exponents_cancel(void **state)
{
    char *text = malloc(30000);
    double value;
    size_t length;

    (void)state;
    assert_non_null(text);
    memset(text, '0', 30000);
    text[1] = '.';
    memcpy(text + 20000, "17e20000", 8);
    assert_true(cosend_parse_double(text, 20008, &value));
    assert_true(value == 17);
    text[0] = '3';
    text[1] = '0';
    length = 20000 + (size_t)sprintf(text + 20000, "e-19999");
    assert_true(cosend_parse_double(text, length, &value));
    assert_true(value == 3);
    free(text);
}

/* Up to 20 digits with a point anywhere, or none. */
static void make_plain(char *text, uint64_t *seed)
{
    uint64_t r = next_random(seed), digits = next_random(seed);
    unsigned length = 1 + (unsigned)(r % 20), point = (unsigned)(r >> 8) % 32;

    if (r >> 16 & 1)
        *text++ = '-';
    for (unsigned i = 0; i < length; i++, digits /= 10) {
        if (i == point)
            *text++ = '.';
        *text++ = (char)('0' + digits % 10);
    }
    *text = '\0';
}

static void random_decimals_read_as_strtod_reads_them(void **state)
{
    const char *much = getenv("COSEND_LONG_TESTS");
    uint64_t seed = 1;
    char text[80];

    (void)state;
    for (int i = 0; i < (much ? 100000000 : rounds_of(300000)); i++) {
        make_plain(text, &seed);
        assert_parses_as_strtod(text);
    }
    for (int i = 0; i < (much ? 100000000 : rounds_of(300000)); i++) {
        uint64_t r = next_random(&seed), d = next_random(&seed);
        int length = 1 + (int)(r % 19);

        snprintf(text, sizeof(text), "%s%s%" PRIu64 "e%d", r & 64 ? "-" : "",
                 r & 128 ? "." : "", d % (uint64_t)pow(10, length),
                 (int)(r >> 8 & 1023) % 660 - 340);
        if (isfinite(strtod(text, NULL)))
            assert_parses_as_strtod(text);
        snprintf(text, sizeof(text), "%" PRIu64 ".%0*" PRIu64, d % 1000, length,
                 r % (uint64_t)pow(10, length));
        assert_parses_as_strtod(text);
    }
}

static void numbers_print_in_ecmascript_notation(void **state)
{
    (void)state;
    assert_prints(0, "0");
    assert_prints(-0.0, "0");
    assert_prints(1, "1");
    assert_prints(-1, "-1");
    assert_prints(512, "512");
    assert_prints(0.5, "0.5");
    assert_prints(-2.3333333333333335, "-2.3333333333333335");
    assert_prints(100, "100");
    assert_prints(1e20, "100000000000000000000");
    assert_prints(1e21, "1e+21");
    assert_prints(1.5e21, "1.5e+21");
    assert_prints(123456789012345680000.0, "123456789012345680000");
    assert_prints(1234567890123456800000.0, "1.2345678901234568e+21");
    assert_prints(0.000001, "0.000001");
    assert_prints(0.0000015, "0.0000015");
    assert_prints(0.0000001, "1e-7");
    assert_prints(-0.00000123, "-0.00000123");
    assert_prints(-0.000000123, "-1.23e-7");
    assert_prints(NAN, "NaN");
    assert_prints(INFINITY, "Infinity");
    assert_prints(-INFINITY, "-Infinity");
}

static void hard_doubles_print_shortest_and_nearest(void **state)
{
    (void)state;
    assert_prints(5e-324, "5e-324");
    assert_prints(1e-323, "1e-323");
    assert_prints(1.5e-323, "1.5e-323");
    assert_prints(DBL_MIN, "2.2250738585072014e-308");
    assert_prints(2.225073858507201e-308, "2.225073858507201e-308");
    assert_prints(DBL_MAX, "1.7976931348623157e+308");
    assert_prints(ldexp(1, -44), "5.684341886080802e-14");
    assert_prints(9007199254740991.0, "9007199254740991");
    assert_prints(9007199254740993.0, "9007199254740992");
    assert_prints(18014398509481984.0, "18014398509481984");
    assert_prints(18446744073709551616.0, "18446744073709552000");
    assert_prints(9223372036854775808.0, "9223372036854776000");
    assert_prints(0.1 + 0.2, "0.30000000000000004");
    assert_prints(1e23, "1e+23");
    assert_prints(9.5367431640625e-7, "9.5367431640625e-7");
    assert_prints(2e-44, "2e-44");
    assert_prints(4.35, "4.35");
    assert_prints(0.1, "0.1");
    assert_prints(2.0 / 3, "0.6666666666666666");
    assert_prints(5e-7, "5e-7");
    assert_prints(9.007199254740993e22, "9.007199254740994e+22");
    assert_prints(1.7976931348623155e308, "1.7976931348623155e+308");
    assert_prints(4.4501477170144023e-308, "4.4501477170144023e-308");
    assert_prints(2.9802322387695312e-8, "2.9802322387695312e-8");
}

static void assert_round_trip(double value)
{
    char buffer[COSEND_NUMBER_MAX];
    size_t length = cosend_format_double(value, buffer);
    double read;

    if (length >= COSEND_NUMBER_MAX ||
        !cosend_parse_double(buffer, length, &read) ||
        (bits_of(read) != bits_of(value) && value != 0))
        fail_msg("%a prints as %s", value, buffer);
}

/* One digit less never reads back: what is printed is the shortest. */
static void assert_shortest(double value)
{
    char buffer[COSEND_NUMBER_MAX], other[40];
    size_t length = cosend_format_double(value, buffer);
    int digits = 0, zeros = 0;

    for (size_t i = 0; i < length && buffer[i] != 'e'; i++) {
        if (buffer[i] < '0' || buffer[i] > '9' ||
            (digits == 0 && buffer[i] == '0'))
            continue;
        digits++;
        zeros = buffer[i] == '0' ? zeros + 1 : 0;
    }
    digits -= zeros;
    if (digits < 2)
        return;
    snprintf(other, sizeof(other), "%.*e", digits - 2, value);
    if (strtod(other, NULL) == value)
        fail_msg("%s is longer than %s", buffer, other);
    snprintf(other, sizeof(other), "%.*e", digits - 1, value);
    if (strtod(other, NULL) == value &&
        strtod(buffer, NULL) != strtod(other, NULL))
        fail_msg("%s is not as near as %s", buffer, other);
}

static void powers_of_two_and_ten_come_back(void **state)
{
    char text[16];

    (void)state;
    for (int e = -1074; e < 1024; e++) {
        assert_round_trip(ldexp(1, e));
        assert_shortest(ldexp(1, e));
        assert_round_trip(nextafter(ldexp(1, e), 0));
        assert_round_trip(nextafter(ldexp(1, e), INFINITY));
    }
    for (int e = -323; e < 309; e++) {
        snprintf(text, sizeof(text), "1e%d", e);
        assert_round_trip(strtod(text, NULL));
        assert_shortest(strtod(text, NULL));
    }
}

/* t * 10^j is halfway between two doubles and reads as the one that is even,
   of which it is the shortest text. */
static void texts_halfway_between_doubles_are_printed(void **state)
{
    char text[32];
    uint64_t power = 1;

    (void)state;
    for (int j = 1; j <= 22; j++) {
        uint64_t least, t;

        power *= 5;
        least = (UINT64_C(1) << 53) / power + 1;
        for (t = least | 1; t < least + 60 && t < 2 * least - 2; t += 2) {
            double value = ldexp((double)(t * power / 2), j + 1);
            double next = ldexp((double)(t * power / 2 + 1), j + 1);

            snprintf(text, sizeof(text), "%" PRIu64 "e%d", t, j);
            assert_parses_as_strtod(text);
            assert_round_trip(value);
            assert_shortest(value);
            assert_round_trip(next);
            assert_shortest(next);
        }
    }
    assert_prints(9.7e21, "9.7e+21");
}

static void random_doubles_come_back_from_the_shortest_text(void **state)
{
    const char *much = getenv("COSEND_LONG_TESTS");
    uint64_t seed = 88172645463325252u;

    (void)state;
    for (int i = 0; i < (much ? 20000000 : rounds_of(300000)); i++) {
        double value = double_of(next_random(&seed));

        if (!isfinite(value))
            continue;
        assert_round_trip(value);
        if (i % 8 == 0)
            assert_shortest(value);
    }
}

/* They are printed a way of their own, and their neighbours are not. */
static void doubles_with_few_decimals_come_back_as_well(void **state)
{
    uint64_t seed = 20261128;

    (void)state;
    for (int i = 0; i < rounds_of(100000); i++) {
        double power = (double)csi_powers_of_ten[i % 8];
        double value = (double)(next_random(&seed) >> (11 + i % 53)) / power;
        const double near[] = {value, nextafter(value, 0),
                               nextafter(value, INFINITY)};

        for (unsigned j = 0; j < 3; j++) {
            assert_round_trip(near[j]);
            if (near[j] > 0)
                assert_shortest(near[j]);
        }
    }
    assert_prints(999999999.999999, "999999999.999999");
    assert_prints(nextafter(1e9, 0), "999999999.9999999");
    assert_prints(nextafter(0.000001, 0), "9.999999999999997e-7");
    assert_prints(0.0000005, "5e-7");
    assert_prints(0.071277, "0.071277");
}

static void doubles_print_as_python_prints_them(void **state)
{
    const char *much = getenv("COSEND_LONG_TESTS");
    char command[120], line[80], expected[40];
    uint64_t bits;
    int lines = 0;
    FILE *oracle;

    (void)state;
    if (system("python3 -c '' 2>/dev/null") != 0)
        skip();
    snprintf(command, sizeof(command),
             "python3 tests/unit/number_oracle.py %s 7",
             much ? "5000000" : "100000");
    oracle = popen(command, "r");
    assert_non_null(oracle);
    while (fgets(line, sizeof(line), oracle)) {
        assert_int_equal(sscanf(line, "%" SCNx64 " %39s", &bits, expected), 2);
        assert_prints(double_of(bits), expected);
        lines++;
    }
    assert_int_equal(pclose(oracle), 0);
    assert_true(lines > 50000);
}

static void integers_print_to_their_limits(void **state)
{
    char buffer[COSEND_NUMBER_MAX];

    (void)state;
    assert_int_equal(cosend_format_integer(0, buffer), 1);
    assert_string_equal(buffer, "0");
    assert_int_equal(cosend_format_integer(-7, buffer), 2);
    assert_string_equal(buffer, "-7");
    assert_int_equal(cosend_format_integer(INT64_MIN, buffer), 20);
    assert_string_equal(buffer, "-9223372036854775808");
    assert_int_equal(cosend_format_integer(INT64_MAX, buffer), 19);
    assert_string_equal(buffer, "9223372036854775807");
    assert_int_equal(cosend_format_unsigned(UINT64_MAX, buffer), 20);
    assert_string_equal(buffer, "18446744073709551615");
    assert_int_equal(cosend_format_unsigned(100, buffer), 3);
    assert_string_equal(buffer, "100");
}

/* The table of powers again, by school arithmetic on words of 32 bits. */
enum { WORDS = 40 };

static uint32_t multiply(uint32_t *x, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < WORDS; i++) {
        carry += (uint64_t)x[i] * factor;
        x[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return (uint32_t)carry;
}

static uint32_t divide(uint32_t *x, uint32_t divisor)
{
    uint64_t rest = 0;

    for (int i = WORDS - 1; i >= 0; i--) {
        rest = rest << 32 | x[i];
        x[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    return (uint32_t)rest;
}

static bool exceeds_128_bits(const uint32_t *x)
{
    for (int i = 4; i < WORDS; i++)
        if (x[i])
            return true;
    return false;
}

static struct csi_power power_of_ten(int k)
{
    uint32_t x[WORDS] = {0};
    struct csi_power power;
    bool rest = k < 0;

    x[k < 0 ? WORDS - 1 : 0] = k < 0 ? UINT32_C(1) << 31 : 1;
    for (int i = 0; i < k; i++)
        assert_int_equal(multiply(x, 10), 0);
    for (int i = 0; i > k; i--)
        divide(x, 10);
    while (exceeds_128_bits(x))
        rest |= divide(x, 2) != 0;
    while (!(x[3] >> 31))
        multiply(x, 2);
    power.low = ((uint64_t)x[1] << 32 | x[0]) + rest;
    power.high = ((uint64_t)x[3] << 32 | x[2]) + (rest && power.low == 0);
    return power;
}

static void the_table_of_powers_is_right(void **state)
{
    (void)state;
    for (int k = CSI_POWER_MIN; k <= CSI_POWER_MAX; k++) {
        struct csi_power power = power_of_ten(k);

        assert_int_equal(csi_powers[k - CSI_POWER_MIN].high, power.high);
        assert_int_equal(csi_powers[k - CSI_POWER_MIN].low, power.low);
    }
}

static void a_locale_with_a_decimal_comma_changes_nothing(void **state)
{
    double value;

    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        skip();
    assert_true(cosend_parse_double("3.14", 4, &value));
    assert_true(value == 3.14);
    assert_true(cosend_parse_double("2.3333333333333335", 18, &value));
    assert_true(value == 2.3333333333333335);
    assert_text("3,14", 4);
    assert_prints(2.3333333333333335, "2.3333333333333335");
    setlocale(LC_ALL, "C");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_c_decimal_grammar),
        cmocka_unit_test(all_else_is_text),
        cmocka_unit_test(a_number_ends_where_its_length_says),
        cmocka_unit_test(hard_cases_read_as_strtod_reads_them),
        cmocka_unit_test(thousands_of_digits_all_count),
        cmocka_unit_test(long_zeros_and_exponents_cancel),
        cmocka_unit_test(random_decimals_read_as_strtod_reads_them),
        cmocka_unit_test(numbers_print_in_ecmascript_notation),
        cmocka_unit_test(hard_doubles_print_shortest_and_nearest),
        cmocka_unit_test(powers_of_two_and_ten_come_back),
        cmocka_unit_test(texts_halfway_between_doubles_are_printed),
        cmocka_unit_test(random_doubles_come_back_from_the_shortest_text),
        cmocka_unit_test(doubles_with_few_decimals_come_back_as_well),
        cmocka_unit_test(doubles_print_as_python_prints_them),
        cmocka_unit_test(integers_print_to_their_limits),
        cmocka_unit_test(the_table_of_powers_is_right),
        cmocka_unit_test(a_locale_with_a_decimal_comma_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
