/* SPDX-License-Identifier: MIT */
/* The numbers of the bits that are set in a word, one after another. */
#ifndef CSI_BIT_NUMBERS_H
#define CSI_BIT_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

enum { CSI_BIT_STEP = 8 };

/* Write the number of the lowest bit; for none, any. Returns the others. */
__attribute__((always_inline)) static inline uint64_t
csi_bit_number(uint32_t *to, uint64_t bits, uint32_t base)
{
    *to = base + (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
    return bits & (bits - 1);
}

/* Each more by base. They are written CSI_BIT_STEP at a time, whether there are
   as many or not: how many there are is what no processor can tell before. */
__attribute__((always_inline)) static inline void
csi_bit_numbers(uint32_t *to, uint64_t bits, uint32_t base)
{
    for (; bits; to += CSI_BIT_STEP) {
        bits = csi_bit_number(to, bits, base);
        bits = csi_bit_number(to + 1, bits, base);
        bits = csi_bit_number(to + 2, bits, base);
        bits = csi_bit_number(to + 3, bits, base);
        bits = csi_bit_number(to + 4, bits, base);
        bits = csi_bit_number(to + 5, bits, base);
        bits = csi_bit_number(to + 6, bits, base);
        bits = csi_bit_number(to + 7, bits, base);
    }
}

/* Of many words, the first one's from 0 on. Returns how many there are. */
__attribute__((always_inline)) static inline size_t
csi_list_numbers(const uint64_t *words, size_t count, uint32_t *to)
{
    uint32_t *start = to;

    for (size_t w = 0; w < count; w++) {
        csi_bit_numbers(to, words[w], (uint32_t)(64 * w));
        to += __builtin_popcountll(words[w]);
    }
    return (size_t)(to - start);
}

#endif
