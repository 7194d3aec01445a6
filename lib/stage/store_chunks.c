/* SPDX-License-Identifier: MIT */
#include "stage/store_chunks.h"

#include "base/base.h"
#include "stage/stored.h"

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 128 * 1024 };

struct csi_store_chunk {
    struct csi_store_chunk *next;
    size_t capacity, length;
    unsigned char data[];
};

static bool add_chunk(struct csi_store_chunks *chunks, size_t length)
{
    size_t capacity =
        chunks->last ? 2 * chunks->last->capacity : (size_t)FIRST_CHUNK;
    struct csi_store_chunk *chunk;

    if (capacity > LARGEST_CHUNK)
        capacity = LARGEST_CHUNK;
    if (capacity < length)
        capacity = length;
    chunk = csi_malloc(sizeof(*chunk) + capacity);
    if (!chunk)
        return false;
    chunk->next = NULL;
    chunk->capacity = capacity;
    chunk->length = 0;
    *(chunks->last ? &chunks->last->next : &chunks->first) = chunk;
    chunks->last = chunk;
    chunks->bytes += sizeof(*chunk) + capacity;
    return true;
}

const unsigned char *csi_store_chunks_add(struct csi_store_chunks *chunks,
                                          const void *stored, size_t length)
{
    struct csi_store_chunk *chunk = chunks->last;
    unsigned char *place;

    if (!chunk || chunk->capacity - chunk->length < length) {
        if (!add_chunk(chunks, length))
            return NULL;
        chunk = chunks->last;
    }
    place = chunk->data + chunk->length;
    memcpy(place, stored, length);
    chunk->length += length;
    return place;
}

static void drop_chunk(struct csi_store_chunks *chunks)
{
    struct csi_store_chunk *chunk = chunks->first;

    chunks->first = chunk->next;
    chunks->start = 0;
    if (!chunks->first)
        chunks->last = NULL;
    chunks->bytes -= sizeof(*chunk) + chunk->capacity;
    csi_free(chunk);
}

const unsigned char *csi_store_chunks_first(struct csi_store_chunks *chunks)
{
    while (chunks->first && chunks->start == chunks->first->length)
        drop_chunk(chunks);
    return chunks->first ? chunks->first->data + chunks->start : NULL;
}

void csi_store_chunks_drop_first(struct csi_store_chunks *chunks)
{
    const unsigned char *stored = csi_store_chunks_first(chunks);

    if (stored)
        chunks->start += csi_stored_size(stored);
}

void csi_store_chunks_free(struct csi_store_chunks *chunks)
{
    while (chunks->first)
        drop_chunk(chunks);
}

struct csi_store_chunks_walk
csi_store_chunks_walk(const struct csi_store_chunks *chunks)
{
    return (struct csi_store_chunks_walk){chunks->first, chunks->start};
}

const unsigned char *csi_store_chunks_next(struct csi_store_chunks_walk *walk)
{
    const unsigned char *stored;

    while (walk->chunk && walk->start == walk->chunk->length) {
        walk->chunk = walk->chunk->next;
        walk->start = 0;
    }
    if (!walk->chunk)
        return NULL;
    stored = walk->chunk->data + walk->start;
    walk->start += csi_stored_size(stored);
    return stored;
}
