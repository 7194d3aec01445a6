/* SPDX-License-Identifier: MIT */
/*
 * Where certain bytes are, 64 at a time: a kernel turns bytes into bitmaps, a
 * word for 64 of them, bit i for byte i. What is made of the bitmaps is the
 * same code for every machine.
 *
 * Kernels read whole words: up to 63 bytes behind the last one asked for, which
 * CSI_BLOCK_SLACK provides in a block. Bits of those bytes mean nothing.
 */
#ifndef CSI_BYTE_BITMAPS_H
#define CSI_BYTE_BITMAPS_H

#include "base/simd.h"

#include <stddef.h>
#include <stdint.h>

enum { CSI_SCAN_WORD = 64, CSI_SCAN_NEEDLES = 4, CSI_SCAN_MORE = 16 };

/* Where each of four bytes is among 64. */
struct csi_scan_word {
    uint64_t bits[CSI_SCAN_NEEDLES];
};

struct csi_scan_kernels {
    /* For each of `words` times 64 bytes, where needles[0 .. 4) are. */
    void (*find)(const char *data, size_t words, const char *needles,
                 struct csi_scan_word *found);
    /* The same, but the words of needles[i] by themselves, from
       found + i * stride on. */
    void (*find_apart)(const char *data, size_t words, const char *needles,
                       uint64_t *found, size_t stride);
    /* The same of one byte. */
    void (*find_one)(const char *data, size_t words, char needle,
                     uint64_t *found);
    /* Where bytes are that are needles[0] or [1], below a space, or beyond
       ASCII. */
    void (*find_special)(const char *data, size_t words, const char *needles,
                         uint64_t *found);
    /* The numbers of the bits that are set in all of `words`, the first one's
       from 0 on; CSI_SCAN_MORE behind them may be written too. Returns how many
       there are. */
    size_t (*list)(const uint64_t *found, size_t words, uint32_t *numbers);
    /* How often one byte is in words times 64 bytes. */
    uint64_t (*count)(const char *data, size_t words, char needle);
};

/* For find_special: what does not stand for itself in a JSON string, and what
   is not one column of a terminal. */
#define CSI_SPECIAL_JSON     "\"\\"
#define CSI_SPECIAL_TERMINAL "\x7f\x7f"

/* Those of csi_simd_level(). */
const struct csi_scan_kernels *csi_scan_kernels(void);

/* How often a byte is in data. */
uint64_t csi_scan_count(const char *data, size_t length, char byte);

/* The words that hold so many bytes. */
static inline size_t csi_scan_words(size_t length)
{
    return (length + CSI_SCAN_WORD - 1) / CSI_SCAN_WORD;
}

/* The lowest `count` bits, of which there are at most 64. */
static inline uint64_t csi_low_bits(size_t count)
{
    return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

/* The first byte from p on whose bit is set, of those from `base` on; there
   must be one. */
static inline const char *csi_bitmap_next(const uint64_t *words,
                                          const char *base, const char *p)
{
    size_t at = (size_t)(p - base);
    const uint64_t *word = words + at / 64;
    uint64_t bits = *word >> at % 64;

    if (bits)
        return p + __builtin_ctzll(bits);
    p += 64 - at % 64;
    while (!*++word)
        p += 64;
    return p + __builtin_ctzll(*word);
}

#endif
