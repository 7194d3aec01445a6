/* SPDX-License-Identifier: MIT */
/*
 * From bytes to batches, in one thread: the block that is being filled, and the
 * reader that cuts records from it.
 */
#ifndef CSI_CHUNKER_H
#define CSI_CHUNKER_H

#include "format/format.h"
#include "read/ahead.h"
#include "read/block_size.h"
#include "record/time_span.h"
#include "stage/stage.h"

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

struct csi_chunker {
    struct csi_stage *stage; /* the source, whose records they are */
    struct csi_reader *reader;
    const struct cosend_format_options *options;
    const struct csi_format *format;
    struct csi_cut at;
    struct csi_rows *spare; /* recycled, for what is cut next; or NULL */
    /* Where rows go that others still hold when they are cut; or NULL. */
    struct csi_rows **aside;
    struct csi_ahead
        *ahead; /* what is cut already of what comes next; or NULL */
    /* Where batches go instead of the stage's targets; NULL: to these. */
    int (*divert)(void *context, struct cosend_batch *batch);
    void *divert_context;
    uint8_t *wanted; /* by row of what is cut: whether it is of the span */
    size_t wanted_capacity;
    size_t max_record;
    bool skips;      /* of what is cut some records are not wanted */
    bool whole_only; /* no border can be found in what comes next */
};

/* NULL, with the stage failed. */
struct csi_chunker *csi_chunker_new(struct csi_stage *stage,
                                    const struct cosend_format_options *options,
                                    const struct csi_format *format);
void csi_chunker_free(struct csi_chunker *chunker);
/* What comes now is of this file, from that offset on. name outlives the run's
   rows. */
void csi_chunker_file(struct csi_chunker *chunker, const char *name,
                      uint64_t offset);
/* What comes now is from another place on in the same file, where a record
   begins; what is in the block is forgotten. Which line that is is not known.
 */
void csi_chunker_skip_to(struct csi_chunker *chunker, uint64_t offset);
/* Cut what is in the block, and send it on; `final`: nothing follows in this
   file. COSEND_OK, COSEND_DONE, or an error. */
int csi_chunker_cut(struct csi_chunker *chunker, bool final);

/* Room to read into behind what is not cut yet, which may move to another
   block. NULL without memory. */
char *csi_cut_room(struct csi_cut *at, size_t *room);
/* length bytes were read into it. */
void csi_cut_filled(struct csi_cut *at, size_t length);

#endif
