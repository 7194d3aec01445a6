/* SPDX-License-Identifier: MIT */
/*
 * The turn to read, which one thread has at a time: it reads a block and cuts
 * it off behind the last whole record, as a chunk. The bytes behind that, the
 * start of a record, are copied to the block of the next turn. Nothing here
 * locks.
 */
#ifndef CSI_TURN_H
#define CSI_TURN_H

#include "read/chunk.h"

struct csi_turn {
    struct cosend_input *input; /* NULL between two drains */
    struct csi_reader *reader;  /* finds borders; cuts nothing */
    struct csi_cut at;
    uint64_t bytes; /* read, and not counted yet */
    int read;       /* what cosend_input_read said last */
    struct cosend_error error;
};

/*
 * Read a chunk. *over: what there is at once has been read, or the rest is for
 * one thread alone; turn->read says which.
 *
 * Returns false where no record is whole.
 */
bool csi_turn_read(struct csi_turn *turn, struct csi_chunk *chunk, bool *over);

#endif
