/* SPDX-License-Identifier: MIT */
#include "match/bytes.h"

#include "base/short.h"

#include <string.h>

const char *csi_first_high(const char *p, const char *end)
{
    const uint64_t high = UINT64_C(0x8080808080808080);

    for (; end - p >= 32; p += 32)
        if ((csi_load64(p) | csi_load64(p + 8) | csi_load64(p + 16) |
             csi_load64(p + 24)) &
            high)
            break;
    for (; end - p >= 8 && !(csi_load64(p) & high); p += 8)
        continue;
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
