/* SPDX-License-Identifier: MIT */
/*
 * A host program that calls what it should not, or when it should not: it is
 * told, nothing changes, and what it does right afterwards works.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

static struct cosend_cell cell(const char *text, enum cosend_kind kind)
{
    struct cosend_cell made = cosend_text(text, strlen(text));

    made.kind = kind;
    return made;
}

static void records_of_other_columns_are_refused(void **state)
{
    static const char *const names[] = {"a", "b", "c"};
    static const char *const others[] = {"b", "a"};
    static const char *const twice[] = {"a", "a"};
    struct cosend_cell cells[3] = {cell("1", COSEND_TEXT),
                                   cell("2", COSEND_NUMBER),
                                   cell("3", COSEND_TEXT)};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, cells, 0, NULL),
        COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, twice, cells, 2, NULL),
        COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, cells, 2, NULL),
        COSEND_OK);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, others, cells, 2, &error),
        COSEND_E_USAGE);
    assert_string_equal(error.message,
                        "column 1 of a pushed record is \"b\"; that of the one "
                        "before was \"a\"");
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, cells, 3, NULL),
        COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, cells, 1, NULL),
        COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, cells, 2, NULL),
        COSEND_OK);
    finish(pipeline);
    assert_string_equal(taken.text, "a=1 b=2 ;a=1 b=2 ;");
}

static void half_a_line_and_a_record_do_not_mix(void **state)
{
    static const char *const names[] = {"a"};
    struct cosend_cell one = cell("1", COSEND_TEXT);
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);

    (void)state;
    assert_int_equal(cosend_pipeline_push(pipeline, "ab", 2, NULL), COSEND_OK);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, &one, 1, NULL),
        COSEND_E_USAGE);
    finish(pipeline);
    assert_string_equal(taken.text, "line=ab ;");
}

static void cells_that_are_not_what_they_say_are_refused(void **state)
{
    static const struct {
        const char *text;
        int kind;
        bool fine;
    } cells[] = {
        {"-1.5e3", COSEND_NUMBER, true},
        {"1.", COSEND_NUMBER, false},
        {".5", COSEND_NUMBER, false},
        {"+1", COSEND_NUMBER, false},
        {"0x1F", COSEND_NUMBER, false},
        {"nan", COSEND_NUMBER, false},
        {" 1", COSEND_NUMBER, false},
        {"", COSEND_NUMBER, false},
        {"\"1\"", COSEND_NUMBER, false},
        {"true", COSEND_BOOL, true},
        {"True", COSEND_BOOL, false},
        {"[1, {\"a\": 2}]", COSEND_NESTED, true},
        {"[1, 2", COSEND_NESTED, false},
        {"{} ", COSEND_NESTED, false},
        {"{\"a\": {\"b\": 1}, \"c\": 2}", COSEND_NESTED, true},
        {"{\"a\":\n1}", COSEND_NESTED, false},
        {"[1,\r2]", COSEND_NESTED, false},
        {"1", COSEND_NESTED, false},
        {"x", 99, false},
        {"x", -1, false},
        {"", COSEND_NULL, true},
        {"x", COSEND_NULL, false},
        {"", COSEND_ABSENT, true},
        {"x", COSEND_ABSENT, false},
    };
    static const char *const names[] = {"a"};

    (void)state;
    for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline = open_line("grep .", &options);
        struct cosend_cell pushed =
            cell(cells[i].text, (enum cosend_kind)cells[i].kind);
        int status =
            cosend_pipeline_push_record(pipeline, names, &pushed, 1, NULL);

        if (status != (cells[i].fine ? COSEND_OK : COSEND_E_USAGE))
            print_error("%s of kind %d\n", cells[i].text, cells[i].kind);
        assert_int_equal(status, cells[i].fine ? COSEND_OK : COSEND_E_USAGE);
        finish(pipeline);
    }
}

static void nothing_where_something_is_promised_is_refused(void **state)
{
    static const char *const names[] = {"a"}, *const none[] = {NULL};
    struct cosend_cell one = cell("1", COSEND_TEXT), hollow = one;
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);

    (void)state;
    hollow.data = NULL;
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, &hollow, 1, NULL),
        COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push_record(pipeline, none, &one, 1, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push(pipeline, NULL, 1, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push(pipeline, NULL, 0, NULL), COSEND_OK);
    finish(pipeline);
}

static void assert_refused(const struct cosend_options *options,
                           const char *says)
{
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line("head 1", options, &error);

    assert_null(pipeline);
    assert_int_equal(error.kind, COSEND_E_USAGE);
    assert_string_equal(error.message, says);
    memset(&error, 0, sizeof(error));
    assert_null(cosend_line_to_json("head 1", options, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
}

static void options_without_what_they_count_are_refused(void **state)
{
    static const struct cosend_parameter halves[] = {{"a", "1"}, {"b", NULL}};
    static const char *const files[] = {"a", NULL};
    struct cosend_options none = {.size = sizeof(none)}, made = none;

    (void)state;
    made.parameter_count = 2;
    assert_refused(&made, "options: parameters[0] has no name or no value");
    made.parameters = halves;
    assert_refused(&made, "options: parameters[1] has no name or no value");
    made = none;
    made.file_count = 2;
    assert_refused(&made, "options: files[0] is NULL");
    made.files = files;
    assert_refused(&made, "options: files[1] is NULL");
    made = none;
    made.output_path = "";
    assert_refused(&made, "options: output_path is empty; NULL is none");
    made = none;
    made.rejects_path = "";
    assert_refused(&made, "options: rejects_path is empty; NULL is none");
}

static void no_calls(int role, const char *name, const char *options,
                     void *context)
{
    (void)role, (void)name, (void)options, (void)context;
    fail();
}

static void what_a_call_must_have_is_refused_without(void **state)
{
    static const char *const unnamed[] = {"a", NULL};
    const struct cosend_cell cells[] = {cosend_text("1", 1),
                                        cosend_text("2", 1)};
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&made, NULL);

    (void)state;
    assert_null(cosend_find_filter(NULL));
    assert_null(cosend_pipeline_from_line(NULL, &made, NULL));
    assert_null(cosend_line_to_json(NULL, NULL, NULL));
    assert_int_equal(cosend_line_calls(NULL, NULL, no_calls, NULL, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_add(pipeline, NULL, NULL, NULL),
                     COSEND_E_USAGE);
    cosend_pipeline_free(pipeline);
    pipeline = cosend_pipeline_new(&made, NULL);
    assert_int_equal(cosend_pipeline_set_source(pipeline, NULL, NULL, NULL),
                     COSEND_E_USAGE);
    cosend_pipeline_free(pipeline);
    pipeline = cosend_pipeline_new(&made, NULL);
    assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_push(pipeline, NULL, 1, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, unnamed, cells, 2, NULL),
        COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, unnamed, cells, 1, NULL),
        COSEND_OK);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_string_equal(taken.text, "a=1 ;");
    cosend_pipeline_free(pipeline);
}

static void calls_out_of_order_are_refused(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line("count", &options, NULL);
    struct cosend_bytes bytes = {0};

    (void)state;
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_run(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_save(pipeline, &bytes), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_run(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_save(pipeline, &bytes), COSEND_E_USAGE);
    assert_string_equal(cosend_pipeline_refusal(pipeline),
                        "the pipeline is finished: save and merge come before "
                        "that");
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, "count=1 ;");
}

static void an_error_is_said_again_until_the_end(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0}, again = {0};
    struct cosend_pipeline *pipeline;

    (void)state;
    options.max_errors = 1; /* which says by itself that it is meant */
    pipeline = open_line("average | count", &options);
    assert_int_equal(cosend_pipeline_push(pipeline, "1\nx\n", 4, NULL),
                     COSEND_OK);
    assert_int_equal(cosend_pipeline_push(pipeline, "y\n", 2, &error),
                     COSEND_E_DATA);
    assert_int_equal(cosend_pipeline_push(pipeline, "2\n", 2, &again),
                     COSEND_E_DATA);
    assert_string_equal(again.message, error.message);
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_E_DATA);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_DATA);
    assert_int_equal(cosend_pipeline_finish(pipeline, &again), COSEND_E_DATA);
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, "");
}

static void a_failed_open_is_what_finish_says(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    (void)state;
    options.record = NULL;
    options.output_path = "/nowhere/at/all";
    pipeline = cosend_pipeline_from_line("count", &options, &error);
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_E_OUTPUT);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_OUTPUT);
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, NULL),
                     COSEND_E_OUTPUT);
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_E_OUTPUT);
    cosend_pipeline_free(pipeline);
}

/* Every call that drives it says what kept it from opening. */
static void is_not_opened(struct cosend_pipeline *pipeline, int status,
                          const char *why)
{
    int (*const calls[])(struct cosend_pipeline *, struct cosend_error *) = {
        cosend_pipeline_open, cosend_pipeline_flush, cosend_pipeline_finish};
    struct cosend_error error;

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        error = (struct cosend_error){0};
        assert_int_equal(calls[i](pipeline, &error), status);
        assert_non_null(strstr(error.message, why));
    }
    error = (struct cosend_error){0};
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, &error), status);
    assert_non_null(strstr(error.message, why));
    cosend_pipeline_free(pipeline);
}

static void without_what_a_call_was_to_add_it_is_not_opened(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&options, NULL);

    (void)state;
    assert_int_equal(cosend_pipeline_add(pipeline, "grep", "{", NULL),
                     COSEND_E_SPEC);
    assert_int_equal(cosend_pipeline_add(pipeline, "count", "[", NULL),
                     COSEND_E_SPEC);
    assert_int_equal(cosend_pipeline_add(pipeline, "head", "1", NULL),
                     COSEND_OK);
    is_not_opened(pipeline, COSEND_E_SPEC, "the options of grep are not JSON");
    pipeline = cosend_pipeline_new(&options, NULL);
    assert_int_equal(cosend_pipeline_set_source(pipeline, "input", "{", NULL),
                     COSEND_E_SPEC);
    is_not_opened(pipeline, COSEND_E_SPEC, "the options of input are not JSON");
    pipeline = cosend_pipeline_new(&options, NULL);
    assert_int_equal(cosend_pipeline_add_parameter(pipeline, "p", "{", NULL),
                     COSEND_E_SPEC);
    is_not_opened(pipeline, COSEND_E_SPEC, "the options of p are not JSON");
    pipeline = cosend_pipeline_new(&options, NULL);
    assert_int_equal(cosend_pipeline_add(pipeline, "nosuch", NULL, NULL),
                     COSEND_OK);
    is_not_opened(pipeline, COSEND_E_SPEC, "there is no filter \"nosuch\"");
}

/* What is wrong with the whole may be put right. */
static void after_a_failed_open_more_may_be_added(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&options, NULL);

    (void)state;
    assert_int_equal(cosend_pipeline_add(pipeline, "grep", "\"${what}\"", NULL),
                     COSEND_OK);
    assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_E_SPEC);
    assert_int_equal(cosend_pipeline_add_parameter(
                         pipeline, "what",
                         "{\"type\": \"string\", \"default\": \"a\"}", NULL),
                     COSEND_OK);
    assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_OK);
    push(pipeline, "a\nb\n");
    finish(pipeline);
    assert_string_equal(taken.text, "line=a ;");
}

static struct cosend_pipeline *doomed;

static int free_and_fail(const struct cosend_record *record, void *context)
{
    (void)record, (void)context;
    cosend_pipeline_free(doomed);
    return COSEND_E_USER;
}

static void of_one_that_is_freed_there_is_no_error(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};

    (void)state;
    options.record = free_and_fail;
    doomed = open_line("grep .", &options);
    assert_int_equal(cosend_pipeline_push(doomed, "a\nb\n", 4, &error),
                     COSEND_E_ABORTED);
    assert_int_equal(error.kind, 0);
}

/* By so many bytes a push, into one file that was begun, or none. */
static void push_packed(size_t piece, const char *name)
{
    static const char packed[] = "\x1f\x8b\x08\0\0\0\0\0\0\3abc\n";
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_error error = {0};
    int status = COSEND_OK;

    if (name)
        assert_int_equal(cosend_pipeline_begin_file(pipeline, name, 0, NULL),
                         COSEND_OK);
    for (size_t at = 0; at < sizeof(packed) - 1 && status == COSEND_OK;
         at += piece)
        status = cosend_pipeline_push(pipeline, packed + at, piece, &error);
    if (status == COSEND_OK)
        status = cosend_pipeline_flush(pipeline, &error);
    assert_int_equal(status, COSEND_E_INPUT);
    assert_non_null(strstr(error.message, name ? name : "push: it is gzip"));
    assert_non_null(strstr(error.message, "unpack it before"));
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_INPUT);
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, "");
}

static void compressed_bytes_are_no_lines(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);

    (void)state;
    push_packed(1, NULL);
    push_packed(2, "a.gz");
    push_packed(14, NULL);
    push_packed(14, "a.gz");
    /* Behind a file's start such bytes are any. */
    assert_int_equal(cosend_pipeline_begin_file(pipeline, "a", 9, NULL),
                     COSEND_OK);
    assert_int_equal(cosend_pipeline_push(pipeline, "\x1f\x8b\x08\n", 4, NULL),
                     COSEND_OK);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, "line=\x1f\x8b\x08 ;");
}

static void a_record_has_no_file(void **state)
{
    static const char *const names[] = {"a"};
    struct cosend_cell one = cell("1", COSEND_TEXT);
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_pipeline_begin_file(pipeline, "f", 0, NULL),
                     COSEND_OK);
    assert_int_equal(
        cosend_pipeline_push_record(pipeline, names, &one, 1, &error),
        COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "push its bytes"));
    assert_int_equal(cosend_pipeline_push(pipeline, "x\n", 2, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, "line=x ;");
}

/* ---- Callbacks ----------------------------------------------------------- */

struct nosy {
    struct cosend_pipeline *pipeline;
    struct cosend_bytes bytes;
    int calls, refused;
};

/* Needs more room than a coroutine's stack has, and drives its own pipeline. */
static int drive_again(const struct cosend_record *record, void *context)
{
    struct nosy *nosy = context;
    volatile char room[300 * 1024];

    (void)record;
    for (size_t i = 0; i < sizeof(room); i += 1024)
        room[i] = (char)i;
    nosy->calls += room[1024] == 0;
    nosy->refused += cosend_pipeline_push(nosy->pipeline, "again\n", 6, NULL) ==
                     COSEND_E_USAGE;
    nosy->refused +=
        cosend_pipeline_finish(nosy->pipeline, NULL) == COSEND_E_USAGE;
    nosy->refused +=
        cosend_pipeline_save(nosy->pipeline, &nosy->bytes) == COSEND_E_USAGE;
    return COSEND_OK;
}

static void callbacks_have_the_hosts_stack_and_cannot_drive(void **state)
{
    struct nosy nosy = {0};
    struct cosend_options options;

    (void)state;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.push = true;
    options.record = drive_again;
    options.context = &nosy;
    nosy.pipeline = open_line("grep .", &options);
    push(nosy.pipeline, "one\ntwo\n");
    assert_int_equal(nosy.calls, 2);
    assert_int_equal(nosy.refused, 6);
    push(nosy.pipeline, "three");
    finish(nosy.pipeline);
    assert_int_equal(nosy.calls, 3);
}

/* ---- Requests ------------------------------------------------------------ */

static void a_pushed_pipeline_does_what_it_is_asked(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("count", &options);

    (void)state;
    push(pipeline, "a\nb\n");
    cosend_pipeline_request(pipeline, COSEND_STOP);
    assert_int_equal(cosend_pipeline_push(pipeline, "c\n", 2, NULL),
                     COSEND_DONE);
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_DONE);
    finish(pipeline);
    assert_string_equal(taken.text, "count=2 ;");
}

/* What would be left undone, and nobody told. */
static void options_of_which_one_would_be_left_out_are_refused(void **state)
{
    static const char *const files[] = {"/dev/null"};
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    (void)state;
    made.output_path = "/dev/null";
    assert_refused(&made, "options: output_path and record are set, and the "
                          "records can go to one of them only");
    made.output_path = NULL;
    made.files = files;
    made.file_count = 1;
    for (int by_calls = 0; by_calls < 2; by_calls++) {
        made.push = !by_calls;
        memset(&error, 0, sizeof(error));
        pipeline = by_calls ? cosend_pipeline_new(&made, &error)
                            : cosend_pipeline_from_line("pass", &made, &error);
        assert_non_null(pipeline);
        if (by_calls)
            assert_int_equal(
                cosend_pipeline_add(pipeline, "pass", NULL, &error), COSEND_OK);
        assert_int_equal(cosend_pipeline_open(pipeline, &error),
                         COSEND_E_USAGE);
        assert_string_equal(error.message,
                            "the pipeline has files, which are read by "
                            "cosend_pipeline_run, and are not where it is "
                            "pushed into");
        if (by_calls)
            assert_int_equal(cosend_pipeline_run(pipeline, NULL), COSEND_OK);
        cosend_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_other_columns_are_refused),
        cmocka_unit_test(half_a_line_and_a_record_do_not_mix),
        cmocka_unit_test(cells_that_are_not_what_they_say_are_refused),
        cmocka_unit_test(nothing_where_something_is_promised_is_refused),
        cmocka_unit_test(options_without_what_they_count_are_refused),
        cmocka_unit_test(what_a_call_must_have_is_refused_without),
        cmocka_unit_test(options_of_which_one_would_be_left_out_are_refused),
        cmocka_unit_test(calls_out_of_order_are_refused),
        cmocka_unit_test(an_error_is_said_again_until_the_end),
        cmocka_unit_test(a_failed_open_is_what_finish_says),
        cmocka_unit_test(without_what_a_call_was_to_add_it_is_not_opened),
        cmocka_unit_test(after_a_failed_open_more_may_be_added),
        cmocka_unit_test(of_one_that_is_freed_there_is_no_error),
        cmocka_unit_test(compressed_bytes_are_no_lines),
        cmocka_unit_test(a_record_has_no_file),
        cmocka_unit_test(callbacks_have_the_hosts_stack_and_cannot_drive),
        cmocka_unit_test(a_pushed_pipeline_does_what_it_is_asked)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
