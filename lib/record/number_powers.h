/* SPDX-License-Identifier: MIT */
/*
 * Powers of ten for reading and printing doubles: of each the 128 bits from
 * its first one on, rounded up. So 2^127 <= g < 2^128, and
 *
 *     (g - 1) * 2^e < 10^k <= g * 2^e, where e = floor(log2(10^k)) - 127.
 */
#ifndef CSI_RECORD_NUMBER_POWERS_H
#define CSI_RECORD_NUMBER_POWERS_H

#include <stdint.h>

enum { CSI_POWER_MIN = -292, CSI_POWER_MAX = 324 };

struct csi_power {
    uint64_t high, low;
};

/* That of 10^k is csi_powers[k - CSI_POWER_MIN]. */
extern const struct csi_power csi_powers[CSI_POWER_MAX - CSI_POWER_MIN + 1];

/* For every k in the table, and well beyond. */
static inline int csi_floor_log2_of_power_of_10(int k)
{
    return (k * 1741647) >> 19;
}

#endif
