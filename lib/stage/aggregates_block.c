/* SPDX-License-Identifier: MIT */
#include "stage/aggregates_block.h"

#include "stage/aggregate_input.h"
#include "stage/receive.h"

bool csi_aggregates_are_failed(const struct cosend_aggregates *all)
{
    return all->stage->end == COSEND_END_FAILED ||
           all->stage->end == COSEND_END_ABORTED;
}

struct cosend_record csi_aggregates_record(const struct cosend_aggregates *all,
                                           uint32_t at)
{
    struct cosend_record record = all->first;

    at = all->picked ? all->picked[at] : at;
    record.position += at;
    if (at && record.batch->rows)
        record.row = csi_batch_row(record.batch, record.position);
    return record;
}

/* Report a record of the block. False where the step failed. */
bool csi_aggregates_report(struct cosend_aggregates *all,
                           const struct csi_aggregate_input *input, uint32_t at)
{
    struct cosend_record record = csi_aggregates_record(all, at);

    all->bad++;
    if (!csi_stage_fill_fields(all->stage))
        return false;
    csi_aggregate_input_report(all->stage, input, &record, at);
    return !csi_aggregates_are_failed(all);
}

/* Add a part of the block by one use: up to where it returns. */
static uint32_t add_use(struct cosend_aggregates *all,
                        const struct csi_use *use, uint32_t from, uint32_t to)
{
    struct cosend_added added = {.states = all->states,
                                 .offset = use->offset,
                                 .ordinals = all->ordinal,
                                 .from = from,
                                 .to = to};
    uint32_t at;

    if (use->input) {
        added.cells = use->input->cells;
        added.values = use->input->values;
    }
    at = use->aggregate->add(&added, use->parameter);
    if (at == COSEND_ADD_FAILED)
        csi_stage_no_memory(all->stage);
    return at;
}

/* Add a part of the block. False where the step failed. */
bool csi_aggregates_add_part(struct cosend_aggregates *all, uint32_t from,
                             uint32_t to)
{
    const struct csi_use *lead = &all->uses[all->lead];

    while (from < to) {
        uint32_t at = add_use(all, lead, from, to);

        if (at == COSEND_ADD_FAILED)
            return false;
        for (size_t i = 0; i < all->count && from < at; i++)
            if (i != all->lead && add_use(all, &all->uses[i], from, at) != at)
                return false;
        if (at < to && !csi_aggregates_report(all, lead->input, at))
            return false;
        from = at + 1;
    }
    return true;
}

/* A block begins at a position of the batch in hand. */
void csi_aggregates_begin_block(struct cosend_aggregates *all, uint32_t at)
{
    struct csi_stage *stage = all->stage;

    all->first = cosend_batch_record(stage->face.batch, at);
    all->first.map = stage->face.map;
    stage->at = at + 1;
}

/* Lay out so many records of the block. False where the step failed. */
bool csi_aggregates_lay_block(struct cosend_aggregates *all, uint32_t count)
{
    for (uint32_t at = 0; all->ordinals && at < count; at++)
        all->ordinal[at] = csi_batch_ordinal(
            all->first.batch,
            all->first.position + (all->picked ? all->picked[at] : at));
    return csi_aggregate_inputs_lay(all->stage, all->inputs, all->input_count,
                                    &all->first, all->picked, count);
}
