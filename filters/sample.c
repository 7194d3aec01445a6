/* SPDX-License-Identifier: MIT */
/*
 * sample: emits, unchanged, some records: each nth, or a part of them by
 * chance, as they come; or so many by chance, at the end.
 *
 * Chance is a hash (the finalizer of SplitMix64) of the seed and of a record's
 * number, or of its fields in `key`, and so the same each time.
 */
#include "cosend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample {
    int64_t every, reservoir, seed;
    double rate;
    struct cosend_fields key, by;
    char note[32]; /* for --stats */
};

static const struct cosend_option options[] = {
    {.name = "rate",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct sample, rate),
     .flags = COSEND_MAIN,
     .minimum = 0,
     .maximum = 1,
     .help = "the part that is kept, each record by chance",
     .example = "0.01"},
    {.name = "every",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct sample, every),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "each nth record in place of a part",
     .example = "100"},
    {.name = "reservoir",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct sample, reservoir),
     .minimum = 1,
     .maximum = INT64_C(1) << 32,
     .help = "so many records by chance, each as likely, in place of a part",
     .example = "1000"},
    {.name = "key",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct sample, key),
     .help = "with `rate`: records that are the same in these fields are kept "
             "all or none",
     .example = "\"session\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct sample, by),
     .help = "with `every` and `reservoir`: of each group of records that are "
             "the same in these fields",
     .example = "\"host\""},
    {.name = "seed",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct sample, seed),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "another number is another sample; without it 0, each time",
     .example = "42"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct sample *sample = memory;
    bool rate = cosend_check_given(check, "rate");

    snprintf(sample->note, sizeof(sample->note), "seed %lld",
             (long long)sample->seed);
    if (sample->reservoir)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    if (rate + (sample->every > 0) + (sample->reservoir > 0) != 1)
        cosend_check_error(check, "rate",
                           "needs one of rate, every and reservoir");
    else if (sample->key.count && !rate)
        cosend_check_error(check, "key", "is for rate alone");
    else if (sample->by.count && rate)
        cosend_check_error(check, "by",
                           "is for every and reservoir; rate takes key");
}

/* ---- Chance -------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint64_t chance_of_key(const struct sample *sample,
                              const struct cosend_record *record)
{
    uint64_t hash = mix((uint64_t)sample->seed);

    for (uint32_t i = 0; i < sample->key.count; i++) {
        struct cosend_cell cell =
            cosend_field(record, cosend_nth(sample->key, i));
        unsigned kind = cell.kind > COSEND_TEXT ? COSEND_TEXT : cell.kind;

        hash = mix(hash ^ kind) + cell.length;
        for (uint32_t at = 0; at < cell.length; at++)
            hash =
                (hash ^ (unsigned char)cell.data[at]) * UINT64_C(0x100000001b3);
        hash = mix(hash);
    }
    return hash;
}

static void keep_part(struct cosend_stage *self, const struct sample *sample)
{
    const double whole = 18446744073709551616.0; /* 2^64 */
    struct cosend_record record;

    for (uint64_t number = 0; cosend_receive(self, &record); number++) {
        uint64_t chance = sample->key.count
                              ? chance_of_key(sample, &record)
                              : mix(mix((uint64_t)sample->seed) + number);

        if ((double)(chance >> 11 << 11) < sample->rate * whole)
            cosend_emit(self, &record);
    }
}

static int keep_every(struct cosend_stage *self, const struct sample *sample)
{
    struct cosend_groups *groups =
        cosend_groups_new(self, sample->by, sizeof(int64_t), NULL);
    struct cosend_record record;
    int64_t *count;

    if (!groups)
        return COSEND_E_MEMORY;
    while (cosend_receive(self, &record) &&
           (count = cosend_group_of(groups, &record)))
        if (++*count == sample->every) {
            *count = 0;
            cosend_emit(self, &record);
        }
    return 0;
}

/* ---- A reservoir --------------------------------------------------------- */

/* The records with the least chances, a heap with the greatest of them on top:
   each set of so many records is as likely as any other. */
struct chosen {
    uint64_t chance, number;
    struct cosend_record record;
};

struct reservoir {
    struct chosen *all;
    size_t count, capacity;
};

static void swap(struct chosen *a, struct chosen *b)
{
    struct chosen was = *a;

    *a = *b;
    *b = was;
}

static void sift_up(struct reservoir *reservoir, size_t i)
{
    struct chosen *all = reservoir->all;

    for (; i && all[(i - 1) / 2].chance < all[i].chance; i = (i - 1) / 2)
        swap(&all[(i - 1) / 2], &all[i]);
}

static void sift_down(struct reservoir *reservoir)
{
    struct chosen *all = reservoir->all;

    for (size_t i = 0, child; (child = 2 * i + 1) < reservoir->count;
         i = child) {
        child += child + 1 < reservoir->count &&
                 all[child + 1].chance > all[child].chance;
        if (all[child].chance <= all[i].chance)
            return;
        swap(&all[child], &all[i]);
    }
}

/* Take a record in, in place of another where it is full. False, with the step
   failed, without memory. */
static bool take(struct cosend_stage *self, const struct sample *sample,
                 struct reservoir *reservoir, struct chosen *one)
{
    bool full = reservoir->count == (size_t)sample->reservoir;
    struct cosend_record record = one->record;

    if (full && one->chance >= reservoir->all[0].chance)
        return true;
    if (!full && reservoir->count == reservoir->capacity) {
        size_t capacity = 2 * reservoir->capacity + 16;
        struct chosen *all = cosend_stage_memory(self, capacity * sizeof(*all));

        if (!all)
            return false;
        if (reservoir->count)
            memcpy(all, reservoir->all, reservoir->count * sizeof(*all));
        reservoir->all = all;
        reservoir->capacity = capacity;
    }
    if (!cosend_keep(self, &record, &one->record))
        return false;
    if (full) {
        cosend_release(self, &reservoir->all[0].record);
        reservoir->all[0] = *one;
        sift_down(reservoir);
        return true;
    }
    reservoir->all[reservoir->count] = *one;
    sift_up(reservoir, reservoir->count++);
    return true;
}

static int by_number(const void *left, const void *right)
{
    const struct chosen *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

/* All groups' in the order of the input. */
static int emit_chosen(struct cosend_stage *self, struct cosend_groups *groups)
{
    struct cosend_group group = {0};
    struct chosen *all;
    size_t count = 0;

    while (cosend_groups_next(groups, &group))
        count += ((struct reservoir *)group.value)->count;
    all = cosend_stage_memory(self, (count + 1) * sizeof(*all));
    if (!all)
        return COSEND_E_MEMORY;
    count = 0;
    group = (struct cosend_group){0};
    while (cosend_groups_next(groups, &group)) {
        const struct reservoir *reservoir = group.value;

        for (size_t i = 0; i < reservoir->count; i++)
            all[count++] = reservoir->all[i];
    }
    qsort(all, count, sizeof(*all), by_number);
    for (size_t i = 0; i < count; i++) {
        if (cosend_ended(self) == COSEND_END_CLOSED)
            cosend_emit(self, &all[i].record);
        cosend_release(self, &all[i].record);
    }
    return 0;
}

static int fill_reservoirs(struct cosend_stage *self,
                           const struct sample *sample)
{
    struct cosend_groups *groups =
        cosend_groups_new(self, sample->by, sizeof(struct reservoir), NULL);
    struct chosen one = {.number = 0};

    if (!groups)
        return COSEND_E_MEMORY;
    for (; cosend_receive(self, &one.record); one.number++) {
        struct reservoir *reservoir = cosend_group_of(groups, &one.record);

        one.chance = mix(mix((uint64_t)sample->seed) + one.number);
        if (!reservoir || !take(self, sample, reservoir, &one))
            return COSEND_E_MEMORY;
    }
    return emit_chosen(self, groups);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct sample *sample = memory;

    cosend_only_fields(self);
    if (sample->every)
        return keep_every(self, sample);
    cosend_set_note(self, sample->note);
    if (sample->reservoir)
        return fill_reservoirs(self, sample);
    keep_part(self, sample);
    return 0;
}

const struct cosend_filter csi_filter_sample = {
    .abi = COSEND_ABI,
    .name = "sample",
    .role = COSEND_FILTER,
    .summary = "Keep some records: each nth, a part, or so many by chance",
    .details =
        "Emits some of the records, unchanged, in the order of the input: with "
        "`rate` each by chance, or with `key` all or none of those that are "
        "the same in some fields, as they come; with `every` each nth, as they "
        "come; with `reservoir` so many, each as likely as any other, at the "
        "end. The same input and seed make the same sample, in any run, and "
        "--stats says which seed it was. "
        "Memory: none, but a reservoir's records, and with `by` a counter or a "
        "reservoir for each group. It sees records one after the other, in one "
        "thread. Under --follow a reservoir waits for the end.",
    .example = "parse combined | sample 0.1 key=host",
    .options_size = sizeof(struct sample),
    .options = options,
    .body = body,
    .check = check,
};
