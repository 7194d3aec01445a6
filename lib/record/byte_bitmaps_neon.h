/* SPDX-License-Identifier: MIT */
/* The kernels of byte_bitmaps.h for AArch64. */
#ifndef CSI_BYTE_BITMAPS_NEON_H
#define CSI_BYTE_BITMAPS_NEON_H

#include "record/byte_bitmaps.h"

#if defined(__aarch64__)
extern const struct csi_scan_kernels csi_scan_neon;
#endif

#endif
