/* SPDX-License-Identifier: MIT */
/* The sink of a pipeline whose records go to the host program's callback. */
#ifndef CSI_CALLBACK_H
#define CSI_CALLBACK_H

#include "cosend/stage.h"

extern const struct cosend_filter csi_callback_sink;

#endif
