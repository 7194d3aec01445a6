/* SPDX-License-Identifier: MIT */
/*
 * How many rounds a test by lot makes. What looks at each access to memory
 * takes ten to fifty times as long, and is there for what a round does to
 * memory, which is much the same in most of them: tests/units says by
 * COSEND_TEST_PERCENT how many of the usual ones are made then.
 */
#ifndef TESTS_ROUNDS_H
#define TESTS_ROUNDS_H

#include <stdlib.h>

static inline int rounds_of(int usual)
{
    const char *percent = getenv("COSEND_TEST_PERCENT");

    return percent ? (int)((long)usual * atoi(percent) / 100) : usual;
}

#endif
