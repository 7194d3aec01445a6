/* SPDX-License-Identifier: MIT */
#include "cosend/grok_options.h"

#include <string.h>

/* Patterns of one's own. */
enum { MOST_PATTERNS = 100 };

static const struct cosend_option pattern_options[] = {
    {.name = "pattern",
     .type = COSEND_OPTION_PATTERN,
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "what the name stands for",
     .example = "\"[A-Z]{2}[0-9]+\""},
    {.name = NULL},
};

const struct cosend_option cosend_grok_options[] = {
    {.name = "regex",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct cosend_grok_options, regex),
     .help = "or a PCRE2 pattern: each named group becomes a field",
     .example = "\"(?<level>[A-Z]+): (?<text>.*)\""},
    {.name = "grok",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct cosend_grok_options, grok),
     .help = "or such a pattern in which %{NAME} stands for one that has a "
             "name, and %{NAME:field} makes a field of it",
     .example = "\"%{IP:client} %{NUMBER:ms}\""},
    {.name = "any",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct cosend_grok_options, any),
     .help = "or several of those, of which the first that matches counts",
     .example = "[\"%{INT:ms}ms\", \"%{INT:s}s\"]"},
    {.name = "patterns",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct cosend_grok_options, patterns),
     .group = pattern_options,
     .item_size = sizeof(struct cosend_string),
     .help = "patterns that grok and any may name, beside those that are known",
     .example = "{\"ID\": \"[A-Z]{2}[0-9]+\"}"},
    {.name = "pattern",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_grok_options, pattern),
     .help = "or text in which each * becomes a field, by the names in their "
             "order; in a line also \"* - [*]\" as host,time",
     .example = "\"* - [*]\""},
    {.name = "names",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct cosend_grok_options, names),
     .help = "the fields of pattern, or of the cells of csv; _ is none",
     .example = "[\"host\", \"time\"]"},
    {.name = NULL},
};

/* What the patterns of an option are was compiled, or why not. */
static struct cosend_grok *compiled(struct cosend_check *check,
                                    const char *option,
                                    struct cosend_grok *grok,
                                    const struct cosend_error *error)
{
    if (!grok)
        cosend_check_failed(check, option, error);
    else if (!cosend_grok_fields(grok))
        cosend_check_error(
            check, option,
            "the pattern has no named group (?<name>...)%s, so "
            "there is no field to make",
            strcmp(option, "regex") == 0 ? "" : " and no %{NAME:field}");
    return grok;
}

static struct cosend_grok *
check_wildcards(struct cosend_check *check,
                const struct cosend_grok_options *options)
{
    struct cosend_error error = {0};
    struct cosend_grok *grok;

    if (!options->names.count) {
        cosend_check_error(check, "pattern",
                           "give names, one for each * of it");
        return NULL;
    }
    grok = cosend_wildcards_new(options->pattern.data, options->pattern.length,
                                options->names.items, options->names.count,
                                &error);
    return compiled(check, "pattern", grok, &error);
}

/* Those of an option, with the names that are the spec's own. */
static struct cosend_grok *check_groks(struct cosend_check *check,
                                       const char *option,
                                       const struct cosend_grok_options *from,
                                       const struct cosend_string *texts,
                                       size_t count)
{
    struct cosend_grok_name own[MOST_PATTERNS];
    const struct cosend_string *named = from->patterns.items;
    size_t own_count = from->patterns.count, which;
    struct cosend_error error = {0};
    struct cosend_grok *grok;

    if (own_count > MOST_PATTERNS) {
        cosend_check_error(check, "patterns", "there are %d at most",
                           MOST_PATTERNS);
        return NULL;
    }
    for (size_t i = 0; i < own_count; i++)
        own[i] = (struct cosend_grok_name){from->patterns.keys[i].data,
                                           named[i].data};
    grok = cosend_grok_new_any(texts, count, own, own_count, &which, &error);
    if (grok || !which)
        return compiled(check, option, grok, &error);
    cosend_check_error(check, option, "pattern %zu: %s", which + 1,
                       error.message);
    return NULL;
}

struct cosend_grok *cosend_check_grok(struct cosend_check *check,
                                      const char *option,
                                      const struct cosend_grok_options *options)
{
    struct cosend_error error = {0};

    if (strcmp(option, "pattern") == 0)
        return check_wildcards(check, options);
    if (strcmp(option, "grok") == 0)
        return check_groks(check, option, options, &options->grok, 1);
    if (strcmp(option, "any") == 0 && options->any.count)
        return check_groks(check, option, options, options->any.items,
                           options->any.count);
    if (strcmp(option, "regex") == 0)
        return compiled(check, option,
                        cosend_grok_new_regex(options->regex.data,
                                              options->regex.length, &error),
                        &error);
    cosend_check_error(check, option, "needs a pattern");
    return NULL;
}
