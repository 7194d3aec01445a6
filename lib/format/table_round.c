/* SPDX-License-Identifier: MIT */
#include "format/table_round.h"

#include "record/number_fixed.h"

/* Whether a cell is text that round is for, as far as its bytes tell. */
static bool has_point(struct cosend_cell cell)
{
    return (cell.kind == COSEND_TEXT || cell.kind == COSEND_NUMBER) &&
           cell.length &&
           (memchr(cell.data, '.', cell.length) ||
            memchr(cell.data, 'e', cell.length) ||
            memchr(cell.data, 'E', cell.length));
}

const struct cosend_cell *csi_table_round(struct csi_table_rounder *rounder,
                                          const struct cosend_cell *cells,
                                          uint32_t count, unsigned digits)
{
    struct csi_text *text = &rounder->digits;
    size_t room = 0;

    for (uint32_t i = 0; i < count; i++)
        room +=
            has_point(cells[i]) ? csi_fixed_room(cells[i].length, digits) : 0;
    text->length = 0;
    if (!csi_grow(&rounder->cells, &rounder->capacity, (size_t)count + 1,
                  sizeof(*rounder->cells)) ||
        !csi_text_reserve(text, room + 1))
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        char *to = text->data + text->length;
        size_t length = 0;

        rounder->cells[i] = cells[i];
        if (has_point(cells[i]))
            length =
                csi_number_fixed(cells[i].data, cells[i].length, digits, to);
        if (!length)
            continue;
        text->length += length;
        rounder->cells[i].data = to;
        rounder->cells[i].length = (uint32_t)length;
    }
    return rounder->cells;
}

void csi_table_rounder_free(struct csi_table_rounder *rounder)
{
    csi_free(rounder->cells);
    csi_text_free(&rounder->digits);
}
