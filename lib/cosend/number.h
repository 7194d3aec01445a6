/* SPDX-License-Identifier: MIT */
/*
 * Numbers as data writes them, and as cosend prints them. No locale has a say
 * in either.
 *
 * A number is an optional sign, digits with an optional point among, before
 * or behind them, and an optional exponent: 42, -.5, 5., +3, 1e5. All else is
 * text: 0x1F, inf, nan, 1_000, 1,000, anything with a space in it, nothing at
 * all, and 1e999, which no double can hold. 1e-999 is a number, and reads as 0.
 */
#ifndef COSEND_NUMBER_H
#define COSEND_NUMBER_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A buffer of this size holds any number printed here, and its NUL. */
#define COSEND_NUMBER_MAX 32

/*
 * Read all of a text as a number: the double nearest to it, ties to even, bit
 * for bit what strtod makes of it in the C locale.
 *
 * Returns false, with *value as it was, when the text is not a number.
 */
COSEND_API bool cosend_parse_double(const char *text, size_t length,
                                    double *value);

/*
 * Print the shortest decimal that reads back as the same double, of those the
 * one nearest to it, in the notation of ECMAScript's Number::toString: 0.5, 3,
 * 1e+21, 1e-7, and 0 for -0. What is not finite prints as it does there too,
 * as NaN, Infinity and -Infinity, none of which is a number in data.
 *
 * The digits are found by Raffaello Giulietti's "The Schubfach way to render
 * doubles" (2021).
 *
 * Returns the length; a NUL follows the text.
 */
COSEND_API size_t cosend_format_double(double value,
                                       char buffer[COSEND_NUMBER_MAX]);

/* Print an integer in decimal. Returns the length; a NUL follows the text. */
COSEND_API size_t cosend_format_integer(int64_t value,
                                        char buffer[COSEND_NUMBER_MAX]);
COSEND_API size_t cosend_format_unsigned(uint64_t value,
                                         char buffer[COSEND_NUMBER_MAX]);

#ifdef __cplusplus
}
#endif

#endif
