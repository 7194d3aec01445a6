/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: what the run would print had its input ended here.
 *
 * A second set of stages is made from the same plan; each gets the state that
 * its original published, by save and merge, and then the end comes down from
 * the source. The original is not touched.
 */
#include "cosend/bytes.h"
#include "pipeline/run.h"

static int copy_state(const struct csi_stage *from, struct csi_stage *to)
{
    const struct cosend_filter *filter = from->node->filter;
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    int status;

    if (!from->state || !to->state || !filter->save || !filter->merge)
        return COSEND_OK;
    status = filter->save(from->state, &bytes);
    if (bytes.failed)
        status = COSEND_E_MEMORY;
    if (status >= 0) {
        reader = cosend_read_bytes(bytes.data, bytes.length);
        status = filter->merge(to->state, &reader);
    }
    cosend_bytes_free(&bytes);
    return status;
}

static int announce(struct csi_run *run, struct csi_run *scratch)
{
    struct cosend_schema *schema = csi_run_source(run)->out_schema;

    if (!schema)
        return csi_stage_announce_source(csi_run_source(scratch));
    return csi_stage_announce_targets(csi_run_source(scratch), schema);
}

int csi_snapshot(struct csi_run *run)
{
    struct cosend_error error = {0};
    struct csi_run *scratch;
    int status = csi_edges_throw(csi_run_source(run), CSI_NEWS_FLUSH);

    if (status < 0)
        return status;
    scratch = csi_run_new(run->plan, run->options, run->io, true, &error);
    if (!scratch)
        return COSEND_E_MEMORY;
    status = csi_run_prime(scratch);
    if (status == COSEND_OK)
        status = announce(run, scratch);
    for (uint32_t i = 0; status == COSEND_OK && i < run->stage_count; i++)
        status = copy_state(&run->stages[i], &scratch->stages[i]);
    if (status == COSEND_OK) {
        csi_edges_close(csi_run_source(scratch));
        csi_run_finish(scratch);
    }
    csi_run_free(scratch);
    return COSEND_OK;
}
