/* SPDX-License-Identifier: MIT */
/*
 * Where certain bytes are in a text: for what takes many texts apart. They are
 * found 64 bytes at a time by the widest instructions that the processor has,
 * so that to go from one to the next costs no loop over the bytes between. That
 * pays where many short texts lie together, as the lines of a batch do, and are
 * looked at in one call; of up to some thousand bytes, so that what was found
 * stays near.
 *
 * A bitmap has a bit for each byte of the text, for a byte that is asked for
 * here and there:
 *
 *     uint64_t found[COSEND_FIND_BYTES * COSEND_FIND_WORDS(2048)];
 *
 *     cosend_find_bytes(text, length, " []\"", found);
 *     space = cosend_next_found(found, 0, length);
 *
 * and a list of places is for one whose every place is looked at.
 */
#ifndef COSEND_FIND_H
#define COSEND_FIND_H

#include "cosend/base.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many words the bitmap of a text of so many bytes takes. */
#define COSEND_FIND_WORDS(length) ((length) / 64 + 2)

/* How many bytes are looked for at once, and how many places more a list has
   room for than there may be. */
enum { COSEND_FIND_BYTES = 4, COSEND_FIND_MORE = 16 };

/*
 * Find each of COSEND_FIND_BYTES bytes among `length` bytes. Their bitmaps are
 * one behind the other, each of COSEND_FIND_WORDS(length) words: bit i of word
 * w is set where data[64 * w + i] is the byte; bits behind the last byte's are
 * 0. No byte behind the last is read. It cannot fail.
 */
COSEND_API void cosend_find_bytes(const char *data, size_t length,
                                  const char *bytes, uint64_t *found);

/*
 * The places that a bitmap of a text of `length` bytes has, ascending; `places`
 * has room for them and COSEND_FIND_MORE more, or is NULL, to learn how many
 * there are.
 *
 * Returns how many. It cannot fail.
 */
COSEND_API size_t cosend_found_places(const uint64_t *found, size_t length,
                                      uint32_t *places);

/* Bits of a bitmap from that of byte `at` on, which is the lowest: 57 of them
   or more, those behind are 0. `at` is at most the length that was asked for.
 */
COSEND_INLINE uint64_t cosend_found_bits(const uint64_t *found, size_t at)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t bits;

    memcpy(&bits,
           COSEND_CAST(const char *, COSEND_CAST(const void *, found)) + at / 8,
           sizeof(bits));
    return bits >> at % 8;
#else
    return found[at / 64] >> at % 64 | found[at / 64 + 1] << 1
                                                          << (63 - at % 64);
#endif
}

/* Where the byte is from `at` on and before `end`, which is at most the length
   that was asked for; `end` where it is not. */
COSEND_INLINE size_t cosend_next_found(const uint64_t *found, size_t at,
                                       size_t end)
{
    while (at < end) {
        uint64_t bits = cosend_found_bits(found, at);

        if (__builtin_expect(bits != 0, 1)) {
            at += COSEND_CAST(unsigned, __builtin_ctzll(bits));
            break;
        }
        at += 57;
    }
    return at < end ? at : end;
}

#ifdef __cplusplus
}
#endif

#endif
