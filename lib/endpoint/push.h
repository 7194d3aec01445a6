/* SPDX-License-Identifier: MIT */
/* The source of a pipeline that its host program pushes into. */
#ifndef CSI_PUSH_H
#define CSI_PUSH_H

#include "stage/stage.h"

extern const struct cosend_filter csi_push_source;

/* What the host sends into it. */
struct csi_push {
    const char *data; /* bytes, or: */
    size_t length;
    const char *const *names; /* a record */
    const struct cosend_cell *cells;
    size_t count;
    bool flush;
};

/*
 * Whether it can be pushed into that stage now: what cannot is the caller's
 * error, and the run goes on.
 *
 * Returns COSEND_OK; COSEND_E_USAGE, with the reason; COSEND_E_MEMORY.
 */
int csi_push_check(const struct csi_stage *stage, const struct csi_push *push,
                   struct cosend_error *error);

#endif
