/* SPDX-License-Identifier: MIT */
/* How many bytes are read at a time. */
#ifndef CSI_BLOCK_SIZE_H
#define CSI_BLOCK_SIZE_H

#include "format/format.h"

/*
 * Bytes of a block, unless a record is larger; of a format that is indexed it
 * is 3/8 of that, or up to 3/4 where a core's own cache is large. Tests may
 * make it smaller, so that little input fills many; a program made with
 * CSI_SIMD_FROM_ENV reads the variable COSEND_BLOCK.
 */
extern size_t csi_block_bytes;

/* Take what that variable says, if it is read. */
void csi_block_size_take(void);
/* For input of a format; and where caches are small. */
size_t csi_block_size(const struct csi_format *format);
size_t csi_block_least(const struct csi_format *format);

#endif
