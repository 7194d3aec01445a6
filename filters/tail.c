/* SPDX-License-Identifier: MIT */
/*
 * tail: emits, unchanged and at the end, the last n records; with `by` the
 * last n of each group. They come out in the order in which they came in.
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
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many records",
     .example = "5"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct tail, by),
     .help = "the last n of each group of records that are the same in these "
             "fields",
     .example = "\"host\""},
    {.name = NULL},
};

/* A record that may be among the last: in a list of all of them by the order
   of the input, and in one of its group. */
struct kept {
    struct cosend_stage *stage;
    struct cosend_record record;
    struct kept *before, *after;
    struct kept *next_of_group;
};

struct group {
    int64_t count;
    struct kept *first, *last;
};

struct list {
    struct cosend_stage *stage;
    struct kept *first, *last;
};

static void append(struct list *list, struct kept *kept)
{
    kept->before = list->last;
    kept->after = NULL;
    *(list->last ? &list->last->after : &list->first) = kept;
    list->last = kept;
}

static void take_out(struct list *list, struct kept *kept)
{
    *(kept->before ? &kept->before->after : &list->first) = kept->after;
    *(kept->after ? &kept->after->before : &list->last) = kept->before;
}

static void release(void *memory)
{
    struct kept *kept = memory;

    cosend_release(kept->stage, &kept->record);
}

/* NULL, with the step failed, without memory. */
static struct kept *new_kept(struct cosend_stage *stage)
{
    struct kept *kept = cosend_stage_memory(stage, sizeof(*kept));

    if (!kept)
        return NULL;
    kept->stage = stage;
    return cosend_stage_defer(stage, release, kept) ? kept : NULL;
}

/* The place for one more record of a group: that of its oldest, or a new one.
   NULL, with the step failed, without memory. */
static struct kept *make_room(struct list *list, struct group *group, int64_t n)
{
    struct kept *kept = group->first;

    if (group->count < n) {
        group->count++;
        return new_kept(list->stage);
    }
    group->first = kept->next_of_group;
    take_out(list, kept);
    cosend_release(list->stage, &kept->record);
    return kept;
}

static bool keep(struct list *list, struct group *group, int64_t n,
                 const struct cosend_record *record)
{
    struct kept *kept = make_room(list, group, n);

    if (!kept || !cosend_keep(list->stage, record, &kept->record))
        return false;
    append(list, kept);
    kept->next_of_group = NULL;
    *(group->first ? &group->last->next_of_group : &group->first) = kept;
    group->last = kept;
    return true;
}

/* Of a batch without groups only its own last n can be among the last. */
static bool keep_batch(struct list *list, struct cosend_groups *groups,
                       const struct tail *tail,
                       const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);
    uint32_t i =
        !tail->by.count && tail->n < count ? count - (uint32_t)tail->n : 0;
    bool ok = true;

    for (; ok && i < count; i++) {
        struct cosend_record record = cosend_record_at(list->stage, i);
        struct group *group = cosend_group_of(groups, &record);

        ok = group && (!tail->n || keep(list, group, tail->n, &record));
    }
    return ok;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct tail *tail = memory;
    struct cosend_groups *groups =
        cosend_groups_new(self, tail->by, sizeof(struct group), NULL);
    struct list list = {.stage = self};
    const struct cosend_batch *batch;

    if (!groups)
        return COSEND_E_MEMORY;
    while ((batch = cosend_receive_batch(self)))
        if (!keep_batch(&list, groups, tail, batch))
            return COSEND_E_MEMORY;
    for (struct kept *kept = list.first; kept; kept = kept->after) {
        cosend_emit(self, &kept->record);
        cosend_release(self, &kept->record);
    }
    return 0;
}

const struct cosend_filter csi_filter_tail = {
    .name = "tail",
    .role = COSEND_FILTER,
    .summary = "Keep the last records",
    .details =
        "Emits, at the end of the input, the last n records, unchanged and in "
        "their order. With `by` it emits the last n records of each group, "
        "all in the order of the input. It holds n records, or n for each "
        "group.",
    .example = "grep ERROR | tail 5",
    .options_size = sizeof(struct tail),
    .options = options,
    .body = body,
};
