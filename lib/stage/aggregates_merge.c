/* SPDX-License-Identifier: MIT */
/* Aggregates as bytes, and those of one thread that become part of
   another's. */
#include "stage/aggregates_merge.h"

#include "stage/aggregates_inside.h"
#include "stage/groups_joint.h"
#include "stage/groups_merge.h"
#include "stage/groups_parts.h"

/* ---- As bytes ------------------------------------------------------------ */

static void save_states(const void *value, struct cosend_bytes *to,
                        const void *context)
{
    const struct cosend_aggregates *all = context;

    for (size_t i = 0; i < all->count; i++)
        all->uses[i].aggregate->save((const char *)value + all->uses[i].offset,
                                     to);
}

static int merge_states(void *value, struct cosend_reader_bytes *from,
                        const void *context)
{
    const struct cosend_aggregates *all = context;
    int status = COSEND_OK;

    for (size_t i = 0; status == COSEND_OK && i < all->count; i++)
        status = all->uses[i].aggregate->merge(
            (char *)value + all->uses[i].offset, from);
    return status;
}

int cosend_aggregates_save(const struct cosend_aggregates *all,
                           struct cosend_bytes *to)
{
    int status = cosend_groups_save(all->groups, to, save_states, all);

    if (all->other)
        cosend_put_varint(to, all->others);
    if (all->other && all->others)
        save_states(all->other, to, all);
    return status < 0 || !to->failed ? status : COSEND_E_MEMORY;
}

/* ---- Of threads ---------------------------------------------------------- */

/* The bytes of a group's states, one after the other. */
struct states_merge {
    const struct cosend_aggregates *all;
    struct cosend_bytes bytes;
};

static int merge_group(void *into, const void *from, void *context)
{
    struct states_merge *of = context;
    struct cosend_reader_bytes reader;
    int status;

    cosend_bytes_clear(&of->bytes);
    save_states(from, &of->bytes, of->all);
    if (of->bytes.failed)
        return COSEND_E_MEMORY;
    reader = cosend_read_bytes(of->bytes.data, of->bytes.length);
    status = merge_states(into, &reader, of->all);
    return status == COSEND_OK && reader.failed ? COSEND_E_TYPE : status;
}

int csi_aggregates_merge_from(struct cosend_aggregates *all,
                              const struct cosend_aggregates *from)
{
    struct states_merge of = {.all = all};
    int status =
        csi_groups_merge_from(all->groups, from->groups, merge_group, &of);

    if (status == COSEND_OK && all->other && from->others) {
        all->others += from->others;
        status = merge_group(all->other, from->other, &of);
    }
    cosend_bytes_free(&of.bytes);
    return status;
}

/* Unite the states of one use, by way of bytes where there is no other. */
static int unite_states(struct states_merge *of, const struct csi_use *use,
                        void *into, void *from)
{
    const struct cosend_aggregate *aggregate = use->aggregate;
    struct cosend_reader_bytes reader;
    int status;

    if (aggregate->unite)
        return aggregate->unite(into, from);
    cosend_bytes_clear(&of->bytes);
    aggregate->save(from, &of->bytes);
    if (of->bytes.failed)
        return COSEND_E_MEMORY;
    reader = cosend_read_bytes(of->bytes.data, of->bytes.length);
    status = aggregate->merge(into, &reader);
    if (status == COSEND_OK && reader.failed)
        return COSEND_E_TYPE;
    if (status == COSEND_OK && aggregate->release)
        aggregate->release(from);
    return status;
}

static int unite_group(void *into, void *from, void *context)
{
    struct states_merge *of = context;
    int status = COSEND_OK;

    for (size_t i = 0; status == COSEND_OK && i < of->all->count; i++) {
        const struct csi_use *use = &of->all->uses[i];

        status = unite_states(of, use, (char *)into + use->offset,
                              (char *)from + use->offset);
    }
    return status;
}

int csi_aggregates_join(struct cosend_aggregates *all)
{
    struct states_merge of = {.all = all};
    int status =
        csi_groups_join(all->groups, all->stage->joint, unite_group, &of);

    cosend_bytes_free(&of.bytes);
    return status;
}

/* Where threads find each other's groups, those of these two are found too. */
static int join_two(struct cosend_aggregates *all,
                    struct cosend_aggregates *from)
{
    struct csi_joint *joint = all->stage->joint;
    int status = COSEND_OK;

    if (all->only || all->most || !joint || !csi_joint_is_used(joint))
        return COSEND_OK;
    status = csi_aggregates_join(all);
    return status == COSEND_OK ? csi_aggregates_join(from) : status;
}

int csi_aggregates_take(struct cosend_aggregates *all,
                        struct cosend_aggregates *from)
{
    struct states_merge of = {.all = all};
    int status = join_two(all, from);

    if (status != COSEND_OK)
        return status;
    if (!all->only)
        return csi_groups_take(all->groups, from->groups);
    status = unite_group(all->only, from->only, &of);
    cosend_bytes_free(&of.bytes);
    return status;
}

int csi_aggregates_unite(struct cosend_aggregates *all, uint32_t threads)
{
    struct states_merge *of = csi_calloc(threads, sizeof(*of));
    int status = of ? COSEND_OK : COSEND_E_MEMORY;

    for (uint32_t i = 0; of && i < threads; i++)
        of[i].all = all;
    if (of)
        status =
            csi_groups_unite(all->groups, threads, csi_aggregates_are_slow(all),
                             unite_group, of, sizeof(*of));
    for (uint32_t i = 0; of && i < threads; i++)
        cosend_bytes_free(&of[i].bytes);
    csi_free(of);
    return status;
}

bool cosend_aggregates_join(struct cosend_aggregates *all, void *states,
                            const void *from)
{
    struct states_merge of = {.all = all};
    int status;

    if (!all || !states || !from)
        return false;
    status = merge_group(states, from, &of);
    cosend_bytes_free(&of.bytes);
    if (status != COSEND_OK)
        csi_stage_no_memory(all->stage);
    return status == COSEND_OK;
}

int cosend_aggregates_merge(struct cosend_aggregates *all,
                            struct cosend_reader_bytes *from)
{
    int status = cosend_groups_merge(all->groups, from, merge_states, all);
    uint64_t others = 0;

    if (status == COSEND_OK && all->other)
        others = cosend_get_varint(from);
    all->others += others;
    return others && !from->failed ? merge_states(all->other, from, all)
                                   : status;
}
