/* SPDX-License-Identifier: MIT */
/*
 * What a host program pushes: in pieces of any size, of files with names, how
 * far that is, from one thread or another; and pipelines made call by call.
 */
#include "cosend.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- Pieces -------------------------------------------------------------- */

static int add_line(const struct cosend_record *record, void *context)
{
    struct cosend_bytes *to = context;
    const char *data;
    size_t length;

    if (!cosend_record_raw(record, &data, &length))
        return COSEND_E_TYPE;
    cosend_put_raw(to, data, length);
    cosend_put_raw(to, "\n", 1);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

static struct cosend_options lines_host(struct cosend_bytes *bytes)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = add_line,
                                     .context = bytes};

    return options;
}

static void pieces_of_any_size_make_the_same_records(void **state)
{
    enum { LINES = 30000 };
    static const size_t pieces[] = {1, 7, 64, 1000, 65536, 10000000};
    static char input[LINES * 12];
    struct cosend_bytes due = {0};
    size_t length = 0;

    (void)state;
    for (int i = 0; i < LINES; i++) {
        size_t before = length;

        length += (size_t)sprintf(input + length, "line %d\n", i);
        if (i % 7 == 6)
            cosend_put_raw(&due, input + before, length - before);
    }
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        struct cosend_bytes bytes = {0};
        struct cosend_options options = lines_host(&bytes);
        struct cosend_pipeline *pipeline =
            open_line("sample every=7", &options);

        for (size_t at = 0; at < length; at += pieces[i])
            assert_int_equal(
                cosend_pipeline_push(
                    pipeline, input + at,
                    length - at < pieces[i] ? length - at : pieces[i], NULL),
                COSEND_OK);
        finish(pipeline);
        assert_int_equal(bytes.length, due.length);
        assert_memory_equal(bytes.data, due.data, due.length);
        cosend_bytes_free(&bytes);
    }
    cosend_bytes_free(&due);
}

/* They may wait, but not for a flush, which says how far that is. */
static void a_flush_brings_all_whole_records(void **state)
{
    struct cosend_bytes bytes = {0};
    struct cosend_options options = lines_host(&bytes);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_position position = {.size = sizeof(position)};

    (void)state;
    for (int i = 0; i < 5000; i++)
        push(pipeline, "0123456789\n");
    push(pipeline, "half");
    assert_true(bytes.length < 55000);
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_OK);
    assert_int_equal(bytes.length, 55000);
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_int_equal(position.files, 1);
    assert_int_equal(position.taken, 55004);
    assert_int_equal(position.done, 55000);
    assert_int_equal(position.held, 0);
    finish(pipeline);
    assert_int_equal(bytes.length, 55005);
    cosend_bytes_free(&bytes);
}

/* ---- Files --------------------------------------------------------------- */

struct places {
    char text[1000];
};

static int add_place(const struct cosend_record *record, void *context)
{
    struct places *places = context;
    const char *source = "-", *data = "";
    uint64_t line = 0;
    size_t length = 0;

    cosend_record_place(record, &source, &line);
    cosend_record_raw(record, &data, &length);
    snprintf(places->text + strlen(places->text),
             sizeof(places->text) - strlen(places->text), "%s:%llu:%llu %.*s|",
             source, (unsigned long long)line,
             (unsigned long long)cosend_record_offset(record), (int)length,
             data);
    return COSEND_OK;
}

static int add_reject(const struct cosend_reject *reject, void *context)
{
    struct places *places = context;

    snprintf(places->text + strlen(places->text),
             sizeof(places->text) - strlen(places->text), "%s:%llu:%llu! %s|",
             reject->source, (unsigned long long)reject->line,
             (unsigned long long)reject->offset, reject->kind);
    return COSEND_OK;
}

static struct cosend_options places_host(struct places *places, int format)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = add_place,
                                     .reject = add_reject,
                                     .context = places,
                                     .input_format = format};

    memset(places, 0, sizeof(*places));
    return options;
}

static void begin(struct cosend_pipeline *pipeline, const char *name,
                  uint64_t offset)
{
    char own[100];

    snprintf(own, sizeof(own), "%s", name);
    assert_int_equal(cosend_pipeline_begin_file(pipeline, own, offset, NULL),
                     COSEND_OK);
    memset(own, '?', sizeof(own));
}

static void files_have_names_and_headers_of_their_own(void **state)
{
    struct places places;
    struct cosend_options options = places_host(&places, COSEND_FORMAT_CSV);
    struct cosend_pipeline *pipeline = open_line("pass", &options);

    (void)state;
    begin(pipeline, "a.csv", 0);
    push(pipeline, "k,n\na,1\nb,\"2");
    begin(pipeline, "b.csv", 0);
    push(pipeline, "k,n\nc,3");
    assert_int_equal(cosend_pipeline_end_file(pipeline, NULL), COSEND_OK);
    begin(pipeline, "c.csv", 0);
    push(pipeline, "k,n\nd\n");
    finish(pipeline);
    assert_string_equal(places.text,
                        "a.csv:2:4 a,1|a.csv:3:8! unterminated_quote|"
                        "b.csv:2:4 c,3|c.csv:2:4! ragged|");
}

static void a_file_may_begin_behind_what_was_done(void **state)
{
    struct places places;
    struct cosend_options options = places_host(&places, COSEND_FORMAT_TEXT);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_position position = {.size = sizeof(position)};

    (void)state;
    begin(pipeline, "x.log", 1000);
    push(pipeline, "one\ntw");
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_int_equal(position.taken, 1006);
    assert_int_equal(position.done, 1004);
    assert_int_equal(cosend_pipeline_end_file(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_int_equal(position.done, 1006);
    begin(pipeline, "y.log", 0);
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_int_equal(position.files, 2);
    assert_int_equal(position.done, 0);
    push(pipeline, "three\n");
    finish(pipeline);
    assert_string_equal(places.text,
                        "x.log:0:1000 one|x.log:0:1004 tw|y.log:1:0 three|");
}

static void files_out_of_order_are_refused(void **state)
{
    struct places places;
    struct cosend_options options = places_host(&places, COSEND_FORMAT_CSV);
    struct cosend_pipeline *pipeline = open_line("pass", &options);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_pipeline_end_file(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_begin_file(pipeline, NULL, 0, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_begin_file(pipeline, "", 0, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_begin_file(pipeline, "a", 5, &error),
                     COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "csv"));
    begin(pipeline, "a", 0);
    push(pipeline, "k\n1\n");
    assert_int_equal(cosend_pipeline_end_file(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_end_file(pipeline, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push(pipeline, "2\n", 2, NULL),
                     COSEND_E_USAGE);
    finish(pipeline);
    assert_string_equal(places.text, "a:2:2 1|");
}

static void what_steps_hold_is_said(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("tail 2", &options);
    struct cosend_position position = {.size = sizeof(position)};

    (void)state;
    push(pipeline, "a\nb\nc\n");
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_int_equal(position.done, 6);
    assert_int_equal(position.held, 2);
    position.size = 3;
    assert_int_equal(cosend_pipeline_position(pipeline, &position),
                     COSEND_E_USAGE);
    finish(pipeline);
}

static int take_two(const struct cosend_record *record, void *context)
{
    struct taken *taken = context;

    take(record, taken);
    return strchr(taken->text, ';') == strrchr(taken->text, ';') ? COSEND_OK
                                                                 : COSEND_DONE;
}

/* A host whose disk is full says that it is enough, and goes on later. */
static void what_was_not_wanted_is_not_done(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;
    struct cosend_position position = {.size = sizeof(position)};

    (void)state;
    options.record = take_two;
    pipeline = open_line("grep .", &options);
    push(pipeline, "a\n");
    assert_int_equal(cosend_pipeline_flush(pipeline, NULL), COSEND_OK);
    cosend_pipeline_push(pipeline, "b\nc\n", 4, NULL);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_string_equal(taken.text, "line=a ;line=b ;");
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_int_equal(position.taken, 6);
    assert_int_equal(position.done, 2);
    cosend_pipeline_free(pipeline);
}

/* ---- Threads ------------------------------------------------------------- */

enum { TURNS = 400 };

struct shared {
    struct cosend_pipeline *pipeline;
    pthread_mutex_t lock;
    atomic_int failed;
};

static void *push_in_turns(void *argument)
{
    struct shared *shared = argument;

    for (int i = 0; i < TURNS; i++) {
        pthread_mutex_lock(&shared->lock);
        if (cosend_pipeline_push(shared->pipeline, "a\n", 2, NULL) < 0 ||
            (i % 10 == 0 && cosend_pipeline_flush(shared->pipeline, NULL) < 0))
            shared->failed = 1;
        pthread_mutex_unlock(&shared->lock);
    }
    return NULL;
}

static void threads_may_take_turns(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct shared shared = {.pipeline = open_line("count line", &options),
                            .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, push_in_turns, &shared), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.failed, 0);
    finish(shared.pipeline);
    assert_string_equal(taken.text, "line=a count=1200 ;");
}

/* The callback waits until another thread has tried. */
struct meeting {
    struct cosend_pipeline *pipeline;
    pthread_t thread;
    int statuses[4];
    bool met;
};

static void *try_all(void *argument)
{
    struct meeting *meeting = argument;
    struct cosend_pipeline *pipeline = meeting->pipeline;

    meeting->statuses[0] = cosend_pipeline_push(pipeline, "x\n", 2, NULL);
    meeting->statuses[1] = cosend_pipeline_flush(pipeline, NULL);
    meeting->statuses[2] = cosend_pipeline_finish(pipeline, NULL);
    meeting->statuses[3] = cosend_pipeline_begin_file(pipeline, "f", 0, NULL);
    return NULL;
}

static int meet(const struct cosend_record *record, void *context)
{
    struct meeting *meeting = context;

    (void)record;
    if (!meeting->met) {
        meeting->met = true;
        pthread_create(&meeting->thread, NULL, try_all, meeting);
        pthread_join(meeting->thread, NULL);
    }
    return COSEND_OK;
}

static void two_at_a_time_are_refused(void **state)
{
    struct meeting meeting = {0};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = meet,
                                     .context = &meeting};

    (void)state;
    meeting.pipeline = open_line("grep .", &options);
    push(meeting.pipeline, "1\n");
    assert_true(meeting.met);
    for (int i = 0; i < 4; i++)
        assert_int_equal(meeting.statuses[i], COSEND_E_THREAD);
    finish(meeting.pipeline);
}

/* ---- Call by call -------------------------------------------------------- */

static void steps_have_ids_and_policies(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    const struct cosend_parameter given[] = {{"least", "3"}, {"field", "n"}};
    struct cosend_step steps[] = {{.size = sizeof(*steps),
                                   .filter = "where",
                                   .options = "\"n >= ${least}\"",
                                   .id = "big",
                                   .on_error = COSEND_ON_ERROR_SKIP},
                                  {.size = sizeof(*steps),
                                   .filter = "average",
                                   .options = "{\"field\": \"${field}\"}",
                                   .id = "mean"}};
    struct cosend_ledger ledger = {.size = sizeof(ledger)};
    struct cosend_pipeline *pipeline;
    struct cosend_error error = {0};
    struct cosend_cell value;

    (void)state;
    options.input_format = COSEND_FORMAT_CSV;
    options.parameters = given;
    options.parameter_count = 2;
    pipeline = cosend_pipeline_new(&options, &error);
    assert_int_equal(cosend_pipeline_add_parameter(
                         pipeline, "least", "{\"type\": \"int\"}", &error),
                     COSEND_OK);
    assert_int_equal(
        cosend_pipeline_add_parameter(pipeline, "field", NULL, &error),
        COSEND_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(cosend_pipeline_add_step(pipeline, &steps[i], &error),
                         COSEND_OK);
    if (cosend_pipeline_open(pipeline, &error) != COSEND_OK)
        fail_msg("%s", error.message);
    push(pipeline, "n\n1\n3\nx\n5\n");
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_string_equal(taken.text, "count=2 average=4 ;");
    assert_true(cosend_pipeline_ledger_of(pipeline, "big", &ledger));
    assert_int_equal(ledger.in, 4);
    assert_int_equal(ledger.skipped, 1);
    assert_true(cosend_pipeline_result_of(pipeline, "mean", "average", &value));
    assert_int_equal(value.length, 1);
    assert_int_equal(*value.data, '4');
    assert_false(cosend_pipeline_result_of(pipeline, "mean", "sum", &value));
    assert_false(cosend_pipeline_result_of(pipeline, "me", "average", &value));
    assert_false(cosend_pipeline_ledger_of(pipeline, "me", &ledger));
    ledger.size = 8;
    assert_false(cosend_pipeline_ledger_of(pipeline, "big", &ledger));
    cosend_pipeline_free(pipeline);
}

static void steps_that_make_no_sense_are_refused(void **state)
{
    struct cosend_options options = {.size = sizeof(options), .push = true};
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&options, NULL);
    struct cosend_step step = {.filter = "count"};
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_pipeline_add_step(pipeline, &step, &error),
                     COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "struct cosend_step: its size is 0"));
    step.size = sizeof(step);
    step.on_error = 9;
    assert_int_equal(cosend_pipeline_add_step(pipeline, &step, NULL),
                     COSEND_E_USAGE);
    step.on_error = 0;
    step.options = "{";
    assert_int_equal(cosend_pipeline_add_step(pipeline, &step, NULL),
                     COSEND_E_SPEC);
    assert_int_equal(
        cosend_pipeline_add_parameter(pipeline, "p", "{\"type\":", NULL),
        COSEND_E_SPEC);
    assert_int_equal(cosend_pipeline_add_parameter(pipeline, NULL, NULL, NULL),
                     COSEND_E_USAGE);
    /* What a call was to add is missed. */
    memset(&error, 0, sizeof(error));
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "struct cosend_step: its size is 0"));
    cosend_pipeline_free(pipeline);
    pipeline = cosend_pipeline_new(&options, NULL);
    step.options = NULL;
    step.id = "a \"b\" {";
    assert_int_equal(cosend_pipeline_add_step(pipeline, &step, NULL),
                     COSEND_OK);
    memset(&error, 0, sizeof(error));
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_E_SPEC);
    assert_non_null(strstr(error.message, "id"));
    cosend_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_size_make_the_same_records),
        cmocka_unit_test(a_flush_brings_all_whole_records),
        cmocka_unit_test(files_have_names_and_headers_of_their_own),
        cmocka_unit_test(a_file_may_begin_behind_what_was_done),
        cmocka_unit_test(files_out_of_order_are_refused),
        cmocka_unit_test(what_steps_hold_is_said),
        cmocka_unit_test(what_was_not_wanted_is_not_done),
        cmocka_unit_test(threads_may_take_turns),
        cmocka_unit_test(two_at_a_time_are_refused),
        cmocka_unit_test(steps_have_ids_and_policies),
        cmocka_unit_test(steps_that_make_no_sense_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
