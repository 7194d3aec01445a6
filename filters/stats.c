/* SPDX-License-Identifier: MIT */
/*
 * stats: emits, at the end, one record for each column, or field: of what type
 * its values are, how many there are and differ, the least and the greatest,
 * means and quartiles of numbers.
 *
 * All but types and lengths are rows of aggregates (cosend/aggregate.h), whose
 * states lie behind one another in a table by the columns' names. Cells are
 * added some records at a time, a column at a time.
 */
#include "cosend.h"

#include <string.h>

struct stats {
    struct cosend_fields fields;
    struct cosend_strings null;
};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct stats, fields),
     .flags = COSEND_MAIN,
     .help = "of these fields; without it of all",
     .example = "[\"ms\", \"status\"]"},
    {.name = "null",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct stats, null),
     .help = "texts that stand for no value",
     .example = "[\"NA\", \"-\"]"},
    {.name = NULL},
};

/* ---- What is worked out -------------------------------------------------- */

enum {
    DISTINCT,
    LEAST,
    GREATEST,
    FIRST_OF_NUMBERS,
    MEAN = FIRST_OF_NUMBERS,
    DEVIATION,
    QUARTILES,
    STATES,
    BLOCK = COSEND_ADDED_MOST
};

static const char *const rows[STATES] = {"distinct", "min",    "max",
                                         "mean",     "stddev", "percentile"};

/* The columns that come of states, and the quartiles' parts. */
static const uint32_t parts[] = {25000, 50000, 75000};

static const struct {
    const char *name;
    int state;
    const uint32_t *part;
} results[] = {{"distinct", DISTINCT, NULL},  {"min", LEAST, NULL},
               {"max", GREATEST, NULL},       {"mean", MEAN, NULL},
               {"sd", DEVIATION, NULL},       {"p25", QUARTILES, &parts[0]},
               {"p50", QUARTILES, &parts[1]}, {"p75", QUARTILES, &parts[2]}};

enum { RESULTS = sizeof(results) / sizeof(results[0]), TYPES = 5 };

static const char *const types[TYPES] = {"int", "float", "text", "bool",
                                         "json"};

/* Of a column; the states are behind it. */
struct column {
    uint64_t count;             /* of values */
    unsigned char order[TYPES]; /* the types that came, by number, from 1 */
    unsigned char type_count;
    uint64_t least, greatest; /* lengths, in characters */
    uint32_t pending;
    struct cosend_cell cells[BLOCK];
};

struct work {
    const struct cosend_aggregate *rows[STATES];
    size_t offsets[STATES]; /* behind struct column */
    struct cosend_table *columns;
    uint64_t records;
    uint64_t ordinals[BLOCK];
};

static void *state_at(const struct work *work, struct column *column,
                      size_t state)
{
    return (char *)(column + 1) + work->offsets[state];
}

static struct column *column_at(const struct work *work, size_t i,
                                const char **name, size_t *length)
{
    const void *key;
    struct column *column = cosend_table_at(work->columns, i, &key, length);

    *name = key;
    return column;
}

static void free_columns(void *memory)
{
    const struct work *work = memory;
    const char *name;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(work->columns); i++) {
        struct column *column = column_at(work, i, &name, &length);

        for (size_t state = 0; state < STATES; state++)
            if (work->rows[state]->release)
                work->rows[state]->release(state_at(work, column, state));
    }
}

static struct work *start(struct cosend_stage *self)
{
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    size_t size = 0;

    if (!work)
        return NULL;
    for (size_t i = 0; i < STATES; i++) {
        work->rows[i] = cosend_find_aggregate(rows[i]);
        work->offsets[i] = size;
        size += (work->rows[i]->size + 7) / 8 * 8;
    }
    work->columns = cosend_stage_table(self, sizeof(struct column) + size);
    return work->columns && cosend_stage_defer(self, free_columns, work) ? work
                                                                         : NULL;
}

/* ---- Types and lengths --------------------------------------------------- */

/* By number, as in `types`; a number is a float that is written as one. */
static size_t type_of(struct cosend_cell cell, const struct cosend_value *value)
{
    if (value->type == COSEND_TYPE_BOOL)
        return 3;
    if (value->type == COSEND_TYPE_NESTED)
        return 4;
    if (!cosend_is_number(value))
        return 2;
    for (uint32_t i = 0; i < cell.length; i++)
        if (memchr(".eE", cell.data[i], 3))
            return 1;
    return 0;
}

static uint64_t length_of(struct cosend_cell cell)
{
    uint64_t length = 0;

    for (uint32_t i = 0; i < cell.length; i++)
        length += ((unsigned char)cell.data[i] & 0xC0) != 0x80;
    return length;
}

static void note(struct column *column, struct cosend_cell cell,
                 const struct cosend_value *value)
{
    unsigned char type = (unsigned char)(type_of(cell, value) + 1);
    uint64_t length = length_of(cell);

    if (!memchr(column->order, type, column->type_count))
        column->order[column->type_count++] = type;
    if (!column->count || length < column->least)
        column->least = length;
    if (length > column->greatest)
        column->greatest = length;
    column->count++;
}

/* ---- Adding -------------------------------------------------------------- */

/* Add the pending cells of a column to its states. False without memory. */
static bool flush(const struct work *work, struct column *column)
{
    void *states[BLOCK];
    struct cosend_value values[BLOCK];
    struct cosend_added added = {.states = states,
                                 .cells = column->cells,
                                 .values = values,
                                 .ordinals = work->ordinals,
                                 .to = column->pending};

    for (uint32_t i = 0; i < column->pending; i++) {
        states[i] = column + 1;
        values[i] = cosend_value_of(column->cells[i]);
        note(column, column->cells[i], &values[i]);
    }
    for (size_t state = 0; state < STATES; state++) {
        if (state == FIRST_OF_NUMBERS)
            for (uint32_t i = 0; i < column->pending; i++)
                if (!cosend_is_number(&values[i]))
                    column->cells[i].length = 0;
        added.offset = work->offsets[state];
        if (work->rows[state]->add(&added, NULL) == COSEND_ADD_FAILED)
            return false;
    }
    column->pending = 0;
    return true;
}

static bool is_null(const struct stats *stats, struct cosend_cell cell)
{
    if (cosend_is_blank(cell))
        return true;
    for (size_t i = 0; i < stats->null.count; i++)
        if (stats->null.items[i].length == cell.length &&
            memcmp(stats->null.items[i].data, cell.data, cell.length) == 0)
            return true;
    return false;
}

/* Add a cell to its column, of at most BLOCK records before a flush. False
   without memory. */
static bool add_cell(const struct stats *stats, struct work *work,
                     const char *name, size_t length, struct cosend_cell cell)
{
    struct column *column = cosend_table_get(work->columns, name, length, NULL);

    if (!column || is_null(stats, cell))
        return column != NULL;
    if (column->pending == BLOCK && !flush(work, column))
        return false;
    column->cells[column->pending++] = cell;
    return true;
}

static bool add_record(struct cosend_stage *self, const struct stats *stats,
                       struct work *work, const struct cosend_record *record)
{
    struct cosend_item item = {0};
    uint32_t chosen = stats->fields.count;
    bool ok = true;

    for (uint32_t i = 0; ok && i < chosen; i++) {
        struct cosend_field field = cosend_nth(stats->fields, i);
        const char *name = cosend_field_name(self, field);

        ok = add_cell(stats, work, name, strlen(name),
                      cosend_field(record, field));
    }
    while (!chosen && ok && cosend_next_item(record, &item, NULL))
        ok = add_cell(stats, work, item.name, item.name_length, item.cell);
    return ok;
}

static bool flush_all(const struct work *work)
{
    size_t count = cosend_table_count(work->columns), length;
    const char *name;
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = flush(work, column_at(work, i, &name, &length));
    return ok;
}

static bool add_batch(struct cosend_stage *self, const struct stats *stats,
                      struct work *work, const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);
    bool ok = true;

    for (uint32_t i = 0; ok && i < count; i++) {
        struct cosend_record record = cosend_record_at(self, i);

        ok = add_record(self, stats, work, &record);
        if (ok && ((i + 1) % BLOCK == 0 || i + 1 == count))
            ok = flush_all(work);
    }
    work->records += count;
    return ok;
}

/* Columns that are there even if no record comes. False without memory. */
static bool add_columns(struct cosend_stage *self, const struct stats *stats,
                        struct work *work)
{
    const struct cosend_schema *schema = cosend_input_schema(self);
    uint32_t chosen = stats->fields.count;
    size_t count = chosen ? chosen : 0;
    bool ok = true;

    if (!chosen && schema && !cosend_schema_open(schema))
        count = cosend_schema_count(schema);
    for (size_t i = 0; ok && i < count; i++) {
        const char *name =
            chosen ? cosend_field_name(self,
                                       cosend_nth(stats->fields, (uint32_t)i))
                   : cosend_schema_name(schema, i);

        ok = cosend_table_get(work->columns, name, strlen(name), NULL) != NULL;
    }
    return ok;
}

/* ---- What comes of it ---------------------------------------------------- */

struct output {
    struct cosend_column field, type, count, null, least, greatest;
    struct cosend_column results[RESULTS];
};

static void add_output(struct cosend_stage *self, struct output *output)
{
    cosend_drop_columns(self);
    output->field = cosend_add_column(self, "field");
    output->type = cosend_add_column(self, "type");
    output->count = cosend_add_column(self, "count");
    output->null = cosend_add_column(self, "null");
    for (size_t i = 0; i < RESULTS; i++)
        output->results[i] = cosend_add_column(self, results[i].name);
    output->least = cosend_add_column(self, "min_length");
    output->greatest = cosend_add_column(self, "max_length");
}

/* The types that came, in their order: "int-text". */
static void set_type(struct cosend_stage *self, const struct output *output,
                     const struct column *column)
{
    char text[8 * TYPES] = "";

    for (size_t i = 0; i < column->type_count; i++) {
        strcat(text, i ? "-" : "");
        strcat(text, types[column->order[i] - 1]);
    }
    cosend_set(self, output->type,
               cosend_text(column->type_count ? text : "empty",
                           column->type_count ? strlen(text) : 5));
}

static void emit_column(struct cosend_stage *self, const struct output *output,
                        const struct work *work, size_t i)
{
    const char *name;
    size_t length;
    struct column *column = column_at(work, i, &name, &length);

    cosend_set(self, output->field, cosend_text(name, length));
    set_type(self, output, column);
    cosend_set_integer(self, output->count, (int64_t)column->count);
    cosend_set_integer(self, output->null,
                       (int64_t)(work->records - column->count));
    for (size_t j = 0; j < RESULTS; j++) {
        int state = results[j].state;

        work->rows[state]->set(state_at(work, column, (size_t)state), self,
                               output->results[j], results[j].part);
    }
    if (column->count) {
        cosend_set_integer(self, output->least, (int64_t)column->least);
        cosend_set_integer(self, output->greatest, (int64_t)column->greatest);
    } else {
        cosend_set(self, output->least,
                   (struct cosend_cell){.kind = COSEND_NULL});
        cosend_set(self, output->greatest,
                   (struct cosend_cell){.kind = COSEND_NULL});
    }
    cosend_emit_new(self);
}

/* What is not exact is told, once for all columns of which it is so. */
static void tell_doubts(struct cosend_stage *self, const struct work *work)
{
    size_t count = cosend_table_count(work->columns), length;
    const char *name, *doubt;

    for (size_t state = 0; state < STATES; state++) {
        const char *first = NULL;
        size_t columns = 0;

        for (size_t i = 0; work->rows[state]->doubt && i < count; i++) {
            struct column *column = column_at(work, i, &name, &length);

            doubt = work->rows[state]->doubt(state_at(work, column, state));
            columns += doubt != NULL;
            first = first ? first : doubt;
        }
        if (columns)
            cosend_warn(self, "%s of %zu %s: %s",
                        state == QUARTILES ? "quartiles" : rows[state], columns,
                        columns == 1 ? "column" : "columns", first);
    }
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct stats *stats = memory;
    struct work *work = start(self);
    const struct cosend_batch *batch;
    struct output output;
    bool ok = true;

    if (!work)
        return COSEND_E_MEMORY;
    add_output(self, &output);
    if (stats->fields.count)
        cosend_only_fields(self);
    for (bool begun = false; ok && (batch = cosend_receive_batch(self));
         begun = true) {
        if (!begun)
            ok = add_columns(self, stats, work);
        ok = ok && add_batch(self, stats, work, batch);
    }
    if (ok && !work->records)
        ok = add_columns(self, stats, work);
    if (!ok)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    for (size_t i = 0; i < cosend_table_count(work->columns); i++)
        emit_column(self, &output, work, i);
    tell_doubts(self, work);
    return 0;
}

const struct cosend_filter csi_filter_stats = {
    .name = "stats",
    .aliases = "summary describe",
    .role = COSEND_FILTER,
    .summary = "One row for each column: types, counts, extremes, quartiles",
    .details =
        "Emits, at the end of the input, a record for each column, or each "
        "field that any record of JSON lines has, in the order in which they "
        "came: `field`, `type`, `count` and `null`, how many records have a "
        "value there and how many have none (absent, null, empty, or a text of "
        "the option `null`), `distinct`, `min` and `max`, `mean`, `sd` (of a "
        "sample), `p25`, `p50` and `p75`, `min_length` and `max_length` (in "
        "characters). The type is int, float, text, bool or json, several "
        "joined by - in the order in which they came, or empty; what is "
        "written with a point or an exponent is a float. Numbers are "
        "less than texts; mean, sd and quartiles (the least number that so "
        "much of all is not above) are those of the numbers alone. distinct is "
        "exact up to 65536 values and then estimated, and marked by ~; "
        "quartiles are exact up to 65536 numbers, and then within 0.5 %; "
        "either is told. `frequency` shows the commonest values. Memory: at "
        "most some 3 MiB for each column. It sees records one after the other, "
        "in one thread. Under --follow it prints when the run is ended.",
    .example = "parse combined | stats status,size",
    .options_size = sizeof(struct stats),
    .options = options,
    .body = body,
    .absorbs = true,
};
