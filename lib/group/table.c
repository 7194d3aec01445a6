/* SPDX-License-Identifier: MIT */
/*
 * A hash table with open addressing and linear probing. What is probed are
 * slots of eight bytes, a hash and a place; there lies the group, the value
 * before the key. Groups follow each other in the order in which they
 * appeared, in chunks each twice as large as the one before, so that none ever
 * moves. Growing makes new slots out of the old ones' hashes and looks at no
 * group.
 *
 *     slots    [hash, place] [ ] [hash, place] [ ] [ ] ...
 *     places   [place of group 0] [place of group 1] ...
 *     chunks   0: 1 KiB   1: 2 KiB   2: 4 KiB ...
 *     group    [value, padded to 4] [uint32_t length] [key, padded to 8]
 *
 * Places count units of eight bytes over all chunks, whether these were needed
 * or, for a key too long for them, left out. 0 is no place. Hashes and places
 * of 32 bits bound slots to 2^32 and groups to 32 GiB. Nothing is ever
 * removed.
 */
#include "group/table.h"

#include "base/base.h"
#include "base/short.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <xxhash.h>

enum {
    FIRST_SLOTS = 32,
    UNIT = 8,
    SPARE = CSI_SHORT / UNIT, /* units that no group of a chunk takes */
    FIRST_CHUNK_BITS = 7,     /* of units */
    CHUNKS = 32 - FIRST_CHUNK_BITS,
    CACHED_SLOTS = 8192 /* as many are soon found in a cache */
};

struct slot {
    uint32_t hash;
    uint32_t place; /* 0: empty */
};

struct cosend_table {
    struct slot *slots;
    size_t slot_count; /* a power of two, or 0 before the first group */
    uint32_t *places;  /* of the groups, in the order of their numbers */
    size_t place_capacity;
    size_t count;
    size_t value_size;
    size_t key_offset; /* of a key's length, from the group's start */
    uint64_t seed;
    bool exact;     /* of a key, and of nothing behind it, is read */
    unsigned chunk; /* where the next group goes, if it fits */
    uint64_t used;  /* units of it */
    unsigned char *chunks[CHUNKS];
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
    static const size_t align = sizeof(uint32_t) - 1;
    struct cosend_table *table = csi_calloc(1, sizeof(*table));

    if (!table || value_size > SIZE_MAX / 2) {
        csi_free(table);
        csi_no_memory(error);
        return NULL;
    }
    table->value_size = value_size;
    table->key_offset = (value_size + align) & ~align;
    table->used = 1;
    table->seed = random_seed(table);
    return table;
}

void cosend_table_free(struct cosend_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < CHUNKS; i++)
        csi_free(table->chunks[i]);
    csi_free(table->places);
    csi_free(table->slots);
    csi_free(table);
}

__extension__ typedef unsigned __int128 product;

/* Both halves of a product of 16 bytes and of a seed, as XXH3 mixes them. */
static inline uint64_t mix(const unsigned char *bytes, uint64_t seed)
{
    product all = (product)(csi_load64(bytes) ^ seed) *
                  (csi_load64(bytes + 8) ^ (seed << 32 | seed >> 32));

    return (uint64_t)all ^ (uint64_t)(all >> 64);
}

/* A short key is hashed with the zeros behind it, in less time than a call
   takes: its cells say how long they are. */
static inline uint32_t hash_bytes(const void *key, size_t length, uint64_t seed)
{
    if (length > CSI_SHORT)
        return (uint32_t)XXH3_64bits_withSeed(key, length, seed);
    return (uint32_t)(mix(key, seed) +
                      mix((const unsigned char *)key + 16, ~seed));
}

static inline uint32_t hash_key(const struct cosend_table *table,
                                const void *key, size_t length)
{
    return hash_bytes(key, length, table->seed);
}

static unsigned chunk_of(uint64_t place)
{
    uint32_t firsts = (uint32_t)(place >> FIRST_CHUNK_BITS) + 1;

    return 31 - (unsigned)__builtin_clz(firsts);
}

static uint64_t chunk_units(unsigned chunk)
{
    return UINT64_C(1) << (FIRST_CHUNK_BITS + chunk);
}

/* The place where a chunk starts. */
static uint64_t chunk_start(unsigned chunk)
{
    return chunk_units(chunk) - chunk_units(0);
}

static unsigned char *group_at(const struct cosend_table *table, uint64_t place)
{
    unsigned chunk = chunk_of(place);

    return table->chunks[chunk] + (place - chunk_start(chunk)) * UNIT;
}

static const unsigned char *table_key_of(const struct cosend_table *table,
                                         const unsigned char *group,
                                         uint32_t *length)
{
    const unsigned char *key = group + table->key_offset;

    memcpy(length, key, sizeof(*length));
    return key + sizeof(*length);
}

/* The units that a group takes, for a key that is not beyond all bounds. */
static uint64_t group_units(const struct cosend_table *table, size_t length)
{
    return (table->key_offset + sizeof(uint32_t) + length + UNIT - 1) / UNIT;
}

/* Whether as many bytes are the same, of which no more are read. */
static inline bool same_bytes(const void *a, const void *b, size_t n)
{
    const char *p = a, *q = b;

    if (n < 8 || n > 16)
        return memcmp(p, q, n) == 0;
    return csi_load64(p) == csi_load64(q) &&
           csi_load64(p + n - 8) == csi_load64(q + n - 8);
}

static inline bool has_key(const struct cosend_table *table,
                           const unsigned char *group, const void *key,
                           size_t length)
{
    uint32_t own_length;
    const unsigned char *own = table_key_of(table, group, &own_length);

    if (own_length != length)
        return false;
    return length <= CSI_SHORT && !table->exact
               ? csi_short_same(own, key, length)
               : same_bytes(own, key, length);
}

/* The slot of a key, or where it would be; there are some. *group is NULL where
   it is not there. */
static inline struct slot *find_slot(const struct cosend_table *table,
                                     uint32_t hash, const void *key,
                                     size_t length, unsigned char **group)
{
    size_t mask = table->slot_count - 1, i = hash & mask;

    for (; table->slots[i].place; i = (i + 1) & mask) {
        if (table->slots[i].hash != hash)
            continue;
        *group = group_at(table, table->slots[i].place);
        if (has_key(table, *group, key, length))
            return &table->slots[i];
    }
    *group = NULL;
    return &table->slots[i];
}

static inline void *find_value(const struct cosend_table *table, uint32_t hash,
                               const void *key, size_t length)
{
    unsigned char *group = NULL;

    if (table->slot_count)
        find_slot(table, hash, key, length, &group);
    return group;
}

static bool make_slots(struct cosend_table *table, size_t slot_count)
{
    size_t size = slot_count * sizeof(struct slot), mask = slot_count - 1;
    struct slot *slots = csi_calloc_large(size);

    if (!slots)
        return false;
    for (size_t i = 0; i < table->slot_count; i++) {
        struct slot slot = table->slots[i];
        size_t to = slot.hash & mask;

        if (!slot.place)
            continue;
        while (slots[to].place)
            to = (to + 1) & mask;
        slots[to] = slot;
    }
    csi_free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return true;
}

/* At most one slot of two is in use, so that most keys are at home. */
static bool reserve_slot(struct cosend_table *table)
{
    if (table->count < table->slot_count / 2)
        return true;
    if (table->slot_count > UINT32_MAX / 2 + (size_t)1)
        return false;
    return make_slots(table,
                      table->slot_count ? table->slot_count * 2 : FIRST_SLOTS);
}

static bool reserve_place(struct cosend_table *table)
{
    return csi_grow_large(&table->places, &table->place_capacity,
                          table->count + 1, sizeof(*table->places));
}

/* Find the chunk with room for that many units, and behind them for as many
   bytes as a short key may be. */
static bool reserve_units(struct cosend_table *table, uint64_t units)
{
    unsigned chunk = table->chunk;
    uint64_t used = table->used;

    for (; used + units + SPARE > chunk_units(chunk); used = 0)
        if (++chunk == CHUNKS)
            return false;
    if (!table->chunks[chunk])
        table->chunks[chunk] =
            csi_malloc_large((size_t)chunk_units(chunk) * UNIT);
    if (!table->chunks[chunk])
        return false;
    table->chunk = chunk;
    table->used = used;
    return true;
}

/* Lay a group behind the others. Of a short key as many bytes are copied as
   there may be: behind the group there is none yet. */
static inline void *lay_group(struct cosend_table *table, const void *key,
                              size_t length, uint32_t *place)
{
    uint32_t own_length = (uint32_t)length;
    unsigned char *group, *stored;
    uint64_t units;

    if (length > UINT32_MAX)
        return NULL;
    units = group_units(table, length);
    if (!reserve_units(table, units))
        return NULL;
    *place = (uint32_t)(chunk_start(table->chunk) + table->used);
    group = table->chunks[table->chunk] + table->used * UNIT;
    table->used += units;

    memset(group, 0, UNIT);
    for (size_t i = UNIT; i < table->key_offset; i += sizeof(uint32_t))
        memset(group + i, 0, sizeof(uint32_t));
    stored = group + table->key_offset;
    memcpy(stored, &own_length, sizeof(own_length));
    stored += sizeof(own_length);
    if (length <= CSI_SHORT)
        memcpy(stored, key, CSI_SHORT);
    else
        memcpy(stored, key, length);
    return group;
}

/* Add a group with its slot, which is empty. */
static void *add_group(struct cosend_table *table, struct slot *slot,
                       uint32_t hash, const void *key, size_t length)
{
    uint32_t place;
    void *group =
        reserve_place(table) ? lay_group(table, key, length, &place) : NULL;

    if (!group)
        return NULL;
    slot->hash = hash;
    slot->place = place;
    table->places[table->count++] = place;
    return group;
}

void csi_table_expect_group(const struct cosend_table *table, const void *group)
{
    const unsigned char *bytes = group;

    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + table->key_offset + 2 * UNIT);
}

/* Ask memory for the group that a hash is likely that of, key and all. */
static void expect_group(const struct cosend_table *table, uint32_t hash)
{
    size_t mask = table->slot_count - 1, i = hash & mask;
    const unsigned char *group;

    while (table->slots[i].place && table->slots[i].hash != hash)
        i = (i + 1) & mask;
    if (!table->slots[i].place)
        return;
    group = group_at(table, table->slots[i].place);
    csi_table_expect_group(table, group);
}

/* Memory is asked a step ahead: for all slots, then for all groups. */
static void expect_groups(const struct cosend_table *table,
                          const struct csi_key *keys, size_t count)
{
    size_t mask = table->slot_count - 1;

    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&table->slots[keys[i].hash & mask]);
    for (size_t i = 0; i < count; i++)
        expect_group(table, keys[i].hash);
}

void csi_table_find_all(const struct cosend_table *table,
                        const unsigned char *bytes, struct csi_key *keys,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        keys[i].hash = hash_key(table, bytes + keys[i].start, keys[i].length);
    if (table->slot_count > CACHED_SLOTS)
        expect_groups(table, keys, count);
    for (size_t i = 0; i < count; i++)
        keys[i].value = find_value(table, keys[i].hash, bytes + keys[i].start,
                                   keys[i].length);
}

void csi_table_set_exact(struct cosend_table *table)
{
    table->exact = true;
}

void csi_table_expect(const struct cosend_table *table, size_t i)
{
    csi_table_expect_group(table, group_at(table, table->places[i]));
}

void *csi_table_get(struct cosend_table *table, uint32_t hash, const void *key,
                    size_t length, bool *fresh)
{
    unsigned char *group;
    struct slot *slot;
    void *added = NULL;

    /* Without memory for another slot those that are there are found. */
    if (!reserve_slot(table)) {
        group = find_value(table, hash, key, length);
    } else {
        slot = find_slot(table, hash, key, length, &group);
        if (!group)
            added = add_group(table, slot, hash, key, length);
    }
    if (fresh)
        *fresh = added != NULL;
    return group ? group : added;
}

/* The key, with zeros behind it if it is short. */
static const void *pad(const void *key, size_t length,
                       unsigned char padded[CSI_SHORT])
{
    if (length > CSI_SHORT)
        return key;
    memset(padded, 0, CSI_SHORT);
    csi_copy(padded, key, length);
    return padded;
}

void *cosend_table_get(struct cosend_table *table, const void *key,
                       size_t length, bool *fresh)
{
    unsigned char padded[CSI_SHORT];

    key = pad(key, length, padded);
    return csi_table_get(table, hash_key(table, key, length), key, length,
                         fresh);
}

void *cosend_table_find(const struct cosend_table *table, const void *key,
                        size_t length)
{
    unsigned char padded[CSI_SHORT];

    key = pad(key, length, padded);
    return find_value(table, hash_key(table, key, length), key, length);
}

size_t cosend_table_count(const struct cosend_table *table)
{
    return table->count;
}

void *cosend_table_at(const struct cosend_table *table, size_t i,
                      const void **key, size_t *length)
{
    unsigned char *group = group_at(table, table->places[i]);
    uint32_t own_length;

    *key = table_key_of(table, group, &own_length);
    *length = own_length;
    return group;
}

/* ---- In one index with others -------------------------------------------- */

uint64_t csi_table_seed(const struct cosend_table *table)
{
    return table->seed;
}

void csi_keys_hash(const unsigned char *bytes, struct csi_key *keys,
                   size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        keys[i].hash = hash_bytes(bytes + keys[i].start, keys[i].length, seed);
}

void csi_table_join(struct cosend_table *table)
{
    csi_free(table->slots);
    table->slots = NULL;
    table->slot_count = 0;
    table->exact = true;
}

void *csi_table_append(struct cosend_table *table, const void *key,
                       size_t length, uint32_t *place)
{
    return lay_group(table, key, length, place);
}

bool csi_table_reserve(struct cosend_table *table, size_t count)
{
    return csi_grow_large(&table->places, &table->place_capacity,
                          table->count + count, sizeof(*table->places));
}

void csi_table_list(struct cosend_table *table, uint32_t place)
{
    table->places[table->count++] = place;
}

uint32_t csi_table_place(const struct cosend_table *table, size_t i)
{
    return table->places[i];
}

void *csi_table_group(const struct cosend_table *table, uint32_t place)
{
    return group_at(table, place);
}

bool csi_table_has_key(const struct cosend_table *table, const void *group,
                       const void *key, size_t length)
{
    return has_key(table, group, key, length);
}
