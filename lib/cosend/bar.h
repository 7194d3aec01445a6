/* SPDX-License-Identifier: MIT */
/* Numbers drawn as bars, for people. Its struct is stamped
   (cosend/version.h). */
#ifndef COSEND_BAR_H
#define COSEND_BAR_H

#include "cosend/base.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many characters the longest bar may have, and how many bytes that is,
   with its NUL. */
#define COSEND_BAR_WIDTH 1000
#define COSEND_BAR_MAX   (3 * COSEND_BAR_WIDTH + 1)

/* What bars are drawn by, so that they can be compared. */
struct cosend_bars {
    double lo, hi;  /* numbers that have room; finite, lo <= hi */
    uint32_t width; /* characters from lo to hi, up to COSEND_BAR_WIDTH */
    bool ascii;     /* by #, and not by Unicode's blocks */
};

/*
 * Draw a number as a bar from 0 to there, or, where 0 is not from lo to hi,
 * from that of them which is nearer to it. It goes to the right by eighths of a
 * character, and for a negative number to the left by halves, with blanks
 * before it; in ASCII by whole ones. Behind it there are none. The bar of where
 * it begins is empty, and that of any other number is not. A number outside of
 * lo and hi is drawn as the nearer of them.
 *
 * Returns its length in bytes, without the NUL: 0 too where a number is not
 * finite, or there is no width.
 */
COSEND_API size_t cosend_format_bar(const struct cosend_bars *bars,
                                    double number, char out[COSEND_BAR_MAX]);

#ifdef __cplusplus
}
#endif

#endif
