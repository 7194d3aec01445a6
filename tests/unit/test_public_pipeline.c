/* SPDX-License-Identifier: MIT */
/*
 * Every call of cosend/pipeline.h in every state of a pipeline: what it answers
 * is in a table, and whatever was called, the pipeline can be finished and
 * freed, and its ledger balances. Options that make no sense are refused when
 * it is made.
 *
 * tests/check-calls.sh holds that no public function is missing in the
 * test_public_*.c.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- The states ---------------------------------------------------------- */

enum state {
    MADE,     /* of JSON, and to be pushed into */
    BY_CALLS, /* made, with nothing added */
    OPEN,
    PUSHED,
    TAKING, /* in the callback that takes a record */
    IN_HOOK,
    STOPPED, /* was asked to stop, and pushed into since */
    FINISHED,
    FAILED, /* by a bad record */
    BURIED, /* and finished then */
    UNOPENED,
    CHECKED, /* made to be checked only */
    FILES,   /* made to be run */
    RAN,
    STATES
};

struct situation {
    struct taken taken;
    struct cosend_pipeline *pipeline;
    int (*call)(struct cosend_pipeline *pipeline);
    int answer;
    enum state at;
    bool called;
};

static void call_once(struct situation *now)
{
    if (!now->called)
        now->answer = now->call(now->pipeline);
    now->called = true;
}

static int take_and_call(const struct cosend_record *record, void *context)
{
    struct situation *now = context;

    (void)record;
    if (now->at == TAKING)
        call_once(now);
    return COSEND_OK;
}

static void call_in_hook(struct cosend_pipeline *pipeline, void *context)
{
    (void)pipeline;
    call_once(context);
}

static void push_text(struct cosend_pipeline *pipeline, const char *text)
{
    cosend_pipeline_push(pipeline, text, strlen(text), NULL);
}

/* A pipeline before it is opened. */
static struct cosend_pipeline *make(enum state state, struct situation *now)
{
    static const char *const files[] = {"/dev/null"};
    static const char json[] =
        "{\"cosend\": 1, \"steps\": [{\"tee\": [{\"average\": {}}, "
        "{\"null\": {}}]}]}";
    struct cosend_options options = host(&now->taken);
    struct cosend_pipeline *pipeline;

    options.rejects_path = "/dev/null";
    options.context = now;
    options.problem = NULL;
    options.record = take_and_call;
    options.on_error = COSEND_ON_ERROR_FAIL;
    options.only_check = state == CHECKED;
    if (state == UNOPENED) {
        options.record = NULL;
        options.output_path = "/nowhere/at/all";
    }
    if (state == FILES || state == RAN) {
        options.push = false;
        options.files = files;
        options.file_count = 1;
    }
    pipeline = state == BY_CALLS ? cosend_pipeline_new(&options, NULL)
                                 : cosend_pipeline_from_json(json, strlen(json),
                                                             &options, NULL);
    assert_non_null(pipeline);
    return pipeline;
}

/* Have it in that state, and call. */
static void reach(enum state state, struct situation *now)
{
    struct cosend_pipeline *pipeline = now->pipeline = make(state, now);

    now->at = state;

    if (state == RAN)
        assert_int_equal(cosend_pipeline_run(pipeline, NULL), COSEND_OK);
    if (state == UNOPENED)
        assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_E_OUTPUT);
    else if (state != MADE && state != BY_CALLS && state < CHECKED)
        assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_OK);
    if (state == STOPPED)
        cosend_pipeline_request(pipeline, COSEND_STOP);
    if (state == IN_HOOK) {
        cosend_pipeline_on_ledger(pipeline, call_in_hook, now);
        cosend_pipeline_request(pipeline, COSEND_LEDGER);
    }
    if (state >= PUSHED && state < UNOPENED)
        push_text(pipeline, "1\n2\n");
    if (state == FAILED || state == BURIED)
        push_text(pipeline, "x\n");
    if (state == FINISHED || state == BURIED)
        cosend_pipeline_finish(pipeline, NULL);
    if (state == TAKING || state == IN_HOOK)
        assert_true(now->called);
    else
        now->answer = now->call(pipeline);
}

/* ---- The calls ------------------------------------------------------------
 *
 * What each answers is a letter: o OK, d DONE, u USAGE, or for what is no
 * status y for something and n for nothing. Any other error, which is what the
 * pipeline failed with, is an e.
 */

static int letter(int status)
{
    return status == COSEND_OK        ? 'o'
           : status == COSEND_DONE    ? 'd'
           : status == COSEND_E_USAGE ? 'u'
           : status < 0               ? 'e'
                                      : '?';
}

static int whether(bool something)
{
    return something ? 'y' : 'n';
}

static int call_add(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_add(pipeline, "count", NULL, NULL));
}

static int call_add_nonsense(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_add(pipeline, "count", "{", NULL));
}

/* Without a size; then one that is none, in a pipeline that is complete. */
static int call_add_step(struct cosend_pipeline *pipeline)
{
    struct cosend_step step = {.filter = "count"};

    assert_int_equal(cosend_pipeline_add_step(pipeline, &step, NULL),
                     COSEND_E_USAGE);
    step.size = sizeof(step);
    return letter(cosend_pipeline_add_step(pipeline, &step, NULL));
}

static int call_add_parameter(struct cosend_pipeline *pipeline)
{
    return letter(
        cosend_pipeline_add_parameter(pipeline, "p", "{\"default\": 1}", NULL));
}

static int call_set_source(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_set_source(pipeline, "input", NULL, NULL));
}

static int call_expand(struct cosend_pipeline *pipeline)
{
    char *text = cosend_pipeline_expand(pipeline);
    int answer = whether(text != NULL);

    cosend_release_text(text);
    return answer;
}

static int call_run(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_run(pipeline, NULL));
}

static int call_next(struct cosend_pipeline *pipeline)
{
    int status;

    do
        status = cosend_pipeline_next(pipeline, NULL);
    while (status == COSEND_YIELD);
    return letter(status);
}

static int call_open(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_open(pipeline, NULL));
}

static int call_push(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_push(pipeline, "3\n", 2, NULL));
}

static int call_push_nothing(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_push(pipeline, NULL, 0, NULL));
}

static int call_push_record(struct cosend_pipeline *pipeline)
{
    static const char *const names[] = {"line"};
    struct cosend_cell cell = cosend_text("3", 1);

    return letter(cosend_pipeline_push_record(pipeline, names, &cell, 1, NULL));
}

/* Of no columns, of no names, of no cells, and of a cell of no kind. */
static int call_push_no_record(struct cosend_pipeline *pipeline)
{
    static const char *const names[] = {"line"};
    struct cosend_cell cell = cosend_text("3", 1);
    int answer, first = 0;

    for (size_t i = 0; i < 5; i++) {
        cell.kind = (enum cosend_kind)(i == 3 ? 6 : i == 4 ? -1 : COSEND_TEXT);
        answer = letter(
            cosend_pipeline_push_record(pipeline, i == 1 ? NULL : names,
                                        i == 2 ? NULL : &cell, i != 0, NULL));
        first = i ? first : answer;
        assert_int_equal(answer, first);
    }
    return first;
}

static int call_begin_file(struct cosend_pipeline *pipeline)
{
    assert_int_equal(cosend_pipeline_begin_file(pipeline, NULL, 0, NULL),
                     COSEND_E_USAGE);
    return letter(cosend_pipeline_begin_file(pipeline, "f", 0, NULL));
}

static int call_end_file(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_end_file(pipeline, NULL));
}

static int call_position(struct cosend_pipeline *pipeline)
{
    struct cosend_position none = {0}, position = {.size = sizeof(position)};

    assert_int_equal(cosend_pipeline_position(pipeline, &none), COSEND_E_USAGE);
    return letter(cosend_pipeline_position(pipeline, &position));
}

static int call_flush(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_flush(pipeline, NULL));
}

static int call_finish(struct cosend_pipeline *pipeline)
{
    return letter(cosend_pipeline_finish(pipeline, NULL));
}

/* Bits that mean nothing; it answers nothing. */
static int call_request(struct cosend_pipeline *pipeline)
{
    cosend_pipeline_request(pipeline, 0);
    cosend_pipeline_request(pipeline, 1 << 12);
    cosend_pipeline_request(pipeline, COSEND_SNAPSHOT | COSEND_LEDGER);
    return letter(COSEND_OK);
}

static int call_progress(struct cosend_pipeline *pipeline)
{
    unsigned before = cosend_pipeline_progress(pipeline);

    return whether(cosend_pipeline_progress(pipeline) != before);
}

static int call_on_ledger(struct cosend_pipeline *pipeline)
{
    cosend_pipeline_on_ledger(pipeline, NULL, NULL);
    return letter(COSEND_OK);
}

static int call_save(struct cosend_pipeline *pipeline)
{
    struct cosend_bytes bytes = {0};
    int answer = letter(cosend_pipeline_save(pipeline, &bytes));

    cosend_bytes_free(&bytes);
    return answer;
}

static int call_merge_nothing(struct cosend_pipeline *pipeline)
{
    struct cosend_reader_bytes nothing = cosend_read_bytes(NULL, 0);

    return letter(cosend_pipeline_merge(pipeline, &nothing));
}

static int call_refusal(struct cosend_pipeline *pipeline)
{
    return whether(*cosend_pipeline_refusal(pipeline) != '\0');
}

static int call_ledger(struct cosend_pipeline *pipeline)
{
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    assert_false(cosend_pipeline_ledger(pipeline, 99, &ledger));
    assert_false(cosend_pipeline_ledger(pipeline, SIZE_MAX, &ledger));
    return whether(cosend_pipeline_ledger(pipeline, 0, &ledger) &&
                   cosend_pipeline_ledger(pipeline, 1, &ledger));
}

static int call_ledger_of(struct cosend_pipeline *pipeline)
{
    struct cosend_ledger ledger = {.size = sizeof(ledger)}, none = {0};

    assert_false(cosend_pipeline_ledger_of(pipeline, NULL, &ledger));
    assert_false(cosend_pipeline_ledger_of(pipeline, "nobody", &ledger));
    assert_false(cosend_pipeline_ledger_of(pipeline, "average", &none));
    return whether(cosend_pipeline_ledger_of(pipeline, "average", &ledger));
}

static int call_result_of(struct cosend_pipeline *pipeline)
{
    struct cosend_cell value;

    assert_false(cosend_pipeline_result_of(pipeline, NULL, "count", &value));
    assert_false(cosend_pipeline_result_of(pipeline, "average", NULL, &value));
    return whether(
        cosend_pipeline_result_of(pipeline, "average", "count", &value));
}

static int call_balanced(struct cosend_pipeline *pipeline)
{
    return whether(cosend_pipeline_balanced(pipeline));
}

static int call_result(struct cosend_pipeline *pipeline)
{
    struct cosend_cell value;
    const char *name;

    assert_false(cosend_pipeline_result(pipeline, 99, 0, &name, &value));
    assert_false(cosend_pipeline_result(pipeline, 2, 99, &name, &value));
    return whether(cosend_pipeline_result(pipeline, 2, 0, &name, &value));
}

static int call_errors(struct cosend_pipeline *pipeline)
{
    return whether(cosend_pipeline_errors(pipeline) > 0);
}

static int call_rejects_path(struct cosend_pipeline *pipeline)
{
    return whether(cosend_pipeline_rejects_path(pipeline) != NULL);
}

static int call_unreadable(struct cosend_pipeline *pipeline)
{
    return whether(cosend_pipeline_unreadable(pipeline) > 0);
}

/* A column each for the states, in their order. */
static const struct {
    const char *name;
    int (*call)(struct cosend_pipeline *pipeline);
    const char *answers;
} rows[] = {
    /* MADE, BY_CALLS, OPEN, PUSHED, TAKING, IN_HOOK, STOPPED, FINISHED, FAILED,
       BURIED, UNOPENED, CHECKED, FILES, RAN */
    {"add", call_add, "uouuuuuuuuuuuu"},
    {"add step", call_add_step, "uouuuuuuuuuuuu"},
    {"add parameter", call_add_parameter, "uouuuuuuuuuuuu"},
    {"add nonsense", call_add_nonsense, "ueuuuuuuuuuuuu"},
    {"set source", call_set_source, "uouuuuuuuuuuuu"},
    {"expand", call_expand, "ynyyyyyyyyynyy"},
    {"run", call_run, "uuuuuuuuuuuuou"},
    {"next", call_next, "uuuuuuuuuuuuoo"},
    {"open", call_open, "oouuuuuuuuuuuu"},
    {"push", call_push, "uuoouudueeeuuu"},
    {"push nothing", call_push_nothing, "uuoouudueeeuuu"},
    {"push record", call_push_record, "uuouuuduueeuuu"},
    {"push no record", call_push_no_record, "uuuuuuuuueeuuu"},
    {"begin file", call_begin_file, "uuoouudueeeuuu"},
    {"end file", call_end_file, "uuuouuuueeeuuu"},
    {"position", call_position, "uuooooooooouuu"},
    {"flush", call_flush, "uuoouudueeeuuu"},
    {"finish", call_finish, "uuoouuooeeeuuo"},
    {"request", call_request, "oooooooooooooo"},
    {"progress", call_progress, "nnnnnnnnnnnnnn"},
    {"on ledger", call_on_ledger, "oooooooooooooo"},
    {"save", call_save, "uuoouoouuuuuuu"},
    {"merge nothing", call_merge_nothing, "uueeuueueuuuuu"},
    {"refusal", call_refusal, "yynnnnnnnnnyyn"},
    {"ledger", call_ledger, "ynyyyyyyyyyyyy"},
    {"ledger of", call_ledger_of, "ynyyyyyyyyyyyy"},
    {"result of", call_result_of, "nnnnnnnyyynnny"},
    {"balanced", call_balanced, "nnyynyyyyyynny"},
    {"result", call_result, "nnnnnnnyyynnny"},
    {"errors", call_errors, "nnnnnnnnnnnnnn"},
    {"rejects path", call_rejects_path, "yyyyyyyyyyyyyy"},
    {"unreadable", call_unreadable, "nnnnnnnnnnnnnn"},
};

/* ---- The table ----------------------------------------------------------- */

static char answer_in(enum state state, int (*call)(struct cosend_pipeline *))
{
    struct situation now = {.call = call};
    struct cosend_pipeline *pipeline;

    reach(state, &now);
    pipeline = now.pipeline;
    if (cosend_pipeline_finish(pipeline, NULL) == COSEND_OK)
        assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    return (char)now.answer;
}

static void every_call_in_every_state(void **state)
{
    bool same = true;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char answers[STATES + 1] = "";

        for (int at = 0; at < STATES; at++)
            answers[at] = answer_in((enum state)at, rows[i].call);
        if (strcmp(answers, rows[i].answers) != 0)
            print_error("%s: %s, not %s\n", rows[i].name, answers,
                        rows[i].answers);
        same &= strcmp(answers, rows[i].answers) == 0;
    }
    assert_true(same);
}

/* ---- Options ------------------------------------------------------------- */

static void assert_refused(const struct cosend_options *options, int kind)
{
    static const char json[] = "{\"cosend\": 1, \"steps\": [\"count\"]}";
    struct cosend_error error = {0}, again = {0}, late = {0};
    struct cosend_pipeline *pipeline;

    assert_null(cosend_pipeline_from_line("count", options, &error));
    if (kind != error.kind)
        print_error("%s\n", error.message);
    assert_int_equal(error.kind, kind);
    assert_null(cosend_pipeline_from_json(json, strlen(json), options, &again));
    assert_int_equal(again.kind, kind);
    assert_null(
        cosend_pipeline_from_line("input delimiter=; | count", options, NULL));
    /* Call by call it is complete when it is opened. */
    pipeline = cosend_pipeline_new(options, &late);
    if (pipeline)
        cosend_pipeline_open(pipeline, &late);
    assert_int_equal(late.kind, kind);
    cosend_pipeline_free(pipeline);
}

static void enums_out_of_range_are_refused(void **state)
{
    static const int inputs[] = {
        -3, -1, COSEND_FORMAT_TABLE, COSEND_FORMAT_TEMPLATE + 1, 99, INT32_MAX};
    static const int outputs[] = {-3, -1, COSEND_FORMAT_TEMPLATE + 1, 99,
                                  INT32_MAX};
    static const int others[] = {-1, COSEND_ON_ERROR_FAIL + 1, 99, INT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
        struct cosend_options options = {
            .size = sizeof(options), .push = true, .input_format = inputs[i]};

        assert_refused(&options, COSEND_E_USAGE);
    }
    for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++) {
        struct cosend_options options = {
            .size = sizeof(options), .push = true, .output_format = outputs[i]};

        assert_refused(&options, COSEND_E_USAGE);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        struct cosend_options options = {
            .size = sizeof(options), .push = true, .on_error = others[i]};

        assert_refused(&options, COSEND_E_USAGE);
        options = (struct cosend_options){.size = sizeof(struct cosend_options),
                                          .push = true,
                                          .output_numbers = others[i]};
        assert_refused(&options, COSEND_E_USAGE);
    }
}

/* A host that was made with an older cosend.h has less of it; one that was made
   with a later one has more, and may mean nothing by it. */
static void structs_of_other_sizes_are_understood_or_refused(void **state)
{
    struct {
        struct cosend_options options;
        uintptr_t later;
    } made = {.options = {.push = true}};
    static const size_t none[] = {0, 1, sizeof(size_t),
                                  sizeof(struct cosend_options) - 1, SIZE_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        made.options.size = none[i];
        assert_refused(&made.options, COSEND_E_USAGE);
    }
    made.options.size = sizeof(made);
    cosend_pipeline_free(open_line("count", &made.options));
    made.later = 1;
    assert_refused(&made.options, COSEND_E_USAGE);
}

/* Counts that no machine has are bounded, not believed. */
static void counts_beyond_reason_work(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline;

        options.batch_size = i == 0 ? UINT32_MAX : 0;
        options.threads = i == 1 ? UINT32_MAX - 1 : i == 2 ? 100000 : 0;
        pipeline = open_line("count", &options);
        push(pipeline, "a\nb\n");
        finish(pipeline);
        assert_string_equal(taken.text, "count=2 ;");
    }
}

static void none_is_freed(void **state)
{
    (void)state;
    cosend_pipeline_free(NULL);
    cosend_release_text(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_in_every_state),
        cmocka_unit_test(enums_out_of_range_are_refused),
        cmocka_unit_test(structs_of_other_sizes_are_understood_or_refused),
        cmocka_unit_test(counts_beyond_reason_work),
        cmocka_unit_test(none_is_freed)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
