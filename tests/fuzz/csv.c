/* SPDX-License-Identifier: MIT */
/* The CSV reader, by rules drawn by lot and in chunks up to borders, against a
   model of one byte after the other. */
#define main unit_main
#include "../unit/test_csv_index.c"
#undef main

#include "fuzz.h"

#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *data = (const char *)bytes;

    /* A BOM is the reader's alone, and UTF-16's is refused. */
    if (!size || size > MOST / 2 || bytes[0] == 0xef || bytes[0] >= 0xfe)
        return 0;
    /* So is a line that names the delimiter. */
    if (size >= 4 && strncasecmp(data, "sep=", 4) == 0)
        return 0;
    random_state = seed_of(bytes, size);
    /* With bytes behind them that may be read. */
    memcpy(some, data, size);
    memset(some + size, '"', sizeof(some) - size);
    check_csv(some, size);
    return 0;
}
