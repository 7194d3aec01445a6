/* SPDX-License-Identifier: MIT */
/*
 * Records that a filter keeps, written down and read again by another run: what
 * becomes of them must be what becomes of those that nobody kept, in every
 * format, of ragged rows and reordered ones, of fields of their own and of
 * records that are bad further down.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chance.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* ---- A filter that keeps all records until the end ----------------------- */

enum { MOST = 300 };

struct held {
    struct cosend_stage *self;
    struct cosend_record kept[MOST];
    size_t count;
};

static int hold(struct cosend_stage *self, void *options)
{
    struct held *held = calloc(1, sizeof(*held));
    struct cosend_record record;

    (void)options;
    assert_non_null(held);
    held->self = self;
    cosend_stage_defer(self, free, held);
    cosend_publish(self, held);
    while (held->count < MOST && cosend_receive(self, &record))
        if (!cosend_keep(self, &record, &held->kept[held->count++]))
            return COSEND_E_MEMORY;
    for (size_t i = 0; i < held->count; i++) {
        cosend_emit(self, &held->kept[i]);
        cosend_release(self, &held->kept[i]);
    }
    return 0;
}

static int save(const void *state, struct cosend_bytes *to)
{
    const struct held *held = state;

    cosend_put_varint(to, held->count);
    for (size_t i = 0; i < held->count; i++)
        cosend_put_record(to, &held->kept[i]);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    struct held *held = state;
    int status = COSEND_OK;

    for (uint64_t i = cosend_get_varint(from); i > 0 && status == COSEND_OK;
         i--)
        status =
            cosend_get_record(held->self, from, &held->kept[held->count++]);
    return status;
}

static const struct cosend_option none[] = {{.name = NULL}};
static const struct cosend_filter hold_filter = {.abi = COSEND_ABI,
                                                 .name = "hold",
                                                 .summary = "holds",
                                                 .options = none,
                                                 .body = hold,
                                                 .save = save,
                                                 .merge = merge};

/* ---- Input --------------------------------------------------------------- */

static const struct kind {
    int format;
    const char *from; /* options of the source */
    const char *start;
    const char *records[9];
} kinds[] = {
#define ROWS                                                                   \
    {                                                                          \
        "1,2,3", "\"q,\"\"r\",x,", "7", "8,9", "1,2,3,4", ",,",                \
            "\"a\nb\",2,z", "5,\"6\",7", "x, y ,z"                             \
    }
    {COSEND_FORMAT_CSV, "\"ragged\": \"pad\"", "a,b,c\n", ROWS},
    {COSEND_FORMAT_CSV, "\"ragged\": \"truncate\"", "c,a,b\n", ROWS},
    {COSEND_FORMAT_CSV, "\"ragged\": \"keep\"", "\"b\",a,c\n", ROWS},
    {COSEND_FORMAT_CSV, "\"ragged\": \"reject\"", "a,b,c\n", ROWS},
#undef ROWS
    {COSEND_FORMAT_TSV,
     "\"ragged\": \"pad\"",
     "a\tb\tc\n",
     {"1\t2\t3", "x\\ty\t\t", "7", "8\t9", "\t\t", "5\t\"6\"\t7", "1\t1\t1",
      "a b\tc\td", "0\t0\t0"}},
    {COSEND_FORMAT_JSONL,
     "",
     "",
     {"{\"a\": 1, \"b\": \"x\", \"c\": null}", "{\"c\":[1,2],\"a\":7}",
      "{\"b\":true, \"d\": {\"e\": 1}}", "{}", "{\"a\":\"q\\n\", \"b\":2.50}",
      "{\"a\":1,\"a\":2}", "{\"a\":-7,\"b\":\"\",\"c\":1e400}",
      "{\"a\":\"\\u00e9\"}", "{\"b\":1,\"a\":3,\"c\":\"z\"}"}},
};

/* What stands before the filter that holds. */
static const char *const before[] = {
    "{\"pass\": {}}",
    "{\"select\": [\"c\", \"a\"]}",
    "{\"rename\": {\"a\": \"b\", \"b\": \"a\"}}",
    "{\"rename\": {\"names\": {\"b\": \"x\"}, \"overwrite\": true}}",
    "{\"reorder\": [\"c\", \"a\"]}",
    "{\"fill\": {\"fields\": \"b\", \"value\": \"7\", \"add\": true}}",
    "{\"enumerate\": {\"as\": \"m\"}}",
    ("{\"parse\": {\"field\": \"a\", \"regex\": \"(?<p>.)\", \"keep_source\": "
     "true}}"),
};

static void make_input(const struct kind *kind, struct text *input)
{
    unsigned records = draw(40);

    input->length = 0;
    add(input, kind->start, strlen(kind->start));
    while (records--) {
        const char *record = kind->records[draw(9)];

        add(input, record, strlen(record));
        add(input, draw(6) ? "\n" : "\r\n", 1);
        if (input->data[input->length - 1] == '\r')
            add(input, "\n", 1);
    }
}

/* ---- Running ------------------------------------------------------------- */

static char rows_path[] = "/tmp/test_kept_rows.XXXXXX";
static char lines_path[] = "/tmp/test_kept_lines.XXXXXX";
static char rejects_path[] = "/tmp/test_kept_rejects.XXXXXX";

static int take(const struct cosend_record *record, void *context)
{
    struct text *output = context;
    struct cosend_item item = {0};
    const char *raw;
    size_t length;
    char number[16];

    while (cosend_next_item(record, &item, NULL)) {
        add(output, item.name, item.name_length);
        add(output, number,
            (size_t)snprintf(number, sizeof(number),
                             "=%d:", (int)item.cell.kind));
        add(output, item.cell.data, item.cell.length);
        add(output, " ", 1);
    }
    if (cosend_record_raw(record, &raw, &length)) {
        add(output, "raw=", 4);
        add(output, raw, length);
    }
    add(output, ";\n", 2);
    return COSEND_OK;
}

static struct cosend_pipeline *open_run(const struct kind *kind,
                                        const char *steps, const char *holder,
                                        struct text *output)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .input_format = kind->format,
                                     .rejects_path = rejects_path,
                                     .record = take,
                                     .context = output};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;
    char spec[2000];

    snprintf(spec, sizeof(spec),
             "{\"cosend\": 1, \"from\": {\"input\": {%s}}, \"steps\": [%s, %s, "
             "{\"tee\": [{\"file\": {\"path\": \"%s\", \"format\": \"csv\"}}], "
             "\"id\": \"one\"}, {\"tee\": [{\"file\": {\"path\": \"%s\", "
             "\"format\": \"jsonl\"}}], \"id\": \"two\"}, {\"where\": "
             "{\"field\": \"a\", \"op\": \"gt\", \"value\": 2}}]}",
             kind->from, steps, holder, rows_path, lines_path);
    pipeline = cosend_pipeline_from_json(spec, strlen(spec), &options, &error);
    if (!pipeline || cosend_pipeline_open(pipeline, &error) != COSEND_OK)
        fail_msg("%s: %s", spec, error.message);
    return pipeline;
}

static void push_some(struct cosend_pipeline *pipeline, const char *data,
                      size_t length)
{
    struct cosend_error error = {0};

    if (cosend_pipeline_push(pipeline, data, length, &error) != COSEND_OK)
        fail_msg("%s", error.message);
}

/* Of the rejects those of the last step: the others were rejected before
   anything was saved. */
static void take_file(const char *path, struct text *output)
{
    char line[1000];
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    add(output, "----\n", 5);
    while (fgets(line, sizeof(line), file))
        if (path != rejects_path || strstr(line, "\"step\":\"where\""))
            add(output, line, strlen(line));
    fclose(file);
    assert_int_equal(truncate(path, 0), 0);
}

static void end_run(struct cosend_pipeline *pipeline, struct text *output)
{
    struct cosend_error error = {0};

    if (cosend_pipeline_finish(pipeline, &error) != COSEND_OK)
        fail_msg("%s", error.message);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    take_file(rows_path, output);
    take_file(lines_path, output);
    take_file(rejects_path, output);
}

static void run_held(const struct kind *kind, const char *steps,
                     const char *holder, const struct text *input,
                     struct text *output)
{
    struct cosend_pipeline *pipeline = open_run(kind, steps, holder, output);

    output->length = 0;
    push_some(pipeline, input->data, input->length);
    end_run(pipeline, output);
}

/* The same, but saved when all was pushed, and merged into another run. False
   where a step before it cannot be saved. */
static bool run_saved(const struct kind *kind, const char *steps,
                      const struct text *input, struct text *output)
{
    const char *holder = "{\"hold\": {}}";
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    struct cosend_pipeline *pipeline = open_run(kind, steps, holder, output);
    int status;

    push_some(pipeline, input->data, input->length);
    status = cosend_pipeline_save(pipeline, &bytes);
    cosend_pipeline_free(pipeline);
    if (status == COSEND_E_USAGE)
        return false;
    assert_int_equal(status, COSEND_OK);
    output->length = 0;
    pipeline = open_run(kind, steps, holder, output);
    reader = cosend_read_bytes(bytes.data, bytes.length);
    if (cosend_pipeline_merge(pipeline, &reader) != COSEND_OK)
        fail_msg("%s", cosend_pipeline_refusal(pipeline));
    end_run(pipeline, output);
    cosend_bytes_free(&bytes);
    return true;
}

static struct text input, passed, held, merged;

static void assert_same(const char *what, const char *steps,
                        const struct text *was, const struct text *is)
{
    if (is_same(was, is))
        return;
    fprintf(stderr, "---- was\n%.*s---- is\n%.*s", (int)was->length, was->data,
            (int)is->length, is->data);
    fail_msg("%s: %s", what, steps);
}

static bool try_kind(const struct kind *kind, const char *steps)
{
    make_input(kind, &input);
    run_held(kind, steps, "{\"pass\": {}}", &input, &passed);
    run_held(kind, steps, "{\"hold\": {}}", &input, &held);
    assert_same("kept", steps, &passed, &held);
    if (!run_saved(kind, steps, &input, &merged))
        return false;
    assert_same("saved", steps, &passed, &merged);
    return true;
}

static void records_that_are_kept_and_saved_are_what_they_were(void **state)
{
    unsigned saved = 0;

    (void)state;
    assert_int_equal(cosend_register(&hold_filter, NULL), COSEND_OK);
    close(mkstemp(rows_path));
    close(mkstemp(lines_path));
    close(mkstemp(rejects_path));
    for (unsigned round = 0; round < 3; round++)
        for (size_t i = 0; i < LENGTH(kinds); i++)
            for (size_t j = 0; j < LENGTH(before); j++)
                saved += try_kind(&kinds[i], before[j]);
    assert_true(saved > 60);
    unlink(rows_path);
    unlink(lines_path);
    unlink(rejects_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_that_are_kept_and_saved_are_what_they_were)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
