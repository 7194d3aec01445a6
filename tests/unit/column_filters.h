/* SPDX-License-Identifier: MIT */
/* Filters that set columns of whole batches in every way there is, and one that
   reads numbers: of use only as parts of random pipelines. */
#ifndef COLUMN_FILTERS_H
#define COLUMN_FILTERS_H

#include "cosend.h"

#include <string.h>

struct one_field {
    struct cosend_field field;
};

static const struct cosend_option one_field[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct one_field, field),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "the field"},
    {.name = NULL}};

/* <CELL>, for who asks. */
static bool embrace(struct cosend_fill *fill)
{
    const struct cosend_cells *cells = fill->own;

    for (uint32_t i = 0; i < fill->count; i++) {
        struct cosend_cell cell = cosend_cell_at(cells, fill->positions[i]);
        char *text = cosend_fill_bytes(fill, cell.length + 2);

        if (!text)
            return false;
        text[0] = '<';
        if (cell.length)
            memcpy(text + 1, cell.data, cell.length);
        text[cell.length + 1] = '>';
        fill->cells[i] = cosend_text(text, cell.length + 2);
    }
    return true;
}

/* Of a cell: its first half; its double or integer, twice; itself in <>. */
static int widen(struct cosend_stage *self, void *memory)
{
    const struct one_field *options = memory;
    struct cosend_column half = cosend_add_column(self, "half");
    struct cosend_column twice = cosend_add_column(self, "twice");
    struct cosend_column embraced = cosend_add_column(self, "embraced");
    const struct cosend_batch *batch;

    cosend_only_fields(self);
    while ((batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch), kept = 0;
        struct cosend_cells *cells = cosend_stage_bytes(self, sizeof(*cells));
        uint32_t *positions =
            cosend_stage_bytes(self, count * sizeof(*positions));
        struct cosend_cell *halves = cosend_set_column(self, half);
        struct cosend_numbers numbers;
        uint8_t *forms;
        union cosend_number *values;

        if (!cells || !positions || !halves ||
            !cosend_numbers_of(self, options->field, &numbers) ||
            !cosend_set_numbers(self, twice, &forms, &values))
            return COSEND_E_MEMORY;
        *cells = cosend_column_of(self, options->field);
        cosend_fill_column(self, embraced, embrace, cells);
        for (uint32_t i = 0; i < count; i++) {
            struct cosend_cell cell = cosend_cell_at(cells, i);
            double number;

            if (cell.length % 3 != 2)
                positions[kept++] = i;
            if (cell.length && cosend_column_wanted(self, half))
                halves[i] = cosend_text(cell.data, cell.length / 2);
            if (cosend_double_at(&numbers, i, &number) >= COSEND_FORM_BLANK)
                continue;
            forms[i] = COSEND_FORM_DOUBLE;
            values[i].number = number * 2;
        }
        cosend_emit_picked(self, positions, kept);
    }
    return 0;
}

/* Drops what is no number of the field; a third of it is `third`. */
static int thirds(struct cosend_stage *self, void *memory)
{
    const struct one_field *options = memory;
    struct cosend_column third = cosend_add_column(self, "third");
    struct cosend_numbers numbers;
    const struct cosend_batch *batch;

    cosend_only_fields(self);
    while ((batch = cosend_receive_batch(self))) {
        if (!cosend_numbers_of(self, options->field, &numbers))
            return COSEND_E_MEMORY;
        for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
            double number;

            if (cosend_double_at(&numbers, i, &number) >= COSEND_FORM_BLANK)
                continue;
            cosend_set_number(self, third, number / 3);
            cosend_pick(self, i);
        }
    }
    return 0;
}

#define COLUMN_FILTER(called)                                                  \
    {                                                                          \
        .abi = COSEND_ABI, .name = #called, .summary = #called,                \
        .options_size = sizeof(struct one_field), .options = one_field,        \
        .body = called, .parallel = COSEND_STATELESS                           \
    }

#endif
