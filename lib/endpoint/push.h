/* SPDX-License-Identifier: MIT */
/* The source of a pipeline that its host program pushes into. */
#ifndef CSI_PUSH_H
#define CSI_PUSH_H

#include "cosend/stage.h"

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

#endif
