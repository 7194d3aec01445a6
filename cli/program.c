/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <string.h>

/* ---- Strings of C -------------------------------------------------------- */

/* A string literal, of any bytes. A question mark is escaped because two of
   them begin a trigraph. */
static void add_literal(struct csi_cli_text *text, const char *string)
{
    csi_cli_add(text, "\"", 1);
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string;

        if (byte < 0x20 || byte == 0x7F)
            csi_cli_format(text, "\\%03o", byte);
        else if (strchr("\"\\?", byte))
            csi_cli_format(text, "\\%c", byte);
        else
            csi_cli_add(text, string, 1);
    }
    csi_cli_add(text, "\"", 1);
}

/* Whether a comment can hold a text as it stands. */
static bool fits_comment(const char *string)
{
    return !strstr(string, "*/") && !strstr(string, "/*") &&
           !strstr(string, "??") && !strpbrk(string, "\n\r");
}

/* ---- Its parts ----------------------------------------------------------- */

/* Where a literal begins, behind the call's name. */
static void add_call(int role, const char *name, const char *options,
                     void *context)
{
    struct csi_cli_text *text = context;

    csi_cli_format(text,
                   "    if (outcome == COSEND_OK)\n"
                   "        outcome = cosend_pipeline_%s(pipeline, ",
                   role == COSEND_SOURCE ? "set_source" : "add");
    add_literal(text, name);
    csi_cli_format(text, ",\n            ");
    add_literal(text, options);
    csi_cli_format(text, ", error);\n");
}

static void add_head(struct csi_cli_text *text, const char *line)
{
    csi_cli_format(text, "/*\n");
    if (fits_comment(line))
        csi_cli_format(text, " * %s\n *\n", line);
    csi_cli_format(
        text, "%s",
        " * Made by `cosend show --as c`; it reads the files that it is given, "
        "or\n"
        " * standard input. To build it:\n"
        " *\n"
        " *     cc -o pipeline pipeline.c $(pkg-config --cflags --libs "
        "cosend)\n"
        " */\n"
        "#include <cosend.h>\n"
        "\n"
        "#include <stdio.h>\n"
        "\n"
        "static void report_problem(const struct cosend_problem *problem, "
        "void *context)\n"
        "{\n"
        "    (void)context;\n"
        "    fprintf(stderr, \"%s: %s\\n\", problem->path, problem->text);\n"
        "}\n"
        "\n"
        "static void report_warning(const char *warning, void *context)\n"
        "{\n"
        "    (void)context;\n"
        "    fprintf(stderr, \"%s\\n\", warning);\n"
        "}\n"
        "\n"
        "static int build(struct cosend_pipeline *pipeline, "
        "struct cosend_error *error)\n"
        "{\n"
        "    int outcome = COSEND_OK;\n"
        "\n"
        "    (void)pipeline;\n"
        "    (void)error;\n");
}

static void add_format(struct csi_cli_text *text, const char *member,
                       int format)
{
    static const char *const names[] = {
        [COSEND_FORMAT_TEXT] = "TEXT",
        [COSEND_FORMAT_CSV] = "CSV",
        [COSEND_FORMAT_TSV] = "TSV",
        [COSEND_FORMAT_JSONL] = "JSONL",
        [COSEND_FORMAT_JSON] = "JSON",
        [COSEND_FORMAT_LTSV] = "LTSV",
        [COSEND_FORMAT_LOGFMT] = "LOGFMT",
        [COSEND_FORMAT_XTAB] = "XTAB",
        [COSEND_FORMAT_COLUMNS] = "COLUMNS",
        [COSEND_FORMAT_NIDX] = "NIDX",
        [COSEND_FORMAT_TABLE] = "TABLE",
        [COSEND_FORMAT_MARKDOWN] = "MARKDOWN",
        [COSEND_FORMAT_TEMPLATE] = "TEMPLATE",
    };

    if (format)
        csi_cli_format(text, "        .%s = COSEND_FORMAT_%s,\n", member,
                       names[format]);
}

static void add_path(struct csi_cli_text *text, const char *member,
                     const char *path)
{
    if (!path)
        return;
    csi_cli_format(text, "        .%s = ", member);
    add_literal(text, path);
    csi_cli_format(text, ",\n");
}

static void add_options(struct csi_cli_text *text,
                        const struct cosend_options *options)
{
    csi_cli_format(text, "%s",
                   "    const struct cosend_options options = {\n"
                   "        .size = sizeof(options),\n"
                   "        .files = (const char *const *)argv + 1,\n"
                   "        .file_count = argc > 1 ? (size_t)argc - 1 : 0,\n"
                   "        .threads = COSEND_THREADS_AUTO,\n");
    add_format(text, "input_format", options->input_format);
    add_format(text, "output_format", options->output_format);
    if (options->output_numbers)
        csi_cli_format(text,
                       "        .output_numbers = COSEND_JSON_NUMBERS_AUTO,\n");
    add_path(text, "output_template", options->output_template);
    add_path(text, "output_path", options->output_path);
    add_path(text, "rejects_path", options->rejects_path);
    add_path(text, "since", options->since);
    add_path(text, "until", options->until);
    add_path(text, "time_field", options->time_field);
    add_path(text, "tz", options->tz);
    csi_cli_format(text, "        .problem = report_problem,\n"
                         "        .warning = report_warning};\n");
}

static void add_main(struct csi_cli_text *text,
                     const struct cosend_options *options)
{
    csi_cli_format(text, "%s",
                   "    return outcome;\n"
                   "}\n"
                   "\n"
                   "int main(int argc, char **argv)\n"
                   "{\n");
    add_options(text, options);
    csi_cli_format(
        text, "%s",
        "    struct cosend_error error = {0};\n"
        "    struct cosend_pipeline *pipeline = "
        "cosend_pipeline_new(&options, &error);\n"
        "    int outcome = pipeline ? build(pipeline, &error) : error.kind;\n"
        "    unsigned long long bad;\n"
        "\n"
        "    if (outcome == COSEND_OK)\n"
        "        outcome = cosend_pipeline_run(pipeline, &error);\n"
        "    if (outcome < 0)\n"
        "        fprintf(stderr, \"%s: %s\\n\", argv[0], error.message);\n"
        "    bad = pipeline ? cosend_pipeline_errors(pipeline) : 0;\n"
        "    if (bad)\n"
        "        fprintf(stderr, \"%s: bad records: %llu\\n\", argv[0], "
        "bad);\n"
        "    cosend_pipeline_free(pipeline);\n"
        "    return outcome < 0;\n"
        "}\n");
}

bool csi_cli_program(const struct csi_cli_command *command,
                     struct csi_cli_text *text, struct cosend_error *error)
{
    add_head(text, command->operands[1]);
    if (cosend_line_calls(command->operands[1], &command->options, add_call,
                          text, error) < 0)
        return false;
    add_main(text, &command->options);
    return true;
}
