/* SPDX-License-Identifier: MIT */
/*
 * A regular file in parts that several threads read at once: its extents.
 * Nothing here locks.
 */
#ifndef CSI_EXTENT_H
#define CSI_EXTENT_H

#include "format/format.h"
#include "io/input.h"
#include "read/chunker.h"

enum { CSI_EXTENT_STEPS = 16 };

/* One of them. Its records are those that start in [first, end). */
struct csi_extent {
    uint64_t first, end; /* in the source */
    bool exact;          /* at `first` a record starts; else, who knows */
    /* Read: its bytes and as many behind them as were needed; NULL without
       memory. */
    struct csi_block *block;
    uint64_t offset; /* of block->data[0] in the source */
    bool cut;        /* its records are; of the borders the last is known */
    /* One reading of them: places in block->data. */
    size_t start;                     /* where a record starts */
    unsigned known;                   /* how many of these are: */
    size_t border[CSI_EXTENT_STEPS];  /* the first one behind each part, */
    uint64_t lines[CSI_EXTENT_STEPS]; /* and the newlines up to there */
    enum csi_in_span last;            /* behind the last: csi_time_span_last, */
    int64_t last_time;                /* and its time */
};

/* All of a file, from some record on. */
struct csi_extents {
    struct cosend_input *input;      /* NULL: none is being read so */
    const struct csi_reader *reader; /* finds borders; cuts nothing */
    struct csi_cut at; /* where the records of the next one to be placed are */
    uint64_t next;     /* where the next one to be handed out begins */
    uint64_t size;     /* of the file */
    uint64_t bytes;    /* whose records were placed */
    bool over;         /* the rest is to be read in order */
};

/*
 * Begin to read a file so behind a cut, which is at the start of a record; what
 * is in its block comes again.
 *
 * Returns false where the input is none of which that can be done, or too
 * little is left.
 */
bool csi_extents_begin(struct csi_extents *all, struct cosend_input *input,
                       const struct csi_reader *reader,
                       const struct csi_cut *at);
/* Hand out the next one. False where there is none. */
bool csi_extents_hand_out(struct csi_extents *all, struct csi_extent *extent);
bool csi_extents_is_spent(const struct csi_extents *all);
/* Read it into `block`, which becomes its own, or a new one. A record is taken
   to start at its first line. */
void csi_extent_read(const struct csi_extents *all, struct csi_extent *extent,
                     struct csi_block *block);
/* Then find its borders; */
void csi_extent_find(const struct csi_extents *all, struct csi_extent *extent);
/* or cut its records, as if the first line end behind it were a border. False,
   with nothing done, where it is none. */
bool csi_extent_cut(struct csi_extent *extent, struct csi_reader *reader,
                    struct csi_ahead *ahead);
/* Whether its reading is right, now that all before it are placed. */
bool csi_extent_is_right(const struct csi_extents *all,
                         const struct csi_extent *extent);
/* Make it right. False where that cannot be: then the rest of the file is to be
   read in order. */
bool csi_extent_correct(const struct csi_extents *all,
                        struct csi_extent *extent);
/* How many line ends its records have, which is right where it is. */
uint64_t csi_extent_line_ends(const struct csi_extent *extent);
/* It is right: its records are those of the cut, whose block is the extent's
   now; NULL where it has none. */
void csi_extent_place(struct csi_extents *all, struct csi_extent *extent,
                      struct csi_cut *cut);
/* What follows is read in order, from the cut on. False where the input cannot
   be. */
bool csi_extents_end(struct csi_extents *all, struct csi_cut *cut);

#endif
