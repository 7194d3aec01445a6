/* SPDX-License-Identifier: MIT */
/*
 * Groups that become part of others: of a thread, or of bytes that another run
 * wrote. They are looked for many at a time: see group/table.h.
 */
#include "stage/groups_merge.h"

#include "stage/groups_inside.h"
#include "stage/groups_parts.h"

#include <string.h>

enum { VERSION = 4 };

/* ---- As bytes ------------------------------------------------------------ */

/* A key with the kinds that the first record's cells had. */
static void put_key(const struct cosend_groups *groups,
                    struct csi_group_head *head, const void *key, size_t length,
                    struct cosend_bytes *own, struct cosend_bytes *to)
{
    struct cosend_reader_bytes cells = cosend_read_bytes(key, length);
    struct cosend_cell cell;

    if (!groups->typed) {
        cosend_put_bytes(to, key, length);
        return;
    }
    cosend_bytes_clear(own);
    for (uint32_t i = 0; cosend_key_next(&cells, &cell); i++) {
        cell.kind = csi_group_kind(groups, head, i, cell.kind);
        cosend_key_add(own, cell);
    }
    cosend_put_bytes(to, own->data, own->length);
    to->failed = to->failed || own->failed;
}

/* All keys stand before all values, so that a merge can look for groups ahead
   though it does not know how long a value is. */
int cosend_groups_save(const struct cosend_groups *groups,
                       struct cosend_bytes *to,
                       void (*save)(const void *value, struct cosend_bytes *to,
                                    const void *context),
                       const void *context)
{
    struct csi_groups_walk walk = {0}, keys = {0}, values = {0};
    struct cosend_bytes own = {0};
    struct csi_group_head *head;
    size_t count = 0;

    while (csi_groups_walk(groups, &walk))
        count++;
    cosend_put_u8(to, VERSION);
    cosend_put_u8(to, groups->typed);
    cosend_put_varint(to, count);
    while ((head = csi_groups_walk(groups, &keys))) {
        put_key(groups, head, keys.key, keys.length, &own, to);
        cosend_put_varint(to, csi_group_first(head));
        cosend_put_varint(to, *csi_group_rank(groups, head));
    }
    cosend_bytes_free(&own);
    while ((head = csi_groups_walk(groups, &values)))
        save(csi_group_value(head), to, context);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* Whether a saved key has a cell for each of the fields. */
static bool fits(const struct cosend_groups *groups, const unsigned char *key,
                 size_t length)
{
    struct cosend_reader_bytes cells = cosend_read_bytes(key, length);
    struct cosend_cell cell;
    uint32_t count = 0;

    while (cosend_key_next(&cells, &cell))
        count++;
    return !cells.failed && count == groups->by.count;
}

/* A saved key: where it is among the bytes that are merged, and when its group
   came first. */
struct saved_key {
    const void *bytes;
    size_t length;
    uint64_t first;
    uint32_t rank;
};

/* A saved key of texts, as it is. */
static int take_text(struct cosend_groups *groups, struct csi_key *key,
                     const struct saved_key *saved)
{
    unsigned char *own = csi_bytes_extend(&groups->keys, saved->length);

    key->length = saved->length;
    if (own)
        csi_copy(own, saved->bytes, saved->length);
    csi_key_end(&groups->keys, key->start);
    return groups->keys.failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* The next saved key, without what is not compared, becomes the last one of
   groups->keys. */
static int take_key(struct cosend_groups *groups, bool typed,
                    struct cosend_reader_bytes *from, struct csi_key *key,
                    struct saved_key *saved)
{
    struct cosend_reader_bytes cells;
    struct cosend_cell cell;

    saved->bytes = cosend_get_bytes(from, &saved->length);
    saved->first = cosend_get_varint(from);
    saved->rank = (uint32_t)cosend_get_varint(from);
    if (from->failed || !fits(groups, saved->bytes, saved->length))
        return COSEND_E_TYPE;
    key->start = groups->keys.length;
    if (!typed)
        return take_text(groups, key, saved);
    cells = cosend_read_bytes(saved->bytes, saved->length);
    while (cosend_key_next(&cells, &cell)) {
        cell.kind = csi_kind_in_key(cell.kind);
        cosend_key_add(&groups->keys, cell);
    }
    key->length = csi_key_end(&groups->keys, key->start);
    return groups->keys.failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* A saved group's first record becomes that of a group in hand. */
static void take_first(struct cosend_groups *groups,
                       struct csi_group_head *head,
                       const struct saved_key *saved)
{
    struct cosend_reader_bytes cells =
        cosend_read_bytes(saved->bytes, saved->length);
    struct cosend_cell cell;

    csi_group_set_first(groups, head, saved->first, saved->rank);
    for (uint32_t i = 0; groups->typed && cosend_key_next(&cells, &cell); i++)
        csi_group_set_kind(groups, head, i, cell.kind);
}

/* Find or make the groups of the next saved keys, at most CSI_GROUPS_AHEAD of
 * them. */
static int merge_keys(struct cosend_groups *groups, bool typed,
                      struct cosend_reader_bytes *from, size_t count,
                      struct csi_group_head **heads)
{
    struct csi_key keys[CSI_GROUPS_AHEAD];
    struct saved_key saved[CSI_GROUPS_AHEAD];
    int status = COSEND_OK;
    bool fresh;

    groups->count = 0;
    cosend_bytes_clear(&groups->keys);
    for (size_t i = 0; i < count && status == COSEND_OK; i++)
        status = take_key(groups, typed, from, &keys[i], &saved[i]);
    if (status != COSEND_OK)
        return status;
    csi_table_find_all(groups->table, groups->keys.data, keys, count);
    for (size_t i = 0; i < count; i++) {
        fresh = false;
        heads[i] = keys[i].value;
        if (!heads[i])
            heads[i] = csi_table_get(groups->table, keys[i].hash,
                                     groups->keys.data + keys[i].start,
                                     keys[i].length, &fresh);
        if (!heads[i])
            return COSEND_E_MEMORY;
        if (fresh || saved[i].first < csi_group_first(heads[i]))
            take_first(groups, heads[i], &saved[i]);
    }
    return COSEND_OK;
}

static int merge_all(struct cosend_groups *groups, bool typed,
                     struct cosend_reader_bytes *from, size_t count,
                     struct csi_group_head **heads,
                     int (*merge)(void *value, struct cosend_reader_bytes *from,
                                  const void *context),
                     const void *context)
{
    int status = COSEND_OK;

    for (size_t i = 0; i < count && status == COSEND_OK; i += CSI_GROUPS_AHEAD)
        status = merge_keys(groups, typed, from,
                            count - i < CSI_GROUPS_AHEAD ? count - i
                                                         : CSI_GROUPS_AHEAD,
                            heads + i);
    for (size_t i = 0; i < count && status == COSEND_OK; i++) {
        if (i + CSI_GROUPS_AHEAD < count)
            __builtin_prefetch(heads[i + CSI_GROUPS_AHEAD]);
        status = merge(csi_group_value(heads[i]), from, context);
        if (from->failed)
            status = COSEND_E_TYPE;
    }
    return status;
}

int cosend_groups_merge(struct cosend_groups *groups,
                        struct cosend_reader_bytes *from,
                        int (*merge)(void *value,
                                     struct cosend_reader_bytes *from,
                                     const void *context),
                        const void *context)
{
    struct csi_group_head **heads;
    uint64_t count;
    bool typed;
    int status;

    if (cosend_get_u8(from) != VERSION)
        return COSEND_E_TYPE;
    typed = cosend_get_u8(from);
    groups->typed |= typed;
    count = cosend_get_varint(from);
    /* Each takes a byte at least. */
    if (from->failed || count > (uint64_t)(from->end - from->next))
        return COSEND_E_TYPE;
    heads = csi_calloc((size_t)count, sizeof(*heads));
    if (!heads || !csi_groups_join_parts(groups)) {
        csi_free(heads);
        return COSEND_E_MEMORY;
    }
    csi_groups_disorder(groups);
    status =
        merge_all(groups, typed, from, (size_t)count, heads, merge, context);
    csi_free(heads);
    return status;
}

/* ---- As they are --------------------------------------------------------- */

/* What is kept of a group's first record becomes that of another group. */
static void copy_first(const struct cosend_groups *groups,
                       struct csi_group_head *into, struct csi_group_head *from)
{
    *into = *from;
    *csi_group_rank(groups, into) = *csi_group_rank(groups, from);
    if (groups->by.count > CSI_KINDS)
        memcpy(csi_group_kinds_behind(groups, into, CSI_KINDS),
               csi_group_kinds_behind(groups, from, CSI_KINDS),
               csi_group_more_kinds(groups->by));
}

/* Merge the next few groups of a walk, at most CSI_GROUPS_AHEAD of them; *count
   is how many there were. */
static int merge_few(struct cosend_groups *groups,
                     const struct cosend_groups *from,
                     struct csi_groups_walk *walk, size_t *count,
                     csi_groups_merge_value *merge, void *context)
{
    struct csi_key keys[CSI_GROUPS_AHEAD];
    struct csi_group_head *heads[CSI_GROUPS_AHEAD];
    int status = COSEND_OK;

    cosend_bytes_clear(&groups->keys);
    for (*count = 0; *count < CSI_GROUPS_AHEAD; ++*count) {
        heads[*count] = csi_groups_walk(from, walk);
        if (!heads[*count])
            break;
        csi_group_add_key(&groups->keys, &keys[*count], walk->key,
                          walk->length);
    }
    if (groups->keys.failed)
        return COSEND_E_MEMORY;
    csi_table_find_all(groups->table, groups->keys.data, keys, *count);
    for (size_t i = 0; i < *count && status >= 0; i++) {
        struct csi_group_head *head = keys[i].value;
        bool fresh = false;

        if (!head)
            head = csi_table_get(groups->table, keys[i].hash,
                                 groups->keys.data + keys[i].start,
                                 keys[i].length, &fresh);
        if (!head)
            return COSEND_E_MEMORY;
        if (fresh || csi_group_first(heads[i]) < csi_group_first(head))
            copy_first(groups, head, heads[i]);
        status =
            merge(csi_group_value(head), csi_group_value(heads[i]), context);
    }
    return status < 0 ? status : COSEND_OK;
}

int csi_groups_merge_from(struct cosend_groups *groups,
                          const struct cosend_groups *from,
                          csi_groups_merge_value *merge, void *context)
{
    struct csi_groups_walk walk = {0};
    size_t count = CSI_GROUPS_AHEAD;
    int status = COSEND_OK;

    if (!csi_groups_join_parts(groups))
        return COSEND_E_MEMORY;
    groups->typed |= from->typed;
    groups->count = 0;
    csi_groups_disorder(groups);
    while (count == CSI_GROUPS_AHEAD && status == COSEND_OK)
        status = merge_few(groups, from, &walk, &count, merge, context);
    return status;
}
