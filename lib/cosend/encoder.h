/* SPDX-License-Identifier: MIT */
/*
 * Records as bytes of a format: for a sink of one's own, which sends them
 * somewhere else than to a file, and for host programs that take batches.
 *
 *     static int take(const struct cosend_batch *batch, void *context)
 *     {
 *         struct own *own = context;
 *         struct cosend_error error = {0};
 *         uint32_t at = 0;
 *
 *         cosend_bytes_clear(&own->bytes);
 *         if (cosend_encode(own->encoder, batch, &at, &own->bytes, &error))
 *             return error.kind;
 *         return send_all(own, own->bytes.data, own->bytes.length);
 *     }
 */
#ifndef COSEND_ENCODER_H
#define COSEND_ENCODER_H

#include "cosend/bytes.h"
#include "cosend/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_encoder;

/*
 * An encoder for a format, as the writers of cosend have it: records that
 * nobody changed are copied as they were read, where that is the same format.
 * The options are copied, their strings borrowed as long as it lives. The
 * format must be named, and be none of template, whose fields are a step's.
 *
 * Returns NULL with COSEND_E_USAGE or COSEND_E_MEMORY in error. Free it with
 * cosend_encoder_free.
 */
COSEND_API struct cosend_encoder *
cosend_encoder_new(const struct cosend_format_options *options,
                   struct cosend_error *error);
/* NULL is fine. */
COSEND_API void cosend_encoder_free(struct cosend_encoder *encoder);

/*
 * Append the records of a batch, from position *at on, to bytes, with a header
 * before the first one, where the format has one; *at moves on. A table keeps
 * its rows until the end. All batches of an encoder are of one schema.
 *
 * Returns COSEND_OK; COSEND_E_DATA where the format cannot say what the record
 * at *at is, which was not appended: go on at *at + 1 without it; or
 * COSEND_E_MEMORY.
 */
COSEND_API int cosend_encode(struct cosend_encoder *encoder,
                             const struct cosend_batch *batch, uint32_t *at,
                             struct cosend_bytes *to,
                             struct cosend_error *error);

/*
 * No more records come: append what is due at the end, the rows of a table or
 * the bracket that closes an array, and the header where there was no record:
 * for that alone the schema is, which may be NULL otherwise. Nothing is encoded
 * afterwards. COSEND_OK or COSEND_E_MEMORY.
 */
COSEND_API int cosend_encoder_end(struct cosend_encoder *encoder,
                                  const struct cosend_schema *schema,
                                  struct cosend_bytes *to,
                                  struct cosend_error *error);

/* Records in which bytes that are no UTF-8, which the format cannot say, have
   U+FFFD in their place: the user must be told. */
COSEND_API uint64_t
cosend_encoder_replaced(const struct cosend_encoder *encoder);

#ifdef __cplusplus
}
#endif

#endif
