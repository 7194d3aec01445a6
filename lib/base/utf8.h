/* SPDX-License-Identifier: MIT */
/* Characters of UTF-8, well-formed and not. */
#ifndef CSI_UTF8_H
#define CSI_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of the character at p < end (Unicode 15, table 3-7: no overlong
 * forms, no surrogates, none beyond U+10FFFF); or, negative, the length of the
 * maximal subpart of an ill-formed one, which one U+FFFD replaces.
 */
static inline int csi_utf8_character(const char *p, const char *end)
{
    unsigned char first = (unsigned char)*p;
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    int size = first < 0x80   ? 1
               : first < 0xc2 ? 0
               : first < 0xe0 ? 2
               : first < 0xf0 ? 3
               : first < 0xf5 ? 4
                              : 0;

    if (size == 0)
        return -1;
    for (int i = 1; i < size; i++) {
        if (p + i == end || (unsigned char)p[i] < low ||
            (unsigned char)p[i] > high)
            return -i;
        low = 0x80;
        high = 0xbf;
    }
    return size;
}

/* How many characters text has; a byte that begins none is one too. */
static inline size_t csi_utf8_count(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t at = 0; at < length; count++) {
        int size = csi_utf8_character(text + at, text + length);

        at += size > 0 ? (size_t)size : 1;
    }
    return count;
}

/* The code point of a well-formed character of `size` bytes. */
static inline unsigned csi_utf8_code(const char *p, int size)
{
    unsigned code = (unsigned char)*p;

    if (size > 1)
        code &= 0x7fU >> size;
    for (int i = 1; i < size; i++)
        code = code << 6 | ((unsigned char)p[i] & 0x3fU);
    return code;
}

/* Write a code point's character. Returns what is behind it. */
static inline char *csi_utf8_put(char *out, unsigned code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xc0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *out++ = (char)(0xe0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    } else {
        *out++ = (char)(0xf0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3f));
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    }
    return out;
}

/* The value of the four hexadecimal digits of a JSON escape \u; or -1 where
   these are none. */
static inline int csi_hex4(const char *p)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        char c = p[i], letter = (char)(c | 0x20);

        if (c >= '0' && c <= '9')
            value = value << 4 | (c - '0');
        else if (letter >= 'a' && letter <= 'f')
            value = value << 4 | (letter - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* Whether all of it is well-formed. */
static inline bool csi_utf8_is_valid(const char *p, size_t length)
{
    const char *end = p + length;

    while (p < end) {
        int size = csi_utf8_character(p, end);

        if (size < 0)
            return false;
        p += size;
    }
    return true;
}

/*
 * Whether a terminal acts on a character instead of showing it: the controls C0
 * and C1, DEL, Unicode's Bidi_Control, which turns the direction of writing,
 * and its two line ends.
 */
static inline bool csi_utf8_is_control(unsigned code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
           (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

#endif
