/* SPDX-License-Identifier: MIT */
/* Words that both forms of the help use. */
#include "help_words.h"

#include "text.h"

/* The main row's type, and what an item may have else: field {descending}. */
static void add_item_type(struct csi_cli_text *text,
                          const struct cosend_option *list)
{
    struct cosend_option row;
    const char *before = "{";

    for (size_t i = 0; cosend_option_at(list->group, i, &row); i++)
        if (row.flags & COSEND_MAIN) {
            csi_cli_option_type(text, &row);
            before = " {";
        }
    for (size_t i = 0; cosend_option_at(list->group, i, &row); i++)
        if (!(row.flags & COSEND_MAIN)) {
            csi_cli_format(text, "%s%s", before, row.name);
            before = ", ";
        }
    if (before[0] == ',')
        csi_cli_format(text, "}");
    if (list->type == COSEND_OPTION_MAP)
        csi_cli_format(text, ",...");
}

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
        [COSEND_OPTION_GROUP] = "",
        [COSEND_OPTION_NUMBER] = "number",
        [COSEND_OPTION_DURATION] = "duration",
        [COSEND_OPTION_SIZE] = "size",
        [COSEND_OPTION_TIME] = "time",
        [COSEND_OPTION_EXPRESSION] = "expression",
        [COSEND_OPTION_TEMPLATE] = "template",
        [COSEND_OPTION_LIST] = "list of ",
        [COSEND_OPTION_MAP] = "name=",
        [COSEND_OPTION_STEPS] = "steps",
    };

    csi_cli_format(text, "%s", names[option->type]);
    if (option->type == COSEND_OPTION_LIST || option->type == COSEND_OPTION_MAP)
        add_item_type(text, option);
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
