/* SPDX-License-Identifier: MIT */
/* Words that both forms of the help use. */
#include "help_words.h"

#include "text.h"

void csi_cli_option_type(struct csi_cli_text *text,
                         const struct cosend_option *option)
{
    static const char *const names[] = {
        [COSEND_OPTION_BOOL] = "true|false",
        [COSEND_OPTION_INT] = "number",
        [COSEND_OPTION_STRING] = "text",
        [COSEND_OPTION_STRINGS] = "text,...",
        [COSEND_OPTION_PATH] = "path",
        [COSEND_OPTION_PATHS] = "path,...",
        [COSEND_OPTION_PATTERN] = "pattern",
        [COSEND_OPTION_ENUM] = "",
        [COSEND_OPTION_FIELD] = "field",
        [COSEND_OPTION_FIELDS] = "field,...",
        [COSEND_OPTION_CONDITION] = "condition",
        [COSEND_OPTION_HEADER] = "true|false|names",
        [COSEND_OPTION_BRANCHES] = "branches",
    };

    csi_cli_format(text, "%s", names[option->type]);
    if (option->type != COSEND_OPTION_ENUM)
        return;
    for (size_t i = 0; option->choices && option->choices[i]; i++)
        csi_cli_format(text, "%s%s", i ? "|" : "", option->choices[i]);
}

const char *csi_cli_threads(const struct cosend_filter *filter)
{
    if (filter->parallel == COSEND_STATELESS)
        return "any";
    return filter->parallel == COSEND_MERGES ? "merged" : "one";
}
