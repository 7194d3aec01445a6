/* SPDX-License-Identifier: MIT */
/*
 * What a filter's author may do wrong, or in an unusual order: it is told, or
 * it works, and the ledger balances all the same, whatever the batch size.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- The filters --------------------------------------------------------- */

static int declare_late(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record)) {
        cosend_set_integer(self, cosend_add_column(self, "late"), 1);
        cosend_emit(self, &record);
    }
    return 0;
}

static int emit_twice(struct cosend_stage *self, void *options)
{
    const struct cosend_batch *batch;

    (void)options;
    while ((batch = cosend_receive_batch(self))) {
        cosend_emit_batch(self, batch);
        cosend_emit_batch(self, batch);
    }
    return 0;
}

/* Keeps every third record, emits every ninth, and releases none. */
static int keep_for_ever(struct cosend_stage *self, void *options)
{
    struct cosend_record record, kept;

    (void)options;
    for (int i = 0; cosend_receive(self, &record); i++)
        if (i % 3 == 0 && cosend_keep(self, &record, &kept) && i % 9 == 0)
            cosend_emit(self, &kept);
    return 0;
}

/* One record, then the rest of its batch, and so on. */
static int mix_ways(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    const struct cosend_batch *batch;

    (void)options;
    while (cosend_receive(self, &record)) {
        cosend_emit(self, &record);
        batch = cosend_receive_batch(self);
        if (batch)
            cosend_emit_batch(self, batch);
    }
    return 0;
}

static const struct cosend_option no_options[] = {{.name = NULL}};

static const struct cosend_filter habits[] = {
    {.abi = COSEND_ABI,
     .name = "declare_late",
     .options = no_options,
     .body = declare_late},
    {.abi = COSEND_ABI,
     .name = "emit_twice",
     .options = no_options,
     .body = emit_twice},
    {.abi = COSEND_ABI,
     .name = "keep_for_ever",
     .options = no_options,
     .body = keep_for_ever},
    {.abi = COSEND_ABI,
     .name = "mix_ways",
     .options = no_options,
     .body = mix_ways},
};

static int register_habits(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++)
        if (cosend_register(&habits[i], &error) != COSEND_OK)
            return -1;
    return 0;
}

/* ---- The tests ----------------------------------------------------------- */

static const uint32_t sizes[] = {1, 2, 3, 7, 0};

/* What the line makes of the numbers 0 to 19, with batches of that size. */
static void run_line(const char *line, uint32_t batch_size, struct taken *taken)
{
    struct cosend_options options = host(taken);
    struct cosend_pipeline *pipeline;
    char text[16];

    options.batch_size = batch_size;
    pipeline = open_line(line, &options);
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof(text), "%d\n", i);
        push(pipeline, text);
        if (i % 5 == 4)
            cosend_pipeline_flush(pipeline, NULL);
    }
    finish(pipeline);
}

static void columns_are_declared_before_the_first_receive(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline = open_line("declare_late", &options);

    (void)state;
    assert_int_equal(cosend_pipeline_push(pipeline, "a\nb\n", 4, &error),
                     COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "after its first receive"));
    assert_string_equal(error.step, "declare_late");
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_USAGE);
    cosend_pipeline_free(pipeline);
}

static void a_batch_emitted_twice_is_two(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct taken taken;

        run_line("emit_twice | count", sizes[i], &taken);
        assert_string_equal(taken.text, "count=40 ;");
    }
}

static void what_is_kept_and_forgotten_is_dropped_at_the_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct taken taken;

        run_line("keep_for_ever", sizes[i], &taken);
        assert_string_equal(taken.text, "line=0 ;line=9 ;line=18 ;");
    }
}

static void records_and_batches_may_be_received_in_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct taken taken;

        run_line("mix_ways | average emit=each | tail 1", sizes[i], &taken);
        assert_string_equal(taken.text, "line=19 count=20 average=9.5 ;");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_declared_before_the_first_receive),
        cmocka_unit_test(a_batch_emitted_twice_is_two),
        cmocka_unit_test(what_is_kept_and_forgotten_is_dropped_at_the_end),
        cmocka_unit_test(records_and_batches_may_be_received_in_turns)};

    return cmocka_run_group_tests(tests, register_habits, NULL);
}
