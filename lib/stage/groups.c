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

#include "stage/groups_inside.h"
#include "stage/groups_parts.h"
#include "stage/pen.h"

#include <stdlib.h>

enum { SOON = 16 };

static void *out_of_memory(struct cosend_groups *groups)
{
    csi_stage_no_memory(csi_stage_of(groups->stage));
    return NULL;
}

static void free_groups(void *memory)
{
    struct cosend_groups *groups = memory;
    struct csi_groups_walk walk = {0};
    struct csi_group_head *head;

    csi_free(groups->order);
    while (groups->release && (head = csi_groups_walk(groups, &walk)))
        groups->release(csi_group_value(head));
    csi_groups_free_tables(groups);
    if (groups->ahead != groups->nearby)
        csi_free(groups->ahead);
    csi_free(groups->joint.order);
    csi_free(groups->joint.fresh);
    cosend_bytes_free(&groups->keys);
    csi_free(groups->columns);
}

struct cosend_groups *cosend_groups_new(struct cosend_stage *self,
                                        struct cosend_fields by,
                                        size_t value_size,
                                        void (*release)(void *value))
{
    struct cosend_groups *groups = cosend_stage_memory(self, sizeof(*groups));

    if (!csi_stage_has_fields(csi_stage_of(self), by))
        return NULL;
    if (!groups || !cosend_stage_defer(self, free_groups, groups))
        return NULL;
    groups->stage = self;
    groups->by = by;
    groups->release = release;
    groups->ahead = groups->nearby;
    groups->columns = csi_calloc(by.count, sizeof(*groups->columns));
    groups->value_size = csi_group_value_size(value_size);
    groups->table = cosend_table_new(csi_group_size(groups), NULL);
    if (!groups->columns || !groups->table || value_size > SIZE_MAX / 2)
        return out_of_memory(groups);
    if (!by.count) {
        groups->all =
            csi_group_value(cosend_table_get(groups->table, "", 0, NULL));
        if (!groups->all)
            return out_of_memory(groups);
    }
    return groups;
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
        cell.kind = csi_kind_in_key(cell.kind);
        csi_key_add(&groups->keys, cell);
    }
    key->length = csi_key_end(&groups->keys, key->start);
    if (groups->keys.failed)
        return out_of_memory(groups);
    groups->count++;
    return true;
}

/* Make keys of the records behind those that have some, up to `count`, by one
   column: as many as are short. */
static void make_short_keys(struct cosend_groups *groups,
                            const struct cosend_batch *batch, uint32_t column,
                            uint32_t count)
{
    const struct cosend_column_cells cells = batch->columns[column];
    struct cosend_bytes *keys = &groups->keys;
    size_t start = keys->length, more = (count - groups->count + 1) * CSI_SHORT;
    unsigned char *place = csi_bytes_extend(keys, more);
    uint32_t at = groups->count;
    bool typed = groups->typed;

    for (; place && at < count; at++, place += CSI_SHORT, start += CSI_SHORT) {
        uint32_t position = groups->first + at;
        uint32_t row = batch->rows ? csi_batch_row(batch, position) : 0;
        struct cosend_cell cell = cells.cells[(row & cells.row_mask) |
                                              (position & cells.position_mask)];

        if (cell.length - 1 >= CSI_SHORT - 3)
            break;
        typed |= cell.kind > COSEND_TEXT;
        place[0] = (unsigned char)csi_kind_in_key(cell.kind);
        place[1] = (unsigned char)cell.length;
        csi_short_copy(place + 2, cell.data, cell.length);
        groups->ahead[at].start = start;
        groups->ahead[at].length = 2 + (size_t)cell.length;
    }
    if (place)
        keys->length = start;
    groups->typed = typed;
    groups->count = at;
}

bool csi_groups_make_keys(struct cosend_groups *groups,
                          const struct cosend_record *record, uint32_t count)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    const struct cosend_batch *batch = record->batch;
    struct cosend_record next = *record;

    for (uint32_t i = 0; i < groups->by.count; i++)
        if (!csi_batch_fill(batch, record->map[groups->by.first + i]))
            return out_of_memory(groups);
    cosend_bytes_clear(&groups->keys);
    groups->count = 0;
    groups->first = record->position;
    groups->batch = batch == stage->face.batch ? stage->batches : 0;
    while (groups->count < count) {
        if (count > 1 && groups->by.count == 1)
            make_short_keys(groups, batch, record->map[groups->by.first],
                            count);
        if (groups->count == count)
            break;
        next.position = record->position + groups->count;
        if (count > 1 && batch->rows)
            next.row = csi_batch_row(batch, next.position);
        if (!make_group_key(groups, &next))
            return false;
    }
    return true;
}

/* Look for the groups of a record and, if it is of the batch in hand, of those
   behind it. */
static bool look_ahead(struct cosend_groups *groups,
                       const struct cosend_record *record)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    const struct cosend_batch *batch = record->batch;
    uint32_t count = 1;

    if (batch == stage->face.batch &&
        batch->count - record->position < CSI_GROUPS_AHEAD)
        count = batch->count - record->position;
    else if (batch == stage->face.batch)
        count = CSI_GROUPS_AHEAD;
    if (groups->part_count && !csi_groups_join_parts(groups))
        return out_of_memory(groups);
    if (!csi_groups_make_keys(groups, record, count))
        return false;
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

/* A group was made for a record, which is its first. */
static void begin_group(struct cosend_groups *groups,
                        struct csi_group_head *head,
                        const struct cosend_record *record)
{
    uint64_t first = csi_stage_cause(csi_stage_of(groups->stage));

    if (groups->order)
        csi_groups_disorder(groups);
    groups->disordered |= first < groups->latest;
    groups->latest = first;
    csi_group_set_first(groups, head, first,
                        (uint32_t)cosend_table_count(groups->table));
    for (uint32_t i = 0; groups->typed && i < groups->by.count; i++)
        csi_group_set_kind(
            groups, head, i,
            cosend_field(record, cosend_nth(groups->by, i)).kind);
}

void *cosend_group_of(struct cosend_groups *groups,
                      const struct cosend_record *record)
{
    struct csi_key *key;
    struct csi_group_head *head;
    bool fresh;

    if (groups->all)
        return groups->all;
    key = group_key_of(groups, record);
    if (!key || key->value)
        return key ? csi_group_value(key->value) : NULL;
    head = csi_table_get(groups->table, key->hash,
                         groups->keys.data + key->start, key->length, &fresh);
    if (!head)
        return out_of_memory(groups);
    if (fresh)
        begin_group(groups, head, record);
    key->value = head;
    return csi_group_value(head);
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
    return key ? csi_group_value(key->value) : NULL;
}

/* A cell as the group of which is known; of no length where that is looked for
   in the table alone. As in keys, what has a text is by its text. */
static struct csi_group_late late_of(struct cosend_cell cell)
{
    struct csi_group_late late = {0};
    const char *mask = (const char *)csi_short_masks + CSI_SHORT;

    if (cell.kind >= COSEND_TEXT && cell.length - 1 < sizeof(late.text)) {
        late.length = cell.length;
        late.text = csi_load64(cell.data) & csi_load64(mask - cell.length);
    }
    return late;
}

/* The group of the record at a position, not known ahead. *head is NULL where
   it may not be there. False without memory. */
static bool find_group(struct cosend_groups *groups, uint32_t position,
                       const struct cosend_cells *cells,
                       struct csi_group_head **head)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    struct csi_group_late late = {0}, *place = groups->late;
    struct cosend_record record;

    if (cells && !groups->part_count)
        late = late_of(cosend_cell_at(cells, position));
    place +=
        late.text * UINT64_C(0x9E3779B97F4A7C15) >> (64 - CSI_GROUPS_LATE_BITS);
    if (late.length && late.length == place->length &&
        late.text == place->text) {
        *head = place->head;
        return true;
    }
    record = cosend_batch_record(stage->face.batch, position);
    record.map = stage->map;
    if (!look_ahead(groups, &record))
        return false;
    late.head = *head = groups->ahead[0].value;
    if (late.length && *head)
        *place = late;
    return true;
}

/* Of a column of few short texts nearly all groups came lately. Where one did
   not, and more such may follow, some are looked for at a time. */
bool csi_groups_find_all(struct cosend_groups *groups, uint32_t first,
                         uint32_t count, void **values)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    bool one = groups->by.count == 1;
    struct cosend_cells cells;
    struct csi_group_head *head;

    if (one)
        cells = cosend_column_of(&stage->face, cosend_nth(groups->by, 0));
    for (uint32_t i = 0; i < count; i++) {
        if (groups->batch == stage->batches &&
            first + i - groups->first < groups->count)
            head = groups->ahead[first + i - groups->first].value;
        else if (!find_group(groups, first + i, one ? &cells : NULL, &head))
            return false;
        values[i] = csi_group_value(head);
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

static int compare_appearances(const void *left, const void *right)
{
    const struct csi_appearance *a = left, *b = right;

    return (a->first > b->first) - (a->first < b->first);
}

/* Those of one ordinal come by rank, which becomes their `first`. */
static void order_equals(const struct cosend_groups *groups,
                         struct csi_appearance *order, size_t count)
{
    const void *key;
    size_t length;

    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && order[to].first == order[from].first;)
            to++;
        for (size_t i = from; i < to && to - from > 1; i++)
            order[i].first = *csi_group_rank(
                groups,
                cosend_table_at(groups->table, order[i].number, &key, &length));
        if (to - from > 1)
            qsort(order + from, to - from, sizeof(*order), compare_appearances);
    }
}

static bool make_order(struct cosend_groups *groups)
{
    size_t count = cosend_table_count(groups->table), length;
    struct csi_appearance *places = csi_malloc_large(count * sizeof(*places));
    struct csi_appearance *spare = csi_malloc_large(count * sizeof(*spare));
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
        const struct csi_group_head *head =
            cosend_table_at(groups->table, i, &key, &length);

        places[i] = (struct csi_appearance){csi_group_first(head), i};
        largest |= csi_group_first(head);
    }
    groups->order = csi_appearances_sort(places, spare, count, largest);
    csi_free(groups->order == places ? spare : places);
    order_equals(groups, groups->order, count);
    groups->merged = false;
    return true;
}

bool csi_groups_make_order(struct cosend_groups *groups)
{
    return groups->part_count || !groups->table || !groups->merged ||
           make_order(groups);
}

bool cosend_groups_next(struct cosend_groups *groups,
                        struct cosend_group *group)
{
    size_t i = group->next;
    size_t count = groups->table ? cosend_table_count(groups->table) : 0;

    if (groups->part_count)
        return csi_groups_next_part(groups, group);
    if (i >= count || !csi_groups_make_order(groups))
        return false;
    if (groups->order && i + SOON < count)
        csi_table_expect(groups->table, groups->order[i + SOON].number);
    if (groups->order)
        i = groups->order[i].number;
    group->value = csi_group_value(
        cosend_table_at(groups->table, i, &group->key, &group->length));
    group->next++;
    return true;
}

void cosend_groups_set_columns(struct cosend_groups *groups,
                               const struct cosend_group *group)
{
    struct cosend_reader_bytes cells =
        cosend_read_bytes(group->key, group->length);
    struct csi_group_head *head = (struct csi_group_head *)group->value - 1;
    struct cosend_cell cell;

    for (uint32_t i = 0; csi_key_next(&cells, &cell); i++) {
        if (groups->typed)
            cell.kind = csi_group_kind(groups, head, i, cell.kind);
        cosend_set(groups->stage, groups->columns[i], cell);
    }
}

bool csi_groups_write(const struct cosend_groups *groups,
                      const struct cosend_group *some, uint32_t count,
                      struct csi_stage *stage)
{
    size_t length = 0;
    char *text;

    for (uint32_t i = 0; i < count; i++)
        length += some[i].length;
    text = csi_arena_bytes(&stage->text, length);
    if (!text)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct cosend_reader_bytes cells =
            cosend_read_bytes(text, some[i].length);
        struct csi_group_head *head =
            (struct csi_group_head *)some[i].value - 1;
        struct cosend_cell cell;

        csi_copy(text, some[i].key, some[i].length);
        text += some[i].length;
        for (uint32_t c = 0;
             c < groups->by.count && csi_key_next(&cells, &cell); c++) {
            if (groups->typed)
                cell.kind = csi_group_kind(groups, head, c, cell.kind);
            csi_pen_cells(stage, groups->columns[c])[i] = cell;
        }
    }
    return true;
}

bool csi_groups_are_columns(const struct cosend_groups *groups)
{
    const struct csi_stage *stage = csi_stage_of(groups->stage);
    bool are = true;

    for (uint32_t i = 0; i < groups->by.count; i++)
        are &= groups->columns[i].index < stage->recipe.added_count;
    return are;
}

size_t csi_groups_count(const struct cosend_groups *groups)
{
    size_t count = 0;

    for (size_t i = 0; i < csi_groups_tables(groups); i++)
        count += cosend_table_count(csi_groups_table(groups, i));
    return count;
}

bool cosend_group_latest(const struct cosend_groups *groups,
                         struct cosend_group *group)
{
    size_t count = groups ? cosend_table_count(groups->table) : 0;
    struct csi_group_head *head;

    if (!count)
        return false;
    *group = (struct cosend_group){0};
    head =
        cosend_table_at(groups->table, count - 1, &group->key, &group->length);
    group->value = csi_group_value(head);
    return true;
}

void csi_groups_each(const struct cosend_groups *groups,
                     void (*each)(void *value, void *context), void *context)
{
    struct csi_groups_walk walk = {0};
    struct csi_group_head *head;

    while ((head = csi_groups_walk(groups, &walk)))
        each(csi_group_value(head), context);
}

void csi_groups_set_other(struct cosend_groups *groups, struct cosend_cell cell)
{
    for (uint32_t i = 0; i < groups->by.count; i++)
        cosend_set(groups->stage, groups->columns[i], cell);
}
