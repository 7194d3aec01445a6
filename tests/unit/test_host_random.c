/* SPDX-License-Identifier: MIT */
/*
 * A pipeline that is pushed into in pieces by lot, with flushes, requests and
 * positions asked for in between, gives what it gives when all is pushed at
 * once; and up to where it says that all is done, all is.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"
#include "rounds.h"

static const struct {
    const char *line;
    int format;
} pipelines[] = {
    {"pass", COSEND_FORMAT_TEXT}, /* whose records all come out */
    {"grep 7", COSEND_FORMAT_TEXT},
    {"head 900", COSEND_FORMAT_TEXT},
    {"tail 5", COSEND_FORMAT_TEXT},
    {"where n > 300 | select k,n", COSEND_FORMAT_CSV},
    {"average n by=k", COSEND_FORMAT_CSV},
    {"sort n desc=true | head 7", COSEND_FORMAT_CSV},
    {"dedup k", COSEND_FORMAT_CSV},
    {"enumerate as=i | count k", COSEND_FORMAT_JSONL},
    {"set \"m = n * 2\" | drop n", COSEND_FORMAT_JSONL},
};

enum { PIPELINES = sizeof(pipelines) / sizeof(pipelines[0]) };

/* What a run gave: its records, and its rejects, which come later. */
struct outcome {
    struct cosend_bytes bytes, rejects;
    uint64_t behind; /* of the last record that was taken: its end in the file;
                        of text alone */
    bool all;        /* each record is taken */
};

static int take_record(const struct cosend_record *record, void *context)
{
    struct outcome *outcome = context;
    const char *data;
    size_t length;

    cosend_put_json_record(&outcome->bytes, record);
    cosend_put_raw(&outcome->bytes, "\n", 1);
    if (cosend_record_raw(record, &data, &length))
        outcome->behind = cosend_record_offset(record) + length + 1;
    return COSEND_OK;
}

static int take_reject(const struct cosend_reject *reject, void *context)
{
    struct outcome *outcome = context;
    char text[200];
    int length = snprintf(text, sizeof(text), "%llu %llu %s %s\n",
                          (unsigned long long)reject->line,
                          (unsigned long long)reject->offset, reject->step,
                          reject->kind);

    cosend_put_raw(&outcome->rejects, text, (size_t)length);
    return COSEND_OK;
}

static void make_input(struct text *input, int format)
{
    char line[100];
    unsigned lines = 200 + draw(3000);

    input->length = 0;
    if (format == COSEND_FORMAT_CSV)
        add(input, "k,n\n", 4);
    for (unsigned i = 0; i < lines; i++) {
        unsigned k = draw(5), n = draw(1000);
        bool bad = !draw(100);
        int length = format == COSEND_FORMAT_TEXT
                         ? snprintf(line, 100, "%u %u\n", k, n)
                     : format == COSEND_FORMAT_CSV
                         ? snprintf(line, 100, bad ? "%u\n" : "%u,%u\n", k, n)
                         : snprintf(line, 100,
                                    bad ? "{\"k\": %u, \"n\": oops %u\n"
                                        : "{\"k\": \"k%u\", \"n\": %u}\n",
                                    k, n);

        add(input, line, (size_t)length);
    }
    if (draw(2))
        input->length--;
}

static struct cosend_pipeline *open_for(unsigned which, struct outcome *outcome)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = take_record,
                                     .reject = take_reject,
                                     .context = outcome,
                                     .batch_size = draw(3) ? 0 : 1 + draw(50),
                                     .input_format = pipelines[which].format};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line(pipelines[which].line, &options, NULL);

    memset(outcome, 0, sizeof(*outcome));
    outcome->all = which == 0;
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_open(pipeline, NULL), COSEND_OK);
    return pipeline;
}

/* A pipeline that had enough does not say that what is behind is done. */
static void finish(struct cosend_pipeline *pipeline, unsigned which)
{
    struct cosend_position position = {.size = sizeof(position)};

    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
    assert_true(cosend_pipeline_balanced(pipeline));
    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_true(position.done == position.taken ||
                (strstr(pipelines[which].line, "head") &&
                 position.done < position.taken));
    cosend_pipeline_free(pipeline);
}

/* Flush, and look how far it is. */
static void check_done(struct cosend_pipeline *pipeline,
                       const struct outcome *outcome, uint64_t pushed)
{
    struct cosend_position position = {.size = sizeof(position)};
    int status = cosend_pipeline_flush(pipeline, NULL);

    assert_int_equal(cosend_pipeline_position(pipeline, &position), COSEND_OK);
    assert_true(position.taken <= pushed);
    assert_true(position.done <= position.taken);
    if (status == COSEND_OK)
        assert_true(outcome->behind <= position.done + 1);
    if (status == COSEND_OK && outcome->all)
        assert_true(outcome->behind >= position.done);
}

static size_t draw_piece(void)
{
    switch (draw(4)) {
    case 0:
        return 1 + draw(3);
    case 1:
        return 1 + draw(100);
    case 2:
        return 1 + draw(2000);
    default:
        return 1 + draw(60000);
    }
}

static void push_by_lot(struct cosend_pipeline *pipeline,
                        const struct outcome *outcome, const struct text *input)
{
    int status = COSEND_OK;

    for (size_t at = 0; at < input->length && status == COSEND_OK;) {
        size_t piece = draw_piece();

        if (piece > input->length - at)
            piece = input->length - at;
        switch (draw(20)) {
        case 0:
            check_done(pipeline, outcome, at);
            break;
        case 1:
            cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
            break;
        case 2:
            cosend_pipeline_request(pipeline, COSEND_LEDGER);
            break;
        case 3:
            cosend_pipeline_push(pipeline, NULL, 0, NULL);
            break;
        default:
            break;
        }
        status = cosend_pipeline_push(pipeline, input->data + at, piece, NULL);
        at += piece;
    }
    assert_true(status == COSEND_OK || status == COSEND_DONE);
}

static bool is_equal(const struct cosend_bytes *a, const struct cosend_bytes *b)
{
    return a->length == b->length &&
           (!a->length || memcmp(a->data, b->data, a->length) == 0);
}

static void pieces_by_lot_make_no_difference(void **state)
{
    static struct text input;
    int rounds = rounds_of(1500);

    (void)state;
    for (int i = 0; i < rounds; i++) {
        unsigned which = draw(PIPELINES);
        struct outcome whole, pieces;
        struct cosend_pipeline *pipeline = open_for(which, &whole);
        int status;

        make_input(&input, pipelines[which].format);
        status = cosend_pipeline_push(pipeline, input.data, input.length, NULL);
        assert_true(status == COSEND_OK || status == COSEND_DONE);
        finish(pipeline, which);
        pipeline = open_for(which, &pieces);
        push_by_lot(pipeline, &pieces, &input);
        finish(pipeline, which);
        if (!is_equal(&whole.bytes, &pieces.bytes) ||
            !is_equal(&whole.rejects, &pieces.rejects))
            fail_msg("round %d, %s: %zu and %zu bytes, not %zu and %zu", i,
                     pipelines[which].line, pieces.bytes.length,
                     pieces.rejects.length, whole.bytes.length,
                     whole.rejects.length);
        cosend_bytes_free(&whole.rejects);
        cosend_bytes_free(&pieces.rejects);
        cosend_bytes_free(&whole.bytes);
        cosend_bytes_free(&pieces.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_by_lot_make_no_difference)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
