/* SPDX-License-Identifier: MIT */
/* A filter that is a store and nothing else: all its options, as JSON has
   them. In several threads it is called order_parallel. */
#ifndef CSI_TEST_ORDER_H
#define CSI_TEST_ORDER_H

#include "cosend.h"

enum { ORDER_KEYS = 4 };

struct order {
    struct cosend_fields key, by;
    bool down[ORDER_KEYS]; /* each other one of the key */
    bool descending, last, unique;
    int64_t memory, keep;
    struct cosend_string directory;
};

#define ORDER_ROW(type_name, member)                                           \
    {                                                                          \
        .name = #member, .type = COSEND_OPTION_##type_name,                    \
        .offset = offsetof(struct order, member), .maximum = INT64_MAX,        \
        .help = "as in cosend/store.h"                                         \
    }

static const struct cosend_option order_options[] = {
    ORDER_ROW(FIELDS, key),
    ORDER_ROW(FIELDS, by),
    ORDER_ROW(BOOL, descending),
    ORDER_ROW(BOOL, last),
    ORDER_ROW(BOOL, unique),
    ORDER_ROW(INT, memory),
    ORDER_ROW(INT, keep),
    ORDER_ROW(STRING, directory),
    {.name = NULL},
};

static void order_check(struct cosend_check *check, void *memory)
{
    struct order *order = memory;

    (void)check;
    for (int i = 0; i < ORDER_KEYS; i++)
        order->down[i] = order->descending && i % 2 == 0;
}

static int order_body(struct cosend_stage *self, void *memory)
{
    const struct order *order = memory;
    struct cosend_store_options options = {
        .key = order->key,
        .by = order->by,
        .descending = order->descending ? order->down : NULL,
        .memory = (uint64_t)order->memory,
        .directory = order->directory.data,
        .keep = (uint64_t)order->keep,
        .last = order->last,
        .unique = order->unique};
    struct cosend_store *store = cosend_store_new(self, &options);
    struct cosend_record record;

    if (!store)
        return COSEND_E_MEMORY;
    cosend_publish(self, store);
    while (cosend_receive(self, &record))
        if (cosend_store_put(store, &record) < 0)
            return COSEND_E_MEMORY;
    while (cosend_store_next(store, &record))
        cosend_emit(self, &record);
    return 0;
}

static int order_save(const void *store, struct cosend_bytes *to)
{
    return cosend_store_save(store, to);
}

static int order_merge(void *store, struct cosend_reader_bytes *from)
{
    return cosend_store_merge(store, from);
}

#define ORDER_FILTER(called, how)                                              \
    {                                                                          \
        .abi = COSEND_ABI, .name = called, .summary = "a store",               \
        .options = order_options, .options_size = sizeof(struct order),        \
        .check = order_check, .body = order_body, .save = order_save,          \
        .merge = order_merge, .parallel = how                                  \
    }

#endif
