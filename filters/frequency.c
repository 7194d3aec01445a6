/* SPDX-License-Identifier: MIT */
/*
 * frequency: emits, at the end, the values of each field with how often they
 * came, those that came most often first.
 *
 * A value is a group of a table by the field's number and the value's text.
 */
#include "cosend.h"

#include <stdlib.h>
#include <string.h>

struct frequency {
    struct cosend_fields fields;
    int64_t limit, max_groups;
};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct frequency, fields),
     .flags = COSEND_MAIN,
     .help = "of these fields; without it of all",
     .example = "[\"status\", \"method\"]"},
    {.name = "limit",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct frequency, limit),
     .fallback = "10",
     .flags = COSEND_SECOND,
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many values of each; 0: all",
     .example = "5"},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct frequency, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many values there may be, of all fields together; more end "
             "the run; 0: any number",
     .example = "1000000"},
    {.name = NULL},
};

struct value {
    uint64_t count;
    enum cosend_kind kind; /* of the first */
};

struct work {
    struct cosend_table *fields; /* uint64_t, their numbers, by name */
    struct cosend_table *values; /* struct value */
    struct cosend_bytes *key;
};

static int no_memory(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

/* The number of a field; returns 0, or an error. */
static int number_field(struct cosend_stage *self, struct work *work,
                        const char *name, size_t length, uint64_t *number)
{
    bool fresh;
    uint64_t *found = cosend_table_get(work->fields, name, length, &fresh);

    if (!found)
        return no_memory(self);
    if (fresh)
        *found = cosend_table_count(work->fields) - 1;
    *number = *found;
    return 0;
}

static int add(struct cosend_stage *self, const struct frequency *frequency,
               struct work *work, uint64_t field, struct cosend_cell cell)
{
    struct cosend_cell plain = cell;
    struct value *value;
    bool fresh;

    if (cell.kind == COSEND_ABSENT)
        return 0;
    if (cell.kind > COSEND_TEXT)
        plain.kind = COSEND_TEXT;
    cosend_bytes_clear(work->key);
    cosend_put_varint(work->key, field);
    cosend_key_add(work->key, plain);
    value = work->key->failed ? NULL
                              : cosend_table_get(work->values, work->key->data,
                                                 work->key->length, &fresh);
    if (!value)
        return no_memory(self);
    if (fresh && !cosend_groups_limit(self, cosend_table_count(work->values),
                                      (uint64_t)frequency->max_groups))
        return COSEND_E_LIMIT;
    if (fresh)
        value->kind = cell.kind;
    value->count++;
    return 0;
}

/* The fields that are known before any record. */
static int number_fields(struct cosend_stage *self,
                         const struct frequency *frequency, struct work *work)
{
    const struct cosend_schema *schema = cosend_input_schema(self);
    uint32_t chosen = frequency->fields.count;
    size_t count = chosen ? chosen
                   : schema && !cosend_schema_open(schema)
                       ? cosend_schema_count(schema)
                       : 0;
    uint64_t number;
    int status = 0;

    for (size_t i = 0; status == 0 && i < count; i++) {
        const char *name =
            chosen ? cosend_field_name(
                         self, cosend_nth(frequency->fields, (uint32_t)i))
                   : cosend_schema_name(schema, i);

        status = number_field(self, work, name, strlen(name), &number);
    }
    return status;
}

static int add_record(struct cosend_stage *self,
                      const struct frequency *frequency, struct work *work,
                      const struct cosend_record *record)
{
    uint32_t chosen = frequency->fields.count;
    struct cosend_item item = {0};
    int status = 0;

    for (uint32_t i = 0; status == 0 && i < chosen; i++)
        status = add(self, frequency, work, i,
                     cosend_field(record, cosend_nth(frequency->fields, i)));
    while (!chosen && status == 0 && cosend_next_item(record, &item, NULL)) {
        uint64_t number = 0;

        status = number_field(self, work, item.name, item.name_length, &number);
        if (status == 0)
            status = add(self, frequency, work, number, item.cell);
    }
    return status;
}

/* ---- What comes of it ---------------------------------------------------- */

/* A value among all, to be sorted. */
struct place {
    uint64_t field, count, number;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

struct columns {
    struct cosend_column field, value, count;
};

/* Set the columns to one of the values. */
static void set_place(struct cosend_stage *self, const struct columns *columns,
                      const struct work *work, const struct place *place)
{
    size_t length;
    const void *key;
    const struct value *value =
        cosend_table_at(work->values, place->number, &key, &length);
    struct cosend_reader_bytes from = cosend_read_bytes(key, length);
    struct cosend_cell cell;

    cosend_get_varint(&from);
    cosend_key_next(&from, &cell);
    cell.kind = value->kind;
    cosend_set(self, columns->value, cell);
    cosend_set_integer(self, columns->count, (int64_t)place->count);
    cosend_table_at(work->fields, place->field, &key, &length);
    cosend_set(self, columns->field, cosend_text(key, length));
}

static int emit_all(struct cosend_stage *self,
                    const struct frequency *frequency,
                    const struct columns *columns, const struct work *work)
{
    size_t count = cosend_table_count(work->values), length;
    struct place *places =
        cosend_stage_memory(self, count * sizeof(*places) + 1);
    uint64_t limit = (uint64_t)frequency->limit, rank = 0;
    const void *key;

    if (!places)
        return COSEND_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct value *value =
            cosend_table_at(work->values, i, &key, &length);
        struct cosend_reader_bytes from = cosend_read_bytes(key, length);

        places[i] = (struct place){cosend_get_varint(&from), value->count, i};
    }
    qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 0; i < count; i++) {
        rank = i && places[i].field == places[i - 1].field ? rank + 1 : 0;
        if (limit && rank >= limit)
            continue;
        set_place(self, columns, work, &places[i]);
        cosend_emit_new(self);
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct frequency *frequency = memory;
    struct work work = {cosend_stage_table(self, sizeof(uint64_t)),
                        cosend_stage_table(self, sizeof(struct value)),
                        cosend_stage_text(self)};
    struct columns columns;
    struct cosend_record record;
    bool begun = false;
    int status = 0;

    if (!work.fields || !work.values || !work.key)
        return COSEND_E_MEMORY;
    cosend_drop_columns(self);
    columns.field = cosend_add_column(self, "field");
    columns.value = cosend_add_column(self, "value");
    columns.count = cosend_add_column(self, "count");
    if (frequency->fields.count)
        cosend_only_fields(self);
    while (status == 0 && cosend_receive(self, &record)) {
        if (!begun)
            status = number_fields(self, frequency, &work);
        begun = true;
        if (status == 0)
            status = add_record(self, frequency, &work, &record);
    }
    return status < 0 ? status : emit_all(self, frequency, &columns, &work);
}

const struct cosend_filter csi_filter_frequency = {
    .name = "frequency",
    .aliases = "freq",
    .role = COSEND_FILTER,
    .summary = "The most frequent values of each field",
    .details =
        "Emits, at the end of the input, a record for each of the most "
        "frequent values of each field, with the field's name, the value and "
        "its count: by field, the most frequent first, and of equal ones that "
        "which came first. Counts are exact. Empty and null are values, and a "
        "field that a record of JSON lines does not have is none; values are "
        "the same as they are written (200 is not 200.0). Memory: each value "
        "and some bytes, of all fields together; `max_groups` bounds it. It "
        "sees records one after the other, in one thread. Under --follow it "
        "prints when the run is ended.",
    .example = "parse combined | frequency status,method 5",
    .options_size = sizeof(struct frequency),
    .options = options,
    .body = body,
    .absorbs = true,
};
