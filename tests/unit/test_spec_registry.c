/* SPDX-License-Identifier: MIT */
/* Filters of one's own beside the built-in ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec/registry.h"
#include "spec/row_check.h"
#include "spec_fakes.h"

static int refuse(const char *name, const char *aliases)
{
    struct cosend_filter filter = {
        .abi = COSEND_ABI, .name = name, .aliases = aliases, .body = fake_body};
    struct cosend_error error = {0};
    int status = cosend_register(&filter, &error);

    assert_int_equal(error.kind, status);
    return status;
}

static void names_that_mean_something_else_are_refused(void **state)
{
    (void)state;
    assert_int_equal(refuse("grep", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("mine", "x mean"), COSEND_E_USAGE);
    assert_int_equal(refuse("run", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("on_error", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("two words", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("", NULL), COSEND_E_USAGE);
    assert_null(cosend_find_filter("mine"));
}

struct stored {
    int64_t first;
    int64_t last;
};

/* What registering a filter says whose struct stored has an option so. */
static int refuse_row(struct cosend_option row)
{
    struct cosend_option table[2] = {row};
    struct cosend_filter filter = {.abi = COSEND_ABI,
                                   .name = "mine",
                                   .body = fake_body,
                                   .options_size = sizeof(struct stored),
                                   .options = table};
    struct cosend_error error = {0};
    int status = cosend_register(&filter, &error);

    assert_int_equal(error.kind, status);
    assert_null(cosend_find_filter("mine"));
    return status;
}

static void rows_that_would_be_stored_elsewhere_are_refused(void **state)
{
    struct cosend_option row = {.name = "n", .type = COSEND_OPTION_INT};
    struct cosend_option inner[2] = {{.name = "a", .type = COSEND_OPTION_BOOL}};
    struct cosend_option circle[2] = {
        {.name = "c", .type = COSEND_OPTION_GROUP, .group = circle}};
    (void)state;

    row.offset = offsetof(struct stored, last) + 1;
    assert_int_equal(refuse_row(row), COSEND_E_USAGE);
    row.offset = SIZE_MAX;
    assert_int_equal(refuse_row(row), COSEND_E_USAGE);
    row.offset = 0;
    for (int type = -3; type < 100; type++) {
        row.type = (enum cosend_option_type)type;
        if (type < 0 || type > COSEND_OPTION_GROUP ||
            type == COSEND_OPTION_ENUM || type == COSEND_OPTION_GROUP)
            assert_int_equal(refuse_row(row), COSEND_E_USAGE);
    }
    row = (struct cosend_option){
        .name = "g", .type = COSEND_OPTION_GROUP, .group = inner};
    row.offset = sizeof(struct stored);
    assert_int_equal(refuse_row(row), COSEND_E_USAGE);
    assert_int_equal(refuse_row(circle[0]), COSEND_E_USAGE);
}

static void what_a_later_version_knows_is_refused(void **state)
{
    struct cosend_filter filter = {
        .abi = COSEND_ABI, .name = "mine", .body = fake_body};
    struct cosend_error error = {0};
    (void)state;

    filter.reserved[2] = 1;
    assert_int_equal(cosend_register(&filter, &error), COSEND_E_USAGE);
    assert_string_equal(error.message,
                        "mine: reserved[2] is not zero: made for a later "
                        "cosend than " COSEND_VERSION ", or not initialized");
}

/* Nothing else of it is read: it may lie anywhere. */
static void another_abi_is_refused(void **state)
{
    struct cosend_filter filter = {.abi = COSEND_ABI + 1,
                                   .name = (const char *)(uintptr_t)1,
                                   .body = fake_body};
    struct cosend_error error = {0};
    (void)state;

    assert_int_equal(cosend_register(&filter, &error), COSEND_E_USAGE);
    assert_non_null(strstr(error.message, "a filter's row is of ABI 2, and"));
    filter.abi = 0;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
}

static void several_are_registered_all_or_none(void **state)
{
    static const struct cosend_filter fine = {
        .abi = COSEND_ABI, .name = "fine", .body = fake_body};
    static const struct cosend_filter *const twice[] = {&fine, &fine, NULL};
    size_t count = csi_registry_count();

    (void)state;
    assert_int_equal(csi_register_all(twice, NULL), COSEND_E_USAGE);
    assert_int_equal(csi_registry_count(), count);
    assert_null(cosend_find_filter("fine"));
}

static void a_registered_filter_is_found_by_every_name(void **state)
{
    static const struct cosend_filter mine = {.abi = COSEND_ABI,
                                              .name = "mine",
                                              .aliases = "my own",
                                              .body = fake_body};
    struct cosend_error error = {0};
    const struct cosend_filter *filter, *last = NULL;
    size_t count = 0;
    bool seen = false;
    struct csi_plan *plan;

    (void)state;
    assert_int_equal(cosend_register(&mine, &error), COSEND_OK);
    assert_ptr_equal(cosend_find_filter("own"), &mine);
    assert_ptr_equal(cosend_find_filter("averager"), &fake_average);
    for (; (filter = cosend_filter_at(count)); count++, last = filter) {
        seen |= filter == &mine;
        assert_true(!last || strcmp(last->name, filter->name) <= 0);
    }
    assert_true(seen);
    assert_int_equal(count, 13);
    plan = csi_plan_from_line("my | mine", NULL, &fake_ends, &error);
    assert_non_null(plan);
    assert_string_equal(plan->nodes[2].id, "mine_2");
    csi_plan_free(plan);
}

struct two {
    int64_t number;
    struct cosend_string text;
};

/* What a table of one row is refused for; COSEND_OK takes it. */
static int try_row(struct cosend_option row, size_t size)
{
    const struct cosend_option rows[] = {row, {.name = NULL}};
    struct cosend_filter filter = {.abi = COSEND_ABI,
                                   .name = "trial",
                                   .body = fake_body,
                                   .options_size = size,
                                   .options = rows};
    struct cosend_error error = {0};
    int status = csi_row_check(&filter, &error);

    assert_int_equal(error.kind, status);
    return status;
}

#define TRY(...)                                                               \
    try_row((struct cosend_option){__VA_ARGS__}, sizeof(struct two))

static void rows_out_of_range_are_refused(void **state)
{
    static const struct cosend_option numbers[] = {
        {.name = "n", .type = COSEND_OPTION_INT}, {.name = NULL}};
    static const struct cosend_option endless[] = {
        {.name = "g", .type = COSEND_OPTION_GROUP, .group = endless},
        {.name = NULL}};
    size_t text = offsetof(struct two, text);

    (void)state;
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_INT), COSEND_OK);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_STRING,
                         .offset = text, .flags = COSEND_MAIN),
                     COSEND_OK);
    assert_int_equal(
        TRY(.name = "a", .type = COSEND_OPTION_GROUP, .group = numbers),
        COSEND_OK);
    for (int type = -3; type < 120; type++)
        if (type < 0 || type > COSEND_OPTION_GROUP)
            assert_int_equal(
                TRY(.name = "a", .type = (enum cosend_option_type)type),
                COSEND_E_USAGE);
    assert_int_equal(
        TRY(.name = "a", .type = COSEND_OPTION_STRING, .offset = text + 8),
        COSEND_E_USAGE);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_INT, .offset = 1),
                     COSEND_E_USAGE);
    assert_int_equal(
        TRY(.name = "a", .type = COSEND_OPTION_INT, .offset = SIZE_MAX - 7),
        COSEND_E_USAGE);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_GROUP,
                         .group = numbers, .offset = sizeof(struct two)),
                     COSEND_E_USAGE);
    assert_int_equal(
        TRY(.name = "a", .type = COSEND_OPTION_GROUP, .group = endless),
        COSEND_E_USAGE);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_GROUP),
                     COSEND_E_USAGE);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_ENUM),
                     COSEND_E_USAGE);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_INT, .flags = 1024),
                     COSEND_E_USAGE);
    assert_int_equal(TRY(.name = "a", .type = COSEND_OPTION_INT,
                         .flags = COSEND_ONLY_COLUMN),
                     COSEND_E_USAGE);
    assert_int_equal(
        TRY(.name = "a", .type = COSEND_OPTION_BRANCHES, .flags = COSEND_MAIN),
        COSEND_E_USAGE);
}

static void filters_out_of_range_are_refused(void **state)
{
    struct cosend_filter filter = {.abi = COSEND_ABI,
                                   .name = "trial",
                                   .body = fake_body,
                                   .role = (enum cosend_role)99};

    (void)state;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
    filter.role = COSEND_FILTER;
    filter.parallel = (enum cosend_parallel) - 1;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
    filter.parallel = COSEND_MERGES;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
    filter.parallel = COSEND_SERIAL;
    filter.fans_out = true;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
    assert_null(cosend_find_filter("trial"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_out_of_range_are_refused),
        cmocka_unit_test(filters_out_of_range_are_refused),
        cmocka_unit_test(names_that_mean_something_else_are_refused),
        cmocka_unit_test(rows_that_would_be_stored_elsewhere_are_refused),
        cmocka_unit_test(what_a_later_version_knows_is_refused),
        cmocka_unit_test(another_abi_is_refused),
        cmocka_unit_test(several_are_registered_all_or_none),
        cmocka_unit_test(a_registered_filter_is_found_by_every_name)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
