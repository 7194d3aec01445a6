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
             "fields, as they are written (200 is not 200.0)",
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

/* What is published. */
struct list {
    struct cosend_stage *stage;
    struct cosend_groups *groups;
    int64_t n;
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
static struct kept *make_room(struct list *list, struct group *group)
{
    struct kept *kept = group->first;

    if (group->count < list->n) {
        group->count++;
        return new_kept(list->stage);
    }
    group->first = kept->next_of_group;
    take_out(list, kept);
    cosend_release(list->stage, &kept->record);
    return kept;
}

/* Take a record that is kept already; without memory it is let go. */
static bool add_kept(struct list *list, struct cosend_record *record)
{
    struct group *group = cosend_group_of(list->groups, record);
    struct kept *kept = group ? make_room(list, group) : NULL;

    if (!kept) {
        cosend_release(list->stage, record);
        return false;
    }
    kept->record = *record;
    append(list, kept);
    kept->next_of_group = NULL;
    *(group->first ? &group->last->next_of_group : &group->first) = kept;
    group->last = kept;
    return true;
}

static bool keep(struct list *list, const struct cosend_record *record)
{
    struct cosend_record kept;

    return cosend_keep(list->stage, record, &kept) && add_kept(list, &kept);
}

/* Of a batch without groups only its own last n can be among the last. */
static bool keep_batch(struct list *list, const struct tail *tail,
                       const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);
    uint32_t i =
        !tail->by.count && tail->n < count ? count - (uint32_t)tail->n : 0;
    bool ok = true;

    for (; ok && tail->n && i < count; i++) {
        struct cosend_record record = cosend_record_at(list->stage, i);

        ok = keep(list, &record);
    }
    return ok;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct tail *tail = memory;
    struct list list = {.stage = self, .n = tail->n};
    const struct cosend_batch *batch;

    list.groups = cosend_groups_new(self, tail->by, sizeof(struct group), NULL);
    if (!list.groups)
        return COSEND_E_MEMORY;
    cosend_publish(self, &list);
    while ((batch = cosend_receive_batch(self)))
        if (!keep_batch(&list, tail, batch))
            return COSEND_E_MEMORY;
    for (struct kept *kept = list.first; kept; kept = kept->after) {
        cosend_emit(self, &kept->record);
        cosend_release(self, &kept->record);
    }
    return 0;
}

/* ---- State --------------------------------------------------------------- */

static int save(const void *state, struct cosend_bytes *to)
{
    const struct list *list = state;
    uint64_t count = 0;

    for (const struct kept *kept = list->first; kept; kept = kept->after)
        count++;
    cosend_put_varint(to, count);
    for (const struct kept *kept = list->first; kept; kept = kept->after)
        cosend_put_record(to, &kept->record);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* What was saved came before what is kept here. */
static int merge(void *state, struct cosend_reader_bytes *from)
{
    struct list *list = state;
    uint64_t count = cosend_get_varint(from);

    if (list->first && count)
        return COSEND_E_USAGE;
    if (count && !list->n)
        return COSEND_E_TYPE;
    for (; count && !from->failed; count--) {
        struct cosend_record kept;
        int status = cosend_get_record(list->stage, from, &kept);

        if (status != COSEND_OK)
            return status;
        if (!add_kept(list, &kept))
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
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
    .save = save,
    .merge = merge,
};
