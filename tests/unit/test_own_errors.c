/* SPDX-License-Identifier: MIT */
/* An error that a source or sink of the program's own hands over half filled
   in, or where none can be, is told all the same. */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"

/* What is handed over, and with which status. */
static struct cosend_error handed;
static int status_of;

/* ---- A sink that gives up at its second record --------------------------- */

static int gives_up_body(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    for (int i = 1; cosend_receive(self, &record); i++)
        if (i == 2)
            return cosend_give_up(self, status_of, &handed);
    return 0;
}

static const struct cosend_filter gives_up = {.abi = COSEND_ABI,
                                              .name = "gives_up",
                                              .role = COSEND_SINK,
                                              .summary = "give up",
                                              .body = gives_up_body};

static void gives(int status, int kind, const char *message)
{
    status_of = status;
    memset(&handed, 0, sizeof(handed));
    handed.kind = kind;
    snprintf(handed.message, sizeof(handed.message), "%s", message);
}

/* Every call says so much of it. */
static void assert_told(int kind, const char *message)
{
    struct cosend_error errors[2] = {{0}};
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_pipeline *pipeline;
    int pushed, finished;

    made.record = NULL;
    pipeline = open_line("gives_up", &made);
    pushed = cosend_pipeline_push(pipeline, "a\nb\nc\n", 6, &errors[0]);
    finished = cosend_pipeline_finish(pipeline, &errors[1]);
    cosend_pipeline_free(pipeline);
    assert_true(pushed == kind || pushed == COSEND_DONE);
    assert_int_equal(finished, kind);
    assert_int_equal(errors[1].kind, kind);
    assert_string_equal(errors[1].message, message);
}

static void a_sink_gives_up_with_half_an_error(void **state)
{
    (void)state;
    gives(COSEND_E_OUTPUT, COSEND_E_OUTPUT, "the peer is gone");
    assert_told(COSEND_E_OUTPUT, "the peer is gone");
    gives(COSEND_E_OUTPUT, 0, "");
    assert_told(COSEND_E_OUTPUT, "it cannot write");
    gives(COSEND_E_OUTPUT, 0, "the peer is gone");
    assert_told(COSEND_E_OUTPUT, "the peer is gone");
    gives(COSEND_E_OUTPUT, 5, "");
    assert_told(COSEND_E_OUTPUT, "it cannot write");
    gives(COSEND_E_USER - 1, 0, "");
    assert_told(COSEND_E_USER - 1, "it cannot write");
    /* Which ends the sink alone, and is told at the end. */
    gives(COSEND_E_ABORTED, 0, "");
    assert_told(COSEND_E_ABORTED, "it cannot write");
}

/* ---- A sink that leaves its output twice, or two of one file ------------- */

static char left_path[] = "/tmp/cosend-own-left-XXXXXX";
static bool leaves_two;

static int leaves_body(struct cosend_stage *self, void *options)
{
    struct cosend_output *output = NULL, *other = NULL;
    struct cosend_error error = {0};
    struct cosend_record record;
    int status = cosend_output_open(cosend_stage_io(self), left_path,
                                    COSEND_OUTPUT_ATOMIC, &output, &error);

    (void)options;
    if (status == COSEND_OK && leaves_two)
        status = cosend_output_open(cosend_stage_io(self), left_path,
                                    COSEND_OUTPUT_ATOMIC, &other, &error);
    if (status != COSEND_OK)
        return cosend_give_up(self, status, &error);
    if (!cosend_leave_output(self, output) ||
        !cosend_leave_output(self, leaves_two ? other : output))
        return COSEND_E_USAGE;
    while (cosend_receive(self, &record))
        continue;
    return 0;
}

static const struct cosend_filter leaves = {.abi = COSEND_ABI,
                                            .name = "leaves",
                                            .role = COSEND_SINK,
                                            .summary = "leave twice",
                                            .body = leaves_body};

static void an_output_is_left_once(void **state)
{
    int fd = mkstemp(left_path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    for (int two = 0; two < 2; two++) {
        struct cosend_error error = {0};
        struct taken taken;
        struct cosend_options made = host(&taken);
        struct cosend_pipeline *pipeline;

        leaves_two = two;
        made.record = NULL;
        pipeline = cosend_pipeline_from_line("leaves", &made, &error);
        assert_non_null(pipeline);
        assert_int_equal(cosend_pipeline_open(pipeline, &error),
                         COSEND_E_USAGE);
        assert_non_null(
            strstr(error.message, two ? "step leaves writes to it" : "twice"));
        assert_int_equal(cosend_pipeline_finish(pipeline, NULL),
                         COSEND_E_USAGE);
        cosend_pipeline_free(pipeline);
    }
    unlink(left_path);
}

/* ---- An input that cannot be read ---------------------------------------- */

static int finds_none_body(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    cosend_unreadable(self, &handed);
    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

static int reads_none_body(struct cosend_stage *self, void *options)
{
    (void)options;
    cosend_unreadable(self, &handed);
    return 0;
}

static const struct cosend_filter finds_none[] = {
    {.abi = COSEND_ABI,
     .name = "reads_none",
     .role = COSEND_SOURCE,
     .summary = "an input that is not there",
     .body = reads_none_body},
    {.abi = COSEND_ABI,
     .name = "finds_none",
     .summary = "a step that calls what is a source's",
     .parallel = COSEND_STATELESS,
     .body = finds_none_body}};

static void note_warning(const char *text, void *context)
{
    struct taken *taken = context;

    append(taken, text, strlen(text));
}

static void an_input_cannot_be_read_for_no_reason(void **state)
{
    struct cosend_error error = {0};
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_pipeline *pipeline;

    (void)state;
    gives(0, 0, "");
    made.push = false;
    made.warning = note_warning;
    pipeline = cosend_pipeline_new(&made, &error);
    assert_non_null(pipeline);
    cosend_pipeline_set_source(pipeline, "reads_none", NULL, &error);
    assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_E_INPUT);
    assert_string_equal(error.message, "an input cannot be read");
    assert_string_equal(taken.text, "an input cannot be read");
    cosend_pipeline_free(pipeline);
}

/* In one thread, and in several. */
static void a_step_has_no_inputs(void **state)
{
    char path[] = "/tmp/cosend-own-errors-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    const char *files[] = {path};

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 200000; i++)
        fprintf(file, "line %d of a file\n", i);
    assert_int_equal(fclose(file), 0);
    for (uint32_t threads = 1; threads <= 4; threads += 3) {
        struct cosend_error error = {0};
        struct taken taken;
        struct cosend_options made = host(&taken);
        struct cosend_pipeline *pipeline;

        made.push = false;
        made.files = files;
        made.file_count = 1;
        made.threads = threads;
        pipeline = cosend_pipeline_from_line("finds_none", &made, &error);
        assert_non_null(pipeline);
        assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_E_USAGE);
        assert_string_equal(error.step, "finds_none");
        assert_non_null(strstr(error.message, "only a source"));
        assert_int_equal(cosend_pipeline_unreadable(pipeline), 0);
        cosend_pipeline_free(pipeline);
    }
    unlink(path);
}

static int register_all(void **state)
{
    (void)state;
    return cosend_register(&gives_up, NULL) || cosend_register(&leaves, NULL) ||
           cosend_register(&finds_none[0], NULL) ||
           cosend_register(&finds_none[1], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_gives_up_with_half_an_error),
        cmocka_unit_test(an_output_is_left_once),
        cmocka_unit_test(an_input_cannot_be_read_for_no_reason),
        cmocka_unit_test(a_step_has_no_inputs),
    };

    return cmocka_run_group_tests(tests, register_all, NULL);
}
