/* SPDX-License-Identifier: MIT */
/*
 * tail: emits, unchanged and at the end, the last n records; with `by` the
 * last n of each group. They come out in the order in which they came in. A
 * negative n is all but the first n, as they come.
 */
#include "cosend.h"

struct tail {
    int64_t n;
    struct cosend_fields by;
};

static const struct cosend_option options[] = {
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct tail, n),
     .fallback = "10",
     .flags = COSEND_MAIN,
     .minimum = -INT64_MAX,
     .maximum = INT64_MAX,
     .help = "how many records; n=-5: all but the first 5",
     .example = "5"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct tail, by),
     .help = "the last n of each group of records that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct tail *tail = memory;

    if (tail->n >= 0)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
}

/* Of a batch without groups only its own last n can be among the last. */
static bool put_batch(struct cosend_stage *self, const struct tail *tail,
                      struct cosend_store *store, uint32_t count)
{
    uint32_t i =
        !tail->by.count && tail->n < count ? count - (uint32_t)tail->n : 0;

    for (; tail->n && i < count; i++) {
        struct cosend_record record = cosend_record_at(self, i);

        if (cosend_store_put(store, &record) < 0)
            return false;
    }
    return true;
}

static int all_but_first(struct cosend_stage *self, const struct tail *tail)
{
    struct cosend_groups *groups =
        cosend_groups_new(self, tail->by, sizeof(int64_t), NULL);
    struct cosend_record record;
    int64_t *passed;

    if (!groups)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    while (cosend_receive(self, &record) &&
           (passed = cosend_group_of(groups, &record)))
        if (*passed < -tail->n)
            ++*passed;
        else
            cosend_emit(self, &record);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct tail *tail = memory;
    struct cosend_store_options last = {
        .by = tail->by, .keep = (uint64_t)tail->n, .last = true};
    struct cosend_store *store;
    const struct cosend_batch *batch;

    if (tail->n < 0)
        return all_but_first(self, tail);
    store = cosend_store_new(self, &last);
    if (!store)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_publish(self, store);
    while ((batch = cosend_receive_batch(self)))
        if (!put_batch(self, tail, store, cosend_batch_count(batch)))
            return COSEND_E_MEMORY;
    cosend_store_emit(store);
    return 0;
}

static int save(const void *store, struct cosend_bytes *to)
{
    return cosend_store_save(store, to);
}

static int merge(void *store, struct cosend_reader_bytes *from)
{
    return cosend_store_merge(store, from);
}

const struct cosend_filter csi_filter_tail = {
    .abi = COSEND_ABI,
    .name = "tail",
    .role = COSEND_FILTER,
    .summary = "Keep the last records",
    .details =
        "Emits, at the end of the input, the last n records, unchanged and in "
        "their order. With `by` it emits the last n records of each group, "
        "all in the order of the input. It holds n records, or n for each "
        "group. A negative n, n=-5, is all but the first 5, as they come. "
        "Under "
        "--follow it prints when the run is ended, and what there is on "
        "SIGUSR1.",
    .example = "grep ERROR | tail 5",
    .options_size = sizeof(struct tail),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
};
