/* SPDX-License-Identifier: MIT */
/* JSON lines whose shapes are remembered against each line alone. */
#define main unit_main
#include "../unit/test_json_shape.c"
#undef main

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *data = (const char *)bytes;

    if (!size || size > MOST / 4)
        return 0;
    /* A BOM is none but at the start of a file, which each line alone is. */
    if (memchr(data, '\xef', size) || memchr(data, '\xff', size) ||
        memchr(data, '\xfe', size))
        return 0;
    random_state = seed_of(bytes, size);
    check_lines(data, size);
    return 0;
}
