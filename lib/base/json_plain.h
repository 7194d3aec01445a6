/* SPDX-License-Identifier: MIT */
/* The bytes that stand for themselves in a JSON string. */
#ifndef CSI_JSON_PLAIN_H
#define CSI_JSON_PLAIN_H

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
        if ((low | quote | backslash | word) & ones << 7)
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

#endif
