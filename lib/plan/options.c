/* SPDX-License-Identifier: MIT */
#include "plan/options.h"

#include "base/base.h"
#include "expression/condition.h"

/* The values of a table's rows in a struct, and in its items' structs. */
static void free_rows(const struct cosend_option *table, char *at)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(table, i, &row); i++) {
        const struct cosend_list *list = (const void *)(at + row.offset);

        if (row.type == COSEND_OPTION_CONDITION)
            csi_condition_free(*(struct cosend_condition **)(at + row.offset));
        if (row.type == COSEND_OPTION_EXPRESSION)
            cosend_expression_free(
                *(struct cosend_expression **)(at + row.offset));
        if (row.type != COSEND_OPTION_LIST && row.type != COSEND_OPTION_MAP)
            continue;
        for (size_t k = 0; k < list->count; k++)
            free_rows(row.group, (char *)list->items + k * row.item_size);
    }
}

void csi_options_free(const struct cosend_filter *filter, void *options)
{
    if (!options)
        return;
    if (filter->release)
        filter->release(options);
    free_rows(filter->options, options);
    csi_free(options);
}
