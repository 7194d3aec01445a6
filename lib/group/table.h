/* SPDX-License-Identifier: MIT */
/*
 * A lookup in parts, for who has many: a table that is larger than the caches
 * answers from memory, and the processor can wait for several answers at once
 * if it is told what will be asked.
 */
#ifndef CSI_GROUP_TABLE_H
#define CSI_GROUP_TABLE_H

#include "cosend/group.h"

/* One key of many. */
struct csi_key {
    size_t start, length; /* in bytes that all keys lie in */
    uint32_t hash;
    void *value; /* of its group; NULL where there is none */
};

/* Find the groups of keys whose start and length are set: sets the rest. Short
   keys have zeros behind them: see group/key.h. */
void csi_table_find_all(const struct cosend_table *table,
                        const unsigned char *bytes, struct csi_key *keys,
                        size_t count);

/* From now on groups are looked for while other threads write values: behind a
   key, where the next group's is, nothing is read. */
void csi_table_set_exact(struct cosend_table *table);

/* Ask memory for the group of that number. */
void csi_table_expect(const struct cosend_table *table, size_t i);

/* cosend_table_get, for such a key whose hash is known. */
void *csi_table_get(struct cosend_table *table, uint32_t hash, const void *key,
                    size_t length, bool *fresh);

/* ---- Tables in one index (group/joint_index.h) --------------------------- */

/* By what a table hashes. */
uint64_t csi_table_seed(const struct cosend_table *table);

/* Hash keys whose start and length are set. */
void csi_keys_hash(const unsigned char *bytes, struct csi_key *keys,
                   size_t count, uint64_t seed);

/* Another index is that of a table's groups from now on: its own is freed, and
   behind keys nothing is read (csi_table_set_exact). */
void csi_table_join(struct cosend_table *table);

/* Add a group that has no number yet; *place, never 0, is where it is. A short
   key has zeros behind it. NULL without memory. */
void *csi_table_append(struct cosend_table *table, const void *key,
                       size_t length, uint32_t *place);

/* Have room for the numbers of so many groups that have none. False without
   memory. */
bool csi_table_reserve(struct cosend_table *table, size_t count);

/* A group gets the next number, for which there is room. */
void csi_table_list(struct cosend_table *table, uint32_t place);

/* The place of the group of that number. */
uint32_t csi_table_place(const struct cosend_table *table, size_t i);

/* The group at a place. */
void *csi_table_group(const struct cosend_table *table, uint32_t place);

/* Whether a group's key is this one. */
bool csi_table_has_key(const struct cosend_table *table, const void *group,
                       const void *key, size_t length);

/* Ask memory for a group, key and all. */
void csi_table_expect_group(const struct cosend_table *table,
                            const void *group);

#endif
