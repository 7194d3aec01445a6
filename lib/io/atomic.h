/* SPDX-License-Identifier: MIT */
/* An output file that appears whole. */
#ifndef CSI_ATOMIC_H
#define CSI_ATOMIC_H

#include "io/io.h"

struct csi_atomic {
    char *target;    /* the real file, links followed; NULL: none, or settled */
    char *temporary; /* beside it; NULL: none, or the target by now */
};

/*
 * Open a temporary file beside path's target, with the owner and mode of
 * `existing`, the target's status, or NULL where there is none yet.
 *
 * Returns a descriptor, or -1 with errno.
 */
int csi_atomic_open(const struct cosend_io *io, struct csi_atomic *atomic,
                    const char *path, const struct stat *existing);

/* Sync the temporary and close it. After an error it is removed. Returns 0, or
   -1 with errno. */
int csi_atomic_sync(const struct cosend_io *io, struct csi_atomic *atomic,
                    int fd);

/* What was synced becomes the target. After an error it is removed. Returns 0,
   or -1 with errno. */
int csi_atomic_publish(const struct cosend_io *io, struct csi_atomic *atomic);

/* Sync the folder of what was published. The same. */
int csi_atomic_sync_folder(const struct cosend_io *io,
                           struct csi_atomic *atomic);

/* Close it, and let it stay, without a sync, under the target's name with
   .partial behind it, which the caller frees. The same. */
int csi_atomic_keep(const struct cosend_io *io, struct csi_atomic *atomic,
                    int fd, char **name);

/* Remove the temporary, if there is one. errno is kept. */
void csi_atomic_abandon(const struct cosend_io *io, struct csi_atomic *atomic);

#endif
