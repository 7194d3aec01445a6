/* SPDX-License-Identifier: MIT */
#include "record/number_forms.h"

#include <math.h>
#include <stdio.h>

/* 2^53: below it every integer is a double. */
#define EXACT 9007199254740992

double cosend_decimal_double(int64_t integer, unsigned decimals)
{
    char digits[COSEND_NUMBER_MAX];
    size_t length;
    double value = 0;

    /* Both are exact, so their quotient is rounded once. */
    if (integer >= -EXACT && integer <= EXACT)
        return (double)integer / (double)csi_powers_of_ten[decimals];
    length = cosend_format_integer(integer, digits);
    length += (size_t)snprintf(digits + length, sizeof(digits) - length, "e-%u",
                               decimals);
    cosend_parse_double(digits, length, &value);
    return value;
}

bool csi_number_of_double(double value, uint8_t *form,
                          union cosend_number *number)
{
    if (!isfinite(value))
        return false;
    *form = COSEND_FORM_DOUBLE;
    number->number = value;
    if (value > -EXACT && value < EXACT && value == (double)(int64_t)value) {
        *form = COSEND_FORM_INTEGER;
        number->integer = (int64_t)value;
    }
    return true;
}

size_t csi_number_print(uint8_t form, union cosend_number number,
                        char buffer[COSEND_NUMBER_MAX])
{
    return form == COSEND_FORM_INTEGER
               ? cosend_format_integer(number.integer, buffer)
               : cosend_format_double(number.number, buffer);
}

/* A number that 63 bits do not hold, or that is written otherwise. */
static uint8_t form_of_other(const struct cosend_cell *cell,
                             union cosend_number *number)
{
    return cosend_parse_double(cell->data, cell->length, &number->number)
               ? COSEND_FORM_TEXT
               : COSEND_FORM_OTHER;
}

uint8_t csi_number_form_any(const struct cosend_cell *cell,
                            union cosend_number *number)
{
    struct csi_short_decimal decimal;

    if (!cell->length)
        return COSEND_FORM_BLANK;
    if (!csi_short_decimal_scan(cell->data, cell->length, &decimal) ||
        decimal.digits > INT64_MAX || (decimal.negative && !decimal.digits) ||
        decimal.decimals > COSEND_FORM_DECIMALS)
        return form_of_other(cell, number);
    number->integer =
        decimal.negative ? -(int64_t)decimal.digits : (int64_t)decimal.digits;
    return (uint8_t)decimal.decimals;
}
