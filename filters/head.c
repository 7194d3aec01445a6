/* SPDX-License-Identifier: MIT */
/*
 * head: emits, unchanged and as they come, the first n records; with `by` the
 * first n of each group. A negative n is all but the last n.
 */
#include "cosend.h"

#include <string.h>

struct head {
    int64_t n;
    struct cosend_fields by;
};

static const struct cosend_option options[] = {
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct head, n),
     .fallback = "10",
     .flags = COSEND_MAIN,
     .minimum = -(INT64_C(1) << 40),
     .maximum = INT64_MAX,
     .help = "how many records; n=-5: all but the last 5",
     .example = "5"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct head, by),
     .help = "the first n of each group of records that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct head *head = memory;

    if (head->n >= 0)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    else if (head->by.count)
        cosend_check_endless(check, COSEND_GROWS, NULL);
}

static int first_of_groups(struct cosend_stage *self, const struct head *head)
{
    struct cosend_groups *groups =
        cosend_groups_new(self, head->by, sizeof(int64_t), NULL);
    struct cosend_record record;
    int64_t *taken;

    if (!groups)
        return COSEND_E_MEMORY;
    while (cosend_receive(self, &record) &&
           (taken = cosend_group_of(groups, &record)))
        if (*taken < head->n) {
            ++*taken;
            cosend_emit(self, &record);
        }
    return 0;
}

/* Each goes out when so many have come behind it. */
static int all_but_last(struct cosend_stage *self, uint64_t last)
{
    struct cosend_record *ring = NULL, record;
    uint64_t size = 0, at = 0;

    while (cosend_receive(self, &record)) {
        struct cosend_record *grown;

        if (at < last && at == size) {
            size = 2 * size + 16 < last ? 2 * size + 16 : last;
            grown = cosend_stage_memory(self, size * sizeof(*ring));
            if (!grown)
                return COSEND_E_MEMORY;
            if (at)
                memcpy(grown, ring, at * sizeof(*ring));
            ring = grown;
        }
        if (at >= last)
            cosend_emit(self, &ring[at % last]);
        if (at >= last)
            cosend_release(self, &ring[at % last]);
        if (!cosend_keep(self, &record, &ring[at % last]))
            return COSEND_E_MEMORY;
        at++;
    }
    for (uint64_t i = at < last ? 0 : at - last; i < at; i++)
        cosend_release(self, &ring[i % last]);
    return 0;
}

/* What each group has is known at the end. */
static int all_but_last_of_groups(struct cosend_stage *self,
                                  const struct head *head)
{
    static const struct cosend_store_options all = {.memory = 0};
    struct cosend_groups *groups =
        cosend_groups_new(self, head->by, sizeof(int64_t), NULL);
    struct cosend_store *store = cosend_store_new(self, &all);
    struct cosend_record record;
    int64_t *left;

    if (!groups || !store)
        return COSEND_E_MEMORY;
    while (cosend_receive(self, &record)) {
        left = cosend_group_of(groups, &record);
        if (!left || cosend_store_put(store, &record) < 0)
            return COSEND_E_MEMORY;
        ++*left;
    }
    while (cosend_store_next(store, &record)) {
        left = cosend_group_of(groups, &record);
        if (!left)
            return COSEND_E_MEMORY;
        if ((*left)-- > -head->n)
            cosend_emit(self, &record);
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct head *head = memory;
    struct cosend_record record;

    cosend_only_fields(self);
    if (head->n < 0)
        return head->by.count ? all_but_last_of_groups(self, head)
                              : all_but_last(self, (uint64_t)-head->n);
    if (head->by.count)
        return first_of_groups(self, head);
    for (int64_t left = head->n; left && cosend_receive(self, &record); left--)
        cosend_emit(self, &record);
    return 0;
}

const struct cosend_filter csi_filter_head = {
    .abi = COSEND_ABI,
    .name = "head",
    .role = COSEND_FILTER,
    .summary = "Keep the first records",
    .details =
        "Emits the first n records, unchanged, as they come. Then it has "
        "enough, and the steps before it end too: no more input is read than "
        "they need. With `by` it emits the first n records of each group and "
        "sees all of the input; it holds one counter for each group. A "
        "negative n, n=-5, is all but the last 5: each record goes out when 5 "
        "more have come, and with `by` at the end, and all are held until "
        "then, which --follow refuses.",
    .example = "grep ERROR | head 5",
    .options_size = sizeof(struct head),
    .options = options,
    .body = body,
    .check = check,
};
