/* SPDX-License-Identifier: MIT */
/*
 * The sink that a host program takes records from. The host's functions are
 * called on its own stack (cosend_call_outside), a batch at a time, so a call
 * by record costs no switch; what it answers is the sink's at once.
 */
#include "endpoint/callback.h"

#include "run/run.h"

/* What is to be told on the host's stack. */
struct telling {
    const struct cosend_options *options;
    const struct cosend_batch *batch;
    const struct cosend_schema *schema;
    uint32_t taken; /* records of the batch */
    bool begins;    /* a snapshot does */
};

static int tell_schema(void *argument)
{
    struct telling *telling = argument;
    const struct cosend_taker *taker = telling->options->taker;

    return taker && taker->schema
               ? taker->schema(telling->schema, taker->context)
               : COSEND_OK;
}

static int tell_snapshot(void *argument)
{
    struct telling *telling = argument;
    const struct cosend_taker *taker = telling->options->taker;

    return taker ? taker->snapshot(telling->begins, taker->context)
                 : COSEND_DONE;
}

/* Until one is not COSEND_OK. A host that has freed its pipeline meanwhile has
   no callbacks any more. */
static int tell_records(void *argument)
{
    struct telling *telling = argument;
    const struct cosend_options *options = telling->options;
    int answer = COSEND_OK;

    while (answer == COSEND_OK && telling->taken < telling->batch->count) {
        struct cosend_record record =
            cosend_batch_record(telling->batch, telling->taken++);

        answer = options->record ? options->record(&record, options->context)
                                 : COSEND_DONE;
    }
    return answer;
}

static int tell_batch(void *argument)
{
    struct telling *telling = argument;
    const struct cosend_taker *taker = telling->options->taker;

    if (!taker)
        return tell_records(argument);
    telling->taken = telling->batch->count;
    return taker->batch(telling->batch, taker->context);
}

/* Those that the host did not look at are nobody's. */
static void leave_rest(struct csi_stage *stage, const struct telling *telling)
{
    uint32_t rest = telling->batch->count - telling->taken;

    stage->face.next -= rest;
    stage->face.unsettled -= rest;
}

/* What the host answered: COSEND_OK, COSEND_DONE, or the step's error. */
static int judge_host(struct csi_stage *stage, int answer)
{
    if (answer == COSEND_OK || answer == COSEND_DONE)
        return answer;
    if (answer < 0)
        return cosend_fail(&stage->face, answer,
                           "the host program's callback answered %d", answer);
    return cosend_fail(&stage->face, COSEND_E_USAGE,
                       "the host program's callback answered %d, which is "
                       "neither COSEND_OK, COSEND_DONE nor an error",
                       answer);
}

static int tell(struct csi_stage *stage, int (*how)(void *),
                struct telling *telling)
{
    return judge_host(stage, cosend_call_outside(how, telling));
}

static int hand_out(struct csi_stage *stage, struct telling *telling)
{
    bool told = false;
    int status = COSEND_OK;

    while (status == COSEND_OK &&
           (telling->batch = cosend_receive_batch(&stage->face))) {
        telling->schema = stage->schema;
        telling->taken = 0;
        if (!told)
            status = tell(stage, tell_schema, telling);
        told = true;
        if (status == COSEND_OK)
            status = tell(stage, tell_batch, telling);
        leave_rest(stage, telling);
    }
    telling->schema = stage->schema;
    if (status == COSEND_OK && !told && stage->end == COSEND_END_CLOSED &&
        stage->schema && !stage->schema->unknown)
        status = tell(stage, tell_schema, telling);
    return status;
}

/* Records of a snapshot are for those only who ask for them. */
static int hand_out_snapshot(struct csi_stage *stage, struct telling *telling)
{
    const struct cosend_taker *taker = telling->options->taker;
    int status;

    if (!taker || !taker->snapshot) {
        while (cosend_receive_batch(&stage->face))
            continue;
        return COSEND_OK;
    }
    telling->begins = true;
    status = tell(stage, tell_snapshot, telling);
    if (status == COSEND_OK)
        status = hand_out(stage, telling);
    telling->begins = false;
    return status < 0 ? status : tell(stage, tell_snapshot, telling);
}

static int callback_body(struct cosend_stage *self, void *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct telling telling = {.options = stage->shared->options};
    int status;

    (void)options;
    status = stage->shared->scratch ? hand_out_snapshot(stage, &telling)
                                    : hand_out(stage, &telling);
    return status < 0 ? status : COSEND_OK;
}

static const struct cosend_option callback_option_rows[] = {{.name = NULL}};

const struct cosend_filter csi_callback_sink = {
    .abi = COSEND_ABI,
    .name = "callback",
    .role = COSEND_SINK,
    .summary = "the host program's callback",
    .options = callback_option_rows,
    .body = callback_body};
