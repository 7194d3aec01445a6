/* SPDX-License-Identifier: MIT */
/*
 * Lists of patterns against each of them alone: as many lines of the input as
 * its first byte says are patterns, the rest is the text. To one list in three
 * hundreds of strings are added that begin as parts of the text do.
 */
#define main unit_main
#include "../unit/test_pattern_list.c"
#undef main

#include "fuzz.h"

static void add_parts(struct list *list, const char *text, size_t length)
{
    while (list->count < MOST_PATTERNS) {
        char part[LONGEST];
        size_t at = draw((unsigned)length);
        size_t size = 1 + draw(draw(9) ? 10 : LONGEST - 1);

        if (size > length - at)
            size = length - at;
        memcpy(part, text + at, size);
        if (draw(4))
            part[size - 1] = (char)('a' + (int)draw(26));
        for (size_t i = 0; i < size; i++)
            if (part[i] == '\n')
                part[i] = 'n';
        add_pattern(list, part, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct list list;
    const char *p = (const char *)bytes + 1, *end = (const char *)bytes + size;
    unsigned patterns;

    if (size < 2 || size > MOST_TEXT)
        return 0;
    random_state = seed_of(bytes, size);
    list.count = list.used = 0;
    for (patterns = 1 + bytes[0] % 16; patterns && p < end; patterns--) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;

        if (stop - p > LONGEST)
            return 0;
        add_pattern(&list, p, (size_t)(stop - p));
        p = newline ? newline + 1 : end;
    }
    /* Two bytes at a text's start say that it is UTF-16, which is refused. */
    if (end - p > 1 && (unsigned char)*p >= 0xfe)
        return 0;
    if (p < end && !draw(3))
        add_parts(&list, p, (size_t)(end - p));
    if (list.count)
        check_list(&list, p, (size_t)(end - p));
    return 0;
}
