/* SPDX-License-Identifier: MIT */
/*
 * The calls of windows, of states of one's own and of the options of
 * aggregates: with what is none, and in a body that uses them all.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

struct own {
    struct cosend_aggregate_options what;
};

static const struct cosend_option own_options[] = {
    {.name = "what",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct own, what),
     .group = cosend_aggregate_options},
    {.name = NULL}};

static void check(struct cosend_check *check, void *memory)
{
    struct own *own = memory;

    cosend_check_aggregates(check, &own->what);
    assert_true(cosend_aggregates_hold_all(&own->what));
}

static void release(void *memory)
{
    const struct own *own = memory;

    cosend_aggregates_release(&own->what);
}

/* What is none is refused, or nothing is done. */
static void try_nothing(struct cosend_aggregates *all)
{
    struct cosend_window_group none = {0};
    struct cosend_group group;

    assert_null(cosend_aggregates_make(NULL));
    cosend_aggregates_free(NULL, &none, true);
    cosend_aggregates_free(all, NULL, true);
    assert_false(cosend_aggregates_add_to(NULL, NULL, NULL));
    assert_false(cosend_aggregates_add_to(all, NULL, NULL));
    assert_false(cosend_aggregates_join(NULL, NULL, NULL));
    assert_false(cosend_aggregates_join(all, NULL, NULL));
    cosend_aggregates_tell(NULL);
    assert_false(cosend_group_latest(NULL, &group));
    assert_null(cosend_windows_group(NULL, NULL, 0));
    assert_false(cosend_window_add(NULL, &none, 0, 1, NULL));
    assert_false(cosend_window_add(NULL, NULL, 0, 1, NULL));
    assert_false(cosend_window_extend(NULL, NULL, 0, 1, NULL));
    assert_false(cosend_window_meets(NULL, 0, 1));
    assert_false(cosend_window_meets(&none, 0, 1));
    assert_true(cosend_windows_close(NULL, 0, 0));
    cosend_windows_close_group(NULL, NULL, 0);
    cosend_windows_end(NULL, 0);
}

static struct cosend_window_group *seen;
static bool numbers;

/* Two windows of three records each, one of which meets a third. */
static void use(struct cosend_windows *windows,
                const struct cosend_record *record)
{
    struct cosend_window_group *group =
        cosend_windows_group(windows, record, 1);

    assert_non_null(group);
    assert_true(!seen || seen == group);
    seen = group;
    assert_true(cosend_window_add(windows, group, 0, 10, record));
    assert_true(cosend_window_extend(windows, group, 20, 30, record));
    assert_true(cosend_window_extend(windows, group, 40, 50, record));
    assert_true(cosend_window_extend(windows, group, 29, 41, record));
    assert_false(cosend_window_add(windows, NULL, 0, 10, record));
    assert_false(cosend_window_extend(windows, NULL, 0, 10, record));
    assert_int_equal(group->count, 2);
    assert_true(cosend_window_meets(group, 49, 60));
    assert_true(cosend_window_meets(group, 15, 21));
    assert_false(cosend_window_meets(group, 50, 60));
    assert_false(cosend_window_meets(group, 10, 20));
}

static int body(struct cosend_stage *self, void *options)
{
    const struct own *own = options;
    struct cosend_aggregate_options what = own->what;
    struct cosend_zone *zone = cosend_zone_new("UTC", 3, NULL);
    struct cosend_aggregates *all;
    struct cosend_windows *windows;
    struct cosend_record record;
    void *states, *others;

    what.by = (struct cosend_fields){0, 0};
    all = cosend_aggregates_start(self, &what);
    try_nothing(all);
    windows =
        cosend_windows_new(self, own->what.by, all, numbers ? NULL : zone);
    assert_non_null(windows);
    while (cosend_receive(self, &record)) {
        use(windows, &record);
        states = cosend_aggregates_make(all);
        others = cosend_aggregates_make(all);
        assert_true(cosend_aggregates_add_to(all, &record, states));
        assert_true(cosend_aggregates_add_to(all, &record, others));
        assert_true(cosend_aggregates_join(all, states, others));
        cosend_aggregates_free(all, states, false);
        cosend_aggregates_free(all, others, true);
    }
    assert_true(cosend_windows_close(windows, 10, 10));
    cosend_windows_close_group(windows, seen, 10);
    assert_int_equal(seen->count, 1);
    assert_int_equal(seen->closed, 10);
    cosend_windows_end(windows, 40);
    assert_int_equal(seen->count, 0);
    cosend_zone_free(zone);
    return 0;
}

static const struct cosend_filter filter = {.abi = COSEND_ABI,
                                            .name = "windows",
                                            .summary = "windows",
                                            .options_size = sizeof(struct own),
                                            .options = own_options,
                                            .check = check,
                                            .release = release,
                                            .body = body,
                                            .absorbs = true};

static int register_own(void **state)
{
    (void)state;
    return cosend_register(&filter, NULL);
}

static void assert_windows(const char *due, uint32_t batch_size)
{
    static struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    seen = NULL;
    options.batch_size = batch_size;
    pipeline = cosend_pipeline_from_line("windows list(line) by=line", &options,
                                         &error);
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
    assert_int_equal(cosend_pipeline_push(pipeline, "1\n1\n", 4, &error),
                     COSEND_OK);
    cosend_pipeline_finish(pipeline, &error);
    assert_int_equal(error.kind, COSEND_OK);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, due);
}

static void windows_are_emitted_by_their_ends(void **state)
{
    (void)state;
    for (uint32_t size = 0; size < 3; size++) {
        numbers = false;
        assert_windows("window_start=1970-01-01T00:00:00Z "
                       "window_end=1970-01-01T00:00:00.000000010Z line=1 "
                       "list_line=[\"1\",\"1\"] partial=false ;"
                       "window_start=1970-01-01T00:00:00.000000020Z "
                       "window_end=1970-01-01T00:00:00.000000050Z line=1 "
                       "list_line=[\"1\",\"1\",\"1\",\"1\",\"1\",\"1\"] "
                       "partial=true ;",
                       size);
        numbers = true;
        assert_windows("window_start=0 window_end=1 line=1 "
                       "list_line=[\"1\",\"1\"] partial=false ;"
                       "window_start=20 window_end=25 line=1 "
                       "list_line=[\"1\",\"1\",\"1\",\"1\",\"1\",\"1\"] "
                       "partial=true ;",
                       size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_emitted_by_their_ends),
    };

    return cmocka_run_group_tests(tests, register_own, NULL);
}
