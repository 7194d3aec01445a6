/* SPDX-License-Identifier: MIT */
#ifndef CSI_PAIR_JSON_H
#define CSI_PAIR_JSON_H

#include "format/pair_cutter.h"

extern const struct csi_pair_ops csi_pair_json, csi_pair_caddy, csi_pair_docker;

#endif
