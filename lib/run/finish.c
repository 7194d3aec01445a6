/* SPDX-License-Identifier: MIT */
#include "run/finish.h"

#include "run/late.h"
#include "run/ledger.h"
#include "run/unmatched.h"
#include "run/unseen.h"
#include "run/untimed.h"
#include "stage/kept.h"

/* The end goes down from the source, wherever that stopped; after an error the
   abort does. */
static void close_source(struct csi_run *run)
{
    struct csi_stage *source = csi_run_source(run);
    struct cosend_error error = {0};
    int status;

    if (run->shared.error.kind ||
        cosend_state(source->coroutine) != COSEND_SUSPENDED)
        return;
    csi_shared_clock(&run->shared, &source->counts);
    status = cosend_close(source->coroutine, NULL, &error);
    if (status < 0 && !run->shared.error.kind)
        csi_shared_fail(&run->shared, &error, CSI_ORDINAL_END);
}

/* What steps did when the input had ended, no other thread could have done, but
   for what several did. */
static void count_alone(struct csi_stage *source)
{
    if (source->alone_since)
        source->sequential +=
            csi_monotonic_ns() - source->alone_since - source->shared->together;
    source->alone_since = 0;
}

int csi_run_finish(struct csi_run *run)
{
    struct csi_outputs_end end = {
        .interrupted = cosend_io_woken(run->shared.io) & COSEND_WAKE_STOP,
        .incomplete = run->unreadable};

    run->shared.finishing = true;
    csi_run_drop_late_error(run);
    /* After an error no aggregate may print what looks complete. */
    if (!run->shared.error.kind)
        close_source(run);
    csi_run_warn_unseen(run);
    csi_run_warn_unmatched(run);
    csi_run_warn_untimed(run);
    csi_run_abort(run);
    for (uint32_t i = 0; i < run->stage_count; i++)
        csi_kept_drop_all(&run->stages[i]);
    csi_run_check_limit(run);
    csi_run_begin_rejects(run);
    csi_rejects_finish(&run->rejects, &run->shared);
    csi_outputs_settle(&run->outputs, &end);
    count_alone(csi_run_source(run));
    csi_shared_clock(&run->shared, NULL);
    if (run->shared.error.kind)
        return run->shared.error.kind;
    if (run->outputs.lost.kind) {
        run->shared.error = run->outputs.lost;
        return run->shared.error.kind;
    }
    if (run->outputs.gone)
        return COSEND_DONE;
    if (!run->shared.scratch && !csi_ledger_balances(run)) {
        cosend_error_set(&run->shared.error, COSEND_E_LEDGER,
                         "the ledger does not balance; please report this");
        return COSEND_E_LEDGER;
    }
    if (run->unreadable)
        run->shared.error = run->first_unreadable;
    return run->shared.error.kind;
}
