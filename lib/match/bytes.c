/* SPDX-License-Identifier: MIT */
#include "match/bytes.h"

#include "base/short.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#ifdef __SSE2__
/* 64 bytes at a time, up to the 64 among which one is not ASCII. */
static const char *skip_ascii(const char *p, const char *end)
{
    for (; end - p >= 64; p += 64) {
        const __m128i *at = (const __m128i *)(const void *)p;
        __m128i any = _mm_or_si128(
            _mm_or_si128(_mm_loadu_si128(at), _mm_loadu_si128(at + 1)),
            _mm_or_si128(_mm_loadu_si128(at + 2), _mm_loadu_si128(at + 3)));

        if (_mm_movemask_epi8(any))
            break;
    }
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
    const uint64_t high = UINT64_C(0x8080808080808080);

    p = skip_ascii(p, end);
    while (end - p >= 8 && !(csi_load64(p) & high))
        p += 8;
    while (p < end && (unsigned char)*p < 0x80)
        p++;
    return p;
}

size_t csi_byte_frequency(char c)
{
    static const char often[] =
        "~`^|\\{}$#!*<>@'\x09ZXQJKVYWqHzUBNDFjLIOR;%&[]()+M=EA,PC?SG_x\"TkvXy"
        ":wbf9h8g76543uldpm2-cr.n0/1isoate ";
    const char *at = memchr(often, c, sizeof(often) - 1);

    return at ? (size_t)(at - often) + 2 : (unsigned char)c < ' ' ? 0 : 1;
}
