/* SPDX-License-Identifier: MIT */
#include "record/column.h"

#include "cosend/fill.h"
#include "record/number_forms.h"

#include <string.h>

/* Caches fill in, whoever has the batch. */
static struct cosend_batch *own(const struct cosend_batch *batch)
{
    return (struct cosend_batch *)(uintptr_t)batch;
}

struct csi_column *csi_batch_column(struct cosend_batch *batch, uint32_t column)
{
    size_t size = ((size_t)batch->schema->count + 1) * sizeof(*batch->more);

    if (!batch->more) {
        batch->more = csi_arena_get(&batch->arena, size);
        if (!batch->more)
            return NULL;
        memset(batch->more, 0, size);
    }
    return &batch->more[column];
}

/* ---- Cells --------------------------------------------------------------- */

static struct cosend_cell *new_cells(struct cosend_batch *batch)
{
    return csi_arena_get(&batch->arena,
                         batch->count * sizeof(struct cosend_cell));
}

static void set_cells(struct cosend_batch *batch, uint32_t column,
                      const struct cosend_cell *cells)
{
    batch->columns[column] = (struct cosend_column_cells){cells, 0, UINT32_MAX};
}

struct cosend_cell csi_print_unprinted(const struct cosend_cell *cell,
                                       union cosend_number number,
                                       char buffer[CSI_UNPRINTED_MAX])
{
    struct cosend_time time = {number.integer, (int32_t)cell->length};
    struct cosend_cell printed;

    if ((int)cell->kind == CSI_UNPRINTED_TIME)
        return cosend_text(buffer, cosend_format_time(NULL, time, NULL, buffer,
                                                      CSI_UNPRINTED_MAX));
    printed = cosend_text(
        buffer, csi_number_print((uint8_t)cell->length, number, buffer));
    printed.kind = COSEND_NUMBER;
    return printed;
}

bool csi_unprinted_time(struct cosend_time time, struct cosend_cell *cell,
                        union cosend_number *number)
{
    const int32_t day = 24 * 60 * 60;

    if (time.offset <= -day || time.offset >= day)
        return false;
    *cell = (struct cosend_cell){NULL, (uint32_t)time.offset,
                                 (enum cosend_kind)CSI_UNPRINTED_TIME};
    number->integer = time.nanoseconds;
    return true;
}

/* Numbers and times get their text. */
static bool print_cells(struct cosend_batch *batch, uint32_t column)
{
    const struct csi_column *more = &batch->more[column];
    struct cosend_cell *cells = new_cells(batch);

    if (!cells)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        char buffer[CSI_UNPRINTED_MAX], *text;

        cells[i] = more->unprinted[i];
        if (!csi_is_unprinted(&cells[i]))
            continue;
        cells[i] = csi_print_unprinted(&more->unprinted[i],
                                       more->unprinted_numbers[i], buffer);
        text = csi_arena_bytes(&batch->arena, cells[i].length);
        if (!text)
            return false;
        memcpy(text, buffer, cells[i].length);
        cells[i].data = text;
    }
    set_cells(batch, column, cells);
    return true;
}

/* Ask the step for the cells of these positions of its batch. */
static bool call_filler(struct cosend_batch *batch, uint32_t column,
                        const struct csi_filler *filler,
                        const uint32_t *positions)
{
    struct cosend_fill fill = {.own = filler->own,
                               .column = {filler->column},
                               .positions = positions,
                               .count = batch->count,
                               .cells = new_cells(batch),
                               .memory = &batch->arena};

    if (!fill.cells)
        return false;
    memset(fill.cells, 0, batch->count * sizeof(*fill.cells));
    if (!filler->fill(&fill))
        return false;
    set_cells(batch, column, fill.cells);
    return true;
}

char *cosend_fill_bytes(struct cosend_fill *fill, size_t length)
{
    return csi_arena_bytes(fill->memory, length);
}

/* Only for the records that are left of the step's. */
static bool call_for_picked(struct cosend_batch *batch, uint32_t column,
                            const struct csi_filler *filler)
{
    size_t size = batch->count * sizeof(uint32_t);
    uint32_t *positions = csi_arena_get(&batch->arena, size);

    if (!positions)
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        positions[i] = filler->positions[batch->picked[i]];
    return call_filler(batch, column, filler, positions);
}

/* What the parent has not printed, for those of its records that these are. */
static bool pick_unprinted(struct cosend_batch *batch, uint32_t column,
                           const struct csi_column *from)
{
    struct csi_column *more = &batch->more[column];
    struct cosend_cell *cells = new_cells(batch);
    union cosend_number *numbers =
        csi_arena_get(&batch->arena, batch->count * sizeof(*numbers));

    if (!cells || !numbers)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        cells[i] = from->unprinted[batch->picked[i]];
        numbers[i] = from->unprinted_numbers[batch->picked[i]];
    }
    more->unprinted = cells;
    more->unprinted_numbers = numbers;
    return true;
}

static bool pick_cells(struct cosend_batch *batch, uint32_t column,
                       const struct cosend_column_cells *from)
{
    struct cosend_cell *cells;

    if (!batch->picked || !from->position_mask) {
        batch->columns[column] = *from;
        return true;
    }
    cells = new_cells(batch);
    if (!cells)
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        cells[i] = from->cells[batch->picked[i]];
    set_cells(batch, column, cells);
    return true;
}

static const struct csi_column *source_of(const struct cosend_batch *batch,
                                          const struct csi_column *more)
{
    return batch->parent->more ? &batch->parent->more[more->source - 1] : NULL;
}

/*
 * What the parent has is taken over. What it could have is made here where
 * these are only some of its records, and there where they are all of them, so
 * that others find it.
 */
static bool take_over(struct cosend_batch *batch, uint32_t column)
{
    const struct csi_column *more = &batch->more[column];
    const struct csi_column *from = source_of(batch, more);
    uint32_t source = more->source - 1;

    if (batch->picked && !batch->parent->columns[source].cells && from) {
        if (from->filler)
            return call_for_picked(batch, column, from->filler);
        if (from->unprinted)
            return pick_unprinted(batch, column, from) &&
                   print_cells(batch, column);
    }
    return csi_batch_fill(batch->parent, source) &&
           pick_cells(batch, column, &batch->parent->columns[source]);
}

static bool take_from_rows(struct cosend_batch *batch, uint32_t column)
{
    struct csi_rows *rows = batch->rows;
    uint32_t origin = batch->schema->columns[column].origin;

    if (!rows->cells || !rows->cells[origin])
        if (!rows->fill || !rows->fill(rows, origin))
            return false;
    batch->columns[column] =
        (struct cosend_column_cells){rows->cells[origin], UINT32_MAX, 0};
    return true;
}

bool csi_batch_fill(const struct cosend_batch *batch, uint32_t column)
{
    const struct csi_column *more;

    if (batch->columns[column].cells)
        return true;
    more = batch->more ? &batch->more[column] : NULL;
    if (more && more->unprinted)
        return print_cells(own(batch), column);
    if (more && more->filler)
        return call_filler(own(batch), column, more->filler,
                           more->filler->positions);
    if (more && more->source)
        return take_over(own(batch), column);
    return take_from_rows(own(batch), column);
}

const struct csi_column *csi_batch_computed(const struct cosend_batch *batch,
                                            uint32_t column)
{
    const struct csi_column *more = batch->more ? &batch->more[column] : NULL;
    const struct csi_column *from;

    if (!more || more->unprinted || !more->source)
        return more && more->unprinted ? more : NULL;
    from = csi_batch_computed(batch->parent, more->source - 1);
    if (!from || !batch->picked)
        return from;
    return pick_unprinted(own(batch), column, from) ? more : NULL;
}
