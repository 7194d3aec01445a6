/* SPDX-License-Identifier: MIT */
/*
 * Functions of numbers. Integers stay integers, exactly, where the result is
 * one; all else is computed in doubles.
 */
#include "expression/functions_number.h"

#include "cosend/number.h"
#include "match/bytes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double double_of(const struct cosend_value *value)
{
    double number = 0;

    cosend_value_double(value, &number);
    return number;
}

static struct cosend_value result_of(struct csi_call *call, double number)
{
    return csi_double_value(call->evaluation, call->term, number);
}

static struct cosend_value apply_abs(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];

    if (x->type == COSEND_TYPE_INT && x->as.integer != INT64_MIN)
        return csi_integer_value(x->as.integer < 0 ? -x->as.integer
                                                   : x->as.integer);
    return result_of(call, fabs(double_of(x)));
}

/* A number through a function that integers pass unchanged. */
static struct cosend_value whole(struct csi_call *call, double (*with)(double))
{
    const struct cosend_value *x = &call->arguments[0];

    return x->type == COSEND_TYPE_INT ? *x
                                      : result_of(call, with(double_of(x)));
}

static struct cosend_value apply_floor(struct csi_call *call)
{
    return whole(call, floor);
}

static struct cosend_value apply_ceil(struct csi_call *call)
{
    return whole(call, ceil);
}

/* Halves away from zero, by the decimal that the double is printed as: 2.675
   to two digits is 2.68. sprintf rounds what is exact in binary. */
static double round_decimal(double x, int digits)
{
    char text[COSEND_NUMBER_MAX + 16];
    double scaled;
    size_t length = cosend_format_double(x, text);
    const char *e = memchr(text, 'e', length);
    int exponent = 0;

    if (e)
        sscanf(e + 1, "%d", &exponent);
    length = e ? (size_t)(e - text) : length;
    snprintf(text + length, 16, "e%d", exponent + digits);
    if (!cosend_parse_double(text, strlen(text), &scaled))
        return x;
    if (fabs(scaled) >= 9007199254740992)
        return x;
    length = cosend_format_double(round(scaled), text);
    snprintf(text + length, 16, "e%d", -digits);
    cosend_parse_double(text, strlen(text), &x);
    return x;
}

/* To a multiple of 10 to the power of `zeros`, which is above 0, exactly. */
static struct cosend_value round_integer(struct csi_call *call, int64_t x,
                                         int64_t zeros)
{
    uint64_t size = x < 0 ? 0 - (uint64_t)x : (uint64_t)x, unit = 1, rest;

    if (zeros > 19) /* 10 to the power of 19 has 64 bits */
        return csi_integer_value(0);
    while (zeros--)
        unit *= 10;
    rest = size % unit;
    size = size - rest + (rest >= unit - rest ? unit : 0);
    if (size > INT64_MAX)
        return result_of(call, x < 0 ? -(double)size : (double)size);
    return csi_integer_value(x < 0 ? -(int64_t)size : (int64_t)size);
}

static struct cosend_value apply_round(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    int64_t digits = call->count > 1 ? call->arguments[1].as.integer : 0;

    if (x->type == COSEND_TYPE_INT && digits >= 0)
        return *x;
    if (x->type == COSEND_TYPE_INT && digits >= -300)
        return round_integer(call, x->as.integer, -digits);
    if (digits < -300 || digits > 300)
        return csi_bad_value(call->evaluation, "out_of_range",
                             "digits of round are -300 to 300");
    return result_of(call, round_decimal(double_of(x), (int)digits));
}

static struct cosend_value apply_sqrt(struct csi_call *call)
{
    return result_of(call, sqrt(double_of(&call->arguments[0])));
}

static struct cosend_value apply_exp(struct csi_call *call)
{
    return result_of(call, exp(double_of(&call->arguments[0])));
}

static struct cosend_value apply_log(struct csi_call *call)
{
    return result_of(call, log(double_of(&call->arguments[0])));
}

static struct cosend_value apply_log10(struct csi_call *call)
{
    return result_of(call, log10(double_of(&call->arguments[0])));
}

static struct cosend_value apply_sign(struct csi_call *call)
{
    double x = double_of(&call->arguments[0]);

    return csi_integer_value((x > 0) - (x < 0));
}

static struct cosend_value apply_pow(struct csi_call *call)
{
    return result_of(call, pow(double_of(&call->arguments[0]),
                               double_of(&call->arguments[1])));
}

/* The least (or greatest) argument, of those that are not blank. */
static struct cosend_value extreme(struct csi_call *call, int sign)
{
    struct cosend_value best = csi_null_value();

    for (uint32_t i = 0; i < call->count; i++) {
        struct cosend_value x = csi_number_value(&call->arguments[i]);

        if (csi_value_is_blank(&x))
            continue;
        if (!cosend_is_number(&x))
            return csi_bad_operand(call->evaluation, "not_a_number",
                                   call->term->parts[i], &x, "not a number");
        if (best.type == COSEND_TYPE_NULL ||
            cosend_compare(&x, &best) * sign > 0)
            best = x;
    }
    return best;
}

static struct cosend_value apply_min(struct csi_call *call)
{
    return extreme(call, -1);
}

static struct cosend_value apply_max(struct csi_call *call)
{
    return extreme(call, 1);
}

static struct cosend_value apply_number(struct csi_call *call)
{
    return call->arguments[0];
}

static struct cosend_value apply_int(struct csi_call *call)
{
    return whole(call, trunc);
}

static struct cosend_value apply_hex(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    uint64_t value = 0;

    if (csi_value_is_blank(x))
        return csi_null_value();
    if (x->length < 3 || x->length > 18 || x->as.text[0] != '0' ||
        csi_small(x->as.text[1]) != 'x')
        goto bad;
    for (uint32_t i = 2; i < x->length; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *found = memchr(digits, csi_small(x->as.text[i]), 16);

        if (!found)
            goto bad;
        value = value << 4 | (uint64_t)(found - digits);
    }
    if (value <= INT64_MAX)
        return csi_integer_value((int64_t)value);
bad:
    return csi_bad_operand(call->evaluation, "not_a_number",
                           call->term->parts[0], x,
                           "not a hexadecimal number, as 0x1F is");
}

#define NUMBER CSI_TERM_NUMBER, CSI_TERM_CALL

const struct csi_function csi_functions_number[] = {
    {{"abs", "x", "numbers", "Without its sign", "abs(-5)", "5"},
     "n",
     1,
     false,
     NUMBER,
     apply_abs},
    {{"floor", "x", "numbers", "The greatest integer that is not above it",
      "floor(-2.5)", "-3"},
     "n",
     1,
     false,
     NUMBER,
     apply_floor},
    {{"ceil", "x", "numbers", "The least integer that is not below it",
      "ceil(-2.5)", "-2"},
     "n",
     1,
     false,
     NUMBER,
     apply_ceil},
    {{"round", "x, digits", "numbers",
      "Rounded to an integer or to so many decimals, halves away from zero",
      "round(2.675, 2)", "2.68"},
     "ni",
     1,
     false,
     NUMBER,
     apply_round},
    {{"sqrt", "x", "numbers", "The square root", "sqrt(2.25)", "1.5"},
     "n",
     1,
     false,
     NUMBER,
     apply_sqrt},
    {{"exp", "x", "numbers", "e to the power of it", "exp(0)", "1"},
     "n",
     1,
     false,
     NUMBER,
     apply_exp},
    {{"log", "x", "numbers", "The natural logarithm", "log(1)", "0"},
     "n",
     1,
     false,
     NUMBER,
     apply_log},
    {{"log10", "x", "numbers", "The decimal logarithm", "log10(1000)", "3"},
     "n",
     1,
     false,
     NUMBER,
     apply_log10},
    {{"pow", "x, y", "numbers", "x to the power of y, in doubles",
      "pow(2, 0.5) > 1.4142", "true"},
     "nn",
     2,
     false,
     NUMBER,
     apply_pow},
    {{"min", "a, b, ...", "numbers", "The least of those that are not blank",
      "min(3, null, 2)", "2"},
     "a",
     1,
     true,
     NUMBER,
     apply_min},
    {{"max", "a, b, ...", "numbers", "The greatest of those that are not blank",
      "max(3, null, 2)", "3"},
     "a",
     1,
     true,
     NUMBER,
     apply_max},
    {{"sign", "x", "numbers", "-1, 0 or 1", "sign(-0.5)", "-1"},
     "n",
     1,
     false,
     NUMBER,
     apply_sign},
    {{"number", "x", "numbers", "The number that it is; bad where it is none",
      "number(\"007\")", "7"},
     "N",
     1,
     false,
     NUMBER,
     apply_number},
    {{"int", "x", "numbers", "Without what is behind the point", "int(-2.5)",
      "-2"},
     "N",
     1,
     false,
     NUMBER,
     apply_int},
    {{"hex", "x", "numbers", "The number that hexadecimal text is",
      "hex(\"0x1F\")", "31"},
     "s",
     1,
     false,
     NUMBER,
     apply_hex},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
