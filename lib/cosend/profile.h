/* SPDX-License-Identifier: MIT */
/* Of what types the values of a column are, and how long. Its struct is
   stamped (cosend/version.h). */
#ifndef COSEND_PROFILE_H
#define COSEND_PROFILE_H

#include "cosend/group.h"
#include "cosend/value.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { COSEND_PROFILE_TYPES = 5, COSEND_PROFILE_MAX = 40 };

/* All zero is that of no values. */
struct cosend_profile {
    uint64_t count;
    struct cosend_appearance types[COSEND_PROFILE_TYPES]; /* private */
    uint64_t least, greatest; /* lengths, in characters */
};

/* Add a cell that is not blank, and its value, of a record that
   cosend_record_ordinal numbers so. */
COSEND_API void cosend_profile_add(struct cosend_profile *profile,
                                   struct cosend_cell cell,
                                   const struct cosend_value *value,
                                   uint64_t ordinal);

/*
 * Print the types that came, in the order in which they first did: int, float
 * (written with a point or an exponent), text, bool, json, with - between; or
 * "empty".
 *
 * Returns the length; a NUL follows the text.
 */
COSEND_API size_t cosend_profile_print(const struct cosend_profile *profile,
                                       char text[COSEND_PROFILE_MAX]);

/* Write one down; add one that was saved: ask `from` whether it failed. */
COSEND_API void cosend_profile_save(const struct cosend_profile *profile,
                                    struct cosend_bytes *to);
COSEND_API void cosend_profile_merge(struct cosend_profile *profile,
                                     struct cosend_reader_bytes *from);

#ifdef __cplusplus
}
#endif

#endif
