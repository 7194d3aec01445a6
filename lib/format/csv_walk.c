/* SPDX-License-Identifier: MIT */
#include "format/csv_walk.h"

#include "format/csv_fill.h"

#include <stdio.h>
#include <string.h>

static const struct csi_csv_aside *aside_of(const struct csi_csv_own *own,
                                            uint32_t row)
{
    size_t low = 0, high = own->aside_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (own->aside[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < own->aside_count && own->aside[low].row == row
               ? &own->aside[low]
               : NULL;
}

static bool walk_without_memory(struct cosend_error *error)
{
    csi_no_memory(error);
    return false;
}

/* A cell that has no column. */
static bool take_further(struct csi_rows *rows,
                         const struct csi_csv_aside *aside,
                         struct cosend_item *item, struct cosend_error *error)
{
    enum { LONGEST = 24 };
    char *name;

    if (!aside || item->next >= aside->count)
        return false;
    name = csi_arena_bytes(&rows->arena, LONGEST);
    if (!name)
        return walk_without_memory(error);
    item->name = name;
    item->name_length =
        (uint32_t)snprintf(name, LONGEST, "_%u", (unsigned)item->next + 1);
    item->cell = aside->cells[item->next++];
    return true;
}

static bool walk_csv_row(struct csi_rows *rows, uint32_t row,
                         struct cosend_item *item, struct cosend_error *error)
{
    const struct csi_csv_own *own = rows->own;

    item->raw = NULL;
    item->raw_length = 0;
    if (item->next < own->columns) {
        uint32_t column = (uint32_t)item->next++;

        if (!rows->cells[column] && !rows->fill(rows, column))
            return walk_without_memory(error);
        item->cell = rows->cells[column][row];
        item->name = own->names[column].data;
        item->name_length = own->names[column].length;
        return true;
    }
    return take_further(rows, aside_of(own, row), item, error);
}

/* The names are copied: rows may outlive their schema. */
bool csi_csv_walkable(struct csi_rows *rows, const struct cosend_schema *schema)
{
    struct csi_csv_own *own = rows->own;
    struct cosend_cell *names =
        csi_arena_get(&rows->arena, own->columns * sizeof(*names));

    for (uint32_t i = 0; names && i < own->columns; i++) {
        uint32_t length = schema->columns[i].length;
        char *name = csi_arena_bytes(&rows->arena, length);

        if (!name)
            return false;
        memcpy(name, schema->columns[i].name, length);
        names[i] = cosend_text(name, length);
    }
    own->names = names;
    rows->walk = walk_csv_row;
    rows->walk_is_own = true;
    return names != NULL;
}
