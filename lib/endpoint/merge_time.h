/* SPDX-License-Identifier: MIT */
/* By which time a record is merged. */
#ifndef CSI_MERGE_TIME_H
#define CSI_MERGE_TIME_H

#include "cosend/endpoint.h"
#include "read/feed.h"

/* What all logs of a merge share. */
struct csi_logs {
    struct csi_stage *stage;
    const struct cosend_merge_options *options;
    const struct csi_format *format;
    struct csi_time_span span; /* of lines of text */
    bool of_lines;             /* these have the times; else a field does */
    bool bisects;              /* to find the span */
    bool crowded;              /* they are more than may be open */
    size_t piece;              /* bytes that are read of one at a time */
};

enum csi_merge_time {
    CSI_MERGE_TIME,
    CSI_MERGE_AS_BEFORE, /* a line without one: that of the line before it */
    CSI_MERGE_BAD,       /* the record is */
    CSI_MERGE_FAILS      /* the stage has failed */
};

/* What a bad record is told with. */
struct csi_merge_fault {
    const char *kind;
    char reason[512];
};

/* The time of a record in a batch that the feed of a log has cut. */
enum csi_merge_time csi_merge_time(const struct csi_logs *all,
                                   const struct csi_feed *feed,
                                   const struct cosend_batch *batch,
                                   uint32_t position, int64_t *nanoseconds,
                                   struct csi_merge_fault *fault);

#endif
