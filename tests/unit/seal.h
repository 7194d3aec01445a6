/* SPDX-License-Identifier: MIT */
/*
 * The checksum that saved states end with, made anew: for whoever damages
 * states on purpose, to reach the checks behind it. Include it behind cosend.h
 * and cmocka.h.
 */
#ifndef TEST_SEAL_H
#define TEST_SEAL_H

#include <xxhash.h>

enum { SEAL = 8 };

/* All of the bytes are the states, as yet without it; or with an old one. */
static inline void seal(struct cosend_bytes *states)
{
    cosend_put_u64(states, XXH3_64bits(states->data, states->length));
    assert_false(states->failed);
}

static inline void reseal(struct cosend_bytes *states)
{
    assert_true(states->length > SEAL);
    states->length -= SEAL;
    seal(states);
}

#endif
