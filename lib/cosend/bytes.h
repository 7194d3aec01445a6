/* SPDX-License-Identifier: MIT */
/*
 * States as bytes: what a filter's save writes and its merge reads.
 *
 * The bytes are the same on every machine and mean the same at any address.
 * Failure is remembered: write or read all there is, and ask once, at the end.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_BYTES_H
#define COSEND_BYTES_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bytes that grow. All zero is an empty one. Without memory `failed` is set,
 * and whatever is put from then on is dropped.
 */
struct cosend_bytes {
    unsigned char *data;
    size_t length;
    size_t capacity;
    bool failed;
};

/* Release the memory; *bytes is empty again. */
COSEND_API void cosend_bytes_free(struct cosend_bytes *bytes);

/* Empty it, as if nothing had failed, and keep the memory. */
COSEND_API void cosend_bytes_clear(struct cosend_bytes *bytes);

COSEND_API void cosend_put_u8(struct cosend_bytes *to, uint8_t value);

/* Eight bytes, the least significant first. */
COSEND_API void cosend_put_u64(struct cosend_bytes *to, uint64_t value);

/* One byte for every seven bits of the value: for what is mostly small. */
COSEND_API void cosend_put_varint(struct cosend_bytes *to, uint64_t value);

/* The double, to the bit. */
COSEND_API void cosend_put_double(struct cosend_bytes *to, double value);

/* The length, then the bytes. */
COSEND_API void cosend_put_bytes(struct cosend_bytes *to, const void *data,
                                 size_t length);

/* The bytes alone: for text that grows. */
COSEND_API void cosend_put_raw(struct cosend_bytes *to, const void *data,
                               size_t length);

/*
 * Bytes that are read. What is not there, or makes no sense, sets `failed`,
 * and all that is asked from then on is 0 or NULL. So a loop over a count that
 * was read ends when `failed` is set.
 */
struct cosend_reader_bytes {
    const unsigned char *next;
    const unsigned char *end;
    bool failed;
};

/* Start to read bytes that the caller keeps where they are. */
COSEND_API struct cosend_reader_bytes cosend_read_bytes(const void *data,
                                                        size_t length);

COSEND_API uint8_t cosend_get_u8(struct cosend_reader_bytes *from);
COSEND_API uint64_t cosend_get_u64(struct cosend_reader_bytes *from);
COSEND_API uint64_t cosend_get_varint(struct cosend_reader_bytes *from);
COSEND_API double cosend_get_double(struct cosend_reader_bytes *from);

/* What cosend_put_bytes put: a place in the bytes being read, which is not
   terminated by a NUL, or NULL. */
COSEND_API const char *cosend_get_bytes(struct cosend_reader_bytes *from,
                                        size_t *length);

#ifdef __cplusplus
}
#endif

#endif
