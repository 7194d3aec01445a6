/* SPDX-License-Identifier: MIT */
/* What a pipeline's run counted and returned. */
#include "pipeline/pipeline.h"

#include "base/sized.h"
#include "run/late.h"
#include "run/ledger.h"

#include <string.h>

static bool fill_ledger(struct cosend_ledger *ledger,
                        const struct cosend_ledger *own)
{
    return CSI_FILL(cosend_ledger, ledger, own, NULL) == COSEND_OK;
}

static bool ledger_of_plan(const struct csi_plan *plan, size_t i,
                           struct cosend_ledger *ledger)
{
    struct cosend_ledger own = {0};

    if (!plan || i >= plan->node_count)
        return false;
    own.id = plan->nodes[i].id;
    own.filter = plan->nodes[i].filter->name;
    return fill_ledger(ledger, &own);
}

bool cosend_pipeline_ledger(const struct cosend_pipeline *pipeline, size_t i,
                            struct cosend_ledger *ledger)
{
    const struct csi_stage *stage;
    struct csi_counts counts;
    struct cosend_ledger own;
    bool absorbs;

    if (!pipeline->run)
        return ledger_of_plan(pipeline->plan, i, ledger);
    if (i >= pipeline->run->stage_count)
        return false;
    stage = &pipeline->run->stages[i];
    counts = csi_stage_counts(stage);
    absorbs = stage->node->filter->absorbs ||
              stage->node->filter->role == COSEND_SINK;
    own = (struct cosend_ledger){
        .id = stage->node->id,
        .filter = stage->node->filter->name,
        .bad_kind = *stage->counts.bad_kind ? stage->counts.bad_kind : NULL,
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
        .replaced = stage->replaced,
        .passed_over = stage->passed_over,
        .untimed_kept = stage->untimed.kept,
        .untimed_dropped = stage->untimed.dropped,
        .sequential = stage->sequential};
    return fill_ledger(ledger, &own);
}

/* Which step has that id; or as many as there are. */
static size_t find_step(const struct cosend_pipeline *pipeline, const char *id)
{
    struct cosend_ledger step = {.size = sizeof(step)};
    size_t i = 0;

    while (id && cosend_pipeline_ledger(pipeline, i, &step) &&
           strcmp(step.id, id) != 0)
        i++;
    return id ? i : SIZE_MAX;
}

bool cosend_pipeline_ledger_of(const struct cosend_pipeline *pipeline,
                               const char *id, struct cosend_ledger *ledger)
{
    return cosend_pipeline_ledger(pipeline, find_step(pipeline, id), ledger);
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

bool cosend_pipeline_result_of(const struct cosend_pipeline *pipeline,
                               const char *id, const char *name,
                               struct cosend_cell *value)
{
    size_t step = find_step(pipeline, id);
    const char *found;

    for (size_t j = 0;
         name && cosend_pipeline_result(pipeline, step, j, &found, value); j++)
        if (strcmp(found, name) == 0)
            return true;
    return false;
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

bool cosend_pipeline_ended_early(const struct cosend_pipeline *pipeline)
{
    return pipeline->run && csi_run_rejects_are_late(pipeline->run);
}

const char *cosend_pipeline_rejects_path(const struct cosend_pipeline *pipeline)
{
    return pipeline->plan ? pipeline->plan->rejects_path
                          : pipeline->options.rejects_path;
}

uint64_t cosend_pipeline_unreadable(const struct cosend_pipeline *pipeline)
{
    return pipeline->run ? pipeline->run->unreadable : 0;
}
