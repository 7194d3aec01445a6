/* SPDX-License-Identifier: MIT */
/* Rows that readers and writers have both. */
#ifndef CSI_FORMAT_OPTIONS_H
#define CSI_FORMAT_OPTIONS_H

#include "cosend/stage.h"

extern const struct cosend_option csi_csv_options[];

#endif
