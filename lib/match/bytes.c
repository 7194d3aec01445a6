/* SPDX-License-Identifier: MIT */
#include "match/bytes.h"

#include <string.h>

size_t csi_byte_frequency(char c)
{
    static const char often[] =
        "~`^|\\{}$#!*<>@'\x09ZXQJKVYWqHzUBNDFjLIOR;%&[]()+M=EA,PC?SG_x\"TkvXy"
        ":wbf9h8g76543uldpm2-cr.n0/1isoate ";
    const char *at = memchr(often, c, sizeof(often) - 1);

    return at ? (size_t)(at - often) + 2 : (unsigned char)c < ' ' ? 0 : 1;
}
