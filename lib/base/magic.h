/* SPDX-License-Identifier: MIT */
/* Compressed data, known by its first bytes or by its file's name. */
#ifndef CSI_MAGIC_H
#define CSI_MAGIC_H

#include "cosend/base.h"

enum { CSI_MAGIC_MAX = 13 /* bytes that say what it is */ };

enum csi_packed {
    CSI_PACKED_UNKNOWN, /* more bytes are needed to say */
    CSI_PACKED_NOT,
    CSI_PACKED_GZIP,
    CSI_PACKED_ZSTD,
    CSI_PACKED_OTHERWISE /* in a way that is neither read nor written here */
};

/* What starts with these bytes, at least one. */
enum csi_packed csi_magic_of(const unsigned char *data, size_t length);

/* By which name it goes, "gzip", where it is compressed. */
const char *csi_magic_name(const unsigned char *data, size_t length);

/* What a file of this name is to be; never unknown. */
enum csi_packed csi_magic_by_path(const char *path);

/*
 * Say that the input `name`, which starts with these bytes, is not read as it
 * is, and by which command it would be: `what` says why.
 *
 * Returns COSEND_E_INPUT.
 */
int csi_magic_refuse(const unsigned char *data, size_t length, const char *name,
                     const char *why, struct cosend_error *error);

#endif
