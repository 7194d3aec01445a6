/* SPDX-License-Identifier: MIT */
/*
 * Records and rejects that a host program takes out: what its callbacks are
 * handed, what their answers do, and that a pipeline may be freed in one.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"

enum { OWN_ERROR = COSEND_E_USER - 7 };

/* ---- Answers ------------------------------------------------------------- */

/* Takes so many, and then answers something. */
struct answering {
    int taken, after, answer;
};

static int answer_after(const struct cosend_record *record, void *context)
{
    struct answering *answering = context;

    (void)record;
    return ++answering->taken < answering->after ? COSEND_OK
                                                 : answering->answer;
}

static struct cosend_options answering_host(struct answering *answering)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = answer_after,
                                     .context = answering};

    return options;
}

static void done_ends_the_pipeline_as_head_does(void **state)
{
    struct answering answering = {.after = 3, .answer = COSEND_DONE};
    struct cosend_options options = answering_host(&answering);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    (void)state;
    assert_int_equal(
        cosend_pipeline_push(pipeline, "1\n2\n3\n4\n5\n", 10, NULL),
        COSEND_DONE);
    assert_int_equal(answering.taken, 3);
    assert_int_equal(cosend_pipeline_push(pipeline, "6\n", 2, NULL),
                     COSEND_DONE);
    assert_true(cosend_pipeline_ledger_of(pipeline, "callback", &ledger));
    assert_int_equal(ledger.in, 5);
    assert_int_equal(ledger.absorbed, 3);
    assert_int_equal(ledger.unread, 2);
    finish(pipeline);
    assert_int_equal(answering.taken, 3);
}

static void an_error_is_what_push_returns(void **state)
{
    struct answering answering = {.after = 2, .answer = OWN_ERROR};
    struct cosend_options options = answering_host(&answering);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_pipeline_push(pipeline, "1\n2\n3\n", 6, &error),
                     OWN_ERROR);
    assert_int_equal(error.kind, OWN_ERROR);
    assert_non_null(strstr(error.message, "callback"));
    assert_int_equal(cosend_pipeline_push(pipeline, "4\n", 2, NULL), OWN_ERROR);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), OWN_ERROR);
    assert_int_equal(answering.taken, 2);
    cosend_pipeline_free(pipeline);
}

/* Such as a count, or true. */
static void what_is_no_answer_is_told(void **state)
{
    struct answering answering = {.after = 1, .answer = 17};
    struct cosend_options options = answering_host(&answering);
    struct cosend_pipeline *pipeline = open_line("grep .", &options);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_pipeline_push(pipeline, "1\n", 2, &error),
                     COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "17"));
    cosend_pipeline_free(pipeline);
}

/* Each file read by several threads, and each batch size. */
static void a_run_ends_with_it_too(void **state)
{
    char path[] = "/tmp/cosend-taking-XXXXXX";
    const char *files[] = {path};
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 200000; i++)
        fprintf(file, "line %d\n", i);
    fclose(file);
    for (uint32_t threads = 1; threads <= 3; threads += 2)
        for (int fails = 0; fails < 2; fails++) {
            struct answering answering = {
                .after = 70000, .answer = fails ? OWN_ERROR : COSEND_DONE};
            struct cosend_options options = answering_host(&answering);
            struct cosend_pipeline *pipeline;

            options.push = false;
            options.files = files;
            options.file_count = 1;
            options.threads = threads;
            pipeline = cosend_pipeline_from_line("grep .", &options, NULL);
            assert_int_equal(cosend_pipeline_run(pipeline, NULL),
                             fails ? OWN_ERROR : COSEND_OK);
            assert_int_equal(answering.taken, 70000);
            assert_true(fails || cosend_pipeline_balanced(pipeline));
            cosend_pipeline_free(pipeline);
        }
    unlink(path);
}

/* ---- Batches ------------------------------------------------------------- */

struct batches {
    char names[100];
    char text[1000];
    double sum;
    int schemas, batches, snapshots, answer;
};

static int take_schema(const struct cosend_schema *schema, void *context)
{
    struct batches *all = context;

    all->names[0] = '\0';
    for (size_t i = 0; i < cosend_schema_count(schema); i++)
        snprintf(all->names + strlen(all->names),
                 sizeof(all->names) - strlen(all->names), "%s ",
                 cosend_schema_name(schema, i));
    all->schemas++;
    return COSEND_OK;
}

static void add_text(struct batches *all, const char *data, size_t length)
{
    snprintf(all->text + strlen(all->text),
             sizeof(all->text) - strlen(all->text), "%.*s ", (int)length, data);
}

static int take_columns(const struct cosend_batch *batch, void *context)
{
    struct batches *all = context;
    const struct cosend_schema *schema = cosend_batch_schema(batch);
    uint32_t count = cosend_batch_count(batch);
    struct cosend_cell *cells = calloc(count, sizeof(*cells));
    struct cosend_numbers numbers;

    all->batches++;
    for (size_t c = 0; c < cosend_schema_count(schema); c++) {
        if (!cells || !cosend_batch_cells(batch, c, cells) ||
            !cosend_batch_numbers(batch, c, &numbers))
            break;
        for (uint32_t i = 0; i < count; i++) {
            double number;

            add_text(all, cells[i].data, cells[i].length);
            if (cosend_double_at(&numbers, i, &number) < COSEND_FORM_BLANK)
                all->sum += number;
        }
    }
    all->answer |= cosend_batch_cells(batch, 99, cells) ||
                   cosend_batch_numbers(batch, 99, &numbers);
    free(cells);
    return all->answer;
}

static int note_snapshot(bool begins, void *context)
{
    struct batches *all = context;

    all->snapshots += begins ? 1 : 10;
    return COSEND_OK;
}

static struct cosend_pipeline *open_taking(const char *line,
                                           struct batches *all, int format)
{
    const struct cosend_taker taker = {.size = sizeof(taker),
                                       .schema = take_schema,
                                       .batch = take_columns,
                                       .snapshot = note_snapshot,
                                       .context = all};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .taker = &taker,
                                     .input_format = format};

    memset(all, 0, sizeof(*all));
    return open_line(line, &options);
}

static void batches_have_columns_and_a_schema_once(void **state)
{
    struct batches all;
    struct cosend_pipeline *pipeline =
        open_taking("where n < 4", &all, COSEND_FORMAT_CSV);

    (void)state;
    push(pipeline, "k,n\na,1\nb,5\n");
    push(pipeline, "c,x\nd,2.5\n");
    push(pipeline, "e,");
    finish(pipeline);
    assert_string_equal(all.names, "k n ");
    assert_string_equal(all.text, "a 1 d 2.5 ");
    assert_int_equal(all.schemas, 1);
    assert_true(all.sum == 3.5);
    assert_int_equal(all.answer, 0);
}

static int take_bytes(const struct cosend_batch *batch, void *context)
{
    struct batches *all = context;
    uint64_t ends[8] = {0};
    uint8_t kinds[8] = {0};
    struct cosend_bytes bytes = {0};

    cosend_put_u8(&bytes, '!');
    assert_true(cosend_batch_count(batch) <= 8);
    all->answer = !cosend_put_column(&bytes, batch, 1, NULL, kinds) ||
                  !cosend_put_column(&bytes, batch, 0, ends, NULL) ||
                  cosend_put_column(&bytes, batch, 2, ends, kinds);
    for (size_t i = 0; i < bytes.length; i++)
        if (!bytes.data[i])
            bytes.data[i] = '.';
    snprintf(all->text, sizeof(all->text), "%.*s %d %d %d", (int)bytes.length,
             (const char *)bytes.data, (int)ends[0], (int)ends[1], kinds[1]);
    cosend_bytes_free(&bytes);
    return COSEND_OK;
}

static void a_column_comes_as_bytes_and_ends(void **state)
{
    struct batches all = {0};
    const struct cosend_taker taker = {
        .size = sizeof(taker), .batch = take_bytes, .context = &all};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .taker = &taker,
                                     .input_format = COSEND_FORMAT_CSV};
    struct cosend_pipeline *pipeline = open_line("set \"s = n + 1\"", &options);

    (void)state;
    push(pipeline, "n\n1\n41\n");
    finish(pipeline);
    assert_int_equal(all.answer, 0);
    assert_string_equal(all.text, "!2.42.1.41. 7 10 3");
}

static void the_schema_of_no_records_is_told_too(void **state)
{
    struct batches all;
    struct cosend_pipeline *pipeline =
        open_taking("count k", &all, COSEND_FORMAT_CSV);

    (void)state;
    push(pipeline, "k,n\n");
    finish(pipeline);
    assert_string_equal(all.names, "k count ");
    assert_int_equal(all.schemas, 1);
    assert_int_equal(all.batches, 0);
}

static void a_snapshot_comes_between_two_calls(void **state)
{
    struct batches all;
    struct cosend_pipeline *pipeline =
        open_taking("count k", &all, COSEND_FORMAT_CSV);

    (void)state;
    push(pipeline, "k\na\nb\n");
    cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    push(pipeline, "a\n");
    assert_string_equal(all.text, "a b 2 1 ");
    assert_int_equal(all.snapshots, 11);
    assert_int_equal(all.schemas, 1);
    finish(pipeline);
    assert_string_equal(all.text, "a b 2 1 a b 2 1 ");
    assert_int_equal(all.snapshots, 11);
    assert_int_equal(all.schemas, 2);
}

/* What a host answers in one is its answer to the call. */
struct answers {
    int schema, batch, begins, ends;
    bool inside; /* a snapshot */
};

static int answer_schema(const struct cosend_schema *schema, void *context)
{
    const struct answers *answers = context;

    (void)schema;
    return answers->inside ? answers->schema : COSEND_OK;
}

static int answer_batch(const struct cosend_batch *batch, void *context)
{
    const struct answers *answers = context;

    (void)batch;
    return answers->inside ? answers->batch : COSEND_OK;
}

static int answer_snapshot(bool begins, void *context)
{
    struct answers *answers = context;

    answers->inside = begins;
    return begins ? answers->begins : answers->ends;
}

static void an_error_in_a_snapshot_is_what_the_call_returns(void **state)
{
    static const struct {
        struct answers answers;
        int due;
    } rows[] = {{{.schema = OWN_ERROR}, OWN_ERROR},
                {{.batch = OWN_ERROR}, OWN_ERROR},
                {{.begins = OWN_ERROR}, OWN_ERROR},
                {{.ends = OWN_ERROR}, OWN_ERROR},
                {{.batch = 42}, COSEND_E_USAGE},
                {{.batch = COSEND_DONE}, COSEND_OK},
                {{.begins = COSEND_DONE}, COSEND_OK}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct answers answers = rows[i].answers;
        const struct cosend_taker taker = {.size = sizeof(taker),
                                           .schema = answer_schema,
                                           .batch = answer_batch,
                                           .snapshot = answer_snapshot,
                                           .context = &answers};
        struct cosend_options options = {.size = sizeof(options),
                                         .push = true,
                                         .quiet = true,
                                         .taker = &taker};
        struct cosend_pipeline *pipeline = open_line("count", &options);
        struct cosend_error error = {0};

        push(pipeline, "a\nb\n");
        cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
        assert_int_equal(cosend_pipeline_flush(pipeline, &error), rows[i].due);
        assert_int_equal(error.kind, rows[i].due);
        answers.inside = false;
        assert_int_equal(cosend_pipeline_finish(pipeline, NULL), rows[i].due);
        cosend_pipeline_free(pipeline);
    }
}

static int take_json(const struct cosend_batch *batch, void *context)
{
    struct cosend_bytes *to = context;

    for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
        struct cosend_record record = cosend_batch_record(batch, i);

        if (!cosend_put_json_record(to, &record))
            cosend_put_raw(to, "!", 1);
        cosend_put_raw(to, "\n", 1);
    }
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* What records of that format are, pushed through a step. */
static void check_json(const char *line, int format, const char *input,
                       const char *due)
{
    struct cosend_bytes bytes = {0};
    const struct cosend_taker taker = {
        .size = sizeof(taker), .batch = take_json, .context = &bytes};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .taker = &taker,
                                     .input_format = format};
    struct cosend_pipeline *pipeline = open_line(line, &options);

    push(pipeline, input);
    finish(pipeline);
    cosend_put_u8(&bytes, 0);
    assert_string_equal((char *)bytes.data, due);
    cosend_bytes_free(&bytes);
}

static void a_record_is_an_object_of_json(void **state)
{
    (void)state;
    check_json("drop b", COSEND_FORMAT_JSONL,
               "{\"a\": 1.50, \"b\": 2, \"c\": {\"x\": [1, 2]}}\n{}\n"
               "{\"q\\\"\": \"\\u00e9\", \"n\": null}\n",
               "{\"a\":1.50,\"c\":{\"x\": [1, 2]}}\n{}\n"
               "{\"q\\\"\":\"\\u00e9\",\"n\":null}\n");
    check_json("grep x", COSEND_FORMAT_CSV, "a,b\n\"x\"\"\",\xff\n",
               "{\"a\":\"x\\\"\",\"b\":\"\xef\xbf\xbd\"}!\n");
}

static void takers_that_make_no_sense_are_refused(void **state)
{
    struct cosend_taker taker = {.size = sizeof(taker)};
    struct cosend_options options = {
        .size = sizeof(options), .push = true, .taker = &taker};
    struct cosend_error error = {0};

    (void)state;
    assert_null(cosend_pipeline_from_line("count", &options, &error));
    assert_string_equal(error.message, "struct cosend_taker: batch is NULL");
    taker.batch = take_json;
    options.record = answer_after;
    memset(&error, 0, sizeof(error));
    assert_null(cosend_pipeline_from_line("count", &options, &error));
    assert_non_null(strstr(error.message, "record and taker"));
    options.record = NULL;
    taker.size = 0;
    memset(&error, 0, sizeof(error));
    assert_null(cosend_pipeline_from_line("count", &options, &error));
    assert_non_null(
        strstr(error.message, "struct cosend_taker: its size is 0"));
}

/* ---- Encoding ------------------------------------------------------------ */

struct encoding {
    struct cosend_encoder *encoder;
    struct cosend_bytes bytes;
    const struct cosend_schema *schema;
    int refused;
};

static int note_schema(const struct cosend_schema *schema, void *context)
{
    ((struct encoding *)context)->schema = schema;
    return COSEND_OK;
}

static int encode_batch(const struct cosend_batch *batch, void *context)
{
    struct encoding *encoding = context;
    struct cosend_error error = {0};
    uint32_t at = 0;

    while (cosend_encode(encoding->encoder, batch, &at, &encoding->bytes,
                         &error) == COSEND_E_DATA) {
        encoding->refused++;
        at++;
        memset(&error, 0, sizeof(error));
    }
    return error.kind;
}

/* What a line makes of CSV, as a format. */
static void check_encoding(const char *line, const char *input,
                           struct cosend_format_options options,
                           const char *due, int refused)
{
    struct encoding encoding = {.encoder = cosend_encoder_new(&options, NULL)};
    const struct cosend_taker taker = {.size = sizeof(taker),
                                       .schema = note_schema,
                                       .batch = encode_batch,
                                       .context = &encoding};
    struct cosend_options made = {.size = sizeof(made),
                                  .push = true,
                                  .taker = &taker,
                                  .input_format = COSEND_FORMAT_CSV};
    struct cosend_pipeline *pipeline = open_line(line, &made);

    assert_non_null(encoding.encoder);
    push(pipeline, input);
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_int_equal(cosend_encoder_end(encoding.encoder, encoding.schema,
                                        &encoding.bytes, NULL),
                     COSEND_OK);
    cosend_pipeline_free(pipeline);
    cosend_put_u8(&encoding.bytes, 0);
    assert_string_equal((char *)encoding.bytes.data, due);
    assert_int_equal(encoding.refused, refused);
    assert_int_equal(cosend_encoder_replaced(encoding.encoder), 0);
    cosend_bytes_free(&encoding.bytes);
    cosend_encoder_free(encoding.encoder);
}

static void batches_are_encoded_as_sinks_do_it(void **state)
{
    static const char input[] = "k,n\na,007\n\"b\",2\n";

    (void)state;
    check_encoding("pass", input,
                   (struct cosend_format_options){.name = COSEND_FORMAT_CSV},
                   input, 0);
    check_encoding("where n < 0", input,
                   (struct cosend_format_options){.name = COSEND_FORMAT_CSV},
                   "k,n\n", 0);
    check_encoding("pass", input,
                   (struct cosend_format_options){.name = COSEND_FORMAT_CSV,
                                                  .headless = true},
                   "a,007\n\"b\",2\n", 0);
    check_encoding("pass", input,
                   (struct cosend_format_options){.name = COSEND_FORMAT_JSONL},
                   "{\"k\":\"a\",\"n\":\"007\"}\n{\"k\":\"b\",\"n\":\"2\"}\n",
                   0);
    check_encoding("select k", input,
                   (struct cosend_format_options){.name = COSEND_FORMAT_JSON},
                   "[\n{\"k\":\"a\"},\n{\"k\":\"b\"}\n]\n", 0);
    check_encoding("pass", "",
                   (struct cosend_format_options){.name = COSEND_FORMAT_JSON},
                   "[]\n", 0);
    check_encoding("pass", input,
                   (struct cosend_format_options){.name = COSEND_FORMAT_TABLE},
                   "k    n\n-  ---\na  007\nb    2\n", 0);
    check_encoding(
        "pass", "k\n\"a,b\"\nc\n",
        (struct cosend_format_options){.name = COSEND_FORMAT_CSV,
                                       .quoting = COSEND_QUOTING_NONE},
        "k\nc\n", 1);
}

static void encoders_of_no_format_are_refused(void **state)
{
    static const int none[] = {COSEND_FORMAT_AUTO, COSEND_FORMAT_TEMPLATE, -1,
                               99};

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
        struct cosend_format_options options = {.name = none[i]};
        struct cosend_error error = {0};

        assert_null(cosend_encoder_new(&options, &error));
        assert_int_equal(error.kind, COSEND_E_USAGE);
    }
    cosend_encoder_free(NULL);
}

/* ---- Rejects ------------------------------------------------------------- */

struct refused {
    char text[2000];
    int count, answer;
};

static int take_reject(const struct cosend_reject *reject, void *context)
{
    struct refused *refused = context;

    if (refused->count++ < 4)
        snprintf(refused->text + strlen(refused->text),
                 sizeof(refused->text) - strlen(refused->text),
                 "%s:%llu:%llu %s %s [%.*s] %s|",
                 reject->source ? reject->source : "-",
                 (unsigned long long)reject->line,
                 (unsigned long long)reject->offset, reject->step, reject->kind,
                 (int)reject->raw_length, reject->raw ? reject->raw : "",
                 reject->fields ? reject->fields : "-");
    return refused->answer;
}

static struct cosend_options refusing_host(struct refused *refused)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = NULL,
                                     .reject = take_reject,
                                     .context = refused,
                                     .output_path = "/dev/null",
                                     .input_format = COSEND_FORMAT_CSV};

    memset(refused, 0, sizeof(*refused));
    return options;
}

static void rejects_come_in_order_with_their_places(void **state)
{
    struct refused refused;
    struct cosend_options options = refusing_host(&refused);
    struct cosend_pipeline *pipeline =
        open_line("set \"d = n + 1\" | average d", &options);

    (void)state;
    push(pipeline, "k,n\na,1\nb,x\nc\nd,2\n");
    cosend_pipeline_finish(pipeline, NULL);
    cosend_pipeline_free(pipeline);
    assert_int_equal(refused.count, 2);
    assert_string_equal(refused.text, "push:3:8 set not_a_number [b,x] -|"
                                      "push:4:12 push ragged [c] -|");
}

static void what_a_host_answers_to_a_reject_ends_the_run(void **state)
{
    struct refused refused;
    struct cosend_options options = refusing_host(&refused);
    struct cosend_pipeline *pipeline = open_line("average n", &options);
    struct cosend_error error = {0};

    (void)state;
    refused.answer = OWN_ERROR;
    assert_int_equal(cosend_pipeline_push(pipeline, "n\nx\ny\n", 6, &error),
                     OWN_ERROR);
    assert_non_null(strstr(error.message, "rejects"));
    assert_int_equal(refused.count, 1);
    cosend_pipeline_free(pipeline);
}

/* ---- Freeing in a callback ----------------------------------------------- */

struct freeing {
    struct cosend_pipeline *pipeline;
    int calls;
};

static int free_own(const struct cosend_record *record, void *context)
{
    struct freeing *freeing = context;

    (void)record;
    freeing->calls++;
    cosend_pipeline_free(freeing->pipeline);
    return COSEND_OK;
}

static void a_callback_may_free_its_pipeline(void **state)
{
    struct freeing freeing = {0};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = free_own,
                                     .context = &freeing};

    (void)state;
    freeing.pipeline = open_line("grep .", &options);
    assert_int_equal(
        cosend_pipeline_push(freeing.pipeline, "1\n2\n3\n", 6, NULL),
        COSEND_E_ABORTED);
    assert_int_equal(freeing.calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(done_ends_the_pipeline_as_head_does),
        cmocka_unit_test(an_error_is_what_push_returns),
        cmocka_unit_test(what_is_no_answer_is_told),
        cmocka_unit_test(a_run_ends_with_it_too),
        cmocka_unit_test(batches_have_columns_and_a_schema_once),
        cmocka_unit_test(a_column_comes_as_bytes_and_ends),
        cmocka_unit_test(the_schema_of_no_records_is_told_too),
        cmocka_unit_test(a_snapshot_comes_between_two_calls),
        cmocka_unit_test(an_error_in_a_snapshot_is_what_the_call_returns),
        cmocka_unit_test(a_record_is_an_object_of_json),
        cmocka_unit_test(takers_that_make_no_sense_are_refused),
        cmocka_unit_test(batches_are_encoded_as_sinks_do_it),
        cmocka_unit_test(encoders_of_no_format_are_refused),
        cmocka_unit_test(rejects_come_in_order_with_their_places),
        cmocka_unit_test(what_a_host_answers_to_a_reject_ends_the_run),
        cmocka_unit_test(a_callback_may_free_its_pipeline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
