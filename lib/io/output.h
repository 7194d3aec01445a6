/* SPDX-License-Identifier: MIT */
/*
 * An output from inside: what output.c, output_open.c and output_end.c share.
 */
#ifndef CSI_OUTPUT_H
#define CSI_OUTPUT_H

#include "io/append.h"
#include "io/atomic.h"
#include "io/pack.h"

enum {
    CSI_OUTPUT_BUFFER = 1 << 16,
    CSI_OUTPUT_PATIENCE = 100 /* milliseconds between looks at wakes */
};

struct cosend_output {
    struct cosend_io *io;
    char *name;
    int fd; /* -1 once it is closed */
    bool owned;
    bool regular;
    bool tty;
    bool created; /* there was no such file before */
    bool begun;   /* what the file held has been dealt with */
    bool stale;   /* it holds what the first write is to empty */
    bool nul;     /* what is written ends in NUL, not in lines */
    int status;   /* the answer of every call from now on */
    struct cosend_error error;
    struct csi_atomic atomic;
    struct csi_append append; /* what was there, if it is appended to */
    enum csi_packed packs;    /* how they are compressed */
    struct csi_pack *pack;    /* NULL: they are not, or nothing is as yet */
    char *packed;             /* room for what it makes */
    bool keeps;               /* it keeps back some that no flush let out */
    bool parked;              /* closed between two of its writes */
    bool together;            /* synced with others */
    bool left;                /* to a run, which frees it */
    uint64_t bytes;
    uint64_t sync_begun; /* of the first so many of these */
    size_t used;
    char *buffer; /* CSI_OUTPUT_BUFFER bytes; NULL while it is parked */
};

/* The answer of every call after the first that was not COSEND_OK. */
int csi_output_settled(const struct cosend_output *output,
                       struct cosend_error *error);

/* An atomic file is synced in the end: have the disk begin before that. */
void csi_output_sync_soon(struct cosend_output *output);

/* What errno says becomes the answer. */
int csi_output_fail(struct cosend_output *output, struct cosend_error *error);

/*
 * Close a file between two of its writes, with all that was written in it, so
 * that a run can have more of them than descriptors. The next write, or the
 * commit, opens it again by its name, at its end; what is compressed goes on as
 * another member, or frame.
 *
 * Returns as write does.
 */
int csi_output_park(struct cosend_output *output, struct cosend_error *error);
/* Open it again, unless it is not parked. Answers as write does. */
int csi_output_wake(struct cosend_output *output, struct cosend_error *error);

/*
 * Of many outputs in a place it is too slow to sync each of them, and their
 * folders: prepare and settle then leave it to csi_output_sync_together, which
 * syncs all of the file system that an output is in, once for all of them.
 */
void csi_output_leave_sync(struct cosend_output *output);
/* Returns as write does. */
int csi_output_sync_together(struct cosend_output *output,
                             struct cosend_error *error);

/* Have what compresses, if anything does. False without memory. */
bool csi_output_pack(struct cosend_output *output);

/* Write what is buffered, as far as `until` says where it is compressed. */
int csi_output_empty(struct cosend_output *output, enum csi_pack_until until,
                     struct cosend_error *error);

/* A terminal's columns and rows, 3 at least; 80 and 24 where it does not say.
 */
void csi_output_size(const struct cosend_output *output, unsigned *columns,
                     unsigned *rows);

#endif
