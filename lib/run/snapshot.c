/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: what the run would print had its input ended here.
 *
 * A second set of stages is made from the same plan; each gets the state that
 * its original published, by save and merge, and then the end comes down from
 * the source. The original is not touched.
 */
#include "read/workers.h"

#include <string.h>

enum { VERSION = 2 };

/* ---- States as bytes ----------------------------------------------------- */

static int save_state(const struct csi_stage *stage, struct cosend_bytes *to)
{
    int status;

    if (!stage->state || !stage->node->filter->save)
        return COSEND_OK;
    status = stage->node->filter->save(stage->state, to);
    return status >= 0 && to->failed ? COSEND_E_MEMORY : status;
}

bool csi_stage_save_last(struct csi_stage *stage)
{
    return stage->run->scratch ||
           save_state(stage, &stage->last_state) != COSEND_E_MEMORY;
}

static int save_stage(const struct csi_stage *stage, struct cosend_bytes *to)
{
    struct cosend_bytes state = {0};
    int status = save_state(stage, &state);

    if (status >= 0 && stage->state)
        cosend_put_bytes(to, state.data, state.length);
    else if (status >= 0)
        cosend_put_bytes(to, stage->last_state.data, stage->last_state.length);
    cosend_bytes_free(&state);
    return status;
}

int csi_states_save(const struct csi_run *run, struct cosend_bytes *to)
{
    int status = COSEND_OK;

    cosend_put_u8(to, VERSION);
    cosend_put_varint(to, run->position);
    cosend_put_varint(to, run->stage_count);
    for (uint32_t i = 0; status >= 0 && i < run->stage_count; i++) {
        const char *filter = run->stages[i].node->filter->name;

        cosend_put_bytes(to, filter, strlen(filter));
        status = save_stage(&run->stages[i], to);
    }
    return to->failed ? COSEND_E_MEMORY : status;
}

static int merge_stage(struct csi_stage *stage,
                       struct cosend_reader_bytes *from)
{
    size_t name_length, length;
    const char *name = cosend_get_bytes(from, &name_length);
    const char *filter = stage->node->filter->name;
    const char *state = cosend_get_bytes(from, &length);
    struct cosend_reader_bytes reader;

    if (from->failed || name_length != strlen(filter) ||
        memcmp(name, filter, name_length) != 0)
        return COSEND_E_TYPE;
    if (!length)
        return COSEND_OK;
    if (!stage->state || !stage->node->filter->merge)
        return COSEND_E_TYPE;
    reader = cosend_read_bytes(state, length);
    return stage->node->filter->merge(stage->state, &reader);
}

int csi_states_merge(struct csi_run *run, struct cosend_reader_bytes *from)
{
    uint64_t position;
    int status = COSEND_OK;

    if (cosend_get_u8(from) != VERSION)
        return COSEND_E_TYPE;
    position = cosend_get_varint(from);
    if (cosend_get_varint(from) != run->stage_count)
        return COSEND_E_TYPE;
    /* What this run reads from here on comes behind what that one read. */
    if (run->position < position)
        run->position = position;
    for (uint32_t i = 0; status >= 0 && i < run->stage_count; i++)
        status = merge_stage(&run->stages[i], from);
    return status;
}

/* ---- Snapshots ----------------------------------------------------------- */

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

static int announce(struct csi_run *run, struct csi_run *scratch)
{
    struct cosend_schema *schema = csi_run_source(run)->out_schema;

    if (!schema)
        return csi_stage_announce_source(csi_run_source(scratch));
    return csi_stage_announce_targets(csi_run_source(scratch), schema);
}

static int show(struct csi_run *run, struct csi_run *scratch)
{
    int status = csi_run_prime(scratch);

    if (status == COSEND_OK)
        status = announce(run, scratch);
    if (status == COSEND_OK)
        status = copy_states(run, scratch);
    if (status == COSEND_OK && run->feed)
        status = csi_team_show(run->feed->team, scratch);
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
    scratch = csi_run_new(run->plan, run->options, run->io, NULL, &error);
    if (scratch)
        scratch->scratch = true;
    status = scratch ? show(run, scratch) : COSEND_E_MEMORY;
    csi_run_free(scratch);
    if (status != COSEND_E_MEMORY)
        return COSEND_OK;
    cosend_error_set(&error, status, "out of memory");
    return csi_run_fail(run, &error, CSI_ORDINAL_END);
}
