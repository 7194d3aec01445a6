/* SPDX-License-Identifier: MIT */
/*
 * A part has slots as a table's (table.c), and whose group a slot is about
 * stands in those bits of its hash that all of a part have in common.
 *
 *     hash     [26 bits, by which a slot is found] [6 bits: the part]
 *     slot     [those 26 bits, the table's number] [place in that table]
 *
 * Slots of all parts lie side by side in one area, since large pages are for
 * large areas alone. Parts fill alike, as hashes do. One that is half full
 * moves to the next area, each of whose parts is twice as large; the first that
 * does makes it, and the last that moves out of an area frees that.
 *
 * What a thread reads of another's table was written before the lock of the
 * part was let go of, behind which it is read. A table's own list is its
 * thread's.
 */
#include "group/joint_index.h"

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    FIRST_BITS =
        9, /* of the number of slots that a part has in the first area */
    AREAS = 32 - CSI_JOINT_BITS - FIRST_BITS + 1, /* by the bits of a hash */
    LINE = 64 /* bytes of a cache: no two locks are in one */
};

static const uint32_t own_bits = CSI_JOINT_PARTS - 1;

struct joint_slot {
    uint32_t hash;
    uint32_t place; /* 0: empty */
};

struct part {
    pthread_mutex_t lock;     /* guards what follows */
    struct joint_slot *slots; /* NULL before the first group */
    uint32_t area;
    uint32_t count; /* slots in use */
    char apart[LINE];
};

struct area {
    struct joint_slot *slots;
    uint32_t moved; /* parts, out of it */
};

struct csi_joint {
    void (*release)(struct cosend_table *table, void *context);
    void *context;
    uint64_t seed;
    struct part parts[CSI_JOINT_PARTS];
    struct cosend_table *tables[CSI_JOINT_PARTS];
    pthread_mutex_t lock; /* guards what follows */
    int table_count;
    struct area areas[AREAS];
};

struct csi_joint *csi_joint_new(void (*release)(struct cosend_table *table,
                                                void *context),
                                void *context)
{
    struct csi_joint *joint = csi_calloc(1, sizeof(*joint));

    if (!joint)
        return NULL;
    for (size_t i = 0; i < CSI_JOINT_PARTS; i++)
        pthread_mutex_init(&joint->parts[i].lock, NULL);
    pthread_mutex_init(&joint->lock, NULL);
    joint->release = release;
    joint->context = context;
    return joint;
}

void csi_joint_free(struct csi_joint *joint)
{
    if (!joint)
        return;
    for (size_t i = 0; i < AREAS; i++)
        csi_free(joint->areas[i].slots);
    for (int i = 0; i < joint->table_count; i++) {
        joint->release(joint->tables[i], joint->context);
        cosend_table_free(joint->tables[i]);
    }
    for (size_t i = 0; i < CSI_JOINT_PARTS; i++)
        pthread_mutex_destroy(&joint->parts[i].lock);
    pthread_mutex_destroy(&joint->lock);
    csi_free(joint->context);
    csi_free(joint);
}

int csi_joint_add_table(struct csi_joint *joint, struct cosend_table *table)
{
    int number = -1;

    pthread_mutex_lock(&joint->lock);
    if (joint->table_count < CSI_JOINT_PARTS) {
        if (!joint->table_count)
            joint->seed = csi_table_seed(table);
        number = joint->table_count++;
        joint->tables[number] = table;
    }
    pthread_mutex_unlock(&joint->lock);
    if (number >= 0)
        csi_table_join(table);
    return number;
}

bool csi_joint_is_used(struct csi_joint *joint)
{
    bool used;

    pthread_mutex_lock(&joint->lock);
    used = joint->table_count > 0;
    pthread_mutex_unlock(&joint->lock);
    return used;
}

void csi_joint_hash_all(const struct csi_joint *joint,
                        const unsigned char *bytes, struct csi_key *keys,
                        size_t count)
{
    csi_keys_hash(bytes, keys, count, joint->seed);
}

bool csi_joint_try(struct csi_joint *joint, uint32_t part)
{
    return pthread_mutex_trylock(&joint->parts[part].lock) == 0;
}

void csi_joint_lock(struct csi_joint *joint, uint32_t part)
{
    pthread_mutex_lock(&joint->parts[part].lock);
}

void csi_joint_unlock(struct csi_joint *joint, uint32_t part)
{
    pthread_mutex_unlock(&joint->parts[part].lock);
}

/* ---- Slots --------------------------------------------------------------- */

static size_t part_slots(uint32_t area)
{
    return (size_t)1 << (FIRST_BITS + area);
}

/* Where a hash is at home among a part's slots. */
static inline size_t home_of(const struct part *part, uint32_t hash)
{
    return hash >> CSI_JOINT_BITS & (part_slots(part->area) - 1);
}

static inline size_t slot_behind(const struct part *part, size_t i)
{
    return (i + 1) & (part_slots(part->area) - 1);
}

/* The slots of a part in an area, which is made if it is not there. NULL
   without memory. */
static struct joint_slot *slots_in(struct csi_joint *joint, uint32_t part,
                                   uint32_t number)
{
    struct area *area = &joint->areas[number];
    size_t slots = part_slots(number);
    struct joint_slot *own;

    pthread_mutex_lock(&joint->lock);
    if (!area->slots)
        area->slots = csi_calloc_large(CSI_JOINT_PARTS * slots *
                                       sizeof(struct joint_slot));
    own = area->slots ? area->slots + part * slots : NULL;
    pthread_mutex_unlock(&joint->lock);
    return own;
}

/* A part's slots in an area are needed no more. */
static void leave_area(struct csi_joint *joint, uint32_t number)
{
    struct area *area = &joint->areas[number];

    pthread_mutex_lock(&joint->lock);
    if (++area->moved == CSI_JOINT_PARTS) {
        csi_free(area->slots);
        area->slots = NULL;
    }
    pthread_mutex_unlock(&joint->lock);
}

static void move_slots(struct part *part, const struct joint_slot *from,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t to = home_of(part, from[i].hash);

        if (!from[i].place)
            continue;
        while (part->slots[to].place)
            to = slot_behind(part, to);
        part->slots[to] = from[i];
    }
}

/* At most one slot of two is in use, so that most keys are at home. False
   without memory. */
static bool reserve_joint_slot(struct csi_joint *joint, uint32_t number)
{
    struct part *part = &joint->parts[number];
    uint32_t area = part->area;
    const struct joint_slot *old = part->slots;
    struct joint_slot *slots;

    if (old && part->count < part_slots(area) / 2)
        return true;
    if (old && area + 1 == AREAS)
        return false;
    slots = slots_in(joint, number, old ? area + 1 : area);
    if (!slots)
        return false;
    part->slots = slots;
    if (!old)
        return true;
    part->area = area + 1;
    move_slots(part, old, part_slots(area));
    leave_area(joint, area);
    return true;
}

/* ---- Groups -------------------------------------------------------------- */

static unsigned char *group_in(const struct csi_joint *joint,
                               const struct joint_slot *slot)
{
    return csi_table_group(joint->tables[slot->hash & own_bits], slot->place);
}

/* The slot of a key, or where it would be. *group is NULL where it is not
   there. */
static inline struct joint_slot *find_joint_slot(const struct csi_joint *joint,
                                                 const unsigned char *bytes,
                                                 const struct csi_key *key,
                                                 unsigned char **group)
{
    const struct part *part = &joint->parts[csi_joint_part(key)];
    size_t i = home_of(part, key->hash);
    struct joint_slot *slot;

    for (; (slot = &part->slots[i])->place; i = slot_behind(part, i)) {
        if ((slot->hash ^ key->hash) & ~own_bits)
            continue;
        *group = group_in(joint, slot);
        if (csi_table_has_key(joint->tables[slot->hash & own_bits], *group,
                              bytes + key->start, key->length))
            return slot;
    }
    *group = NULL;
    return slot;
}

/* Ask memory for the group that a hash is likely that of. */
static void expect_joint(const struct csi_joint *joint, const struct part *part,
                         uint32_t hash)
{
    size_t i = home_of(part, hash);

    while (part->slots[i].place && (part->slots[i].hash ^ hash) & ~own_bits)
        i = slot_behind(part, i);
    if (part->slots[i].place)
        csi_table_expect_group(joint->tables[part->slots[i].hash & own_bits],
                               group_in(joint, &part->slots[i]));
}

void csi_joint_find_all(const struct csi_joint *joint,
                        const unsigned char *bytes, struct csi_key *keys,
                        const uint32_t *order, size_t count)
{
    const struct part *part =
        &joint->parts[count ? csi_joint_part(&keys[order[0]]) : 0];

    for (size_t i = 0; part->slots && i < count; i++)
        __builtin_prefetch(&part->slots[home_of(part, keys[order[i]].hash)]);
    for (size_t i = 0; part->slots && i < count; i++)
        expect_joint(joint, part, keys[order[i]].hash);
    for (size_t i = 0; i < count; i++)
        keys[order[i]].value = csi_joint_find(joint, bytes, &keys[order[i]]);
}

void *csi_joint_find(const struct csi_joint *joint, const unsigned char *bytes,
                     const struct csi_key *key)
{
    unsigned char *group = NULL;

    if (joint->parts[csi_joint_part(key)].slots)
        find_joint_slot(joint, bytes, key, &group);
    return group;
}

static void set_slot(struct joint_slot *slot, const struct csi_key *key,
                     int table, uint32_t place)
{
    slot->hash = (key->hash & ~own_bits) | (uint32_t)table;
    slot->place = place;
}

void *csi_joint_get(struct csi_joint *joint, int table,
                    const unsigned char *bytes, const struct csi_key *key,
                    uint32_t *place)
{
    struct part *part = &joint->parts[csi_joint_part(key)];
    bool reserved = reserve_joint_slot(joint, csi_joint_part(key));
    unsigned char *group = NULL;
    struct joint_slot *slot = NULL;

    *place = 0;
    /* Without memory for another slot those that are there are found. */
    if (part->slots)
        slot = find_joint_slot(joint, bytes, key, &group);
    if (group || !reserved)
        return group;
    group = csi_table_append(joint->tables[table], bytes + key->start,
                             key->length, place);
    if (!group)
        return NULL;
    set_slot(slot, key, table, *place);
    part->count++;
    return group;
}

void *csi_joint_put(struct csi_joint *joint, int table,
                    const unsigned char *bytes, const struct csi_key *key,
                    uint32_t place)
{
    struct part *part = &joint->parts[csi_joint_part(key)];
    unsigned char *group;
    struct joint_slot *slot;

    if (!reserve_joint_slot(joint, csi_joint_part(key)))
        return NULL;
    slot = find_joint_slot(joint, bytes, key, &group);
    part->count += !group;
    set_slot(slot, key, table, place);
    return group ? group : csi_table_group(joint->tables[table], place);
}
