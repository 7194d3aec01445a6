/* SPDX-License-Identifier: MIT */
/*
 * Keys one behind the other, as a table takes many: each with zeros behind it
 * up to its 32nd byte, so that short ones can be copied, hashed and compared
 * without asking how long they are.
 */
#ifndef CSI_GROUP_KEY_H
#define CSI_GROUP_KEY_H

#include "base/bytes.h"
#include "base/short.h"
#include "cosend/group.h"

/* cosend_key_add, for a cell behind whose text, unless it is empty, more may be
   read: any of a batch. */
static inline void csi_key_add(struct cosend_bytes *keys,
                               struct cosend_cell cell)
{
    unsigned char *place;

    if (cell.length - 1 >= CSI_SHORT || keys->failed ||
        keys->capacity - keys->length < 2 + CSI_SHORT) {
        cosend_key_add(keys, cell);
        return;
    }
    place = keys->data + keys->length;
    place[0] = (unsigned char)cell.kind;
    place[1] = (unsigned char)cell.length;
    csi_short_copy(place + 2, cell.data, cell.length);
    keys->length += 2 + (size_t)cell.length;
}

/* The key that began at `start` is whole; the next one starts behind the zeros.
   Returns its length. */
static inline size_t csi_key_end(struct cosend_bytes *keys, size_t start)
{
    size_t length = keys->length - start;

    if (keys->capacity - keys->length < CSI_SHORT || keys->failed) {
        if (!csi_bytes_extend(keys, CSI_SHORT))
            return length;
        keys->length -= CSI_SHORT;
    }
    memset(keys->data + keys->length, 0, CSI_SHORT);
    if (length < CSI_SHORT)
        keys->length = start + CSI_SHORT;
    return length;
}

#endif
