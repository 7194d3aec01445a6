/* SPDX-License-Identifier: MIT */
#include "match/bytes.h"

#include "base/short.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define HIGH_BITS UINT64_C(0x8080808080808080) /* set in what is not ASCII */

#ifdef __SSE2__
static inline __m128i load16(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Four of them, one on the other. */
static inline __m128i load_or(const char *p)
{
    return _mm_or_si128(_mm_or_si128(load16(p), load16(p + 16)),
                        _mm_or_si128(load16(p + 32), load16(p + 48)));
}

/* 64 bytes at a time, up to the 64 among which one is not ASCII. */
static const char *skip_ascii(const char *p, const char *end)
{
    while (end - p >= 64 && !_mm_movemask_epi8(load_or(p)))
        p += 64;
    return p;
}
#else
static const char *skip_ascii(const char *p, const char *end)
{
    (void)end;
    return p;
}
#endif

const char *csi_first_high(const char *p, const char *end)
{
    p = skip_ascii(p, end);
    while (end - p >= 8 && !(csi_load64(p) & HIGH_BITS))
        p += 8;
    while (p < end && (unsigned char)*p < 0x80)
        p++;
    return p;
}

#ifdef __SSE2__
/* Of 16 bytes or more; the last 16 or 64 whether or not they overlap. */
static bool is_long_ascii(const char *p, const char *end)
{
    __m128i any;

    if (end - p >= 64)
        for (any = load_or(end - 64); end - p > 64; p += 64)
            any = _mm_or_si128(any, load_or(p));
    else
        for (any = load16(end - 16); end - p > 16; p += 16)
            any = _mm_or_si128(any, load16(p));
    return !_mm_movemask_epi8(any);
}
#else
static bool is_long_ascii(const char *p, const char *end)
{
    return csi_first_high(p, end) == end;
}
#endif

bool csi_is_ascii(const char *text, size_t length)
{
    const char *end = text + length;

    if (length >= 16)
        return is_long_ascii(text, end);
    if (length >= 8)
        return !((csi_load64(text) | csi_load64(end - 8)) & HIGH_BITS);
    return csi_first_high(text, end) == end;
}

size_t csi_byte_frequency(char c)
{
    static const char often[] =
        "~`^|\\{}$#!*<>@'\x09ZXQJKVYWqHzUBNDFjLIOR;%&[]()+M=EA,PC?SG_x\"TkvXy"
        ":wbf9h8g76543uldpm2-cr.n0/1isoate ";
    const char *at = memchr(often, c, sizeof(often) - 1);

    return at ? (size_t)(at - often) + 2 : (unsigned char)c < ' ' ? 0 : 1;
}
