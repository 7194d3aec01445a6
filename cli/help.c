/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "help_expressions.h"
#include "help_json.h"
#include "help_words.h"
#include "options.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <string.h>

/* Whether an option's values have bounds that are numbers. */
static bool has_bounds(const struct cosend_option *option)
{
    return (option->type == COSEND_OPTION_INT ||
            option->type == COSEND_OPTION_NUMBER ||
            option->type == COSEND_OPTION_SIZE) &&
           option->minimum < option->maximum;
}

/* What else is to be known of an option, in words: `required; default 10`. */
static void add_notes(struct csi_cli_text *text,
                      const struct cosend_option *option)
{
    if (option->flags & COSEND_MAIN)
        csi_cli_format(text, "; the main option");
    if (option->flags & COSEND_SECOND)
        csi_cli_format(text, "; in a line the second value");
    if (option->flags & COSEND_REQUIRED)
        csi_cli_format(text, "; required");
    if (has_bounds(option))
        csi_cli_format(text, "; from %lld", (long long)option->minimum);
    if (has_bounds(option) && option->maximum < INT64_MAX)
        csi_cli_format(text, " to %lld", (long long)option->maximum);
    if (option->flags & COSEND_ONLY_COLUMN)
        csi_cli_format(text, "; default: the only column");
    else if (option->fallback)
        csi_cli_format(text, "; default %s", option->fallback);
    if (option->example)
        csi_cli_format(text, "; for example %s", option->example);
}

/* What there is to say of each choice of an option. */
static void describe_choices(struct csi_cli_text *text,
                             const struct cosend_option *option)
{
    struct csi_cli_text words = {0};

    for (size_t i = 0; option->choices[i]; i++) {
        struct cosend_bytes bytes = {0};

        option->describe(i, &bytes);
        words.length = 0;
        csi_cli_format(&words, "%s: %.*s", option->choices[i],
                       (int)bytes.length, (const char *)bytes.data);
        csi_cli_wrap(text, words.data ? words.data : "", 6);
        text->failed |= words.failed | bytes.failed;
        cosend_bytes_free(&bytes);
    }
    csi_cli_free(&words);
}

static void describe_option(struct csi_cli_text *text,
                            const struct cosend_option *option)
{
    struct csi_cli_text words = {0};

    csi_cli_format(text, "%s: ", option->name);
    csi_cli_option_type(text, option);
    csi_cli_format(&words, "%s", option->help ? option->help : "");
    add_notes(&words, option);
    csi_cli_format(text, "\n");
    csi_cli_wrap(text, words.data ? words.data : "", 6);
    text->failed |= words.failed;
    csi_cli_free(&words);
    if (option->describe)
        describe_choices(text, option);
}

/* The options that each item of a list or map has. */
static void describe_items(struct csi_cli_text *text,
                           const struct cosend_option *list)
{
    struct cosend_option option;

    for (size_t i = 0; cosend_option_at(list->group, i, &option); i++) {
        csi_cli_format(text, "  %s", list->name);
        csi_cli_format(text,
                       list->type == COSEND_OPTION_MAP ? ".NAME." : "[].");
        describe_option(text, &option);
    }
}

static void describe_options(struct csi_cli_text *text,
                             const struct cosend_option *table)
{
    struct cosend_option option;

    for (size_t i = 0; cosend_option_at(table, i, &option); i++) {
        if (i == 0)
            csi_cli_format(text, "\nOptions\n");
        csi_cli_format(text, "  ");
        describe_option(text, &option);
        if (option.type == COSEND_OPTION_LIST ||
            option.type == COSEND_OPTION_MAP)
            describe_items(text, &option);
    }
}

static void describe(struct csi_cli_text *text,
                     const struct cosend_filter *filter)
{
    static const char *const roles[] = {"filter", "source", "sink"};

    csi_cli_format(text, "%s (%s): %s\n", filter->name, roles[filter->role],
                   filter->summary);
    if (filter->aliases)
        csi_cli_format(text, "Also called: %s\n", filter->aliases);
    if (filter->details) {
        csi_cli_format(text, "\n");
        csi_cli_wrap(text, filter->details, 0);
    }
    if (filter->role == COSEND_FILTER)
        csi_cli_format(text, "\nThreads: %s\n",
                       filter->parallel == COSEND_SERIAL
                           ? "one; it sees all records in order"
                       : filter->parallel == COSEND_MERGES
                           ? "any number; their states are merged at the end"
                           : "any number");
    describe_options(text, filter->options);
    if (filter->example)
        csi_cli_format(text, "\nExample\n  cosend '%s'\n", filter->example);
}

static const char *filter_name(const void *unused, size_t i)
{
    (void)unused;
    return cosend_filter_at(i)->name;
}

static int refuse_unknown(const char *name)
{
    const char *here = cosend_name_here(name), *near;
    size_t count = 0;

    while (cosend_filter_at(count))
        count++;
    near = cosend_suggest(name, count, filter_name, NULL);
    if (here)
        csi_cli_message("no filter is called \"%s\"; here it is %s", name,
                        here);
    else if (near)
        csi_cli_message("no filter is called \"%s\"; did you mean \"%s\"?",
                        name, near);
    else
        csi_cli_message("no filter is called \"%s\"; see 'cosend list'", name);
    return CSI_CLI_USAGE;
}

/* A source and a sink may share a name. */
static int describe_all(struct csi_cli_text *text, const char *name)
{
    const struct cosend_filter *found = cosend_find_filter(name), *filter;

    if (!found)
        return refuse_unknown(name);
    for (size_t i = 0; (filter = cosend_filter_at(i)); i++) {
        if (strcmp(filter->name, found->name) != 0)
            continue;
        if (text->length)
            csi_cli_format(text, "\n");
        describe(text, filter);
    }
    return CSI_CLI_DONE;
}

int csi_cli_help(struct csi_cli_command *command)
{
    struct csi_cli_text text = {0};

    if (command->operand_count > 2 ||
        (command->json && command->operand_count > 1)) {
        csi_cli_message("usage: cosend help [NAME], or cosend help --json");
        return CSI_CLI_USAGE;
    }
    if (command->json)
        csi_cli_help_json(&text);
    else if (command->operand_count < 2)
        csi_cli_usage(&text);
    else if (strcmp(command->operands[1], "expressions") == 0)
        csi_cli_help_expressions(&text);
    else if (describe_all(&text, command->operands[1]) != CSI_CLI_DONE)
        return CSI_CLI_USAGE;
    return csi_cli_print(&text);
}
