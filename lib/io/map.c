/* SPDX-License-Identifier: MIT */
/*
 * To ask for a mapped byte that the file has not any more, because somebody has
 * cut it short, raises SIGBUS. The handler of the program, not ours, hands its
 * address to cosend_mapped_fault, which puts zeros in the place of the page and
 * of all behind it, and notes that it did. So whoever looks at mapped bytes
 * looks afterwards whether they were the file's, and reads it if not.
 *
 * A handler can only look at what stands still. So what is mapped is listed in
 * a few places, each of which is two addresses; a map without one is none.
 */
#include "io/map.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PLACES = 16 };

struct place {
    atomic_uintptr_t start, end; /* 0: it is free; start alone: it is taken */
    atomic_bool cut;
};

struct csi_map {
    char *mapped;
    const char *data; /* of the input's first byte */
    size_t length;    /* mapped */
    uint64_t size;    /* from data on */
    struct place *place;
};

static struct place places[PLACES];
static atomic_bool is_handled;
static atomic_uintptr_t page_size;

void cosend_map_files(bool handled)
{
    atomic_store(&page_size, (uintptr_t)sysconf(_SC_PAGESIZE));
    atomic_store(&is_handled, handled);
}

bool cosend_mapped_fault(const void *address)
{
    uintptr_t at = (uintptr_t)address;

    for (size_t i = 0; i < PLACES; i++) {
        uintptr_t end = atomic_load(&places[i].end), from;

        /* The same place again, and not another map's that begins before. */
        if (at >= end || at < atomic_load(&places[i].start) ||
            atomic_load(&places[i].end) != end)
            continue;
        from = at - at % atomic_load(&page_size);
        atomic_store(&places[i].cut, true);
        return mmap((void *)from, end - from, PROT_READ,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                    0) != MAP_FAILED;
    }
    return false;
}

static struct place *take_place(const char *mapped, size_t length)
{
    for (size_t i = 0; i < PLACES; i++) {
        uintptr_t none = 0, start = (uintptr_t)mapped;

        if (!atomic_compare_exchange_strong(&places[i].start, &none, start))
            continue;
        atomic_store(&places[i].cut, false);
        atomic_store(&places[i].end, start + length);
        return &places[i];
    }
    return NULL;
}

struct csi_map *csi_map_new(const struct cosend_input *input, uint64_t size)
{
    uint64_t length = (uint64_t)input->origin + size;
    struct csi_map *map;

    if (!atomic_load(&is_handled) || !size || length > SIZE_MAX / 2)
        return NULL;
    map = csi_calloc(1, sizeof(*map));
    if (!map)
        return NULL;
    map->length = (size_t)length;
    map->size = size;
    map->mapped = mmap(NULL, map->length, PROT_READ, MAP_PRIVATE, input->fd, 0);
    if (map->mapped != MAP_FAILED) {
        map->data = map->mapped + input->origin;
        map->place = take_place(map->mapped, map->length);
        if (map->place)
            return map;
        munmap(map->mapped, map->length);
    }
    csi_free(map);
    return NULL;
}

void csi_map_free(struct csi_map *map)
{
    if (!map)
        return;
    atomic_store(&map->place->end, 0);
    munmap(map->mapped, map->length);
    atomic_store(&map->place->start, 0);
    csi_free(map);
}

const char *csi_map_data(const struct csi_map *map, uint64_t *size)
{
    *size = map->size;
    return map->data;
}

bool csi_map_is_cut(const struct csi_map *map)
{
    return atomic_load(&map->place->cut);
}

void csi_map_leave(const struct csi_map *map, uint64_t from, uint64_t to)
{
    uintptr_t page = atomic_load(&page_size), base = (uintptr_t)map->data;
    uintptr_t start = base + (uintptr_t)from;
    uintptr_t end = base + (uintptr_t)(to < map->size ? to : map->size);

    /* The page that the last call left half of goes now. */
    start -= start % page;
    end -= end % page;
    /* What was put in a file's place stays as it is. */
    if (start < end && !csi_map_is_cut(map))
        madvise((void *)start, end - start, MADV_DONTNEED);
}
