/* SPDX-License-Identifier: MIT */
/* An output file that appears whole: what output.c and atomic.c share. */
#ifndef CSI_OUTPUT_H
#define CSI_OUTPUT_H

#include "io/io.h"

/* Both NULL: none, or it has been committed, kept or abandoned. */
struct csi_atomic {
    char *target;    /* the real file, links followed */
    char *temporary; /* beside it */
};

/*
 * Open a temporary file beside path's target, with the owner and mode of
 * `existing`, the target's status, or NULL where there is none yet.
 *
 * Returns a descriptor, or -1 with errno.
 */
int csi_atomic_open(const struct cosend_io *io, struct csi_atomic *atomic,
                    const char *path, const struct stat *existing);

/*
 * Sync the temporary, close it, and make it the target. fd is closed in every
 * case, and after an error before the rename the temporary is removed.
 *
 * Returns 0, or -1 with errno.
 */
int csi_atomic_commit(const struct cosend_io *io, struct csi_atomic *atomic,
                      int fd);

/* The same, without a sync, under the target's name with .partial behind it,
   which the caller frees. */
int csi_atomic_keep(const struct cosend_io *io, struct csi_atomic *atomic,
                    int fd, char **name);

/* Remove the temporary, if there is one. errno is kept. */
void csi_atomic_abandon(const struct cosend_io *io, struct csi_atomic *atomic);

#endif
