/* SPDX-License-Identifier: MIT */
/*
 * frequency: emits, at the end, the values of each field with how often they
 * came, those that came most often first.
 *
 * Each field has a tally, in a table by the fields' names.
 */
#include "cosend.h"

#include <string.h>

struct frequency {
    struct cosend_fields fields;
    int64_t limit, max_groups, approx;
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
    {.name = "approx",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct frequency, approx),
     .minimum = 1,
     .maximum = INT64_C(1) << 32,
     .help = "hold at most twice so many values of each field, the most "
             "frequent, and say by how much each may be counted too low",
     .example = "10000"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct frequency *frequency = memory;

    if (frequency->approx && frequency->max_groups)
        cosend_check_error(check, "max_groups",
                           "with `approx` there are never too many values");
    if (frequency->approx && frequency->approx < frequency->limit)
        cosend_check_error(check, "approx",
                           "is less than `limit`, which is %lld; it should be "
                           "some times that",
                           (long long)frequency->limit);
    cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
}

struct field {
    struct cosend_appearance place;
    struct cosend_tally tally;
    uint64_t less; /* by how much values may be counted too low */
};

struct work {
    struct cosend_table *fields; /* struct field */
    uint64_t values;             /* of all of them */
};

static struct field *field_at(const struct work *work, size_t i,
                              const char **name, size_t *length)
{
    const void *key;
    struct field *field = cosend_table_at(work->fields, i, &key, length);

    *name = key;
    return field;
}

static void free_tallies(void *memory)
{
    const struct work *work = memory;
    const char *name;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(work->fields); i++)
        cosend_tally_free(&field_at(work, i, &name, &length)->tally);
}

static struct work *start(struct cosend_stage *self)
{
    struct work *work = cosend_stage_memory(self, sizeof(*work));

    if (!work)
        return NULL;
    work->fields = cosend_stage_table(self, sizeof(struct field));
    return work->fields && cosend_stage_defer(self, free_tallies, work) ? work
                                                                        : NULL;
}

/* The field of that name, which came first with a record of this ordinal; NULL
   without memory. */
static struct field *find_field(struct work *work, const char *name,
                                size_t length, uint64_t ordinal)
{
    bool fresh;
    struct field *field = cosend_table_get(work->fields, name, length, &fresh);

    if (field && fresh)
        field->place = (struct cosend_appearance){
            ordinal, cosend_table_count(work->fields)};
    return field;
}

/* ---- Adding -------------------------------------------------------------- */

/* The fields that are known before any record. False without memory. */
static bool add_fields(struct cosend_stage *self,
                       const struct frequency *frequency, struct work *work)
{
    const struct cosend_schema *schema = cosend_input_schema(self);
    uint32_t chosen = frequency->fields.count;
    size_t count = chosen ? chosen
                   : schema && !cosend_schema_open(schema)
                       ? cosend_schema_count(schema)
                       : 0;
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        const char *name =
            chosen ? cosend_field_name(
                         self, cosend_nth(frequency->fields, (uint32_t)i))
                   : cosend_schema_name(schema, i);

        ok = find_field(work, name, strlen(name), 0);
    }
    return ok;
}

/* Where there are too many values, forget the rare ones. */
static int thin(const struct frequency *frequency, struct field *field)
{
    uint64_t most = (uint64_t)frequency->approx, less;
    int status;

    if (!most || cosend_tally_count(&field->tally) < 2 * most)
        return COSEND_OK;
    status = cosend_tally_thin(&field->tally, (size_t)most, &less);
    field->less += less;
    return status;
}

/* Returns 0, or an error, with the step failed. */
static int add(struct cosend_stage *self, const struct frequency *frequency,
               struct work *work, struct field *field, struct cosend_cell cell,
               uint64_t ordinal)
{
    uint64_t most = (uint64_t)frequency->max_groups;
    size_t before;

    if (!field)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    if (cell.kind == COSEND_ABSENT)
        return 0;
    before = cosend_tally_count(&field->tally);
    if (cosend_tally_add(&field->tally, cell, ordinal) < 0 ||
        thin(frequency, field) < 0)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    work->values += cosend_tally_count(&field->tally) - before;
    return cosend_groups_limit(self, work->values, most) ? 0 : COSEND_E_LIMIT;
}

static int add_record(struct cosend_stage *self,
                      const struct frequency *frequency, struct work *work,
                      const struct cosend_record *record)
{
    uint64_t ordinal = cosend_record_ordinal(record);
    uint32_t chosen = frequency->fields.count;
    struct cosend_item item = {0};
    const char *name;
    size_t length;
    int status = 0;

    for (uint32_t i = 0; status == 0 && i < chosen; i++)
        status = add(self, frequency, work, field_at(work, i, &name, &length),
                     cosend_field(record, cosend_nth(frequency->fields, i)),
                     ordinal);
    while (!chosen && status == 0 && cosend_walk(self, record, &item))
        status = add(self, frequency, work,
                     find_field(work, item.name, item.name_length, ordinal),
                     item.cell, ordinal);
    return status;
}

/* ---- As bytes ------------------------------------------------------------ */

static int save(const void *state, struct cosend_bytes *to)
{
    const struct work *work = state;
    size_t count = cosend_table_count(work->fields), length;
    const char *name;

    cosend_put_varint(to, count);
    for (size_t i = 0; i < count; i++) {
        const struct field *field = field_at(work, i, &name, &length);

        cosend_put_bytes(to, name, length);
        cosend_appearance_save(&field->place, to);
        cosend_tally_save(&field->tally, to);
    }
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    struct work *work = state;
    int status = COSEND_OK;

    for (uint64_t count = cosend_get_varint(from);
         status == COSEND_OK && count && !from->failed; count--) {
        size_t length;
        const char *name = cosend_get_bytes(from, &length);
        struct field *field =
            from->failed ? NULL : find_field(work, name, length, UINT64_MAX);

        if (!field)
            return from->failed ? COSEND_E_TYPE : COSEND_E_MEMORY;
        cosend_appearance_merge(&field->place, from);
        status = cosend_tally_merge(&field->tally, from);
    }
    return from->failed ? COSEND_E_TYPE : status;
}

/* ---- What comes of it ---------------------------------------------------- */

struct columns {
    struct cosend_column field, value, count, less;
};

static int emit_field(struct cosend_stage *self,
                      const struct frequency *frequency,
                      const struct columns *columns, const struct work *work,
                      size_t i)
{
    const char *name;
    size_t length;
    const struct field *field = field_at(work, i, &name, &length);
    size_t most = cosend_tally_count(&field->tally);
    struct cosend_tallied *values;

    if (frequency->limit && (uint64_t)frequency->limit < most)
        most = (size_t)frequency->limit;
    values = cosend_stage_memory(self, most * sizeof(*values) + 1);
    if (!values)
        return COSEND_E_MEMORY;
    if (cosend_tally_top(&field->tally, most, values) == SIZE_MAX)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    for (size_t j = 0; j < most; j++) {
        cosend_set(self, columns->field, cosend_text(name, length));
        cosend_set(self, columns->value, values[j].cell);
        cosend_set_integer(self, columns->count, (int64_t)values[j].count);
        if (frequency->approx)
            cosend_set_integer(self, columns->less, (int64_t)field->less);
        cosend_emit_new(self);
    }
    return 0;
}

static int emit_all(struct cosend_stage *self,
                    const struct frequency *frequency,
                    const struct columns *columns, const struct work *work)
{
    size_t *order = cosend_stage_in_order(self, work->fields);
    int status = order ? 0 : COSEND_E_MEMORY;

    for (size_t i = 0; status == 0 && i < cosend_table_count(work->fields); i++)
        status = emit_field(self, frequency, columns, work, order[i]);
    return status;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct frequency *frequency = memory;
    struct work *work = start(self);
    struct columns columns;
    struct cosend_record record;
    bool begun = false;
    int status = 0;

    if (!work)
        return COSEND_E_MEMORY;
    cosend_drop_columns(self);
    columns.field = cosend_add_column(self, "field");
    columns.value = cosend_add_column(self, "value");
    columns.count = cosend_add_column(self, "count");
    if (frequency->approx)
        columns.less = cosend_add_column(self, "too_low");
    if (frequency->fields.count)
        cosend_only_fields(self);
    if (!frequency->max_groups && !frequency->approx)
        cosend_publish(self, work);
    while (status == 0 && cosend_receive(self, &record)) {
        if (!begun && !add_fields(self, frequency, work))
            status = cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        begun = true;
        if (status == 0)
            status = add_record(self, frequency, work, &record);
    }
    return status < 0 ? status : emit_all(self, frequency, &columns, work);
}

const struct cosend_filter csi_filter_frequency = {
    .abi = COSEND_ABI,
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
        "and some bytes, of all fields together; `max_groups` bounds it, and "
        "so does `approx`, with which a column `too_low` says by how much at "
        "most a count is too low, 0 where it is exact: no more than the "
        "records divided by `approx`, so that what is there more often is "
        "never missing. "
        "Threads share the work, unless one of these is given. Under --follow "
        "it "
        "prints when the run is ended, and what there is on SIGUSR1.",
    .example = "parse combined | frequency status,method 5",
    .options_size = sizeof(struct frequency),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
