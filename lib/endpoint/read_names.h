/* SPDX-License-Identifier: MIT */
/* What a source reads, and what as. */
#ifndef CSI_READ_NAMES_H
#define CSI_READ_NAMES_H

#include "cosend/endpoint.h"
#include "format/format.h"
#include "stage/stage.h"

struct csi_read_names {
    const char **paths; /* the stage's */
    size_t count;
    const struct csi_format *format;
};

/*
 * Find a source's own paths, or the run's, or standard input, and the format
 * that all of them have.
 *
 * Returns COSEND_OK; or an error, with the stage failed.
 */
int csi_read_begin(struct csi_stage *stage,
                   const struct cosend_read_options *options,
                   struct csi_read_names *names);

/* As messages name a path. */
const char *csi_read_name(const char *path);

#endif
