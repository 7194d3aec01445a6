/* SPDX-License-Identifier: MIT */
/*
 * mode: the value that is there most often, of several the one that was first.
 * All that differ are held.
 */
#include "stage/aggregate_mode.h"

#include "group/tally.h"

static uint32_t mode_add(const struct cosend_added *added,
                         const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++)
        if (!cosend_is_blank(added->cells[i]) &&
            cosend_tally_add(cosend_state_at(added, i), added->cells[i],
                             added->ordinals[i]) < 0)
            return COSEND_ADD_FAILED;
    return added->to;
}

static void mode_set(const void *state, struct cosend_stage *self,
                     struct cosend_column column, const void *parameter)
{
    struct cosend_tallied most = {.cell.kind = COSEND_NULL};

    (void)parameter;
    if (cosend_tally_top(state, 1, &most) == SIZE_MAX)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    cosend_set(self, column, most.cell);
}

static void mode_save(const void *state, struct cosend_bytes *to)
{
    cosend_tally_save(state, to);
}

static int mode_merge(void *state, struct cosend_reader_bytes *from)
{
    return cosend_tally_merge(state, from);
}

static void mode_release(void *state)
{
    cosend_tally_free(state);
}

static int mode_unite(void *state, void *from)
{
    int status = csi_tally_unite(state, from);

    if (status == COSEND_OK)
        cosend_tally_free(from);
    return status;
}

const struct cosend_aggregate csi_aggregate_mode = {
    .name = "mode",
    .summary = "The value that is there most often, of several the first",
    .size = sizeof(struct cosend_tally),
    .flags = COSEND_TAKES_ORDINALS | COSEND_NEEDS_FIELD | COSEND_SETS_SLOWLY,
    .add = mode_add,
    .set = mode_set,
    .save = mode_save,
    .merge = mode_merge,
    .release = mode_release,
    .unite = mode_unite};
