/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: what the run would print had its input ended here.
 *
 * A second run is made from the same plan (`scratch`). Each of its stages gets
 * the state that the original stage published, by save and merge; those of
 * other threads are merged into it too. Then its source is closed, and the
 * results are printed as at an end. The original run is not touched.
 */
#include "run/snapshot.h"

#include "run/finish.h"
#include "run/state_transfer.h"
#include "stage/announce.h"

static int announce_scratch(struct csi_run *run, struct csi_run *scratch)
{
    struct cosend_schema *schema = csi_run_source(run)->out_schema;

    if (!schema)
        return csi_stage_announce_source(csi_run_source(scratch));
    return csi_stage_announce_targets(csi_run_source(scratch), schema);
}

/* Whether a step holds records, or what it made of them, and has shown none of
   it: its copy would print as if no record had come. */
static bool is_lost_to_snapshot(const struct csi_stage *stage)
{
    const struct csi_counts *counts = &stage->counts;

    return !stage->state && !stage->last_state.length && counts->in &&
           stage->end == COSEND_NOT_ENDED &&
           (stage->node->filter->absorbs ||
            (counts->held && (stage->stores || !counts->out)));
}

/* Whether there is such a step, for which there can be no snapshot: say so. */
static bool warn_of_hidden(struct csi_run *run)
{
    for (uint32_t i = 1; i < run->stage_count; i++)
        if (run->stages[i].node->filter->role == COSEND_FILTER &&
            is_lost_to_snapshot(&run->stages[i])) {
            if (!run->shared.options->watch || !run->told_hidden)
                csi_shared_warn(
                    &run->shared,
                    "there is no snapshot: what step %s holds is known "
                    "at its end alone",
                    run->stages[i].node->id);
            run->told_hidden = true;
            return true;
        }
    return false;
}

int csi_snapshot_make(struct csi_run *run, struct csi_run **made)
{
    struct cosend_error error = {0};
    struct csi_run *scratch = csi_run_new(run->shared.plan, run->shared.options,
                                          run->shared.io, NULL, &error);
    int status;

    *made = scratch;
    if (!scratch)
        return error.kind;
    scratch->shared.scratch = true;
    scratch->shared.screen = run->shared.screen;
    scratch->shared.position = run->shared.position;
    for (uint32_t i = 0; i < scratch->stage_count; i++)
        csi_stage_share_common(&scratch->stages[i], &run->stages[i]);
    status = csi_run_prime(scratch);
    if (status == COSEND_OK)
        status = announce_scratch(run, scratch);
    if (status == COSEND_OK)
        status = csi_states_merge_run(run, scratch);
    if (status == COSEND_OK && run->workers)
        status = run->workers_ops->merge_into(run->workers, scratch);
    return status;
}

/* Whether the host's taker answered with an error: it is one of the run's. */
static bool is_refused_by_host(const struct csi_run *scratch)
{
    uint32_t output = scratch->shared.plan->output;

    return scratch->shared.options->taker && output < scratch->stage_count &&
           scratch->stages[output].end == COSEND_END_FAILED;
}

/* Where there can be no snapshot a warning says so, and the run goes on. It
   ends only for what the host answered, and for lack of memory, since then a
   record may be missing. */
int csi_snapshot(struct csi_run *run)
{
    struct cosend_error error = {0};
    struct csi_run *scratch;
    bool refused;
    int status = csi_edges_throw(csi_run_source(run), CSI_NEWS_FLUSH);

    if (status < 0)
        return status;
    if (warn_of_hidden(run))
        return COSEND_OK;
    status = csi_snapshot_make(run, &scratch);
    if (status == COSEND_OK) {
        csi_run_source(scratch)->cause = CSI_ORDINAL_END;
        csi_edges_close(csi_run_source(scratch));
        status = csi_run_finish(scratch);
    }
    refused = status < 0 && scratch && is_refused_by_host(scratch);
    if (refused)
        error = scratch->shared.error;
    else if (status < 0 && status != COSEND_E_MEMORY)
        csi_shared_warn(&run->shared, "there is no snapshot: %s",
                        scratch && scratch->shared.error.kind
                            ? scratch->shared.error.message
                            : cosend_error_name(status));
    csi_run_free(scratch);
    if (!refused && status != COSEND_E_MEMORY)
        return COSEND_OK;
    csi_no_memory(&error);
    return csi_shared_fail(&run->shared, &error, CSI_ORDINAL_END);
}
