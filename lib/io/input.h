/* SPDX-License-Identifier: MIT */
/* An input's inside: what input.c and follow.c share. */
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
    bool ended;
    uint64_t offset;
    /* The first bytes, as long as they may be compressed data's; those that are
       not are handed out next. */
    enum csi_packed packed;
    unsigned char held[CSI_MAGIC_MAX];
    size_t held_at, held_length;
    struct csi_unpack *unpack; /* NULL: bytes are as they are read */
    struct csi_follow *follow; /* NULL: read to its end */
};

/*
 * Go on by name from fd, which is handed over: a regular file, or -1 for one
 * that is not there yet. flags as in cosend_input_open.
 *
 * Returns COSEND_OK, COSEND_E_INPUT or COSEND_E_MEMORY.
 */
int csi_follow_start(struct cosend_input *input, int fd, unsigned flags,
                     struct cosend_error *error);

/* What the functions of the same names in cosend/io.h do. */
int csi_follow_read(struct cosend_input *input, void *buffer, size_t capacity,
                    size_t *length, struct cosend_error *error);
bool csi_follow_ready(struct cosend_input *input);
void csi_follow_free(struct cosend_input *input);

#endif
