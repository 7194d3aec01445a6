/* SPDX-License-Identifier: MIT */
/*
 * throttle: emits records, as they come, as long as they are not too many in a
 * time, of each group; what is too much is dropped, or bad, or waits.
 *
 * Each group has a bucket of tokens (Turner 1986), of which a record takes one.
 * It holds `burst`, is full at first, and gets `rate` of them in the time
 * `per`, evenly. All of that is counted in integers: a token is so many units
 * that a whole number of them comes in each nanosecond.
 *
 * By the clock a bucket that nobody took from for as long as it takes to fill
 * is full, as that of a new group is, and is forgotten: buckets are of two
 * ages, and what is old was not there since the younger began.
 *
 * A record that waits goes on at the time at which its token is there, and by
 * that time its bucket goes on too, though the clock that wakes it is coarse:
 * so the rate is as it was asked for. What is behind it waits as well, in the
 * batch in hand, in what is not read yet, and in whoever writes that.
 */
#include "cosend.h"

#include <stdio.h>

enum mode { MODE_DROP, MODE_REJECT, MODE_DELAY };

/* How late a wait may end, in ns, without that being lost: nobody's clock is
   better, but a reader who did not take anything for longer was a pause. */
enum { LATENESS = 20000000 };

struct throttle {
    int64_t rate, per, burst, max_keys;
    struct cosend_fields by;
    struct cosend_field time;
    struct cosend_string tz;
    int mode;
    /* Made by check: the units of a token and of a full bucket, those that come
       in a nanosecond, and the nanoseconds that fill it. */
    int64_t token, full, flow, filling;
    struct cosend_zone *zone;
};

static const char *const modes[] = {"drop", "reject", "delay", NULL};

static const struct cosend_option options[] = {
    {.name = "rate",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct throttle, rate),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .minimum = 1,
     .maximum = 1000000000,
     .help = "how many records go on in the time `per`",
     .example = "10"},
    {.name = "per",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct throttle, per),
     .flags = COSEND_SECOND,
     .fallback = "\"1s\"",
     .minimum = 1,
     .maximum = INT64_MAX / 4,
     .help = "the time in which so many go on",
     .example = "\"1m\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct throttle, by),
     .help = "so many of each group of records that are the same in these "
             "fields",
     .example = "[\"host\", \"status\"]"},
    {.name = "time",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct throttle, time),
     .help = "the field with each record's time, as `date` takes it by itself; "
             "without it the clock's",
     .example = "\"time\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct throttle, tz),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of times that are written without one",
     .example = "\"+01:00\""},
    {.name = "burst",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct throttle, burst),
     .minimum = 1,
     .maximum = 1000000000,
     .help = "how many may come at once, after a pause; without it, `rate`",
     .example = "20"},
    {.name = "mode",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct throttle, mode),
     .fallback = "\"drop\"",
     .choices = modes,
     .help = "drop what is too much, and tell at the end how many that were; "
             "or make it bad (throttled); or hold it back, and all that is "
             "behind it",
     .example = "\"delay\""},
    {.name = "max_keys",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct throttle, max_keys),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups there may be; more end the run; 0: any number",
     .example = "100000"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static int64_t greatest_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static void check(struct cosend_check *check, void *memory)
{
    struct throttle *throttle = memory;
    int64_t divisor = greatest_divisor(throttle->rate, throttle->per);

    throttle->zone = cosend_check_zone(check, "tz", &throttle->tz);
    if (!throttle->burst)
        throttle->burst = throttle->rate;
    if (cosend_check_given(check, "tz") && !cosend_has_field(throttle->time))
        cosend_check_error(check, "tz", "is for `time`");
    if (throttle->mode == MODE_DELAY && cosend_has_field(throttle->time))
        cosend_check_error(check, "mode",
                           "delay waits by the clock, and not by the times of "
                           "records: leave `time` out, or drop or reject");
    if (!divisor)
        return; /* a rate of none was reported */
    throttle->token = throttle->per / divisor;
    throttle->flow = throttle->rate / divisor;
    if (__builtin_mul_overflow(throttle->token, throttle->burst,
                               &throttle->full))
        cosend_check_error(
            check, cosend_check_given(check, "burst") ? "burst" : "rate",
            "%lld records, in a bucket that gets %lld in so long a time, are "
            "more than can be counted; round numbers are easier",
            (long long)throttle->burst, (long long)throttle->rate);
    else
        throttle->filling = throttle->full / throttle->flow +
                            (throttle->full % throttle->flow > 0);
}

static void release(void *memory)
{
    cosend_zone_free(((struct throttle *)memory)->zone);
}

/* ---- Buckets ------------------------------------------------------------- */

/* All zero is a full one that nobody took from. */
struct bucket {
    int64_t taken; /* units that it lacks */
    int64_t time;  /* when that was so */
};

struct work {
    struct cosend_stage *self;
    const struct throttle *throttle;
    struct cosend_bytes key;
    struct cosend_table *buckets;
    struct cosend_table *old; /* by the clock; or NULL */
    int64_t begun;            /* when `buckets` was made */
    int64_t due; /* when the record before this one could go on; 0: when it
                    came */
    uint64_t dropped;
    uint64_t hurried; /* the run was stopped: they do not wait any more */
};

static void free_work(void *memory)
{
    struct work *work = memory;

    cosend_bytes_free(&work->key);
    cosend_table_free(work->buckets);
    cosend_table_free(work->old);
}

/* What is old is full by now, and forgotten. False, with the step failed,
   without memory. */
static bool forget_full(struct work *work, int64_t now)
{
    struct cosend_table *fresh = cosend_table_new(sizeof(struct bucket), NULL);

    if (!fresh) {
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
        return false;
    }
    cosend_table_free(work->old);
    work->old = work->buckets;
    work->buckets = fresh;
    work->begun = now;
    return true;
}

/* NULL, with the step failed, without memory, or where there are too many. */
static struct bucket *bucket_of(struct work *work,
                                const struct cosend_record *record)
{
    const struct throttle *throttle = work->throttle;
    const struct cosend_fields none = {0, 0};
    const struct bucket *old;
    struct bucket *bucket;
    bool is_new;

    if (throttle->by.count &&
        !cosend_record_key(work->self, record, throttle->by, none, &work->key))
        return NULL;
    bucket = cosend_table_get(work->buckets, work->key.data, work->key.length,
                              &is_new);
    if (!bucket) {
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
        return NULL;
    }
    if (!is_new)
        return bucket;
    if (!cosend_groups_limit(work->self, cosend_table_count(work->buckets),
                             (uint64_t)throttle->max_keys))
        return NULL;
    old = work->old
              ? cosend_table_find(work->old, work->key.data, work->key.length)
              : NULL;
    if (old)
        *bucket = *old;
    return bucket;
}

/* Let come what comes in the time since, and take a token out, if there is
   one. */
static bool take_token(const struct throttle *throttle, struct bucket *bucket,
                       int64_t now)
{
    int64_t since, come;

    if (!bucket->taken) {
        bucket->time = now;
    } else if (now > bucket->time) {
        if (__builtin_sub_overflow(now, bucket->time, &since) ||
            __builtin_mul_overflow(since, throttle->flow, &come) ||
            come > bucket->taken)
            come = bucket->taken;
        bucket->taken -= come;
        bucket->time = now;
    }
    if (bucket->taken > throttle->full - throttle->token)
        return false;
    bucket->taken += throttle->token;
    return true;
}

/* Wait for a token, and take it. False where nothing can go on. */
static bool await_token(struct work *work, struct bucket *bucket, int64_t now)
{
    const struct throttle *throttle = work->throttle;
    int64_t lacks = bucket->taken - (throttle->full - throttle->token);
    int64_t due = now + (lacks - 1) / throttle->flow + 1;

    if (work->hurried || !cosend_wait_until(work->self, due)) {
        if (cosend_ended(work->self))
            return false;
        work->hurried++;
        return true;
    }
    work->due = due;
    return take_token(throttle, bucket, due);
}

/* ---- Body ---------------------------------------------------------------- */

/* False where the record is bad. */
static bool find_now(struct work *work, const struct cosend_record *record,
                     int64_t *now)
{
    struct cosend_time when;

    if (!cosend_has_field(work->throttle->time)) {
        *now = cosend_now(work->self);
        if (*now - work->due < LATENESS)
            *now = work->due;
        return true;
    }
    if (!cosend_time_of(work->self, record, work->throttle->time,
                        work->throttle->zone, &when))
        return false;
    *now = when.nanoseconds;
    return true;
}

/* Whether a record is so much before the latest of its group that nobody knows
   what was in the bucket then; it is bad. */
static bool is_late(struct work *work, const struct cosend_record *record,
                    const struct bucket *bucket, int64_t now)
{
    char behind[COSEND_DURATION_MAX];
    int64_t by;

    if (!bucket->taken || now >= bucket->time)
        return false;
    if (__builtin_sub_overflow(bucket->time, now, &by))
        by = INT64_MAX;
    if (by <= work->throttle->filling)
        return false;
    cosend_format_duration(by, behind);
    cosend_bad(work->self, record, "late",
               "it is %s behind the latest of its group, longer than a burst "
               "takes to come again; a step `sort` before puts times in order",
               behind);
    return true;
}

static void refuse(struct work *work, const struct cosend_record *record)
{
    const struct throttle *throttle = work->throttle;
    char per[COSEND_DURATION_MAX], burst[48] = "";

    if (throttle->mode == MODE_DROP) {
        work->dropped++;
        return;
    }
    cosend_format_duration(throttle->per, per);
    if (throttle->burst != throttle->rate)
        snprintf(burst, sizeof(burst), ", or %lld at once",
                 (long long)throttle->burst);
    cosend_bad(work->self, record, "throttled",
               "it is more than %lld in %s%s%s", (long long)throttle->rate, per,
               burst, throttle->by.count ? ", of its group" : "");
}

/* What is to be told at the end. */
static void tell(const struct work *work)
{
    if (work->dropped && cosend_ended(work->self) == COSEND_END_CLOSED)
        cosend_warn(work->self, "%llu record%s dropped, by mode=drop",
                    (unsigned long long)work->dropped,
                    work->dropped == 1 ? " was" : "s were");
    if (work->hurried)
        cosend_warn(work->self,
                    "the run was stopped: %llu record%s that waited went on "
                    "at once",
                    (unsigned long long)work->hurried,
                    work->hurried == 1 ? "" : "s");
}

/* False without memory. */
static bool start(struct cosend_stage *self, struct work *work)
{
    work->self = self;
    work->buckets = cosend_table_new(sizeof(struct bucket), NULL);
    work->begun = cosend_now(self);
    cosend_only_fields(self);
    if (!work->buckets)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return work->buckets;
}

/* False where nothing can go on. */
static bool take(struct work *work, struct cosend_record *record)
{
    const struct throttle *throttle = work->throttle;
    struct bucket *bucket;
    int64_t now;

    if (!find_now(work, record, &now))
        return true;
    if (!cosend_has_field(throttle->time) &&
        now - work->begun > throttle->filling && !forget_full(work, now))
        return false;
    bucket = bucket_of(work, record);
    if (!bucket || is_late(work, record, bucket, now))
        return true;
    if (take_token(throttle, bucket, now) ||
        (throttle->mode == MODE_DELAY && await_token(work, bucket, now)))
        cosend_emit(work->self, record);
    else if (throttle->mode != MODE_DELAY)
        refuse(work, record);
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    struct cosend_record record;

    if (!work || !cosend_stage_defer(self, free_work, work))
        return COSEND_E_MEMORY;
    work->throttle = memory;
    if (!start(self, work))
        return COSEND_E_MEMORY;
    while (cosend_receive(self, &record))
        if (!take(work, &record))
            return COSEND_E_MEMORY;
    tell(work);
    return 0;
}

const struct cosend_filter csi_filter_throttle = {
    .abi = COSEND_ABI,
    .name = "throttle",
    .role = COSEND_FILTER,
    .summary = "Let so many records a second go on, of each group",
    .details =
        "Emits records, unchanged, as they come, as long as there are not too "
        "many: each takes a token out of the bucket of its group, `burst` of "
        "which are there at first, and after a pause, and `rate` of which come "
        "in the time `per`, evenly. A record that finds none is dropped, and "
        "at the end it is told how many were, or with mode=reject it is bad "
        "(throttled). With mode=delay it waits for one, and all that is behind "
        "it waits too, of whatever group, in its order: nothing more is read, "
        "and whoever writes the input is held up; what went on is written at "
        "once. Where the run is stopped meanwhile, what was read goes on "
        "without waiting, and that is told. With `time` that is by the times "
        "of the records, and the "
        "same in each run; one that is earlier than the latest of its group "
        "counts as if it was as late, and is bad (late) where it is so much "
        "earlier that the bucket would have filled since; what is no time "
        "makes it bad (not_a_time). Without it the clock counts, when a record "
        "gets here. It sees records one after the other, in one thread. "
        "Memory: some bytes for each group there ever was; by the clock, for "
        "each there was in the time that fills a bucket.",
    .example = "parse combined | throttle 10 1m by=host time=time",
    .options_size = sizeof(struct throttle),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
};
