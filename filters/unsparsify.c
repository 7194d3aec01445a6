/* SPDX-License-Identifier: MIT */
/*
 * unsparsify: emits every record with the same fields, those of all records, or
 * of the first so many; or, as they come, with those that are given.
 */
#include "cosend.h"

#include <string.h>

struct unsparsify {
    struct cosend_strings fields;
    int64_t records;
    struct cosend_string value;
    struct cosend_cell cell;
};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct unsparsify, fields),
     .flags = COSEND_MAIN,
     .help = "add those of these that a record lacks, at once; without it all "
             "that any record has",
     .example = "[\"host\", \"user\"]"},
    {.name = "records",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct unsparsify, records),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "take the fields of the first so many records for those of all; "
             "0: of all",
     .example = "1000"},
    {.name = "value",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct unsparsify, value),
     .maximum = 1 << 20,
     .help = "what to put there, in JSON a number where it is written as one; "
             "without it null, in CSV nothing",
     .example = "\"0\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct unsparsify *unsparsify = memory;
    const struct cosend_string *value = &unsparsify->value;
    const struct cosend_strings *fields = &unsparsify->fields;

    if (!fields->count && !unsparsify->records)
        cosend_check_endless(check, COSEND_GROWS,
                             "name the fields, or look at the first so many "
                             "records, by records=1000");
    if (fields->count && unsparsify->records)
        cosend_check_error(check, "records",
                           "with `fields` no record is looked at for more");
    for (size_t i = 0; i < fields->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(fields->items[i].data, fields->items[j].data) == 0)
                cosend_check_error(check, "fields", "\"%.100s\" is there twice",
                                   fields->items[i].data);
    unsparsify->cell = (struct cosend_cell){.kind = COSEND_NULL};
    if (!cosend_check_given(check, "value"))
        return;
    unsparsify->cell = cosend_text(value->data, value->length);
    if (cosend_is_json_number(value->data, value->length))
        unsparsify->cell.kind = COSEND_NUMBER;
}

struct work {
    struct cosend_table *names; /* uint64_t, the place of each */
    struct cosend_store *store; /* records that wait for all names */
    struct cosend_item *items;  /* of one record, by place */
    size_t capacity;
};

static int no_memory(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

/* Returns 0, or an error. */
static int add_name(struct cosend_stage *self, struct work *work,
                    const char *name, size_t length)
{
    bool fresh;
    uint64_t *place = cosend_table_get(work->names, name, length, &fresh);

    if (!place)
        return no_memory(self);
    if (fresh)
        *place = cosend_table_count(work->names) - 1;
    return 0;
}

static int add_names(struct cosend_stage *self, struct work *work,
                     const struct cosend_record *record)
{
    struct cosend_item item = {0};
    int status = 0;

    while (status == 0 && cosend_walk(self, record, &item))
        status = add_name(self, work, item.name, item.name_length);
    return status;
}

/* All names are known: room for a record's items by place. */
static int make_room(struct cosend_stage *self, struct work *work)
{
    work->capacity = cosend_table_count(work->names);
    work->items =
        cosend_stage_memory(self, (work->capacity + 1) * sizeof(*work->items));
    return work->items ? 0 : COSEND_E_MEMORY;
}

/* Emit a record with a field for each name, in the names' order. */
static void emit(struct cosend_stage *self, const struct unsparsify *unsparsify,
                 struct work *work, struct cosend_record *record)
{
    struct cosend_item item = {0};
    const void *name;
    size_t length;

    for (size_t i = 0; i < work->capacity; i++)
        work->items[i].cell.kind = COSEND_ABSENT;
    while (cosend_walk(self, record, &item)) {
        const uint64_t *place =
            cosend_table_find(work->names, item.name, item.name_length);

        if (!place) {
            cosend_bad(self, record, "unknown_field",
                       "field \"%.*s\" is none of the first %lld records', "
                       "which are those of all; records=N looks at more, and "
                       "without it at all",
                       cosend_shown(item.name, item.name_length, 100),
                       item.name, (long long)unsparsify->records);
            return;
        }
        work->items[*place] = item;
    }
    for (size_t i = 0; i < work->capacity; i++) {
        cosend_table_at(work->names, i, &name, &length);
        if (work->items[i].cell.kind != COSEND_ABSENT)
            cosend_set_item(self, NULL, 0, &work->items[i]);
        else
            cosend_set_field(self, name, length, unsparsify->cell);
    }
    cosend_emit(self, record);
}

/* What waits goes out. */
static int emit_stored(struct cosend_stage *self,
                       const struct unsparsify *unsparsify, struct work *work)
{
    struct cosend_record record;

    if (make_room(self, work) < 0)
        return COSEND_E_MEMORY;
    while (cosend_store_next(work->store, &record))
        emit(self, unsparsify, work, &record);
    return 0;
}

static int unsparsify_all(struct cosend_stage *self,
                          const struct unsparsify *unsparsify)
{
    static const struct cosend_store_options all = {.memory = 0};
    struct work work = {cosend_stage_table(self, sizeof(uint64_t)),
                        cosend_store_new(self, &all), NULL, 0};
    struct cosend_record record;
    int64_t count = 0;

    if (!work.names || !work.store)
        return COSEND_E_MEMORY;
    cosend_open_columns(self);
    cosend_drop_columns(self);
    while (cosend_receive(self, &record)) {
        if (unsparsify->records && count == unsparsify->records) {
            emit(self, unsparsify, &work, &record);
            continue;
        }
        if (add_names(self, &work, &record) < 0 ||
            cosend_store_put(work.store, &record) < 0)
            return COSEND_E_MEMORY;
        if (++count == unsparsify->records &&
            emit_stored(self, unsparsify, &work) < 0)
            return COSEND_E_MEMORY;
    }
    return work.items ? 0 : emit_stored(self, unsparsify, &work);
}

/* ---- Those that are given ------------------------------------------------ */

static struct cosend_cell find_cell(struct cosend_stage *self,
                                    const struct cosend_record *record,
                                    const struct cosend_string *name)
{
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item))
        if (item.name_length == name->length &&
            memcmp(item.name, name->data, name->length) == 0)
            return item.cell;
    return (struct cosend_cell){.kind = COSEND_ABSENT};
}

static void set_given(struct cosend_stage *self,
                      const struct unsparsify *unsparsify,
                      const struct cosend_column *columns,
                      const struct cosend_record *record)
{
    bool open = cosend_schema_open(cosend_input_schema(self));
    struct cosend_item item = {0};

    while (open && cosend_walk(self, record, &item))
        cosend_set_item(self, NULL, 0, &item);
    for (size_t i = 0; i < unsparsify->fields.count; i++) {
        const struct cosend_string *name = &unsparsify->fields.items[i];
        struct cosend_cell cell = find_cell(self, record, name);
        bool lacks = cell.kind == COSEND_ABSENT;

        if (!open)
            cosend_set(self, columns[i], lacks ? unsparsify->cell : cell);
        else if (lacks)
            cosend_set_field(self, name->data, name->length, unsparsify->cell);
    }
}

static int add_given(struct cosend_stage *self,
                     const struct unsparsify *unsparsify)
{
    size_t count = unsparsify->fields.count;
    struct cosend_column *columns =
        cosend_stage_memory(self, count * sizeof(*columns));
    struct cosend_record record;

    if (!columns)
        return COSEND_E_MEMORY;
    cosend_remake_fields(self);
    for (size_t i = 0; i < count; i++)
        columns[i] = cosend_add_column(self, unsparsify->fields.items[i].data);
    while (cosend_receive(self, &record)) {
        set_given(self, unsparsify, columns, &record);
        cosend_emit(self, &record);
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct unsparsify *unsparsify = memory;

    return unsparsify->fields.count ? add_given(self, unsparsify)
                                    : unsparsify_all(self, unsparsify);
}

const struct cosend_filter csi_filter_unsparsify = {
    .abi = COSEND_ABI,
    .name = "unsparsify",
    .role = COSEND_FILTER,
    .summary = "Give all records the same fields",
    .details =
        "Emits, at the end of the input, every record with all fields that "
        "any of them has, in the order in which they first came; those that "
        "it lacks are null, or `value` (Miller puts an empty text there). With "
        "`records` the first so many say which fields there are, and go out "
        "when they are there, all others as they come: one with another field "
        "is bad (unknown_field). With `fields` each record goes on at once, "
        "with those of these that it lacks behind its own. It is what CSV and "
        "tables want of JSON lines with other fields from record to record; "
        "without `fields` they have no header where no record came. Memory: "
        "all records, or the "
        "first `records`, or with `fields` none. It sees records one after the "
        "other, in one thread. Under --follow it goes on with `records` or "
        "`fields`; without them it would hold more and more, and is refused, "
        "unless a step before it ends its records (head) or prints at the end "
        "(count).",
    .example = "unsparsify value=0",
    .options_size = sizeof(struct unsparsify),
    .options = options,
    .check = check,
    .body = body,
};
