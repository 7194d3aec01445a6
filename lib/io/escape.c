/* SPDX-License-Identifier: MIT */
#include "io/io.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 8 }; /* bytes of one escaped character, with a NUL */

/*
 * Decode one character of UTF-8 (Unicode 15, table 3-7: no overlong forms, no
 * surrogates, none beyond U+10FFFF).
 *
 * Returns its length, or 0 where there is none.
 */
static size_t decode(const unsigned char *text, size_t length, unsigned *code)
{
    unsigned first = text[0];
    size_t size = first < 0x80   ? 1
                  : first < 0xc2 ? 0
                  : first < 0xe0 ? 2
                  : first < 0xf0 ? 3
                  : first < 0xf5 ? 4
                                 : 0;

    if (size == 0 || size > length)
        return 0;
    *code = size == 1 ? first : first & (0xffU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (text[i] & 0x3fU);
    }
    if (size == 3 && (*code < 0x800 || (*code >= 0xd800 && *code < 0xe000)))
        return 0;
    if (size == 4 && (*code < 0x10000 || *code > 0x10ffff))
        return 0;
    return size;
}

/* Unicode's Bidi_Control, and the two line ends that are no newline. */
static bool deceives(unsigned code)
{
    return code == 0x061c || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Write one character's form. Returns how many bytes of text it was. */
static size_t escape_one(const char *text, size_t length, bool lines,
                         char out[LONGEST], size_t *written)
{
    unsigned code = 0;
    const unsigned char *bytes = (const unsigned char *)text;
    size_t size = decode(bytes, length, &code);
    int count;

    if (size == 0 || code < 0x20 || code == 0x7f) {
        if (size && (code == '\t' || (lines && code == '\n'))) {
            out[0] = text[0];
            *written = 1;
            return 1;
        }
        count = snprintf(out, LONGEST, "\\x%02x", bytes[0]);
        size = 1;
    } else if ((code >= 0x80 && code < 0xa0) || deceives(code)) {
        count = snprintf(out, LONGEST, "\\u%04x", code);
    } else {
        memcpy(out, text, size);
        count = (int)size;
    }
    *written = (size_t)count;
    return size;
}

size_t cosend_escape(const char *text, size_t length, bool lines, char *out,
                     size_t capacity)
{
    size_t total = 0, kept = 0;
    bool full = capacity == 0;

    while (length) {
        char form[LONGEST];
        size_t size, taken;

        taken = escape_one(text, length, lines, form, &size);
        full = full || size >= capacity - kept;
        if (!full) {
            memcpy(out + kept, form, size);
            kept += size;
        }
        total += size;
        text += taken;
        length -= taken;
    }
    if (capacity)
        out[kept] = '\0';
    return total;
}

int cosend_output_print(struct cosend_output *output, const char *text,
                        size_t length, struct cosend_error *error)
{
    int status = COSEND_OK;

    if (!cosend_output_is_tty(output))
        return cosend_output_write(output, text, length, error);
    while (length && status == COSEND_OK) {
        char form[LONGEST];
        size_t size, taken;

        taken = escape_one(text, length, true, form, &size);
        status = cosend_output_write(output, form, size, error);
        text += taken;
        length -= taken;
    }
    return status;
}
