/* SPDX-License-Identifier: MIT */
#include "spec.h"

#include "options.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

enum { CHUNK = 64 << 10 };

/* ---- Errors ------------------------------------------------------------- */

int csi_cli_status_of(int kind)
{
    switch (kind) {
    case COSEND_E_USAGE:
    case COSEND_E_SPEC:
    case COSEND_E_COLUMN:
    case COSEND_E_TYPE:
        return CSI_CLI_USAGE;
    case COSEND_E_DATA:
        return CSI_CLI_DATA;
    case COSEND_E_LEDGER:
        return CSI_CLI_LEDGER;
    default:
        return kind < 0 ? CSI_CLI_IO : CSI_CLI_DONE;
    }
}

static void print_error_json(const struct cosend_error *error)
{
    struct csi_cli_text text = {0};

    csi_cli_format(&text, "{\"kind\": ");
    csi_cli_json_string(&text, cosend_error_name(error->kind));
    csi_cli_format(&text, ", \"step\": ");
    csi_cli_json_string(&text, error->step[0] ? error->step : NULL);
    csi_cli_format(&text, ", \"source\": ");
    csi_cli_json_string(&text, error->source[0] ? error->source : NULL);
    csi_cli_format(&text, ", \"line\": %llu, \"column\": %llu, \"text\": ",
                   (unsigned long long)error->line,
                   (unsigned long long)error->column);
    csi_cli_json_string(&text, error->message);
    csi_cli_format(&text, "}\n");
    csi_cli_show(&text);
}

/* `step grep (access.log:17): `, as far as it is known. */
static void add_place(struct csi_cli_text *text,
                      const struct cosend_error *error)
{
    const char *open = error->step[0] ? " (" : "";
    const char *close = error->step[0] ? ")" : "";

    if (error->step[0])
        csi_cli_format(text, "step %s", error->step);
    if (error->source[0] && error->line)
        csi_cli_format(text, "%s%s:%llu%s", open, error->source,
                       (unsigned long long)error->line, close);
    else if (error->source[0])
        csi_cli_format(text, "%s%s%s", open, error->source, close);
    if (text->length)
        csi_cli_format(text, ": ");
}

void csi_cli_print_error(const struct cosend_error *error, bool json)
{
    struct csi_cli_text place = {0};

    if (json) {
        print_error_json(error);
        return;
    }
    /* The message of failed input or output starts with its path. */
    if (error->kind != COSEND_E_INPUT && error->kind != COSEND_E_OUTPUT)
        add_place(&place, error);
    csi_cli_message("%s%s", place.data ? place.data : "",
                    error->message[0] ? error->message
                                      : cosend_error_name(error->kind));
    csi_cli_free(&place);
}

static void show_problem_json(const struct cosend_problem *problem)
{
    struct csi_cli_text text = {0};

    csi_cli_format(&text, "{\"name\": ");
    csi_cli_json_string(&text, problem->name);
    csi_cli_format(&text,
                   ", \"line\": %u, \"column\": %u, \"path\": ", problem->line,
                   problem->column);
    csi_cli_json_string(&text, problem->path ? problem->path : "");
    csi_cli_format(&text, ", \"text\": ");
    csi_cli_json_string(&text, problem->text);
    csi_cli_format(&text, "}\n");
    csi_cli_show(&text);
}

static void show_problem(const struct cosend_problem *problem, void *context)
{
    struct csi_cli_command *command = context;
    struct csi_cli_text text = {0};

    command->problems++;
    if (command->json_errors) {
        show_problem_json(problem);
        return;
    }
    csi_cli_format(&text, "%s:", problem->name);
    if (problem->line)
        csi_cli_format(&text, "%u:%u:", problem->line, problem->column);
    if (problem->path && problem->path[0])
        csi_cli_format(&text, " %s:", problem->path);
    csi_cli_format(&text, " %s\n", problem->text);
    csi_cli_show(&text);
}

static void show_warning(const char *warning, void *context)
{
    (void)context;
    csi_cli_message("%s", warning);
}

/* ---- The spec's file ---------------------------------------------------- */

/* Returns COSEND_DONE at the end, or an error. */
static int read_chunk(struct cosend_input *input, struct csi_cli_text *text,
                      struct cosend_error *error)
{
    static char chunk[CHUNK];
    size_t length;
    int outcome =
        cosend_input_read(input, chunk, sizeof(chunk), &length, error);

    if (outcome != COSEND_OK)
        return outcome;
    csi_cli_add(text, chunk, length);
    if (text->failed)
        return cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
    if (text->length > COSEND_SPEC_BYTES)
        return cosend_error_set(
            error, COSEND_E_INPUT, "%s: it may have at most %d MiB",
            cosend_input_name(input), COSEND_SPEC_BYTES >> 20);
    return COSEND_OK;
}

static int read_with(struct cosend_io *io, const char *path,
                     struct csi_cli_text *text, struct cosend_error *error)
{
    struct cosend_input *input = NULL;
    int outcome = cosend_input_open(io, path, 0, &input, error);

    while (outcome == COSEND_OK)
        outcome = read_chunk(input, text, error);
    cosend_input_free(input);
    return outcome;
}

int csi_cli_read_file(const char *path, struct csi_cli_text *text,
                      struct cosend_error *error)
{
    struct cosend_io *io = cosend_io_new(error);
    int outcome = io ? read_with(io, path, text, error) : error->kind;

    cosend_io_free(io);
    return outcome;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* ---- The pipeline ------------------------------------------------------- */

/* What is no file and begins as a pipeline in one line does is one. */
static void advise_of_line(const char *path, struct cosend_error *error)
{
    size_t word = strcspn(path, " |"), length = strlen(error->message);
    char name[32];

    snprintf(name, sizeof(name), "%.*s", (int)word, path);
    if (word < sizeof(name) && path[word] && cosend_find_filter(name))
        snprintf(error->message + length, sizeof(error->message) - length,
                 "; a pipeline in one line is run without `run`");
}

static struct cosend_pipeline *from_file(struct csi_cli_command *command,
                                         const char *path,
                                         struct cosend_error *error,
                                         int *status)
{
    struct csi_cli_text text = {0};
    struct cosend_pipeline *pipeline = NULL;
    int outcome = csi_cli_read_file(path, &text, error);

    if (outcome < 0) {
        advise_of_line(path, error);
        *status = outcome == COSEND_E_INPUT ? CSI_CLI_USAGE
                                            : csi_cli_status_of(outcome);
    } else {
        command->options.name = strcmp(path, "-") == 0 ? "stdin" : path;
        command->options.allow_comments = ends_with(path, ".jsonc");
        pipeline = cosend_pipeline_from_json(
            text.data ? text.data : "", text.length, &command->options, error);
        *status = csi_cli_status_of(error->kind);
    }
    csi_cli_free(&text);
    return pipeline;
}

static struct cosend_pipeline *from_line(struct csi_cli_command *command,
                                         const char *line,
                                         struct cosend_error *error,
                                         int *status)
{
    struct cosend_pipeline *pipeline;

    command->options.name = "<line>";
    pipeline = cosend_pipeline_from_line(line, &command->options, error);
    *status = csi_cli_status_of(error->kind);
    return pipeline;
}

void csi_cli_hooks(struct csi_cli_command *command)
{
    command->problems = 0;
    command->options.context = command;
    command->options.problem = show_problem;
    command->options.warning = show_warning;
}

struct cosend_pipeline *csi_cli_pipeline(struct csi_cli_command *command,
                                         const char *spec, bool is_line,
                                         int *status)
{
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    csi_cli_hooks(command);
    pipeline = is_line ? from_line(command, spec, &error, status)
                       : from_file(command, spec, &error, status);
    if (pipeline)
        return pipeline;
    if (!command->problems)
        csi_cli_print_error(&error, command->json_errors);
    else if (*status == CSI_CLI_USAGE)
        *status = CSI_CLI_WRONG;
    return NULL;
}
