/* SPDX-License-Identifier: MIT */
/* The parts that a written time is put together from. */
#ifndef CSI_TIME_PARTS_H
#define CSI_TIME_PARTS_H

#include "cosend/time.h"

/*
 * What a text says of a time. All zero, it says nothing: midnight of a day that
 * is to be found out.
 */
struct csi_time_parts {
    int32_t year, month, day, yearday; /* 0: not written, but for a year of
                                          has_year */
    int32_t hour, minute, second, nanosecond;
    int32_t offset;
    int64_t epoch; /* seconds since 1970; nanosecond is to be added */
    bool has_year, has_offset, has_epoch;
    const char *letters; /* of a zone, which tell its offset; NULL: none, or
                            those of UTC */
    size_t letters_length;
};

/*
 * The time that the parts are, with what they leave open from a context.
 *
 * Returns false, with *time as it was, where there is no such time or it is out
 * of range.
 */
bool csi_time_join(const struct csi_time_parts *parts,
                   const struct cosend_time_context *context,
                   struct cosend_time *time);

#endif
