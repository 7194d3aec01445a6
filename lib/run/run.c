/* SPDX-License-Identifier: MIT */
/*
 * The life of a run.
 *
 *     csi_run_new      a stage with its coroutine for each node of the plan, an
 *                      edge for each link, a join for each join
 *     csi_run_prime    each body but the source's runs up to its first receive
 *     ...              pipeline/drive.c resumes the source until it has ended
 *     csi_run_finish   the source is closed, and the end goes down from it;
 *                      after an error every stage is aborted instead. Rejects
 *                      are written, outputs committed or dropped, and the
 *                      ledger must balance
 *     csi_run_free     whatever state it is in
 *
 * The end, csi_run_finish, is in finish.c.
 *
 * Where a bad record anywhere below may end the run (`fail`), the order in
 * which a stage sends to its targets matters: order_targets finds the target
 * that comes first, see dispatch.c.
 *
 * A worker's run and a snapshot's run are made and freed in the same way.
 * Warnings of neither reach the host, and problems of no worker's: for a
 * worker's see read/workers.c; a snapshot's would come again at the end.
 */
#include "run/run.h"

#include "stage/body.h"
#include "stage/join.h"
#include "stage/wanted.h"

/* ---- What stages ask of it ----------------------------------------------- */

static void report_problem(struct csi_shared *shared,
                           const struct csi_place *place, const char *text)
{
    struct csi_run *run = (struct csi_run *)shared;

    if (!shared->worker &&
        !csi_deliveries_add_text(&run->deliveries, place, text))
        csi_deliver_text(shared, place, text);
}

static void report_warning(struct csi_shared *shared, const char *text)
{
    struct csi_run *run = (struct csi_run *)shared;

    if (!shared->scratch && !shared->worker &&
        !csi_deliveries_add_text(&run->deliveries, NULL, text))
        csi_deliver_text(shared, NULL, text);
}

static bool keep_reject(struct csi_stage *stage,
                        const struct csi_bad_record *bad)
{
    return csi_rejects_keep(&csi_run_of(stage)->rejects, stage, bad);
}

static bool want_reject(const struct csi_stage *stage, uint64_t ordinal)
{
    const struct csi_run *run = (const struct csi_run *)stage->shared;

    return csi_rejects_want(&run->rejects, stage, ordinal);
}

static const struct csi_owner owner = {want_reject, keep_reject, report_problem,
                                       report_warning};

/* ---- Making and freeing -------------------------------------------------- */

static void connect_edge(struct csi_run *run, struct csi_edge *edge,
                         const struct csi_link *link)
{
    edge->number = run->edge_count;
    run->edges[run->edge_count++] = edge;
    if (link->node != CSI_NOWHERE) {
        edge->stage = &run->stages[link->node];
        return;
    }
    edge->join = run->joins[link->join];
    edge->join_target = &run->join_targets[link->join];
    edge->port = link->port;
}

/* What a node and those below it may do; and where it is itself. */
struct reach {
    bool fails;   /* a bad record at it, or below it, ends the run */
    bool filters; /* there are filters below it, any of which may have enough */
    bool fragile; /* a bad record counts where those below it want it still */
    bool apart;   /* it is below one that sends to several */
};

static struct reach reach_of(const struct csi_plan *plan, uint32_t node,
                             const struct reach *all)
{
    const struct csi_node *of = &plan->nodes[node];
    struct reach reach = {.fails = of->on_error == CSI_FAIL,
                          .apart = all[node].apart};

    for (uint32_t i = 0; i < of->target_count; i++) {
        uint32_t target = csi_plan_follow(plan, &of->targets[i]);

        reach.fails |= all[target].fails;
        reach.filters |= all[target].filters ||
                         plan->nodes[target].filter->role == COSEND_FILTER;
        reach.fragile |= all[target].fragile;
    }
    reach.fragile |= of->on_error == CSI_FAIL && reach.filters;
    return reach;
}

/* Which are below one that sends to several; edges go forward. */
static void find_apart(const struct csi_plan *plan, struct reach *all)
{
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct csi_node *of = &plan->nodes[i];

        for (uint32_t j = 0; j < of->target_count; j++)
            all[csi_plan_follow(plan, &of->targets[j])].apart |=
                all[i].apart || of->target_count > 1;
    }
}

/* Who is sent to first, and where records go one by one: before several that
   may fail; and before one whose bad record nobody may want any more, where
   the source cannot tell, for others want more (late.h). */
static void order_targets_of(struct csi_stage *stage,
                             const struct csi_plan *plan,
                             const struct csi_node *node,
                             const struct reach *all)
{
    uint32_t failing = 0;
    bool fragile = false;

    for (uint32_t j = node->target_count; j-- > 0;) {
        const struct reach *reach =
            &all[csi_plan_follow(plan, &node->targets[j])];

        if (!reach->fails)
            continue;
        stage->first_target = j;
        failing++;
        fragile |= reach->fragile && reach->apart;
    }
    stage->one_by_one = failing > 1 || fragile;
}

/* What is below a node comes behind it. False without memory. */
static bool order_targets(struct csi_run *run)
{
    const struct csi_plan *plan = run->shared.plan;
    struct reach *all = csi_calloc(plan->node_count, sizeof(*all));

    if (!all)
        return false;
    find_apart(plan, all);
    for (uint32_t i = plan->node_count; i-- > 0;) {
        all[i] = reach_of(plan, i, all);
        run->stages[i].in_turn = plan->nodes[i].on_error == CSI_FAIL &&
                                 all[i].filters && all[i].apart;
        order_targets_of(&run->stages[i], plan, &plan->nodes[i], all);
    }
    csi_free(all);
    return true;
}

static bool make_edges(struct csi_run *run)
{
    const struct csi_plan *plan = run->shared.plan;
    size_t count = plan->join_count;

    for (uint32_t i = 0; i < plan->node_count; i++)
        count += plan->nodes[i].target_count;
    run->edges = csi_calloc(count + 1, sizeof(struct csi_edge *));
    return run->edges != NULL;
}

static bool make_joins(struct csi_run *run)
{
    const struct csi_plan *plan = run->shared.plan;

    run->joins = csi_calloc((size_t)plan->join_count + 1, sizeof(*run->joins));
    run->join_targets =
        csi_calloc((size_t)plan->join_count + 1, sizeof(*run->join_targets));
    if (!run->joins || !run->join_targets)
        return false;
    for (uint32_t i = 0; i < plan->join_count; i++) {
        run->joins[i] = csi_join_new(plan->joins[i].ports);
        if (!run->joins[i])
            return false;
    }
    for (uint32_t i = 0; i < plan->join_count; i++)
        connect_edge(run, &run->join_targets[i], &plan->joins[i].target);
    return true;
}

/* False without memory. */
static bool give_joins(struct csi_run *run, struct csi_stage *stage)
{
    const struct csi_plan *plan = run->shared.plan;
    size_t capacity = 0;

    for (uint32_t i = 0; i < plan->join_count; i++) {
        if (plan->joins[i].owner != stage->index)
            continue;
        if (!csi_grow(&stage->joins, &capacity, (size_t)stage->join_count + 1,
                      sizeof(*stage->joins)))
            return false;
        stage->joins[stage->join_count++] = (struct csi_owned){
            .join = run->joins[i], .target = &run->join_targets[i]};
    }
    return true;
}

static int make_stage(struct csi_run *run, uint32_t i, bool alive,
                      struct cosend_error *error)
{
    const struct csi_node *node = &run->shared.plan->nodes[i];
    struct csi_stage *stage = &run->stages[i];

    stage->shared = &run->shared;
    stage->node = node;
    stage->index = i;
    stage->target_count = node->target_count;
    stage->targets =
        csi_calloc((size_t)node->target_count + 1, sizeof(*stage->targets));
    if (!stage->targets)
        return csi_no_memory(error);
    for (uint32_t j = 0; j < node->target_count; j++)
        connect_edge(run, &stage->targets[j], &node->targets[j]);
    if (!give_joins(run, stage))
        return csi_no_memory(error);
    return alive ? csi_stage_init(stage, error) : COSEND_OK;
}

struct csi_run *csi_run_new(const struct csi_plan *plan,
                            const struct cosend_options *options,
                            struct cosend_io *io, const bool *only,
                            struct cosend_error *error)
{
    struct csi_run *run = csi_calloc(1, sizeof(*run));

    if (!run) {
        csi_no_memory(error);
        return NULL;
    }
    run->shared.owner = &owner;
    run->shared.plan = plan;
    run->shared.options = options;
    run->shared.io = io;
    run->shared.tick_due = INT64_MAX;
    run->shared.batch_size =
        options->batch_size ? options->batch_size : CSI_BATCH_DEFAULT;
    run->stages = csi_calloc(plan->node_count, sizeof(*run->stages));
    if (!run->stages || !make_edges(run) || !make_joins(run) ||
        !order_targets(run)) {
        csi_no_memory(error);
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

void csi_run_abort(struct csi_run *run)
{
    struct cosend_error news = {.kind = CSI_NEWS_ABORT};

    for (uint32_t i = 0; i < run->stage_count; i++) {
        struct cosend_coroutine *coroutine = run->stages[i].coroutine;

        if (coroutine && cosend_state(coroutine) == COSEND_SUSPENDED)
            cosend_throw(coroutine, &news, NULL, NULL);
    }
}

void csi_run_adopt(struct csi_run *run)
{
    for (uint32_t i = 0; i < run->stage_count; i++)
        if (run->stages[i].coroutine)
            cosend_adopt(run->stages[i].coroutine);
}

void csi_run_free(struct csi_run *run)
{
    if (!run)
        return;
    csi_run_adopt(run);
    csi_run_abort(run);
    for (uint32_t i = 0; i < run->stage_count; i++)
        csi_stage_free(&run->stages[i]);
    for (uint32_t i = 0; run->joins && i < run->shared.plan->join_count; i++)
        csi_join_free(run->joins[i]);
    csi_rejects_free(&run->rejects);
    csi_outputs_free(&run->outputs);
    csi_deliveries_free(&run->deliveries);
    csi_shared_free(&run->shared);
    csi_free(run->join_targets);
    csi_free(run->joins);
    csi_free(run->edges);
    csi_free(run->stages);
    csi_free(run);
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
        if (status == COSEND_YIELD &&
            (status = csi_stage_judge_yield(stage)) < 0)
            return status;
        if (status < 0) {
            csi_shared_fail(&run->shared, &error, 0);
            return csi_shared_error(&run->shared);
        }
        if (stage->coroutine)
            csi_stage_find_wanted(stage);
    }
    return COSEND_OK;
}

int csi_run_check_limit(struct csi_run *run)
{
    struct cosend_error error = {0};

    if ((!run->shared.options->limit_errors &&
         !run->shared.options->max_errors) ||
        run->shared.bad <= run->shared.options->max_errors)
        return COSEND_OK;
    cosend_error_set(&error, COSEND_E_DATA,
                     "skipped or rejected records: %llu, more than the "
                     "%llu of --max-errors",
                     (unsigned long long)run->shared.bad,
                     (unsigned long long)run->shared.options->max_errors);
    return csi_shared_fail(&run->shared, &error, CSI_ORDINAL_END);
}

int csi_run_begin_rejects(struct csi_run *run)
{
    return csi_run_source(run)->out_schema && !run->shared.problems
               ? csi_rejects_begin(&run->rejects, &run->shared)
               : COSEND_OK;
}

int csi_run_block_over(struct csi_run *run)
{
    int status = csi_run_begin_rejects(run);

    if (status >= 0)
        status = csi_rejects_flush(&run->rejects, &run->shared);
    return status >= 0 ? csi_run_check_limit(run) : status;
}
