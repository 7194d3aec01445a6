/* SPDX-License-Identifier: MIT */
#include "pipeline/filter_row.h"

#include "pipeline/option_spec.h"

#include <string.h>

enum { SUMMARY = 80 };

static bool is_empty(const char *text)
{
    return !text || !*text;
}

static bool ends_in_stop(const char *text)
{
    size_t length = text ? strlen(text) : 0;

    return length && text[length - 1] == '.' &&
           (length < 2 || text[length - 2] != '.');
}

static void check_texts(struct csi_findings *findings,
                        const struct cosend_filter *filter)
{
    if (is_empty(filter->summary))
        csi_find(findings, CSI_RULE_ROW,
                 "it has no summary: one sentence, for `cosend list`");
    else if (ends_in_stop(filter->summary) ||
             strlen(filter->summary) > SUMMARY || strchr(filter->summary, '\n'))
        csi_find(findings, CSI_RULE_ROW,
                 "its summary is one sentence without its full stop, of at "
                 "most %d bytes: \"%.100s\"",
                 SUMMARY, filter->summary);
    if (is_empty(filter->details))
        csi_find(findings, CSI_RULE_ROW,
                 "it has no details: what it emits and when, for `cosend help "
                 "%s`",
                 filter->name);
    /* Branches are not written in one line. */
    if (is_empty(filter->example) && !filter->fans_out)
        csi_find(findings, CSI_RULE_ROW,
                 "it has no example: a pipeline in one line");
    if (filter->parallel == COSEND_MERGES && (!filter->save || !filter->merge))
        csi_find(findings, CSI_RULE_ROW,
                 "it says COSEND_MERGES, which needs save and merge");
    if (!filter->save != !filter->merge)
        csi_find(findings, CSI_RULE_ROW,
                 "it has one of save and merge: each needs the other");
}

static void check_option(struct csi_findings *findings,
                         const struct cosend_filter *filter,
                         const struct cosend_option *option)
{
    struct csi_text spec = {0};

    if (is_empty(option->help))
        csi_find(findings, CSI_RULE_ROW, "option %s has no help", option->name);
    else if (ends_in_stop(option->help))
        csi_find(findings, CSI_RULE_ROW,
                 "the help of option %s ends in a full stop, which is not its",
                 option->name);
    if (option->flags & COSEND_REQUIRED && is_empty(option->example) &&
        !filter->fans_out)
        csi_find(findings, CSI_RULE_ROW,
                 "option %s is required, and has no example, without which "
                 "those of others cannot be tried",
                 option->name);
    if (option->example && !csi_option_spec(filter, option, &spec))
        csi_find(findings, CSI_RULE_EXAMPLE,
                 "the example of option %s, %.200s, is not taken for it, by "
                 "itself or beside those of others: it is a value as JSON",
                 option->name, option->example);
    csi_text_free(&spec);
}

void csi_filter_row(struct csi_findings *findings,
                    const struct cosend_filter *filter)
{
    struct cosend_option option;

    check_texts(findings, filter);
    for (size_t i = 0; cosend_option_at(filter->options, i, &option); i++)
        check_option(findings, filter, &option);
}
