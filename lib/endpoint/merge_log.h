/* SPDX-License-Identifier: MIT */
/* One of several logs that are merged: its records in the order of their times.
 */
#ifndef CSI_MERGE_LOG_H
#define CSI_MERGE_LOG_H

#include "endpoint/merge_time.h"
#include "io/input.h"
#include "stage/stored.h"

#include <sys/types.h>

/* A record that waits. */
struct csi_waiting {
    int64_t time;
    uint64_t number; /* in the order in which the file has it */
    struct cosend_batch *batch;
    uint32_t position;
};

struct csi_log {
    struct csi_logs *all;
    const char *path, *name;    /* name: for people */
    struct cosend_input *input; /* NULL: closed */
    struct csi_feed *feed;
    /* To open it again: where to read on, up to where, and what it was. */
    uint64_t offset, limit;
    dev_t device;
    ino_t inode;
    bool opened, can_close;
    bool begun; /* records have come */
    bool over;
    struct csi_waiting *heap; /* the first one is at 0 */
    size_t count, capacity;
    uint64_t read;            /* records, so far */
    int64_t last;             /* the time of the last that had one, */
    int64_t latest;           /* and the latest of all */
    bool late;                /* the last that had one came too late */
    struct csi_shapes shapes; /* of records that go on */
};

/* False, with the stage failed, without memory. */
bool csi_log_begin(struct csi_log *log);
/* Whether its first record is known: none that comes is before it. */
bool csi_log_is_settled(const struct csi_log *log);
/* Read on. COSEND_OK; COSEND_CLOSING when the source is to end; or an error. */
int csi_log_read(struct csi_log *log);
/* It is not read for a while: where too many would be open, close it. */
void csi_log_rest(struct csi_log *log);
/* Take its first record out; the batch's reference is the caller's. */
struct csi_waiting csi_log_take(struct csi_log *log);
/* Its members, not itself. */
void csi_log_end(struct csi_log *log);

#endif
