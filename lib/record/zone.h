/* SPDX-License-Identifier: MIT */
/*
 * A zone inside: the changes of its offset in order, all that there are in the
 * range of times. It is empty at first; what reads tzdata adds to it.
 */
#ifndef CSI_ZONE_H
#define CSI_ZONE_H

#include "cosend/time.h"

#include "base/base.h"

enum { CSI_ZONE_LETTERS = 16 }; /* at most, and a NUL */

/* An offset that clocks have there at times. */
struct csi_zone_kind {
    int32_t offset; /* seconds east of UTC */
    char letters[CSI_ZONE_LETTERS];
};

struct cosend_zone {
    struct csi_zone_kind *kinds; /* the first holds before all changes */
    size_t kind_count, kind_capacity;
    int64_t *changes; /* seconds since 1970 */
    int64_t *shown;   /* what clocks show at each: the later of before, after */
    uint8_t *after;   /* the kind from each change on */
    size_t change_count;
    size_t changes_capacity, shown_capacity, after_capacity;
};

/*
 * Add a kind, or find one that is the same: *index. letters are cut off where
 * they are too long.
 *
 * Returns false without memory, or where there are 256 already.
 */
bool csi_zone_add_kind(struct cosend_zone *zone, int32_t offset,
                       const char *letters, size_t length, uint8_t *index);

/* Add a change, which comes behind all those that there are. False without
   memory. */
bool csi_zone_add_change(struct cosend_zone *zone, int64_t at, uint8_t kind);

/* The offset by which clocks show that many seconds since 1970, were these at
   UTC; see cosend_zone_time. */
int32_t csi_zone_offset_shown(const struct cosend_zone *zone, int64_t shown);
/* The same, but where they show it twice that of the second time, and where
   they skip it the one that they have then: less, and more, than the other. */
int32_t csi_zone_offset_later(const struct cosend_zone *zone, int64_t shown);

#endif
