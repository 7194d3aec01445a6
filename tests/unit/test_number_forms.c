/* SPDX-License-Identifier: MIT */
/*
 * A column's two forms are one: what is read of a cell as a number is what its
 * text says, to the last digit, and what is computed prints as it would have
 * been printed at once.
 */
#include "record/number_compare.h"
#include "record/number_forms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"

static uint64_t draw_u64(void)
{
    draw(1);
    return random_state;
}

/* A text of what numbers are made of, and of a little else. */
static size_t random_text(char *text)
{
    static const char alphabet[] = "0123456789001122..--+eEx ";
    size_t length = draw(20), at = 0;

    if (draw(2))
        return (size_t)snprintf(text, 64, "%s%llu%s%u", draw(4) ? "" : "-",
                                (unsigned long long)(draw_u64() >> draw(64)),
                                draw(2) ? "." : "", (unsigned)draw(1000));
    while (at < length)
        text[at++] = alphabet[draw(sizeof(alphabet) - 1)];
    return length;
}

/* The same column with one cell. */
static struct cosend_numbers column_of(const struct cosend_cell *cell,
                                       const uint8_t *form,
                                       const union cosend_number *number)
{
    struct cosend_numbers numbers = {
        .forms = form, .values = number, .cells = cell};

    return numbers;
}

static void assert_same_double(double a, double b, const char *text)
{
    if (memcmp(&a, &b, sizeof(a)) != 0)
        fail_msg("%s: %.17g is not %.17g", text, a, b);
}

static void assert_exact(const char *text, size_t length, uint8_t form,
                         union cosend_number number)
{
    char digits[64];
    struct csi_number with;
    int order = 1;

    snprintf(digits, sizeof(digits), "%llde-%u", (long long)number.integer,
             form);
    assert_true(csi_number_init(&with, digits, strlen(digits)));
    assert_true(csi_number_compare(text, length, &with, &order));
    assert_int_equal(order, 0);
}

static void a_cell_is_the_number_that_its_text_is(void **state)
{
    unsigned forms[256] = {0};

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[96] = "";
        size_t length = random_text(text);
        struct cosend_cell cell = cosend_text(text, length);
        union cosend_number number = {.integer = 0};
        uint8_t form = csi_number_form(&cell, &number);
        struct cosend_numbers column = column_of(&cell, &form, &number);
        double as_text = 7, as_number = 7;
        bool is = cosend_parse_double(text, length, &as_text);

        forms[form]++;
        assert_int_equal(cosend_double_at(&column, 0, &as_number), form);
        assert_int_equal(is, form < COSEND_FORM_BLANK);
        assert_int_equal(form == COSEND_FORM_BLANK, length == 0);
        assert_same_double(as_text, as_number, text);
        if (form <= COSEND_FORM_DECIMALS)
            assert_exact(text, length, form, number);
    }
    assert_true(forms[COSEND_FORM_INTEGER] && forms[3] &&
                forms[COSEND_FORM_TEXT] && forms[COSEND_FORM_OTHER]);
}

static void a_computed_number_prints_as_it_would_have_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char at_once[COSEND_NUMBER_MAX], later[COSEND_NUMBER_MAX];
        uint64_t bits = draw_u64();
        union cosend_number number;
        double value;
        uint8_t form;

        if (draw(2))
            memcpy(&value, &bits, sizeof(value));
        else
            value = (double)(int64_t)(bits >> draw(64)) / (draw(2) ? 1 : 100);
        if (!draw(100))
            value = draw(2) ? -0.0 : 0.0;
        cosend_format_double(value, at_once);
        if (!csi_number_of_double(value, &form, &number)) {
            assert_true(value != value || value - value != 0);
            continue;
        }
        csi_number_print(form, number, later);
        assert_string_equal(at_once, later);
    }
}

/* A constant near a double: itself, its neighbour, the point half-way between
   them in all its digits, or anything. */
static void number_near(double value, char *text, size_t size)
{
    long double next = nextafter(value, draw(2) ? INFINITY : -INFINITY);
    uint64_t bits = draw_u64();

    switch (draw(5)) {
    case 0:
        cosend_format_double(value, text);
        return;
    case 1:
        snprintf(text, size, "%.17Lg", next);
        return;
    case 2:
        snprintf(text, size, "%.800Lg", value + (next - value) / 2);
        return;
    case 3:
        snprintf(text, size, "%.*g", 1 + (int)draw(18), value);
        return;
    default:
        snprintf(text, size, "%lld", (long long)(bits >> draw(64)));
    }
}

static void a_double_is_compared_as_its_text_is(void **state)
{
    unsigned orders[3] = {0};

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[1024], digits[COSEND_NUMBER_MAX];
        uint64_t bits = draw_u64();
        struct csi_number with;
        double value;
        int order = 7;
        size_t length;

        if (draw(2))
            memcpy(&value, &bits, sizeof(value));
        else
            value = (double)(int64_t)(bits >> draw(64)) / (draw(2) ? 1 : 100);
        if (!isfinite(value))
            continue;
        number_near(value, text, sizeof(text));
        if (!csi_number_init(&with, text, strlen(text)))
            continue;
        length = cosend_format_double(value, digits);
        assert_true(csi_number_compare(digits, length, &with, &order));
        order = (order > 0) - (order < 0);
        orders[order + 1]++;
        if (csi_number_compare_double(value, &with) != order)
            fail_msg("%s beside %s: not %d", digits, text, order);
    }
    assert_true(orders[0] > 10000 && orders[1] > 10000 && orders[2] > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_the_number_that_its_text_is),
        cmocka_unit_test(a_computed_number_prints_as_it_would_have_at_once),
        cmocka_unit_test(a_double_is_compared_as_its_text_is)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
