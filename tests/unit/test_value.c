/* SPDX-License-Identifier: MIT */
/* What cells mean, and the order of what they mean. */
#include "cosend/number.h"
#include "cosend/value.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static struct cosend_value value_of(const char *text)
{
    return cosend_value_of(cosend_text(text, strlen(text)));
}

static struct cosend_value double_value(double number)
{
    struct cosend_value value = {.type = COSEND_TYPE_DOUBLE};

    value.as.number = number;
    return value;
}

static struct cosend_value integer_value(int64_t integer)
{
    struct cosend_value value = {.type = COSEND_TYPE_INT};

    value.as.integer = integer;
    return value;
}

static void assert_int(const char *text, int64_t integer)
{
    struct cosend_value value = value_of(text);

    if (value.type != COSEND_TYPE_INT || value.as.integer != integer)
        fail_msg("%s is not the integer %" PRId64, text, integer);
}

static void assert_double(const char *text, double number)
{
    struct cosend_value value = value_of(text);

    if (value.type != COSEND_TYPE_DOUBLE || value.as.number < number ||
        value.as.number > number)
        fail_msg("%s is not the double %a", text, number);
}

/* It stays the text that it is. */
static void assert_kept(const char *text, enum cosend_type type)
{
    struct cosend_value value = value_of(text);

    if (value.type != type || value.length != strlen(text) ||
        value.as.text != text)
        fail_msg("%s has type %d, not %d", text, (int)value.type, (int)type);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static int compare(struct cosend_value a, struct cosend_value b)
{
    int order = sign(cosend_compare(&a, &b));

    assert_int_equal(sign(cosend_compare(&b, &a)), -order);
    return order;
}

/* ---- Cells --------------------------------------------------------------- */

static void integers_are_integers_however_they_are_written(void **state)
{
    (void)state;
    assert_int("0", 0);
    assert_int("-0", 0);
    assert_int("-0.0", 0);
    assert_int("007", 7);
    assert_int("+7", 7);
    assert_int("7.", 7);
    assert_int("7.00", 7);
    assert_int("-7.0", -7);
    assert_int("70e-1", 7);
    assert_int("7e3", 7000);
    assert_int("1e18", INT64_C(1000000000000000000));
    assert_int("9007199254740993", INT64_C(9007199254740993));
    assert_int("9223372036854775806", INT64_MAX - 1);
    assert_int("9223372036854775807", INT64_MAX);
    assert_int("9223372036854775807.000", INT64_MAX);
    assert_int("-9223372036854775807", -INT64_MAX);
    assert_int("-9223372036854775808", INT64_MIN);
    assert_int("0000000000000000000000000000012", 12);
    assert_int("0e999999999999999999999", 0);
}

static void numbers_that_a_double_tells_apart_are_doubles(void **state)
{
    (void)state;
    assert_double("0.1", 0.1);
    assert_double("-.5", -.5);
    assert_double("1.50", 1.5);
    assert_double("2.3333333333333335", 2.3333333333333335);
    assert_double("0.30000000000000004", 0.30000000000000004);
    assert_double("1e-300", 1e-300);
    assert_double("1e19", 1e19);
    assert_double("1e22", 1e22);
    assert_double("5e-324", 5e-324);
    assert_double("123456.789", 123456.789);
    assert_double("+123456789012.345", 123456789012.345);
}

static void numbers_of_more_digits_stay_their_text(void **state)
{
    (void)state;
    assert_kept("0.10000000000000001", COSEND_TYPE_DECIMAL);
    assert_kept("9223372036854775808", COSEND_TYPE_DECIMAL);
    assert_kept("-9223372036854775809", COSEND_TYPE_DECIMAL);
    assert_kept("9223372036854775807.5", COSEND_TYPE_DECIMAL);
    assert_kept("9007199254740993.5", COSEND_TYPE_DECIMAL);
    assert_kept("1e23", COSEND_TYPE_DECIMAL);
    assert_kept("1.7976931348623157e308", COSEND_TYPE_DECIMAL);
    assert_kept("1e-999", COSEND_TYPE_DECIMAL);
    assert_kept("123456789012345678901234567890", COSEND_TYPE_DECIMAL);
}

static void all_other_text_is_text(void **state)
{
    static const char *const texts[] = {
        "",      "-",     "1e999", "-1e999", "0x1F",    "inf", "nan",
        "1_000", "1,000", " 1",    "1 ",     "1e",      "e5",  ".",
        "--1",   "true",  "null",  "12a",    "Infinity"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_kept(texts[i], COSEND_TYPE_TEXT);
}

static struct cosend_value value_of_kind(enum cosend_kind kind,
                                         const char *text)
{
    struct cosend_cell cell = cosend_text(text, strlen(text));

    cell.kind = kind;
    return cosend_value_of(cell);
}

static void cells_of_json_are_what_they_are(void **state)
{
    (void)state;
    assert_int_equal(value_of_kind(COSEND_ABSENT, "").type, COSEND_TYPE_ABSENT);
    assert_int_equal(value_of_kind(COSEND_NULL, "").type, COSEND_TYPE_NULL);
    assert_true(value_of_kind(COSEND_BOOL, "true").as.truth);
    assert_false(value_of_kind(COSEND_BOOL, "false").as.truth);
    assert_int_equal(value_of_kind(COSEND_BOOL, "true").type, COSEND_TYPE_BOOL);
    assert_int_equal(value_of_kind(COSEND_NUMBER, "12").as.integer, 12);
    assert_int_equal(value_of_kind(COSEND_NUMBER, "NaN").type,
                     COSEND_TYPE_TEXT);
    assert_int_equal(value_of_kind(COSEND_NESTED, "[1]").type,
                     COSEND_TYPE_NESTED);
    assert_int_equal(value_of_kind(COSEND_NESTED, "[1]").length, 3);
}

static void numbers_have_a_nearest_double(void **state)
{
    static const char *const texts[] = {"7", "0.1", "9223372036854775808"};
    static const double due[] = {7, 0.1, 0x1p63};
    struct cosend_value text = value_of("x");
    double number;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct cosend_value value = value_of(texts[i]);

        assert_true(cosend_is_number(&value));
        assert_true(cosend_value_double(&value, &number));
        assert_true(number == due[i]);
    }
    assert_false(cosend_is_number(&text));
    assert_false(cosend_value_double(&text, &number));
}

/* ---- Order --------------------------------------------------------------- */

static void numbers_are_compared_exactly(void **state)
{
    struct cosend_value power = double_value(0x1p53), nan = double_value(NAN);

    (void)state;
    assert_int_equal(
        compare(value_of("9007199254740992"), value_of("9007199254740993")),
        -1);
    assert_int_equal(compare(power, value_of("9007199254740993")), -1);
    assert_int_equal(compare(power, value_of("9007199254740992")), 0);
    assert_int_equal(compare(value_of("9223372036854775808"),
                             value_of("9223372036854775807.5")),
                     1);
    assert_int_equal(compare(value_of("9223372036854775807"),
                             value_of("9223372036854775807.5")),
                     -1);
    assert_int_equal(
        compare(double_value(0x1p63), value_of("9223372036854775808")), 0);
    assert_int_equal(compare(double_value(0x1p63), integer_value(INT64_MAX)),
                     1);
    assert_int_equal(compare(double_value(-0x1p63), integer_value(INT64_MIN)),
                     0);
    assert_int_equal(compare(double_value(0x1p60), integer_value(1L << 60)), 0);
    assert_int_equal(compare(double_value(0.1), value_of("0.10")), 0);
    assert_int_equal(compare(double_value(0.1 + 0.2), value_of("0.3")), 1);
    assert_int_equal(compare(value_of("0.1"), value_of("0.10000000000000001")),
                     -1);
    assert_int_equal(compare(double_value(-0.0), value_of("0")), 0);
    assert_int_equal(compare(double_value(2.5), value_of("2")), 1);
    assert_int_equal(compare(double_value(-2.5), value_of("-2")), -1);
    assert_int_equal(compare(value_of("1e-999"), value_of("0")), 1);
    assert_int_equal(compare(double_value(INFINITY), value_of("1e23")), 1);
    assert_int_equal(compare(double_value(-INFINITY), value_of("-1e300")), -1);
    assert_int_equal(compare(nan, double_value(INFINITY)), 1);
    assert_int_equal(compare(nan, value_of("1e23")), 1);
    assert_int_equal(compare(nan, integer_value(3)), 1);
    assert_int_equal(compare(nan, nan), 0);
}

/* The value that entry i of a list of all sorts is, with texts that may be long
   in `text`. */
static struct cosend_value some_value(uint64_t *seed, char text[40])
{
    static const char *const edges[] = {"9007199254740991",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740992.5",
                                        "9223372036854775807",
                                        "9223372036854775808",
                                        "9223372036854775807.5",
                                        "-9223372036854775809",
                                        "1e23",
                                        "0.1",
                                        "0.10000000000000001",
                                        "0.09999999999999999",
                                        "1e-999",
                                        "0",
                                        "abc",
                                        "ab",
                                        "",
                                        "18446744073709551616"};
    static const double doubles[] = {
        0.1,  -0.0,     0x1p53,    0x1p63, 0x1p64, -0x1p63, 1e23,
        1e22, INFINITY, -INFINITY, NAN,    5e-324, 0.5,     0x1p53 + 2};
    uint64_t random = next_random(seed), pick = next_random(seed);
    struct cosend_value value = {.type = COSEND_TYPE_ABSENT};

    switch (random % 9) {
    case 0:
        return value_of(edges[pick % COUNT(edges)]);
    case 1:
        return double_value(doubles[pick % COUNT(doubles)]);
    case 2:
        return integer_value((int64_t)(pick % 5) - 2);
    case 3:
        return integer_value((int64_t)((UINT64_C(1) << 53) + pick % 5 - 2));
    case 4:
        value.type = pick % 2 ? COSEND_TYPE_NULL : COSEND_TYPE_ABSENT;
        return value;
    case 5:
        return value_of_kind(COSEND_BOOL, pick % 2 ? "true" : "false");
    case 6:
        value.type = COSEND_TYPE_TIME;
        value.as.integer = (int64_t)(pick % 3);
        value.offset = (int32_t)(pick % 7);
        return value;
    case 7:
        return value_of_kind(COSEND_NESTED, pick % 2 ? "[1]" : "{}");
    default:
        snprintf(text, 40, "0.%s%d", pick % 2 ? "1" : "100000000000000",
                 (int)(pick % 3));
        return value_of(text);
    }
}

static void the_order_is_total(void **state)
{
    enum { VALUES = 160 };
    static struct cosend_value values[VALUES];
    static char texts[VALUES][40];
    static signed char order[VALUES][VALUES];
    uint64_t seed = 20261128;

    (void)state;
    for (int i = 0; i < VALUES; i++)
        values[i] = some_value(&seed, texts[i]);
    for (int i = 0; i < VALUES; i++)
        for (int j = 0; j < VALUES; j++)
            order[i][j] = (signed char)compare(values[i], values[j]);
    for (int i = 0; i < VALUES; i++) {
        assert_int_equal(order[i][i], 0);
        for (int j = 0; j < VALUES; j++)
            for (int k = 0; k < VALUES; k++)
                if (order[i][j] <= 0 && order[j][k] <= 0 &&
                    (order[i][k] > 0 ||
                     (order[i][k] == 0 && (order[i][j] || order[j][k]))))
                    fail_msg("values %d, %d, %d are in a circle", i, j, k);
    }
}

static void types_are_in_their_order(void **state)
{
    struct cosend_value bad = value_of("why"), time = integer_value(0);
    struct cosend_value values[] = {value_of_kind(COSEND_ABSENT, ""),
                                    value_of_kind(COSEND_NULL, ""),
                                    value_of_kind(COSEND_BOOL, "false"),
                                    value_of_kind(COSEND_BOOL, "true"),
                                    value_of("1e300"),
                                    time,
                                    value_of(""),
                                    value_of("A"),
                                    value_of("AB"),
                                    value_of("a"),
                                    value_of_kind(COSEND_NESTED, "[]"),
                                    bad};

    (void)state;
    values[5].type = COSEND_TYPE_TIME;
    values[COUNT(values) - 1].type = COSEND_TYPE_BAD;
    for (size_t i = 0; i < COUNT(values); i++)
        for (size_t j = 0; j < COUNT(values); j++)
            assert_int_equal(compare(values[i], values[j]), (i > j) - (i < j));
}

static struct cosend_value read_number(const char *text)
{
    uint64_t bits;
    double number;

    if (*text != 'd')
        return value_of(text);
    assert_int_equal(sscanf(text + 1, "%" SCNx64, &bits), 1);
    memcpy(&number, &bits, sizeof(number));
    return double_value(number);
}

static void numbers_are_in_the_order_of_fractions(void **state)
{
    const char *much = getenv("COSEND_LONG_TESTS");
    char command[120], line[1000], left[400], right[400];
    int expected, lines = 0;
    FILE *oracle;

    (void)state;
    if (system("python3 -c '' 2>/dev/null") != 0)
        skip();
    snprintf(command, sizeof(command),
             "python3 tests/unit/value_oracle.py %s 3",
             much ? "1000000" : "20000");
    oracle = popen(command, "r");
    assert_non_null(oracle);
    while (fgets(line, sizeof(line), oracle)) {
        struct cosend_value a, b;

        assert_int_equal(sscanf(line, "%399s %399s %d", left, right, &expected),
                         3);
        a = read_number(left);
        b = read_number(right);
        if (compare(a, b) != expected)
            fail_msg("%s (type %d) and %s (type %d) are not in order %d", left,
                     (int)a.type, right, (int)b.type, expected);
        lines++;
    }
    assert_int_equal(pclose(oracle), 0);
    assert_true(lines >= 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_integers_however_they_are_written),
        cmocka_unit_test(numbers_that_a_double_tells_apart_are_doubles),
        cmocka_unit_test(numbers_of_more_digits_stay_their_text),
        cmocka_unit_test(all_other_text_is_text),
        cmocka_unit_test(cells_of_json_are_what_they_are),
        cmocka_unit_test(numbers_have_a_nearest_double),
        cmocka_unit_test(numbers_are_compared_exactly),
        cmocka_unit_test(types_are_in_their_order),
        cmocka_unit_test(the_order_is_total),
        cmocka_unit_test(numbers_are_in_the_order_of_fractions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
