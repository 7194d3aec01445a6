/* SPDX-License-Identifier: MIT */
#include "cosend/group.h"
#include "cosend/number.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- Helpers ------------------------------------------------------------- */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void add(struct cosend_sum *sum, const char *text)
{
    if (cosend_sum_add(sum, text, strlen(text)) != COSEND_IS_NUMBER)
        fail_msg("%s was not added", text);
}

static void assert_total(const struct cosend_sum *sum, const char *expected)
{
    char buffer[COSEND_SUM_MAX];
    size_t length = cosend_sum_total(sum, buffer);

    assert_string_equal(buffer, expected);
    assert_int_equal(length, strlen(expected));
}

/* The cells, parted by spaces, sum up to that. */
static void assert_sum(const char *cells, const char *expected)
{
    struct cosend_sum sum = {0};

    while (*cells) {
        size_t length = strcspn(cells, " ");

        if (cosend_sum_add(&sum, cells, length) != COSEND_IS_NUMBER)
            fail_msg("not added: %s", cells);
        cells += length;
        cells += *cells == ' ';
    }
    assert_total(&sum, expected);
    cosend_sum_free(&sum);
}

static void assert_same(const struct cosend_sum *a, const struct cosend_sum *b,
                        uint64_t count)
{
    char text[COSEND_SUM_MAX];

    cosend_sum_total(b, text);
    assert_total(a, text);
    assert_true(cosend_sum_mean(a, count) == cosend_sum_mean(b, count));
}

static int allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *old, size_t size)
{
    return allocations_left-- > 0 ? realloc(old, size) : NULL;
}

static void allow_allocations(int count)
{
    allocations_left = count;
    cosend_set_allocator(failing_malloc, failing_realloc, NULL);
}

static void allow_all_allocations(void)
{
    cosend_set_allocator(NULL, NULL, NULL);
}

/* Cells of every kind, from which the random tests draw. */
static const char *const pool[] = {"0.1",
                                   "0.2",
                                   "-0.3",
                                   "1e16",
                                   "-1e16",
                                   "5e-324",
                                   "1e300",
                                   "-1e300",
                                   "12345",
                                   "-7",
                                   "3.25",
                                   "1e-9",
                                   "1e-10",
                                   "-5e-324",
                                   "1e22",
                                   "1e17",
                                   "123456789012345678901234567890",
                                   "-9223372036854775808",
                                   "0",
                                   "999999999999999999.999999999",
                                   "-0.000000001",
                                   "0.1234567890123456789",
                                   "1.7976931348623157e308",
                                   "-1.7976931348623157e308",
                                   "2.5e-310"};

/* ---- What a sum is ------------------------------------------------------- */

static void an_empty_sum_is_zero(void **state)
{
    struct cosend_sum sum = {0};

    (void)state;
    assert_total(&sum, "0");
    assert_true(cosend_sum_mean(&sum, 1) == 0);
    assert_true(cosend_sum_mean(&sum, 0) == 0);
    cosend_sum_free(&sum);
}

static void short_decimals_add_as_decimals(void **state)
{
    (void)state;
    assert_sum("0.1 0.2", "0.3");
    assert_sum("0.1 0.2 -0.3", "0");
    assert_sum("1e-1 2E-1", "0.3");
    assert_sum("0.1000000000000000000000 0.20", "0.3");
    assert_sum("1.1 2.2 3.3", "6.6");
    assert_sum("999999999.999999999 0.000000001", "1000000000");
    assert_sum("+.5 5. -0.25", "5.25");
    assert_sum("-0 -0.0", "0");
    assert_sum("123456789012.345678 -123456789012", "0.345678");
    assert_sum("1234567890123.456789 -1234567890123", "0.456787109375");
}

static void integers_stay_exact_integers(void **state)
{
    (void)state;
    assert_sum("2 4 1 5", "12");
    assert_sum("007 1", "8");
    assert_sum("9007199254740993 0", "9007199254740993");
    assert_sum("9223372036854775807 9223372036854775807",
               "18446744073709551614");
    assert_sum("-9223372036854775807 -9223372036854775807",
               "-18446744073709551614");
    assert_sum("9223372036854775808 9223372036854775808 9223372036854775808",
               "27670116110564327424");
    assert_sum("1234567890123456789012345 1", "1234567890123456789012346");
    assert_sum("-1234567890123456789012345 -1.0", "-1234567890123456789012346");
    assert_sum("1000000000000000000000000000000000000000000 -1",
               "999999999999999999999999999999999999999999");
    assert_sum("100000000000000000000.000 0.5 0.5", "100000000000000000001");
    assert_sum("10000000000000000000000000000 -10000000000000000000000000000",
               "0");
    assert_sum("1e5 1", "100001");
}

static void what_is_not_an_integer_rounds_once_to_a_double(void **state)
{
    (void)state;
    assert_sum("1e16 1 -1e16", "1");
    assert_sum("1e300 1 -1e300", "1");
    assert_sum("1e300 5e-324 -1e300", "5e-324");
    assert_sum("5e-324 5e-324", "1e-323");
    assert_sum("1e+21", "1e+21");
    assert_sum("9007199254740993 0.5", "9007199254740994");
    assert_sum("9007199254740992 1 1e-300", "9007199254740994");
    assert_sum("9007199254740992.0 0.999999999", "9007199254740992");
    assert_sum("123456789012345678901234567890 0.5", "1.2345678901234568e+29");
    assert_sum("0.12345678901234567 0", "0.12345678901234566");
    assert_sum("1.7976931348623157e308", "1.7976931348623157e+308");
    assert_sum("1e-999 1", "1");
}

static void a_total_beyond_all_doubles_is_an_integer(void **state)
{
    struct cosend_sum sum = {0};
    char text[COSEND_SUM_MAX];

    (void)state;
    add(&sum, "-1.7976931348623157e308");
    add(&sum, "-1.7976931348623157e308");
    add(&sum, "0.5");
    assert_int_equal(cosend_sum_total(&sum, text), 310);
    assert_memory_equal(text, "-359538626972463141629054847463408713596", 40);
    assert_true(cosend_sum_mean(&sum, 2) == -1.7976931348623157e308);
    assert_true(isinf(cosend_sum_mean(&sum, 1)));
    cosend_sum_free(&sum);
}

static void what_is_subtracted_leaves_nothing(void **state)
{
    static const char *const texts[] = {
        "1",     "-1",      "+1",
        "0.1",   "-2.50",   "1e20",
        "1e300", "-1e-300", "12345678901234567890",
        "-.5"};
    struct cosend_sum sum = {0};

    (void)state;
    add(&sum, "0.5");
    for (size_t i = 0; i < COUNT(texts); i++)
        add(&sum, texts[i]);
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(cosend_sum_subtract(&sum, texts[i], strlen(texts[i])),
                         COSEND_IS_NUMBER);
    assert_total(&sum, "0.5");
    cosend_sum_free(&sum);
}

static void what_is_not_a_number_adds_nothing(void **state)
{
    static const char *const texts[] = {
        "",     " ",     "x",    "-",     ".",   "1 ",   " 1",     "1,5",
        "0x1F", "1_000", "1.2.", "1.2.3", "1e",  "inf",  "-nan",   "1e999",
        "--1",  "+-1",   "1-",   "1e5e5", "12a", "1.5x", "-1e999", "e1"};
    struct cosend_sum sum = {0};
    char digits[400];

    (void)state;
    add(&sum, "0.5");
    for (size_t i = 0; i < COUNT(texts); i++)
        if (cosend_sum_add(&sum, texts[i], strlen(texts[i])) ||
            cosend_sum_subtract(&sum, texts[i], strlen(texts[i])))
            fail_msg("\"%s\" was added", texts[i]);
    assert_int_equal(cosend_sum_subtract(&sum, "-+1", 3), COSEND_NOT_NUMBER);
    memset(digits, '9', sizeof(digits));
    assert_int_equal(cosend_sum_add(&sum, digits, sizeof(digits)), 0);
    assert_int_equal(cosend_sum_add(&sum, "1\0", 2), 0);
    assert_total(&sum, "0.5");
    cosend_sum_free(&sum);
}

static void a_mean_rounds_once(void **state)
{
    struct cosend_sum sum = {0};

    (void)state;
    add(&sum, "7");
    assert_true(cosend_sum_mean(&sum, 3) == 7.0 / 3);
    add(&sum, "0.1");
    assert_true(cosend_sum_mean(&sum, 71) == 0.1);
    add(&sum, "9007199254740992.9");
    assert_true(cosend_sum_mean(&sum, 1) == 9007199254741000.0);
    assert_true(cosend_sum_mean(&sum, 10) == 900719925474100.0);
    add(&sum, "-9007199254741000");
    add(&sum, "5e-324");
    assert_true(cosend_sum_mean(&sum, 1) == 5e-324);
    assert_true(cosend_sum_mean(&sum, 2) == 0);
    add(&sum, "1e-323");
    assert_true(cosend_sum_mean(&sum, 2) == 1e-323);
    cosend_sum_free(&sum);
}

/* A seventh of 7 k + 3 units of 2^-1074, k odd: rounded to half units first,
   it would be k + 1/2, and then k + 1. */
static void a_subnormal_mean_rounds_once(void **state)
{
    double value = ldexp((double)(INT64_C(1) << 51 | 1), -1074);
    char text[COSEND_NUMBER_MAX];
    struct cosend_sum sum = {0};

    (void)state;
    cosend_format_double(value, text);
    for (int i = 0; i < 7; i++)
        add(&sum, text);
    for (int i = 0; i < 3; i++)
        add(&sum, "5e-324");
    assert_true(cosend_sum_mean(&sum, 7) == value);
    cosend_sum_free(&sum);
}

/* The shape of NIST's NumAcc3 and NumAcc4, whose certified means are exact. */
static void large_offsets_cost_a_mean_no_digit(void **state)
{
    static const struct {
        const char *first, *low, *high;
        double mean;
    } rows[] = {{"1000000.2", "1000000.1", "1000000.3", 1000000.2},
                {"10000000.2", "10000000.1", "10000000.3", 10000000.2}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cosend_sum sum = {0};

        add(&sum, rows[i].first);
        for (int k = 0; k < 500; k++) {
            add(&sum, rows[i].low);
            add(&sum, rows[i].high);
        }
        assert_true(cosend_sum_mean(&sum, 1001) == rows[i].mean);
        cosend_sum_free(&sum);
    }
}

static void a_sum_outgrows_128_bits(void **state)
{
    struct cosend_sum sum = {0}, fraction = {0};

    (void)state;
    add(&sum, "-999999999999999999");
    add(&fraction, "0.000000001");
    for (int i = 0; i < 100; i++) {
        struct cosend_sum copy = {0};

        assert_int_equal(cosend_sum_merge(&copy, &sum), COSEND_OK);
        assert_int_equal(cosend_sum_merge(&sum, &copy), COSEND_OK);
        assert_int_equal(cosend_sum_merge(&sum, &fraction), COSEND_OK);
        cosend_sum_free(&copy);
        copy = (struct cosend_sum){0};
        cosend_sum_merge(&copy, &fraction);
        cosend_sum_merge(&fraction, &copy);
        cosend_sum_free(&copy);
    }
    /* 999999999999999999 * 2^100 less 100 * 2^99 * 10^-9 */
    assert_true(cosend_sum_mean(&sum, 1) == -0x1.bc16d674ec8p+159);
    cosend_sum_free(&sum);
    cosend_sum_free(&fraction);

    add(&sum, "999999999999999999");
    for (int i = 0; i < 100; i++) {
        struct cosend_sum copy = {0};

        cosend_sum_merge(&copy, &sum);
        cosend_sum_merge(&sum, &copy);
        cosend_sum_free(&copy);
    }
    assert_total(&sum, "1267650600228229400229052605147770598503296794624");
    cosend_sum_free(&sum);
}

/* ---- Whatever the order, whatever the split ------------------------------ */

static void the_order_does_not_matter(void **state)
{
    uint64_t seed = 3;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct cosend_sum ascending = {0}, shuffled = {0};
        const char *cells[200];

        for (size_t i = 0; i < COUNT(cells); i++) {
            cells[i] = pool[next_random(&seed) % COUNT(pool)];
            add(&ascending, cells[i]);
        }
        for (size_t i = COUNT(cells); i > 0; i--) {
            size_t k = next_random(&seed) % i;

            add(&shuffled, cells[k]);
            cells[k] = cells[i - 1];
        }
        assert_same(&shuffled, &ascending, COUNT(cells));
        cosend_sum_free(&ascending);
        cosend_sum_free(&shuffled);
    }
}

static int move(struct cosend_sum *into, const struct cosend_sum *from)
{
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    int outcome;

    cosend_put_u64(&bytes, 1);
    cosend_sum_save(from, &bytes);
    cosend_put_u64(&bytes, 2);
    assert_false(bytes.failed);
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_get_u64(&reader), 1);
    outcome = cosend_sum_load(into, &reader);
    assert_int_equal(cosend_get_u64(&reader), 2);
    assert_true(reader.next == reader.end);
    cosend_bytes_free(&bytes);
    return outcome;
}

static void parts_that_are_merged_or_saved_equal_the_whole(void **state)
{
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct cosend_sum whole = {0}, merged = {0}, loaded = {0};
        struct cosend_sum parts[7] = {{0}};

        for (int i = 0; i < 100; i++) {
            const char *cell = pool[next_random(&seed) % COUNT(pool)];

            add(&whole, cell);
            add(&parts[next_random(&seed) % COUNT(parts)], cell);
        }
        for (size_t i = 0; i < COUNT(parts); i++) {
            assert_int_equal(cosend_sum_merge(&merged, &parts[i]), COSEND_OK);
            assert_int_equal(move(&loaded, &parts[i]), COSEND_OK);
            cosend_sum_free(&parts[i]);
        }
        assert_same(&merged, &whole, 100);
        assert_same(&loaded, &whole, 100);
        cosend_sum_free(&whole);
        cosend_sum_free(&merged);
        cosend_sum_free(&loaded);
    }
}

static void carries_wait_for_no_one(void **state)
{
    struct cosend_sum sum = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        add(&sum, "-1.7976931348623157e308");
    assert_true(cosend_sum_mean(&sum, 100000) == -1.7976931348623157e308);
    for (int i = 0; i < 100000; i++)
        add(&sum, "1.7976931348623157e308");
    assert_total(&sum, "0");
    cosend_sum_free(&sum);
    /* Its bits are as far up in a chunk as any are. */
    for (int i = 0; i < 100000; i++)
        add(&sum, "999999.1234567891");
    assert_true(cosend_sum_mean(&sum, 100000) == 999999.1234567891);
    cosend_sum_free(&sum);
}

/* ---- Fractions ----------------------------------------------------------- */

static void check_oracle_line(char *line)
{
    struct cosend_sum sum = {0}, halves[2] = {{0}};
    char *total = strtok(line, " \n"), *count = strtok(NULL, " \n");
    char *mean = strtok(NULL, " \n"), *cell;
    uint64_t divisor = strtoull(count, NULL, 10);
    unsigned i = 0;

    while ((cell = strtok(NULL, " \n")) != NULL) {
        add(&sum, cell);
        add(&halves[i++ % 2], cell);
    }
    assert_total(&sum, total);
    if (cosend_sum_mean(&sum, divisor) != strtod(mean, NULL))
        fail_msg("mean %a, not %s", cosend_sum_mean(&sum, divisor), mean);
    assert_int_equal(cosend_sum_merge(&halves[0], &halves[1]), COSEND_OK);
    assert_same(&halves[0], &sum, divisor);
    cosend_sum_free(&halves[0]);
    cosend_sum_free(&halves[1]);
    cosend_sum_free(&sum);
}

static void sums_equal_those_of_fractions(void **state)
{
    const char *much = getenv("COSEND_LONG_TESTS");
    char command[120], *line = NULL;
    size_t capacity = 0;
    int lines = 0;
    FILE *oracle;

    (void)state;
    if (system("python3 -c '' 2>/dev/null") != 0)
        skip();
    snprintf(command, sizeof(command), "python3 tests/unit/sum_oracle.py %s 9",
             much ? "100000" : "2000");
    oracle = popen(command, "r");
    assert_non_null(oracle);
    while (getline(&line, &capacity, oracle) > 0) {
        check_oracle_line(line);
        lines++;
    }
    free(line);
    assert_int_equal(pclose(oracle), 0);
    assert_true(lines > 1500);
}

/* ---- Damage and failure -------------------------------------------------- */

static void damaged_bytes_are_refused(void **state)
{
    struct cosend_sum sum = {0}, into = {0};
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    char text[COSEND_SUM_MAX];

    (void)state;
    add(&sum, "0.1");
    add(&sum, "1e300");
    add(&into, "0.5");
    cosend_sum_save(&sum, &bytes);
    for (size_t length = 0; length < bytes.length; length++) {
        reader = cosend_read_bytes(bytes.data, length);
        assert_int_equal(cosend_sum_load(&into, &reader), COSEND_E_TYPE);
        assert_true(reader.failed);
    }
    bytes.data[0]++;
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_sum_load(&into, &reader), COSEND_E_TYPE);
    bytes.data[0]--;
    for (unsigned flags = 0; flags < 256; flags++) {
        bytes.data[1] = (unsigned char)flags;
        reader = cosend_read_bytes(bytes.data, bytes.length);
        if (flags == 0 || flags == 1 || flags == 3)
            continue;
        assert_int_equal(cosend_sum_load(&into, &reader), COSEND_E_TYPE);
    }
    assert_total(&into, "0.5");
    bytes.data[1] = 3;
    /* What has a sum's form is some sum. */
    for (size_t bit = 16; bit < bytes.length * 8; bit++) {
        struct cosend_sum loaded = {0};

        bytes.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
        reader = cosend_read_bytes(bytes.data, bytes.length);
        assert_int_equal(cosend_sum_load(&loaded, &reader), COSEND_OK);
        assert_int_equal(cosend_sum_merge(&loaded, &sum), COSEND_OK);
        assert_true(cosend_sum_total(&loaded, text) < COSEND_SUM_MAX);
        cosend_sum_free(&loaded);
        bytes.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    memset(bytes.data + 2, 0xff, bytes.length - 2);
    bytes.data[17] = 0x80;
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_sum_load(&into, &reader), COSEND_OK);
    assert_true(cosend_sum_total(&into, text) < COSEND_SUM_MAX);
    cosend_bytes_free(&bytes);
    cosend_sum_free(&sum);
    cosend_sum_free(&into);
}

static void without_memory_a_sum_stays_as_it_was(void **state)
{
    struct cosend_sum sum = {0}, wide = {0}, large = {0};
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;

    (void)state;
    add(&sum, "0.5");
    add(&wide, "1e300");
    cosend_sum_save(&wide, &bytes);
    add(&large, "999999999999999999");
    for (int i = 0; i < 37; i++) {
        struct cosend_sum copy = large;

        assert_int_equal(cosend_sum_merge(&large, &copy), COSEND_OK);
    }
    assert_null(large.wide);

    allow_allocations(0);
    assert_int_equal(cosend_sum_add(&sum, "1e300", 5), COSEND_E_MEMORY);
    assert_int_equal(cosend_sum_add(&sum, "12345678901234567890", 20),
                     COSEND_E_MEMORY);
    assert_int_equal(cosend_sum_merge(&sum, &wide), COSEND_E_MEMORY);
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_sum_load(&sum, &reader), COSEND_E_MEMORY);
    assert_total(&sum, "0.5");
    assert_int_equal(cosend_sum_add(&sum, "1", 1), COSEND_IS_NUMBER);
    while (cosend_sum_merge(
               &large, &(struct cosend_sum){large.low, large.high, NULL}) == 0)
        assert_null(large.wide);
    assert_null(large.wide);
    allow_all_allocations();

    assert_total(&sum, "1.5");
    cosend_bytes_free(&bytes);
    cosend_sum_free(&sum);
    cosend_sum_free(&wide);
    cosend_sum_free(&large);
}

/* ---- Bytes --------------------------------------------------------------- */

static void bytes_read_back_as_they_were_put(void **state)
{
    static const uint64_t values[] = {
        0, 1, 127, 128, 16383, 16384, UINT64_C(1) << 62, UINT64_MAX};
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    size_t length;

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        cosend_put_varint(&bytes, values[i]);
        cosend_put_u64(&bytes, values[i]);
        cosend_put_u8(&bytes, (uint8_t)values[i]);
    }
    cosend_put_double(&bytes, -0.1);
    cosend_put_bytes(&bytes, "a\0b", 3);
    cosend_put_bytes(&bytes, NULL, 0);
    reader = cosend_read_bytes(bytes.data, bytes.length);
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_int_equal(cosend_get_varint(&reader), values[i]);
        assert_int_equal(cosend_get_u64(&reader), values[i]);
        assert_int_equal(cosend_get_u8(&reader), (uint8_t)values[i]);
    }
    assert_true(cosend_get_double(&reader) == -0.1);
    assert_memory_equal(cosend_get_bytes(&reader, &length), "a\0b", 3);
    assert_int_equal(length, 3);
    assert_non_null(cosend_get_bytes(&reader, &length));
    assert_int_equal(length, 0);
    assert_false(reader.failed);
    assert_int_equal(cosend_get_u8(&reader), 0);
    assert_true(reader.failed);
    cosend_bytes_free(&bytes);
    assert_int_equal(bytes.length, 0);
}

static void bytes_are_the_same_on_every_machine(void **state)
{
    struct cosend_bytes bytes = {0};

    (void)state;
    cosend_put_u64(&bytes, UINT64_C(0x0102030405060708));
    cosend_put_varint(&bytes, 300);
    cosend_put_double(&bytes, 1);
    assert_int_equal(bytes.length, 18);
    assert_memory_equal(bytes.data,
                        "\x08\x07\x06\x05\x04\x03\x02\x01\xac\x02"
                        "\0\0\0\0\0\0\xf0\x3f",
                        18);
    cosend_bytes_free(&bytes);
}

static void a_reader_goes_nowhere_it_should_not(void **state)
{
    static const unsigned char endless[11] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const unsigned char large[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                          0xff, 0xff, 0xff, 0xff, 0x02};
    static const unsigned char beyond[] = {0x05, 'a', 'b'};
    static const unsigned char huge[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 0xff, 0xff, 0x01};
    struct cosend_reader_bytes reader;
    size_t length = 7;

    (void)state;
    reader = cosend_read_bytes(endless, sizeof(endless));
    assert_int_equal(cosend_get_varint(&reader), 0);
    assert_true(reader.failed);
    reader = cosend_read_bytes(large, sizeof(large));
    assert_int_equal(cosend_get_varint(&reader), 0);
    assert_true(reader.failed);
    reader = cosend_read_bytes(beyond, sizeof(beyond));
    assert_null(cosend_get_bytes(&reader, &length));
    assert_int_equal(length, 0);
    assert_true(reader.failed);
    assert_int_equal(cosend_get_u8(&reader), 0);
    reader = cosend_read_bytes(huge, sizeof(huge));
    assert_null(cosend_get_bytes(&reader, &length));
    reader = cosend_read_bytes(NULL, 0);
    assert_int_equal(cosend_get_u64(&reader), 0);
    assert_true(reader.failed);
}

static void bytes_remember_that_memory_was_short(void **state)
{
    (void)state;
    for (int n = 0; n < 3; n++) {
        struct cosend_bytes bytes = {0};
        size_t length;

        allow_allocations(n);
        for (int i = 0; i < 100; i++)
            cosend_put_bytes(&bytes, "abcdef", 6);
        cosend_put_u64(&bytes, 1);
        assert_true(bytes.failed);
        length = bytes.length;
        allow_all_allocations();
        cosend_put_u8(&bytes, 1);
        assert_int_equal(bytes.length, length);
        cosend_bytes_clear(&bytes);
        cosend_put_u8(&bytes, 1);
        assert_false(bytes.failed);
        assert_int_equal(bytes.length, 1);
        cosend_bytes_free(&bytes);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_sum_is_zero),
        cmocka_unit_test(short_decimals_add_as_decimals),
        cmocka_unit_test(what_is_subtracted_leaves_nothing),
        cmocka_unit_test(integers_stay_exact_integers),
        cmocka_unit_test(what_is_not_an_integer_rounds_once_to_a_double),
        cmocka_unit_test(a_total_beyond_all_doubles_is_an_integer),
        cmocka_unit_test(what_is_not_a_number_adds_nothing),
        cmocka_unit_test(a_mean_rounds_once),
        cmocka_unit_test(a_subnormal_mean_rounds_once),
        cmocka_unit_test(large_offsets_cost_a_mean_no_digit),
        cmocka_unit_test(a_sum_outgrows_128_bits),
        cmocka_unit_test(the_order_does_not_matter),
        cmocka_unit_test(parts_that_are_merged_or_saved_equal_the_whole),
        cmocka_unit_test(carries_wait_for_no_one),
        cmocka_unit_test(sums_equal_those_of_fractions),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(without_memory_a_sum_stays_as_it_was),
        cmocka_unit_test(bytes_read_back_as_they_were_put),
        cmocka_unit_test(bytes_are_the_same_on_every_machine),
        cmocka_unit_test(a_reader_goes_nowhere_it_should_not),
        cmocka_unit_test(bytes_remember_that_memory_was_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
