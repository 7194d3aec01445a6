/* SPDX-License-Identifier: MIT */
/* Compressed output: gzip by zlib, zstd by libzstd. One member, or frame. */
#ifndef CSI_PACK_H
#define CSI_PACK_H

#include "base/magic.h"

struct csi_pack;

/* kind is gzip or zstd. NULL without memory. */
struct csi_pack *csi_pack_new(enum csi_packed kind);
void csi_pack_free(struct csi_pack *pack);

enum csi_pack_until {
    CSI_PACK_GO_ON, /* more comes: keep back what packs better with it */
    CSI_PACK_FLUSH, /* whoever reads now is to get all that came so far */
    CSI_PACK_END    /* nothing comes */
};

/*
 * Compress from *data, which moves on by what was used of *length, into at most
 * capacity bytes; *made says how many. Again, with what is left, until it says
 * that all is out.
 *
 * Returns 1 where more is to be had; 0 where all is out; -1 without memory.
 */
int csi_pack_some(struct csi_pack *pack, const char **data, size_t *length,
                  enum csi_pack_until until, void *to, size_t capacity,
                  size_t *made);

#endif
