/* SPDX-License-Identifier: MIT */
/* A table of filters for tests of the spec: their rows, and bodies that never
   run. It stands in for the built-in one. */
#ifndef SPEC_FAKES_H
#define SPEC_FAKES_H

#include "cosend/match.h"
#include "spec/expand.h"
#include "spec/spec.h"

#include <stdio.h>
#include <string.h>

static int fake_body(struct cosend_stage *self, void *options)
{
    (void)self;
    (void)options;
    return 0;
}

static const char *const fake_formats[] = {"auto",  "text",  "csv",
                                           "jsonl", "table", NULL};

struct fake_grep {
    struct cosend_string pattern;
    bool invert;
    struct cosend_field field;
    struct cosend_regex *regex;
};

static void fake_grep_check(struct cosend_check *check, void *options)
{
    struct fake_grep *grep = options;
    struct cosend_error error = {0};

    grep->regex = cosend_regex_new(grep->pattern.data, grep->pattern.length,
                                   NULL, &error);
    if (!grep->regex)
        cosend_check_error(check, "pattern", "%s", error.message);
    if (grep->invert && cosend_check_given(check, "field"))
        cosend_check_error(check, "invert", "not with a field");
}

static void fake_grep_release(void *options)
{
    cosend_regex_free(((struct fake_grep *)options)->regex);
}

static const struct cosend_option fake_grep_options[] = {
    {.name = "pattern",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct fake_grep, pattern),
     .flags = COSEND_REQUIRED | COSEND_MAIN},
    {.name = "invert",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct fake_grep, invert)},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct fake_grep, field)},
    {.name = NULL}};

static const struct cosend_filter fake_grep = {.abi = COSEND_ABI,
                                               .name = "grep",
                                               .options_size =
                                                   sizeof(struct fake_grep),
                                               .options = fake_grep_options,
                                               .body = fake_body,
                                               .check = fake_grep_check,
                                               .release = fake_grep_release};

struct fake_head {
    int64_t n;
};

static const struct cosend_option fake_head_options[] = {
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct fake_head, n),
     .fallback = "10",
     .flags = COSEND_MAIN,
     .maximum = INT64_MAX},
    {.name = NULL}};

static const struct cosend_filter fake_head = {.abi = COSEND_ABI,
                                               .name = "head",
                                               .options_size =
                                                   sizeof(struct fake_head),
                                               .options = fake_head_options,
                                               .body = fake_body};

struct fake_average {
    struct cosend_field field;
    struct cosend_fields by;
    int emit;
    struct cosend_string as;
    struct cosend_strings words;
};

static const char *const fake_emits[] = {"end", "each", NULL};

static const struct cosend_option fake_average_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct fake_average, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct fake_average, by)},
    {.name = "emit",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct fake_average, emit),
     .fallback = "\"end\"",
     .choices = fake_emits},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct fake_average, as),
     .fallback = "\"average\""},
    {.name = "words",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct fake_average, words),
     .fallback = "[\"a\", \"b\"]"},
    {.name = NULL}};

static const struct cosend_filter fake_average = {
    .abi = COSEND_ABI,
    .name = "average",
    .aliases = "averager mean",
    .options_size = sizeof(struct fake_average),
    .options = fake_average_options,
    .body = fake_body};

struct fake_select {
    struct cosend_fields fields;
};

static const struct cosend_option fake_select_options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct fake_select, fields),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static const struct cosend_filter fake_select = {.abi = COSEND_ABI,
                                                 .name = "select",
                                                 .options_size =
                                                     sizeof(struct fake_select),
                                                 .options = fake_select_options,
                                                 .body = fake_body};

struct fake_where {
    struct cosend_condition *condition;
};

static const struct cosend_option fake_where_options[] = {
    {.name = "condition",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct fake_where, condition),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static const struct cosend_filter fake_where = {.abi = COSEND_ABI,
                                                .name = "where",
                                                .options_size =
                                                    sizeof(struct fake_where),
                                                .options = fake_where_options,
                                                .body = fake_body};

static const struct cosend_option fake_broadcast_options[] = {
    {.name = "branches",
     .type = COSEND_OPTION_BRANCHES,
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static const struct cosend_filter fake_broadcast = {.abi = COSEND_ABI,
                                                    .name = "broadcast",
                                                    .options =
                                                        fake_broadcast_options,
                                                    .body = fake_body,
                                                    .fans_out = true};

static const struct cosend_option fake_tee_options[] = {
    {.name = "to",
     .type = COSEND_OPTION_BRANCHES,
     .flags = COSEND_MAIN | COSEND_REQUIRED | COSEND_SIDE_BRANCH},
    {.name = NULL}};

static const struct cosend_filter fake_tee = {.abi = COSEND_ABI,
                                              .name = "tee",
                                              .options = fake_tee_options,
                                              .body = fake_body,
                                              .fans_out = true};

static const struct cosend_filter fake_null = {
    .abi = COSEND_ABI, .name = "null", .role = COSEND_SINK, .body = fake_body};

struct fake_read {
    struct cosend_read_options read;
};

static const struct cosend_option fake_input_options[] = {
    {.name = "format",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct fake_read, read.format.name),
     .flags = COSEND_MAIN,
     .choices = fake_formats},
    {.name = "header",
     .type = COSEND_OPTION_HEADER,
     .offset = offsetof(struct fake_read, read.format.header),
     .fallback = "true"},
    {.name = "max_record_bytes",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct fake_read, read.format.max_record_bytes),
     .fallback = "16777216",
     .minimum = 1,
     .maximum = 1 << 30},
    {.name = NULL}};

static const struct cosend_filter fake_input = {.abi = COSEND_ABI,
                                                .name = "input",
                                                .role = COSEND_SOURCE,
                                                .options_size =
                                                    sizeof(struct fake_read),
                                                .options = fake_input_options,
                                                .body = fake_body};

static const struct cosend_option fake_file_source_options[] = {
    {.name = "path",
     .type = COSEND_OPTION_PATHS,
     .offset = offsetof(struct fake_read, read.paths),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static const struct cosend_filter fake_file_source = {
    .abi = COSEND_ABI,
    .name = "file",
    .role = COSEND_SOURCE,
    .options_size = sizeof(struct fake_read),
    .options = fake_file_source_options,
    .body = fake_body};

static const struct cosend_option fake_file_sink_options[] = {
    {.name = "path",
     .type = COSEND_OPTION_PATH,
     .offset = offsetof(struct cosend_write_options, path),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = "format",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_write_options, format.name),
     .choices = fake_formats},
    {.name = NULL}};

static const struct cosend_filter fake_file_sink = {
    .abi = COSEND_ABI,
    .name = "file",
    .role = COSEND_SINK,
    .options_size = sizeof(struct cosend_write_options),
    .options = fake_file_sink_options,
    .body = fake_body};

static const struct cosend_option fake_stdout_options[] = {
    {.name = "format",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct cosend_write_options, format.name),
     .flags = COSEND_MAIN,
     .choices = fake_formats},
    {.name = NULL}};

static const struct cosend_filter fake_stdout = {
    .abi = COSEND_ABI,
    .name = "stdout",
    .aliases = "printer",
    .role = COSEND_SINK,
    .options_size = sizeof(struct cosend_write_options),
    .options = fake_stdout_options,
    .body = fake_body};

const struct cosend_filter *const *cosend_builtin_filters(void)
{
    static const struct cosend_filter *const all[] = {
        &fake_average, &fake_broadcast, &fake_file_sink, &fake_file_source,
        &fake_grep,    &fake_head,      &fake_input,     &fake_null,
        &fake_select,  &fake_stdout,    &fake_tee,       &fake_where,
        NULL};

    return all;
}

static const struct cosend_filter fake_push = {.abi = COSEND_ABI,
                                               .name = "push",
                                               .role = COSEND_SOURCE,
                                               .options_size =
                                                   sizeof(struct fake_read),
                                               .options = fake_input_options,
                                               .body = fake_body};
static const struct cosend_filter fake_callback = {.abi = COSEND_ABI,
                                                   .name = "callback",
                                                   .role = COSEND_SINK,
                                                   .body = fake_body};

__attribute__((unused)) static const struct csi_ends fake_ends = {
    &fake_push, &fake_callback};

/* All problems as `name:line:col: path: text` lines. */
struct told {
    char text[8192];
};

__attribute__((unused)) static void tell(const struct cosend_problem *problem,
                                         void *context)
{
    struct told *told = context;
    size_t length = strlen(told->text);

    snprintf(told->text + length, sizeof(told->text) - length,
             "%s:%u:%u: %s%s%s\n", problem->name, problem->line,
             problem->column, problem->path, *problem->path ? ": " : "",
             problem->text);
}

#endif
