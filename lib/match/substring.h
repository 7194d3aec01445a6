/* SPDX-License-Identifier: MIT */
/* One string in a text. substring.c says how. */
#ifndef CSI_SUBSTRING_H
#define CSI_SUBSTRING_H

#include <stdbool.h>
#include <stddef.h>

struct csi_substring {
    const char *text; /* borrowed; in small letters where case is ignored */
    size_t length;    /* of at least one byte */
    bool ignore_case; /* of ASCII letters */
    /* Two of its places, first < second; the same where it has one byte. */
    size_t first, second;
    const char *(*find)(const struct csi_substring *needle, const char *text,
                        const char *end);
};

/* Get ready to look for a string, by the kernels of csi_simd_level(). */
void csi_substring_init(struct csi_substring *needle, const char *text,
                        size_t length, bool ignore_case);

/* The first place in [text, end) where it is, or NULL. In linear time; where
   case is ignored, by the string's length times the text's at worst. */
static inline const char *csi_substring_find(const struct csi_substring *needle,
                                             const char *text, const char *end)
{
    return needle->find(needle, text, end);
}

#endif
