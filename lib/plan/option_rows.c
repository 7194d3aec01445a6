/* SPDX-License-Identifier: MIT */
#include "plan/option_rows.h"

#include <string.h>

/* Row *i of a table, whose struct is `offset` bytes into the whole one; *i is
   less by the rows passed where it is not found. */
static bool find_row(const struct cosend_option *table, size_t offset,
                     size_t *i, struct cosend_option *row)
{
    for (; table && table->name; table++) {
        if (table->type == COSEND_OPTION_GROUP) {
            if (find_row(table->group, offset + table->offset, i, row))
                return true;
        } else if ((*i)-- == 0) {
            *row = *table;
            row->offset += offset;
            return true;
        }
    }
    return false;
}

bool cosend_option_at(const struct cosend_option *table, size_t i,
                      struct cosend_option *row)
{
    return find_row(table, 0, &i, row);
}

bool csi_option_find(const struct cosend_filter *filter, const char *name,
                     size_t length, struct cosend_option *row)
{
    for (size_t i = 0; cosend_option_at(filter->options, i, row); i++)
        if (strncmp(row->name, name, length) == 0 && !row->name[length])
            return true;
    return false;
}

bool csi_option_main(const struct cosend_filter *filter,
                     struct cosend_option *row)
{
    for (size_t i = 0; cosend_option_at(filter->options, i, row); i++)
        if (row->flags & COSEND_MAIN)
            return true;
    return false;
}

size_t csi_option_count(const struct cosend_filter *filter)
{
    struct cosend_option row;
    size_t count = 0;

    while (cosend_option_at(filter->options, count, &row))
        count++;
    return count;
}
