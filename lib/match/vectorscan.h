/* SPDX-License-Identifier: MIT */
/*
 * Many strings at once, by Vectorscan (or Hyperscan, whose interface it has).
 * The library is loaded when the first pattern wants it; where it is not
 * installed, nothing is lost but time.
 */
#ifndef CSI_VECTORSCAN_H
#define CSI_VECTORSCAN_H

#include <stdbool.h>
#include <stddef.h>

struct csi_vectorscan;

/*
 * What lies in the last bytes of a text may be missed: on x86 Vectorscan 5.4.9
 * finds some sets of few strings, {cb, ba, baa} for one, nowhere in the last
 * 32 bytes of any text longer than 64. Twice the longest vector is kept clear.
 */
enum { CSI_VECTORSCAN_BLIND = 128 };

/*
 * Get ready to look for any of `count` strings, which stand behind one another
 * in text.
 *
 * Returns NULL where the library is not there, or will not do it.
 */
struct csi_vectorscan *csi_vectorscan_new(const char *text,
                                          const size_t *lengths, size_t count,
                                          bool ignore_case);
void csi_vectorscan_free(struct csi_vectorscan *vectorscan);

/*
 * Call `found` with where each of them ends, in ascending order, the offset
 * from text; it may be called more than once for one place. The last
 * CSI_VECTORSCAN_BLIND bytes are the caller's to look at.
 *
 * Returns false where it could not be done.
 */
bool csi_vectorscan_find(const struct csi_vectorscan *vectorscan,
                         const char *text, size_t length,
                         void (*found)(void *context, size_t end),
                         void *context);

/* Let go what this thread's searches write in. */
void csi_vectorscan_drop_scratch(void);

#endif
