/* SPDX-License-Identifier: MIT */
/*
 * head: emits, unchanged and as they come, the first n records; with `by` the
 * first n of each group.
 */
#include "cosend.h"

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
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many records",
     .example = "5"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct head, by),
     .help = "the first n of each group of records that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = NULL},
};

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

static int body(struct cosend_stage *self, void *memory)
{
    const struct head *head = memory;
    struct cosend_record record;

    cosend_only_fields(self);
    if (head->by.count)
        return first_of_groups(self, head);
    for (int64_t left = head->n; left && cosend_receive(self, &record); left--)
        cosend_emit(self, &record);
    return 0;
}

const struct cosend_filter csi_filter_head = {
    .name = "head",
    .role = COSEND_FILTER,
    .summary = "Keep the first records",
    .details =
        "Emits the first n records, unchanged, as they come. Then it has "
        "enough, and the steps before it end too: no more input is read than "
        "they need. With `by` it emits the first n records of each group and "
        "sees all of the input; it holds one counter for each group.",
    .example = "grep ERROR | head 5",
    .options_size = sizeof(struct head),
    .options = options,
    .body = body,
};
