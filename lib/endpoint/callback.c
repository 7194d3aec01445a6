/* SPDX-License-Identifier: MIT */
#include "endpoint/callback.h"

#include "run/run.h"

static int callback_body(struct cosend_stage *self, void *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_run *run = csi_run_of(stage);
    const struct cosend_batch *batch;

    (void)options;
    /* A snapshot's records are none of the host's. */
    while ((batch = cosend_receive_batch(self)))
        if (!run->shared.scratch &&
            !csi_deliveries_add_batch(&run->deliveries, stage, batch))
            return csi_stage_no_memory(stage);
    return COSEND_OK;
}

static const struct cosend_option callback_option_rows[] = {{.name = NULL}};

const struct cosend_filter csi_callback_sink = {
    .name = "callback",
    .role = COSEND_SINK,
    .summary = "the host program's callback",
    .options = callback_option_rows,
    .body = callback_body};
