/* SPDX-License-Identifier: MIT */
/*
 * What a step computes goes to the next one as it is, and is text only for who
 * reads text. So nothing may depend on that: every pipeline here is run a
 * second time with a step in between that makes text of it, and both must have
 * the same output and the same rejects, whatever the batches are.
 *
 *     test_computed [SEED [ROUNDS]]
 */
#include "cosend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chance.h"
#include "column_filters.h"
#include "every_aggregate.h"

/* ---- Values by lot ------------------------------------------------------- */

static const double doubles[] = {0.1,
                                 -2.5,
                                 1 / 3.0,
                                 0.30000000000000004,
                                 5e-324,
                                 -0.0,
                                 7,
                                 9007199254740992.0,
                                 1152921504606846976,
                                 9223372036854775808.0,
                                 1e18,
                                 1e21,
                                 1e300};
static const int64_t integers[] = {
    0, 7, -1, 3, INT64_MAX, INT64_MIN, INT64_C(9007199254740993), 1000000000};
/* Constant text has bytes behind it that may be read. */
static const char texts[][64] = {
    "x", "", "7", "2000-10-10T13:55:36.5-07:00", "1e999", "3.0"};
static const char decimals[][64] = {"9223372036854775808",
                                    "+00.10000000000000001", "-.5"};
static const int32_t offsets[] = {0, 7200, -45000, 3208, 86399, 86400, 360000};

#define NTH(table, number)                                                     \
    (table)[(number) % (sizeof(table) / sizeof((table)[0]))]

static struct cosend_value text_value(enum cosend_type type, const char *text)
{
    struct cosend_value value = {.type = type};

    value.length = (uint32_t)strlen(text);
    value.as.text = text;
    return value;
}

/* The value that a number stands for; `kind` says of which kind most are. */
static struct cosend_value value_of(unsigned number, unsigned kind)
{
    unsigned of = number % 8 < 6 ? kind : number / 8;
    struct cosend_value value = {.type = COSEND_TYPE_INT};

    number /= 16;
    switch (of % 8) {
    case 0:
        value.as.integer = NTH(integers, number);
        return value;
    case 1:
        value.type = COSEND_TYPE_DOUBLE;
        value.as.number = NTH(doubles, number);
        return value;
    case 2:
    case 3:
        value.type = COSEND_TYPE_TIME;
        value.offset = NTH(offsets, number);
        value.as.integer =
            (int64_t)number * 86399999 * (number % 3 ? 1000000 : 1000);
        return value;
    case 4:
        return text_value(COSEND_TYPE_TEXT, NTH(texts, number));
    case 5:
        return text_value(COSEND_TYPE_DECIMAL, NTH(decimals, number));
    case 6:
        value.type = COSEND_TYPE_BOOL;
        value.as.truth = number % 2;
        return value;
    default:
        value.type = number % 2 ? COSEND_TYPE_NULL : COSEND_TYPE_ABSENT;
        return value;
    }
}

/* ---- Filters ------------------------------------------------------------- */

struct made {
    struct cosend_field field;
    int64_t kind;
    bool whole;
};

static const struct cosend_option made_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct made, field),
     .flags = COSEND_ONLY_COLUMN},
    {.name = "kind",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct made, kind),
     .minimum = 0,
     .maximum = 7},
    {.name = "whole",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct made, whole)},
    {.name = NULL}};

static struct cosend_value value_in(struct cosend_cell cell, unsigned kind)
{
    return value_of((unsigned)strtoul(cell.data, NULL, 10), kind);
}

/* Of each number the value that it stands for, v: by the record, or by the
   batch. */
static int made(struct cosend_stage *self, void *memory)
{
    const struct made *made = memory;
    struct cosend_column column = cosend_add_column(self, "v");
    unsigned kind = (unsigned)made->kind;
    const struct cosend_batch *batch;
    struct cosend_record record;

    while (!made->whole && cosend_receive(self, &record)) {
        struct cosend_value value =
            value_in(cosend_field(&record, made->field), kind);

        cosend_set_value(self, column, &value);
        cosend_emit(self, &record);
    }
    while (made->whole && (batch = cosend_receive_batch(self))) {
        struct cosend_cells cells = cosend_column_of(self, made->field);
        uint32_t count = cosend_batch_count(batch);
        struct cosend_value *values =
            cosend_stage_bytes(self, count * sizeof(*values));

        for (uint32_t i = 0; values && i < count; i++)
            values[i] = value_in(cosend_cell_at(&cells, i), kind);
        if (!values || !cosend_set_values(self, column, values))
            return COSEND_E_MEMORY;
        cosend_emit_batch(self, batch);
    }
    return 0;
}

/* The same records, with the field as its cells. */
static int printed(struct cosend_stage *self, void *memory)
{
    const struct one_field *options = memory;
    struct cosend_column column = cosend_replace_column(self, options->field);
    struct cosend_record record;

    while (cosend_receive(self, &record)) {
        cosend_set(self, column, cosend_field(&record, options->field));
        cosend_emit(self, &record);
    }
    return 0;
}

/* The same records as they are: in the place of `printed`. */
static int passed(struct cosend_stage *self, void *memory)
{
    const struct cosend_batch *batch;

    (void)memory;
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

/* The field's values once more, as `again`; of what is text and could be a time
   that time, so that it is the same when it was read. */
static int again(struct cosend_stage *self, void *memory)
{
    const struct one_field *options = memory;
    struct cosend_column column = cosend_add_column(self, "again");
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);
        const struct cosend_value *values =
            cosend_values_of(self, options->field);
        struct cosend_value *copy =
            cosend_stage_bytes(self, count * sizeof(*copy));
        struct cosend_time time;

        if (!values || !copy)
            return COSEND_E_MEMORY;
        for (uint32_t i = 0; i < count; i++) {
            copy[i] = values[i];
            if (copy[i].type == COSEND_TYPE_TEXT &&
                cosend_parse_time(NULL, copy[i].as.text, copy[i].length, NULL,
                                  &time)) {
                copy[i].type = COSEND_TYPE_TIME;
                copy[i].as.integer = time.nanoseconds;
                copy[i].offset = time.offset;
            }
        }
        if (!cosend_set_values(self, column, copy))
            return COSEND_E_MEMORY;
        cosend_emit_batch(self, batch);
    }
    return 0;
}

static const struct cosend_filter own[] = {{.abi = COSEND_ABI,
                                            .name = "made",
                                            .summary = "made",
                                            .options_size = sizeof(struct made),
                                            .options = made_options,
                                            .body = made},
                                           COLUMN_FILTER(printed),
                                           COLUMN_FILTER(passed),
                                           COLUMN_FILTER(again),
                                           COLUMN_FILTER(widen),
                                           COLUMN_FILTER(thirds),
                                           EVERY_FILTER};

static int register_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (cosend_register(&own[i], NULL) != COSEND_OK)
            return -1;
    return 0;
}

/* ---- Pipelines ----------------------------------------------------------- */

/* What is done with v. */
static const char *const uses[] = {
    "set a = v + 1, b = -v, c = v * 2",
    "set a = v ?? \"none\", b = is_number(v), c = v == 7, d = v == \"7\"",
    "set a = v > 3 || v < -1, b = v != 3, c = v in [7, \"x\"]",
    "set a = upper(v), b = length(v), c = concat(v, \"!\")",
    "set a = round(v, 2), b = abs(v), c = max(v, 3)",
    "set a = if(v, 1, 2), b = !v",
    "set v = v, w = v",
    "set t = time(v), e = epoch(time(v)), h = hour(time(v))",
    "set t = time(v, \"%Y-%m-%dT%H:%M:%S\"), u = time(v) > time(0)",
    "set d = time(v) - time(0), f = format_time(time(v), \"%z %f\")",
    "where v > 3",
    "where v < \"5\"",
    "where time(v) >= time(\"1970-01-05\")",
    "every v",
    "every v values=true by=line",
    "aggregate sum(v), mean(v), min(v), max(v)",
    "aggregate var(v), range(v), median(v), p90(v), count(v)",
    "aggregate first(v), last(v), distinct(v), mode(v), null_count(v)",
    "aggregate min(v), max(v), first(v), count(v)",
    "count by=v",
    "sort v",
    "top 3 field=v",
    "widen v",
    "thirds v",
    "again v",
    "again v | set a = again",
    "convert v=string",
    "dedup v",
    "select v"};

/* What may stand before that, and leaves v alone. */
static const char *const before[] = {"",
                                     "",
                                     "where line % 3 != 1 |",
                                     "head 20 |",
                                     "select v, line |",
                                     "tail 9 |",
                                     "set z = v |",
                                     "enumerate |"};

struct outcome {
    int status;
    struct text output, rejects;
};

static int take(const struct cosend_record *record, void *context)
{
    struct outcome *outcome = context;
    struct cosend_item item = {0};
    char kind[16];

    while (cosend_next_item(record, &item, NULL)) {
        snprintf(kind, sizeof(kind), "=%d:", (int)item.cell.kind);
        add(&outcome->output, item.name, item.name_length);
        add(&outcome->output, kind, strlen(kind));
        add(&outcome->output, item.cell.data, item.cell.length);
        add(&outcome->output, " ", 1);
    }
    add(&outcome->output, "\n", 1);
    return COSEND_OK;
}

static void take_file(const char *path, struct text *to)
{
    char buffer[4096];
    size_t length;
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
        add(to, buffer, length);
    fclose(file);
    unlink(path);
}

static void run(const char *line, uint32_t batch_size, const struct text *input,
                struct outcome *outcome)
{
    char rejects[] = "/tmp/test_computed.XXXXXX";
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .record = take,
                                     .context = outcome,
                                     .rejects_path = rejects,
                                     .batch_size = batch_size};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;
    int descriptor = mkstemp(rejects);

    assert_true(descriptor >= 0);
    close(descriptor);
    outcome->output.length = outcome->rejects.length = 0;
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    if (!pipeline)
        fail_msg("%s: %s", line, error.message);
    outcome->status = cosend_pipeline_open(pipeline, &error);
    if (outcome->status == COSEND_OK)
        outcome->status =
            cosend_pipeline_push(pipeline, input->data, input->length, &error);
    if (outcome->status >= 0)
        outcome->status = cosend_pipeline_finish(pipeline, &error);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    take_file(rejects, &outcome->rejects);
}

static void assert_same(const char *line, const struct outcome *due,
                        const struct outcome *got)
{
    if (got->status == due->status && is_same(&got->output, &due->output) &&
        is_same(&got->rejects, &due->rejects))
        return;
    fail_msg("%s\n%.*s%.*s\nbut with its text in between\n%.*s%.*s", line,
             (int)got->output.length, got->output.data,
             (int)got->rejects.length, got->rejects.data,
             (int)due->output.length, due->output.data,
             (int)due->rejects.length, due->rejects.data);
}

/* ---- The tests ----------------------------------------------------------- */

static unsigned seed = 1, rounds = 2;

static void check_round(const char *use)
{
    static const uint32_t batch_sizes[] = {1, 3, 0};
    static struct text input;
    static struct outcome due, got;
    unsigned kind = draw(8), rows = draw(40);
    const char *first = NTH(before, draw(1000));
    char line[400];

    input.length = 0;
    for (unsigned i = 0; i < rows; i++) {
        snprintf(line, sizeof(line), "%u\n", draw(100000));
        add(&input, line, strlen(line));
    }
    snprintf(line, sizeof(line), "made kind=%u whole=%s | printed v | %s %s",
             kind, draw(2) ? "true" : "false", first, use);
    run(line, 0, &input, &due);
    for (size_t i = 0; i < sizeof(batch_sizes) / sizeof(*batch_sizes); i++) {
        snprintf(line, sizeof(line), "made kind=%u whole=%s | passed v | %s %s",
                 kind, draw(2) ? "true" : "false", first, use);
        run(line, batch_sizes[i], &input, &got);
        assert_same(line, &due, &got);
    }
}

static void what_is_computed_is_what_its_text_says(void **state)
{
    (void)state;
    random_state = seed;
    for (unsigned round = 0; round < rounds * 10; round++)
        for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
            check_round(uses[i]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_computed_is_what_its_text_says),
    };

    if (argc > 1)
        seed = (unsigned)atoi(argv[1]);
    if (argc > 2)
        rounds = (unsigned)atoi(argv[2]);
    return cmocka_run_group_tests(tests, register_own, NULL);
}
