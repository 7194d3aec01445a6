/* SPDX-License-Identifier: MIT */
/*
 * Records that were cut before it is known where they are in the input. Nothing
 * has been done with them, so that they can be forgotten. Nothing here locks.
 */
#ifndef CSI_AHEAD_H
#define CSI_AHEAD_H

#include "format/format.h"

/* How many times a block is cut, at most; and mostly. */
enum { CSI_AHEAD_MOST = 4, CSI_AHEAD_USUAL = 2 };

/* All of a stretch of a block. All zero is none. */
struct csi_ahead {
    /* Cut, as far as `count` says; the others, and those that were used, are
       memory for the next ones, or NULL. */
    struct csi_rows *rows[CSI_AHEAD_MOST];
    size_t consumed[CSI_AHEAD_MOST];
    unsigned count;
    unsigned next;                /* of them, to be used */
    uint64_t records, boundaries; /* of all, as the reader counted them */
};

/*
 * Cut a stretch of a block, from the start of a record on, if that is all that
 * it holds: whole records, with which nothing is wrong. *lines are the newlines
 * in it. Of the reader nothing changes.
 *
 * Returns false, with nothing cut, where it is not so, or there is no memory.
 */
bool csi_ahead_cut(struct csi_ahead *ahead, struct csi_reader *reader,
                   struct csi_block *block, size_t from, size_t end,
                   uint64_t *lines);

/* The next rows, and how many bytes they are; NULL behind the last. They stay
   where they are, until they are forgotten or settled. The reader that is said
   to have cut them counts them. */
struct csi_rows *csi_ahead_next(struct csi_ahead *ahead,
                                struct csi_reader *reader, size_t *consumed);

/* Whether these rows are of it. */
bool csi_ahead_has(const struct csi_ahead *ahead, const struct csi_rows *rows);

/* Forget what was cut; its memory is kept. */
void csi_ahead_forget(struct csi_ahead *ahead);

/* The same where what was cut has been used, for as much of it as nobody holds
   any more. */
void csi_ahead_settle(struct csi_ahead *ahead);

void csi_ahead_free(struct csi_ahead *ahead);

#endif
