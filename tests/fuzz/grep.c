/* SPDX-License-Identifier: MIT */
/* Lines searched together against each alone: the pattern is the first line. */
#define main unit_main
#include "../unit/test_match_lines.c"
#undef main

#include "fuzz.h"

#include <ctype.h>

enum { MOST_PATTERN = 128, CHOICES = 2 * CSI_TEDDY_MOST, LONGEST_CHOICE = 6 };

/* More strings than our own search takes, of those that are in the text. */
static void add_choices(char *pattern, const char *text, size_t length)
{
    char *to = pattern + strlen(pattern);

    for (unsigned i = 0; i < CHOICES; i++) {
        size_t at = draw((unsigned)length), size = 2 + draw(LONGEST_CHOICE - 1);

        *to++ = '|';
        for (; size && at < length; size--, at++)
            *to++ = isalnum((unsigned char)text[at]) ? text[at] : 'b';
        *to++ = 'a';
    }
    *to = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *data = (const char *)bytes;
    const char *newline = memchr(data, '\n', size);
    char pattern[MOST_PATTERN + CHOICES * (LONGEST_CHOICE + 2)];
    size_t length = newline ? (size_t)(newline - data) : 0;

    if (size > MOST || !newline || length >= MOST_PATTERN)
        return 0;
    /* Two bytes at a text's start say that it is UTF-16, which is refused. */
    if (size - length > 1 && bytes[length + 1] >= 0xfe)
        return 0;
    random_state = seed_of(bytes, size);
    memcpy(pattern, data, length);
    pattern[length] = '\0';
    if (strlen(pattern) != length)
        return 0;
    if (length + 1 < size && !draw(4))
        add_choices(pattern, newline + 1, size - length - 1);
    check_pattern(pattern, newline + 1, size - length - 1);
    return 0;
}
