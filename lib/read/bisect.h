/* SPDX-License-Identifier: MIT */
/*
 * Which part of a log is of a span of time, found without reading the rest.
 */
#ifndef CSI_BISECT_H
#define CSI_BISECT_H

#include "io/input.h"
#include "record/time_span.h"

/* Two hours, in nanoseconds: for csi_bisect. */
#define CSI_BISECT_SLACK (INT64_C(2) * 3600 * 1000000000)

struct csi_part {
    uint64_t from, to; /* offsets: at the start of a line; behind the last */
    uint64_t read;     /* how many bytes it took */
    bool ascends;      /* its times do; else all is to be read */
};

/*
 * Find the part of an input that csi_input_is_seekable, of `size` bytes, from
 * an offset on at which a line starts. No line outside is of the span, as long
 * as no time is more than CSI_BISECT_SLACK behind one before it; where samples
 * tell that there are such, the part is all.
 *
 * Returns false without memory.
 */
bool csi_bisect(const struct cosend_input *input,
                const struct csi_time_span *span, uint64_t start, uint64_t size,
                struct csi_part *part);

#endif
