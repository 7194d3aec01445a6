/* SPDX-License-Identifier: MIT */
/* The digits that a double is printed with. */
#ifndef CSI_NUMBER_FORMAT_H
#define CSI_NUMBER_FORMAT_H

#include <stdint.h>

/*
 * The shortest decimal of a double that is neither 0 nor infinite nor NaN, its
 * sign left out: *digits * 10^*exponent, where *digits ends in no 0 unless the
 * double is an integer.
 */
void csi_shortest_decimal(double value, uint64_t *digits, int *exponent);

#endif
