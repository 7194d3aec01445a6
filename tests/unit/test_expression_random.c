/* SPDX-License-Identifier: MIT */
/*
 * Random expressions on random records: a batch judged as a whole, by columns,
 * is judged as its records are one by one; and no text whatever crashes the
 * compiler.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"
#include "rounds.h"

static uint64_t seed = 88172645463325252;
static unsigned long judged, differing, bad;

static unsigned below(unsigned limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % limit;
}

struct judging {
    struct cosend_condition *condition;
};

static const struct cosend_option judging_options[] = {
    {.name = "condition",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct judging, condition),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static int judging_body(struct cosend_stage *self, void *options)
{
    struct cosend_condition *condition = ((struct judging *)options)->condition;
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);
        signed char *verdicts = cosend_stage_bytes(self, count);
        struct cosend_why why;

        if (!verdicts)
            return COSEND_E_MEMORY;
        cosend_judge_batch(self, condition, verdicts);
        for (uint32_t i = 0; i < count; i++) {
            struct cosend_record record = cosend_record_at(self, i);
            enum cosend_verdict one =
                cosend_condition_holds(condition, &record, &why);

            judged++;
            bad += one == COSEND_VERDICT_BAD;
            differing += (signed char)one != verdicts[i];
            if (one == COSEND_VERDICT_BAD && !*why.message)
                differing++;
        }
        cosend_emit_batch(self, batch);
    }
    return 0;
}

static const struct cosend_filter judging_filter = {.abi = COSEND_ABI,
                                                    .name = "judging",
                                                    .options_size =
                                                        sizeof(struct judging),
                                                    .options = judging_options,
                                                    .body = judging_body};

/* ---- Making them --------------------------------------------------------- */

static void add(char *text, size_t room, const char *more)
{
    size_t length = strlen(text);

    snprintf(text + length, room - length, "%s", more);
}

static const char *one_of(const char *const *words, unsigned count)
{
    return words[below(count)];
}

#define ONE_OF(...)                                                            \
    one_of((const char *const[]){__VA_ARGS__},                                 \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void add_number(char *text, size_t room, unsigned depth);

static void add_leaf(char *text, size_t room)
{
    add(text, room,
        ONE_OF("a", "b", "c", "5", "-1", "2.5", "0", "1e3", "3m",
               "9223372036854775807", "0.30000000000000004", "null"));
}

static void add_number(char *text, size_t room, unsigned depth)
{
    if (!depth) {
        add_leaf(text, room);
        return;
    }
    add(text, room, ONE_OF("(", "abs(", "min(7, ", "round(", "-(", "(b ?? "));
    add_number(text, room, depth - 1);
    if (below(3)) {
        add(text, room,
            ONE_OF(" + ", " - ", " * ", " / ", " // ", " % ", " ** "));
        add_number(text, room, depth - 1);
    }
    add(text, room, ")");
}

static void add_condition(char *text, size_t room, unsigned depth)
{
    if (depth && below(2)) {
        add(text, room, ONE_OF("(", "!(", "(a == c && ", "if(b > 1, ", "("));
        add_condition(text, room, depth - 1);
        add(text, room, ONE_OF(" && ", " || ", " || ", ", "));
        add_condition(text, room, depth - 1);
        add(text, room, ")");
        return;
    }
    switch (below(5)) {
    case 0:
        add(text, room, ONE_OF("a", "b", "c", "lower(a)", "concat(a, b)"));
        add(text, room,
            ONE_OF(" == 'x'", " != '5'", " < '3'", " =~ '^[0-5]'", " !~ 'a|5'",
                   " in ['x', '05', '2']", " not in ['7']"));
        return;
    case 1:
        add(text, room,
            ONE_OF("empty(a)", "exists(b)", "is_number(c)", "contains(a, b)",
                   "starts_with(c, '0')", "a in [b, c, 5]", "a", "b == true",
                   "time(a) > '1970-01-02'"));
        return;
    default:
        add_number(text, room, below(depth + 1));
        add(text, room, ONE_OF(" == ", " != ", " < ", " <= ", " > ", " >= "));
        add_number(text, room, below(depth + 1));
    }
}

static void add_record(char *text, size_t room)
{
    for (int i = 0; i < 3; i++) {
        add(text, room,
            ONE_OF("", "5", "05", "5.0", "-1", "2.50", "0", "1e3", "x", "true",
                   "false", "abc", "9223372036854775807", "9223372036854775808",
                   "0.1", "-0", "1e999", "a 5"));
        add(text, room, i < 2 ? "," : "\n");
    }
}

/* ---- Tests --------------------------------------------------------------- */

static void batches_are_judged_as_records(void **state)
{
    unsigned taken_count = 0;

    (void)state;
    for (int i = 0; i < rounds_of(3000); i++) {
        char line[2048] = "judging ", records[4096] = "a,b,c\n";
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline;
        unsigned long before = differing;

        options.input_format = COSEND_FORMAT_CSV;
        add_condition(line, sizeof(line), 2);
        for (int k = 0; k < 20; k++)
            add_record(records, sizeof(records));
        pipeline = cosend_pipeline_from_line(line, &options, &error);
        if (!pipeline)
            continue;
        taken_count++;
        assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
        push(pipeline, records);
        finish(pipeline);
        if (differing > before)
            fail_msg("%s\n%s", line, records);
    }
    assert_true((int)taken_count > rounds_of(1000));
    assert_true(judged == 20 * taken_count && bad > judged / 50 &&
                bad < judged);
}

static void no_text_crashes_the_compiler(void **state)
{
    static const char signs[] = "()[]{}<>=!~&|?+-*/%.,'\"`\\ \n_09azE:;#$\x80";

    (void)state;
    for (int i = 0; i < rounds_of(20000); i++) {
        char line[2048] = "judging ";
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline;
        size_t length;

        add_condition(line, sizeof(line), 2);
        length = strlen(line);
        for (unsigned k = below(4); k; k--)
            line[8 + below((unsigned)length - 8)] =
                signs[below(sizeof(signs) - 1)];
        if (!below(3))
            line[8 + below((unsigned)length - 8)] = '\0';
        pipeline = cosend_pipeline_from_line(line, &options, &error);
        if (!pipeline && (error.kind == COSEND_OK || !*error.message))
            fail_msg("%s: no problem was told", line);
        cosend_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_are_judged_as_records),
        cmocka_unit_test(no_text_crashes_the_compiler)};

    return cosend_register(&judging_filter, NULL) ||
           cmocka_run_group_tests(tests, NULL, NULL);
}
