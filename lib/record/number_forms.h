/* SPDX-License-Identifier: MIT */
/* Numbers between their text and columns of them: cosend/numbers.h. */
#ifndef CSI_NUMBER_FORMS_H
#define CSI_NUMBER_FORMS_H

#include "cosend/number.h"
#include "cosend/numbers.h"
#include "record/number_parse.h"

/* csi_number_form for what is no short decimal. */
uint8_t csi_number_form_other(const struct cosend_cell *cell,
                              union cosend_number *number);

/* A cell as a number, and in which form that is. -0 is a double that no integer
   is. */
static inline uint8_t csi_number_form(const struct cosend_cell *cell,
                                      union cosend_number *number)
{
    struct csi_short_decimal decimal;

    if (!cell->length)
        return COSEND_FORM_BLANK;
    if (!csi_short_decimal_scan(cell->data, cell->length, &decimal) ||
        decimal.digits > INT64_MAX || (decimal.negative && !decimal.digits) ||
        decimal.decimals > COSEND_FORM_DECIMALS)
        return csi_number_form_other(cell, number);
    number->integer =
        decimal.negative ? -(int64_t)decimal.digits : (int64_t)decimal.digits;
    return (uint8_t)decimal.decimals;
}

/* The form of a double that was computed, and the number as that. False where
   it is not finite, and so none. */
bool csi_number_of_double(double value, uint8_t *form,
                          union cosend_number *number);

/* Print a number of the form INTEGER or DOUBLE. Returns the length. */
size_t csi_number_print(uint8_t form, union cosend_number number,
                        char buffer[COSEND_NUMBER_MAX]);

#endif
