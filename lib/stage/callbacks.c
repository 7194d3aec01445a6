/* SPDX-License-Identifier: MIT */
/*
 * A filter that is callbacks: the library has its loop, in a coroutine as any
 * other, and each callback is called on the thread's own stack from there
 * (cosend_call_outside), where all coroutines stay as they are.
 *
 *     own stack   run -> source ... | -> batch() -> cosend_emit -> target |
 *     coroutine   source -> this ---'                   (resumed from there)
 *
 * So an emit that fills a batch sends it from the thread's own stack. That is
 * as good as from the coroutine: who sends is known by its stage, not by what
 * runs; a target that is resumed there yields back there; and a target with
 * callbacks of its own is called above, since that is where the own stack ends
 * then. What cannot be done there is to yield for this coroutine: a receive is
 * refused, and a source lets the run act at once (source.c).
 */
#include "stage/callbacks.h"

#include "cosend/source.h"
#include "stage/answer.h"
#include "stage/source.h"

enum callback { BEGIN, BATCH, FLUSH, END };

static const char *const names[] = {"begin", "batch", "flush", "end"};

struct called {
    struct csi_stage *stage;
    enum callback which;
    const struct cosend_batch *batch;
    void *state;
};

/* On the thread's own stack. */
static int call(void *argument)
{
    struct called *called = argument;
    struct cosend_stage *self = &called->stage->face;
    const struct csi_node *node = called->stage->node;
    const struct cosend_callbacks *callbacks = node->filter->callbacks;

    switch (called->which) {
    case BEGIN:
        return callbacks->begin
                   ? callbacks->begin(self, node->options, &called->state)
                   : COSEND_OK;
    case BATCH:
        return callbacks->batch(self, called->state, called->batch);
    case FLUSH:
        return node->filter->flush(self, called->state);
    default:
        return callbacks->end ? callbacks->end(self, called->state) : COSEND_OK;
    }
}

static int call_outside(struct called *called, enum callback which)
{
    struct csi_stage *stage = called->stage;
    int status;

    called->which = which;
    stage->outside = true;
    status = csi_answer_judge(
        stage, names[which], cosend_call_outside(call, called), which != BEGIN);
    stage->outside = false;
    if (status < 0 && stage->end <= COSEND_END_CLOSED)
        cosend_fail(&stage->face, status, "the filter failed with %d", status);
    return status;
}

static int drive_source(struct called *called)
{
    int status = COSEND_OK;

    while (status == COSEND_OK && !cosend_stopping(&called->stage->face)) {
        status = call_outside(called, BATCH);
        /* One that emits seldom lets the run act, too. */
        if (status == COSEND_OK)
            csi_source_pause(called->stage);
    }
    return status;
}

static int drive(struct called *called)
{
    struct cosend_stage *self = &called->stage->face;
    enum cosend_event event;
    int status = COSEND_OK;

    while (status == COSEND_OK &&
           (event = cosend_receive_batch_until(self, &called->batch,
                                               INT64_MAX)) != COSEND_EVENT_END)
        status =
            call_outside(called, event == COSEND_EVENT_FLUSH ? FLUSH : BATCH);
    return status;
}

int csi_callbacks_run(struct csi_stage *stage)
{
    const struct cosend_filter *filter = stage->node->filter;
    struct called called = {.stage = stage};
    int status = call_outside(&called, BEGIN), ended;

    if (status < 0)
        return status;
    if (filter->save && filter->merge)
        cosend_publish(&stage->face, called.state);
    if (filter->flush)
        cosend_tell_flushes(&stage->face);
    status =
        csi_stage_is_source(stage) ? drive_source(&called) : drive(&called);
    called.batch = NULL;
    ended = call_outside(&called, END);
    if (status < 0 || ended < 0)
        return status < 0 ? status : ended;
    return COSEND_OK;
}
