/* SPDX-License-Identifier: MIT */
#include "run.h"

#include "options.h"
#include "report.h"
#include "signals.h"
#include "spec.h"
#include "status.h"
#include "terminal.h"
#include "unquoted.h"
#include "watch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of words that are taken for files it is told that they are none. */
static void print_error(const struct csi_cli_command *command, int outcome,
                        const struct cosend_error *error)
{
    if (outcome == COSEND_E_USAGE && command->unquoted && !command->json_errors)
        csi_cli_suggest_command(command);
    else
        csi_cli_print_error(error, command->json_errors);
}

static void report(const struct csi_cli_command *command,
                   const struct cosend_pipeline *pipeline, int outcome,
                   const struct cosend_error *error)
{
    const struct cosend_options *options = &command->options;

    /* Unknown columns were told of as problems, each at its place, and inputs
       that could not be read as warnings. */
    if (outcome < 0 && !(outcome == COSEND_E_COLUMN && command->problems) &&
        !(outcome == COSEND_E_INPUT && cosend_pipeline_unreadable(pipeline)))
        print_error(command, outcome, error);
    if (outcome != COSEND_DONE && !options->quiet)
        csi_cli_report_rejects(pipeline, error);
    if (command->stats)
        csi_cli_report_ledger(pipeline, command->stats == CSI_CLI_JSON);
    if (command->results)
        csi_cli_report_results(pipeline);
}

static int status_of(const struct cosend_pipeline *pipeline, int outcome)
{
    if (outcome == COSEND_DONE)
        return CSI_CLI_PIPE;
    if (outcome < 0)
        return csi_cli_status_of(outcome);
    return cosend_pipeline_balanced(pipeline) ? CSI_CLI_DONE : CSI_CLI_LEDGER;
}

static void on_ledger(struct cosend_pipeline *pipeline, void *context)
{
    const struct csi_cli_command *command = context;

    if (csi_cli_signals_asked())
        csi_cli_report_ledger(pipeline, command->stats == CSI_CLI_JSON);
    csi_cli_watch_answered();
}

/* Run a pipeline, and free it. */
static int run(struct csi_cli_command *command,
               struct cosend_pipeline *pipeline)
{
    struct cosend_error error = {0};
    int outcome, status, signal;

    cosend_pipeline_on_ledger(pipeline, on_ledger, command);
    csi_cli_signals_begin(pipeline);
    csi_cli_watch_begin(command, pipeline);
    outcome = cosend_pipeline_run(pipeline, &error);
    csi_cli_watch_end();
    signal = csi_cli_signals_end();
    if (outcome < 0)
        error.kind = outcome;
    report(command, pipeline, outcome, &error);
    status = status_of(pipeline, outcome);
    if (status == CSI_CLI_DONE && command->exit_status &&
        !csi_cli_wrote_records(pipeline))
        status = CSI_CLI_WRONG;
    cosend_pipeline_free(pipeline);
    csi_cli_signals_restore();
    if (signal)
        return csi_cli_die(signal);
    return status == CSI_CLI_PIPE ? csi_cli_die(SIGPIPE) : status;
}

/* Whether the spec and the data would both come from standard input. */
static bool stdin_twice(const struct csi_cli_command *command, const char *spec,
                        const struct cosend_pipeline *pipeline)
{
    const struct cosend_options *options = &command->options;
    struct cosend_ledger source = {.size = sizeof(source)};

    if (strcmp(spec, "-") != 0)
        return false;
    for (size_t i = 0; i < options->file_count; i++)
        if (strcmp(options->files[i], "-") == 0)
            return true;
    return options->file_count == 0 &&
           cosend_pipeline_ledger(pipeline, 0, &source) &&
           strcmp(source.filter, "input") == 0;
}

/* Whether what is printed gets colors: on a terminal that has some, unless
   NO_COLOR is set (no-color.org); or as --color says. */
static bool is_colored(const struct csi_cli_command *command)
{
    const char *off = getenv("NO_COLOR");

    if (command->color != CSI_CLI_AUTO)
        return command->color == CSI_CLI_ALWAYS;
    return csi_cli_has_screen() && !(off && *off);
}

/* Make and run what operand `at` says; the operands behind it are files. */
static int make_and_run(struct csi_cli_command *command, size_t at,
                        bool is_line)
{
    const char *spec = command->operands[at];
    struct cosend_pipeline *pipeline;
    int status;

    command->options.files = command->operands + at + 1;
    command->options.file_count = command->operand_count - at - 1;
    command->options.color = is_colored(command);
    command->options.watch = csi_cli_may_watch(command);
    pipeline = csi_cli_pipeline(command, spec, is_line, &status);
    if (!pipeline)
        return status == CSI_CLI_WRONG ? CSI_CLI_USAGE : status;
    if (!is_line && stdin_twice(command, spec, pipeline)) {
        csi_cli_message(
            "the spec comes from standard input: name a FILE to read");
        cosend_pipeline_free(pipeline);
        return CSI_CLI_USAGE;
    }
    return run(command, pipeline);
}

int csi_cli_run(struct csi_cli_command *command)
{
    if (command->operand_count < 2) {
        csi_cli_message("usage: cosend run SPEC [FILE...]");
        return CSI_CLI_USAGE;
    }
    return make_and_run(command, 1, false);
}

int csi_cli_line(struct csi_cli_command *command)
{
    int status;

    command->unquoted = csi_cli_is_unquoted(command);
    status = make_and_run(command, 0, true);
    if (command->json_errors)
        return status;
    if ((command->problems && status == CSI_CLI_USAGE) ||
        (status == CSI_CLI_IO && csi_cli_is_surely_unquoted(command)))
        csi_cli_suggest_command(command);
    return status;
}
