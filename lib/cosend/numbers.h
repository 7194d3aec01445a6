/* SPDX-License-Identifier: MIT */
/*
 * Columns of numbers: a column's cells taken for numbers, once a batch for all
 * who ask, or computed by a step and not printed yet.
 *
 * A number keeps all its digits. Nearly every one is an integer of at most 63
 * bits, or such an integer with its point further left: 12.50 is 1250 and two
 * decimals. What was computed is a double. The few others, as 1e5 and what has
 * more digits, are text: of these the nearest double is given too.
 *
 * Its struct is frozen (cosend/version.h).
 */
#ifndef COSEND_NUMBERS_H
#define COSEND_NUMBERS_H

#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * How a number is given. Up to COSEND_FORM_DECIMALS a form is a number of
 * decimals: the number is integer / 10^form, so that 0 says that it is an
 * integer.
 */
enum cosend_form {
    COSEND_FORM_INTEGER = 0,
    COSEND_FORM_DECIMALS = 18,
    COSEND_FORM_DOUBLE = 32, /* the shortest decimal that reads as `number` */
    COSEND_FORM_TEXT = 33,   /* the cell's text; `number` is nearest to it */
    COSEND_FORM_BLANK = 64,  /* no number: absent, null or of no bytes */
    COSEND_FORM_OTHER = 65   /* no number: other text, true and false, JSON */
};

union cosend_number {
    int64_t integer; /* up to COSEND_FORM_DECIMALS */
    double number;   /* DOUBLE, TEXT */
};

/*
 * A column of a batch, by position, by the inline functions; its members are
 * for them. They live as long as the batch.
 */
struct cosend_numbers {
    const uint8_t *forms; /* enum cosend_form */
    const union cosend_number *values;
    const struct cosend_cell *cells; /* where a form is TEXT; else any */
    const uint32_t *selection;
    uint32_t first_row;
    uint32_t row_mask;
    uint32_t position_mask;
};

/* Where in forms, values and cells the record at a position has its own. */
COSEND_INLINE uint32_t cosend_number_index(const struct cosend_numbers *in,
                                           uint32_t position)
{
    uint32_t row =
        in->selection ? in->selection[position] : in->first_row + position;

    return (row & in->row_mask) | (position & in->position_mask);
}

/* The double nearest to integer / 10^decimals, for at most
   COSEND_FORM_DECIMALS. */
COSEND_API double cosend_decimal_double(int64_t integer, unsigned decimals);

/*
 * The double nearest to a number, as cosend_parse_double reads it.
 *
 * Returns the form; from COSEND_FORM_BLANK on it is no number, and *value is
 * as it was.
 */
COSEND_INLINE enum cosend_form cosend_double_at(const struct cosend_numbers *in,
                                                uint32_t position,
                                                double *value)
{
    uint32_t i = cosend_number_index(in, position);
    uint8_t form = in->forms[i];

    if (form == COSEND_FORM_INTEGER)
        *value = COSEND_CAST(double, in->values[i].integer);
    else if (form <= COSEND_FORM_DECIMALS)
        *value = cosend_decimal_double(in->values[i].integer, form);
    else if (form < COSEND_FORM_BLANK)
        *value = in->values[i].number;
    return COSEND_CAST(enum cosend_form, form);
}

#ifdef __cplusplus
}
#endif

#endif
