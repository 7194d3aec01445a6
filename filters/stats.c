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
    int64_t top;
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
    {.name = "top",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct stats, top),
     .minimum = 0,
     .maximum = 1000,
     .help =
         "a column `top` more, with so many of the most frequent values, and "
         "how often each came; 0: none",
     .example = "3"},
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
    BLOCK = COSEND_ADDED_MOST,
    VALUES_MOST = 65536
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

enum { RESULTS = sizeof(results) / sizeof(results[0]) };

/* Of a column; the states are behind it. */
struct column {
    struct cosend_appearance place;
    struct cosend_profile profile;
    struct cosend_tally top; /* with `top`, ... */
    bool too_many;           /* ... unless more than VALUES_MOST differ */
    uint32_t pending;
    uint64_t ordinals[BLOCK];
    struct cosend_cell cells[BLOCK];
};

struct work {
    const struct cosend_aggregate *rows[STATES];
    size_t offsets[STATES]; /* behind struct column */
    struct cosend_table *columns;
    uint64_t records;
    bool counts; /* values, for `top` */
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
        cosend_tally_free(&column->top);
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

/* ---- Adding -------------------------------------------------------------- */

/* Give up counting values where too many differ. */
static void bound_top(struct column *column)
{
    column->too_many |= cosend_tally_count(&column->top) > VALUES_MOST;
    if (column->too_many)
        cosend_tally_free(&column->top);
}

/* Count the pending cells' values. False without memory. */
static bool count_values(struct column *column)
{
    for (uint32_t i = 0; i < column->pending && !column->too_many; i++) {
        if (cosend_tally_add(&column->top, column->cells[i],
                             column->ordinals[i]) < 0)
            return false;
        bound_top(column);
    }
    return true;
}

/* Add the pending cells of a column to its states. False without memory. */
static bool flush(const struct work *work, struct column *column)
{
    void *states[BLOCK];
    struct cosend_value values[BLOCK];
    struct cosend_added added = {.states = states,
                                 .cells = column->cells,
                                 .values = values,
                                 .ordinals = column->ordinals,
                                 .to = column->pending};

    for (uint32_t i = 0; i < column->pending; i++) {
        states[i] = column + 1;
        values[i] = cosend_value_of(column->cells[i]);
        cosend_profile_add(&column->profile, column->cells[i], &values[i],
                           column->ordinals[i]);
    }
    if (work->counts && !count_values(column))
        return false;
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

/* The column of that name, which came first with a record of this ordinal; NULL
   without memory. */
static struct column *find_column(struct work *work, const char *name,
                                  size_t length, uint64_t ordinal)
{
    bool fresh;
    struct column *column =
        cosend_table_get(work->columns, name, length, &fresh);

    if (column && fresh)
        column->place = (struct cosend_appearance){
            ordinal, cosend_table_count(work->columns)};
    return column;
}

/* Add a cell to its column, of at most BLOCK records before a flush. False
   without memory. */
static bool add_cell(const struct stats *stats, struct work *work,
                     const char *name, size_t length, struct cosend_cell cell,
                     uint64_t ordinal)
{
    struct column *column = find_column(work, name, length, ordinal);

    if (!column || is_null(stats, cell))
        return column != NULL;
    if (column->pending == BLOCK && !flush(work, column))
        return false;
    column->ordinals[column->pending] = ordinal;
    column->cells[column->pending++] = cell;
    return true;
}

static bool add_record(struct cosend_stage *self, const struct stats *stats,
                       struct work *work, const struct cosend_record *record)
{
    uint64_t ordinal = cosend_record_ordinal(record);
    struct cosend_item item = {0};
    uint32_t chosen = stats->fields.count;
    bool ok = true;

    for (uint32_t i = 0; ok && i < chosen; i++) {
        struct cosend_field field = cosend_nth(stats->fields, i);
        const char *name = cosend_field_name(self, field);

        ok = add_cell(stats, work, name, strlen(name),
                      cosend_field(record, field), ordinal);
    }
    while (!chosen && ok && cosend_walk(self, record, &item))
        ok = add_cell(stats, work, item.name, item.name_length, item.cell,
                      ordinal);
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

        ok = find_column(work, name, strlen(name), 0) != NULL;
    }
    return ok;
}

/* ---- As bytes ------------------------------------------------------------ */

static void save_column(const struct work *work, struct column *column,
                        struct cosend_bytes *to)
{
    cosend_appearance_save(&column->place, to);
    cosend_profile_save(&column->profile, to);
    cosend_put_u8(to, column->too_many);
    cosend_tally_save(&column->top, to);
    for (size_t state = 0; state < STATES; state++)
        work->rows[state]->save(state_at(work, column, state), to);
}

static int save(const void *state, struct cosend_bytes *to)
{
    const struct work *work = state;
    size_t count = cosend_table_count(work->columns), length;
    const char *name;

    cosend_put_varint(to, work->records);
    cosend_put_varint(to, count);
    for (size_t i = 0; i < count; i++) {
        struct column *column = column_at(work, i, &name, &length);

        cosend_put_bytes(to, name, length);
        save_column(work, column, to);
    }
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

static int merge_column(const struct work *work, struct column *column,
                        struct cosend_reader_bytes *from)
{
    int status;

    cosend_appearance_merge(&column->place, from);
    cosend_profile_merge(&column->profile, from);
    column->too_many |= cosend_get_u8(from) != 0;
    status = cosend_tally_merge(&column->top, from);
    bound_top(column);
    for (size_t state = 0; state < STATES && status == COSEND_OK; state++)
        status = work->rows[state]->merge(state_at(work, column, state), from);
    return status;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    struct work *work = state;
    int status = COSEND_OK;
    uint64_t count;

    work->records += cosend_get_varint(from);
    for (count = cosend_get_varint(from);
         status == COSEND_OK && count && !from->failed; count--) {
        size_t length;
        const char *name = cosend_get_bytes(from, &length);
        struct column *column =
            from->failed ? NULL : find_column(work, name, length, UINT64_MAX);

        if (!column)
            return from->failed ? COSEND_E_TYPE : COSEND_E_MEMORY;
        status = merge_column(work, column, from);
    }
    return from->failed ? COSEND_E_TYPE : status;
}

/* ---- What comes of it ---------------------------------------------------- */

struct output {
    struct cosend_column field, type, count, null, least, greatest, top;
    struct cosend_column results[RESULTS];
};

static void add_output(struct cosend_stage *self, const struct stats *stats,
                       struct output *output)
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
    if (stats->top)
        output->top = cosend_add_column(self, "top");
}

/* "GET (5), POST (2)"; null where it is not known. False without memory. */
static bool set_top(struct cosend_stage *self, const struct stats *stats,
                    const struct output *output, const struct column *column,
                    struct cosend_bytes *text)
{
    size_t most = (size_t)stats->top;
    struct cosend_tallied *values =
        cosend_stage_memory(self, most * sizeof(*values));
    char digits[COSEND_NUMBER_MAX];

    cosend_bytes_clear(text);
    most = values ? cosend_tally_top(&column->top, most, values) : SIZE_MAX;
    for (size_t i = 0; i < most && most != SIZE_MAX; i++) {
        if (i)
            cosend_put_raw(text, ", ", 2);
        cosend_put_raw(text, values[i].cell.data, values[i].cell.length);
        cosend_put_raw(text, " (", 2);
        cosend_put_raw(text, digits,
                       cosend_format_unsigned(values[i].count, digits));
        cosend_put_raw(text, ")", 1);
    }
    cosend_set(self, output->top,
               most ? cosend_text((const char *)text->data, text->length)
                    : (struct cosend_cell){.kind = COSEND_NULL});
    return most != SIZE_MAX && !text->failed;
}

static void set_results(struct cosend_stage *self, const struct output *output,
                        const struct work *work, struct column *column,
                        struct cosend_cell name)
{
    const struct cosend_profile *profile = &column->profile;
    char types[COSEND_PROFILE_MAX];

    cosend_set(self, output->field, name);
    cosend_set(self, output->type,
               cosend_text(types, cosend_profile_print(profile, types)));
    cosend_set_integer(self, output->count, (int64_t)profile->count);
    cosend_set_integer(self, output->null,
                       (int64_t)(work->records - profile->count));
    for (size_t j = 0; j < RESULTS; j++) {
        int state = results[j].state;

        work->rows[state]->set(state_at(work, column, (size_t)state), self,
                               output->results[j], results[j].part);
    }
    if (profile->count) {
        cosend_set_integer(self, output->least, (int64_t)profile->least);
        cosend_set_integer(self, output->greatest, (int64_t)profile->greatest);
    } else {
        cosend_set(self, output->least,
                   (struct cosend_cell){.kind = COSEND_NULL});
        cosend_set(self, output->greatest,
                   (struct cosend_cell){.kind = COSEND_NULL});
    }
}

/* Returns 0, or an error. */
static int emit_columns(struct cosend_stage *self, const struct stats *stats,
                        const struct output *output, const struct work *work)
{
    struct cosend_bytes *text = cosend_stage_text(self);
    size_t *order = cosend_stage_in_order(self, work->columns), length;
    const char *name;
    bool ok = text && order;

    for (size_t i = 0; ok && i < cosend_table_count(work->columns); i++) {
        struct column *column = column_at(work, order[i], &name, &length);

        set_results(self, output, work, column, cosend_text(name, length));
        ok = !stats->top || set_top(self, stats, output, column, text);
        if (ok)
            cosend_emit_new(self);
    }
    return ok ? 0 : cosend_fail(self, COSEND_E_MEMORY, "out of memory");
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
    for (size_t i = 0; i < count; i++)
        if (column_at(work, i, &name, &length)->too_many)
            cosend_warn(self,
                        "top: more than %d values differ in %.*s: which came "
                        "most often is not known; `frequency` counts them all",
                        VALUES_MOST, (int)length, name);
}

static void check(struct cosend_check *check, void *memory)
{
    (void)memory;
    cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
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
    work->counts = stats->top > 0;
    cosend_publish(self, work);
    add_output(self, stats, &output);
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
    tell_doubts(self, work);
    return emit_columns(self, stats, &output, work);
}

const struct cosend_filter csi_filter_stats = {
    .abi = COSEND_ABI,
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
        "either is told. With `top` the commonest values are there too, "
        "null where more than 65536 differ; `frequency` counts all. Memory: at "
        "most some 3 MiB for each column, and with `top` 65536 values. Threads "
        "share the work; the last digit of sd may differ with -j where numbers "
        "have more than 9 decimals or 18 digits. Under --follow it prints when "
        "the run is ended, and what there is on SIGUSR1.",
    .example = "parse combined | stats status,size",
    .options_size = sizeof(struct stats),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
