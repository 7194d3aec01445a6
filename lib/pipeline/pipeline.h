/* SPDX-License-Identifier: MIT */
/* A pipeline, as the host program has it: its spec, and its run. */
#ifndef CSI_PIPELINE_H
#define CSI_PIPELINE_H

#include "run/run.h"

struct cosend_pipeline {
    struct cosend_options options;
    struct csi_plan *plan;       /* NULL: made call by call, and not complete */
    struct csi_text from, steps; /* of one that is made call by call */
    bool by_calls;
    struct cosend_io *io;
    struct csi_run *run; /* NULL before it is opened, or run */
    bool at_work;        /* a call that drives it has not returned */
    bool in_hook;        /* ... and is calling the ledger hook */
    bool stopped;        /* the host asked for the end of its input */
    bool finished;
    int outcome; /* when finished */
    void (*on_ledger)(struct cosend_pipeline *, void *);
    void *on_ledger_context;
};

/* Have a plan, if it was made call by call. COSEND_OK or an error. */
int csi_pipeline_complete(struct cosend_pipeline *pipeline,
                          struct cosend_error *error);

#endif
