/* SPDX-License-Identifier: MIT */
/* What a file holds that is to be appended to. */
#ifndef CSI_APPEND_H
#define CSI_APPEND_H

#include "io/io.h"
#include "base/magic.h"

struct csi_append {
    bool any;    /* it holds bytes */
    bool looked; /* and the last of them is known: */
    char last;
    char *start; /* the first of them; NULL: they may not be read */
    size_t length, capacity;
};

/* So many of them, and more where they do not hold a whole line. */
enum { CSI_APPEND_START = 64 * 1024, CSI_APPEND_MOST = 16 * 1024 * 1024 };

/*
 * Look into a regular file of that status. What is compressed is unpacked, as
 * `kind` says, because that alone tells how it ends.
 *
 * Returns COSEND_OK; COSEND_E_OUTPUT where it is damaged, cut short, or holds
 * no such data; COSEND_E_MEMORY. csi_append_free is due after each.
 */
int csi_append_look(struct cosend_io *io, const char *path,
                    const struct stat *status, enum csi_packed kind,
                    struct csi_append *append, struct cosend_error *error);
void csi_append_free(struct csi_append *append);

#endif
