/* SPDX-License-Identifier: MIT */
/* A cell in a key is its kind, its length and its text, so that no text can
   be taken for the end of one cell and the start of the next. */
#include "base/bytes.h"
#include "base/short.h"
#include "cosend/group.h"

void cosend_key_add(struct cosend_bytes *key, struct cosend_cell cell)
{
    size_t most = 1 + CSI_VARINT_MAX + (size_t)cell.length;
    unsigned char *place;

    if (key->failed || key->capacity - key->length < most) {
        if (!csi_bytes_extend(key, most))
            return;
        key->length -= most;
    }
    place = key->data + key->length;
    *place++ = (unsigned char)cell.kind;
    if (cell.length < 0x80)
        *place++ = (unsigned char)cell.length;
    else
        place = csi_write_varint(place, cell.length);
    csi_copy(place, cell.data, cell.length);
    key->length = (size_t)(place - key->data) + cell.length;
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
