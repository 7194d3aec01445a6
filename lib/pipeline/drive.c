/* SPDX-License-Identifier: MIT */
/*
 * Opening, running and pushing a pipeline: the calls of the host program that
 * drive it, and in what order they may come.
 *
 *     made --open--> open --push, push_record, flush--> open --finish-->
 * finished made --run--> finished
 *
 * A call out of order is refused (COSEND_E_USAGE) and changes nothing; so is
 * one that comes from a callback of the same pipeline, which is at work then.
 * Once there is an error, every call that drives says the same error, and
 * finish closes what is open.
 *
 * Stages run in coroutines; between two resumptions of the source the run is
 * back on the host's stack, and only there its callbacks are called.
 */
#include "pipeline/pipeline.h"

#include "endpoint/push.h"
#include "read/chunker.h"
#include "run/finish.h"
#include "run/late.h"
#include "run/pause.h"

static int refuse_use(struct cosend_error *error, const char *why)
{
    return cosend_error_set(error, COSEND_E_USAGE, "%s", why);
}

/* Whether the pipeline is at work already; else it is from now on. */
static int enter_pipeline(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    if (pipeline->at_work)
        return refuse_use(error, "the pipeline is at work: its callbacks "
                                 "cannot drive it");
    pipeline->at_work = true;
    return COSEND_OK;
}

/* Back on the host's stack. */
static void deliver(struct cosend_pipeline *pipeline)
{
    if (pipeline->run)
        csi_deliveries_make(&pipeline->run->deliveries, &pipeline->run->shared);
}

static int leave(struct cosend_pipeline *pipeline, int status)
{
    deliver(pipeline);
    pipeline->at_work = false;
    return status;
}

/* The run's error is the call's. */
static int give_error(const struct cosend_pipeline *pipeline,
                      struct cosend_error *error)
{
    const struct cosend_error *own = &pipeline->run->shared.error;

    if (error && !error->kind)
        *error = *own;
    return own->kind ? own->kind : COSEND_E_ABORTED;
}

/* ---- Opening ------------------------------------------------------------- */

static int declare_input(struct cosend_pipeline *pipeline, const char *path,
                         struct cosend_error *error)
{
    return cosend_io_declare_input(
        pipeline->io, path, pipeline->options.follow ? COSEND_INPUT_FOLLOW : 0,
        error);
}

/* The files that a step's options say it reads: *any is whether there are. */
static int declare_files_of(struct cosend_pipeline *pipeline,
                            const struct csi_node *node, bool *any,
                            struct cosend_error *error)
{
    struct cosend_option option;
    int status = COSEND_OK;

    for (size_t row = 0; status == COSEND_OK &&
                         cosend_option_at(node->filter->options, row, &option);
         row++) {
        const struct cosend_strings *paths;

        if (option.type != COSEND_OPTION_PATHS)
            continue;
        paths = (const void *)((const char *)node->options + option.offset);
        for (size_t i = 0; i < paths->count && status == COSEND_OK; i++) {
            *any = true;
            status = declare_input(pipeline, paths->items[i].data, error);
        }
    }
    return status;
}

/* What will be read, by the source and by steps that have tables, is known to
   the outputs, which open first. */
static int declare_inputs(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    const struct csi_plan *plan = pipeline->plan;
    bool own = false, any = false;
    int status = declare_files_of(pipeline, &plan->nodes[0], &own, error);

    for (uint32_t i = 1; i < plan->node_count && status == COSEND_OK; i++)
        status = declare_files_of(pipeline, &plan->nodes[i], &any, error);
    if (own || pipeline->options.push)
        return status;
    if (!pipeline->options.file_count && status == COSEND_OK)
        return declare_input(pipeline, "-", error);
    for (size_t i = 0; i < pipeline->options.file_count; i++)
        if (status == COSEND_OK)
            status = declare_input(pipeline, pipeline->options.files[i], error);
    return status;
}

static void call_ledger_hook(void *context)
{
    struct cosend_pipeline *pipeline = context;

    pipeline->in_hook = true;
    if (pipeline->on_ledger)
        pipeline->on_ledger(pipeline, pipeline->on_ledger_context);
    pipeline->in_hook = false;
}

static int finish_run(struct cosend_pipeline *pipeline)
{
    pipeline->finished = true;
    pipeline->outcome = csi_run_finish(pipeline->run);
    return pipeline->outcome;
}

static int make_run(struct cosend_pipeline *pipeline,
                    struct cosend_error *error)
{
    int status = csi_pipeline_complete(pipeline, error);

    if (status == COSEND_OK && pipeline->plan->only_check)
        return refuse_use(error, "the pipeline was made to be checked only");
    if (status == COSEND_OK)
        status = declare_inputs(pipeline, error);
    if (status != COSEND_OK)
        return status;
    pipeline->run = csi_run_new(pipeline->plan, &pipeline->options,
                                pipeline->io, NULL, error);
    if (!pipeline->run)
        return error->kind;
    pipeline->run->on_ledger = call_ledger_hook;
    pipeline->run->on_ledger_context = pipeline;
    return COSEND_OK;
}

/*
 * All stages are made and suspended, the source before it has read anything.
 *
 * Returns COSEND_YIELD; COSEND_DONE where the source wants nothing; or what
 * finish says, with the run finished.
 */
static int start_run(struct cosend_pipeline *pipeline,
                     struct cosend_error *error)
{
    struct cosend_error own = {0};
    int status = make_run(pipeline, error);
    struct csi_run *run = pipeline->run;

    if (status != COSEND_OK)
        return status;
    status = csi_rejects_open(&run->rejects, &run->shared);
    if (status >= 0)
        status = csi_run_prime(run);
    csi_shared_clock(&run->shared, &csi_run_source(run)->counts);
    if (status >= 0)
        status = cosend_prime(csi_run_source(run)->coroutine, NULL, &own);
    if (status < 0 && !run->shared.error.kind)
        csi_shared_fail(&run->shared, &own, 0);
    if (status >= 0)
        return status;
    status = finish_run(pipeline);
    return status < 0 ? give_error(pipeline, error) : status;
}

int cosend_pipeline_open(struct cosend_pipeline *pipeline,
                         struct cosend_error *error)
{
    struct cosend_error own = {0};
    int status;

    if (pipeline->run || pipeline->at_work)
        return refuse_use(error, "the pipeline is open, or was run, already");
    pipeline->options.push |= pipeline->by_calls && !pipeline->plan;
    if (!pipeline->options.push)
        return refuse_use(error, "the pipeline was not made for pushing");
    pipeline->at_work = true;
    status = start_run(pipeline, error ? error : &own);
    if (pipeline->run)
        csi_shared_clock(&pipeline->run->shared, NULL);
    return leave(pipeline, status < 0 ? status : COSEND_OK);
}

/* ---- The end ------------------------------------------------------------- */

int cosend_pipeline_finish(struct cosend_pipeline *pipeline,
                           struct cosend_error *error)
{
    int status;

    if (!pipeline->run)
        return refuse_use(error, "the pipeline is not open");
    status = enter_pipeline(pipeline, error);
    if (status != COSEND_OK)
        return status;
    status = pipeline->finished ? pipeline->outcome : finish_run(pipeline);
    return leave(pipeline, status < 0 ? give_error(pipeline, error) : status);
}

/* ---- Running ------------------------------------------------------------- */

int cosend_pipeline_run(struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    struct cosend_error own = {0};
    int status;

    if (pipeline->run || pipeline->at_work)
        return refuse_use(error, "the pipeline is open, or was run, already");
    if (pipeline->options.push)
        return refuse_use(error, "the pipeline was made for pushing");
    pipeline->at_work = true;
    status = start_run(pipeline, error ? error : &own);
    if (!pipeline->run || pipeline->finished)
        return leave(pipeline, status);
    while (status == COSEND_YIELD) {
        deliver(pipeline);
        status = csi_run_pause(pipeline->run);
        deliver(pipeline);
        if (status < 0)
            break;
        status =
            cosend_next(csi_run_source(pipeline->run)->coroutine, NULL, NULL);
    }
    status = finish_run(pipeline);
    return leave(pipeline, status < 0 ? give_error(pipeline, error) : status);
}

/* ---- Pushing ------------------------------------------------------------- */

static int resume_source(struct cosend_pipeline *pipeline,
                         const struct csi_push *what,
                         struct cosend_error *error)
{
    struct csi_run *run = pipeline->run;
    struct csi_stage *source = csi_run_source(run);
    struct cosend_error refused = {0};
    int status;

    csi_shared_clock(&run->shared, &source->counts);
    status =
        cosend_send(source->coroutine, (void *)(uintptr_t)what, NULL, &refused);
    csi_shared_clock(&run->shared, NULL);
    /* Misuse, as from another thread, is the caller's error, not the run's. */
    if (status < 0 && !run->shared.error.kind)
        return cosend_error_set(error, status, "%s", refused.message);
    if (status == COSEND_YIELD) {
        deliver(pipeline);
        status = csi_run_pause(run);
    }
    if (status < 0 && csi_run_drop_late_error(run))
        status = COSEND_DONE;
    return status < 0 ? give_error(pipeline, error) : status;
}

static int push_to_run(struct cosend_pipeline *pipeline,
                       const struct csi_push *what, struct cosend_error *error)
{
    struct csi_stage *source;
    int status;

    if (!pipeline->run || !pipeline->options.push || pipeline->finished)
        return refuse_use(error, "the pipeline is not open");
    source = csi_run_source(pipeline->run);
    status = csi_push_check(source, what, error);
    if (status == COSEND_OK)
        status = enter_pipeline(pipeline, error);
    if (status != COSEND_OK)
        return status;
    pipeline->stopped |= cosend_io_woken(pipeline->io) & COSEND_WAKE_STOP;
    if (pipeline->run->shared.error.kind)
        status = give_error(pipeline, error);
    else if (pipeline->stopped ||
             cosend_state(source->coroutine) != COSEND_SUSPENDED)
        status = COSEND_DONE;
    else
        status = resume_source(pipeline, what, error);
    return leave(pipeline, status);
}

int cosend_pipeline_push(struct cosend_pipeline *pipeline, const char *data,
                         size_t length, struct cosend_error *error)
{
    struct csi_push what = {.data = data};
    int status;

    /* By pieces, so that not all that comes of it waits for its delivery. */
    do {
        what.length = length < csi_block_bytes ? length : csi_block_bytes;
        status = push_to_run(pipeline, &what, error);
        length -= what.length;
        what.data = length ? what.data + what.length : NULL;
    } while (status == COSEND_OK && length);
    return status;
}

int cosend_pipeline_push_record(struct cosend_pipeline *pipeline,
                                const char *const *names,
                                const struct cosend_cell *cells, size_t count,
                                struct cosend_error *error)
{
    struct csi_push what = {.names = names, .cells = cells, .count = count};

    if (!names || !cells)
        return refuse_use(error, "a record without columns was pushed");
    return push_to_run(pipeline, &what, error);
}

int cosend_pipeline_flush(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    struct csi_push what = {.flush = true};

    return push_to_run(pipeline, &what, error);
}

/* ---- Requests ------------------------------------------------------------ */

void cosend_pipeline_request(struct cosend_pipeline *pipeline, int request)
{
    cosend_io_wake(pipeline->io, (unsigned)request);
}

unsigned cosend_pipeline_progress(const struct cosend_pipeline *pipeline)
{
    return cosend_io_progress(pipeline->io);
}

void cosend_pipeline_on_ledger(struct cosend_pipeline *pipeline,
                               void (*hook)(struct cosend_pipeline *, void *),
                               void *context)
{
    pipeline->on_ledger = hook;
    pipeline->on_ledger_context = context;
}
