/* SPDX-License-Identifier: MIT */
/*
 * Bytes as searches see them: the cases of ASCII letters, what belongs to a
 * word, and how often a byte is seen in text.
 */
#ifndef CSI_MATCH_BYTES_H
#define CSI_MATCH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    static const uint64_t bits[4] = {0x03ff000000000000, 0x07fffffe87fffffe};
    unsigned char byte = (unsigned char)c;

    return bits[byte / 64] >> byte % 64 & 1;
}

/* The first byte of [p, end) that is not ASCII, or `end`. */
const char *csi_first_high(const char *p, const char *end);

/* Whether all bytes are ASCII: for texts that nearly always are. */
bool csi_is_ascii(const char *text, size_t length);

/* How often a byte is seen in logs and the like: from 0, hardly ever, to 98; 8
   more are about twice as often. */
size_t csi_byte_frequency(char c);

#endif
