/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: what the run would print had its input ended here.
 *
 * A second set of stages is made from the same plan; each gets the state that
 * its original published, by save and merge, and then the end comes down from
 * the source. The original is not touched.
 */
#include "run/snapshot.h"

#include "run/states.h"
#include "stage/announce.h"

static int copy_states(const struct csi_run *run, struct csi_run *scratch)
{
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    int status = csi_states_save(run, &bytes);

    reader = cosend_read_bytes(bytes.data, bytes.length);
    if (status >= 0)
        status = csi_states_merge(scratch, &reader);
    cosend_bytes_free(&bytes);
    return status;
}

static int announce_scratch(struct csi_run *run, struct csi_run *scratch)
{
    struct cosend_schema *schema = csi_run_source(run)->out_schema;

    if (!schema)
        return csi_stage_announce_source(csi_run_source(scratch));
    return csi_stage_announce_targets(csi_run_source(scratch), schema);
}

static int print_scratch(struct csi_run *run, struct csi_run *scratch)
{
    int status = csi_run_prime(scratch);

    if (status == COSEND_OK)
        status = announce_scratch(run, scratch);
    if (status == COSEND_OK)
        status = copy_states(run, scratch);
    if (status == COSEND_OK && run->workers)
        status = run->workers_ops->merge_into(run->workers, scratch);
    if (status != COSEND_OK)
        return status;
    csi_run_source(scratch)->cause = CSI_ORDINAL_END;
    csi_edges_close(csi_run_source(scratch));
    return csi_run_finish(scratch);
}

/* What else goes wrong with a snapshot goes wrong with the run, or is only the
   snapshot's; but without memory nobody can say what is missing. */
int csi_snapshot(struct csi_run *run)
{
    struct cosend_error error = {0};
    struct csi_run *scratch;
    int status = csi_edges_throw(csi_run_source(run), CSI_NEWS_FLUSH);

    if (status < 0)
        return status;
    scratch = csi_run_new(run->shared.plan, run->shared.options, run->shared.io,
                          NULL, &error);
    if (scratch)
        scratch->shared.scratch = true;
    status = scratch ? print_scratch(run, scratch) : COSEND_E_MEMORY;
    csi_run_free(scratch);
    if (status != COSEND_E_MEMORY)
        return COSEND_OK;
    csi_no_memory(&error);
    return csi_shared_fail(&run->shared, &error, CSI_ORDINAL_END);
}
