/* SPDX-License-Identifier: MIT */
/* What is left of a coroutine when it is over, and what becomes of it. */
#ifndef CSI_COROUTINE_BURY_H
#define CSI_COROUTINE_BURY_H

#include "coroutine/object.h"

/* End co, which is not running and never will: it is CLOSED. */
void csi_bury(struct cosend_coroutine *co);

/* Free the object of one that is CLOSED and that nobody needs. */
void csi_free_object(struct cosend_coroutine *co);

#endif
