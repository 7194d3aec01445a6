/* SPDX-License-Identifier: MIT */
#include "unquoted.h"

#include "terminal.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

/* Append the operands up to the first that is a file: the words of a pipeline.
   Returns how many they are. */
static size_t join(const struct csi_cli_command *command,
                   struct csi_cli_text *text)
{
    size_t at = 0;

    while (at < command->operand_count &&
           (!at || access(command->operands[at], F_OK) != 0)) {
        csi_cli_format(text, "%s%s", at ? " " : "", command->operands[at]);
        at++;
    }
    return at;
}

/* Whether a text is a pipeline, with these words in front. */
static bool is_pipeline(const char *before, const struct csi_cli_text *text)
{
    struct csi_cli_text line = {0};
    struct cosend_pipeline *pipeline = NULL;

    csi_cli_format(&line, "%s%s", before, text->data);
    if (!line.failed)
        pipeline = cosend_pipeline_from_line(line.data, NULL, NULL);
    csi_cli_free(&line);
    cosend_pipeline_free(pipeline);
    return pipeline;
}

static bool is_one_word(const char *line)
{
    return !strpbrk(line, " |");
}

bool csi_cli_is_unquoted(const struct csi_cli_command *command)
{
    struct csi_cli_text text = {0};
    const char *next;
    bool unquoted;

    if (command->operand_count < 2 || !is_one_word(command->operands[0]))
        return false;
    next = command->operands[1];
    if (strpbrk(next, "./") || strcmp(next, "-") == 0)
        return false;
    unquoted =
        join(command, &text) > 1 && !text.failed && is_pipeline("", &text);
    csi_cli_free(&text);
    return unquoted;
}

bool csi_cli_is_surely_unquoted(const struct csi_cli_command *command)
{
    const char *next = command->operand_count > 1 ? command->operands[1] : "";

    return (strpbrk(next, "=,") || !next[strspn(next, "0123456789")]) &&
           csi_cli_is_unquoted(command);
}

/* A sink that stands alone is read as the source of its name. */
static const char *missing_source(const struct csi_cli_text *text)
{
    static const char source[] = "input | ";

    return !is_pipeline("", text) && is_pipeline(source, text) ? source : "";
}

void csi_cli_suggest_command(const struct csi_cli_command *command)
{
    const char *line = command->operands[0], *before;
    struct csi_cli_text text = {0};
    size_t words = join(command, &text);
    const char *file =
        words < command->operand_count ? command->operands[words] : NULL;

    before = text.failed ? "" : missing_source(&text);
    if (access(line, F_OK) == 0 && !cosend_find_filter(line) &&
        !strstr(line, ".json"))
        csi_cli_message("%s is a file: the pipeline comes first, cosend "
                        "PIPELINE %s",
                        line, line);
    else if (strstr(line, ".json") && is_one_word(line))
        csi_cli_message("to run a spec: cosend run %s", line);
    else if (!text.failed && words > 1 && is_one_word(line))
        csi_cli_message("a pipeline is one argument: cosend '%s%s'%s%s", before,
                        text.data, file ? " " : "", file ? file : "");
    else if (words == 1 && *before)
        csi_cli_message("where a sink is meant, a source stands in front: "
                        "cosend '%s%s'%s%s",
                        before, text.data, file ? " " : "", file ? file : "");
    csi_cli_free(&text);
}
