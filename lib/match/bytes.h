/* SPDX-License-Identifier: MIT */
/*
 * Bytes as searches see them: the cases of ASCII letters, what belongs to a
 * word, and how often a byte is seen in text.
 */
#ifndef CSI_MATCH_BYTES_H
#define CSI_MATCH_BYTES_H

#include "base/short.h"

#include <stdbool.h>
#include <stddef.h>

/* Not terminated. */
struct csi_string {
    const char *text;
    size_t length;
};

static inline bool csi_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char csi_small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* A letter of ASCII, a digit or _. */
static inline bool csi_is_word(char c)
{
    return csi_is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

/* The first byte of [p, end) that is not ASCII, or `end`. */
const char *csi_first_high(const char *p, const char *end);

/* Eight bytes at a time, the last eight whether or not they overlap. */
static inline bool csi_is_ascii(const char *text, size_t length)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t any = 0;
    size_t i = 0;

    if (length < 8 || length > 256)
        return csi_first_high(text, text + length) == text + length;
    for (; length - i > 32; i += 32)
        any |= csi_load64(text + i) | csi_load64(text + i + 8) |
               csi_load64(text + i + 16) | csi_load64(text + i + 24);
    for (; length - i > 8; i += 8)
        any |= csi_load64(text + i);
    return !((any | csi_load64(text + length - 8)) & high);
}

/* How often a byte is seen in logs and the like: from 0, hardly ever, to 98; 8
   more are about twice as often. */
size_t csi_byte_frequency(char c);

#endif
