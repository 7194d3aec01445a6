/* SPDX-License-Identifier: MIT */
#ifndef CSI_PAIR_W3C_H
#define CSI_PAIR_W3C_H

#include "format/pair_cutter.h"

extern const struct csi_pair_ops csi_pair_w3c;

#endif
