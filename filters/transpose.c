/* SPDX-License-Identifier: MIT */
/*
 * transpose: emits, at the end, a record for each field, with a column for each
 * record: rows become columns. All of the table is held, so it is to be small.
 */
#include "cosend.h"

#include <string.h>

struct transpose {
    struct cosend_field field;
    struct cosend_string as;
    int64_t max_records;
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct transpose, field),
     .flags = COSEND_MAIN,
     .help = "the field whose values name the columns; without it the first",
     .example = "\"month\""},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct transpose, as),
     .maximum = 1 << 16,
     .help = "the name of the column with the fields' names; without it that "
             "of the field",
     .example = "\"field\""},
    {.name = "max_records",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct transpose, max_records),
     .fallback = "1000",
     .minimum = 1,
     .maximum = 10000,
     .help = "how many records there may be; more end the run",
     .example = "5000"},
    {.name = NULL},
};

struct work {
    struct cosend_bytes *field;  /* the name of that which names columns */
    bool begun;                  /* it is known */
    struct cosend_table *names;  /* of columns: `as`, then of each record */
    struct cosend_table *fields; /* struct cosend_bytes, the cells of each:
                                    their record's number, kind and text */
};

static void free_fields(void *memory)
{
    const struct cosend_table *fields = memory;
    const void *key;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(fields); i++)
        cosend_bytes_free(cosend_table_at(fields, i, &key, &length));
}

static bool start(struct cosend_stage *self, struct work *work)
{
    work->field = cosend_stage_text(self);
    work->names = cosend_stage_table(self, 0);
    work->fields = cosend_stage_table(self, sizeof(struct cosend_bytes));
    return work->field && work->names && work->fields &&
           cosend_stage_defer(self, free_fields, work->fields);
}

static int no_memory(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

static bool is_key(const struct work *work, const char *name, size_t length)
{
    return work->field->length == length &&
           (!length || memcmp(work->field->data, name, length) == 0);
}

/* Which field names the columns, and where there are columns what they are:
   these are known even if no record comes. Returns 0, or an error. */
static int begin(struct cosend_stage *self, const struct transpose *transpose,
                 struct work *work, const struct cosend_record *record)
{
    const struct cosend_schema *schema = cosend_input_schema(self);
    bool open = !schema || cosend_schema_open(schema);
    const char *name = cosend_field_name(self, transpose->field);
    size_t count = open ? 0 : cosend_schema_count(schema);
    const struct cosend_string *as = &transpose->as;
    struct cosend_item item = {0};

    work->begun = true;
    if (!name && count)
        name = cosend_schema_name(schema, 0);
    if (name)
        cosend_put_raw(work->field, name, strlen(name));
    else if (record && cosend_walk(self, record, &item))
        cosend_put_raw(work->field, item.name, item.name_length);
    if (work->field->failed ||
        !cosend_table_get(work->names,
                          as->length ? as->data : (char *)work->field->data,
                          as->length ? as->length : work->field->length, NULL))
        return no_memory(self);
    for (size_t i = 0; i < count; i++) {
        name = cosend_schema_name(schema, i);
        if (!is_key(work, name, strlen(name)) &&
            !cosend_table_get(work->fields, name, strlen(name), NULL))
            return no_memory(self);
    }
    return 0;
}

/* Name a record's column. Returns whether it is not bad; or an error. */
static int add_column(struct cosend_stage *self, struct cosend_field field,
                      struct work *work, const struct cosend_record *record)
{
    struct cosend_item item = {0};
    struct cosend_cell cell = {0};
    bool fresh, found = false;

    while (!found && cosend_walk(self, record, &item))
        found = is_key(work, item.name, item.name_length) && item.cell.length;
    if (found)
        cell = item.cell;
    else if (cosend_field_name(self, field)) /* a path into another */
        cell = cosend_field(record, field);
    if (!cell.length) {
        cosend_bad(self, record, "no_name",
                   "field %.*s has no value to call its column by",
                   (int)work->field->length, (char *)work->field->data);
        return 0;
    }
    if (!cosend_table_get(work->names, cell.data, cell.length, &fresh))
        return no_memory(self);
    if (!fresh)
        cosend_bad(self, record, "duplicate",
                   "there is a column \"%.*s\" already; field=NAME calls them "
                   "by another field, as=NAME the first otherwise",
                   cosend_shown(cell.data, cell.length, 60), cell.data);
    return fresh;
}

/* Add a record's cells to its fields. Returns 0, or an error. */
static int add_cells(struct cosend_stage *self, struct work *work,
                     const struct cosend_record *record)
{
    size_t number = cosend_table_count(work->names) - 1;
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item)) {
        struct cosend_bytes *cells;

        if (is_key(work, item.name, item.name_length))
            continue;
        cells =
            cosend_table_get(work->fields, item.name, item.name_length, NULL);
        if (!cells)
            return no_memory(self);
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        cosend_put_varint(cells, number);
        cosend_put_u8(cells, (uint8_t)item.cell.kind);
        cosend_put_bytes(cells, item.cell.data, item.cell.length);
        if (cells->failed)
            return no_memory(self);
    }
    return 0;
}

static int add(struct cosend_stage *self, const struct transpose *transpose,
               struct work *work, const struct cosend_record *record)
{
    int status = work->begun ? 0 : begin(self, transpose, work, record);

    if (status == 0)
        status = add_column(self, transpose->field, work, record);
    if (status <= 0)
        return status;
    if (cosend_table_count(work->names) - 1 > (uint64_t)transpose->max_records)
        return cosend_fail(self, COSEND_E_LIMIT,
                           "there are more than %lld records, and this is for "
                           "small tables; max_records=N takes more",
                           (long long)transpose->max_records);
    return add_cells(self, work, record);
}

/* Emit what a field has: null where a record has none. */
static void emit_field(struct cosend_stage *self, const struct work *work,
                       const char *field, size_t field_length,
                       const struct cosend_bytes *cells)
{
    struct cosend_reader_bytes from =
        cosend_read_bytes(cells->data, cells->length);
    size_t count = cosend_table_count(work->names), length, next = 0;
    const void *name;

    cosend_table_at(work->names, 0, &name, &length);
    cosend_set_field(self, name, length, cosend_text(field, field_length));
    for (size_t i = 1; i < count; i++) {
        struct cosend_cell cell = {.kind = COSEND_NULL};

        if (next < i && from.next < from.end)
            next = cosend_get_varint(&from);
        if (next == i) {
            enum cosend_kind kind = (enum cosend_kind)cosend_get_u8(&from);
            size_t bytes;

            cell.data = cosend_get_bytes(&from, &bytes);
            cell.length = (uint32_t)bytes;
            cell.kind = kind;
        }
        cosend_table_at(work->names, i, &name, &length);
        cosend_set_field(self, name, length, cell);
    }
    cosend_emit_new(self);
}

static int emit_all(struct cosend_stage *self, const struct work *work)
{
    size_t count = cosend_table_count(work->fields), length;
    const void *name;

    for (size_t i = 0; i < count; i++) {
        const struct cosend_bytes *cells =
            cosend_table_at(work->fields, i, &name, &length);

        emit_field(self, work, name, length, cells);
    }
    if (!count && cosend_table_count(work->names) > 1)
        cosend_warn(self,
                    "the records have no other field than %.*s: there is "
                    "nothing to make records of",
                    (int)work->field->length, (char *)work->field->data);
    return 0;
}

static void check(struct cosend_check *check, void *memory)
{
    (void)memory;
    cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct transpose *transpose = memory;
    struct work work = {.begun = false};
    struct cosend_record record;
    int status = 0;

    if (!start(self, &work))
        return COSEND_E_MEMORY;
    cosend_open_columns(self);
    cosend_drop_columns(self);
    while (status == 0 && cosend_receive(self, &record))
        status = add(self, transpose, &work, &record);
    if (status == 0 && !work.begun)
        status = begin(self, transpose, &work, NULL);
    return status < 0 ? status : emit_all(self, &work);
}

const struct cosend_filter csi_filter_transpose = {
    .abi = COSEND_ABI,
    .name = "transpose",
    .role = COSEND_FILTER,
    .summary = "Make rows of columns, for small tables",
    .details =
        "Emits, at the end of the input, a record for each field but the first "
        "one, or `field`, whose values become the names of the columns: one "
        "for each record, behind that with the name of the field. Where a "
        "record lacks a field there is null, in CSV nothing. A record whose "
        "name is blank is bad (no_name), and so is one whose name is a "
        "column's already (duplicate). Memory: all cells; it is for small "
        "tables, and ends the run at more than `max_records`. It sees records "
        "one after the other, in one thread. Under --follow it prints when the "
        "run is ended.",
    .example = "head 5 | transpose",
    .options_size = sizeof(struct transpose),
    .options = options,
    .body = body,
    .check = check,
    .absorbs = true,
};
