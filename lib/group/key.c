/* SPDX-License-Identifier: MIT */
/* A cell in a key is its kind, its length and its text, so that no text can
   be taken for the end of one cell and the start of the next. */
#include "base/bytes.h"
#include "cosend/group.h"

#include <string.h>

void cosend_key_add(struct cosend_bytes *key, struct cosend_cell cell)
{
    unsigned char head[1 + CSI_VARINT_MAX], *place;
    size_t length;

    head[0] = (unsigned char)cell.kind;
    length = (size_t)(csi_write_varint(head + 1, cell.length) - head);
    place = csi_bytes_extend(key, length + cell.length);
    if (!place)
        return;
    memcpy(place, head, length);
    if (cell.length)
        memcpy(place + length, cell.data, cell.length);
}

bool cosend_key_next(struct cosend_reader_bytes *key, struct cosend_cell *cell)
{
    uint8_t kind;
    size_t length;

    if (key->failed || key->next == key->end)
        return false;
    kind = cosend_get_u8(key);
    cell->data = cosend_get_bytes(key, &length);
    cell->length = (uint32_t)length;
    cell->kind = (enum cosend_kind)kind;
    if (kind > COSEND_NESTED || length > UINT32_MAX)
        key->failed = true;
    return !key->failed;
}
