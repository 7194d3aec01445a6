/* SPDX-License-Identifier: MIT */
/*
 * Columns that are renamed, placed and moved, and records that go to one target
 * alone: the same whatever the batches are.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- A filter that declares all of it ------------------------------------ */

struct own {
    struct cosend_field rename, beside;
    struct cosend_fields move;
    struct cosend_string to, add;
    int place;
    bool overwrite, rule;
};

static const char *const places[] = {"first", "last", "before", "after", NULL};

static const struct cosend_option options[] = {
    {.name = "rename",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct own, rename)},
    {.name = "to",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct own, to),
     .maximum = 99},
    {.name = "add",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct own, add),
     .maximum = 99},
    {.name = "move",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct own, move)},
    {.name = "beside",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct own, beside)},
    {.name = "place",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct own, place),
     .choices = places},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct own, overwrite)},
    {.name = "rule",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct own, rule)},
    {.name = NULL}};

/* a1 and a2 become a. */
static bool cut_digit(const char *name, size_t length, struct cosend_bytes *to,
                      const void *own)
{
    (void)own;
    if (!length || name[length - 1] < '0' || name[length - 1] > '9')
        return false;
    cosend_put_raw(to, name, length - 1);
    return true;
}

static int columns_body(struct cosend_stage *self, void *memory)
{
    const struct own *own = memory;
    struct cosend_record record;
    struct cosend_column column;

    if (own->to.length)
        cosend_rename_column(self, own->rename, own->to.data);
    if (own->rule)
        cosend_rename_columns(self, cut_digit, NULL);
    if (own->overwrite)
        cosend_overwrite_columns(self);
    if (own->add.length) {
        column = cosend_add_column(self, own->add.data);
        cosend_place_column(self, column, (enum cosend_place)own->place,
                            own->beside);
    }
    cosend_move_columns(self, own->move, (enum cosend_place)own->place,
                        own->beside);
    while (cosend_receive(self, &record)) {
        if (own->add.length)
            cosend_set(self, column, cosend_text("+", 1));
        cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_filter columns = {
    .abi = COSEND_ABI,
    .name = "columns",
    .summary = "declare what columns become",
    .options_size = sizeof(struct own),
    .options = options,
    .body = columns_body,
};

/* ---- And one that sends records in turn to its targets ------------------- */

static const struct cosend_option deal_options[] = {
    {.name = "to", .type = COSEND_OPTION_BRANCHES, .flags = COSEND_MAIN},
    {.name = NULL}};

/* A record of "all" goes to all, one of "twice" to the first two. */
static void deal_record(struct cosend_stage *self, uint32_t *turn,
                        struct cosend_record *record)
{
    struct cosend_item item = {0};

    cosend_next_item(record, &item, NULL);
    if (item.cell.length == 3 && memcmp(item.cell.data, "all", 3) == 0) {
        cosend_emit(self, record);
        return;
    }
    if (item.cell.length == 5 && memcmp(item.cell.data, "twice", 5) == 0) {
        cosend_emit_to(self, 0, record);
        cosend_emit_to(self, 1, record);
        return;
    }
    cosend_emit_to(self, (*turn)++ % cosend_targets(self), record);
}

static int deal_body(struct cosend_stage *self, void *unused)
{
    struct cosend_record record;
    uint32_t turn = 0;

    (void)unused;
    while (cosend_receive(self, &record))
        deal_record(self, &turn, &record);
    return 0;
}

static int deal_batches_body(struct cosend_stage *self, void *unused)
{
    const struct cosend_batch *batch;
    uint32_t turn = 0;

    (void)unused;
    while ((batch = cosend_receive_batch(self)))
        for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
            struct cosend_record record = cosend_record_at(self, i);
            struct cosend_item item = {0};

            cosend_next_item(&record, &item, NULL);
            if (item.cell.length == 3 && memcmp(item.cell.data, "all", 3) == 0)
                cosend_pick(self, i);
            else
                cosend_pick_to(self, turn++ % cosend_targets(self), i);
        }
    return 0;
}

static const struct cosend_filter deal = {
    .abi = COSEND_ABI,
    .name = "deal",
    .summary = "send records in turn",
    .options = deal_options,
    .body = deal_body,
    .fans_out = true,
};

static const struct cosend_filter deal_batches = {
    .abi = COSEND_ABI,
    .name = "deal_batches",
    .summary = "send records in turn",
    .options = deal_options,
    .body = deal_batches_body,
    .fans_out = true,
};

/* ---- And one whose fields the data name: a=1 b=2 ------------------------- */

struct pairs {
    struct cosend_field field;
    bool drop_all, batches;
};

static const struct cosend_option pair_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct pairs, field),
     .flags = COSEND_ONLY_COLUMN | COSEND_MAIN},
    {.name = "drop_all",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct pairs, drop_all)},
    {.name = "batches",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct pairs, batches)},
    {.name = NULL}};

static void set_pairs(struct cosend_stage *self, struct cosend_cell cell)
{
    const char *at = cell.data, *end = cell.length ? at + cell.length : at;

    while (at < end) {
        const char *equals = memchr(at, '=', (size_t)(end - at));
        const char *blank;

        if (!equals)
            return;
        blank = memchr(equals, ' ', (size_t)(end - equals));
        if (!blank)
            blank = end;
        cosend_set_field(self, at, (size_t)(equals - at),
                         cosend_text(equals + 1, (size_t)(blank - equals - 1)));
        at = blank + (blank < end);
    }
}

static int pairs_body(struct cosend_stage *self, void *memory)
{
    const struct pairs *pairs = memory;
    struct cosend_record record, kept;

    cosend_open_columns(self);
    if (pairs->drop_all)
        cosend_drop_columns(self);
    else
        cosend_drop_column(self, pairs->field);
    while (cosend_receive(self, &record)) {
        struct cosend_cell cell = cosend_field(&record, pairs->field);

        set_pairs(self, cell);
        if (cell.length == 3 && memcmp(cell.data, "new", 3) == 0) {
            cosend_set_field(self, "made", 4, cosend_text("1", 1));
            cosend_emit_new(self);
        } else if (cell.length == 4 && memcmp(cell.data, "kept", 4) == 0) {
            if (!cosend_keep(self, &record, &kept))
                return COSEND_E_MEMORY;
            cosend_set_field(self, "kept", 4, cosend_text("1", 1));
            cosend_emit(self, &kept);
            cosend_release(self, &kept);
        } else if (cell.length == 3 && memcmp(cell.data, "bad", 3) == 0) {
            cosend_set_field(self, "lost", 4, cosend_text("1", 1));
            cosend_bad(self, &record, "bad", "it is bad");
        } else {
            cosend_emit(self, &record);
        }
    }
    return 0;
}

static const struct cosend_filter pairs_filter = {
    .abi = COSEND_ABI,
    .name = "pairs",
    .summary = "fields that the data name",
    .options_size = sizeof(struct pairs),
    .options = pair_options,
    .body = pairs_body,
};

/* ---- And one that notes which of its columns anybody wants --------------- */

static bool wants_p, wants_q;

static int ask_body(struct cosend_stage *self, void *unused)
{
    struct cosend_column p = cosend_add_column(self, "p");
    struct cosend_column q = cosend_add_column(self, "q");
    struct cosend_record record;

    (void)unused;
    wants_p = cosend_column_wanted(self, p);
    wants_q = cosend_column_wanted(self, q);
    while (cosend_receive(self, &record)) {
        cosend_set(self, p, cosend_text("1", 1));
        cosend_set(self, q, cosend_text("2", 1));
        cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_filter ask = {
    .abi = COSEND_ABI,
    .name = "ask",
    .summary = "note what is wanted",
    .body = ask_body,
};

/* ---- And one that sets what is not emitted ------------------------------- */

/* A cell `bad` sets the column of a record that is bad; the next one sets
   nothing. `first` and `second` are changed by the walk where they are `up`. */
struct forgets {
    struct cosend_fields fields;
};

static int forget_body(struct cosend_stage *self, void *memory)
{
    const struct forgets *forgets = memory;
    struct cosend_column set = cosend_add_column(self, "set");
    struct cosend_record record;

    cosend_change_fields(self, forgets->fields);
    while (cosend_receive(self, &record)) {
        struct cosend_item item = {0};
        bool bad = false;

        while (cosend_next_match(self, forgets->fields, &record, &item)) {
            if (item.cell.length == 2 && memcmp(item.cell.data, "up", 2) == 0)
                cosend_change(self, &item, cosend_text("UP", 2));
            if (item.cell.length != 3 || memcmp(item.cell.data, "bad", 3) != 0)
                continue;
            cosend_set(self, set, cosend_text("1", 1));
            cosend_bad(self, &record, "bad", "it is bad");
            bad = true;
            break;
        }
        if (!bad)
            cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_option forget_options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct forgets, fields),
     .flags = COSEND_MAIN | COSEND_PATTERNS},
    {.name = NULL}};

static const struct cosend_filter forget_filter = {
    .abi = COSEND_ABI,
    .name = "forgets",
    .summary = "set what is not emitted",
    .options_size = sizeof(struct forgets),
    .options = forget_options,
    .body = forget_body,
};

/* ---- Running ------------------------------------------------------------- */

static const uint32_t sizes[] = {1, 2, 3, 0};

static void run_json(const char *json, const char *input, int format,
                     uint32_t size, int *kind, struct taken *taken)
{
    struct cosend_options made = host(taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    made.batch_size = size;
    made.input_format = format;
    pipeline = cosend_pipeline_from_json(json, strlen(json), &made, &error);
    if (!pipeline)
        fail_msg("%s: %s", json, error.message);
    cosend_pipeline_open(pipeline, &error);
    cosend_pipeline_push(pipeline, input, strlen(input), &error);
    cosend_pipeline_finish(pipeline, &error);
    assert_true(cosend_pipeline_balanced(pipeline));
    *kind = error.kind;
    cosend_pipeline_free(pipeline);
}

static void expect(const char *json, const char *input, int format,
                   const char *wanted)
{
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct taken taken;
        int kind;

        run_json(json, input, format, sizes[i], &kind, &taken);
        if (kind != COSEND_OK)
            fail_msg("%s: %s", json, taken.problems);
        assert_string_equal(taken.text, wanted);
    }
}

static void expect_csv(const char *own, const char *input, const char *wanted)
{
    char json[512];

    snprintf(json, sizeof(json),
             "{\"cosend\": 1, \"steps\": [{\"columns\": {%s}}]}", own);
    expect(json, input, COSEND_FORMAT_CSV, wanted);
}

static void expect_problem(const char *own, const char *input,
                           const char *wanted)
{
    struct taken taken;
    char json[512];
    int kind;

    snprintf(json, sizeof(json),
             "{\"cosend\": 1, \"steps\": [{\"columns\": {%s}}]}", own);
    run_json(json, input, COSEND_FORMAT_CSV, 0, &kind, &taken);
    assert_int_equal(kind, COSEND_E_COLUMN);
    assert_string_equal(taken.problems, wanted);
    assert_string_equal(taken.text, "");
}

static void a_column_is_renamed_in_its_place(void **state)
{
    (void)state;
    expect_csv("\"rename\": \"b\", \"to\": \"x\"", "a,b,c\n1,2,3\n4,5,6\n",
               "a=1 x=2 c=3 ;a=4 x=5 c=6 ;");
    expect_csv("\"rename\": \"a\", \"to\": \"a\"", "a,b\n1,2\n", "a=1 b=2 ;");
    expect_csv("\"rename\": \"b\", \"to\": \"a\", \"overwrite\": true",
               "a,b,c\n1,2,3\n", "a=2 c=3 ;");
    expect_problem("\"rename\": \"b\", \"to\": \"a\"", "a,b\n1,2\n",
                   "1:48: steps[0].columns.rename: column \"b\" cannot be "
                   "renamed \"a\": there is one of that name; overwrite=true "
                   "drops that");
}

static void columns_are_renamed_by_a_rule(void **state)
{
    (void)state;
    expect_csv("\"rule\": true", "a1,b,c22\n1,2,3\n", "a=1 b=2 c2=3 ;");
    expect_csv("\"rule\": true, \"overwrite\": true", "a1,b,a2\n1,2,3\n",
               "a=1 b=2 ;");
    expect_problem("\"rule\": true", "a1,b,a2\n1,2,3\n",
                   "1:26: steps[0].columns: column \"a1\" cannot be renamed "
                   "\"a\": there is one of that name; overwrite=true drops "
                   "that");
}

static void what_is_wanted_goes_up_by_its_old_name(void **state)
{
    static const struct {
        const char *steps, *wanted;
        bool p, q;
    } rows[] = {
        {"{\"rename\": {\"p\": \"x\"}}, {\"count\": {\"by\": \"x\"}}",
         "x=1 count=1 ;", true, false},
        {"{\"rename\": {\"p\": \"q\", \"q\": \"p\"}}, {\"count\": {\"by\": "
         "\"p\"}}",
         "p=2 count=1 ;", false, true},
        {"{\"drop\": \"p\"}, {\"count\": {\"by\": \"q\"}}", "q=2 count=1 ;",
         false, true},
        {"{\"reorder\": \"q\"}, {\"count\": {\"by\": \"p\"}}", "p=1 count=1 ;",
         true, false},
        {"{\"enumerate\": \"p\"}, {\"count\": {\"by\": \"q\"}}", "", false,
         true},
        {"{\"pass\": {}}, {\"select\": \"q\"}, {\"count\": {}}", "count=1 ;",
         false, false},
        {"{\"rename\": {\"case\": \"upper\"}}, {\"count\": {\"by\": \"P\"}}",
         "P=1 count=1 ;", true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct taken taken;
        char json[256];
        int kind;

        snprintf(json, sizeof(json),
                 "{\"cosend\": 1, \"steps\": [{\"ask\": {}}, %s]}",
                 rows[i].steps);
        run_json(json, "a\n7\n", COSEND_FORMAT_CSV, 0, &kind, &taken);
        assert_string_equal(taken.text, rows[i].wanted);
        if (wants_p != rows[i].p || wants_q != rows[i].q)
            fail_msg("%s: %d %d", rows[i].steps, wants_p, wants_q);
    }
}

static void columns_are_placed(void **state)
{
    static const char input[] = "a,b,c\n1,2,3\n";

    (void)state;
    expect_csv("\"add\": \"n\"", input, "n=+ a=1 b=2 c=3 ;");
    expect_csv("\"add\": \"n\", \"place\": \"last\"", input,
               "a=1 b=2 c=3 n=+ ;");
    expect_csv("\"add\": \"n\", \"place\": \"before\", \"beside\": \"b\"",
               input, "a=1 n=+ b=2 c=3 ;");
    expect_csv("\"add\": \"n\", \"place\": \"after\", \"beside\": \"b\"", input,
               "a=1 b=2 n=+ c=3 ;");
    expect_csv("\"add\": \"c\", \"place\": \"first\"", input, "c=+ a=1 b=2 ;");
    expect_csv("\"move\": [\"c\", \"a\"]", input, "c=3 a=1 b=2 ;");
    expect_csv("\"move\": [\"b\", \"a\"], \"place\": \"last\"", input,
               "c=3 b=2 a=1 ;");
    expect_csv("\"move\": \"a\", \"place\": \"after\", \"beside\": \"b\"",
               input, "b=2 a=1 c=3 ;");
    expect_csv("\"move\": [\"c\", \"b\"], \"place\": \"before\", "
               "\"beside\": \"b\"",
               input, "a=1 c=3 b=2 ;");
}

static void expect_dealt(const char *filter, const char *branches,
                         const char *input, const char *wanted)
{
    char json[512];

    snprintf(json, sizeof(json), "{\"cosend\": 1, \"steps\": [{\"%s\": {%s}}]}",
             filter, branches);
    expect(json, input, COSEND_FORMAT_TEXT, wanted);
}

static void records_go_to_one_target(void **state)
{
    static const char *const filters[] = {"deal", "deal_batches"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *filter = filters[i];

        expect_dealt(filter,
                     "\"a\": [{\"count\": {\"as\": \"a\"}}], "
                     "\"b\": [{\"count\": {\"as\": \"b\"}}]",
                     "1\n2\n3\nall\n4\n", "a=3 ;b=3 ;");
        /* They come together again in their order. */
        expect_dealt(filter,
                     "\"a\": [{\"grep\": \"\"}], \"b\": [{\"grep\": "
                     "\"\"}]",
                     "1\n2\n3\nall\n4\n",
                     "line=1 ;line=2 ;line=3 ;line=all ;line=all ;line=4 ;");
        /* What has enough takes no more, and the others go on. */
        expect_dealt(filter,
                     "\"a\": [{\"head\": 1}], \"b\": [{\"grep\": "
                     "\"\"}]",
                     "1\n2\n3\n4\n5\n6\n", "line=1 ;line=2 ;line=4 ;line=6 ;");
    }
    expect_dealt("deal",
                 "\"a\": [{\"grep\": \"\"}], \"b\": [{\"grep\": "
                 "\"\"}]",
                 "1\ntwice\n2\n", "line=1 ;line=twice ;line=twice ;line=2 ;");
}

/* A target gets no record behind one at which another failed. */
static void a_failing_target_stops_the_others_there(void **state)
{
    static const char json[] =
        "{\"cosend\": 1, \"steps\": [{\"deal\": {"
        "\"a\": [{\"count\": {\"as\": \"a\"}}, {\"grep\": \"\"}], "
        "\"b\": [{\"parse\": {\"regex\": \"(?<x>[0-9])\"}, "
        "\"on_error\": \"fail\"}, {\"grep\": \"\"}], "
        "\"c\": [{\"grep\": \"\"}]}}]}";

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct taken taken;
        int kind;

        run_json(json, "1\n2\n3\n4\nx\n6\n7\n8\n9\n", COSEND_FORMAT_TEXT,
                 sizes[i], &kind, &taken);
        assert_int_equal(kind, COSEND_E_DATA);
        assert_string_equal(taken.text, "x=2 ;line=3 ;");
    }
}

static void fields_are_what_the_data_name(void **state)
{
    static const char pairs[] =
        "{\"cosend\": 1, \"steps\": [{\"pairs\": {\"field\": \"p\"}}]}";
    static const char behind[] =
        "{\"cosend\": 1, \"steps\": [{\"pairs\": {\"field\": \"p\"}}, "
        "{\"tail\": 9}, {\"where\": {\"field\": \"a\", \"op\": "
        "\"ge\", \"value\": 2}}, {\"count\": {\"by\": \"a\"}}]}";
    static const char nothing[] =
        "{\"cosend\": 1, \"steps\": [{\"pairs\": {\"field\": \"p\", "
        "\"drop_all\": true}}]}";
    static const char again[] =
        "{\"cosend\": 1, \"steps\": [{\"pairs\": {\"field\": \"p\"}}, "
        "{\"pairs\": {\"field\": \"a\"}}]}";

    (void)state;
    expect(pairs, "p,q\na=1 b=2,x\nc=3 q=4,y\nnew,z\nkept,k\nbad,w\na=1 a=2,\n",
           COSEND_FORMAT_CSV,
           "q=x a=1 b=2 ;q=4 c=3 ;made=1 ;q=k kept=1 ;q= a=2 ;");
    expect(pairs, "{\"z\":1,\"p\":\"a=1 z=2\"}\n{\"p\":\"b=\"}\n{}\n",
           COSEND_FORMAT_JSONL, "z=2 a=1 ;b= ;;");
    expect(nothing, "p,q\na=1,x\nz,y\n", COSEND_FORMAT_CSV, "a=1 ;;");
    expect(behind, "p\na=1\na=2 b=1\nc=1\na=3\na=2\n", COSEND_FORMAT_CSV,
           "a=2 count=2 ;a=3 count=1 ;");
    expect(again, "p,q\na=x=1,y\nb=1,z\n", COSEND_FORMAT_CSV,
           "q=y x=1 ;q=z b=1 ;");
}

/* Nor is a field that the walk went by without changing it lost. */
static void a_bad_record_leaves_nothing_set(void **state)
{
    static const char named[] =
        "{\"cosend\": 1, \"steps\": [{\"forgets\": [\"a\", \"b\"]}]}";
    static const char all[] =
        "{\"cosend\": 1, \"steps\": [{\"forgets\": \"*\"}]}";

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *json = i ? all : named;

        expect(json, "a,b\nup,bad\nx,up\nup,y\n", COSEND_FORMAT_CSV,
               "a=x b=UP ;a=UP b=y ;");
        expect(json,
               "{\"a\":\"up\",\"b\":\"bad\"}\n"
               "{\"b\":\"up\",\"a\":1}\n{\"a\":[2]}\n",
               COSEND_FORMAT_JSONL, "b=UP a=1 ;a=[2] ;");
    }
}

static int register_filters(void **state)
{
    (void)state;
    return cosend_register(&forget_filter, NULL) ||
           cosend_register(&ask, NULL) ||
           cosend_register(&pairs_filter, NULL) ||
           cosend_register(&columns, NULL) || cosend_register(&deal, NULL) ||
           cosend_register(&deal_batches, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_renamed_in_its_place),
        cmocka_unit_test(columns_are_renamed_by_a_rule),
        cmocka_unit_test(what_is_wanted_goes_up_by_its_old_name),
        cmocka_unit_test(columns_are_placed),
        cmocka_unit_test(fields_are_what_the_data_name),
        cmocka_unit_test(a_bad_record_leaves_nothing_set),
        cmocka_unit_test(records_go_to_one_target),
        cmocka_unit_test(a_failing_target_stops_the_others_there),
    };

    return cmocka_run_group_tests(tests, register_filters, NULL);
}
