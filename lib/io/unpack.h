/* SPDX-License-Identifier: MIT */
/*
 * Compressed input: gzip (RFC 1952) by zlib, zstd (RFC 8878) by libzstd. What
 * it is, its first bytes say; all its members, or frames, are one input.
 */
#ifndef CSI_UNPACK_H
#define CSI_UNPACK_H

#include "base/magic.h"

enum { CSI_UNPACK_ROOM = 64 * 1024 /* for compressed bytes */ };

struct csi_unpack;

/* kind is gzip or zstd; name is the input's, and outlives it. NULL with
   COSEND_E_MEMORY in error. */
struct csi_unpack *csi_unpack_new(enum csi_packed kind, const char *name,
                                  struct cosend_error *error);
void csi_unpack_free(struct csi_unpack *unpack);

/*
 * Room for compressed bytes, once all that were there are used up; until then
 * *room is 0. The caller reads into it, and says with csi_unpack_fed how many
 * bytes came: 0 at the end.
 */
void *csi_unpack_room(struct csi_unpack *unpack, size_t *room);
void csi_unpack_fed(struct csi_unpack *unpack, size_t length);

/* Whether more can be made without feeding it, be it only the end. */
bool csi_unpack_pending(const struct csi_unpack *unpack);

/*
 * Unpack some bytes.
 *
 * Returns COSEND_OK with *length > 0; COSEND_OK with *length 0 where it needs
 * more compressed bytes; COSEND_DONE at the end; COSEND_E_INPUT where the input
 * is damaged, ends too early, goes on with something else, or grows beyond all
 * reason; COSEND_E_MEMORY.
 */
int csi_unpack_read(struct csi_unpack *unpack, void *buffer, size_t capacity,
                    size_t *length, struct cosend_error *error);

#endif
