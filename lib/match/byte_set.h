/* SPDX-License-Identifier: MIT */
/* Sets of bytes, and which a class of a pattern is one of. */
#ifndef CSI_BYTE_SET_H
#define CSI_BYTE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csi_byte_set {
    uint64_t bits[4];
};

static inline bool csi_in_set(const struct csi_byte_set *set, char c)
{
    unsigned char byte = (unsigned char)c;

    return set->bits[byte / 64] >> byte % 64 & 1;
}

static inline void csi_set_add(struct csi_byte_set *set, char c)
{
    unsigned char byte = (unsigned char)c;

    set->bits[byte / 64] |= UINT64_C(1) << byte % 64;
}

/*
 * The bytes with which a character may begin that the class [p, end), [...], or
 * the escape, \d say, has in it: all beyond ASCII always are, and no case is
 * folded. Returns false where that is not known.
 */
bool csi_class_bytes(struct csi_byte_set *set, const char *p, const char *end);

/* Have both cases of each letter of ASCII in it of which it has one. */
void csi_set_fold(struct csi_byte_set *set);

#endif
