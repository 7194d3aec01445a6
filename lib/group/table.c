/* SPDX-License-Identifier: MIT */
/*
 * A hash table with open addressing and linear probing. What is probed are
 * slots of eight bytes, a hash and the number of a group; the groups
 * themselves lie in the order in which they appeared, in chunks each twice as
 * large as the one before, so that none ever moves. A key's bytes, behind
 * their length, are in an arena. Growing makes new slots out of the old ones'
 * hashes and looks at no key.
 *
 *     slots    [hash, 2] [ ] [hash, 1] [ ] [ ] [hash, 3] ...
 *     chunks   0: 16 groups   1: 32 groups   2: 64 groups ...
 *     group    [key] [value ...]
 *     arena    [length, bytes] [length, bytes] ...
 *
 * The hash in a slot has 32 bits, which bounds the slots to 2^32. Nothing is
 * ever removed.
 */
#include "cosend/group.h"

#include "base/base.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

enum {
    FIRST_SLOTS = 32,
    FIRST_CHUNK_BITS = 4,
    CHUNKS = 32 - FIRST_CHUNK_BITS,
    FIRST_BLOCK = 1024,
    LARGEST_BLOCK = 256 * 1024,
    ALIGNMENT = 8
};

/* An empty slot has number 0; group i has number i + 1. */
struct slot {
    uint32_t hash;
    uint32_t number;
};

struct group {
    const unsigned char *key; /* uint32_t length, then the bytes */
    unsigned char value[];
};

/* Part of the arena. */
struct block {
    struct block *previous;
    unsigned char bytes[];
};

struct cosend_table {
    struct slot *slots;
    size_t slot_count; /* a power of two, or 0 before the first group */
    size_t count;
    size_t value_size;
    size_t group_size;
    uint64_t seed;
    unsigned char *chunks[CHUNKS];
    struct block *block;       /* the latest */
    unsigned char *free_bytes; /* of block */
    size_t free_count;
    size_t block_size; /* of the next block */
};

static uint64_t random_seed(const void *anything)
{
    uint64_t seed;
    struct timespec now;

    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
        return seed;
    /* Early at boot, or under a filter of system calls: hard to guess still. */
    clock_gettime(CLOCK_MONOTONIC, &now);
    seed = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec;
    return seed ^ (uintptr_t)anything;
}

struct cosend_table *cosend_table_new(size_t value_size,
                                      struct cosend_error *error)
{
    struct cosend_table *table = csi_calloc(1, sizeof(*table));
    size_t group_size;

    if (!table ||
        __builtin_add_overflow(value_size, sizeof(struct group) + ALIGNMENT - 1,
                               &group_size)) {
        csi_free(table);
        cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
        return NULL;
    }
    table->value_size = value_size;
    table->group_size = group_size & ~(size_t)(ALIGNMENT - 1);
    table->block_size = FIRST_BLOCK;
    table->seed = random_seed(table);
    return table;
}

void cosend_table_free(struct cosend_table *table)
{
    struct block *block, *previous;

    if (!table)
        return;
    for (block = table->block; block; block = previous) {
        previous = block->previous;
        csi_free(block);
    }
    for (size_t i = 0; i < CHUNKS; i++)
        csi_free(table->chunks[i]);
    csi_free(table->slots);
    csi_free(table);
}

static uint32_t hash_key(const struct cosend_table *table, const void *key,
                         size_t length)
{
    return (uint32_t)XXH3_64bits_withSeed(key, length, table->seed);
}

/* Chunk c starts with group 16 * (2^c - 1). */
static size_t chunk_of(size_t i)
{
    uint32_t sixteens = (uint32_t)(i >> FIRST_CHUNK_BITS) + 1;

    return 31 - (size_t)__builtin_clz(sixteens);
}

static size_t chunk_size(size_t chunk)
{
    return (size_t)1 << (FIRST_CHUNK_BITS + chunk);
}

static struct group *group_at(const struct cosend_table *table, size_t i)
{
    size_t chunk = chunk_of(i);
    size_t first = chunk_size(chunk) - chunk_size(0);
    void *group = table->chunks[chunk] + (i - first) * table->group_size;

    return group;
}

static bool has_key(const struct group *group, const void *key, size_t length)
{
    uint32_t own;

    memcpy(&own, group->key, sizeof(own));
    return own == length &&
           (length == 0 || memcmp(group->key + sizeof(own), key, length) == 0);
}

/* The slot where a key is, or where it would be. */
static struct slot *find_slot(const struct cosend_table *table, uint32_t hash,
                              const void *key, size_t length)
{
    size_t mask = table->slot_count - 1, i = hash & mask;

    for (;; i = (i + 1) & mask) {
        struct slot *slot = &table->slots[i];

        if (!slot->number)
            return slot;
        if (slot->hash == hash &&
            has_key(group_at(table, slot->number - 1), key, length))
            return slot;
    }
}

static void *find_value(const struct cosend_table *table, uint32_t hash,
                        const void *key, size_t length)
{
    struct slot *slot;

    if (!table->slot_count)
        return NULL;
    slot = find_slot(table, hash, key, length);
    return slot->number ? group_at(table, slot->number - 1)->value : NULL;
}

static bool make_slots(struct cosend_table *table, size_t slot_count)
{
    struct slot *slots = csi_calloc(slot_count, sizeof(*slots));
    size_t mask = slot_count - 1;

    if (!slots)
        return false;
    for (size_t i = 0; i < table->slot_count; i++) {
        struct slot slot = table->slots[i];
        size_t place = slot.hash & mask;

        if (!slot.number)
            continue;
        while (slots[place].number)
            place = (place + 1) & mask;
        slots[place] = slot;
    }
    csi_free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return true;
}

/* At most three slots of four are in use. */
static bool reserve_slot(struct cosend_table *table)
{
    if (table->count < table->slot_count / 4 * 3)
        return true;
    if (table->slot_count > UINT32_MAX / 2 + (size_t)1)
        return false;
    return make_slots(table,
                      table->slot_count ? table->slot_count * 2 : FIRST_SLOTS);
}

static bool reserve_group(struct cosend_table *table)
{
    size_t chunk = chunk_of(table->count), bytes;

    if (table->chunks[chunk])
        return true;
    if (__builtin_mul_overflow(chunk_size(chunk), table->group_size, &bytes))
        return false;
    table->chunks[chunk] = csi_malloc(bytes);
    return table->chunks[chunk] != NULL;
}

static bool reserve_bytes(struct cosend_table *table, size_t count)
{
    size_t size = count > table->block_size ? count : table->block_size;
    struct block *block;

    if (count <= table->free_count)
        return true;
    block = csi_malloc(sizeof(*block) + size);
    if (!block)
        return false;
    block->previous = table->block;
    table->block = block;
    table->free_bytes = block->bytes;
    table->free_count = size;
    if (table->block_size < LARGEST_BLOCK)
        table->block_size *= 2;
    return true;
}

static const unsigned char *store_key(struct cosend_table *table,
                                      const void *key, size_t length)
{
    unsigned char *stored = table->free_bytes;
    uint32_t own = (uint32_t)length;

    memcpy(stored, &own, sizeof(own));
    if (length)
        memcpy(stored + sizeof(own), key, length);
    table->free_bytes += sizeof(own) + length;
    table->free_count -= sizeof(own) + length;
    return stored;
}

static void *add_group(struct cosend_table *table, uint32_t hash,
                       const void *key, size_t length)
{
    struct group *group;
    struct slot *slot;

    if (length > UINT32_MAX || !reserve_slot(table) || !reserve_group(table) ||
        !reserve_bytes(table, sizeof(uint32_t) + length))
        return NULL;
    slot = find_slot(table, hash, key, length);
    group = group_at(table, table->count++);
    slot->hash = hash;
    slot->number = (uint32_t)table->count;
    group->key = store_key(table, key, length);
    memset(group->value, 0, table->value_size);
    return group->value;
}

void *cosend_table_get(struct cosend_table *table, const void *key,
                       size_t length, bool *fresh)
{
    uint32_t hash = hash_key(table, key, length);
    void *value = find_value(table, hash, key, length);
    bool found = value != NULL;

    if (!found)
        value = add_group(table, hash, key, length);
    if (fresh)
        *fresh = value && !found;
    return value;
}

void *cosend_table_find(const struct cosend_table *table, const void *key,
                        size_t length)
{
    return find_value(table, hash_key(table, key, length), key, length);
}

size_t cosend_table_count(const struct cosend_table *table)
{
    return table->count;
}

void *cosend_table_at(const struct cosend_table *table, size_t i,
                      const void **key, size_t *length)
{
    struct group *group = group_at(table, i);
    uint32_t own;

    memcpy(&own, group->key, sizeof(own));
    *key = group->key + sizeof(own);
    *length = own;
    return group->value;
}
