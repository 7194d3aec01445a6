/* SPDX-License-Identifier: MIT */
/*
 * pivot: emits, at the end, one record for each group of records, with a column
 * for each name in one of their fields, and the value from another: long to
 * wide.
 *
 * The first record of each group is stored, for the fields that stay. A place,
 * that of a group and a column, is a group of a table, whose value is the state
 * of an aggregate (cosend/aggregate.h).
 */
#include "cosend.h"

#include <string.h>

enum { FUNCTION_ONE };

struct pivot {
    struct cosend_field name, value;
    struct cosend_fields by;
    int function;
    int64_t max_columns, max_groups;
    struct cosend_fields gone; /* made by check: name and value */
};

static const char *const functions[] = {
    "one", "first", "last",   "count",    "sum",  "mean", "min",
    "max", "range", "median", "distinct", "list", NULL};

static const struct cosend_option options[] = {
    {.name = "name",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct pivot, name),
     .fallback = "\"name\"",
     .flags = COSEND_MAIN,
     .help = "the field whose values are the columns' names",
     .example = "\"month\""},
    {.name = "value",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct pivot, value),
     .fallback = "\"value\"",
     .flags = COSEND_SECOND,
     .help = "the field with what stands in them",
     .example = "\"sales\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct pivot, by),
     .help = "one record for each group of records that are the same in these "
             "fields, the only ones that stay; without it in all others",
     .example = "\"region\""},
    {.name = "function",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct pivot, function),
     .fallback = "\"one\"",
     .choices = functions,
     .help = "what becomes of several values for one place; one: there may be "
             "one only",
     .example = "\"sum\""},
    {.name = "max_columns",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct pivot, max_columns),
     .fallback = "1000",
     .minimum = 1,
     .maximum = 1000000,
     .help = "how many columns there may be; more end the run",
     .example = "100"},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct pivot, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many records there may be at the end; more end the run; 0: "
             "any number",
     .example = "100000"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct pivot *pivot = memory;
    const struct cosend_field two[] = {pivot->name, pivot->value};
    static const char *const called[] = {"name", "value"};

    cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    for (size_t i = 0; i < 2; i++) {
        const char *name = cosend_check_field_name(check, two[i]);
        struct cosend_field made;

        if (!name)
            continue;
        made = cosend_check_field(check, called[i], name, strlen(name));
        if (!pivot->gone.count++)
            pivot->gone.first = made.slot;
        for (uint32_t j = 0; j < pivot->by.count; j++)
            if (strcmp(name, cosend_check_field_name(
                                 check, cosend_nth(pivot->by, j))) == 0)
                cosend_check_error(check, "by",
                                   "\"%.100s\" is the field of `%s`, which "
                                   "does not stay",
                                   name, called[i]);
    }
}

/* ---- Places -------------------------------------------------------------- */

/* The state is behind it. */
struct place {
    uint64_t count; /* of records */
};

struct work {
    const struct cosend_aggregate *row;
    struct cosend_store *store;   /* the first record of each group */
    struct cosend_table *groups;  /* uint64_t, their numbers */
    struct cosend_table *columns; /* the same */
    struct cosend_table *places;
    struct cosend_bytes *key;
    uint64_t ordinal;
    const char *doubt; /* what is to be said of an answer, or NULL */
};

static void *state_of(struct place *place)
{
    return place + 1;
}

static void free_places(void *memory)
{
    const struct work *work = memory;
    const void *key;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(work->places); i++)
        work->row->release(
            state_of(cosend_table_at(work->places, i, &key, &length)));
}

static bool start(struct cosend_stage *self, const struct pivot *pivot,
                  struct work *work)
{
    static const struct cosend_store_options all = {.memory = 0};

    work->row = cosend_find_aggregate(
        pivot->function == FUNCTION_ONE ? "first" : functions[pivot->function]);
    work->store = cosend_store_new(self, &all);
    work->groups = cosend_stage_table(self, sizeof(uint64_t));
    work->columns = cosend_stage_table(self, sizeof(uint64_t));
    work->places =
        cosend_stage_table(self, sizeof(struct place) + work->row->size);
    work->key = cosend_stage_text(self);
    return work->store && work->groups && work->columns && work->places &&
           work->key &&
           (!work->row->release || cosend_stage_defer(self, free_places, work));
}

/* The place in hand is the key. */
static void make_place_key(struct work *work, uint64_t group, uint64_t column)
{
    cosend_bytes_clear(work->key);
    cosend_put_varint(work->key, group);
    cosend_put_varint(work->key, column);
}

static int no_memory(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

/* The number of the record's group, whose first record is stored. Returns 0, or
   an error. */
static int find_group(struct cosend_stage *self, const struct pivot *pivot,
                      struct work *work, const struct cosend_record *record,
                      uint64_t *group)
{
    uint64_t *number;
    bool fresh;

    if (!cosend_record_key(self, record, pivot->by, pivot->gone, work->key))
        return COSEND_E_MEMORY;
    number = cosend_table_get(work->groups, work->key->data, work->key->length,
                              &fresh);
    if (!number)
        return no_memory(self);
    if (fresh) {
        *number = cosend_table_count(work->groups) - 1;
        if (!cosend_groups_limit(self, *number + 1,
                                 (uint64_t)pivot->max_groups))
            return COSEND_E_LIMIT;
        if (cosend_store_put(work->store, record) < 0)
            return COSEND_E_MEMORY;
    }
    *group = *number;
    return 0;
}

static int find_column(struct cosend_stage *self, const struct pivot *pivot,
                       struct work *work, struct cosend_cell name,
                       uint64_t *column)
{
    bool fresh;
    uint64_t *number =
        cosend_table_get(work->columns, name.data, name.length, &fresh);

    if (!number)
        return no_memory(self);
    if (fresh)
        *number = cosend_table_count(work->columns) - 1;
    *column = *number;
    if (*number < (uint64_t)pivot->max_columns)
        return 0;
    return cosend_fail(self, COSEND_E_LIMIT,
                       "there are more than %lld columns; max_columns=N allows "
                       "more",
                       (long long)pivot->max_columns);
}

/* Whether a record will do; it is bad if not. */
static bool will_do(struct cosend_stage *self, const struct pivot *pivot,
                    const struct work *work, const struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, pivot->value);
    double number;

    if (cosend_is_blank(cosend_field(record, pivot->name))) {
        cosend_bad(self, record, "no_name",
                   "field %s has no value to call a column by",
                   cosend_field_name(self, pivot->name));
        return false;
    }
    if (!(work->row->flags & COSEND_TAKES_NUMBERS) || cosend_is_blank(cell) ||
        cosend_parse_double(cell.data, cell.length, &number))
        return true;
    cosend_bad_number(self, record, pivot->value);
    return false;
}

/* Add the record's value at its place. Returns 0, or an error. */
static int add(struct cosend_stage *self, const struct pivot *pivot,
               struct work *work, const struct cosend_record *record)
{
    struct cosend_cell name = cosend_field(record, pivot->name);
    struct cosend_cell cell = cosend_field(record, pivot->value);
    struct cosend_value value = cosend_value_of(cell);
    struct cosend_added added = {
        .cells = &cell, .values = &value, .ordinals = &work->ordinal, .to = 1};
    uint64_t group = 0, column = 0;
    struct place *place;
    void *state;
    int status;

    if (cell.kind == COSEND_ABSENT)
        cell.kind = COSEND_NULL;
    status = find_group(self, pivot, work, record, &group);

    if (status == 0)
        status = find_column(self, pivot, work, name, &column);
    if (status < 0)
        return status;
    make_place_key(work, group, column);
    place = work->key->failed ? NULL
                              : cosend_table_get(work->places, work->key->data,
                                                 work->key->length, NULL);
    if (!place)
        return no_memory(self);
    if (place->count++ && pivot->function == FUNCTION_ONE) {
        cosend_bad(self, record, "duplicate",
                   "there was a value for \"%.*s\" in this group; "
                   "function=last takes the last, function=sum their sum",
                   cosend_shown(name.data, name.length, 60), name.data);
        return 0;
    }
    work->ordinal++;
    state = state_of(place);
    added.states = &state;
    return work->row->add(&added, NULL) == COSEND_ADD_FAILED ? no_memory(self)
                                                             : 0;
}

/* ---- What comes of it ---------------------------------------------------- */

/* Set the fields that stay. Returns 0, or an error. */
static int set_own(struct cosend_stage *self, const struct pivot *pivot,
                   const struct work *work, const struct cosend_record *record)
{
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item)) {
        if (pivot->by.count ? !cosend_is_among(self, pivot->by, &item)
                            : cosend_is_among(self, pivot->gone, &item))
            continue;
        if (cosend_table_find(work->columns, item.name, item.name_length))
            return cosend_fail(self, COSEND_E_COLUMN,
                               "\"%.*s\" is a field that stays and a value of "
                               "%s; rename the field before",
                               cosend_shown(item.name, item.name_length, 100),
                               item.name, cosend_field_name(self, pivot->name));
        cosend_set_item(self, NULL, 0, &item);
    }
    return 0;
}

/* The same for the columns; where there was no record there is null. */
static void set_places(struct cosend_stage *self, struct work *work,
                       uint64_t group)
{
    const struct cosend_cell null = {.kind = COSEND_NULL};
    size_t count = cosend_table_count(work->columns), length;
    const void *name;

    for (size_t i = 0; i < count; i++) {
        struct place *place;

        cosend_table_at(work->columns, i, &name, &length);
        make_place_key(work, group, i);
        place =
            cosend_table_find(work->places, work->key->data, work->key->length);
        if (!place) {
            cosend_set_field(self, name, length, null);
            continue;
        }
        work->row->set(state_of(place), self,
                       cosend_field_column(self, name, length), NULL);
        if (work->row->doubt && !work->doubt)
            work->doubt = work->row->doubt(state_of(place));
    }
}

static int emit_all(struct cosend_stage *self, const struct pivot *pivot,
                    struct work *work)
{
    struct cosend_record record;
    int status = 0;

    for (uint64_t i = 0; status == 0 && cosend_store_next(work->store, &record);
         i++) {
        status = set_own(self, pivot, work, &record);
        if (status < 0)
            break;
        set_places(self, work, i);
        cosend_emit(self, &record);
    }
    if (work->doubt)
        cosend_warn(self, "%s: %s", work->row->name, work->doubt);
    return status;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct pivot *pivot = memory;
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    struct cosend_record record;
    int status = 0;

    if (!work || !start(self, pivot, work))
        return COSEND_E_MEMORY;
    cosend_open_columns(self);
    cosend_drop_columns(self);
    while (status == 0 && cosend_receive(self, &record))
        if (will_do(self, pivot, work, &record))
            status = add(self, pivot, work, &record);
    return status < 0 ? status : emit_all(self, pivot, work);
}

const struct cosend_filter csi_filter_pivot = {
    .abi = COSEND_ABI,
    .name = "pivot",
    .role = COSEND_FILTER,
    .summary = "Make of records columns: long to wide",
    .details =
        "Emits, at the end of the input, one record for each group: those "
        "that are the same in all fields but `name` and `value`, or in `by`. "
        "It has these fields, and for each value of `name`, in the order in "
        "which they first came, a column with the group's `value`; null, in "
        "CSV empty, where there was none: `fill` puts something there. A "
        "second value for one place makes the record bad (duplicate), unless "
        "`function` says what to make of several, as aggregate's functions "
        "do; Miller takes the last one. A record in which `name` is blank is "
        "bad (no_name), and one whose value must be a number and is not "
        "(not_a_number). CSV has no header where no record came. `unpivot` is "
        "the way back. Memory: a record for each group, and some bytes for "
        "each of its places. It sees records one after the other, in one "
        "thread. Under --follow it prints when the run is ended.",
    .example = "parse combined | count host,status | pivot status count",
    .options_size = sizeof(struct pivot),
    .options = options,
    .check = check,
    .body = body,
    .absorbs = true,
};
