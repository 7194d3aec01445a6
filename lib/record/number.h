/* SPDX-License-Identifier: MIT */
/* A number's text taken apart, for whoever wants more of it than a double. */
#ifndef CSI_RECORD_NUMBER_H
#define CSI_RECORD_NUMBER_H

#include "cosend/number.h"

/*
 * The number is digits * 10^exponent, where digits are its first 19 from the
 * first that is not 0, and a little more than that where `more` is set.
 */
struct csi_decimal {
    uint64_t digits;
    int64_t exponent;
    bool negative;
    bool more;       /* a digit other than 0 did not fit */
    bool scientific; /* an exponent is written */
    bool fractional; /* a digit other than 0 stands behind the point */
    const char *significand; /* the digits and the point, in the text */
    const char *significand_end;
};

/*
 * Take apart a text that has the grammar of cosend/number.h, of whatever size
 * the number is. Returns false when it has not.
 */
bool csi_decimal_scan(const char *text, size_t length,
                      struct csi_decimal *decimal);

/*
 * The double nearest to what csi_decimal_scan found in a text that still is
 * where it was. Returns false when it is too large for one.
 */
bool csi_decimal_double(const struct csi_decimal *decimal, double *value);

#endif
