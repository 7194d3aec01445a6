/* SPDX-License-Identifier: MIT */
/* What is put into a heap in any order comes out in its own. */
#include "base/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chance.h"
#include "rounds.h"

enum { MOST = 40 };

static const char order[] = "whose";

struct item {
    uint64_t value;
    char more[20];
};

static bool is_less(const void *own, const void *a, const void *b)
{
    const struct item *one = a, *other = b;

    assert_ptr_equal(own, order);
    return one->value < other->value;
}

static void items_come_out_in_order(void **state)
{
    (void)state;
    for (int round = rounds_of(2000); round; round--) {
        struct item heap[MOST + 1] = {0};
        size_t count = 0, all = draw(MOST + 1);
        uint64_t sum = 0, last = 0;

        for (size_t i = 0; i < all; i++) {
            heap[count].value = draw(20);
            heap[count].more[19] = (char)heap[count].value;
            sum += heap[count].value;
            csi_heap_rise(heap, sizeof(*heap), count++, is_less, order);
        }
        while (count) {
            assert_true(heap[0].value >= last);
            assert_int_equal(heap[0].more[19], heap[0].value);
            last = heap[0].value;
            sum -= last;
            /* One in four goes on with a greater value. */
            if (draw(4)) {
                heap[0] = heap[--count];
            } else {
                heap[0].value += draw(3);
                heap[0].more[19] = (char)heap[0].value;
                sum += heap[0].value;
            }
            if (count)
                csi_heap_sink(heap, sizeof(*heap), count, 0, is_less, order);
        }
        assert_int_equal(sum, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_order)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
