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
    char last;     /* byte that was read; a newline before the first */
    uint64_t offset;
    /* The first bytes, as long as they may be compressed data's; those that are
       not are handed out next. */
    enum csi_packed packed;
    unsigned char held[CSI_MAGIC_MAX];
    size_t held_at, held_length;
    struct csi_unpack *unpack; /* NULL: bytes are as they are read */
    struct csi_follow *follow; /* NULL: read to its end */
};

#endif
