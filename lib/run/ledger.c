/* SPDX-License-Identifier: MIT */
#include "run/ledger.h"

static bool stage_balances(const struct csi_stage *stage)
{
    struct csi_counts counts = csi_stage_counts(stage);

    return !stage->miscounted && csi_counts_balance(&counts);
}

static bool edges_balance(const struct csi_run *run)
{
    for (uint32_t to = 0; to < run->stage_count; to++) {
        uint64_t sent = 0;

        for (uint32_t i = 0; i < run->stage_count; i++)
            for (uint32_t j = 0; j < run->stages[i].target_count; j++)
                if (run->stages[i].targets[j].stage == &run->stages[to])
                    sent += run->stages[i].targets[j].sent;
        for (uint32_t i = 0; i < run->shared.plan->join_count; i++) {
            const struct csi_edge *edge = &run->join_targets[i];

            if (edge->stage == &run->stages[to])
                sent += edge->sent;
        }
        if (to && sent != run->stages[to].counts.in)
            return false;
    }
    return true;
}

/* At the end nothing is held any more. */
static bool holds_nothing(const struct csi_run *run)
{
    for (uint32_t i = 0; i < run->stage_count; i++)
        if (run->stages[i].counts.held)
            return false;
    return true;
}

bool csi_ledger_balances(const struct csi_run *run)
{
    if (run->shared.finishing && !holds_nothing(run))
        return false;
    for (uint32_t i = 0; i < run->stage_count; i++)
        if (!stage_balances(&run->stages[i]))
            return false;
    return run->reader_records == run->reader_boundaries && edges_balance(run);
}
