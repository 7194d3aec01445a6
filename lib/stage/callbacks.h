/* SPDX-License-Identifier: MIT */
/* The body of filters that are callbacks. */
#ifndef CSI_CALLBACKS_H
#define CSI_CALLBACKS_H

#include "stage/stage.h"

/* Runs in the stage's coroutine, as a body; returns what one does. */
int csi_callbacks_run(struct csi_stage *stage);

#endif
