/* SPDX-License-Identifier: MIT */
/* "Did you mean": the known word nearest to one that is not. */
#ifndef CSI_SUGGEST_H
#define CSI_SUGGEST_H

#include "base/base.h"

/*
 * Of `count` known words, the one that the fewest edits make of `word`, where
 * an edit inserts, removes or replaces a byte, or swaps two neighbours; letter
 * case is free. At most a third of the word may be edited, and at least one
 * edit is allowed. Of equals the first wins. at(list, i) gives word i, or NULL
 * for one that is not to be proposed.
 *
 * Returns NULL where none is near enough.
 *
 * The distance is that of optimal string alignment (Damerau 1964), cut off
 * where it grows over the bound.
 */
const char *csi_suggest(const char *word, size_t count,
                        const char *(*at)(const void *list, size_t i),
                        const void *list);

#endif
