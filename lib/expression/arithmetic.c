/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic. Two integers make an integer where 64 bits hold it, else the
 * double nearest to it, of a power but for the last digit; all else is doubles.
 * Blank makes null. Times are nanoseconds, and what is between them is seconds.
 */
#include "expression/arithmetic.h"

#include <float.h>
#include <math.h>

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 wide_bits;

static const int64_t per_second = 1000000000;

static struct cosend_value by_zero(struct csi_evaluation *evaluation,
                                   const struct csi_term *term)
{
    return csi_bad_value(evaluation, "division_by_zero", "%.*s divides by zero",
                         (int)(term->length < 80 ? term->length : 80),
                         term->source);
}

/* ---- Integers ------------------------------------------------------------ */

/* floor(a / b), and what is left, of b's sign. b is not 0, and not -1 where a
   is the least integer. */
static void divide_floor(int64_t a, int64_t b, int64_t *quotient,
                         int64_t *remainder)
{
    *quotient = a / b;
    *remainder = a % b;
    if (*remainder && (*remainder < 0) != (b < 0)) {
        --*quotient;
        *remainder += b;
    }
}

/* a ** b for b >= 0; false where 64 bits do not hold it. */
static bool power(int64_t a, int64_t b, int64_t *result)
{
    *result = 1;
    if (a == 0 || a == 1) {
        *result = b ? a : 1;
        return true;
    }
    if (a == -1) {
        *result = b % 2 ? -1 : 1;
        return true;
    }
    if (b > 63)
        return false;
    for (; b; b--)
        if (__builtin_mul_overflow(*result, a, result))
            return false;
    return true;
}

/* The double nearest to a / b, where it is no integer: the quotient in 64 bits
   or more, and whether anything is left, which decides between two doubles. */
static double quotient(int64_t a, int64_t b)
{
    uint64_t over = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    uint64_t under = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    wide_bits dividend, bits;
    double result;
    int shift;

    if (((over | under) >> DBL_MANT_DIG) == 0)
        return (double)a / (double)b;
    shift = 64 + __builtin_clzll(over);
    dividend = (wide_bits)over << shift;
    bits = dividend / under | (dividend % under != 0);
    result = ldexp((double)bits, -shift);
    return (a < 0) == (b < 0) ? result : -result;
}

/* Whether the double nearest to what two integers make is known, where it is
   no integer of 64 bits: *result. */
static bool nearest(enum csi_operator op, int64_t a, int64_t b, double *result)
{
    switch (op) {
    case CSI_ADD:
        *result = (double)((wide)a + b);
        return true;
    case CSI_SUBTRACT:
        *result = (double)((wide)a - b);
        return true;
    case CSI_MULTIPLY:
        *result = (double)((wide)a * b);
        return true;
    case CSI_DIVIDE:
        *result = b ? quotient(a, b) : 0;
        return b != 0;
    default:
        return false;
    }
}

/* Whether two integers make one: *result. */
static bool integers(enum csi_operator op, int64_t a, int64_t b,
                     int64_t *result)
{
    int64_t left;

    switch (op) {
    case CSI_ADD:
        return !__builtin_add_overflow(a, b, result);
    case CSI_SUBTRACT:
        return !__builtin_sub_overflow(a, b, result);
    case CSI_MULTIPLY:
        return !__builtin_mul_overflow(a, b, result);
    case CSI_POWER:
        return b >= 0 && power(a, b, result);
    default:
        break;
    }
    if (b == 0)
        return false;
    if (b == -1) {
        *result = 0;
        return op == CSI_MODULO || !__builtin_sub_overflow(0, a, result);
    }
    if (op == CSI_DIVIDE) {
        *result = a / b;
        return a % b == 0;
    }
    if (op == CSI_FLOOR_DIVIDE)
        divide_floor(a, b, result, &left);
    else
        divide_floor(a, b, &left, result);
    return true;
}

/* ---- Doubles ------------------------------------------------------------- */

static double modulo(double a, double b)
{
    double left = fmod(a, b);

    return left != 0 && (left < 0) != (b < 0) ? left + b : left;
}

static struct cosend_value doubles(struct csi_evaluation *evaluation,
                                   const struct csi_term *term, double a,
                                   double b)
{
    bool divides = term->op == CSI_DIVIDE || term->op == CSI_FLOOR_DIVIDE ||
                   term->op == CSI_MODULO;

    if (b == 0 && divides)
        return by_zero(evaluation, term);
    if (term->op == CSI_POWER && a == 0 && b < 0)
        return by_zero(evaluation, term);
    switch (term->op) {
    case CSI_ADD:
        return csi_double_value(evaluation, term, a + b);
    case CSI_SUBTRACT:
        return csi_double_value(evaluation, term, a - b);
    case CSI_MULTIPLY:
        return csi_double_value(evaluation, term, a * b);
    case CSI_DIVIDE:
        return csi_double_value(evaluation, term, a / b);
    case CSI_FLOOR_DIVIDE:
        return csi_double_value(evaluation, term, floor(a / b));
    case CSI_MODULO:
        return csi_double_value(evaluation, term, modulo(a, b));
    default:
        return csi_double_value(evaluation, term, pow(a, b));
    }
}

/* ---- Times --------------------------------------------------------------- */

static struct cosend_value no_time(struct csi_evaluation *evaluation,
                                   const struct csi_term *term)
{
    return csi_bad_value(
        evaluation, "out_of_range", "%.*s is beyond the years 1677 to 2262",
        (int)(term->length < 80 ? term->length : 80), term->source);
}

/* Seconds as nanoseconds; false where 64 bits do not hold them. */
static bool nanoseconds(const struct cosend_value *seconds, int64_t *result)
{
    double number;

    if (seconds->type == COSEND_TYPE_INT)
        return !__builtin_mul_overflow(seconds->as.integer, per_second, result);
    if (!cosend_value_double(seconds, &number) || fabs(number) > 9.2e9)
        return false;
    *result = (int64_t)llround(number * 1e9);
    return true;
}

static struct cosend_value between(struct csi_evaluation *evaluation,
                                   const struct csi_term *term, int64_t a,
                                   int64_t b)
{
    wide difference = (wide)a - b;

    if (difference % per_second == 0)
        return csi_integer_value((int64_t)(difference / per_second));
    return csi_double_value(evaluation, term, (double)difference / 1e9);
}

static struct cosend_value times(struct csi_evaluation *evaluation,
                                 const struct csi_term *term,
                                 const struct cosend_value *a,
                                 const struct cosend_value *b)
{
    const struct cosend_value *time = a->type == COSEND_TYPE_TIME ? a : b;
    struct cosend_value result = *time;
    int64_t span;
    bool fits;

    if (a->type == b->type)
        return between(evaluation, term, a->as.integer, b->as.integer);
    fits = nanoseconds(time == a ? b : a, &span);
    fits = fits && (term->op == CSI_ADD
                        ? !__builtin_add_overflow(time->as.integer, span,
                                                  &result.as.integer)
                        : !__builtin_sub_overflow(time->as.integer, span,
                                                  &result.as.integer));
    return fits ? result : no_time(evaluation, term);
}

/* ---- Any ----------------------------------------------------------------- */

/* Whether what stands there can be calculated with; else *bad. */
static bool is_operand(struct csi_evaluation *evaluation,
                       const struct csi_term *term, const struct csi_term *part,
                       const struct cosend_value *value,
                       struct cosend_value *bad)
{
    bool is_sum = term->op == CSI_ADD || term->op == CSI_SUBTRACT;

    if (cosend_is_number(value) || (value->type == COSEND_TYPE_TIME && is_sum &&
                                    term->kind == CSI_TERM_ARITHMETIC))
        return true;
    *bad = csi_bad_operand(evaluation, "not_a_number", part, value,
                           "not a number");
    return false;
}

struct cosend_value csi_calculate(struct csi_evaluation *evaluation,
                                  const struct csi_term *term,
                                  const struct cosend_value *left,
                                  const struct cosend_value *right)
{
    struct cosend_value a = csi_number_value(left);
    struct cosend_value b = csi_number_value(right), bad;
    bool blank_a = csi_value_is_blank(&a), blank_b = csi_value_is_blank(&b);
    double x = 0, y = 0;
    int64_t integer;

    if ((!blank_a && !is_operand(evaluation, term, term->parts[0], &a, &bad)) ||
        (!blank_b && !is_operand(evaluation, term, term->parts[1], &b, &bad)))
        return bad;
    if (blank_a || blank_b)
        return csi_null_value();
    if (a.type == COSEND_TYPE_TIME || b.type == COSEND_TYPE_TIME) {
        if (b.type == COSEND_TYPE_TIME &&
            (term->op == CSI_ADD) == (a.type == b.type))
            return csi_bad_operand(evaluation, "not_a_number", term->parts[1],
                                   &b, "not a number");
        return times(evaluation, term, &a, &b);
    }
    if (a.type == COSEND_TYPE_INT && b.type == COSEND_TYPE_INT) {
        if (integers(term->op, a.as.integer, b.as.integer, &integer))
            return csi_integer_value(integer);
        if (nearest(term->op, a.as.integer, b.as.integer, &x))
            return csi_double_value(evaluation, term, x);
    }
    cosend_value_double(&a, &x);
    cosend_value_double(&b, &y);
    return doubles(evaluation, term, x, y);
}

struct cosend_value csi_negate(struct csi_evaluation *evaluation,
                               const struct csi_term *term,
                               const struct cosend_value *value)
{
    struct cosend_value number = csi_number_value(value), bad;
    int64_t integer;
    double x = 0;

    if (csi_value_is_blank(&number))
        return csi_null_value();
    if (!is_operand(evaluation, term, term->parts[0], &number, &bad))
        return bad;
    if (number.type == COSEND_TYPE_INT &&
        !__builtin_sub_overflow(0, number.as.integer, &integer))
        return csi_integer_value(integer);
    cosend_value_double(&number, &x);
    return csi_double_value(evaluation, term, -x);
}
