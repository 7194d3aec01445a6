/* SPDX-License-Identifier: MIT */
/* The source of a pipeline that its host program pushes into. */
#ifndef CSI_PUSH_H
#define CSI_PUSH_H

#include "stage/stage.h"

extern const struct cosend_filter csi_push_source;

/* What the host sends into it. */
struct csi_push {
    const char *data; /* bytes that are to be pushed, for csi_push_check; */
    size_t length;
    size_t filled; /* so many are in the room of stage->feed, at data; or: */
    const char *const *names; /* a record */
    const struct cosend_cell *cells;
    size_t count;
    bool flush;
    const char *file; /* another begins, of which so many bytes are left out */
    uint64_t offset;
    bool end; /* of the file at hand */
};

/*
 * Whether it can be pushed into that stage now: what cannot is the caller's
 * error, and the run goes on.
 *
 * Returns COSEND_OK; COSEND_E_USAGE, with the reason; COSEND_E_MEMORY.
 */
int csi_push_check(const struct csi_stage *stage, const struct csi_push *push,
                   struct cosend_error *error);

/* Whether a file can be pushed from that offset on: COSEND_OK, or
   COSEND_E_USAGE. */
int csi_push_check_offset(const struct csi_stage *stage, uint64_t offset,
                          struct cosend_error *error);

#endif
