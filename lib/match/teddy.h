/* SPDX-License-Identifier: MIT */
/*
 * Finding any of a few strings, after Teddy (Wang and others, "Hyperscan: A
 * Fast Multi-pattern Regex Matcher for Modern CPUs", NSDI 2019). Of each string
 * one to three neighbouring bytes that are seldom in text, its window, are
 * looked for at 64 places at once: strings are dealt out to eight buckets
 * (sixteen, where there are many), a table for each byte of the window says in
 * which buckets it may be, and where some bucket has all of them, the strings
 * that have such a window are compared.
 */
#ifndef CSI_TEDDY_H
#define CSI_TEDDY_H

#include <stdbool.h>
#include <stddef.h>

struct csi_teddy;

/* More strings than that are not taken. */
enum { CSI_TEDDY_MOST = 128 };

/* Up to how many it is worth while where there is Vectorscan: as many as it was
   measured to find as fast as that does, by the kernels that it would use. */
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
