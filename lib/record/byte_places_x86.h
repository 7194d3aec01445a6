/* SPDX-License-Identifier: MIT */
/* From bitmaps to places, by AVX-512. */
#ifndef CSI_BYTE_PLACES_X86_H
#define CSI_BYTE_PLACES_X86_H

#include <stdint.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define CSI_AVX512_PLACES                                                      \
    __attribute__((                                                            \
        target("bmi,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi2")))

/* The numbers of the bits that are set, each more by base: at least `step` of
   them, 8 or 16, are written, whether there are as many or not. */
CSI_AVX512_PLACES static inline void
csi_put_places(uint32_t *to, uint64_t bits, uint32_t base, unsigned step)
{
    static const unsigned char numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i set = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    __m512i bases = _mm512_set1_epi32((int)base);
    unsigned count = (unsigned)__builtin_popcountll(bits), i = 0;

    if (step == 8) {
        __m256i some = _mm256_cvtepu8_epi32(_mm512_castsi512_si128(set));

        some = _mm256_add_epi32(some, _mm512_castsi512_si256(bases));
        _mm256_storeu_si256((__m256i *)(void *)to, some);
        if (count <= 8)
            return;
    }
    do {
        __m512i some = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set));

        _mm512_storeu_si512(to + i, _mm512_add_epi32(some, bases));
        set = _mm512_alignr_epi32(set, set, 4);
        i += 16;
    } while (i < count);
}

#endif

#endif
