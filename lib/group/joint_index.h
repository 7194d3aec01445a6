/* SPDX-License-Identifier: MIT */
/*
 * One index over the tables of several threads, each of which keeps the groups
 * that it made: so no group is made twice.
 *
 * After J. Cieslewicz and K. A. Ross, "Adaptive Aggregation on Chip
 * Multiprocessors" (VLDB 2007): few groups are best counted by each thread
 * alone, and many in one table that all share. A lock is not a group's but a
 * part's, and held for many records: see csi_joint_try.
 */
#ifndef CSI_GROUP_JOINT_INDEX_H
#define CSI_GROUP_JOINT_INDEX_H

#include "group/table.h"

/* Into how many parts the hash divides all keys; and tables, at most. */
enum { CSI_JOINT_BITS = 6, CSI_JOINT_PARTS = 1 << CSI_JOINT_BITS };

struct csi_joint;

/*
 * One that takes little memory before a table joins. When it is freed, with
 * `context`, so are its tables, after `release` was called for each. NULL, with
 * the context as it was, without memory.
 */
struct csi_joint *csi_joint_new(void (*release)(struct cosend_table *table,
                                                void *context),
                                void *context);
void csi_joint_free(struct csi_joint *joint);

/*
 * Have a table in it, which becomes its own, since other threads look into it
 * until all are at rest. The table's own index is gone: its groups are found
 * here, once they are added, and by none of cosend_table_*.
 *
 * Returns its number; a negative one, with all as it was, where there are too
 * many.
 */
int csi_joint_add_table(struct csi_joint *joint, struct cosend_table *table);

/* Whether it has a table. */
bool csi_joint_is_used(struct csi_joint *joint);

/* Hash keys whose start and length are set. */
void csi_joint_hash_all(const struct csi_joint *joint,
                        const unsigned char *bytes, struct csi_key *keys,
                        size_t count);

static inline uint32_t csi_joint_part(const struct csi_key *key)
{
    return key->hash & (CSI_JOINT_PARTS - 1);
}

/*
 * Lock a part, for what follows and for all that is read and written of its
 * groups; only one may be held. Where the first returns false, another thread
 * has it: see to other parts meanwhile.
 */
bool csi_joint_try(struct csi_joint *joint, uint32_t part);
void csi_joint_lock(struct csi_joint *joint, uint32_t part);
void csi_joint_unlock(struct csi_joint *joint, uint32_t part);

/* Find the groups of some keys of one part: those that `order` names. Sets
   their values; NULL where there is none. */
void csi_joint_find_all(const struct csi_joint *joint,
                        const unsigned char *bytes, struct csi_key *keys,
                        const uint32_t *order, size_t count);

/* A key's group; NULL where there is none. */
void *csi_joint_find(const struct csi_joint *joint, const unsigned char *bytes,
                     const struct csi_key *key);

/*
 * Find a key's group, or add one to the table of that number, all zero but for
 * its key; *place, which is not 0 then, is for csi_table_list. NULL without
 * memory.
 */
void *csi_joint_get(struct csi_joint *joint, int table,
                    const unsigned char *bytes, const struct csi_key *key,
                    uint32_t *place);

/*
 * A group of the table of that number, which is at a place, is from now on
 * found for the key, which has one in no table or in another. Returns that
 * other's, which nobody finds any more; itself, where there was none; or NULL,
 * with all as it was, without memory.
 */
void *csi_joint_put(struct csi_joint *joint, int table,
                    const unsigned char *bytes, const struct csi_key *key,
                    uint32_t place);

#endif
