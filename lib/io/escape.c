/* SPDX-License-Identifier: MIT */
/*
 * What is printed on a terminal may come from anybody, and escape sequences can
 * do more than colour: so control characters, and bytes that are no UTF-8, are
 * written as \xHH or \uHHHH.
 */
#include "io/io.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 8 }; /* bytes of one escaped character, with a NUL */

/* Write one character's form. Returns how many bytes of text it was. */
static size_t escape_one(const char *text, size_t length, bool lines,
                         char out[LONGEST], size_t *written)
{
    int character = csi_utf8_character(text, text + length), count;
    size_t size = character > 0 ? (size_t)character : 0;
    unsigned code = size ? csi_utf8_code(text, character) : 0;

    if (size == 0 || code < 0x20 || code == 0x7f) {
        if (size && (code == '\t' || (lines && code == '\n'))) {
            out[0] = text[0];
            *written = 1;
            return 1;
        }
        count = snprintf(out, LONGEST, "\\x%02x", (unsigned char)text[0]);
        size = 1;
    } else if (csi_utf8_is_control(code)) {
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
