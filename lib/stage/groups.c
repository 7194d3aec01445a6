/* SPDX-License-Identifier: MIT */
/*
 * Groups are walked in the order of their first records, whoever saw these:
 * each remembers the ordinal of its own. A table's groups are in that order by
 * themselves until some are merged into it.
 *
 * Keys are made, and their groups looked for, for some records of the batch in
 * hand ahead: see group/table.h.
 */
#include "stage/groups.h"

#include "group/key.h"
#include "group/appearance.h"
#include "group/table.h"
#include "stage/stage.h"

#include <string.h>

enum { VERSION = 3, AHEAD = 64, SOON = 16 };

/*
 * What the table has for a group: the user's value follows.
 *
 * 200 and "200" are one group, as they are one for conditions: whatever has a
 * text is by its text, whether JSON has it in quotes or not. It is printed as
 * the first record of the group had it, so the kinds of that one's cells are
 * kept, two bits each: eight bits beside the ordinal, which never needs them,
 * the others behind the user's value.
 */
struct head {
    uint64_t first; /* the ordinal of its first record; see first_of */
};

enum { FIRST_BITS = 56, KIND_BITS = 2, KINDS = 4 };

struct cosend_groups {
    struct cosend_stage *stage;
    struct cosend_fields by;
    size_t value_size; /* the user's */
    bool typed;        /* there was a cell of another kind than text */
    struct cosend_table *table;
    struct cosend_bytes keys; /* of records ahead, behind one another */
    uint64_t batch;           /* whose records, by its number */
    uint32_t first, count;    /* which positions of it */
    struct csi_key ahead[AHEAD];
    size_t known; /* groups when these were looked for */
    void *all;    /* by nothing: the value of the one group */
    struct cosend_column *columns;
    void (*release)(void *value);
    struct csi_appearance *order; /* NULL: as in the table */
    bool merged;                  /* groups were, since the order was made */
};

static void *value_of(struct head *head)
{
    return head ? head + 1 : NULL;
}

static uint64_t first_of(const struct head *head)
{
    return head->first & (UINT64_MAX >> (64 - FIRST_BITS));
}

/* It has no kinds yet. */
static void set_first(struct head *head, uint64_t first)
{
    head->first = first & (UINT64_MAX >> (64 - FIRST_BITS));
}

/* The bytes for the kinds of fields beyond the first four. */
static size_t more_kinds(struct cosend_fields by)
{
    return by.count > KINDS ? (by.count - KINDS + KINDS - 1) / KINDS : 0;
}

/* What a key has in place of a cell's kind. */
static enum cosend_kind kind_in_key(enum cosend_kind kind)
{
    return kind > COSEND_TEXT ? COSEND_TEXT : kind;
}

static unsigned char *kinds_behind(const struct cosend_groups *groups,
                                   struct head *head, uint32_t field)
{
    return (unsigned char *)value_of(head) + groups->value_size +
           (field - KINDS) / KINDS;
}

/* The kind of the first record's cell, whose kind in the key is given. */
static enum cosend_kind kind_of(const struct cosend_groups *groups,
                                struct head *head, uint32_t field,
                                enum cosend_kind in_key)
{
    unsigned shift = field % KINDS * KIND_BITS;
    unsigned bits = field < KINDS ? (unsigned)(head->first >> FIRST_BITS)
                                  : *kinds_behind(groups, head, field);

    if (in_key != COSEND_TEXT)
        return in_key;
    return (enum cosend_kind)(COSEND_TEXT + (bits >> shift & 3));
}

static void set_kind(const struct cosend_groups *groups, struct head *head,
                     uint32_t field, enum cosend_kind kind)
{
    unsigned shift = field % KINDS * KIND_BITS;
    unsigned bits = kind > COSEND_TEXT ? (unsigned)(kind - COSEND_TEXT) : 0;
    unsigned char *behind;

    if (field < KINDS) {
        head->first &= ~(UINT64_C(3) << (FIRST_BITS + shift));
        head->first |= (uint64_t)bits << (FIRST_BITS + shift);
        return;
    }
    behind = kinds_behind(groups, head, field);
    *behind = (unsigned char)((*behind & ~(3U << shift)) | bits << shift);
}

static void *out_of_memory(struct cosend_groups *groups)
{
    csi_stage_no_memory(csi_stage_of(groups->stage));
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
    groups->value_size = value_size;
    groups->table = cosend_table_new(
        sizeof(struct head) + value_size + more_kinds(by), NULL);
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
static bool make_group_key(struct cosend_groups *groups,
                           const struct cosend_record *record)
{
    struct csi_key *key = &groups->ahead[groups->count];

    key->start = groups->keys.length;
    for (uint32_t i = 0; i < groups->by.count; i++) {
        struct cosend_cell cell =
            cosend_field(record, cosend_nth(groups->by, i));

        groups->typed |= cell.kind > COSEND_TEXT;
        cell.kind = kind_in_key(cell.kind);
        csi_key_add(&groups->keys, cell);
    }
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
    for (uint32_t i = 0; i < groups->by.count; i++)
        if (!csi_batch_fill(batch, record->map[groups->by.first + i]))
            return out_of_memory(groups);
    cosend_bytes_clear(&groups->keys);
    groups->count = 0;
    groups->first = record->position;
    groups->batch = batch == stage->face.batch ? stage->batches : 0;
    for (; groups->count < count; next.position++) {
        if (count > 1 && batch->rows)
            next.row = csi_batch_row(batch, next.position);
        if (!make_group_key(groups, &next))
            return false;
    }
    groups->known = cosend_table_count(groups->table);
    csi_table_find_all(groups->table, groups->keys.data, groups->ahead, count);
    return true;
}

/* A record's key; NULL, with the step failed, without memory. */
static struct csi_key *group_key_of(struct cosend_groups *groups,
                                    const struct cosend_record *record)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);

    if ((record->batch != stage->face.batch ||
         groups->batch != stage->batches ||
         record->position - groups->first >= groups->count) &&
        !look_ahead(groups, record))
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
    key = group_key_of(groups, record);
    if (!key || key->value)
        return key ? value_of(key->value) : NULL;
    head = csi_table_get(groups->table, key->hash,
                         groups->keys.data + key->start, key->length, &fresh);
    if (!head)
        return out_of_memory(groups);
    if (fresh && groups->order)
        disorder(groups);
    if (fresh) {
        set_first(head, csi_stage_cause(csi_stage_of(groups->stage)));
        for (uint32_t i = 0; groups->typed && i < groups->by.count; i++)
            set_kind(groups, head, i,
                     cosend_field(record, cosend_nth(groups->by, i)).kind);
    }
    key->value = head;
    return value_of(head);
}

void *cosend_group_find(struct cosend_groups *groups,
                        const struct cosend_record *record)
{
    struct csi_key *key;

    if (groups->all)
        return groups->all;
    key = group_key_of(groups, record);
    /* A record before it may have made the group since. */
    if (key && !key->value && cosend_table_count(groups->table) > groups->known)
        csi_table_find_all(groups->table, groups->keys.data, key, 1);
    return key ? value_of(key->value) : NULL;
}

bool csi_groups_find_all(struct cosend_groups *groups, uint32_t first,
                         uint32_t count, void **values)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    struct cosend_record record;
    const struct csi_key *key;

    for (uint32_t i = 0; i < count; i++) {
        if (groups->batch != stage->batches ||
            first + i - groups->first >= groups->count) {
            record = cosend_batch_record(stage->face.batch, first + i);
            record.map = stage->map;
            if (!look_ahead(groups, &record))
                return false;
        }
        key = &groups->ahead[first + i - groups->first];
        values[i] = value_of(key->value);
    }
    return true;
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

static bool make_order(struct cosend_groups *groups)
{
    size_t count = cosend_table_count(groups->table), length;
    struct csi_appearance *places = csi_calloc(count, sizeof(*places));
    struct csi_appearance *spare = csi_calloc(count, sizeof(*spare));
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

        places[i] = (struct csi_appearance){first_of(head), i};
        largest |= first_of(head);
    }
    groups->order = csi_appearances_sort(places, spare, count, largest);
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
    struct head *head = (struct head *)group->value - 1;
    struct cosend_cell cell;

    for (uint32_t i = 0; cosend_key_next(&cells, &cell); i++) {
        if (groups->typed)
            cell.kind = kind_of(groups, head, i, cell.kind);
        cosend_set(groups->stage, groups->columns[i], cell);
    }
}

/* A key with the kinds that the first record's cells had. */
static void put_key(const struct cosend_groups *groups, struct head *head,
                    const void *key, size_t length, struct cosend_bytes *own,
                    struct cosend_bytes *to)
{
    struct cosend_reader_bytes cells = cosend_read_bytes(key, length);
    struct cosend_cell cell;

    if (!groups->typed) {
        cosend_put_bytes(to, key, length);
        return;
    }
    cosend_bytes_clear(own);
    for (uint32_t i = 0; cosend_key_next(&cells, &cell); i++) {
        cell.kind = kind_of(groups, head, i, cell.kind);
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
    size_t count = cosend_table_count(groups->table), length;
    struct cosend_bytes own = {0};
    const void *key;

    cosend_put_u8(to, VERSION);
    cosend_put_u8(to, groups->typed);
    cosend_put_varint(to, count);
    for (size_t i = 0; i < count; i++) {
        struct head *head = cosend_table_at(groups->table, i, &key, &length);

        put_key(groups, head, key, length, &own, to);
        cosend_put_varint(to, first_of(head));
    }
    cosend_bytes_free(&own);
    for (size_t i = 0; i < count; i++)
        save(value_of(cosend_table_at(groups->table, i, &key, &length)), to,
             context);
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

/* A saved key: where it is among the bytes that are merged, and its group's
   first ordinal. */
struct saved_key {
    const void *bytes;
    size_t length;
    uint64_t first;
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
    if (from->failed || !fits(groups, saved->bytes, saved->length))
        return COSEND_E_TYPE;
    key->start = groups->keys.length;
    if (!typed)
        return take_text(groups, key, saved);
    cells = cosend_read_bytes(saved->bytes, saved->length);
    while (cosend_key_next(&cells, &cell)) {
        cell.kind = kind_in_key(cell.kind);
        cosend_key_add(&groups->keys, cell);
    }
    key->length = csi_key_end(&groups->keys, key->start);
    return groups->keys.failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* A saved group's first record becomes that of a group in hand. */
static void take_first(struct cosend_groups *groups, struct head *head,
                       const struct saved_key *saved)
{
    struct cosend_reader_bytes cells =
        cosend_read_bytes(saved->bytes, saved->length);
    struct cosend_cell cell;

    set_first(head, saved->first);
    for (uint32_t i = 0; groups->typed && cosend_key_next(&cells, &cell); i++)
        set_kind(groups, head, i, cell.kind);
}

/* Find or make the groups of the next saved keys, at most AHEAD of them. */
static int merge_keys(struct cosend_groups *groups, bool typed,
                      struct cosend_reader_bytes *from, size_t count,
                      struct head **heads)
{
    struct csi_key keys[AHEAD];
    struct saved_key saved[AHEAD];
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
        if (fresh || saved[i].first < first_of(heads[i]))
            take_first(groups, heads[i], &saved[i]);
    }
    return COSEND_OK;
}

static int merge_all(struct cosend_groups *groups, bool typed,
                     struct cosend_reader_bytes *from, size_t count,
                     struct head **heads,
                     int (*merge)(void *value, struct cosend_reader_bytes *from,
                                  const void *context),
                     const void *context)
{
    int status = COSEND_OK;

    for (size_t i = 0; i < count && status == COSEND_OK; i += AHEAD)
        status = merge_keys(groups, typed, from,
                            count - i < AHEAD ? count - i : AHEAD, heads + i);
    for (size_t i = 0; i < count && status == COSEND_OK; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(heads[i + AHEAD]);
        status = merge(value_of(heads[i]), from, context);
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
    struct head **heads;
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
    if (!heads)
        return COSEND_E_MEMORY;
    disorder(groups);
    status =
        merge_all(groups, typed, from, (size_t)count, heads, merge, context);
    csi_free(heads);
    return status;
}

void csi_groups_each(const struct cosend_groups *groups,
                     void (*each)(void *value, void *context), void *context)
{
    size_t length;
    const void *key;

    for (size_t i = 0; i < cosend_table_count(groups->table); i++)
        each(value_of(cosend_table_at(groups->table, i, &key, &length)),
             context);
}

void csi_groups_set_other(struct cosend_groups *groups, struct cosend_cell cell)
{
    for (uint32_t i = 0; i < groups->by.count; i++)
        cosend_set(groups->stage, groups->columns[i], cell);
}
