/* SPDX-License-Identifier: MIT */
/* The kernels of byte_bitmaps.h for x86-64, by level. */
#ifndef CSI_BYTE_BITMAPS_X86_H
#define CSI_BYTE_BITMAPS_X86_H

#include "record/byte_bitmaps.h"

#if defined(__x86_64__)
extern const struct csi_scan_kernels csi_scan_sse2, csi_scan_avx2,
    csi_scan_avx512;
#endif

#endif
