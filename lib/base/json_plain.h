/* SPDX-License-Identifier: MIT */
/* The bytes that stand for themselves in a JSON string, and those that do so
   behind a backslash. */
#ifndef CSI_JSON_PLAIN_H
#define CSI_JSON_PLAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * The first byte from p on that is a quote, a backslash, a control byte or
 * beyond ASCII; or end. Eight bytes at a time (Bit Twiddling Hacks: hasless,
 * haszero).
 */
static inline const char *csi_json_plain(const char *p, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    while (end - p >= 8) {
        uint64_t word, quote, backslash, low;

        memcpy(&word, p, sizeof(word));
        quote = (word ^ ones * '"') - ones;
        backslash = (word ^ ones * '\\') - ones;
        low = word - ones * 0x20;
        low = (low | quote | backslash | word) & ones << 7;
        if (low && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            return p + __builtin_ctzll(low) / 8; /* what is below is exact */
        if (low)
            break;
        p += 8;
    }
    for (; p < end; p++) {
        unsigned char byte = (unsigned char)*p;

        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\')
            break;
    }
    return p;
}

/* The first backslash of the eight bytes from p on, which are `word`; or p + 8.
 */
static inline const char *csi_json_backslash(const char *p, uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const char *end = p + 8;

    word ^= ones * '\\';
    word = (word - ones) & ~word & ones << 7;
    if (!word)
        return end;
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return p + __builtin_ctzll(word) / 8; /* what is below is exact */
    while (p < end && *p != '\\')
        p++;
    return p;
}

/* Whether a backslash and this byte are an escape; u is one with what is behind
   it. */
static inline bool csi_json_is_escape(char byte)
{
    switch (byte) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return true;
    default:
        return false;
    }
}

#endif
