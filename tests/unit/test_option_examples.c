/* SPDX-License-Identifier: MIT */
/* The examples that help prints for options are values that are taken. */
#include "cosend.h"
#include "spec/row_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Further options that a spec has, by their numbers. */
static uint64_t others;

/* A spec with that option, a companion or NULL, and those that the filter
   cannot do without; the main option is written as the value, which all filters
   take. */
static void write_spec(char *spec, size_t size,
                       const struct cosend_filter *filter,
                       const struct cosend_option *shown,
                       const struct cosend_option *companion)
{
    const char *before = "\"steps\": [", *behind = "]", *comma = "";
    struct cosend_option option;
    size_t at;

    if (filter->role == COSEND_SOURCE) {
        before = "\"steps\": [], \"from\": ";
        behind = "";
    } else if (filter->role == COSEND_SINK) {
        before = "\"steps\": [], \"to\": ";
        behind = "";
    }
    at = (size_t)snprintf(spec, size, "{\"cosend\": 1, %s{\"%s\": ", before,
                          filter->name);
    if (shown->flags & COSEND_MAIN && !companion && !others) {
        snprintf(spec + at, size - at, "%s}%s}", shown->example, behind);
        return;
    }
    at += (size_t)snprintf(spec + at, size - at, "{");
    for (size_t i = 0; cosend_option_at(filter->options, i, &option); i++)
        if (strcmp(option.name, shown->name) == 0 ||
            (companion && strcmp(option.name, companion->name) == 0) ||
            option.flags & COSEND_REQUIRED ||
            (i < 64 && others >> i & 1 && option.example)) {
            at += (size_t)snprintf(
                spec + at, size - at, "%s\"%s\": %s", comma, option.name,
                companion && strcmp(option.name, companion->name) == 0
                    ? companion->example
                    : option.example);
            comma = ", ";
        }
    snprintf(spec + at, size - at, "}}%s}", behind);
}

static bool is_taken(const struct cosend_filter *filter,
                     const struct cosend_option *shown,
                     const struct cosend_option *companion)
{
    struct cosend_options options = {.size = sizeof(options), .quiet = true};
    struct cosend_pipeline *pipeline;
    char spec[1024];

    write_spec(spec, sizeof(spec), filter, shown, companion);
    pipeline = cosend_pipeline_from_json(spec, strlen(spec), &options, NULL);
    cosend_pipeline_free(pipeline);
    return pipeline != NULL;
}

/* Beside one of another's choices. */
static bool is_taken_with_choice(const struct cosend_filter *filter,
                                 const struct cosend_option *shown,
                                 const struct cosend_option *companion)
{
    struct cosend_option chosen = *companion;
    char example[64];

    chosen.example = example;
    for (size_t i = 0; companion->choices && companion->choices[i]; i++) {
        snprintf(example, sizeof(example), "\"%s\"", companion->choices[i]);
        if (is_taken(filter, shown, &chosen))
            return true;
    }
    return false;
}

/* Some options make sense beside another only. */
static bool is_taken_somehow(const struct cosend_filter *filter,
                             const struct cosend_option *shown)
{
    struct cosend_option companion;

    if (is_taken(filter, shown, NULL))
        return true;
    for (size_t i = 0; cosend_option_at(filter->options, i, &companion); i++)
        if (companion.example &&
            (is_taken(filter, shown, &companion) ||
             is_taken_with_choice(filter, shown, &companion)))
            return true;
    return false;
}

/* Some take two more, as those of windows need what, how long and whose. */
static bool is_taken_among(const struct cosend_filter *filter,
                           const struct cosend_option *shown)
{
    struct cosend_option option;
    int count = 0;
    bool taken = is_taken_somehow(filter, shown);

    while (cosend_option_at(filter->options, (size_t)count, &option))
        count++;
    for (int i = 0; i < count && i < 64; i++)
        for (int j = 0; j < i && !taken; j++) {
            others = UINT64_C(1) << i | UINT64_C(1) << j;
            taken = is_taken_somehow(filter, shown);
        }
    others = 0;
    return taken;
}

static void every_option_takes_its_example(void **state)
{
    const struct cosend_filter *const *filter = cosend_builtin_filters();

    (void)state;
    for (; *filter; filter++) {
        struct cosend_option option;

        for (size_t i = 0; cosend_option_at((*filter)->options, i, &option);
             i++)
            if (option.example && !is_taken_among(*filter, &option))
                fail_msg("%s: %s is not taken for %s", (*filter)->name,
                         option.example, option.name);
    }
}

static void every_row_is_one_that_may_be_registered(void **state)
{
    const struct cosend_filter *const *filter = cosend_builtin_filters();

    (void)state;
    for (; *filter; filter++) {
        struct cosend_error error = {0};

        if (csi_row_check(*filter, &error) < 0)
            fail_msg("%s", error.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_one_that_may_be_registered),
        cmocka_unit_test(every_option_takes_its_example),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
