/* SPDX-License-Identifier: MIT */
#include "read/workers.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- Making and freeing -------------------------------------------------- */

static void connect(struct csi_run *run, struct csi_edge *edge,
                    const struct csi_link *link)
{
    edge->number = run->edge_count;
    run->edges[run->edge_count++] = edge;
    if (link->node != CSI_NOWHERE) {
        edge->stage = &run->stages[link->node];
        return;
    }
    edge->join = run->joins[link->join];
    edge->port = link->port;
}

static bool make_edges(struct csi_run *run)
{
    const struct csi_plan *plan = run->plan;
    size_t count = plan->join_count;

    for (uint32_t i = 0; i < plan->node_count; i++)
        count += plan->nodes[i].target_count;
    run->edges = csi_calloc(count + 1, sizeof(struct csi_edge *));
    return run->edges != NULL;
}

static bool make_joins(struct csi_run *run)
{
    const struct csi_plan *plan = run->plan;

    run->joins = csi_calloc((size_t)plan->join_count + 1, sizeof(*run->joins));
    if (!run->joins)
        return false;
    for (uint32_t i = 0; i < plan->join_count; i++) {
        run->joins[i] = csi_join_new(&plan->joins[i]);
        if (!run->joins[i])
            return false;
    }
    for (uint32_t i = 0; i < plan->join_count; i++)
        connect(run, csi_join_target(run->joins[i]), &plan->joins[i].target);
    return true;
}

static int make_stage(struct csi_run *run, uint32_t i, bool alive,
                      struct cosend_error *error)
{
    const struct csi_node *node = &run->plan->nodes[i];
    struct csi_stage *stage = &run->stages[i];

    stage->run = run;
    stage->node = node;
    stage->index = i;
    stage->target_count = node->target_count;
    stage->targets =
        csi_calloc((size_t)node->target_count + 1, sizeof(*stage->targets));
    if (!stage->targets)
        return cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
    for (uint32_t j = 0; j < node->target_count; j++)
        connect(run, &stage->targets[j], &node->targets[j]);
    if (node->join != CSI_NOWHERE)
        stage->join = run->joins[node->join];
    return alive ? csi_stage_init(stage, error) : COSEND_OK;
}

struct csi_run *csi_run_new(const struct csi_plan *plan,
                            const struct cosend_options *options,
                            struct cosend_io *io, const bool *only,
                            struct cosend_error *error)
{
    struct csi_run *run = csi_calloc(1, sizeof(*run));

    if (!run) {
        cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
        return NULL;
    }
    run->plan = plan;
    run->options = options;
    run->io = io;
    run->batch_size =
        options->batch_size ? options->batch_size : CSI_BATCH_DEFAULT;
    run->stages = csi_calloc(plan->node_count, sizeof(*run->stages));
    if (!run->stages || !make_edges(run) || !make_joins(run)) {
        cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
        csi_run_free(run);
        return NULL;
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        int status = make_stage(run, i, !only || only[i], error);

        run->stage_count = i + 1;
        if (status < 0) {
            csi_run_free(run);
            return NULL;
        }
    }
    return run;
}

/* Bodies that are still suspended must not take the end for a normal one. */
static void abort_stages(struct csi_run *run)
{
    struct cosend_error news = {.kind = CSI_NEWS_ABORT};

    for (uint32_t i = 0; i < run->stage_count; i++) {
        struct cosend_coroutine *coroutine = run->stages[i].coroutine;

        if (coroutine && cosend_state(coroutine) == COSEND_SUSPENDED)
            cosend_throw(coroutine, &news, NULL, NULL);
    }
}

void csi_run_free(struct csi_run *run)
{
    if (!run)
        return;
    abort_stages(run);
    for (uint32_t i = 0; i < run->stage_count; i++)
        csi_stage_free(&run->stages[i]);
    for (uint32_t i = 0; run->joins && i < run->plan->join_count; i++)
        csi_join_free(run->joins[i]);
    for (size_t i = 0; i < run->reject_count; i++) {
        csi_text_free(&run->rejects[i].text);
        csi_text_free(&run->rejects[i].summary);
    }
    for (size_t i = 0; i < run->output_count; i++)
        cosend_output_free(run->outputs[i].output);
    cosend_output_free(run->reject_output);
    csi_arena_free(&run->names);
    csi_free(run->outputs);
    csi_free(run->rejects);
    csi_free(run->joins);
    csi_free(run->edges);
    csi_free(run->stages);
    csi_free(run);
}

/* ---- Errors, problems, warnings ------------------------------------------ */

int csi_run_fail(struct csi_run *run, const struct cosend_error *error,
                 uint64_t ordinal)
{
    if (!run->error.kind || ordinal < run->error_ordinal) {
        run->error = *error;
        run->error_ordinal = ordinal;
    }
    return run->error.kind;
}

int csi_run_error(const struct csi_run *run)
{
    return run->error.kind ? run->error.kind : COSEND_E_ABORTED;
}

uint64_t csi_run_error_ordinal(const struct csi_run *run)
{
    return run->error.kind ? run->error_ordinal : CSI_ORDINAL_END;
}

void csi_run_problem(struct csi_run *run, const struct csi_place *place,
                     const char *format, ...)
{
    char text[512];
    va_list arguments;
    struct cosend_problem problem = {
        .name = run->options->name ? run->options->name : "<spec>",
        .line = place->line,
        .column = place->column,
        .path = place->path,
        .text = text};

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    run->problems = true;
    if (run->options->problem && !run->worker)
        run->options->problem(&problem, run->options->context);
    if (run->error.kind)
        return;
    cosend_error_set(&run->error, COSEND_E_COLUMN, "%s: %s", place->path, text);
    run->error.line = place->line;
    run->error.column = place->column;
}

void csi_run_warn(struct csi_run *run, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    if (!run->options->warning || run->scratch || run->worker)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    run->options->warning(text, run->options->context);
}

const char *csi_run_name(struct csi_run *run, const char *name, size_t length)
{
    char *copy;

    if (run->last_name && strlen(run->last_name) == length &&
        memcmp(run->last_name, name, length) == 0)
        return run->last_name;
    copy = csi_arena_bytes(&run->names, length + 1);
    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, name, length);
    copy[length] = '\0';
    return run->last_name = copy;
}

/* ---- Time ---------------------------------------------------------------- */

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

struct csi_stage *csi_run_enter(struct csi_run *run, struct csi_stage *stage)
{
    struct csi_stage *back = run->clocked;
    uint64_t time = now();

    if (back)
        back->ns += time - run->clock;
    run->clock = time;
    run->clocked = stage;
    return back;
}

void csi_run_leave(struct csi_run *run, struct csi_stage *stage)
{
    csi_run_enter(run, stage);
}

/* ---- The run ------------------------------------------------------------- */

int csi_run_prime(struct csi_run *run)
{
    for (uint32_t i = run->stage_count; i-- > 1;) {
        struct csi_stage *stage = &run->stages[i];
        struct cosend_error error = {0};
        int status = COSEND_OK;

        if (stage->coroutine)
            status = cosend_prime(stage->coroutine, NULL, &error);
        if (status < 0) {
            csi_run_fail(run, &error, 0);
            return csi_run_error(run);
        }
    }
    return COSEND_OK;
}

static int check_limit(struct csi_run *run)
{
    struct cosend_error error = {0};

    if (!run->options->limit_errors || run->errors <= run->options->max_errors)
        return COSEND_OK;
    cosend_error_set(&error, COSEND_E_DATA,
                     "skipped or rejected records: %llu, more than the "
                     "%llu of --max-errors",
                     (unsigned long long)run->errors,
                     (unsigned long long)run->options->max_errors);
    return csi_run_fail(run, &error, CSI_ORDINAL_END);
}

int csi_run_block_over(struct csi_run *run)
{
    int status = csi_rejects_flush(run);

    return status >= 0 ? check_limit(run) : status;
}

/* Reports of what there is so far need all threads' parts. */
static int settle(struct csi_run *run)
{
    int status = run->feed ? csi_feed_settle(run->feed) : COSEND_OK;

    if (run->feed)
        csi_team_collect(run->feed->team);
    return status < 0 ? status : COSEND_OK;
}

int csi_run_pause(struct csi_run *run)
{
    unsigned asked = COSEND_SNAPSHOT | COSEND_LEDGER;
    int status = csi_run_block_over(run);

    asked = cosend_io_take(run->io, asked);
    if (status >= 0 && asked)
        status = settle(run);
    if (status >= 0 && asked & COSEND_SNAPSHOT)
        status = csi_snapshot(run);
    if (status >= 0 && asked && run->on_ledger)
        run->on_ledger(run->on_ledger_context);
    return status;
}

/* A sink's file stands, whatever happens to the rest, if its branch was ended
   by somebody who had enough. */
static bool stands(const struct csi_run *run, const struct csi_stage *sink)
{
    return sink->end == COSEND_END_CLOSED && sink->closed_early &&
           !run->scratch;
}

static int settle_output(struct csi_run *run, struct csi_output_at_end *at_end,
                         struct cosend_error *error)
{
    struct cosend_output *output = at_end->output;
    bool atomic = cosend_output_is_atomic(output);
    int status;

    if (run->error.kind && atomic && !stands(run, at_end->stage))
        return COSEND_OK;
    /* What lacks a whole input must not pass for complete either. */
    if (run->unreadable && atomic && !stands(run, at_end->stage)) {
        csi_run_warn(run,
                     "%s: not written, because not every input could be "
                     "read",
                     cosend_output_name(output));
        return COSEND_OK;
    }
    if (atomic && run->interrupted && !stands(run, at_end->stage)) {
        status = cosend_output_keep_partial(output, error);
        if (status == COSEND_OK)
            csi_run_warn(run, "interrupted: what was written is in %s",
                         cosend_output_name(output));
    } else {
        status = cosend_output_commit(output, error);
    }
    at_end->stage->bytes = cosend_output_bytes(output);
    return status;
}

static void settle_outputs(struct csi_run *run)
{
    for (size_t i = 0; i < run->output_count; i++) {
        struct cosend_error error = {0};
        struct csi_stage *stage = run->outputs[i].stage;
        int status = settle_output(run, &run->outputs[i], &error);

        if (status < 0 && stage->node->on_error == CSI_SKIP) {
            cosend_error_set(&run->lost, status, "%s", error.message);
        } else if (status < 0) {
            csi_stage_fail(stage, &error);
        } else if (status == COSEND_DONE) {
            csi_run_sink_gone(run);
        }
        cosend_output_free(run->outputs[i].output);
    }
    run->output_count = 0;
}

/* The end goes down from the source, wherever that stopped; after an error the
   abort does. */
static void close_source(struct csi_run *run)
{
    struct csi_stage *source = csi_run_source(run);
    struct cosend_error error = {0};
    int status;

    if (run->error.kind || cosend_state(source->coroutine) != COSEND_SUSPENDED)
        return;
    csi_run_enter(run, source);
    status = cosend_close(source->coroutine, NULL, &error);
    if (status < 0 && !run->error.kind)
        csi_run_fail(run, &error, CSI_ORDINAL_END);
}

static int finish_rejects(struct csi_run *run)
{
    struct cosend_error error = {0};
    int status = csi_rejects_flush(run);

    if (status >= 0 && run->reject_output)
        status = cosend_output_commit(run->reject_output, &error);
    if (status < 0 && error.kind)
        csi_run_fail(run, &error, CSI_ORDINAL_END);
    return status;
}

int csi_run_finish(struct csi_run *run)
{
    run->finishing = true;
    run->interrupted = cosend_io_woken(run->io) & COSEND_WAKE_STOP;
    /* After an error no aggregate may print what looks complete. */
    if (!run->error.kind)
        close_source(run);
    abort_stages(run);
    check_limit(run);
    finish_rejects(run);
    settle_outputs(run);
    csi_run_enter(run, NULL);
    if (run->error.kind)
        return run->error.kind;
    if (run->lost.kind) {
        run->error = run->lost;
        return run->error.kind;
    }
    if (run->gone)
        return COSEND_DONE;
    if (!run->scratch && !csi_run_balances(run)) {
        cosend_error_set(&run->error, COSEND_E_LEDGER,
                         "the ledger does not balance; please report this");
        return COSEND_E_LEDGER;
    }
    return COSEND_OK;
}

static bool is_only_sink(const struct csi_run *run)
{
    uint32_t sinks = 0;

    for (uint32_t i = 0; i < run->plan->node_count; i++)
        sinks += run->plan->nodes[i].filter->role == COSEND_SINK;
    return sinks == 1;
}

void csi_run_sink_gone(struct csi_run *run)
{
    run->gone |= is_only_sink(run);
}

/* ---- The ledger ---------------------------------------------------------- */

static bool stage_balances(const struct csi_stage *stage)
{
    return !stage->miscounted &&
           stage->in + stage->created == stage->out + stage->face.dropped +
                                             stage->skipped + stage->rejected +
                                             stage->unread + stage->held;
}

static bool edges_balance(const struct csi_run *run)
{
    for (uint32_t to = 0; to < run->stage_count; to++) {
        uint64_t sent = 0;

        for (uint32_t i = 0; i < run->stage_count; i++)
            for (uint32_t j = 0; j < run->stages[i].target_count; j++)
                if (run->stages[i].targets[j].stage == &run->stages[to])
                    sent += run->stages[i].targets[j].sent;
        for (uint32_t i = 0; i < run->plan->join_count; i++) {
            const struct csi_edge *edge = csi_join_target(run->joins[i]);

            if (edge->stage == &run->stages[to])
                sent += edge->sent;
        }
        if (to && sent != run->stages[to].in)
            return false;
    }
    return true;
}

/* At the end nothing is held any more. */
static bool holds_nothing(const struct csi_run *run)
{
    for (uint32_t i = 0; i < run->stage_count; i++)
        if (run->stages[i].held)
            return false;
    return true;
}

bool csi_run_balances(const struct csi_run *run)
{
    if (run->finishing && !holds_nothing(run))
        return false;
    for (uint32_t i = 0; i < run->stage_count; i++)
        if (!stage_balances(&run->stages[i]))
            return false;
    return run->reader_records == run->reader_boundaries && edges_balance(run);
}
