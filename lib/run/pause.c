/* SPDX-License-Identifier: MIT */
#include "run/pause.h"

#include "io/io.h"
#include "run/snapshot.h"

/* Reports of what there is so far need all threads' parts. */
static int settle_workers(struct csi_run *run)
{
    int status;

    if (!run->workers)
        return COSEND_OK;
    status = run->workers_ops->settle(run->workers);
    run->workers_ops->collect(run->workers);
    return status < 0 ? status : COSEND_OK;
}

int csi_run_pause(struct csi_run *run)
{
    const unsigned reports = COSEND_SNAPSHOT | COSEND_LEDGER;
    int status = csi_run_block_over(run);
    unsigned asked = cosend_io_take(run->shared.io, reports);

    if (status >= 0 && asked)
        status = settle_workers(run);
    if (status >= 0 && asked & COSEND_SNAPSHOT)
        status = csi_snapshot(run);
    if (status >= 0 && asked && run->on_ledger)
        run->on_ledger(run->on_ledger_context);
    /* Reports asked for faster than they are made do not stop the run. */
    if (asked)
        csi_io_postpone(run->shared.io, reports);
    return status;
}
