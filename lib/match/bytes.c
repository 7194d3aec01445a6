/* SPDX-License-Identifier: MIT */
#include "match/bytes.h"

#include <string.h>

bool csi_has_empty_word(const char *text, size_t length)
{
    for (size_t i = 0; i <= length; i++)
        if ((i == 0 || !csi_is_word(text[i - 1])) &&
            (i == length || !csi_is_word(text[i])))
            return true;
    return false;
}

bool csi_is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

size_t csi_byte_frequency(char c)
{
    static const char often[] =
        "~`^|\\{}$#!*<>@'\x09ZXQJKVYWqHzUBNDFjLIOR;%&[]()+M=EA,PC?SG_x\"TkvXy"
        ":wbf9h8g76543uldpm2-cr.n0/1isoate ";
    const char *at = memchr(often, c, sizeof(often) - 1);

    return at ? (size_t)(at - often) + 2 : (unsigned char)c < ' ' ? 0 : 1;
}
