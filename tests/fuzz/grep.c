/* SPDX-License-Identifier: MIT */
/* Lines searched together against each alone: the pattern is the first line. */
#define main unit_main
#include "../unit/test_match_lines.c"
#undef main

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *data = (const char *)bytes;
    const char *newline = memchr(data, '\n', size);
    char pattern[128];
    size_t length = newline ? (size_t)(newline - data) : 0;

    if (size > MOST || !newline || length >= sizeof(pattern))
        return 0;
    /* Two bytes at a text's start say that it is UTF-16, which is refused. */
    if (size - length > 1 && bytes[length + 1] >= 0xfe)
        return 0;
    random_state = seed_of(bytes, size);
    memcpy(pattern, data, length);
    pattern[length] = '\0';
    if (strlen(pattern) == length)
        check_pattern(pattern, newline + 1, size - length - 1);
    return 0;
}
