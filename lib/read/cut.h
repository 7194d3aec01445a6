/* SPDX-License-Identifier: MIT */
#ifndef CSI_CUT_H
#define CSI_CUT_H

#include "record/rows.h"
#include "record/time_span.h"

/* What of the input is cut next. */
struct csi_cut {
    struct csi_block *block;
    const char *source; /* its name; outlives the run's rows */
    size_t from;        /* first byte of the block that is not cut yet */
    uint64_t offset;    /* of block->data[0] in the source */
    uint64_t line;      /* physical line of block->data[from], from 1; 0: not
                           known */
    uint64_t ordinal;   /* of a record at block->data[from] */
    const struct csi_time_span *span; /* of which lines are wanted; NULL: all */
    bool out; /* those without a time are not, up to the next that has one */
    int64_t last;  /* the time of the last that had one; INT64_MIN: none had */
    uint64_t skip; /* so many records are not wanted, and then all others are */
    size_t block_bytes; /* how large a block is */
};

/* Room to read into behind what is not cut yet, which may move to another
   block. NULL without memory. */
char *csi_cut_room(struct csi_cut *at, size_t *room);
/* length bytes were read into it. */
void csi_cut_filled(struct csi_cut *at, size_t length);

#endif
