/* SPDX-License-Identifier: MIT */
#include "record/byte_bitmaps_neon.h"
#include "record/bit_numbers.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#define INLINE __attribute__((always_inline)) static inline

/* Each byte of a comparison is all ones or none: keep bit i mod 8 of byte i,
   and add neighbours up until eight bytes are one. */
static inline uint64_t bits_neon(const uint8x16_t *masks)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                        1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weight = vld1q_u8(weights), part[4];

    for (int i = 0; i < 4; i++)
        part[i] = vandq_u8(masks[i], weight);
    part[0] = vpaddq_u8(part[0], part[1]);
    part[2] = vpaddq_u8(part[2], part[3]);
    part[0] = vpaddq_u8(part[0], part[2]);
    part[0] = vpaddq_u8(part[0], part[0]);
    return vgetq_lane_u64(vreinterpretq_u64_u8(part[0]), 0);
}

static inline uint64_t word_neon(const uint8x16_t *bytes, uint8x16_t needle)
{
    uint8x16_t masks[4];

    for (int i = 0; i < 4; i++)
        masks[i] = vceqq_u8(bytes[i], needle);
    return bits_neon(masks);
}

static inline void load_neon(const char *data, uint8x16_t *bytes)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = vld1q_u8((const uint8_t *)data + 16 * i);
}

/* The bits of word w and needle i go to found[w * step + i * stride]. */
INLINE void find_each(const char *data, size_t words, const char *needles,
                      uint64_t *found, size_t step, size_t stride)
{
    uint8x16_t needle[CSI_SCAN_NEEDLES], bytes[4];

    for (int i = 0; i < CSI_SCAN_NEEDLES; i++)
        needle[i] = vdupq_n_u8((uint8_t)needles[i]);
    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD, found += step) {
        load_neon(data, bytes);
        for (size_t i = 0; i < CSI_SCAN_NEEDLES; i++)
            found[i * stride] = word_neon(bytes, needle[i]);
    }
}

static void find_neon(const char *data, size_t words, const char *needles,
                      struct csi_scan_word *found)
{
    find_each(data, words, needles, found->bits, CSI_SCAN_NEEDLES, 1);
}

static void find_apart_neon(const char *data, size_t words, const char *needles,
                            uint64_t *found, size_t stride)
{
    find_each(data, words, needles, found, 1, stride);
}

static void find_one_neon(const char *data, size_t words, char needle,
                          uint64_t *found)
{
    uint8x16_t wanted = vdupq_n_u8((uint8_t)needle), bytes[4];

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        load_neon(data, bytes);
        found[w] = word_neon(bytes, wanted);
    }
}

/* As signed numbers, control bytes and those beyond ASCII are below a space. */
static void find_special_neon(const char *data, size_t words,
                              const char *needles, uint64_t *found)
{
    uint8x16_t first = vdupq_n_u8((uint8_t)needles[0]);
    uint8x16_t second = vdupq_n_u8((uint8_t)needles[1]);
    int8x16_t space = vdupq_n_s8(' ');
    uint8x16_t bytes[4];

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        load_neon(data, bytes);
        for (int i = 0; i < 4; i++)
            bytes[i] = vorrq_u8(
                vorrq_u8(vceqq_u8(bytes[i], first), vceqq_u8(bytes[i], second)),
                vcltq_s8(vreinterpretq_s8_u8(bytes[i]), space));
        found[w] = bits_neon(bytes);
    }
}

static size_t list_neon(const uint64_t *found, size_t words, uint32_t *numbers)
{
    return csi_list_numbers(found, words, numbers);
}

static uint64_t count_neon(const char *data, size_t words, char needle)
{
    uint8x16_t wanted = vdupq_n_u8((uint8_t)needle), bytes[4];
    uint64_t total = 0;

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        uint8x16_t sum = vdupq_n_u8(0);

        load_neon(data, bytes);
        for (int i = 0; i < 4; i++)
            sum = vsubq_u8(sum, vceqq_u8(bytes[i], wanted));
        total += vaddlvq_u8(sum);
    }
    return total;
}

const struct csi_scan_kernels csi_scan_neon = {find_neon,     find_apart_neon,
                                               find_one_neon, find_special_neon,
                                               list_neon,     count_neon};

#endif
