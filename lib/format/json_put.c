/* SPDX-License-Identifier: MIT */
/* Cells as JSON, for what filters put together. */
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

bool cosend_is_json_number(const char *text, size_t length)
{
    return length && csi_json_is_number(text, length);
}
