/* SPDX-License-Identifier: MIT */
#include "base/short.h"

const uint64_t csi_short_masks[2 * CSI_SHORT / 8] = {
    ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)};
