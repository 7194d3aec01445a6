/* SPDX-License-Identifier: MIT */
/*
 * Digests of text, with a key or without. SHA and MD5 are libmd's, which is on
 * every Debian, and is looked for when one of them is asked for: whoever does
 * not needs none.
 *
 * HMAC (RFC 2104) hashes a block of the key and the text, and then another
 * block of the key and that digest. Both blocks are hashed once, and the states
 * behind them are where each text begins.
 */
#include "base/digest.h"

#include "base/base.h"
#include "base/base64.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

enum {
    OF_LIBMD = COSEND_DIGEST_MD5 + 1,
    ALGORITHMS = COSEND_DIGEST_XXH3 + 1,
    BLOCK = 128, /* the largest block and */
    DIGEST = 64, /* digest, in bytes */
    INNER = 0x36,
    OUTER = 0x5c,
    SIPHASH_KEY = 16
};

/* SHA2_CTX, the largest state of libmd's, is 208 bytes, for good: its soname
   says so. */
static const size_t state_size = sizeof(((struct cosend_digest *)0)->state[0]);

const char *const cosend_digest_algorithms[] = {
    "sha256", "sha512", "sha1", "md5", "siphash", "xxh3", NULL};
const char *const cosend_digest_encodings[] = {"hex", "base64", NULL};

static const struct {
    const char *name; /* in libmd */
    unsigned digest, block;
} algorithms[ALGORITHMS] = {
    [COSEND_DIGEST_SHA256] = {"SHA256", 32, 64},
    [COSEND_DIGEST_SHA512] = {"SHA512", 64, 128},
    [COSEND_DIGEST_SHA1] = {"SHA1", 20, 64},
    [COSEND_DIGEST_MD5] = {"MD5", 16, 64},
    [COSEND_DIGEST_SIPHASH] = {NULL, 8, 0},
    [COSEND_DIGEST_XXH3] = {NULL, 8, 0},
};

/* ---- libmd --------------------------------------------------------------- */

static struct {
    void (*begin)(void *state);
    void (*add)(void *state, const uint8_t *data, size_t length);
    void (*end)(uint8_t *digest, void *state);
} libmd[OF_LIBMD];

static bool has_libmd;
static pthread_once_t libmd_once = PTHREAD_ONCE_INIT;

static void *find_function(void *library, const char *name, const char *what)
{
    char symbol[16];

    snprintf(symbol, sizeof(symbol), "%s%s", name, what);
    return dlsym(library, symbol);
}

static void find_libmd(void)
{
    void *library = dlopen("libmd.so.0", RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return;
    has_libmd = true;
    for (int i = 0; i < OF_LIBMD; i++) {
        const char *name = algorithms[i].name;

        *(void **)&libmd[i].begin = find_function(library, name, "Init");
        *(void **)&libmd[i].add = find_function(library, name, "Update");
        *(void **)&libmd[i].end = find_function(library, name, "Final");
        has_libmd = has_libmd && libmd[i].begin && libmd[i].add && libmd[i].end;
    }
}

const char *csi_digest_lacks(int algorithm)
{
    if (algorithm >= OF_LIBMD)
        return NULL;
    pthread_once(&libmd_once, find_libmd);
    return has_libmd ? NULL : "libmd.so.0, which Debian has in libmd0";
}

/* ---- SipHash ------------------------------------------------------------- */

static uint64_t read_little(const unsigned char *bytes, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_rounds(uint64_t v[4], int rounds)
{
    for (int i = 0; i < rounds; i++) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

/* Words of the text go into v[3] before two rounds and into v[0] behind them;
   the last one has what bytes are left, and the length's lowest byte. */
static uint64_t siphash(const uint64_t *key, const unsigned char *data,
                        size_t length)
{
    uint64_t v[4] = {key[0] ^ UINT64_C(0x736f6d6570736575),
                     key[1] ^ UINT64_C(0x646f72616e646f6d),
                     key[0] ^ UINT64_C(0x6c7967656e657261),
                     key[1] ^ UINT64_C(0x7465646279746573)};
    size_t words = length / 8;

    for (size_t i = 0; i <= words; i++) {
        uint64_t word = i < words ? read_little(data + 8 * i, 8)
                                  : read_little(data + 8 * i, length % 8) |
                                        (uint64_t)length << 56;

        v[3] ^= word;
        sip_rounds(v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* ---- Any of them --------------------------------------------------------- */

static void begin_hmac(struct cosend_digest *digest, const unsigned char *key,
                       size_t length)
{
    int algorithm = digest->algorithm;
    unsigned char block[BLOCK] = {0}, padded[BLOCK];

    if (length > algorithms[algorithm].block) {
        libmd[algorithm].add(digest->state[0], key, length);
        libmd[algorithm].end(block, digest->state[0]);
        libmd[algorithm].begin(digest->state[0]);
    } else {
        memcpy(block, key, length);
    }
    for (int i = 0; i < 2; i++) {
        for (unsigned at = 0; at < algorithms[algorithm].block; at++)
            padded[at] = block[at] ^ (unsigned char)(i ? OUTER : INNER);
        libmd[algorithm].add(digest->state[i], padded,
                             algorithms[algorithm].block);
    }
}

int cosend_digest_init(struct cosend_digest *digest, int algorithm,
                       const void *key, size_t key_length,
                       struct cosend_error *error)
{
    const char *lacks;

    if (algorithm < 0 || algorithm >= ALGORITHMS)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "there is no digest by number %d", algorithm);
    lacks = csi_digest_lacks(algorithm);
    if (lacks)
        return cosend_error_set(error, COSEND_E_LIMIT, "%s needs %s",
                                cosend_digest_algorithms[algorithm], lacks);
    if (algorithm == COSEND_DIGEST_XXH3 && key_length)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "xxh3 takes no key; siphash, and sha256, do");
    if (algorithm == COSEND_DIGEST_SIPHASH && key_length != SIPHASH_KEY)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "siphash needs a key of %d bytes, and this is "
                                "one of %zu",
                                SIPHASH_KEY, key_length);
    *digest =
        (struct cosend_digest){.algorithm = algorithm, .keyed = key_length > 0};
    if (algorithm == COSEND_DIGEST_SIPHASH) {
        digest->state[0][0] = read_little(key, 8);
        digest->state[0][1] = read_little((const unsigned char *)key + 8, 8);
    }
    if (algorithm >= OF_LIBMD)
        return COSEND_OK;
    for (int i = 0; i < 2; i++)
        libmd[algorithm].begin(digest->state[i]);
    if (digest->keyed)
        begin_hmac(digest, key, key_length);
    return COSEND_OK;
}

static void digest_by_libmd(const struct cosend_digest *digest,
                            const void *data, size_t length, unsigned char *out)
{
    int algorithm = digest->algorithm;
    uint64_t state[sizeof(digest->state[0]) / sizeof(uint64_t)];

    memcpy(state, digest->state[0], state_size);
    libmd[algorithm].add(state, data, length);
    libmd[algorithm].end(out, state);
    if (!digest->keyed)
        return;
    memcpy(state, digest->state[1], state_size);
    libmd[algorithm].add(state, out, algorithms[algorithm].digest);
    libmd[algorithm].end(out, state);
}

size_t cosend_digest_text(const struct cosend_digest *digest, const void *data,
                          size_t length, enum cosend_digest_encoding encoding,
                          char out[COSEND_DIGEST_MAX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[DIGEST];
    unsigned count = algorithms[digest->algorithm].digest;
    uint64_t hash;

    if (!length)
        data = "";
    if (digest->algorithm < OF_LIBMD) {
        digest_by_libmd(digest, data, length, bytes);
    } else if (digest->algorithm == COSEND_DIGEST_SIPHASH) {
        hash = siphash(digest->state[0], data, length);
        for (unsigned i = 0; i < count; i++)
            bytes[i] = (unsigned char)(hash >> 8 * i);
    } else {
        hash = XXH3_64bits(data, length);
        for (unsigned i = 0; i < count; i++)
            bytes[i] = (unsigned char)(hash >> 8 * (count - 1 - i));
    }
    if (encoding == COSEND_DIGEST_BASE64) {
        csi_base64_encode((const char *)bytes, count, out);
        length = csi_base64_length(count);
    } else {
        for (unsigned i = 0; i < count; i++) {
            out[2 * i] = digits[bytes[i] >> 4];
            out[2 * i + 1] = digits[bytes[i] & 15];
        }
        length = 2 * count;
    }
    out[length] = '\0';
    return length;
}
