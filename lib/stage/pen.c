/* SPDX-License-Identifier: MIT */
#include "stage/pen.h"

#include "cosend/number.h"

#include <string.h>

static bool pen_ready(struct csi_stage *stage)
{
    size_t count = stage->recipe.added_count;

    if (stage->pen_used)
        return true;
    if (!stage->pen) {
        stage->pen = csi_calloc(count, sizeof(*stage->pen));
        if (!stage->pen) {
            csi_stage_no_memory(stage);
            return false;
        }
    }
    stage->pen_used = true;
    return true;
}

void cosend_set_slice(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (column.index < stage->recipe.added_count && pen_ready(stage))
        stage->pen[column.index] = cell;
}

void cosend_set(struct cosend_stage *self, struct cosend_column column,
                struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);
    char *copy;

    if (cell.length) {
        copy = csi_arena_bytes(&stage->text, cell.length);
        if (!copy) {
            csi_stage_no_memory(stage);
            return;
        }
        memcpy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    cosend_set_slice(self, column, cell);
}

static void set_digits(struct cosend_stage *self, struct cosend_column column,
                       const char *digits, size_t length)
{
    struct cosend_cell cell = cosend_text(digits, length);

    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
}

void cosend_set_number(struct cosend_stage *self, struct cosend_column column,
                       double value)
{
    char digits[COSEND_NUMBER_MAX];

    set_digits(self, column, digits, cosend_format_double(value, digits));
}

void cosend_set_integer(struct cosend_stage *self, struct cosend_column column,
                        int64_t value)
{
    char digits[COSEND_NUMBER_MAX];

    set_digits(self, column, digits, cosend_format_integer(value, digits));
}

/* The pen's cells become those of the next pending record. */
bool csi_pen_write(struct csi_stage *stage, uint32_t at)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;

    if (!added)
        return true;
    if (at >= room) {
        size_t wanted = room ? room * 2 : 64;
        struct cosend_cell *old = stage->cells;
        struct cosend_cell *cells = csi_calloc(added * wanted, sizeof(*cells));

        if (!cells)
            return false;
        for (size_t i = 0; i < added && at; i++)
            memcpy(cells + i * wanted, old + i * room, at * sizeof(*cells));
        csi_free(old);
        stage->cells = cells;
        stage->cells_capacity = room = wanted;
    }
    for (size_t i = 0; i < added; i++)
        stage->cells[i * room + at] =
            stage->pen_used ? stage->pen[i] : csi_absent;
    if (stage->pen_used)
        memset(stage->pen, 0, added * sizeof(*stage->pen));
    stage->pen_used = false;
    return true;
}

bool csi_pen_save(struct csi_stage *stage, struct csi_arena *fresh)
{
    if (!stage->pen_used)
        return true;
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        struct cosend_cell *cell = &stage->pen[i];
        char *copy;

        if (!cell->length)
            continue;
        copy = csi_arena_bytes(fresh, cell->length);
        if (!copy)
            return false;
        memcpy(copy, cell->data, cell->length);
        cell->data = copy;
    }
    return true;
}
