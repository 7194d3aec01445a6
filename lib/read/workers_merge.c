/* SPDX-License-Identifier: MIT */
#include "read/workers_merge.h"

#include "run/state_transfer.h"
#include "stage/compared_fields.h"
#include "stage/led_paths.h"
#include "stage/open_fields.h"

#include <string.h>

/* What a stage holds, and what it read or wrote, stays its own. */
static void move_counts(struct csi_stage *to, struct csi_stage *from)
{
    uint64_t held = from->counts.held, bytes = from->counts.bytes;

    from->counts.held = from->counts.bytes = 0;
    csi_counts_add(&to->counts, &from->counts);
    to->face.dropped += from->face.dropped;
    memset(&from->counts, 0, sizeof(from->counts));
    from->face.dropped = 0;
    from->counts.held = held;
    from->counts.bytes = bytes;
}

static void move_untimed(struct csi_untimed *to, struct csi_untimed *from)
{
    to->timed += from->timed;
    to->kept += from->kept;
    to->dropped += from->dropped;
    to->before += from->before;
    to->elsewhere += from->elsewhere;
    to->back += from->back;
    *from = (struct csi_untimed){0};
}

static void move_stage(struct csi_stage *to, struct csi_stage *from)
{
    struct csi_seen *seen = csi_open_seen(to), *more = csi_open_seen(from);

    move_counts(to, from);
    move_untimed(&to->untimed, &from->untimed);
    if (seen && more)
        csi_seen_take(seen, more);
    csi_led_take(to, from);
    csi_compared_take(to, from);
}

void csi_workers_add_counts(struct csi_worker *workers, uint32_t count,
                            struct csi_run *run)
{
    for (uint32_t w = 0; w < count; w++) {
        struct csi_run *from = workers[w].run;

        if (!from)
            continue;
        for (uint32_t i = 0; i < run->stage_count; i++)
            move_stage(&run->stages[i], &from->stages[i]);
        for (uint32_t i = 0; i < run->edge_count; i++) {
            run->edges[i]->sent += from->edges[i]->sent;
            from->edges[i]->sent = 0;
        }
    }
}

int csi_workers_merge_states(const struct csi_worker *workers, uint32_t count,
                             struct csi_run *run)
{
    int status = COSEND_OK;

    for (uint32_t i = 0; i < count && status == COSEND_OK; i++)
        if (workers[i].run)
            status = csi_states_merge_run(workers[i].run, run);
    return status;
}

int csi_workers_move_states(const struct csi_worker *workers, uint32_t count,
                            struct csi_run *run)
{
    int status = COSEND_OK;

    for (uint32_t i = 0; i < count && status == COSEND_OK; i++)
        if (workers[i].run)
            status = csi_states_move_run(workers[i].run, run);
    return status;
}

void csi_workers_move_held(const struct csi_worker *workers, uint32_t count,
                           struct csi_run *run)
{
    for (uint32_t w = 0; w < count; w++)
        for (uint32_t i = 1; workers[w].run && i < run->stage_count; i++) {
            uint64_t *of = &workers[w].run->stages[i].counts.held, held = *of;

            *of = 0;
            if (run->stages[i].state)
                run->stages[i].counts.created -= held;
            else
                run->stages[i].face.dropped += held;
        }
}
