/* SPDX-License-Identifier: MIT */
#include "read/turn.h"

#include <string.h>

/* A block for what is not whole yet: a chunk's old one, if it is of use. */
static struct csi_block *next_block(struct csi_chunk *chunk, size_t usual,
                                    size_t left)
{
    struct csi_block *block = chunk->at.block;
    size_t wanted = usual;

    chunk->at.block = NULL;
    if (block && block->capacity == usual && left < wanted / 2 &&
        csi_is_sole(&block->refs)) {
        block->length = 0;
        return block;
    }
    csi_block_unref(block);
    while (wanted < left + left / 2 + usual / 2)
        wanted *= 2;
    return csi_block_new(wanted);
}

/* The block up to `border` becomes a chunk; the rest, a new block. False
   without memory. */
static bool cut_off(struct csi_turn *turn, struct csi_chunk *chunk,
                    const char *border, uint64_t newlines)
{
    struct csi_cut *at = &turn->at;
    const char *start = at->block->data + at->from;
    size_t left = (size_t)(at->block->data + at->block->length - border);
    struct csi_block *next = next_block(chunk, at->block_bytes, left);

    if (!next)
        return false;
    memcpy(next->data, border, left);
    next->length = left;
    chunk->at = *at;
    chunk->at.block->length = (size_t)(border - at->block->data);
    chunk->line_ends = newlines;
    if (at->span) {
        enum csi_in_span last =
            csi_time_span_last(at->span, start, border, &at->last);

        at->out = last == CSI_SPAN_UNKNOWN ? at->out : last == CSI_SPAN_OUT;
    }
    at->ordinal += (uint64_t)(border - start);
    at->line += at->line ? newlines : 0;
    at->offset += chunk->at.block->length;
    at->from = 0;
    at->block = next;
    return true;
}

/* As much as there is room for, or there is at once. */
static int fill_block(struct csi_turn *turn)
{
    size_t room, length = 0;
    int status;

    do {
        char *to = csi_cut_room(&turn->at, &room);

        if (!to)
            return COSEND_E_MEMORY;
        status =
            cosend_input_read(turn->input, to, room, &length, &turn->error);
        if (status == COSEND_OK)
            csi_cut_filled(&turn->at, length);
        turn->bytes += length;
    } while (status == COSEND_OK && length < room &&
             cosend_input_ready(turn->input));
    return status;
}

bool csi_turn_read(struct csi_turn *turn, struct csi_chunk *chunk, bool *over)
{
    const struct csi_cut *at = &turn->at;
    const char *end, *border;
    char *start;
    uint64_t newlines;
    bool whole = false;

    *over = true;
    do {
        turn->read = fill_block(turn);
        if (!at->block)
            return false;
        start = at->block->data + at->from;
        end = at->block->data + at->block->length;
        border = turn->reader->ops->border(turn->reader, start, end, &newlines);
        whole = border > start;
        *over = turn->read != COSEND_OK || !cosend_input_ready(turn->input) ||
                (!whole && (size_t)(end - start) > turn->reader->hold);
    } while (!whole && !*over);
    if (!whole || cut_off(turn, chunk, border, newlines))
        return whole;
    turn->read = COSEND_E_MEMORY;
    *over = true;
    return false;
}
