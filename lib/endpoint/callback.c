/* SPDX-License-Identifier: MIT */
#include "endpoint/callback.h"

#include "stage/stage.h"

static int callback_body(struct cosend_stage *self, void *options)
{
    const struct cosend_options *host = csi_stage_of(self)->shared->options;
    bool scratch = csi_stage_of(self)->shared->scratch;
    const struct cosend_batch *batch;

    (void)options;
    /* A snapshot's records are none of the host's. */
    while ((batch = cosend_receive_batch(self)))
        for (uint32_t i = 0; !scratch && i < batch->count; i++) {
            struct cosend_record record = cosend_batch_record(batch, i);

            host->record(&record, host->context);
        }
    return COSEND_OK;
}

static const struct cosend_option callback_option_rows[] = {{.name = NULL}};

const struct cosend_filter csi_callback_sink = {
    .name = "callback",
    .role = COSEND_SINK,
    .summary = "the host program's callback",
    .options = callback_option_rows,
    .body = callback_body};
