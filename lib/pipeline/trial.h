/* SPDX-License-Identifier: MIT */
/* One run of a step that is being checked, and what came of it. */
#ifndef CSI_TRIAL_H
#define CSI_TRIAL_H

#include "cosend/bytes.h"
#include "cosend/pipeline.h"
#include "pipeline/trial_input.h"

/* How the step runs. All zero but the first two: pushed in one piece. */
struct csi_trial {
    const char *spec;
    const struct csi_trial_input *input;
    size_t first, count; /* its records; count 0 is none */
    const char *path;    /* a file with them, which is run over; or NULL */
    uint32_t batch_size; /* 0: the default */
    uint32_t threads;    /* with path */
    size_t block_bytes;  /* of the blocks that it is read in; 0: as usual */
    size_t piece;        /* bytes of a push; 0: all */
    bool flush;          /* after each piece */
    bool look;           /* save the state after each piece, for nothing */
    int on_error;        /* enum cosend_on_error */
    size_t enough;       /* no more records are taken; 0: all are */
    bool later;          /* its records are behind another run's */
    /* States that are merged before anything is pushed, in order; and where the
       state is saved before the end. */
    const struct cosend_bytes *merged;
    size_t merged_count;
    struct cosend_bytes *saved;
    void (*made)(void); /* called once the pipeline is made; or NULL */
};

/* What came of it. */
struct csi_trial_result {
    struct cosend_bytes text; /* the records, as JSON with \xNN, without ends */
    size_t *ends;
    size_t count, capacity;
    struct cosend_bytes values;  /* what the step returned, the same way */
    struct cosend_bytes rejects; /* a line each: kind, reason, bytes */
    size_t enough;
    struct cosend_error error;   /* the first one of open, push and finish */
    struct cosend_ledger ledger; /* the step's; of its strings no use is made */
    enum cosend_parallel parallel; /* as its body said */
    int on_error;                  /* enum csi_on_error of the step */
    bool opened;                   /* the pipeline could be made, and opened */
    bool published;                /* a state, before its end */
    bool balanced;
    bool changed;     /* bytes of its options, after their check */
    bool ended_early; /* it had enough */
    int saved;        /* what save answered last */
    size_t forgotten; /* kept, and not released by the end; */
    size_t lost;      /* ... of these: nor emitted */
    size_t refused;   /* emitted though nobody wanted more */
};

/* Run it. What went wrong is in result->error. csi_trial_result_free is due. */
void csi_trial_run(const struct csi_trial *trial,
                   struct csi_trial_result *result);

void csi_trial_result_free(struct csi_trial_result *result);

/* Whether both runs gave the same; else *at is the first record that differs,
   or, where none does, SIZE_MAX. */
bool csi_trial_same(const struct csi_trial_result *a,
                    const struct csi_trial_result *b, size_t *at);

#endif
