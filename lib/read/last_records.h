/* SPDX-License-Identifier: MIT */
/* Where the last records of a followed file begin. */
#ifndef CSI_LAST_RECORDS_H
#define CSI_LAST_RECORDS_H

#include "io/input.h"
#include "read/chunker.h"

/* Places in a file, from its start. */
struct csi_last_records {
    uint64_t first; /* where its first record begins: behind a BOM, a header */
    uint64_t at; /* where the last ones do; that, too, where it has no more */
};

/*
 * Find the last `count` whole records of a followed file. `like` is the chunker
 * that is to read it, and may know the columns of another file.
 *
 * Returns COSEND_OK; COSEND_DONE where it is to be read from its start: there
 * is no file, or what is at its start or how it is written does not allow to
 * look for records in it; or COSEND_E_MEMORY.
 */
int csi_find_last_records(const struct csi_chunker *like,
                          const struct cosend_input *input, uint64_t count,
                          struct csi_last_records *found);

#endif
