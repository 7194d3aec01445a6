/* SPDX-License-Identifier: MIT */
/* Numbers between their text and columns of them: cosend/numbers.h. */
#ifndef CSI_NUMBER_FORMS_H
#define CSI_NUMBER_FORMS_H

#include "cosend/number.h"
#include "cosend/numbers.h"
#include "record/number_parse.h"

/* csi_number_form, whatever the cell. */
uint8_t csi_number_form_any(const struct cosend_cell *cell,
                            union cosend_number *number);

/* A cell as a number, and in which form that is. -0 is a double that no integer
   is. The cell is a batch's: CSI_SHORT bytes may be read. */
static inline uint8_t csi_number_form(const struct cosend_cell *cell,
                                      union cosend_number *number)
{
    struct csi_digits digits;

    /* Nearly every one is of few characters. */
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && cell->length - 1 < 8 &&
        csi_digits_scan(csi_digits_word(csi_load64(cell->data), cell->length),
                        &digits) &&
        cell->length > digits.has_point) {
        number->integer = (int64_t)digits.value;
        return (uint8_t)digits.decimals;
    }
    return csi_number_form_any(cell, number);
}

/* The form of a double that was computed, and the number as that. False where
   it is not finite, and so none. */
bool csi_number_of_double(double value, uint8_t *form,
                          union cosend_number *number);

/* Print a number of the form INTEGER or DOUBLE. Returns the length. */
size_t csi_number_print(uint8_t form, union cosend_number number,
                        char buffer[COSEND_NUMBER_MAX]);

#endif
