/* SPDX-License-Identifier: MIT */
/* A file that is read as it grows, by its name. */
#ifndef CSI_FOLLOW_H
#define CSI_FOLLOW_H

#include "io/input.h"

/* A flag beside those of cosend_input_open: fd is all that is known. */
enum { CSI_FOLLOW_NAMELESS = 1 << 16 };

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

/*
 * Before its first read: how many bytes its file has, 0 where there is none;
 * some of them, fewer where there are no more or they
 * cannot be read; and to go on behind the first `offset` of them, COSEND_OK or
 * COSEND_E_INPUT.
 */
uint64_t csi_follow_size(const struct cosend_input *input);
size_t csi_follow_read_at(const struct cosend_input *input, uint64_t offset,
                          void *buffer, size_t capacity);
int csi_follow_seek(struct cosend_input *input, uint64_t offset,
                    struct cosend_error *error);

#endif
