/* SPDX-License-Identifier: MIT */
/*
 * Many strings at once, by Vectorscan (or Hyperscan, whose interface it has).
 * The library is loaded when the first pattern wants it; where it is not
 * installed, nothing is lost but time.
 */
#ifndef CSI_MANY_H
#define CSI_MANY_H

#include <stdbool.h>
#include <stddef.h>

struct csi_many;

/*
 * Get ready to look for any of `count` strings, which stand behind one another
 * in text.
 *
 * Returns NULL where the library is not there, or will not do it.
 */
struct csi_many *csi_many_new(const char *text, const size_t *lengths,
                              size_t count, bool ignore_case);
void csi_many_free(struct csi_many *many);

/*
 * Call `found` with where each of them ends, in ascending order, the offset
 * from text; it may be called more than once for one place.
 *
 * Returns false where it could not be done.
 */
bool csi_many_find(const struct csi_many *many, const char *text,
                   size_t length, void (*found)(void *context, size_t end),
                   void *context);

/* Let go what this thread's searches write in. */
void csi_many_drop_scratch(void);

#endif
