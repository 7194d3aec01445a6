/* SPDX-License-Identifier: MIT */
#include "record/arena.h"

#include <stdalign.h>

struct csi_arena_chunk {
    struct csi_arena_chunk *older;
    size_t size;
    alignas(max_align_t) char data[];
};

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 64 * 1024 };

static bool add_chunk(struct csi_arena *arena, size_t need)
{
    size_t size = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    struct csi_arena_chunk *chunk;

    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < need)
        size = need;
    if (size > SIZE_MAX - sizeof(*chunk) - CSI_BLOCK_SLACK)
        return false;
    chunk = csi_malloc(sizeof(*chunk) + size + CSI_BLOCK_SLACK);
    if (!chunk)
        return false;
    chunk->older = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->next = chunk->data;
    arena->left = size;
    return true;
}

char *csi_arena_more_bytes(struct csi_arena *arena, size_t size)
{
    if ((arena->left < size || !arena->next) && !add_chunk(arena, size))
        return NULL;
    return size ? csi_arena_bytes(arena, size) : arena->next;
}

void *csi_arena_get(struct csi_arena *arena, size_t size)
{
    size_t align = alignof(max_align_t);
    size_t skip = (size_t)(-(uintptr_t)arena->next & (align - 1));

    size += !size;
    if (arena->left < skip || arena->left - skip < size) {
        if (!add_chunk(arena, size))
            return NULL;
        skip = 0;
    }
    arena->next += skip;
    arena->left -= skip;
    return csi_arena_bytes(arena, size);
}

void csi_arena_join(struct csi_arena *arena, struct csi_arena *from)
{
    struct csi_arena_chunk **end = &from->chunks;

    while (*end)
        end = &(*end)->older;
    *end = arena->chunks;
    arena->chunks = from->chunks;
    if (arena->left < from->left) {
        arena->next = from->next;
        arena->left = from->left;
    }
    *from = (struct csi_arena){0};
}

void csi_arena_clear(struct csi_arena *arena)
{
    struct csi_arena_chunk *chunk = arena->chunks;
    size_t size = 0;

    if (!chunk)
        return;
    if (!chunk->older) {
        arena->next = chunk->data;
        arena->left = chunk->size;
        return;
    }
    for (; chunk; chunk = chunk->older)
        size += chunk->size;
    csi_arena_free(arena);
    /* Without memory for it now there may be some when it is needed. */
    add_chunk(arena, size);
}

void csi_arena_free(struct csi_arena *arena)
{
    while (arena->chunks) {
        struct csi_arena_chunk *older = arena->chunks->older;

        csi_free(arena->chunks);
        arena->chunks = older;
    }
    arena->next = NULL;
    arena->left = 0;
}
