/* SPDX-License-Identifier: MIT */
#include "base/simd.h"

#include "cosend/base.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [CSI_SIMD_PORTABLE] = "portable",
#if defined(__x86_64__)
    [CSI_SIMD_SSE2] = "sse2",
    [CSI_SIMD_AVX2] = "avx2",
    [CSI_SIMD_AVX512] = "avx512",
#elif defined(__aarch64__)
    [CSI_SIMD_NEON] = "neon",
#endif
};

static atomic_int mask = CSI_SIMD_LEVELS - 1;

static enum csi_simd detect(void)
{
#if defined(__x86_64__)
    bool avx2, avx512;

    __builtin_cpu_init();
    avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("pclmul");
    avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512vbmi") &&
             __builtin_cpu_supports("avx512vbmi2");
    return avx512 ? CSI_SIMD_AVX512 : avx2 ? CSI_SIMD_AVX2 : CSI_SIMD_SSE2;
#elif defined(__aarch64__)
    return CSI_SIMD_NEON;
#else
    return CSI_SIMD_PORTABLE;
#endif
}

/* What the environment masks, in programs made for tests. */
static enum csi_simd from_environment(enum csi_simd level)
{
#ifdef CSI_SIMD_FROM_ENV
    const char *name = getenv("COSEND_SIMD");

    for (int i = 0; name && i < (int)level; i++)
        if (strcmp(names[i], name) == 0)
            return (enum csi_simd)i;
#endif
    return level;
}

enum csi_simd csi_simd_level(void)
{
    static atomic_int known = -1;
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    int most = atomic_load_explicit(&mask, memory_order_relaxed);

    if (level < 0) {
        level = (int)from_environment(detect());
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return level < most ? (enum csi_simd)level : (enum csi_simd)most;
}

void csi_simd_mask(enum csi_simd most)
{
    atomic_store_explicit(&mask, (int)most, memory_order_relaxed);
}

const char *csi_simd_name(enum csi_simd level)
{
    return level < CSI_SIMD_LEVELS ? names[level] : NULL;
}

const char *cosend_kernels(void)
{
    return csi_simd_name(csi_simd_level());
}
