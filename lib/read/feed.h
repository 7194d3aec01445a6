/* SPDX-License-Identifier: MIT */
/* A feed from inside: what feed.c and team.c share. */
#ifndef CSI_FEED_H
#define CSI_FEED_H

#include "run/run.h"

/*
 * How large a block is where no record is larger. Tests may make it smaller, so
 * that little input fills many; a program made with CSI_SIMD_FROM_ENV heeds the
 * variable COSEND_BLOCK.
 */
extern size_t csi_block_bytes;

/* What of the input is cut next. */
struct csi_cut {
    struct csi_block *block;
    const char *source; /* its name; outlives the run's rows */
    size_t from;        /* first byte of the block that is not cut yet */
    uint64_t offset;    /* of block->data[0] in the source */
    uint64_t line;      /* physical line of block->data[from], from 1 */
    uint64_t ordinal;   /* of a record at block->data[from] */
};

struct csi_feed {
    struct csi_stage *stage;
    struct csi_reader *reader;
    const struct cosend_format_options *options;
    const struct csi_format *format;
    struct csi_cut at;      /* where reading and cutting are */
    struct csi_rows *spare; /* recycled, for what is cut next; or NULL */
    size_t max_record;
    uint32_t threads;      /* that may cut this file */
    bool begun;            /* its first records are behind */
    struct csi_team *team; /* NULL before there was need of one */
};

/* Room to read into behind what is not cut yet, which may move to another
   block. NULL without memory. */
char *csi_cut_room(struct csi_cut *at, size_t *room);
/* length bytes were read into it. */
void csi_cut_filled(struct csi_cut *at, size_t length);

/* Cut what is in the block, and send it on; `final`: nothing follows in this
   file. COSEND_OK, COSEND_DONE, or an error. */
int csi_feed_cut(struct csi_feed *feed, bool final);

#endif
