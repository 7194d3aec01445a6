/* SPDX-License-Identifier: MIT */
/*
 * A lookup in parts, for who has many: a table that is larger than the caches
 * answers from memory, and the processor can wait for several answers at once
 * if it is told what will be asked.
 */
#ifndef CSI_GROUP_TABLE_H
#define CSI_GROUP_TABLE_H

#include "cosend/group.h"

uint32_t csi_table_hash(const struct cosend_table *table, const void *key,
                        size_t length);

/* Ask memory for the slot of a hash; then, some time later, for its group. */
void csi_table_expect_slot(const struct cosend_table *table, uint32_t hash);
void csi_table_expect_group(const struct cosend_table *table, uint32_t hash);

/* cosend_table_get and cosend_table_find, for a key whose hash is known. */
void *csi_table_get(struct cosend_table *table, uint32_t hash, const void *key,
                    size_t length, bool *fresh);
void *csi_table_find(const struct cosend_table *table, uint32_t hash,
                     const void *key, size_t length);

#endif
