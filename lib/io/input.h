/* SPDX-License-Identifier: MIT */
/* An input from inside: what input.c and follow.c share. */
#ifndef CSI_INPUT_H
#define CSI_INPUT_H

#include "io/io.h"
#include "io/unpack.h"

struct csi_follow;

struct cosend_input {
    struct cosend_io *io;
    char *name;
    int fd; /* -1 where follow has it */
    bool owned;
    bool regular;
    bool fifo;
    bool ended;
    bool reopens;  /* a followed FIFO: writers come and go */
    bool reported; /* that the last writer has gone */
    char last;     /* byte that was read; a line end before the first */
    char end;      /* what lines end in */
    uint64_t offset;
    uint64_t limit; /* it ends there, if not before */
    off_t origin;   /* where it begins in its file; for csi_input_read_at */
    /* The first bytes, as long as they may be compressed data's; those that are
       not are handed out next. */
    enum csi_packed packed;
    unsigned char held[CSI_MAGIC_MAX];
    size_t held_at, held_length;
    struct csi_unpack *unpack; /* NULL: bytes are as they are read */
    struct csi_follow *follow; /* NULL: read to its end */
};

/*
 * Whether what follows may be read from any place, by several threads: the
 * bytes of a regular file, as they are. *size: how many those from the input's
 * start on are now.
 */
bool csi_input_is_seekable(struct cosend_input *input, uint64_t *size);
/*
 * Of such an input, capacity bytes from that offset on, wherever it is read
 * otherwise. May be called by several threads at once.
 *
 * Returns how many there are: fewer at the end of the file, and where it cannot
 * be read any further, which reading it in order will tell.
 */
size_t csi_input_read_at(const struct cosend_input *input, uint64_t offset,
                         void *buffer, size_t capacity);
/* What is read next is from that offset on, behind a line end. False where that
   cannot be. */
bool csi_input_seek(struct cosend_input *input, uint64_t offset);
/* It ends at that offset, behind a line end, if not before. */
void csi_input_end_at(struct cosend_input *input, uint64_t offset);
/* Before the first byte: lines end in this one, and not in LF. */
void csi_input_lines_end_in(struct cosend_input *input, char byte);

#endif
