/* SPDX-License-Identifier: MIT */
/* Cells made what they are to be: whole numbers, numbers, truth, text,
   times. What convert does, and parse with types. Its struct is stamped
   (cosend/version.h). */
#ifndef COSEND_CONVERSION_H
#define COSEND_CONVERSION_H

#include "cosend/bytes.h"
#include "cosend/record.h"
#include "cosend/time.h"

#ifdef __cplusplus
extern "C" {
#endif

enum cosend_conversion_type {
    COSEND_TO_INT,   /* a number of any size, without a fraction: 007 is 7 */
    COSEND_TO_FLOAT, /* the nearest double: 1e3 is 1000 */
    COSEND_TO_BOOL,  /* of true, yes, on, t, y, 1 or their contraries */
    COSEND_TO_STRING,
    COSEND_TO_DATE /* RFC 3339, in the zone that it was written in */
};

/* What they are called, in their order, then NULL: choices for an option. */
COSEND_API extern const char *const cosend_conversion_types[];

/* How numbers and times are written. All zero: as cosend writes numbers, times
   in one of the usual ways, in UTC where they have no zone. */
struct cosend_conversion {
    char decimal; /* what stands before a fraction; 0: a point */
    char group;   /* what stands between groups of three digits; 0: nothing */
    const struct cosend_time_format *format; /* of times; or NULL */
    const struct cosend_zone *zone;          /* or NULL */
};

/*
 * Make a cell what it is to be. A cell that is absent or null stays so, and one
 * of no bytes becomes null, but for STRING.
 *
 * Returns the cell, whose bytes may be those of `text`, which are cleared
 * before. Where it cannot become that *why is what follows it in a message, as
 * in "seven" is not a number; else NULL. Without memory text->failed is set.
 */
COSEND_API struct cosend_cell
cosend_convert(const struct cosend_conversion *how,
               enum cosend_conversion_type type, struct cosend_cell cell,
               struct cosend_bytes *text, const char **why);

/* The kind of record, for cosend_bad, that has a cell which cannot become that:
   not_an_int, not_a_number, not_a_bool, not_a_time. */
COSEND_API const char *
cosend_conversion_fault(enum cosend_conversion_type type);

#ifdef __cplusplus
}
#endif

#endif
