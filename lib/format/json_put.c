/* SPDX-License-Identifier: MIT */
/* Cells and records as JSON, for what filters and hosts put together. */
#include "base/bytes.h"
#include "base/utf8.h"
#include "cosend/nested.h"
#include "cosend/text.h"
#include "format/json_number.h"

bool cosend_put_json(struct cosend_bytes *to, struct cosend_cell cell)
{
    size_t length;
    unsigned char *own;

    if (cell.kind <= COSEND_NULL) {
        cosend_put_raw(to, "null", 4);
        return true;
    }
    if (cell.kind != COSEND_TEXT) {
        cosend_put_raw(to, cell.data, cell.length);
        return true;
    }
    length = cosend_json_string(cell.data, cell.length, NULL, 0);
    own = csi_bytes_extend(to, length + 1);
    if (!own)
        return true;
    cosend_json_string(cell.data, cell.length, (char *)own, length + 1);
    to->length--; /* the NUL */
    return !cell.length || csi_utf8_is_valid(cell.data, cell.length);
}

/* `"name":value`. */
static bool put_item(struct cosend_bytes *to, const struct cosend_item *item)
{
    struct cosend_cell name = cosend_text(item->name, item->name_length);
    bool well_formed = cosend_put_json(to, name);

    cosend_put_raw(to, ":", 1);
    if (!item->raw)
        return cosend_put_json(to, item->cell) && well_formed;
    cosend_put_raw(to, item->raw, item->raw_length);
    return well_formed;
}

bool cosend_put_json_record(struct cosend_bytes *to,
                            const struct cosend_record *record)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    bool first = true, well_formed = true;

    cosend_put_raw(to, "{", 1);
    while (cosend_next_item(record, &item, &error)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        if (!first)
            cosend_put_raw(to, ",", 1);
        first = false;
        well_formed &= put_item(to, &item);
    }
    cosend_put_raw(to, "}", 1);
    to->failed |= error.kind != COSEND_OK;
    return well_formed;
}

bool cosend_put_json_batch(struct cosend_bytes *to,
                           const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);
    bool well_formed = true;

    cosend_put_raw(to, "[", 1);
    for (uint32_t i = 0; i < count && !to->failed; i++) {
        struct cosend_record record = cosend_batch_record(batch, i);

        if (i)
            cosend_put_raw(to, ",", 1);
        well_formed &= cosend_put_json_record(to, &record);
    }
    cosend_put_raw(to, "]", 1);
    return well_formed;
}

bool cosend_is_json_number(const char *text, size_t length)
{
    return length && csi_json_is_number(text, length);
}
