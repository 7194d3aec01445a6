/* SPDX-License-Identifier: MIT */
/*
 * Opening, running and pushing a pipeline: the calls of the host program that
 * drive it, and in what order they may come.
 *
 *     made --open--> open --push, push_record, flush--> open --finish-->
 * finished made --run--> finished
 *     made --next--> begun --next, finish--> finished
 *
 * A call out of order is refused (COSEND_E_USAGE) and changes nothing; so is
 * one that comes from a callback of the same pipeline, which is at work then,
 * and one from another thread (driver.h). Once there is an error, every call
 * that drives says the same error, and finish closes what is open. What is
 * pushed is in pushing.c.
 */
#include "pipeline/pipeline.h"

#include "io/io.h"
#include "pipeline/driver.h"
#include "pipeline/pushing.h"
#include "run/finish.h"
#include "run/late.h"
#include "run/pause.h"

static int refuse_use(struct cosend_error *error, const char *why)
{
    return cosend_error_set(error, COSEND_E_USAGE, "%s", why);
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

/* What happens between two batches of the source. */
static int act_between(void *context)
{
    struct cosend_pipeline *pipeline = context;
    int status;

    csi_pipeline_deliver(pipeline);
    status = csi_run_pause(pipeline->run);
    csi_pipeline_deliver(pipeline);
    return pipeline->freed ? COSEND_E_ABORTED : status;
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
    pipeline->run->shared.act = act_between;
    pipeline->run->shared.act_context = pipeline;
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
    return status < 0 ? csi_pipeline_give_error(pipeline, error) : status;
}

/* The pipeline, which is entered, is neither open nor over, and made for that:
   COSEND_OK or COSEND_E_USAGE. */
static int check_fresh(const struct cosend_pipeline *pipeline, bool push,
                       struct cosend_error *error)
{
    if (pipeline->run)
        return refuse_use(error, "the pipeline is open, or was run, already");
    if (push && !pipeline->options.push)
        return refuse_use(error, "the pipeline was not made for pushing");
    if (!push && pipeline->options.push)
        return refuse_use(error, "the pipeline was made for pushing");
    return COSEND_OK;
}

/* Nobody would read the files of one that is pushed into. */
static int check_unread(const struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    if (pipeline->run || !pipeline->options.file_count ||
        !(pipeline->options.push || pipeline->by_calls))
        return COSEND_OK;
    return refuse_use(error, "the pipeline has files, which are read by "
                             "cosend_pipeline_run, and are not where it is "
                             "pushed into");
}

int cosend_pipeline_open(struct cosend_pipeline *pipeline,
                         struct cosend_error *error)
{
    struct cosend_error own = {0};
    int status = csi_pipeline_enter(pipeline, error);

    if (status != COSEND_OK)
        return status;
    status = check_unread(pipeline, error);
    if (status == COSEND_OK && !pipeline->run)
        pipeline->options.push |= pipeline->by_calls && !pipeline->plan;
    if (status == COSEND_OK)
        status = check_fresh(pipeline, true, error);
    if (status != COSEND_OK)
        return csi_pipeline_leave(pipeline, status);
    status = start_run(pipeline, &own);
    if (pipeline->run)
        csi_shared_clock(&pipeline->run->shared, NULL);
    else if (!pipeline->lacks)
        pipeline->refused = own;
    if (status < 0 && error && !error->kind)
        *error = own;
    return csi_pipeline_leave(pipeline, status < 0 ? status : COSEND_OK);
}

/* ---- The end ------------------------------------------------------------- */

/* What comes of the bytes that still wait, finish_run says. */
static int end_pushing(struct cosend_pipeline *pipeline)
{
    int status;

    csi_run_adopt(pipeline->run);
    csi_pipeline_settle(pipeline, NULL);
    status = finish_run(pipeline);
    /* COSEND_DONE: the last ones nobody was there to read. */
    if (status == COSEND_OK && !csi_run_had_enough(pipeline->run))
        pipeline->done = pipeline->taken;
    return status;
}

int cosend_pipeline_finish(struct cosend_pipeline *pipeline,
                           struct cosend_error *error)
{
    int status = csi_pipeline_enter(pipeline, error);

    if (status != COSEND_OK)
        return status;
    if (!pipeline->run)
        return csi_pipeline_leave(pipeline,
                                  csi_pipeline_refuse_closed(pipeline, error));
    status = pipeline->finished ? pipeline->outcome : end_pushing(pipeline);
    if (status < 0)
        status = csi_pipeline_give_error(pipeline, error);
    return csi_pipeline_leave(pipeline, status);
}

/* ---- Running ------------------------------------------------------------- */

/* As start_run, if it is fresh. It may be finished then. */
static int begin_run(struct cosend_pipeline *pipeline,
                     struct cosend_error *error)
{
    struct cosend_error own = {0};
    int status = check_fresh(pipeline, false, error);

    return status == COSEND_OK ? start_run(pipeline, error ? error : &own)
                               : status;
}

/* Have the source send the next of its batches. COSEND_YIELD: there are more;
   anything else, and where a callback freed the pipeline, it is to end. */
static int resume_reader(struct cosend_pipeline *pipeline)
{
    int status = act_between(pipeline);

    if (status >= 0)
        status =
            cosend_next(csi_run_source(pipeline->run)->coroutine, NULL, NULL);
    return pipeline->freed ? COSEND_E_ABORTED : status;
}

static int end_run(struct cosend_pipeline *pipeline, struct cosend_error *error)
{
    int status = pipeline->finished ? pipeline->outcome : finish_run(pipeline);

    return status < 0 ? csi_pipeline_give_error(pipeline, error) : status;
}

int cosend_pipeline_run(struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    int status = csi_pipeline_enter(pipeline, error);

    if (status != COSEND_OK)
        return status;
    status = begin_run(pipeline, error);
    if (status < 0)
        return csi_pipeline_leave(pipeline, status);
    while (status == COSEND_YIELD)
        status = resume_reader(pipeline);
    return csi_pipeline_leave(pipeline, end_run(pipeline, error));
}

/* Of one that has begun, and is not over. */
static int go_on(struct cosend_pipeline *pipeline)
{
    struct csi_run *run = pipeline->run;
    int status;

    csi_run_adopt(run);
    pipeline->io->tells_signals = true;
    csi_shared_clock(&run->shared, &csi_run_source(run)->counts);
    status = resume_reader(pipeline);
    csi_shared_clock(&run->shared, NULL);
    return status;
}

int cosend_pipeline_next(struct cosend_pipeline *pipeline,
                         struct cosend_error *error)
{
    int status = csi_pipeline_enter(pipeline, error);

    if (status != COSEND_OK)
        return status;
    status = pipeline->run && !pipeline->options.push
                 ? COSEND_YIELD
                 : begin_run(pipeline, error);
    if (status < 0)
        return csi_pipeline_leave(pipeline, status);
    if (status == COSEND_YIELD && !pipeline->finished)
        status = go_on(pipeline);
    if (status != COSEND_YIELD || pipeline->finished)
        status = end_run(pipeline, error);
    return csi_pipeline_leave(pipeline, status);
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
