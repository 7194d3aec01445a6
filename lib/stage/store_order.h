/* SPDX-License-Identifier: MIT */
/* The order of stored records. */
#ifndef CSI_STORE_ORDER_H
#define CSI_STORE_ORDER_H

#include "stage/stored.h"

/* A stored record, with what decides most comparisons: the prefix of its first
   key (record/sort_key.h), turned round where that descends. */
struct csi_entry {
    uint64_t prefix;
    const unsigned char *stored;
};

struct csi_order {
    const struct csi_shapes *shapes;
    const uint32_t *columns;         /* of the key */
    uint32_t count;                  /* of them */
    const bool *descending;          /* NULL: ascending */
    const unsigned char *collations; /* NULL: by value */
    bool mixed; /* records are not there in the order of the input: their
                   ordinals decide */
};

/* An entry's prefix for the first cell of its key. */
uint64_t csi_order_prefix(const struct csi_order *order,
                          struct cosend_cell cell);

/* Whether the keys of two records are the same. */
bool csi_order_same_key(const struct csi_order *order,
                        const struct csi_entry *a, const struct csi_entry *b);

/* Negative, 0 or positive; 0 where the one that came first is first. */
int csi_order_compare(const struct csi_order *order, const struct csi_entry *a,
                      const struct csi_entry *b);

/* Sort entries; those that compare as 0 stay in order. False without memory,
   which it takes for as many entries again. */
bool csi_order_sort(const struct csi_order *order, struct csi_entry *entries,
                    size_t count);

#endif
