/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

void csi_base64_encode(const char *data, size_t length, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)data;

    while (length) {
        size_t take = length < 3 ? length : 3;
        unsigned long bits = (unsigned long)at[0] << 16 |
                             (take > 1 ? (unsigned long)at[1] << 8 : 0) |
                             (take > 2 ? (unsigned long)at[2] : 0);

        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = take > 1 ? digits[bits >> 6 & 63] : '=';
        *out++ = take > 2 ? digits[bits & 63] : '=';
        at += take;
        length -= take;
    }
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool csi_base64_decode(const char *text, size_t length, char *out,
                       size_t *decoded)
{
    char *start = out;
    unsigned long bits = 0;
    unsigned have = 0;
    bool is_padded = length && text[length - 1] == '=';

    if (is_padded) {
        if (length % 4)
            return false;
        length -= length > 1 && text[length - 2] == '=' ? 2 : 1;
    }
    if (length % 4 == 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        int digit = base64_digit(text[i]);

        if (digit < 0)
            return false;
        bits = bits << 6 | (unsigned long)digit;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *out++ = (char)(bits >> have & 0xff);
        }
    }
    *decoded = (size_t)(out - start);
    /* What is left is a part of no byte, and 0. */
    return !(bits & ((1UL << have) - 1));
}
