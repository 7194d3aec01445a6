/* SPDX-License-Identifier: MIT */
/* Who delegates to whom, and whom a resumption reaches. */
#ifndef CSI_COROUTINE_ROUTE_H
#define CSI_COROUTINE_ROUTE_H

#include "coroutine/object.h"

/*
 * The first of co and those it delegates to that a resumption is going through,
 * or NULL. co is RUNNING if that is co itself.
 */
const struct cosend_coroutine *csi_busy(const struct cosend_coroutine *co);

/* The end of a path of delegations. */
struct csi_route {
    struct cosend_coroutine *last;
    int why; /* what keeps its delegate from running; COSEND_DONE: it is CLOSED;
                0: it has none, and is to run itself */
    bool alone; /* nobody else delegates to anyone on the path */
};

/*
 * The way from co, which is not RUNNING, to who runs when it is resumed by a
 * resumption of head.
 */
struct csi_route csi_find_route(struct cosend_coroutine *co,
                                struct cosend_coroutine *head);

/* The same, to close co: whom it delegates to are closed first, one by one. */
struct csi_route csi_find_route_to_close(struct cosend_coroutine *co);

/*
 * Give the last of a route, whose delegate cannot run, what it delegated for
 * instead: the signal, with what is thrown (NULL: GeneratorExit), if that one
 * is CLOSED, else an error. The delegation is over.
 *
 * Returns what its cosend_yield_from answers.
 */
int csi_answer_for(const struct csi_route *route, int signal,
                   const struct cosend_error *thrown);

/* Know whom a send to head runs: the end of a route from it. */
void csi_keep_target(struct cosend_coroutine *head,
                     const struct csi_route *route);

/* Know no target any more that is reached through co. */
void csi_forget_targets(struct cosend_coroutine *co);

/*
 * self, which runs, delegates to sub from now on.
 *
 * Returns the way from sub to who runs instead.
 */
struct csi_route csi_delegate(struct cosend_coroutine *self,
                              struct cosend_coroutine *sub);

/*
 * self does not delegate any more.
 *
 * Returns whom it did delegate to if that is to be released, else NULL.
 */
struct cosend_coroutine *csi_undelegate(struct cosend_coroutine *self);

/* Whether co was freed and nobody needs it any more. */
static inline bool csi_unused(const struct cosend_coroutine *co)
{
    return co->freed && !co->delegators && !co->holds;
}

#endif
