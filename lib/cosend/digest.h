/* SPDX-License-Identifier: MIT */
/*
 * Digests: a few bytes in the place of a text, the same for the same text. With
 * a key that nobody else has they say nothing of a text that others could try.
 *
 *     struct cosend_digest digest;
 *     char text[COSEND_DIGEST_MAX];
 *
 *     if (cosend_digest_init(&digest, COSEND_DIGEST_SHA256, key, key_length,
 *                            error) == COSEND_OK)
 *         cosend_digest_text(&digest, name, name_length, COSEND_DIGEST_HEX,
 *                            text);
 *
 * Its struct is stamped (cosend/version.h).
 */
#ifndef COSEND_DIGEST_H
#define COSEND_DIGEST_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum cosend_digest_algorithm {
    COSEND_DIGEST_SHA256,  /* FIPS 180-4; with a key HMAC, as RFC 2104 has it */
    COSEND_DIGEST_SHA512,  /* the same, */
    COSEND_DIGEST_SHA1,    /* the same, */
    COSEND_DIGEST_MD5,     /* and RFC 1321 */
    COSEND_DIGEST_SIPHASH, /* SipHash-2-4 of 64 bits (Aumasson and Bernstein
                              2012); with a key, always */
    COSEND_DIGEST_XXH3     /* of 64 bits; without a key, always */
};

enum cosend_digest_encoding {
    COSEND_DIGEST_HEX,   /* two small digits a byte */
    COSEND_DIGEST_BASE64 /* RFC 4648, padded */
};

/* Their names, in their order, then NULL: choices for options that are stored
   as enums of above. */
COSEND_API extern const char *const cosend_digest_algorithms[];
COSEND_API extern const char *const cosend_digest_encodings[];

/* A buffer of this size holds any digest, and its NUL. */
#define COSEND_DIGEST_MAX 129

/* How digests are made. The caller's, and constant once it is made, for any
   number of threads; it holds no memory. Its members are private. */
struct cosend_digest {
    int algorithm;
    bool keyed;
    uint64_t state[2][32];
};

/*
 * Make it, by an algorithm, and a key of any length, but for SipHash of 16
 * bytes; of no bytes it is none. SHA and MD5 are libmd's, which is looked for.
 *
 * Returns COSEND_OK; COSEND_E_USAGE for what is no algorithm, or one that
 * cannot do with that key; or COSEND_E_LIMIT where this machine has no libmd.
 */
COSEND_API int cosend_digest_init(struct cosend_digest *digest, int algorithm,
                                  const void *key, size_t key_length,
                                  struct cosend_error *error);

/*
 * Write the digest of a text, and a NUL. Bytes are in the order in which the
 * standards have them, SipHash's 64 bits with the least significant byte first,
 * XXH3's with the most significant one, as `openssl mac` and `xxhsum` do.
 *
 * Returns the length.
 */
COSEND_API size_t cosend_digest_text(const struct cosend_digest *digest,
                                     const void *data, size_t length,
                                     enum cosend_digest_encoding encoding,
                                     char out[COSEND_DIGEST_MAX]);

#ifdef __cplusplus
}
#endif

#endif
