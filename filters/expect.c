/* SPDX-License-Identifier: MIT */
/*
 * expect: emits each record, unchanged and as it comes, and says so where one,
 * or their columns, their order or their number, are not as they should be.
 */
#include "cosend.h"

#include <stdio.h>
#include <string.h>

enum action { ACTION_FAIL, ACTION_REJECT, ACTION_WARN };

/* Of `sorted`. */
struct key {
    struct cosend_string name; /* behind a - for descending */
};

struct expect {
    struct cosend_expression *condition;
    struct cosend_strings columns;
    struct cosend_fields unique;
    struct cosend_list order;    /* struct key */
    struct cosend_fields sorted; /* those of `order`, made by check */
    int64_t count, at_least, at_most;
    int action;
    bool has_count, has_at_most;
};

static const char *const actions[] = {"fail", "reject", "warn", NULL};

static const struct cosend_option key_options[] = {
    {.name = "key",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct key, name),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "a field, behind a - for the greatest first",
     .example = "\"-ms\""},
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "condition",
     .type = COSEND_OPTION_EXPRESSION,
     .offset = offsetof(struct expect, condition),
     .flags = COSEND_MAIN,
     .help = "what must hold for each record",
     .example = "\"status >= 100 && status < 600\""},
    {.name = "columns",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct expect, columns),
     .help = "the fields of each record, these and no others, in any order",
     .example = "[\"id\", \"name\"]"},
    {.name = "unique",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct expect, unique),
     .help = "no two records have the same text in all of these fields",
     .example = "[\"id\"]"},
    {.name = "sorted",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct expect, order),
     .group = key_options,
     .item_size = sizeof(struct key),
     .help = "no record comes before the one in front of it, by these fields "
             "as `sort` orders them",
     .example = "[\"time\", \"-ms\"]"},
    {.name = "count",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct expect, count),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many records there are at the end",
     .example = "1000"},
    {.name = "at_least",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct expect, at_least),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "so many, or more",
     .example = "1"},
    {.name = "at_most",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct expect, at_most),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "so many, or fewer",
     .example = "1000000"},
    {.name = "action",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct expect, action),
     .fallback = "\"fail\"",
     .choices = actions,
     .help = "end the run at a record that is not so, or reject it; or warn, "
             "and let it pass",
     .example = "\"reject\""},
    {.name = NULL},
};

/* Whether a key of `sorted` has the greatest first. */
static bool is_descending(const struct expect *expect, size_t i)
{
    const struct key *key = (const struct key *)expect->order.items + i;

    return key->name.length > 1 && key->name.data[0] == '-';
}

static void check_order(struct cosend_check *check, struct expect *expect)
{
    const struct key *keys = expect->order.items;
    char place[48];

    for (size_t i = 0; i < expect->order.count; i++) {
        size_t sign = is_descending(expect, i);
        struct cosend_field field;

        snprintf(place, sizeof(place), "sorted[%zu]", i);
        field = cosend_check_field(check, place, keys[i].name.data + sign,
                                   keys[i].name.length - sign);
        if (!i)
            expect->sorted.first = field.slot;
        expect->sorted.count++;
    }
}

static void check(struct cosend_check *check, void *memory)
{
    struct expect *expect = memory;

    check_order(check, expect);
    expect->has_count = cosend_check_given(check, "count");
    expect->has_at_most = cosend_check_given(check, "at_most");
    if (!expect->condition && !expect->columns.count && !expect->unique.count &&
        !expect->sorted.count && !expect->has_count && !expect->has_at_most &&
        !expect->at_least)
        cosend_check_error(check, "condition",
                           "nothing is expected: give a condition, columns, "
                           "unique, sorted, count, at_least or at_most");
    if (expect->condition &&
        cosend_expression_type(expect->condition) != COSEND_TYPE_BOOL)
        cosend_check_error(check, "condition",
                           "is neither true nor false: compare it with "
                           "something");
    for (size_t i = 1; i < expect->columns.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(expect->columns.items[i].data,
                       expect->columns.items[j].data) == 0)
                cosend_check_error(check, "columns", "names \"%s\" twice",
                                   expect->columns.items[i].data);
    if (expect->has_at_most && expect->at_least > expect->at_most)
        cosend_check_error(check, "at_least", "is more than at_most");
    if (expect->action != ACTION_WARN)
        cosend_check_on_error(check, expect->action == ACTION_FAIL
                                         ? COSEND_ON_ERROR_FAIL
                                         : COSEND_ON_ERROR_REJECT);
}

/* ---- What is not as expected --------------------------------------------- */

struct state {
    const struct expect *expect;
    struct cosend_table *keys; /* of `unique` */
    struct cosend_bytes *key;
    struct cosend_bytes *before; /* the key in front, of `sorted` */
    bool any;                    /* there was a record in front */
    uint64_t count, told;        /* records; those that are not as expected */
    bool enough, too_many;       /* `at_least` was met; the most was exceeded */
    char text[400];              /* why the one in hand is not */
};

/* A record is not as expected, as state->text says. Returns whether it goes on
   all the same. */
static bool goes_on(struct cosend_stage *self, struct state *state,
                    const struct cosend_record *record, const char *kind)
{
    const char *source;
    uint64_t line;

    if (state->expect->action != ACTION_WARN) {
        cosend_bad(self, record, kind, "%s", state->text);
        return false;
    }
    if (!state->told++) {
        if (cosend_record_place(record, &source, &line))
            cosend_warn(self, "%s:%llu: %s", source, (unsigned long long)line,
                        state->text);
        else
            cosend_warn(self, "%s", state->text);
    }
    return true;
}

/* `a "1", b "x"`: the fields of a list, or of the condition. */
static void show_fields(struct cosend_stage *self, struct state *state,
                        const struct cosend_record *record,
                        const struct cosend_field *fields, size_t count)
{
    size_t length = 0, room = sizeof(state->text);

    for (size_t i = 0; i < count && length < room / 2; i++) {
        struct cosend_cell cell = cosend_field(record, fields[i]);

        length +=
            (size_t)snprintf(state->text + length, room - length, "%s%.60s ",
                             i ? ", " : "", cosend_field_name(self, fields[i]));
        length += (size_t)snprintf(state->text + length, room - length,
                                   cell.kind == COSEND_ABSENT ? "is absent"
                                   : cell.kind == COSEND_NULL ? "is null"
                                                              : "\"%.*s\"",
                                   cosend_shown(cell.data, cell.length, 60),
                                   cell.length ? cell.data : "");
    }
}

static void show_list(struct cosend_stage *self, struct state *state,
                      const struct cosend_record *record,
                      struct cosend_fields list, const char *what)
{
    struct cosend_field fields[4];
    uint32_t count = list.count < 4 ? list.count : 4;
    size_t length;

    for (uint32_t i = 0; i < count; i++)
        fields[i] = cosend_nth(list, i);
    show_fields(self, state, record, fields, count);
    length = strlen(state->text);
    snprintf(state->text + length, sizeof(state->text) - length, ": %s", what);
}

/* ---- Expectations -------------------------------------------------------- */

/* Whether a record goes on, as what its value of the condition is. */
static bool judge(struct cosend_stage *self, struct state *state,
                  const struct cosend_record *record,
                  const struct cosend_value *value)
{
    const struct cosend_expression *condition = state->expect->condition;
    struct cosend_field fields[4];
    size_t count = 0, length;

    if (value->type == COSEND_TYPE_BOOL && value->as.truth)
        return true;
    while (count < 4 &&
           cosend_expression_field(condition, count, &fields[count]))
        count++;
    show_fields(self, state, record, fields, count);
    length = strlen(state->text);
    snprintf(state->text + length, sizeof(state->text) - length,
             value->type == COSEND_TYPE_BAD ? "%s%.100s cannot be judged"
                                            : "%s%.100s does not hold",
             count ? ": " : "", cosend_expression_text(condition));
    return goes_on(self, state, record, "unexpected");
}

static bool is_unique(struct cosend_stage *self, struct state *state,
                      const struct cosend_record *record)
{
    struct cosend_fields fields = state->expect->unique;
    bool fresh;

    cosend_bytes_clear(state->key);
    for (uint32_t i = 0; i < fields.count; i++) {
        struct cosend_cell cell = cosend_field(record, cosend_nth(fields, i));

        if (cell.kind > COSEND_TEXT)
            cell.kind = COSEND_TEXT;
        cosend_key_add(state->key, cell);
    }
    if (state->key->failed || !cosend_table_get(state->keys, state->key->data,
                                                state->key->length, &fresh)) {
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        return false;
    }
    if (fresh)
        return true;
    show_list(self, state, record, fields, "a record before it has that");
    return goes_on(self, state, record, "not_unique");
}

/* How a record's cells are to those of the one in front: blanks come last. */
static int compare_before(const struct state *state,
                          const struct cosend_record *record)
{
    struct cosend_fields fields = state->expect->sorted;
    struct cosend_reader_bytes from =
        cosend_read_bytes(state->before->data, state->before->length);
    struct cosend_cell before;
    int order = 0;

    for (uint32_t i = 0;
         i < fields.count && order == 0 && cosend_key_next(&from, &before);
         i++) {
        struct cosend_cell cell = cosend_field(record, cosend_nth(fields, i));
        struct cosend_value a = cosend_value_of(before);
        struct cosend_value b = cosend_value_of(cell);
        int blank = cosend_is_blank(cell), was = cosend_is_blank(before);

        order = blank != was ? blank - was
                : is_descending(state->expect, i) && !blank
                    ? cosend_compare(&a, &b)
                    : cosend_compare(&b, &a);
    }
    return order;
}

/* What is out of order is not what the next record is compared with. */
static bool is_sorted(struct cosend_stage *self, struct state *state,
                      const struct cosend_record *record)
{
    struct cosend_fields fields = state->expect->sorted;

    if (state->any && compare_before(state, record) < 0) {
        show_list(self, state, record, fields,
                  "comes before the record in front of it");
        return goes_on(self, state, record, "not_sorted");
    }
    state->any = true;
    cosend_bytes_clear(state->before);
    for (uint32_t i = 0; i < fields.count; i++)
        cosend_key_add(state->before,
                       cosend_field(record, cosend_nth(fields, i)));
    if (!state->before->failed)
        return true;
    cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return false;
}

/* ---- Columns ------------------------------------------------------------- */

static bool is_named(const struct expect *expect, const char *name,
                     size_t length)
{
    for (size_t i = 0; i < expect->columns.count; i++)
        if (expect->columns.items[i].length == length &&
            memcmp(expect->columns.items[i].data, name, length) == 0)
            return true;
    return false;
}

static bool has_field(struct cosend_stage *self,
                      const struct cosend_record *record,
                      const struct cosend_string *name)
{
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item))
        if (item.cell.kind != COSEND_ABSENT &&
            item.name_length == name->length &&
            memcmp(item.name, name->data, name->length) == 0)
            return true;
    return false;
}

/* Of open records: state->text is the first field too many, or lacking. */
static bool has_fields(struct cosend_stage *self, struct state *state,
                       const struct cosend_record *record)
{
    const struct cosend_strings *columns = &state->expect->columns;
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item))
        if (item.cell.kind != COSEND_ABSENT &&
            !is_named(state->expect, item.name, item.name_length)) {
            snprintf(state->text, sizeof(state->text),
                     "it has a field \"%.*s\", which is not expected",
                     cosend_shown(item.name, item.name_length, 100), item.name);
            return false;
        }
    for (size_t i = 0; i < columns->count; i++)
        if (!has_field(self, record, &columns->items[i])) {
            snprintf(state->text, sizeof(state->text),
                     "it has no field \"%.100s\"", columns->items[i].data);
            return false;
        }
    return true;
}

static const char *column_at(const void *schema, size_t i)
{
    return cosend_schema_name(schema, i);
}

/* What is no record's fault is told, or ends the run. */
static int tell(struct cosend_stage *self, const struct state *state, int kind)
{
    if (state->expect->action != ACTION_WARN)
        return cosend_fail(self, kind, "%s", state->text);
    cosend_warn(self, "%s", state->text);
    return 0;
}

/* The columns of all records, which are known before the first. */
static int check_columns(struct cosend_stage *self, struct state *state)
{
    const struct cosend_schema *schema = cosend_input_schema(self);
    const struct cosend_strings *columns = &state->expect->columns;
    size_t count = schema ? cosend_schema_count(schema) : 0;
    int status = 0;

    if (!columns->count || !schema || cosend_schema_open(schema))
        return 0;
    for (size_t i = 0; status == 0 && i < columns->count; i++) {
        const char *name = columns->items[i].data, *near;
        size_t at = 0;

        while (at < count && strcmp(cosend_schema_name(schema, at), name) != 0)
            at++;
        if (at < count)
            continue;
        near = cosend_suggest(name, count, column_at, schema);
        snprintf(state->text, sizeof(state->text),
                 "there is no column \"%.100s\"%s%.100s%s", name,
                 near ? ", but \"" : "", near ? near : "", near ? "\"" : "");
        status = tell(self, state, COSEND_E_COLUMN);
    }
    for (size_t i = 0; status == 0 && i < count; i++) {
        const char *name = cosend_schema_name(schema, i);

        if (is_named(state->expect, name, strlen(name)))
            continue;
        snprintf(state->text, sizeof(state->text),
                 "there is a column \"%.100s\", which is not expected", name);
        status = tell(self, state, COSEND_E_COLUMN);
    }
    return status;
}

/* ---- The number ---------------------------------------------------------- */

/* How many records there may be; UINT64_MAX for any number. */
static uint64_t most_of(const struct expect *expect, const char **what)
{
    uint64_t most =
        expect->has_at_most ? (uint64_t)expect->at_most : UINT64_MAX;

    *what = "at most ";
    if (!expect->has_count || (uint64_t)expect->count > most)
        return most;
    *what = "";
    return (uint64_t)expect->count;
}

/* Count a record. What its number says is said if it is still wanted: those
   before it go on first. Returns 0, or an error. */
static int count(struct cosend_stage *self, struct state *state)
{
    const char *what;
    uint64_t most = most_of(state->expect, &what);
    uint64_t least = (uint64_t)state->expect->at_least;
    bool too_many = state->count++ == most;

    if ((!too_many && state->count != least) ||
        cosend_emit_picked(self, NULL, 0) != COSEND_OK)
        return 0;
    state->enough |= state->count == least;
    if (!too_many)
        return 0;
    state->too_many = true;
    snprintf(state->text, sizeof(state->text),
             "records: more than %llu, and %s%llu are expected",
             (unsigned long long)most, what, (unsigned long long)most);
    return tell(self, state, COSEND_E_DATA);
}

/* At the end of the input. Too many were told of as they came. */
static int check_count(struct cosend_stage *self, struct state *state)
{
    const struct expect *expect = state->expect;
    bool few = expect->has_count && state->count < (uint64_t)expect->count;
    int64_t wanted = few ? expect->count : expect->at_least;

    if (state->count >= (uint64_t)wanted)
        return 0;
    snprintf(state->text, sizeof(state->text),
             "records: %llu, and %s%lld are expected",
             (unsigned long long)state->count, few ? "" : "at least ",
             (long long)wanted);
    return tell(self, state, COSEND_E_DATA);
}

/* Where the end of the input was not seen. */
static void tell_uncounted(struct cosend_stage *self, const struct state *state)
{
    const struct expect *expect = state->expect;

    if (!state->too_many && (expect->has_count || expect->has_at_most ||
                             (expect->at_least && !state->enough)))
        cosend_warn(self, "the number of records was not judged: a later step "
                          "wanted no more before the end of the input");
}

/* ---- Records ------------------------------------------------------------- */

/* Returns 0, or an error. */
static int look_at(struct cosend_stage *self, struct state *state,
                   uint32_t position, const struct cosend_value *value,
                   bool open)
{
    const struct expect *expect = state->expect;
    struct cosend_record record = cosend_record_at(self, position);
    int status = count(self, state);

    if (status < 0 || cosend_ended(self) != COSEND_NOT_ENDED ||
        (open && expect->columns.count && !has_fields(self, state, &record) &&
         !goes_on(self, state, &record, "unexpected_fields")))
        return status;
    if ((!value || judge(self, state, &record, value)) &&
        (!expect->unique.count || is_unique(self, state, &record)) &&
        (!expect->sorted.count || is_sorted(self, state, &record)))
        cosend_pick(self, position);
    return status;
}

static int take_batch(struct cosend_stage *self, struct state *state,
                      const struct cosend_batch *batch)
{
    const struct cosend_expression *condition = state->expect->condition;
    const struct cosend_value *values = NULL;
    bool open = cosend_schema_open(cosend_input_schema(self));
    int status = 0;

    if (condition) {
        values = cosend_evaluate(self, condition);
        if (!values)
            return COSEND_E_MEMORY;
    }
    for (uint32_t i = 0; status == 0 && i < cosend_batch_count(batch) &&
                         cosend_ended(self) == COSEND_NOT_ENDED;
         i++)
        status = look_at(self, state, i, values ? &values[i] : NULL, open);
    return status;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct state *state = cosend_stage_memory(self, sizeof(*state));
    const struct cosend_batch *batch;
    bool first = true;
    int status = 0;

    if (!state)
        return COSEND_E_MEMORY;
    state->expect = memory;
    state->keys = cosend_stage_table(self, 0);
    state->key = cosend_stage_text(self);
    state->before = cosend_stage_text(self);
    if (!state->keys || !state->key || !state->before)
        return COSEND_E_MEMORY;
    if (!state->expect->columns.count)
        cosend_only_fields(self);
    while (status == 0 && (batch = cosend_receive_batch(self))) {
        status = first ? check_columns(self, state) : 0;
        first = false;
        if (status == 0)
            status = take_batch(self, state, batch);
    }
    if (status == 0 && cosend_ended(self) == COSEND_END_DONE)
        tell_uncounted(self, state);
    if (status < 0 || cosend_ended(self) != COSEND_END_CLOSED)
        return status;
    if (first)
        status = check_columns(self, state);
    if (state->told > 1)
        cosend_warn(self,
                    "not as expected: %llu, of which the first was "
                    "told",
                    (unsigned long long)state->told);
    return status < 0 ? status : check_count(self, state);
}

const struct cosend_filter csi_filter_expect = {
    .abi = COSEND_ABI,
    .name = "expect",
    .aliases = "assert",
    .role = COSEND_FILTER,
    .summary = "See that records are as they should be",
    .details =
        "Emits each record, unchanged, as it comes. At the first one for "
        "which the condition does not hold, or is blank, the run ends, and "
        "the record is named with its fields; so it does for one that has "
        "other fields than `columns`, that is there already by `unique`, or "
        "that is not in the order of `sorted`. action=reject makes such a "
        "record bad (unexpected, unexpected_fields, not_unique, not_sorted) "
        "and goes on, action=warn passes it on, tells of the first one, and "
        "how many there were; both whatever on_error says. Columns that all "
        "records have, and how many records there are, are no record's: for "
        "them reject is as fail. Too many are told of at the first of them, "
        "too few at the end of the input; where a later step wants no more "
        "before that, as `head` does, the number is not judged, and a warning "
        "says so. In one line a condition takes the rest "
        "of its stage; beside other options it is written behind them, "
        "condition=\"...\". Memory: the keys of `unique`. It sees records one "
        "after the other, in one thread; under --follow it tells as they "
        "come, and counts when the run is ended.",
    .example = "parse combined | expect status >= 100 && status < 600",
    .options_size = sizeof(struct expect),
    .options = options,
    .check = check,
    .body = body,
};
