/* SPDX-License-Identifier: MIT */
/*
 * Which vector instructions are used. Code that has kernels for several levels
 * keeps them in a table by level and picks when it makes what works with them
 * (a reader, a pattern): never per call.
 */
#ifndef CSI_SIMD_H
#define CSI_SIMD_H

/* Rising: a machine that has one level has those below it too. */
enum csi_simd {
    CSI_SIMD_PORTABLE,
#if defined(__x86_64__)
    CSI_SIMD_SSE2,
    CSI_SIMD_AVX2,   /* with BMI1, BMI2, POPCNT and PCLMULQDQ */
    CSI_SIMD_AVX512, /* with F, BW, VL, VBMI and VBMI2, and what AVX2 has */
#elif defined(__aarch64__)
    CSI_SIMD_NEON,
#endif
    CSI_SIMD_LEVELS
};

/* The highest level that this processor has and that is not masked. */
enum csi_simd csi_simd_level(void);

/* For tests: from now on no level above this one is chosen. A program compiled
   with CSI_SIMD_FROM_ENV also reads the variable COSEND_SIMD, a level's name.
 */
void csi_simd_mask(enum csi_simd most);

/* "avx2"; a level that is none gives NULL. */
const char *csi_simd_name(enum csi_simd level);

/* Ask for the bytes some way behind those that are looked at now: a search of a
   file where the system has it waits for memory most of its time. */
static inline void csi_look_ahead(const char *text)
{
    enum { AHEAD = 1024 };

    __builtin_prefetch(text + AHEAD);
}

#endif
