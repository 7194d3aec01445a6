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

#endif
