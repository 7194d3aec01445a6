/* SPDX-License-Identifier: MIT */
/* Resuming: what closing needs of it. */
#ifndef CSI_COROUTINE_RESUME_H
#define CSI_COROUTINE_RESUME_H

#include "coroutine/object.h"

/* What keeps throw and close from co, or 0. */
int csi_obstacle(struct cosend_coroutine *co);

/*
 * Resume co, SUSPENDED, with a GeneratorExit (NULL: one that nobody threw);
 * whom it delegates to are closed first.
 */
int csi_exit_along(struct cosend_coroutine *co,
                   const struct cosend_error *thrown, void **out,
                   struct cosend_error *err);

#endif
