/* SPDX-License-Identifier: MIT */
/* What a pipeline makes, taken as one JSON array, since in how many batches
   records come is nobody's matter. */
#ifndef JOINED_BATCHES_H
#define JOINED_BATCHES_H

#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* For struct cosend_taker, whose context is a struct cosend_bytes. */
static int take_joined(const struct cosend_batch *batch, void *context)
{
    struct cosend_bytes *taken = context;
    size_t before = taken->length;

    cosend_put_json_batch(taken, batch);
    assert_false(taken->failed);
    if (!before)
        return COSEND_OK;
    /* "][" becomes ",". */
    assert_int_equal(taken->data[before - 1], ']');
    assert_int_equal(taken->data[before], '[');
    taken->data[before - 1] = ',';
    memmove(taken->data + before, taken->data + before + 1,
            --taken->length - before);
    return COSEND_OK;
}

#endif
