/* SPDX-License-Identifier: MIT */
#include "coroutine/object.h"

struct cosend_coroutine csi_nowhere = {.state = COSEND_CLOSED};
struct cosend_error csi_iterates;
