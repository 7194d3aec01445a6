/* SPDX-License-Identifier: MIT */
/* A regular file's bytes where the system has them. */
#ifndef CSI_MAP_H
#define CSI_MAP_H

#include "io/input.h"

struct csi_map;

/*
 * The bytes of an input for which csi_input_is_seekable has said `size`, while
 * the process takes in what a file that is cut short does (cosend_map_files).
 *
 * Returns NULL where that is not so, or they cannot be mapped.
 */
struct csi_map *csi_map_new(const struct cosend_input *input, uint64_t size);
void csi_map_free(struct csi_map *map);

/* Of the input's first byte, and how many there are. They may change, and where
   the file was cut short they are zero then; never is there none. */
const char *csi_map_data(const struct csi_map *map, uint64_t *size);

/* Whether a byte was asked for that the file has not any more. */
bool csi_map_is_cut(const struct csi_map *map);

/* Nobody asks for these bytes again, nor for those before them: what they take
   of the process's memory is given back. */
void csi_map_leave(const struct csi_map *map, uint64_t from, uint64_t to);

#endif
