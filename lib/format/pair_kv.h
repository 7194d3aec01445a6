/* SPDX-License-Identifier: MIT */
#ifndef CSI_PAIR_KV_H
#define CSI_PAIR_KV_H

#include "format/pair_cutter.h"

extern const struct csi_pair_ops csi_pair_kv;

#endif
