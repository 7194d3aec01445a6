/* SPDX-License-Identifier: MIT */
#include "run/states.h"

#include "stage/state.h"

#include <string.h>

enum { VERSION = 2 };

static int save_stage(const struct csi_stage *stage, struct cosend_bytes *to)
{
    struct cosend_bytes state = {0};
    int status = csi_state_save(stage, &state);

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
    cosend_put_varint(to, run->shared.position);
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
    if (run->shared.position < position)
        run->shared.position = position;
    for (uint32_t i = 0; status >= 0 && i < run->stage_count; i++)
        status = merge_stage(&run->stages[i], from);
    return status;
}

/* ---- From run to run ----------------------------------------------------- */

static int merge_one(const struct csi_stage *stage, struct csi_stage *into)
{
    const struct cosend_filter *filter = stage->node->filter;
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    int status = filter->save(stage->state, &bytes);

    if (status >= 0 && bytes.failed)
        status = COSEND_E_MEMORY;
    reader = cosend_read_bytes(bytes.data, bytes.length);
    if (status >= 0)
        status = filter->merge(into->state, &reader);
    cosend_bytes_free(&bytes);
    return status < 0 ? status : COSEND_OK;
}

/* What was merged is created a second time by whom it is merged into. */
int csi_states_merge_run(const struct csi_run *run, struct csi_run *into)
{
    int status = COSEND_OK;

    for (uint32_t i = 1; i < run->stage_count && status == COSEND_OK; i++)
        if (run->stages[i].state && into->stages[i].state)
            status = merge_one(&run->stages[i], &into->stages[i]);
    return status;
}
