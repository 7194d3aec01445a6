/* SPDX-License-Identifier: MIT */
/* Memory that is freed together. */
#ifndef CSI_ARENA_H
#define CSI_ARENA_H

#include "base/base.h"

/* Readable bytes behind a block's data and what an arena gave, for loads that
   run over the end of either. */
#define CSI_BLOCK_SLACK 64

struct csi_arena_chunk;

/* All zero is an empty arena. */
struct csi_arena {
    struct csi_arena_chunk *chunks;
    char *next;
    size_t left;
};

/* size bytes, aligned for anything; NULL without memory. */
void *csi_arena_get(struct csi_arena *arena, size_t size);
/* csi_arena_bytes, where there is no room, or none is asked for. */
char *csi_arena_more_bytes(struct csi_arena *arena, size_t size);

/* size bytes of text, not aligned. */
static inline char *csi_arena_bytes(struct csi_arena *arena, size_t size)
{
    char *memory = arena->next;

    if (!size || size > arena->left)
        return csi_arena_more_bytes(arena, size);
    arena->next += size;
    arena->left -= size;
    return memory;
}

/* Move all of `from` into an arena. */
void csi_arena_join(struct csi_arena *arena, struct csi_arena *from);
/* Take back all that was got, and keep the memory, as one piece, for as much
   again. */
void csi_arena_clear(struct csi_arena *arena);
void csi_arena_free(struct csi_arena *arena);

#endif
