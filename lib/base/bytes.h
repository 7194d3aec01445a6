/* SPDX-License-Identifier: MIT */
/* Bytes in the making, for those who put more than one thing at a time. */
#ifndef CSI_BASE_BYTES_H
#define CSI_BASE_BYTES_H

#include "cosend/bytes.h"

enum { CSI_VARINT_MAX = 10 };

/* Room for that many bytes at the end, which count as written; or NULL. */
unsigned char *csi_bytes_extend(struct cosend_bytes *to, size_t length);

/* Write a varint. Returns its end. */
unsigned char *csi_write_varint(unsigned char *place, uint64_t value);

#endif
