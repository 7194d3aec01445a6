/* SPDX-License-Identifier: MIT */
/* What one thread alone need not read of a file: lines that nobody gets. */
#ifndef CSI_SIFT_H
#define CSI_SIFT_H

#include "io/map.h"
#include "read/chunker.h"

/* Of one file. All zero at its start. */
struct csi_sift {
    struct csi_map *map;
    bool asked;              /* whether it can be mapped, or map is that */
    struct csi_block *block; /* for the lines that are not left out; or NULL */
    unsigned unsifted; /* so many blocks are read before it is tried again */
};

/* The file is over; the block stays for the next one. */
void csi_sift_end_file(struct csi_sift *sift);
void csi_sift_free(struct csi_sift *sift);

/*
 * Send on what lines of the next block's length may match the chunker's sieve,
 * from where the system has the file; the input is read behind them. *sifted is
 * false, and nothing is done, where the next block is to be read.
 *
 * Returns as csi_chunker_cut does.
 */
int csi_sift_next(struct csi_sift *sift, struct csi_chunker *chunker,
                  struct cosend_input *input, bool *sifted);

#endif
