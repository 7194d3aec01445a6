/* SPDX-License-Identifier: MIT */
#include "cosend/groups.h"

#include "base/base.h"

struct cosend_groups {
    struct cosend_stage *stage;
    struct cosend_fields by;
    struct cosend_table *table;
    struct cosend_bytes key; /* of the record last looked for */
    void *all;               /* by nothing: the value of the one group */
    struct cosend_column *columns;
    void (*release)(void *value);
};

static void *out_of_memory(struct cosend_groups *groups)
{
    cosend_fail(groups->stage, COSEND_E_MEMORY, "out of memory");
    return NULL;
}

static void free_groups(void *memory)
{
    struct cosend_groups *groups = memory;
    struct cosend_group group = {0};

    if (groups->release && groups->table)
        while (cosend_groups_next(groups, &group))
            groups->release(group.value);
    cosend_table_free(groups->table);
    cosend_bytes_free(&groups->key);
    csi_free(groups->columns);
}

struct cosend_groups *cosend_groups_new(struct cosend_stage *self,
                                        struct cosend_fields by,
                                        size_t value_size,
                                        void (*release)(void *value))
{
    struct cosend_groups *groups = cosend_stage_memory(self, sizeof(*groups));

    if (!groups || !cosend_stage_defer(self, free_groups, groups))
        return NULL;
    groups->stage = self;
    groups->by = by;
    groups->release = release;
    groups->columns = csi_calloc(by.count, sizeof(*groups->columns));
    groups->table = cosend_table_new(value_size, NULL);
    if (!groups->columns || !groups->table)
        return out_of_memory(groups);
    if (!by.count) {
        groups->all = cosend_table_get(groups->table, "", 0, NULL);
        if (!groups->all)
            return out_of_memory(groups);
    }
    return groups;
}

/* Whether the key of the record's group could be made. */
static bool make_key(struct cosend_groups *groups,
                     const struct cosend_record *record)
{
    cosend_bytes_clear(&groups->key);
    for (uint32_t i = 0; i < groups->by.count; i++)
        cosend_key_add(&groups->key,
                       cosend_field(record, cosend_nth(groups->by, i)));
    if (groups->key.failed)
        out_of_memory(groups);
    return !groups->key.failed;
}

void *cosend_group_of(struct cosend_groups *groups,
                      const struct cosend_record *record)
{
    void *value;

    if (groups->all)
        return groups->all;
    if (!make_key(groups, record))
        return NULL;
    value = cosend_table_get(groups->table, groups->key.data,
                             groups->key.length, NULL);
    return value ? value : out_of_memory(groups);
}

void *cosend_group_find(struct cosend_groups *groups,
                        const struct cosend_record *record)
{
    if (groups->all)
        return groups->all;
    if (!make_key(groups, record))
        return NULL;
    return cosend_table_find(groups->table, groups->key.data,
                             groups->key.length);
}

void *cosend_group_only(const struct cosend_groups *groups)
{
    return groups->all;
}

void cosend_groups_add_columns(struct cosend_groups *groups)
{
    for (uint32_t i = 0; i < groups->by.count; i++)
        groups->columns[i] = cosend_add_column(
            groups->stage,
            cosend_field_name(groups->stage, cosend_nth(groups->by, i)));
}

bool cosend_groups_next(const struct cosend_groups *groups,
                        struct cosend_group *group)
{
    if (!groups->table || group->next >= cosend_table_count(groups->table))
        return false;
    group->value = cosend_table_at(groups->table, group->next++, &group->key,
                                   &group->length);
    return true;
}

void cosend_groups_set_columns(struct cosend_groups *groups,
                               const struct cosend_group *group)
{
    struct cosend_reader_bytes cells =
        cosend_read_bytes(group->key, group->length);
    struct cosend_cell cell;

    for (uint32_t i = 0; cosend_key_next(&cells, &cell); i++)
        cosend_set(groups->stage, groups->columns[i], cell);
}

int cosend_groups_save(const struct cosend_groups *groups,
                       struct cosend_bytes *to,
                       void (*save)(const void *value, struct cosend_bytes *to))
{
    struct cosend_group group = {0};

    cosend_put_varint(to, cosend_table_count(groups->table));
    while (cosend_groups_next(groups, &group)) {
        cosend_put_bytes(to, group.key, group.length);
        save(group.value, to);
    }
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* Whether a saved key has a cell for each of the fields. */
static bool fits(const struct cosend_groups *groups, const char *key,
                 size_t length)
{
    struct cosend_reader_bytes cells = cosend_read_bytes(key, length);
    struct cosend_cell cell;
    uint32_t count = 0;

    while (cosend_key_next(&cells, &cell))
        count++;
    return !cells.failed && count == groups->by.count;
}

int cosend_groups_merge(struct cosend_groups *groups,
                        struct cosend_reader_bytes *from,
                        int (*merge)(void *value,
                                     struct cosend_reader_bytes *from))
{
    int status = COSEND_OK;

    for (uint64_t left = cosend_get_varint(from);
         left && status == COSEND_OK && !from->failed; left--) {
        size_t length;
        const char *key = cosend_get_bytes(from, &length);
        void *value;

        if (from->failed || !fits(groups, key, length))
            return COSEND_E_TYPE;
        value = cosend_table_get(groups->table, key, length, NULL);
        status = value ? merge(value, from) : COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : status;
}
