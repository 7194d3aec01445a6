/* SPDX-License-Identifier: MIT */
#include "format/json_value.h"

#include "format/json_number.h"

/* Whether a computed number is NaN or infinite, which JSON cannot say. */
static bool is_not_finite(struct cosend_cell cell)
{
    const char *p = cell.data + (cell.length && cell.data[0] == '-');

    return p == cell.data + cell.length || *p < '0' || *p > '9';
}

bool csi_text_cell_styled(struct csi_text *text, struct cosend_cell cell,
                          struct csi_json_style *style)
{
    switch (cell.kind) {
    case COSEND_TEXT:
        if (style->numbers && csi_json_is_number(cell.data, cell.length))
            return csi_text_add(text, cell.data, cell.length);
        return csi_text_json_styled(text, cell.data, cell.length, style);
    case COSEND_NUMBER:
        if (is_not_finite(cell))
            break;
        return csi_text_add(text, cell.data, cell.length);
    case COSEND_BOOL:
    case COSEND_NESTED:
        return csi_text_add(text, cell.data, cell.length);
    case COSEND_ABSENT:
    case COSEND_NULL:
        break;
    }
    return csi_text_add(text, "null", 4);
}

bool csi_text_cell(struct csi_text *text, struct cosend_cell cell)
{
    struct csi_json_style plain = {0};

    return csi_text_cell_styled(text, cell, &plain);
}

bool csi_text_member(struct csi_text *text, const struct cosend_item *item,
                     struct csi_json_style *style)
{
    if (!csi_text_json_styled(text, item->name, item->name_length, style) ||
        !csi_text_add(text, ":", 1))
        return false;
    if (item->raw && style->visible)
        return csi_text_json_visible(text, item->raw, item->raw_length);
    if (item->raw)
        return csi_text_add(text, item->raw, item->raw_length);
    return csi_text_cell_styled(text, item->cell, style);
}
