/* SPDX-License-Identifier: MIT */
/* Outputs of a run, whose fate is decided when it has ended. */
#ifndef CSI_OUTPUTS_H
#define CSI_OUTPUTS_H

#include "stage/stage.h"

/* An output, and the sink that writes to it. */
struct csi_output_at_end {
    struct cosend_output *output;
    struct csi_stage *stage;
    uint64_t bytes;  /* that are in the ledger */
    bool lost;       /* its sink was given up, and the run went on */
    bool is_further; /* another one of its sink tells what becomes of all */
    bool failed;     /* it could not be written, which was reported */
    bool replaced;   /* its path names the new file now */
};

struct csi_outputs {
    struct csi_output_at_end *items;
    size_t count, capacity;
    struct cosend_error lost;     /* a sink's error under on_error: skip */
    bool gone;                    /* the only sink's reader is gone */
    struct cosend_table *writers; /* of struct csi_stage *, by file; or NULL */
};

/* How the run ended. */
struct csi_outputs_end {
    bool interrupted; /* by a signal */
    bool incomplete;  /* not every input could be read */
};

/* A sink's output is settled with the others from now on. False, with the sink
   failed: where it is already; or, with the output freed, for a second one of a
   file that appears whole, or without memory. */
bool csi_outputs_add(struct csi_outputs *outputs, struct csi_stage *sink,
                     struct cosend_output *output);
/* A sink is given up under on_error: skip, or by a stop: what it wrote to files
   that are not in place does not appear. */
void csi_outputs_lose(struct csi_outputs *outputs, const struct csi_stage *sink,
                      int status, const struct cosend_error *error);
/* Which sink's output a path is, or will be once it is there; or NULL. */
const struct csi_stage *csi_outputs_writer(const struct csi_outputs *outputs,
                                           const char *path);
/* A sink's reader is gone; if it was the only sink, so is the run's point. */
void csi_outputs_gone(struct csi_outputs *outputs,
                      const struct csi_stage *sink);
/* Whether a sink's error ends its branch only, and the run at its end: where
   the sink says so, and where its reader was given up after a stop. */
bool csi_outputs_may_lose(const struct csi_stage *sink, int status);
/* The run has ended: what was written whole appears, and what was not does
   not. Errors are the sinks'. */
void csi_outputs_settle(struct csi_outputs *outputs,
                        const struct csi_outputs_end *end);
void csi_outputs_free(struct csi_outputs *outputs);

#endif
