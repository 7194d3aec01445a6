/* SPDX-License-Identifier: MIT */
/* Numbers drawn by lot, the same in every run; and text that is put together to
   be compared. */
#ifndef CHANCE_H
#define CHANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint64_t random_state = 1;

/* xorshift64 (Marsaglia 2003); below `limit`. */
static inline unsigned draw(unsigned limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state % limit);
}

struct text {
    char data[160000];
    size_t length;
};

static inline void add(struct text *text, const char *data, size_t length)
{
    assert_true(text->length + length < sizeof(text->data));
    if (length)
        memcpy(text->data + text->length, data, length);
    text->length += length;
}

static inline int is_same(const struct text *a, const struct text *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

#endif
