/* SPDX-License-Identifier: MIT */
/*
 * Groups are walked in the order of their first records, whoever saw these:
 * each remembers the ordinal of its own. A table's groups are in that order by
 * themselves until some are merged into it.
 *
 * Keys are made, and their groups looked for, for some records of the batch in
 * hand ahead: see group/table.h.
 */
#include "cosend/groups.h"

#include "group/key.h"
#include "group/table.h"
#include "stage/stage.h"

#include <string.h>

enum { VERSION = 2, AHEAD = 64, SOON = 16 };

/* What the table has for a group: the user's value follows. */
struct head {
    uint64_t first; /* ordinal of its first record */
};

/* A group's place in the order. */
struct place {
    uint64_t first;
    size_t number; /* of the group in the table */
};

struct cosend_groups {
    struct cosend_stage *stage;
    struct cosend_fields by;
    struct cosend_table *table;
    struct cosend_bytes keys; /* of records ahead, behind one another */
    uint64_t batch;           /* whose records, by its number */
    uint32_t first, count;    /* which positions of it */
    struct csi_key ahead[AHEAD];
    size_t known; /* groups when these were looked for */
    void *all;    /* by nothing: the value of the one group */
    struct cosend_column *columns;
    void (*release)(void *value);
    struct place *order; /* NULL: as in the table */
    bool merged;         /* groups were, since the order was made */
};

static void *value_of(struct head *head)
{
    return head ? head + 1 : NULL;
}

static void *out_of_memory(struct cosend_groups *groups)
{
    cosend_fail(groups->stage, COSEND_E_MEMORY, "out of memory");
    return NULL;
}

static void free_groups(void *memory)
{
    struct cosend_groups *groups = memory;
    struct cosend_group group = {0};

    csi_free(groups->order);
    groups->order = NULL;
    groups->merged = false;
    if (groups->release && groups->table)
        while (cosend_groups_next(groups, &group))
            groups->release(group.value);
    cosend_table_free(groups->table);
    cosend_bytes_free(&groups->keys);
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
    groups->table = cosend_table_new(sizeof(struct head) + value_size, NULL);
    if (!groups->columns || !groups->table)
        return out_of_memory(groups);
    if (!by.count) {
        groups->all = value_of(cosend_table_get(groups->table, "", 0, NULL));
        if (!groups->all)
            return out_of_memory(groups);
    }
    return groups;
}

/* The order, if one was made, is no longer all there is. */
static void disorder(struct cosend_groups *groups)
{
    csi_free(groups->order);
    groups->order = NULL;
    groups->merged = true;
}

/* Make the key of a record, as the next one ahead. */
static bool make_key(struct cosend_groups *groups,
                     const struct cosend_record *record)
{
    struct csi_key *key = &groups->ahead[groups->count];

    key->start = groups->keys.length;
    for (uint32_t i = 0; i < groups->by.count; i++)
        csi_key_add(&groups->keys,
                    cosend_field(record, cosend_nth(groups->by, i)));
    key->length = csi_key_end(&groups->keys, key->start);
    if (groups->keys.failed)
        return out_of_memory(groups);
    groups->count++;
    return true;
}

/* Look for the groups of a record and, if it is of the batch in hand, of those
   behind it. */
static bool look_ahead(struct cosend_groups *groups,
                       const struct cosend_record *record)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    const struct cosend_batch *batch = record->batch;
    struct cosend_record next = *record;
    uint32_t count = 1;

    if (batch == stage->face.batch && batch->count - record->position < AHEAD)
        count = batch->count - record->position;
    else if (batch == stage->face.batch)
        count = AHEAD;
    cosend_bytes_clear(&groups->keys);
    groups->count = 0;
    groups->first = record->position;
    groups->batch = batch == stage->face.batch ? stage->batches : 0;
    for (; groups->count < count; next.position++) {
        if (count > 1 && batch->rows)
            next.row = csi_batch_row(batch, next.position);
        if (!make_key(groups, &next))
            return false;
    }
    groups->known = cosend_table_count(groups->table);
    csi_table_find_all(groups->table, groups->keys.data, groups->ahead, count);
    return true;
}

/* A record's key; NULL, with the step failed, without memory. */
static struct csi_key *key_of(struct cosend_groups *groups,
                              const struct cosend_record *record)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    bool in_hand = record->batch == stage->face.batch;

    if (!in_hand || groups->batch != stage->batches ||
        record->position - groups->first >= groups->count)
        if (!look_ahead(groups, record))
            return NULL;
    return &groups->ahead[record->position - groups->first];
}

void *cosend_group_of(struct cosend_groups *groups,
                      const struct cosend_record *record)
{
    struct csi_key *key;
    struct head *head;
    bool fresh;

    if (groups->all)
        return groups->all;
    key = key_of(groups, record);
    if (!key || key->value)
        return key ? value_of(key->value) : NULL;
    head = csi_table_get(groups->table, key->hash,
                         groups->keys.data + key->start, key->length, &fresh);
    if (!head)
        return out_of_memory(groups);
    if (fresh && groups->order)
        disorder(groups);
    if (fresh)
        head->first = csi_stage_cause(csi_stage_of(groups->stage));
    key->value = head;
    return value_of(head);
}

void *cosend_group_find(struct cosend_groups *groups,
                        const struct cosend_record *record)
{
    struct csi_key *key;

    if (groups->all)
        return groups->all;
    key = key_of(groups, record);
    if (!key)
        return NULL;
    /* A record before it may have made the group since. */
    if (!key->value && cosend_table_count(groups->table) > groups->known)
        csi_table_find_all(groups->table, groups->keys.data, key, 1);
    return value_of(key->value);
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

/* Sort by `first`, whose bits are taken 11 at a time from the lowest: the least
   significant digit first, as punched cards once were. */
static struct place *sort(struct place *places, struct place *spare,
                          size_t count, uint64_t largest)
{
    enum { BITS = 11, DIGITS = 1 << BITS };

    for (unsigned shift = 0; shift < 64 && largest >> shift; shift += BITS) {
        size_t starts[DIGITS] = {0}, start = 0;
        struct place *from = places;

        for (size_t i = 0; i < count; i++)
            starts[from[i].first >> shift & (DIGITS - 1)]++;
        for (size_t digit = 0; digit < DIGITS; digit++) {
            size_t next = start + starts[digit];

            starts[digit] = start;
            start = next;
        }
        for (size_t i = 0; i < count; i++)
            spare[starts[from[i].first >> shift & (DIGITS - 1)]++] = from[i];
        places = spare;
        spare = from;
    }
    return places;
}

/* False, with the step failed, without memory. */
static bool make_order(struct cosend_groups *groups)
{
    size_t count = cosend_table_count(groups->table), length;
    struct place *places = csi_calloc(count, sizeof(*places));
    struct place *spare = csi_calloc(count, sizeof(*spare));
    uint64_t largest = 0;
    const void *key;

    csi_free(groups->order);
    groups->order = NULL;
    if (!places || !spare) {
        csi_free(places);
        csi_free(spare);
        return out_of_memory(groups);
    }
    for (size_t i = 0; i < count; i++) {
        const struct head *head =
            cosend_table_at(groups->table, i, &key, &length);

        places[i] = (struct place){head->first, i};
        largest |= head->first;
    }
    groups->order = sort(places, spare, count, largest);
    csi_free(groups->order == places ? spare : places);
    groups->merged = false;
    return true;
}

bool cosend_groups_next(struct cosend_groups *groups,
                        struct cosend_group *group)
{
    size_t i = group->next;
    size_t count = groups->table ? cosend_table_count(groups->table) : 0;

    if (i >= count || (groups->merged && !make_order(groups)))
        return false;
    if (groups->order && i + SOON < count)
        csi_table_expect(groups->table, groups->order[i + SOON].number);
    if (groups->order)
        i = groups->order[i].number;
    group->value = value_of(
        cosend_table_at(groups->table, i, &group->key, &group->length));
    group->next++;
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

/* All keys stand before all values, so that a merge can look for groups ahead
   though it does not know how long a value is. */
int cosend_groups_save(const struct cosend_groups *groups,
                       struct cosend_bytes *to,
                       void (*save)(const void *value, struct cosend_bytes *to))
{
    size_t count = cosend_table_count(groups->table), length;
    const void *key;

    cosend_put_u8(to, VERSION);
    cosend_put_varint(to, count);
    for (size_t i = 0; i < count; i++) {
        const struct head *head =
            cosend_table_at(groups->table, i, &key, &length);

        cosend_put_bytes(to, key, length);
        cosend_put_varint(to, head->first);
    }
    for (size_t i = 0; i < count; i++)
        save(value_of(cosend_table_at(groups->table, i, &key, &length)), to);
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

/* The next saved key becomes the last one of groups->keys. */
static int take_key(struct cosend_groups *groups,
                    struct cosend_reader_bytes *from, struct csi_key *key,
                    uint64_t *first)
{
    const void *bytes = cosend_get_bytes(from, &key->length);
    unsigned char *own;

    *first = cosend_get_varint(from);
    if (from->failed || !fits(groups, bytes, key->length))
        return COSEND_E_TYPE;
    key->start = groups->keys.length;
    own = csi_bytes_extend(&groups->keys, key->length);
    if (own)
        csi_copy(own, bytes, key->length);
    csi_key_end(&groups->keys, key->start);
    return groups->keys.failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* Find or make the groups of the next saved keys, at most AHEAD of them. */
static int merge_keys(struct cosend_groups *groups,
                      struct cosend_reader_bytes *from, size_t count,
                      struct head **heads)
{
    struct csi_key keys[AHEAD];
    uint64_t first[AHEAD];
    int status = COSEND_OK;
    bool fresh;

    groups->count = 0;
    cosend_bytes_clear(&groups->keys);
    for (size_t i = 0; i < count && status == COSEND_OK; i++)
        status = take_key(groups, from, &keys[i], &first[i]);
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
        if (fresh || first[i] < heads[i]->first)
            heads[i]->first = first[i];
    }
    return COSEND_OK;
}

static int
merge_all(struct cosend_groups *groups, struct cosend_reader_bytes *from,
          size_t count, struct head **heads,
          int (*merge)(void *value, struct cosend_reader_bytes *from))
{
    int status = COSEND_OK;

    for (size_t i = 0; i < count && status == COSEND_OK; i += AHEAD)
        status = merge_keys(groups, from, count - i < AHEAD ? count - i : AHEAD,
                            heads + i);
    for (size_t i = 0; i < count && status == COSEND_OK; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(heads[i + AHEAD]);
        status = merge(value_of(heads[i]), from);
        if (from->failed)
            status = COSEND_E_TYPE;
    }
    return status;
}

int cosend_groups_merge(struct cosend_groups *groups,
                        struct cosend_reader_bytes *from,
                        int (*merge)(void *value,
                                     struct cosend_reader_bytes *from))
{
    struct head **heads;
    uint64_t count;
    int status;

    if (cosend_get_u8(from) != VERSION)
        return COSEND_E_TYPE;
    count = cosend_get_varint(from);
    /* Each takes a byte at least. */
    if (from->failed || count > (uint64_t)(from->end - from->next))
        return COSEND_E_TYPE;
    heads = csi_calloc((size_t)count, sizeof(*heads));
    if (!heads)
        return COSEND_E_MEMORY;
    disorder(groups);
    status = merge_all(groups, from, (size_t)count, heads, merge);
    csi_free(heads);
    return status;
}
