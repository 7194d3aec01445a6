/* SPDX-License-Identifier: MIT */
/* The inside of a coroutine: where it begins. */
#ifndef CSI_COROUTINE_YIELD_H
#define CSI_COROUTINE_YIELD_H

/* What every stack starts in: runs the body of the coroutine given. */
void csi_entry(void *self);

#endif
