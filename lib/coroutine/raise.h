/* SPDX-License-Identifier: MIT */
/* The errors that a coroutine is handling. */
#ifndef CSI_COROUTINE_RAISE_H
#define CSI_COROUTINE_RAISE_H

#include "coroutine/object.h"

/*
 * Enter an except clause with an error that has arrived (NULL: GeneratorExit);
 * what is being handled becomes its context. Without memory for it, the error
 * is COSEND_E_MEMORY, but GeneratorExit stays what it is.
 */
void csi_enter(struct cosend_coroutine *self, const struct cosend_error *error);

/*
 * The same for an error that stays where it is until the next suspension, as
 * one that is thrown: without memory, it is handled there until then.
 */
void csi_enter_thrown(struct cosend_coroutine *self,
                      const struct cosend_error *error);

/*
 * Enter one with an error that a loop of ours came upon: it comes out of the
 * body, though that returns, unless it is handled, and its next yield answers
 * COSEND_THROWN at once.
 */
void csi_enter_raised(struct cosend_coroutine *self,
                      const struct cosend_error *error);

/* It yields, or delegates: see csi_clause's `yields`. */
void csi_yields_in_clause(struct cosend_coroutine *self);

/*
 * What a body's answer stands for: enter a clause with it, if that is not what
 * it handles.
 *
 * Returns 0 if it returned, else the kind of csi_handled(self).
 */
int csi_enter_status(struct cosend_coroutine *self, int status);

/* What is being handled, or NULL. */
const struct cosend_error *csi_handled(const struct cosend_coroutine *self);

/* Leave all clauses: it is over. */
void csi_leave_clauses(struct cosend_coroutine *self);

#endif
