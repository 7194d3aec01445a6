/* SPDX-License-Identifier: MIT */
#include "match/empty_word.h"

#include "base/utf8.h"

bool csi_has_empty_word(const struct csi_letters *letters, const char *text,
                        size_t length)
{
    const char *p = text, *end = text + length;

    while (csi_letter_before(letters, text, p) ||
           csi_letter_behind(letters, p, end)) {
        int size = p < end && letters ? csi_utf8_character(p, end) : 1;

        if (p == end)
            return false;
        p += size < 0 ? -size : size;
    }
    return true;
}
