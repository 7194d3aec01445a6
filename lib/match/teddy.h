/* SPDX-License-Identifier: MIT */
/* Any of a few strings. teddy.c says how. */
#ifndef CSI_TEDDY_H
#define CSI_TEDDY_H

#include <stdbool.h>
#include <stddef.h>

struct csi_teddy;

/* More strings than that are not taken. */
enum { CSI_TEDDY_MOST = 128 };

/* Up to how many it is worth while: of more, csi_volnitsky_find was measured to
   find strings of eight letters as fast, by the kernels that would be used. */
size_t csi_teddy_worth(void);

/*
 * Get ready to look for any of `count` strings of at least one byte and without
 * line ends, which stand behind one another in text; by the kernels of
 * csi_simd_level(). ignore_case is of ASCII letters.
 *
 * Returns NULL without memory, or where there are too many.
 */
struct csi_teddy *csi_teddy_new(const char *text, const size_t *lengths,
                                size_t count, bool ignore_case);
void csi_teddy_free(struct csi_teddy *teddy);

/*
 * Where one of them is in [text, end), in the first line that has any of them;
 * or NULL. By the text's length times all of theirs at worst.
 */
const char *csi_teddy_find(const struct csi_teddy *teddy, const char *text,
                           const char *end);

#endif
