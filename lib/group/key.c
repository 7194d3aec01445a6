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
    const unsigned char *p = key->next;
    size_t length, left = (size_t)(key->end - p);

    if (key->failed || !left)
        return false;
    cell->kind = (enum cosend_kind)p[0];
    key->next++;
    /* Most lengths take a byte. */
    if (left >= 2 && p[1] < 0x80 && p[1] <= left - 2) {
        length = p[1];
        cell->data = (const char *)p + 2;
        key->next += 1 + length;
    } else {
        cell->data = cosend_get_bytes(key, &length);
    }
    cell->length = (uint32_t)length;
    if (p[0] > COSEND_NESTED || length > UINT32_MAX)
        key->failed = true;
    return !key->failed;
}
