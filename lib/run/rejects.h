/* SPDX-License-Identifier: MIT */
/* Rejected records, in the order of the input. */
#ifndef CSI_REJECTS_H
#define CSI_REJECTS_H

#include "format/format.h"
#include "stage/stage.h"

/* A reject that waits for its block to be over. */
struct csi_reject {
    uint64_t ordinal;
    uint32_t step;
    uint32_t number;         /* in order of arrival */
    struct csi_text text;    /* a JSON line */
    struct csi_text summary; /* for people */
    struct csi_text pieces;  /* for the host program, which is told of `told` */
    struct cosend_reject told;
};

/* All zero is none. */
struct csi_reject_list {
    struct csi_reject *items;
    size_t count, capacity;
};

struct csi_rejects {
    struct csi_reject_list waiting;
    struct cosend_output *output; /* NULL: the first few become warnings */
    uint32_t warned;              /* how many did */
};

/* Whether one at that ordinal would be kept: without a file, only the first few
   are, and none where nobody is told of them. */
bool csi_rejects_want(const struct csi_rejects *rejects,
                      const struct csi_stage *stage, uint64_t ordinal);
/* Keep a rejected record until its block is over. False without memory. */
bool csi_rejects_keep(struct csi_rejects *rejects,
                      const struct csi_stage *stage,
                      const struct csi_bad_record *bad);
/* Open their output, if there is to be one. COSEND_OK, or an error, which is
   the run's. */
int csi_rejects_open(struct csi_rejects *rejects, struct csi_shared *shared);
/* The columns of the input are known, and the run goes on: empty the output of
   what an earlier run wrote. The same. */
int csi_rejects_begin(struct csi_rejects *rejects, struct csi_shared *shared);
/* A block is over: write its rejects in order. The same. */
int csi_rejects_flush(struct csi_rejects *rejects, struct csi_shared *shared);
/* The last block is over, too. The same. */
int csi_rejects_finish(struct csi_rejects *rejects, struct csi_shared *shared);
/* Append a list to another, which it leaves empty. False without memory. */
bool csi_rejects_move(struct csi_reject_list *to, struct csi_reject_list *from);
void csi_rejects_empty(struct csi_reject_list *list);
void csi_rejects_free(struct csi_rejects *rejects);

#endif
