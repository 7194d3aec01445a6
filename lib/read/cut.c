/* SPDX-License-Identifier: MIT */
/* The block of what is cut next, and room to read into behind that. */
#include "read/cut.h"

#include <string.h>

/* With less room a block is not read into any more. */
static size_t least_room(const struct csi_cut *at)
{
    return at->block_bytes / 16;
}

static void drop_cut(struct csi_cut *at, struct csi_block *to)
{
    struct csi_block *from = at->block;
    size_t left = from->length - at->from;

    memmove(to->data, from->data + at->from, left);
    to->length = left;
    at->offset += at->from;
    at->from = 0;
}

char *csi_cut_room(struct csi_cut *at, size_t *room)
{
    struct csi_block *block = at->block;
    size_t left = block ? block->length - at->from : 0;
    size_t wanted = at->block_bytes;

    if (block && csi_is_sole(&block->refs) && at->from &&
        left + least_room(at) <= block->capacity)
        drop_cut(at, block);
    if (!block || !csi_is_sole(&block->refs) ||
        block->capacity - block->length < least_room(at)) {
        while (wanted < left + left / 2 + least_room(at))
            wanted *= 2;
        block = csi_block_new(wanted);
        if (!block)
            return NULL;
        if (at->block)
            drop_cut(at, block);
        csi_block_unref(at->block);
        at->block = block;
    }
    *room = block->capacity - block->length;
    return block->data + block->length;
}

void csi_cut_filled(struct csi_cut *at, size_t length)
{
    struct csi_block *block = at->block;

    block->length += length;
    memset(block->data + block->length, 0, CSI_BLOCK_SLACK);
}
