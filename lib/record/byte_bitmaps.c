/* SPDX-License-Identifier: MIT */
#include "record/byte_bitmaps.h"
#include "record/bit_numbers.h"
#include "record/byte_bitmaps_neon.h"
#include "record/byte_bitmaps_x86.h"

#include <string.h>

/* ---- Portable ------------------------------------------------------------ */

static const uint64_t ones = UINT64_C(0x0101010101010101);
static const uint64_t highs = UINT64_C(0x8080808080808080);

/* Bit i: whether byte i of eight, the first the lowest, is 0. No byte borrows
   from its neighbour, as it does in the shorter form of this. */
static unsigned zero_bytes(uint64_t bytes)
{
    uint64_t zero = ~(((bytes & ~highs) + ~highs) | bytes | ~highs);

    return (unsigned)((zero >> 7) * UINT64_C(0x0102040810204080) >> 56);
}

static uint64_t load_word(const char *data)
{
    uint64_t bytes;

    memcpy(&bytes, data, sizeof(bytes));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

static uint64_t find_word(const char *data, uint64_t pattern)
{
    uint64_t found = 0;

    for (unsigned i = 0; i < 8; i++)
        found |= (uint64_t)zero_bytes(load_word(data + 8 * i) ^ pattern)
                 << 8 * i;
    return found;
}

static void find_scalar(const char *data, size_t words, const char *needles,
                        struct csi_scan_word *found)
{
    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD)
        for (unsigned i = 0; i < CSI_SCAN_NEEDLES; i++)
            found[w].bits[i] =
                find_word(data, ones * (unsigned char)needles[i]);
}

static void find_one(const char *data, size_t words, char needle,
                     uint64_t *found)
{
    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD)
        found[w] = find_word(data, ones * (unsigned char)needle);
}

static void find_apart(const char *data, size_t words, const char *needles,
                       uint64_t *found, size_t stride)
{
    for (unsigned i = 0; i < CSI_SCAN_NEEDLES; i++)
        find_one(data, words, needles[i], found + i * stride);
}

/* Bit i: whether byte i of eight is a special one. A sum of seven bits has its
   eighth unless the byte is below a space. */
static unsigned special_bytes(uint64_t bytes, uint64_t first, uint64_t second)
{
    uint64_t plain = ((bytes & ~highs) + ones * (0x80 - 0x20)) & ~bytes & highs;

    return zero_bytes(plain) | zero_bytes(bytes ^ first) |
           zero_bytes(bytes ^ second);
}

static void find_special_scalar(const char *data, size_t words,
                                const char *needles, uint64_t *found)
{
    uint64_t first = ones * (unsigned char)needles[0];
    uint64_t second = ones * (unsigned char)needles[1];

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        found[w] = 0;
        for (unsigned i = 0; i < 8; i++)
            found[w] |=
                (uint64_t)special_bytes(load_word(data + 8 * i), first, second)
                << 8 * i;
    }
}

static size_t list_scalar(const uint64_t *found, size_t words,
                          uint32_t *numbers)
{
    return csi_list_numbers(found, words, numbers);
}

static uint64_t count_scalar(const char *data, size_t words, char needle)
{
    uint64_t total = 0;

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        uint64_t found = find_word(data, ones * (unsigned char)needle);

        total += (unsigned)__builtin_popcountll(found);
    }
    return total;
}

static const struct csi_scan_kernels portable = {
    find_scalar,         find_apart,  find_one,
    find_special_scalar, list_scalar, count_scalar};

/* ---- By level ------------------------------------------------------------ */

const struct csi_scan_kernels *csi_scan_kernels(void)
{
    switch (csi_simd_level()) {
#if defined(__x86_64__)
    case CSI_SIMD_SSE2:
        return &csi_scan_sse2;
    case CSI_SIMD_AVX2:
        return &csi_scan_avx2;
    case CSI_SIMD_AVX512:
        return &csi_scan_avx512;
#elif defined(__aarch64__)
    case CSI_SIMD_NEON:
        return &csi_scan_neon;
#endif
    default:
        return &portable;
    }
}

uint64_t csi_scan_count(const char *data, size_t length, char byte)
{
    size_t words = length / CSI_SCAN_WORD;
    uint64_t total = csi_scan_kernels()->count(data, words, byte);

    for (size_t i = words * CSI_SCAN_WORD; i < length; i++)
        total += data[i] == byte;
    return total;
}
