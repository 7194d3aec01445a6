/* SPDX-License-Identifier: MIT */
/* Errors that say what a coroutine will not do, and where they go. */
#ifndef CSI_COROUTINE_REFUSAL_H
#define CSI_COROUTINE_REFUSAL_H

#include "coroutine/object.h"

/* Fill err: co refuses, for the reason that is the error's kind. Returns it. */
int csi_refuse(const struct cosend_coroutine *co, int kind,
               struct cosend_error *err);

/* The same for a loop over co, whose error is raised in whoever iterates. */
int csi_refuse_loop(struct cosend_coroutine *co, int kind);

/* Raise error, which co's end left, in whoever iterates over co. */
void csi_raise_in_loop(struct cosend_coroutine *co,
                       struct cosend_coroutine *iterates,
                       const struct cosend_error *error);

/* Report an error that no caller gets. */
void csi_report(const struct cosend_coroutine *co,
                const struct cosend_error *error);

/* Report that co cannot be freed as it should, for that reason. */
void csi_report_refusal(const struct cosend_coroutine *co, int kind);

#endif
