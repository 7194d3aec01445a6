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

/* cosend_key_next, where most cells are short. */
static inline bool csi_key_next(struct cosend_reader_bytes *key,
                                struct cosend_cell *cell)
{
    const unsigned char *p = key->next;
    size_t left = (size_t)(key->end - p);

    if (key->failed || left < 2 || p[0] > COSEND_NESTED || p[1] >= 0x80 ||
        p[1] > left - 2)
        return cosend_key_next(key, cell);
    *cell =
        (struct cosend_cell){(const char *)p + 2, p[1], (enum cosend_kind)p[0]};
    key->next += 2 + (size_t)p[1];
    return true;
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
