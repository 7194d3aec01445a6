/* SPDX-License-Identifier: MIT */
/*
 * What a source of somebody's own hands to its feed that is no text: bytes that
 * nobody unpacked, and more of them than there was room for.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* What the source does: set by each test, on the main stack. */
static struct {
    const char *bytes;
    size_t length, piece;
    const char *file; /* comes behind a first one; NULL: there is one */
    uint64_t offset;
    size_t beyond; /* so many bytes more than the room are said to be there */
} plan;

static int hand_over(struct cosend_feed *feed)
{
    int status = COSEND_OK;

    for (size_t at = 0; at < plan.length && status == COSEND_OK;
         at += plan.piece)
        status = cosend_feed_bytes(
            feed, plan.bytes + at,
            plan.piece < plan.length - at ? plan.piece : plan.length - at);
    return status;
}

static int feeding_body(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
    struct cosend_feed *feed = cosend_feed_new(self, &text);
    size_t room;

    (void)options;
    if (!feed)
        return COSEND_E_MEMORY;
    if (plan.beyond) {
        if (!cosend_feed_room(feed, &room))
            return COSEND_E_MEMORY;
        return cosend_feed_take(feed, room + plan.beyond);
    }
    if (plan.file && (cosend_feed_bytes(feed, "first\n", 6) != COSEND_OK ||
                      cosend_feed_end(feed) != COSEND_OK ||
                      cosend_feed_file(feed, plan.file, plan.offset) < 0))
        return COSEND_E_MEMORY;
    if (hand_over(feed) != COSEND_OK)
        return COSEND_OK;
    return cosend_feed_end(feed) < 0 ? COSEND_E_DATA : COSEND_OK;
}

static const struct cosend_filter feeding = {.abi = COSEND_ABI,
                                             .name = "feeding",
                                             .role = COSEND_SOURCE,
                                             .summary = "hand bytes over",
                                             .body = feeding_body};

/* COSEND_OK and what came of it in `taken`, or the run's error. */
static int run_plan(struct taken *taken, struct cosend_error *error)
{
    struct cosend_options options = host(taken);
    struct cosend_pipeline *pipeline;
    int status;

    *error = (struct cosend_error){0};
    options.push = false;
    pipeline = cosend_pipeline_from_line("feeding | grep .", &options, error);
    assert_non_null(pipeline);
    status = cosend_pipeline_run(pipeline, error);
    cosend_pipeline_free(pipeline);
    return status;
}

static const char packed[] = "\x28\xb5\x2f\xfd"
                             "abc\n";

static void compressed_bytes_fail_the_step(void **state)
{
    struct cosend_error error;
    struct taken taken;

    (void)state;
    for (size_t piece = 1; piece < sizeof(packed); piece++) {
        plan.bytes = packed;
        plan.length = sizeof(packed) - 1;
        plan.piece = piece;
        plan.file = NULL;
        assert_int_equal(run_plan(&taken, &error), COSEND_E_INPUT);
        assert_string_equal(error.message,
                            "feed: it is zstd data, which nobody unpacks on "
                            "this way: unpack it before");
        assert_string_equal(error.step, "feeding");
        assert_string_equal(taken.text, "");
        plan.file = "b.zst";
        assert_int_equal(run_plan(&taken, &error), COSEND_E_INPUT);
        assert_non_null(strstr(error.message, "b.zst: it is zstd data"));
        assert_string_equal(taken.text, "line=first ;");
    }
}

static void behind_a_start_such_bytes_are_any(void **state)
{
    struct cosend_error error;
    struct taken taken;

    (void)state;
    plan.file = "b.zst";
    plan.offset = 1;
    assert_int_equal(run_plan(&taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "line=first ;line=\x28\xb5\x2f\xfd"
                                    "abc ;");
    plan.offset = 0;
}

static void more_than_there_is_room_for_is_refused(void **state)
{
    struct cosend_error error;
    struct taken taken;

    (void)state;
    plan.beyond = 1;
    assert_int_equal(run_plan(&taken, &error), COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "into a feed's room, which is of "));
    plan.beyond = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_bytes_fail_the_step),
        cmocka_unit_test(behind_a_start_such_bytes_are_any),
        cmocka_unit_test(more_than_there_is_room_for_is_refused),
    };
    struct cosend_error error = {0};

    if (cosend_register(&feeding, &error) != COSEND_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
