/* SPDX-License-Identifier: MIT */
/* Closing and freeing: what the end of a coroutine needs of it. */
#ifndef CSI_COROUTINE_CLOSE_H
#define CSI_COROUTINE_CLOSE_H

#include "coroutine/object.h"

/* Close and free co, which was freed, is not RUNNING, and nobody needs. */
void csi_release(struct cosend_coroutine *co);

#endif
