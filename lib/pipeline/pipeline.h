/* SPDX-License-Identifier: MIT */
/* A pipeline, as the host program has it: its spec, and its run. */
#ifndef CSI_PIPELINE_H
#define CSI_PIPELINE_H

#include "run/run.h"

/* Bytes that were pushed, and wait in the source's block to be worth it. */
struct csi_gathered {
    char *to; /* NULL: no block is at hand, and the next three are 0 */
    size_t length, room;
    size_t enough;  /* with so many they go on */
    uint64_t total; /* bytes that were pushed, ever */
};

struct cosend_pipeline {
    struct cosend_options options;
    struct cosend_taker taker;
    struct csi_plan *plan; /* NULL: made call by call, and not complete */
    struct csi_text params, from, steps; /* of one that is made call by call */
    bool by_calls;
    bool lacks;                  /* what a call was to add, as refused says */
    struct cosend_error refused; /* the first of them, or what kept it from
                                    opening; all zero: nothing */
    struct cosend_io *io;
    struct csi_run *run;          /* NULL before it is opened, or run */
    const char *_Atomic driver;   /* the thread that drives it, see driver.c */
    bool in_hook;                 /* and is calling the ledger hook */
    bool freed;                   /* by a callback; it is still driven */
    bool stopped;                 /* the host asked for the end of its input */
    struct csi_gathered gathered; /* of one that is pushed into */
    bool between_files;           /* one was ended, and none begun */
    uint64_t files;               /* that were begun by name */
    uint64_t taken, done;         /* see struct cosend_position */
    bool finished;
    int outcome; /* when finished */
    void (*on_ledger)(struct cosend_pipeline *, void *);
    void *on_ledger_context;
};

/* Have a plan, if it was made call by call. COSEND_OK or an error. */
int csi_pipeline_complete(struct cosend_pipeline *pipeline,
                          struct cosend_error *error);
/* Why a call may not come that wants it open: what kept it from opening, if
   something did. */
int csi_pipeline_refuse_closed(const struct cosend_pipeline *pipeline,
                               struct cosend_error *error);
void csi_pipeline_release(struct cosend_pipeline *pipeline);

#endif
