/* SPDX-License-Identifier: MIT */
/* Where bytes are, in lines of JSON, that do not stand for themselves in a
   string: as bitmaps, and as places in order. */
#ifndef CSI_JSON_SPECIAL_H
#define CSI_JSON_SPECIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is none. */
struct csi_special {
    const char *base; /* what the bitmaps and places begin at */
    uint64_t *words; /* of csi_scan_kernels.find_special; a last one has all its
                        bits, ... */
    uint32_t *places; /* ... and a last place is behind all lines */
    size_t next;      /* of the places, about where the next line begins */
    size_t word_capacity, place_capacity;
};

/* Find those of a stretch of a block, which is not empty. False without
   memory. */
bool csi_special_find(struct csi_special *special, const char *start,
                      const char *end);
void csi_special_free(struct csi_special *special);

#endif
