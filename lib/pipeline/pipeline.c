/* SPDX-License-Identifier: MIT */
/* The host program's half: making, running and pushing pipelines. */
#include "endpoint/callback.h"
#include "endpoint/push.h"
#include "run/ledger.h"
#include "run/pause.h"
#include "run/states.h"
#include "spec/expand.h"
#include "spec/spec.h"

#include <jansson.h>
#include <string.h>

struct cosend_pipeline {
    struct cosend_options options;
    struct csi_plan *plan;
    struct csi_text steps; /* of one that is made call by call */
    bool by_calls;
    struct cosend_io *io;
    struct csi_run *run;
    bool finished;
    int outcome;
    void (*on_ledger)(struct cosend_pipeline *, void *);
    void *on_ledger_context;
};

static const struct csi_ends ends = {&csi_push_source, &csi_callback_sink};

/* ---- Making -------------------------------------------------------------- */

static struct cosend_pipeline *
new_pipeline(const struct cosend_options *options, struct cosend_error *error)
{
    struct cosend_pipeline *pipeline;

    if (options && CSI_CHECK_RESERVED(options, "options", error) < 0)
        return NULL;
    pipeline = csi_calloc(1, sizeof(*pipeline));
    if (!pipeline) {
        csi_no_memory(error);
        return NULL;
    }
    if (options)
        pipeline->options = *options;
    pipeline->io = cosend_io_new(error);
    if (!pipeline->io) {
        cosend_pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

static struct cosend_pipeline *with_plan(struct cosend_pipeline *pipeline,
                                         struct csi_plan *plan)
{
    pipeline->plan = plan;
    if (plan)
        return pipeline;
    cosend_pipeline_free(pipeline);
    return NULL;
}

struct cosend_pipeline *
cosend_pipeline_from_json(const char *text, size_t length,
                          const struct cosend_options *options,
                          struct cosend_error *error)
{
    struct cosend_pipeline *pipeline = new_pipeline(options, error);

    if (!pipeline)
        return NULL;
    return with_plan(
        pipeline,
        csi_plan_from_json(text, length, &pipeline->options, &ends, error));
}

struct cosend_pipeline *
cosend_pipeline_from_line(const char *text,
                          const struct cosend_options *options,
                          struct cosend_error *error)
{
    struct cosend_pipeline *pipeline = new_pipeline(options, error);

    if (!pipeline)
        return NULL;
    return with_plan(
        pipeline, csi_plan_from_line(text, &pipeline->options, &ends, error));
}

struct cosend_pipeline *
cosend_pipeline_new(const struct cosend_options *options,
                    struct cosend_error *error)
{
    struct cosend_pipeline *pipeline = new_pipeline(options, error);

    if (pipeline)
        pipeline->by_calls = true;
    return pipeline;
}

static bool add_step(struct csi_text *steps, const char *filter,
                     const char *options)
{
    return csi_text_add(steps, steps->length ? "," : "[", 1) &&
           csi_text_add(steps, "{", 1) &&
           csi_text_json(steps, filter, strlen(filter)) &&
           csi_text_add(steps, ":", 1) &&
           csi_text_add(steps, options, strlen(options)) &&
           csi_text_add(steps, "}", 1);
}

int cosend_pipeline_add(struct cosend_pipeline *pipeline, const char *filter,
                        const char *options, struct cosend_error *error)
{
    json_error_t wrong;
    json_t *parsed;

    if (!pipeline->by_calls || pipeline->plan)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline is complete already");
    if (!options)
        options = "{}";
    parsed =
        json_loads(options, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &wrong);
    if (!parsed)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "the options of %s are not JSON: %s", filter,
                                wrong.text);
    json_decref(parsed);
    if (!add_step(&pipeline->steps, filter, options))
        return csi_no_memory(error);
    return COSEND_OK;
}

static int complete(struct cosend_pipeline *pipeline,
                    struct cosend_error *error)
{
    struct csi_text spec = {0};
    bool ok;

    if (pipeline->plan)
        return COSEND_OK;
    ok = csi_text_add(&spec, "{\"cosend\":1,\"steps\":", 20) &&
         (pipeline->steps.length ? csi_text_add(&spec, pipeline->steps.data,
                                                pipeline->steps.length)
                                 : csi_text_add(&spec, "[", 1)) &&
         csi_text_add(&spec, "]}", 2);
    if (ok)
        pipeline->plan = csi_plan_from_json(spec.data, spec.length,
                                            &pipeline->options, &ends, error);
    else
        csi_no_memory(error);
    csi_text_free(&spec);
    return pipeline->plan ? COSEND_OK : error ? error->kind : COSEND_E_SPEC;
}

void cosend_pipeline_free(struct cosend_pipeline *pipeline)
{
    if (!pipeline)
        return;
    csi_run_free(pipeline->run);
    csi_plan_free(pipeline->plan);
    csi_text_free(&pipeline->steps);
    cosend_io_free(pipeline->io);
    csi_free(pipeline);
}

char *cosend_pipeline_expand(const struct cosend_pipeline *pipeline)
{
    const struct csi_plan *plan = pipeline->plan;

    return plan && !plan->only_check ? csi_plan_expand(plan) : NULL;
}

void cosend_release_text(char *text)
{
    csi_free(text);
}

/* ---- Opening ------------------------------------------------------------- */

static int fail(const struct cosend_pipeline *pipeline,
                struct cosend_error *error)
{
    const struct cosend_error *own = &pipeline->run->shared.error;

    if (error && !error->kind)
        *error = *own;
    return own->kind ? own->kind : COSEND_E_ABORTED;
}

static int declare_input(struct cosend_pipeline *pipeline, const char *path,
                         struct cosend_error *error)
{
    return cosend_io_declare_input(
        pipeline->io, path, pipeline->options.follow ? COSEND_INPUT_FOLLOW : 0,
        error);
}

/* What the source will read is known to the outputs, which open first. */
static int declare_inputs(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    const struct csi_node *source = &pipeline->plan->nodes[0];
    struct cosend_option option;
    int status = COSEND_OK;
    bool own = false;

    for (size_t row = 0;
         status == COSEND_OK &&
         cosend_option_at(source->filter->options, row, &option);
         row++) {
        const struct cosend_strings *paths;

        if (option.type != COSEND_OPTION_PATHS)
            continue;
        paths = (const void *)((const char *)source->options + option.offset);
        for (size_t i = 0; i < paths->count && status == COSEND_OK; i++) {
            own = true;
            status = declare_input(pipeline, paths->items[i].data, error);
        }
    }
    if (own || pipeline->options.push)
        return status;
    if (!pipeline->options.file_count)
        return declare_input(pipeline, "-", error);
    for (size_t i = 0; i < pipeline->options.file_count; i++)
        if (status == COSEND_OK)
            status = declare_input(pipeline, pipeline->options.files[i], error);
    return status;
}

static void tell_ledger(void *context)
{
    struct cosend_pipeline *pipeline = context;

    if (pipeline->on_ledger)
        pipeline->on_ledger(pipeline, pipeline->on_ledger_context);
}

/* Stages are made, and suspended at their first receive; the source has not
   begun. */
static int prepare(struct cosend_pipeline *pipeline, struct cosend_error *error)
{
    int status = complete(pipeline, error);

    if (status == COSEND_OK && pipeline->run)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline was run already");
    if (status == COSEND_OK && pipeline->plan->only_check)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline was made to be checked only");
    if (status == COSEND_OK)
        status = declare_inputs(pipeline, error);
    if (status != COSEND_OK)
        return status;
    pipeline->run = csi_run_new(pipeline->plan, &pipeline->options,
                                pipeline->io, NULL, error);
    if (!pipeline->run)
        return COSEND_E_MEMORY;
    pipeline->run->on_ledger = tell_ledger;
    pipeline->run->on_ledger_context = pipeline;
    status = csi_rejects_open(&pipeline->run->rejects, &pipeline->run->shared);
    if (status >= 0)
        status = csi_run_prime(pipeline->run);
    if (status < 0) {
        csi_run_finish(pipeline->run);
        pipeline->finished = true;
        return fail(pipeline, error);
    }
    return COSEND_OK;
}

/* Resume the source for the first time. */
static int begin(struct cosend_pipeline *pipeline)
{
    struct cosend_error error = {0};
    int status;

    status =
        cosend_prime(csi_run_source(pipeline->run)->coroutine, NULL, &error);
    if (status < 0 && !pipeline->run->shared.error.kind)
        csi_shared_fail(&pipeline->run->shared, &error, 0);
    return status;
}

int cosend_pipeline_open(struct cosend_pipeline *pipeline,
                         struct cosend_error *error)
{
    struct cosend_error own = {0};
    int status;

    pipeline->options.push |= pipeline->by_calls && !pipeline->plan;
    if (!pipeline->options.push)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline was not made for pushing");
    status = prepare(pipeline, error ? error : &own);
    if (status != COSEND_OK)
        return status;
    status = begin(pipeline);
    return status == COSEND_YIELD ? COSEND_OK : fail(pipeline, error);
}

/* ---- Running ------------------------------------------------------------- */

int cosend_pipeline_finish(struct cosend_pipeline *pipeline,
                           struct cosend_error *error)
{
    if (!pipeline->run)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline is not open");
    if (!pipeline->finished) {
        pipeline->finished = true;
        pipeline->outcome = csi_run_finish(pipeline->run);
    }
    if (pipeline->outcome < 0)
        return fail(pipeline, error);
    return pipeline->outcome;
}

int cosend_pipeline_run(struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    struct cosend_error own = {0};
    struct cosend_coroutine *source;
    int status;

    if (pipeline->options.push)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline was made for pushing");
    status = prepare(pipeline, error ? error : &own);
    if (status != COSEND_OK)
        return status;
    source = csi_run_source(pipeline->run)->coroutine;
    csi_shared_clock(&pipeline->run->shared,
                     &csi_run_source(pipeline->run)->counts);
    status = begin(pipeline);
    while (status == COSEND_YIELD) {
        status = csi_run_pause(pipeline->run);
        if (status < 0)
            break;
        status = cosend_next(source, NULL, NULL);
    }
    return cosend_pipeline_finish(pipeline, error);
}

/* ---- Pushing ------------------------------------------------------------- */

static int push(struct cosend_pipeline *pipeline, struct csi_push *what,
                struct cosend_error *error)
{
    struct cosend_error refused = {0};
    struct cosend_coroutine *source;
    int status;

    if (!pipeline->run || !pipeline->options.push)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline is not open");
    source = csi_run_source(pipeline->run)->coroutine;
    if (pipeline->finished || cosend_state(source) != COSEND_SUSPENDED)
        return pipeline->run->shared.error.kind ? fail(pipeline, error)
                                                : COSEND_DONE;
    csi_shared_clock(&pipeline->run->shared,
                     &csi_run_source(pipeline->run)->counts);
    status = cosend_send(source, what, NULL, &refused);
    csi_shared_clock(&pipeline->run->shared, NULL);
    /* Misuse, as from another thread, is the caller's error, not the run's. */
    if (status < 0 && !pipeline->run->shared.error.kind)
        return cosend_error_set(error, status, "%s", refused.message);
    if (status == COSEND_YIELD)
        status = csi_run_pause(pipeline->run);
    return status < 0 ? fail(pipeline, error) : status;
}

int cosend_pipeline_push(struct cosend_pipeline *pipeline, const char *data,
                         size_t length, struct cosend_error *error)
{
    struct csi_push what = {.data = data, .length = length};

    return push(pipeline, &what, error);
}

int cosend_pipeline_push_record(struct cosend_pipeline *pipeline,
                                const char *const *names,
                                const struct cosend_cell *cells, size_t count,
                                struct cosend_error *error)
{
    struct csi_push what = {.names = names, .cells = cells, .count = count};

    return push(pipeline, &what, error);
}

int cosend_pipeline_flush(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    struct csi_push what = {.flush = true};

    return push(pipeline, &what, error);
}

int cosend_pipeline_save(const struct cosend_pipeline *pipeline,
                         struct cosend_bytes *to)
{
    if (!pipeline->run || pipeline->finished)
        return COSEND_E_USAGE;
    return csi_states_save(pipeline->run, to);
}

int cosend_pipeline_merge(struct cosend_pipeline *pipeline,
                          struct cosend_reader_bytes *from)
{
    if (!pipeline->run || pipeline->finished)
        return COSEND_E_USAGE;
    return csi_states_merge(pipeline->run, from);
}

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

/* ---- Afterwards ---------------------------------------------------------- */

static bool ledger_of_plan(const struct csi_plan *plan, size_t i,
                           struct cosend_ledger *ledger)
{
    if (!plan || i >= plan->node_count)
        return false;
    *ledger = (struct cosend_ledger){.id = plan->nodes[i].id,
                                     .filter = plan->nodes[i].filter->name};
    return true;
}

bool cosend_pipeline_ledger(const struct cosend_pipeline *pipeline, size_t i,
                            struct cosend_ledger *ledger)
{
    const struct csi_stage *stage;
    struct csi_counts counts;
    bool absorbs;

    if (!pipeline->run)
        return ledger_of_plan(pipeline->plan, i, ledger);
    if (i >= pipeline->run->stage_count)
        return false;
    stage = &pipeline->run->stages[i];
    counts = csi_stage_counts(stage);
    absorbs = stage->node->filter->absorbs ||
              stage->node->filter->role == COSEND_SINK;
    *ledger = (struct cosend_ledger){.id = stage->node->id,
                                     .filter = stage->node->filter->name,
                                     .in = counts.in,
                                     .created = counts.created,
                                     .out = counts.out,
                                     .dropped = absorbs ? 0 : counts.dropped,
                                     .absorbed = absorbs ? counts.dropped : 0,
                                     .skipped = counts.skipped,
                                     .rejected = counts.rejected,
                                     .unread = counts.unread,
                                     .held = counts.held,
                                     .bytes = counts.bytes,
                                     .ns = counts.ns,
                                     .note = stage->note,
                                     .replaced = stage->replaced};
    return true;
}

bool cosend_pipeline_balanced(const struct cosend_pipeline *pipeline)
{
    return pipeline->run && csi_ledger_balances(pipeline->run);
}

bool cosend_pipeline_result(const struct cosend_pipeline *pipeline, size_t i,
                            size_t j, const char **name,
                            struct cosend_cell *value)
{
    const struct csi_result *result;

    if (!pipeline->run || i >= pipeline->run->stage_count ||
        j >= pipeline->run->stages[i].result_count)
        return false;
    result = &pipeline->run->stages[i].results[j];
    *name = result->name;
    *value = result->cell;
    return true;
}

uint64_t cosend_pipeline_errors(const struct cosend_pipeline *pipeline)
{
    uint64_t bad = 0;

    for (uint32_t i = 0; pipeline->run && i < pipeline->run->stage_count; i++) {
        const struct csi_stage *stage = &pipeline->run->stages[i];

        bad += stage->counts.skipped;
        if (stage->node->on_error != CSI_FAIL)
            bad += stage->counts.rejected;
    }
    return bad;
}

const char *cosend_pipeline_rejects_path(const struct cosend_pipeline *pipeline)
{
    return pipeline->plan->rejects_path;
}

uint64_t cosend_pipeline_unreadable(const struct cosend_pipeline *pipeline)
{
    return pipeline->run ? pipeline->run->unreadable : 0;
}
