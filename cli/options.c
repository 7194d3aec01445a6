/* SPDX-License-Identifier: MIT */
/*
 * Options may stand anywhere up to `--`: `-j2`, `-j 2`, `--name=value`,
 * `--name value`. One table says all about them, `--help` included; which of
 * them a subcommand takes is looked at once it is known.
 */
#include "options.h"

#include "option_values.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum argument { NONE, REQUIRED, OPTIONAL };

struct row {
    char letter; /* or NUL */
    const char *name;
    enum argument argument;
    const char *value; /* what help calls the argument */
    unsigned where;    /* enum csi_cli_where; 0: not in this version */
    /* Take the value; tells and answers an exit status where it will not do. */
    int (*take)(struct csi_cli_command *command, const char *value);
    const char *help;
};

/* ---- Values ------------------------------------------------------------- */

/* Where a parameter of that name is, or is to be. */
static struct cosend_parameter *find_parameter(struct csi_cli_command *command,
                                               const char *name, size_t length)
{
    struct cosend_parameter *parameter = command->parameters;

    while (parameter->name && (strncmp(parameter->name, name, length) != 0 ||
                               parameter->name[length]))
        parameter++;
    return parameter;
}

static int take_parameter(struct csi_cli_command *command, const char *value)
{
    size_t length = strcspn(value, "=");
    struct cosend_parameter *parameter = find_parameter(command, value, length);

    if (!length || !value[length]) {
        csi_cli_message("-p: \"%s\" is not name=value", value);
        return CSI_CLI_USAGE;
    }
    if (!parameter->name) {
        parameter->name = strndup(value, length);
        if (!parameter->name) {
            csi_cli_message("out of memory");
            return CSI_CLI_IO;
        }
        command->options.parameter_count++;
    }
    parameter->value = value + length + 1;
    command->options.parameters = command->parameters;
    return CSI_CLI_DONE;
}

static int take_input_format(struct csi_cli_command *command, const char *value)
{
    int format = 0, status = csi_cli_format_of("-f", value, &format);

    if (status == CSI_CLI_DONE && !csi_cli_is_readable(format)) {
        csi_cli_message("-f: \"%s\" is a format for output only", value);
        return CSI_CLI_USAGE;
    }
    command->options.input_format = format;
    return status;
}

static int take_output_format(struct csi_cli_command *command,
                              const char *value)
{
    return csi_cli_take_output_format(value, &command->options);
}

static int take_path(const char *option, const char *value, const char **path)
{
    *path = value;
    if (*value)
        return CSI_CLI_DONE;
    csi_cli_message("%s: the name of a file must not be empty", option);
    return CSI_CLI_USAGE;
}

static int take_output(struct csi_cli_command *command, const char *value)
{
    return take_path("-o", value, &command->options.output_path);
}

static int take_threads(struct csi_cli_command *command, const char *value)
{
    uint64_t threads;

    if (!csi_cli_number("-j", value, 1, 1024, &threads))
        return CSI_CLI_USAGE;
    command->options.threads = (uint32_t)threads;
    return CSI_CLI_DONE;
}

static int take_follow(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->options.follow = true;
    return CSI_CLI_DONE;
}

static int take_lines(struct csi_cli_command *command, const char *value)
{
    command->lines = true;
    return csi_cli_take_lines(value, &command->options);
}

static int take_watch(struct csi_cli_command *command, const char *value)
{
    command->watch = true;
    command->watch_interval = 0;
    if (!value || csi_cli_is_interval(value, &command->watch_interval))
        return CSI_CLI_DONE;
    csi_cli_message("--watch: \"%s\" is not a time, as 500ms, 5s or 1m are",
                    value);
    return CSI_CLI_USAGE;
}

static int take_color(struct csi_cli_command *command, const char *value)
{
    static const char *const names[] = {"auto", "always", "never", NULL};
    int i = csi_cli_choose("--color", value, names);

    command->color = (enum csi_cli_color)(i < 0 ? 0 : i);
    return i < 0 ? CSI_CLI_USAGE : CSI_CLI_DONE;
}

static int take_stats(struct csi_cli_command *command, const char *value)
{
    static const char *const names[] = {"table", "json", NULL};
    int i = value ? csi_cli_choose("--stats", value, names) : 0;

    if (i < 0)
        return CSI_CLI_USAGE;
    command->stats = i ? CSI_CLI_JSON : CSI_CLI_TABLE;
    return CSI_CLI_DONE;
}

static int take_results(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->results = true;
    return CSI_CLI_DONE;
}

static int take_rejects(struct csi_cli_command *command, const char *value)
{
    return take_path("--rejects", value, &command->options.rejects_path);
}

static int take_on_error(struct csi_cli_command *command, const char *value)
{
    static const char *const names[] = {"reject", "skip", "fail", NULL};
    int i = csi_cli_choose("--on-error", value, names);

    if (i < 0)
        return CSI_CLI_USAGE;
    command->options.on_error = COSEND_ON_ERROR_REJECT + i;
    return CSI_CLI_DONE;
}

static int take_max_errors(struct csi_cli_command *command, const char *value)
{
    command->options.limit_errors = true;
    return csi_cli_number("--max-errors", value, 0, INT64_MAX,
                          &command->options.max_errors)
               ? CSI_CLI_DONE
               : CSI_CLI_USAGE;
}

static int take_batch_size(struct csi_cli_command *command, const char *value)
{
    uint64_t records;

    if (!csi_cli_number("--batch-size", value, 1, 1000000, &records))
        return CSI_CLI_USAGE;
    command->options.batch_size = (uint32_t)records;
    return CSI_CLI_DONE;
}

static int take_errors(struct csi_cli_command *command, const char *value)
{
    static const char *const names[] = {"text", "json", NULL};
    int i = csi_cli_choose("--errors", value, names);

    command->json_errors = i == 1;
    return i < 0 ? CSI_CLI_USAGE : CSI_CLI_DONE;
}

static int take_since(struct csi_cli_command *command, const char *value)
{
    return csi_cli_take_text("--since", value, &command->options.since);
}

static int take_until(struct csi_cli_command *command, const char *value)
{
    return csi_cli_take_text("--until", value, &command->options.until);
}

static int take_time_field(struct csi_cli_command *command, const char *value)
{
    return csi_cli_take_text("--time-field", value,
                             &command->options.time_field);
}

static int take_tz(struct csi_cli_command *command, const char *value)
{
    return csi_cli_take_text("--tz", value, &command->options.tz);
}

static int take_quiet(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->options.quiet = true;
    return CSI_CLI_DONE;
}

static int take_exit_status(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->exit_status = true;
    return CSI_CLI_DONE;
}

static int take_plugin(struct csi_cli_command *command, const char *value)
{
    (void)command;
    return csi_cli_load_plugin(value);
}

static int take_expand(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->expand = true;
    return CSI_CLI_DONE;
}

static int take_as(struct csi_cli_command *command, const char *value)
{
    static const char *const names[] = {"json", "c", NULL};
    int i = csi_cli_choose("--as", value, names);

    command->as_c = i == 1;
    return i < 0 ? CSI_CLI_USAGE : CSI_CLI_DONE;
}

static int take_json(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->json = true;
    return CSI_CLI_DONE;
}

static int take_help(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->help = true;
    return CSI_CLI_DONE;
}

static int take_version(struct csi_cli_command *command, const char *value)
{
    (void)value;
    command->version = true;
    return CSI_CLI_DONE;
}

/* ---- The table ---------------------------------------------------------- */

#define A_PIPELINE (CSI_CLI_RUN | CSI_CLI_CHECK)
#define A_LINE     (CSI_CLI_RUN | CSI_CLI_SHOW)
#define ANYWHERE   (~0u)

static const struct row rows[] = {
    {'p', "param", REQUIRED, "NAME=VALUE", A_PIPELINE, take_parameter,
     "give one of the spec's parameters a value"},
    {'f', "from", REQUIRED, "FORMAT", A_LINE | CSI_CLI_TRY, take_input_format,
     "read text, csv, tsv, jsonl, json, ltsv, logfmt, xtab, columns or nidx"},
    {'t', "to", REQUIRED, "FORMAT", A_LINE, take_output_format,
     "write one of these (jsonl:auto, json:auto: numbers), table, markdown or "
     "'template:{host} {ms:8.2f}'"},
    {'o', "output", REQUIRED, "FILE", A_LINE, take_output,
     "write to FILE instead of standard output"},
    {'j', "threads", REQUIRED, "N", CSI_CLI_RUN, take_threads,
     "threads; default: one a processor for files, 1 for live input"},
    {0, "follow", NONE, NULL, CSI_CLI_RUN, take_follow,
     "go on reading as files grow and are rotated"},
    {0, "lines", REQUIRED, "N", CSI_CLI_RUN, take_lines,
     "follow from the last N lines on (10); +N: from line N, followed or not"},
    {0, "watch", OPTIONAL, "TIME", CSI_CLI_RUN, take_watch,
     "print the results so far each TIME; a terminal shows those of live "
     "input"},
    {0, "since", REQUIRED, "TIME", A_LINE, take_since,
     "only what is not before TIME, or so long ago: 2h, '2026-03-01 10:00'"},
    {0, "until", REQUIRED, "TIME", A_LINE, take_until,
     "only what is before TIME"},
    {0, "time-field", REQUIRED, "NAME", A_LINE, take_time_field,
     "since, until: the field with the time; default: found"},
    {0, "tz", REQUIRED, "ZONE", A_LINE, take_tz,
     "since, until: the zone of times without one; default: UTC"},
    {0, "rejects", REQUIRED, "FILE", A_LINE, take_rejects,
     "write rejected records to FILE, as JSON lines"},
    {0, "on-error", REQUIRED, "WHAT", CSI_CLI_RUN, take_on_error,
     "what bad records do: reject (the default), skip, fail"},
    {0, "max-errors", REQUIRED, "N", CSI_CLI_RUN, take_max_errors,
     "stop when more than N records were rejected or skipped"},
    {0, "stats", OPTIONAL, "json", CSI_CLI_RUN, take_stats,
     "print what went in and out of every step, on stderr"},
    {0, "results", NONE, NULL, CSI_CLI_RUN, take_results,
     "print what every step returned as JSON, on stderr"},
    {0, "batch-size", REQUIRED, "N", CSI_CLI_RUN, take_batch_size,
     "records that travel together; changes no output"},
    {0, "errors", REQUIRED, "json", A_PIPELINE | CSI_CLI_SHOW, take_errors,
     "print what is wrong with a spec as JSON lines"},
    {'e', "exit-status", NONE, NULL, CSI_CLI_RUN, take_exit_status,
     "exit with 1 where no record came out, as grep does"},
    {0, "quiet", NONE, NULL, CSI_CLI_RUN, take_quiet,
     "no warnings, and no count of rejected records"},
    {0, "plugin", REQUIRED, "FILE", ANYWHERE, take_plugin,
     "take the filters of a shared object, FILE, too"},
    {0, "expand", NONE, NULL, CSI_CLI_CHECK, take_expand,
     "check: print the canonical form of the spec"},
    {0, "as", REQUIRED, "json|c", CSI_CLI_SHOW, take_as,
     "show: print a JSON spec (the default), or a program in C"},
    {0, "json", NONE, NULL, CSI_CLI_HELP, take_json,
     "help: print all filters and their options as JSON"},
    {'h', "help", NONE, NULL, ANYWHERE, take_help, "print this"},
    {0, "version", NONE, NULL, ANYWHERE, take_version, "print the version"},
    {0, "progress", NONE, NULL, 0, NULL, NULL},
    {0, "color", REQUIRED, "WHEN", CSI_CLI_RUN, take_color,
     "color matches, levels and names: auto (on a terminal), always, never"},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* ---- Taking a command line apart ---------------------------------------- */

/* Options that this version only knows the names of are not proposed. */
static const char *row_name(const void *list, size_t i)
{
    const struct row *row = (const struct row *)list + i;

    return row->where ? row->name : NULL;
}

static int unknown(const struct csi_cli_command *command, const char *argument,
                   const char *name)
{
    const char *near = cosend_suggest(name, ROWS, row_name, rows);
    const char *filter = command->operand_count ? command->operands[0] : "";

    if (near)
        csi_cli_message("unknown option %s; did you mean --%s?", argument,
                        near);
    else if (cosend_find_filter(filter))
        csi_cli_message("unknown option %s; a pipeline, with the options of "
                        "its filters, is one argument in quotes: see 'cosend "
                        "help %s'",
                        argument, filter);
    else
        csi_cli_message("unknown option %s; see 'cosend --help'", argument);
    return CSI_CLI_USAGE;
}

static int take(struct csi_cli_command *command, const struct row *row,
                const char *spelt, const char *value)
{
    if (!row->where) {
        csi_cli_message("%s is not in this version", spelt);
        return CSI_CLI_USAGE;
    }
    if (row->argument == REQUIRED && !value) {
        csi_cli_message("%s needs a value: %s", spelt, row->value);
        return CSI_CLI_USAGE;
    }
    if (row->argument == NONE && value) {
        csi_cli_message("%s takes no value", spelt);
        return CSI_CLI_USAGE;
    }
    command->given |= 1u << (row - rows);
    return row->take(command, value);
}

/* Whether the next argument is the value of an option that may do without one:
   `--watch 5s`, `--stats json`. A file that is called so is ./5s. */
static bool is_its_value(const struct row *row, const char *next)
{
    int64_t interval;

    if (row->take == take_watch)
        return cosend_parse_duration(next, strlen(next), &interval) ||
               (*next && !next[strspn(next, "0123456789.")]);
    return row->argument == OPTIONAL && strcmp(next, row->value) == 0;
}

/* An argument like --name or --name=value; *used says whether it took the
   next one too. */
static int take_long(struct csi_cli_command *command, const char *argument,
                     const char *next, bool *used)
{
    char name[40];
    size_t length = strcspn(argument + 2, "=");
    const char *value = argument[2 + length] ? argument + 2 + length + 1 : NULL;

    snprintf(name, sizeof(name), "%.*s", (int)length, argument + 2);
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        *used = next && !value &&
                (rows[i].argument == REQUIRED || is_its_value(&rows[i], next));
        snprintf(name, sizeof(name), "--%s", rows[i].name);
        return take(command, &rows[i], name, *used ? next : value);
    }
    return unknown(command, argument, name);
}

/* An argument like -j or -j2. */
static int take_short(struct csi_cli_command *command, const char *argument,
                      const char *next, bool *used)
{
    const char spelt[] = {'-', argument[1], '\0'};
    const char *value = argument[2] ? argument + 2 : NULL;

    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].letter != argument[1])
            continue;
        *used = rows[i].argument == REQUIRED && !value && next;
        return take(command, &rows[i], spelt, *used ? next : value);
    }
    return unknown(command, argument, argument + 1);
}

static int take_all(struct csi_cli_command *command, int argc, char **argv)
{
    bool options = true;

    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i];
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool used = false;
        int status = CSI_CLI_DONE;

        if (!options || argument[0] != '-' || !argument[1])
            command->operands[command->operand_count++] = argument;
        else if (strcmp(argument, "--") == 0)
            options = false;
        else if (argument[1] == '-')
            status = take_long(command, argument, next, &used);
        else
            status = take_short(command, argument, next, &used);
        if (status)
            return status;
        i += used;
    }
    return CSI_CLI_DONE;
}

/* As tail does it: without a word of it, ten. */
static int settle_lines(struct csi_cli_command *command)
{
    struct cosend_options *options = &command->options;

    if (command->lines && options->follow_last && !options->follow) {
        csi_cli_message("--lines N says where --follow begins: give that, too; "
                        "a step `tail N` keeps the last records");
        return CSI_CLI_USAGE;
    }
    if (!command->lines && options->follow) {
        options->follow_last = options->tell_skipped = true;
        options->last_records = 10;
    }
    return CSI_CLI_DONE;
}

int csi_cli_parse(struct csi_cli_command *command, int argc, char **argv)
{
    size_t most = argc > 0 ? (size_t)argc : 1;
    int status;

    memset(command, 0, sizeof(*command));
    command->options.size = sizeof(command->options);
    command->options.threads = COSEND_THREADS_AUTO;
    command->operands = calloc(most, sizeof(*command->operands));
    command->parameters = calloc(most, sizeof(*command->parameters));
    if (!command->operands || !command->parameters) {
        csi_cli_message("out of memory");
        return CSI_CLI_IO;
    }
    status = take_all(command, argc, argv);
    return status == CSI_CLI_DONE ? settle_lines(command) : status;
}

void csi_cli_command_free(struct csi_cli_command *command)
{
    for (size_t i = 0; i < command->options.parameter_count; i++) {
        char *name = (char *)(uintptr_t)command->parameters[i].name;

        free(name);
    }
    free(command->parameters);
    free(command->operands);
    memset(command, 0, sizeof(*command));
}

bool csi_cli_allowed(const struct csi_cli_command *command,
                     enum csi_cli_where where, const char *name)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (!(command->given & 1u << i) || rows[i].where & (unsigned)where)
            continue;
        csi_cli_message("--%s is not an option of '%s'", rows[i].name, name);
        return false;
    }
    return true;
}

/* ---- Help --------------------------------------------------------------- */

static void describe(struct csi_cli_text *text, const struct row *row)
{
    char left[40];
    const char *open = row->argument == OPTIONAL ? "[=" : " ";

    snprintf(left, sizeof(left), "%c%c%c --%s%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? ',' : ' ',
             row->name, row->value ? open : "", row->value ? row->value : "",
             row->argument == OPTIONAL ? "]" : "");
    csi_cli_format(text, "  ");
    csi_cli_pad(text, left, 23);
    csi_cli_format(text, " %s\n", row->help);
}

void csi_cli_usage(struct csi_cli_text *text)
{
    csi_cli_format(
        text,
        "Usage:\n"
        "  cosend PIPELINE [FILE...]  run a pipeline written in one line\n"
        "  cosend run SPEC [FILE...]  run a pipeline from a JSON file\n"
        "  cosend check SPEC...       say what is wrong with it or a line\n"
        "  cosend show PIPELINE       print the JSON spec it stands for\n"
        "  cosend list                all filters, sources and sinks\n"
        "  cosend help [NAME]         this, or all about one of them\n"
        "  cosend version\n"
        "  cosend new-filter NAME     begin a filter of one's own in C\n"
        "  cosend check-filter NAME   say what is wrong with one\n"
        "\nWithout FILE, or where it is -, standard input is read.\n"
        "\nOptions:\n");
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].where)
            describe(text, &rows[i]);
    csi_cli_format(text,
                   "\nExamples:\n"
                   "  cosend 'grep ERROR | count' app.log\n"
                   "  cosend 'average ms by=host' -t table requests.csv\n");
}
