/* SPDX-License-Identifier: MIT */
/*
 * Delegation (PEP 380), by relaying: the outer coroutine is resumed, resumes
 * the inner one, and suspends again with what came out.
 */
#include "coroutine/object.h"

/* Hand on what the outer was resumed with. */
static int pass_on(struct cosend_coroutine *self, struct cosend_coroutine *sub,
                   int signal, void *in, void **out, struct cosend_error *err)
{
    int outcome;

    if (signal == COSEND_THROWN)
        return cosend_throw(sub, self->incoming, out, err);
    outcome = cosend_send(sub, in, out, err);
    self->taken = cosend_taken(sub);
    return outcome;
}

int cosend_yield_from(struct cosend_coroutine *self,
                      struct cosend_coroutine *sub, void **result)
{
    struct cosend_error raised = {0};
    void *value, *in;
    int signal, outcome;

    if (self != cosend_current())
        return COSEND_E_USAGE;
    self->delegate = sub;
    outcome = cosend_next(sub, &value, &raised);
    while (outcome == COSEND_YIELD) {
        signal = csi_suspend(self, value, &in);
        if (signal == COSEND_CLOSING) {
            outcome = cosend_close(sub, NULL, &raised);
            self->delegate = NULL;
            csi_enter(self, outcome == COSEND_OK ? self->incoming : &raised);
            return outcome == COSEND_OK ? COSEND_CLOSING : COSEND_THROWN;
        }
        outcome = pass_on(self, sub, signal, in, &value, &raised);
    }
    self->delegate = NULL;
    if (outcome == COSEND_DONE) {
        if (result)
            *result = value;
        else
            csi_dispose(sub, value);
        return COSEND_GOT;
    }
    csi_enter(self, &raised);
    return COSEND_THROWN;
}
