/* SPDX-License-Identifier: MIT */
/*
 * A host program for tests: it pushes into a pipeline and takes its records.
 * Include it behind cosend.h and cmocka.h.
 */
#ifndef TEST_HOST_H
#define TEST_HOST_H

#include <stdio.h>
#include <string.h>

/* What came out, as `name=value name=value;`. */
struct taken {
    char text[4096];
    size_t length;
    char problems[1024];
};

static inline void append(struct taken *taken, const char *data, size_t length)
{
    if (!length || taken->length + length + 1 > sizeof(taken->text))
        return;
    memcpy(taken->text + taken->length, data, length);
    taken->length += length;
    taken->text[taken->length] = '\0';
}

static inline int take(const struct cosend_record *record, void *context)
{
    struct cosend_item item;
    struct taken *taken = context;

    memset(&item, 0, sizeof(item));
    while (cosend_next_item(record, &item, NULL)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        append(taken, item.name, item.name_length);
        append(taken, "=", 1);
        append(taken, item.cell.data, item.cell.length);
        append(taken, " ", 1);
    }
    append(taken, ";", 1);
    return COSEND_OK;
}

static inline void note_problem(const struct cosend_problem *problem,
                                void *context)
{
    struct taken *taken = context;

    snprintf(taken->problems, sizeof(taken->problems), "%u:%u: %s: %s",
             problem->line, problem->column, problem->path, problem->text);
}

static inline struct cosend_options host(struct taken *taken)
{
    struct cosend_options options;

    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    memset(taken, 0, sizeof(*taken));
    options.push = true;
    options.quiet = true;
    options.record = take;
    options.problem = note_problem;
    options.context = taken;
    return options;
}

static inline struct cosend_pipeline *
open_line(const char *line, const struct cosend_options *options)
{
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line(line, options, &error);

    if (!pipeline)
        print_error("%s\n", error.message);
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
    return pipeline;
}

static inline void push(struct cosend_pipeline *pipeline, const char *text)
{
    struct cosend_error error = {0};

    assert_int_equal(cosend_pipeline_push(pipeline, text, strlen(text), &error),
                     COSEND_OK);
}

static inline void finish(struct cosend_pipeline *pipeline)
{
    struct cosend_error error = {0};

    assert_int_equal(cosend_pipeline_finish(pipeline, &error), COSEND_OK);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
}

#endif
