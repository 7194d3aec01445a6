/* SPDX-License-Identifier: MIT */
/* The powers of ten that fit in 64 bits. */
#ifndef CSI_POWERS_OF_TEN_H
#define CSI_POWERS_OF_TEN_H

#include <stdint.h>

enum { CSI_POWERS_OF_TEN = 20 };

extern const uint64_t csi_powers_of_ten[CSI_POWERS_OF_TEN];

#endif
