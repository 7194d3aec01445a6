/* SPDX-License-Identifier: MIT */
/*
 * dedup: emits one record of those that are the same, in some fields or as a
 * whole: the first, as it comes, or the last, at the end; with `count` how many
 * there were.
 *
 * Keys are in a table: of fields the cells, of whole records those of all their
 * fields, with the names where records may have others. 200 and "200" in JSON
 * are the same, as they are one group for count.
 */
#include "cosend.h"

#include <string.h>

enum scope { SCOPE_ALL, SCOPE_CONSECUTIVE, SCOPE_WINDOW };
enum keep { KEEP_FIRST, KEEP_LAST };
enum only { ONLY_ANY, ONLY_UNIQUE, ONLY_DUPLICATE };

struct dedup {
    struct cosend_fields fields;
    int scope, keep, only;
    struct cosend_string count;
    int64_t max_keys, window, ttl;
    struct cosend_field time;
};

static const char *const scopes[] = {"all", "consecutive", "window", NULL};
static const char *const keeps[] = {"first", "last", NULL};
static const char *const onlys[] = {"any", "unique", "duplicate", NULL};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct dedup, fields),
     .flags = COSEND_MAIN,
     .help = "records are the same that are so in these fields, as they are "
             "written (5 is not 05); without it in all",
     .example = "[\"host\", \"user\"]"},
    {.name = "scope",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct dedup, scope),
     .fallback = "\"all\"",
     .choices = scopes,
     .help = "among all records, among those that follow each other, as uniq "
             "has it, or among the latest `window` ones",
     .example = "\"consecutive\""},
    {.name = "keep",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct dedup, keep),
     .fallback = "\"first\"",
     .choices = keeps,
     .help = "which of those that are the same in `fields`",
     .example = "\"last\""},
    {.name = "count",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct dedup, count),
     .maximum = INT64_MAX,
     .help = "the name of a column to add: how many were the same; a field of "
             "that name is an error, in JSON lines a bad record (name_taken)",
     .example = "\"n\""},
    {.name = "only",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct dedup, only),
     .fallback = "\"any\"",
     .choices = onlys,
     .help = "only those that were there once, or only those that were more "
             "often",
     .example = "\"duplicate\""},
    {.name = "max_keys",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct dedup, max_keys),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "remember the latest so many keys at least, and twice as many at "
             "most, for streams that do not end; 0: all",
     .example = "1000000"},
    {.name = "window",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct dedup, window),
     .minimum = 1,
     .maximum = INT64_MAX / 2,
     .help = "drop a record that is the same as one of so many before it, and "
             "no other",
     .example = "1000"},
    {.name = "ttl",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct dedup, ttl),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "drop a record that is the same as one that came out so short a "
             "time ago; by the clock, or by `time`",
     .example = "\"5m\""},
    {.name = "time",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct dedup, time),
     .help = "with ttl: the field with each record's time, as time() in "
             "expressions takes it",
     .example = "\"ts\""},
    {.name = NULL},
};

/* Whether a record can go out before what follows is known. */
static bool is_at_once(const struct dedup *dedup)
{
    return dedup->keep == KEEP_FIRST && !dedup->count.length &&
           dedup->only == ONLY_ANY;
}

static void check_recent(struct cosend_check *check, const struct dedup *dedup)
{
    const char *option = dedup->window ? "window" : "ttl";

    if (dedup->scope == SCOPE_WINDOW && !dedup->window)
        cosend_check_error(check, "scope",
                           "needs `window`: of how many records");
    if (dedup->window && dedup->ttl)
        cosend_check_error(check, "ttl", "there is a `window` already");
    if ((dedup->window || dedup->ttl) &&
        (!is_at_once(dedup) || dedup->scope == SCOPE_CONSECUTIVE))
        cosend_check_error(check, option,
                           "is for records that go out as they come, without "
                           "keep=last, count, only and scope=consecutive");
    if (cosend_has_field(dedup->time) && !dedup->ttl)
        cosend_check_error(check, "time", "is for `ttl`");
}

static void check(struct cosend_check *check, void *memory)
{
    const struct dedup *dedup = memory;

    if (dedup->scope == SCOPE_ALL && !dedup->window && !dedup->ttl)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    for (uint32_t i = 0; i < dedup->fields.count; i++) {
        const char *name =
            cosend_check_field_name(check, cosend_nth(dedup->fields, i));

        if (name && dedup->count.length && strcmp(name, dedup->count.data) == 0)
            cosend_check_error(check, "count",
                               "\"%s\" is a field that records are the same "
                               "in; call the count otherwise",
                               name);
    }
    if (dedup->max_keys && (!is_at_once(dedup) || dedup->scope != SCOPE_ALL ||
                            dedup->window || dedup->ttl))
        cosend_check_error(check, "max_keys",
                           "is for the first of all records alone, without "
                           "keep=last, count, only, scope, window and ttl");
    check_recent(check, dedup);
    if (dedup->keep == KEEP_LAST && !dedup->fields.count)
        cosend_check_error(check, "keep",
                           "needs `fields`: records that are the same as a "
                           "whole are the same, first or last");
}

/* ---- Keys ---------------------------------------------------------------- */

static bool make_key(struct cosend_stage *self, const struct dedup *dedup,
                     const struct cosend_record *record,
                     struct cosend_bytes *key)
{
    return cosend_record_key(self, record, dedup->fields,
                             (struct cosend_fields){0, 0}, key);
}

static void free_key(void *key)
{
    cosend_bytes_free(key);
}

static void free_table(void *table)
{
    struct cosend_table **held = table;

    cosend_table_free(*held);
}

/* What lives as long as the stage. */
struct memory {
    struct cosend_bytes key, before;
    struct cosend_table *keys; /* uint64_t, how often */
    struct cosend_table *old;  /* with max_keys, window and ttl */
    uint64_t forgotten;
    int64_t begun, latest; /* with window and ttl: when `keys` was made */
};

static struct memory *make_memory(struct cosend_stage *self)
{
    struct memory *memory = cosend_stage_memory(self, sizeof(*memory));

    if (!memory || !cosend_stage_defer(self, free_key, &memory->key) ||
        !cosend_stage_defer(self, free_key, &memory->before) ||
        !cosend_stage_defer(self, free_table, &memory->keys) ||
        !cosend_stage_defer(self, free_table, &memory->old))
        return NULL;
    memory->keys = cosend_table_new(sizeof(uint64_t), NULL);
    if (memory->keys)
        return memory;
    cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return NULL;
}

/* How often the key in hand was there, to be counted on; NULL, with the step
   failed, without memory. */
static uint64_t *count_of(struct cosend_stage *self, struct memory *memory)
{
    uint64_t *count = cosend_table_get(memory->keys, memory->key.data,
                                       memory->key.length, NULL);

    if (!count)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return count;
}

/* ---- Of all records ------------------------------------------------------ */

/* What there is becomes old, and what was old is forgotten. False, with the
   step failed, without memory. */
static bool age(struct cosend_stage *self, struct memory *memory)
{
    struct cosend_table *fresh = cosend_table_new(sizeof(uint64_t), NULL);

    if (!fresh) {
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        return false;
    }
    if (memory->old)
        memory->forgotten += cosend_table_count(memory->old);
    cosend_table_free(memory->old);
    memory->old = memory->keys;
    memory->keys = fresh;
    return true;
}

static int first_of_all(struct cosend_stage *self, const struct dedup *dedup,
                        struct memory *memory)
{
    struct cosend_record record;
    uint64_t *count;

    while (cosend_receive(self, &record)) {
        bool known;

        if (!make_key(self, dedup, &record, &memory->key))
            return COSEND_E_MEMORY;
        known = memory->old && cosend_table_find(memory->old, memory->key.data,
                                                 memory->key.length);
        count = count_of(self, memory);
        if (!count)
            return COSEND_E_MEMORY;
        if (!(*count)++ && !known)
            cosend_emit(self, &record);
        if (dedup->max_keys &&
            cosend_table_count(memory->keys) >= (uint64_t)dedup->max_keys &&
            !age(self, memory))
            return COSEND_E_MEMORY;
    }
    if (memory->forgotten && cosend_ended(self) == COSEND_END_CLOSED)
        cosend_warn(self,
                    "%llu keys were forgotten by max_keys: records that are "
                    "the same, and far from each other, may have come out",
                    (unsigned long long)memory->forgotten);
    return 0;
}

/* ---- Of recent records --------------------------------------------------- */

/* When a record is there: its number, or its time. False where it is bad. */
static bool find_now(struct cosend_stage *self, const struct dedup *dedup,
                     const struct cosend_record *record, int64_t *now)
{
    struct cosend_time when;

    if (dedup->window) {
        ++*now;
        return true;
    }
    if (!cosend_has_field(dedup->time)) {
        *now = cosend_now(self);
        return true;
    }
    if (!cosend_time_of(self, record, dedup->time, NULL, &when))
        return false;
    *now = when.nanoseconds;
    return true;
}

static bool is_within(const struct dedup *dedup, int64_t then, int64_t now)
{
    uint64_t span = (uint64_t)(dedup->window ? dedup->window : dedup->ttl);

    return now < then || (uint64_t)now - (uint64_t)then <= span;
}

/* When the key in hand was there last, in *then, and it is from now on where
   that is not of late, or is a window's. Returns whether it was of late; 0 and
   1, or an error. */
static int was_of_late(struct cosend_stage *self, const struct dedup *dedup,
                       struct memory *memory, int64_t now)
{
    const struct cosend_bytes *key = &memory->key;
    const uint64_t *old;
    uint64_t *then;
    bool fresh, late;

    if (memory->latest < now)
        memory->latest = now;
    if (!is_within(dedup, memory->begun, memory->latest)) {
        memory->begun = memory->latest;
        if (!age(self, memory))
            return COSEND_E_MEMORY;
    }
    then = cosend_table_get(memory->keys, key->data, key->length, &fresh);
    if (!then)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    old = fresh && memory->old
              ? cosend_table_find(memory->old, key->data, key->length)
              : NULL;
    if (old)
        *then = *old;
    late = (!fresh || old) && is_within(dedup, (int64_t)*then, now);
    if (!late || dedup->window)
        *then = (uint64_t)now;
    return late;
}

/* Keys are of two ages: what is old was not there since the younger began,
   which is longer ago than the span where these become old. */
static int first_of_late(struct cosend_stage *self, const struct dedup *dedup,
                         struct memory *memory)
{
    struct cosend_record record;
    int64_t now = 0;
    int late;

    for (bool begun = false; cosend_receive(self, &record);) {
        if (!find_now(self, dedup, &record, &now))
            continue;
        if (!begun)
            memory->begun = memory->latest = now;
        begun = true;
        if (!make_key(self, dedup, &record, &memory->key))
            return COSEND_E_MEMORY;
        late = was_of_late(self, dedup, memory, now);
        if (late < 0)
            return late;
        if (!late)
            cosend_emit(self, &record);
    }
    return 0;
}

/* ---- Counted ------------------------------------------------------------- */

/* Whether `count` replaces no field of a record; it is bad, or all are, if it
   does. */
static bool has_room(struct cosend_stage *self, const struct dedup *dedup,
                     const struct cosend_record *record)
{
    const struct cosend_fields none = {0, 0};

    return !dedup->count.length ||
           cosend_name_free(self, record, dedup->count.data, none,
                            "count=NAME takes another name");
}

/* Emit a record of those that were so often, if that is asked for. */
static void emit_counted(struct cosend_stage *self, const struct dedup *dedup,
                         struct cosend_column column, uint64_t count,
                         struct cosend_record *record)
{
    if ((dedup->only == ONLY_UNIQUE && count != 1) ||
        (dedup->only == ONLY_DUPLICATE && count == 1))
        return;
    if (dedup->count.length)
        cosend_set_integer(self, column, (int64_t)count);
    cosend_emit(self, record);
}

/* The store has one of each key: the first ones, or by their fields the last
   ones. */
static int counted_of_all(struct cosend_stage *self, const struct dedup *dedup,
                          struct memory *memory, struct cosend_column column)
{
    bool last = dedup->keep == KEEP_LAST;
    struct cosend_store_options kept = {0};
    struct cosend_store *store;
    struct cosend_record record;
    uint64_t *count;

    if (last) {
        kept.by = dedup->fields;
        kept.keep = 1;
        kept.last = true;
    }
    store = cosend_store_new(self, &kept);
    if (!store)
        return COSEND_E_MEMORY;
    while (cosend_receive(self, &record)) {
        if (!has_room(self, dedup, &record))
            continue;
        if (!make_key(self, dedup, &record, &memory->key))
            return COSEND_E_MEMORY;
        count = count_of(self, memory);
        if (!count)
            return COSEND_E_MEMORY;
        if ((!(*count)++ || last) && cosend_store_put(store, &record) < 0)
            return COSEND_E_MEMORY;
    }
    while (cosend_store_next(store, &record)) {
        if (!make_key(self, dedup, &record, &memory->key))
            return COSEND_E_MEMORY;
        count = count_of(self, memory);
        if (!count)
            return COSEND_E_MEMORY;
        emit_counted(self, dedup, column, *count, &record);
    }
    return 0;
}

/* ---- Of those that follow each other ------------------------------------- */

/* Whether the key in hand is that of the record before; it is from now on. */
static bool is_as_before(struct memory *memory, bool any)
{
    struct cosend_bytes swap = memory->before;
    bool same =
        any && memory->key.length == swap.length &&
        (!swap.length || memcmp(memory->key.data, swap.data, swap.length) == 0);

    memory->before = memory->key;
    memory->key = swap;
    return same;
}

static int first_of_run(struct cosend_stage *self, const struct dedup *dedup,
                        struct memory *memory)
{
    struct cosend_record record;

    for (bool any = false; cosend_receive(self, &record); any = true) {
        if (!make_key(self, dedup, &record, &memory->key))
            return COSEND_E_MEMORY;
        if (!is_as_before(memory, any))
            cosend_emit(self, &record);
    }
    return 0;
}

/* A record is held until one comes that differs. */
static int counted_of_run(struct cosend_stage *self, const struct dedup *dedup,
                          struct memory *memory, struct cosend_column column)
{
    struct cosend_record record, held;
    uint64_t count = 0;

    while (cosend_receive(self, &record)) {
        if (!has_room(self, dedup, &record))
            continue;
        if (!make_key(self, dedup, &record, &memory->key))
            return COSEND_E_MEMORY;
        if (is_as_before(memory, count > 0)) {
            count++;
            if (dedup->keep == KEEP_FIRST)
                continue;
        } else {
            if (count)
                emit_counted(self, dedup, column, count, &held);
            if (count)
                cosend_release(self, &held);
            count = 0;
        }
        if (count)
            cosend_release(self, &held);
        if (!cosend_keep(self, &record, &held))
            return COSEND_E_MEMORY;
        count += !count;
    }
    if (count && cosend_ended(self) == COSEND_END_CLOSED)
        emit_counted(self, dedup, column, count, &held);
    if (count)
        cosend_release(self, &held);
    return 0;
}

static int body(struct cosend_stage *self, void *own)
{
    const struct dedup *dedup = own;
    struct memory *memory = make_memory(self);
    struct cosend_column column = {0};
    bool run = dedup->scope == SCOPE_CONSECUTIVE;

    if (!memory)
        return COSEND_E_MEMORY;
    if (dedup->fields.count)
        cosend_only_fields(self);
    if (dedup->count.length)
        column = cosend_add_column(self, dedup->count.data);
    if (dedup->window || dedup->ttl)
        return first_of_late(self, dedup, memory);
    if (is_at_once(dedup))
        return run ? first_of_run(self, dedup, memory)
                   : first_of_all(self, dedup, memory);
    return run ? counted_of_run(self, dedup, memory, column)
               : counted_of_all(self, dedup, memory, column);
}

const struct cosend_filter csi_filter_dedup = {
    .abi = COSEND_ABI,
    .name = "dedup",
    .aliases = "dedupe uniq",
    .role = COSEND_FILTER,
    .summary = "Keep one of the records that are the same",
    .details =
        "Emits the first record of those that are the same, unchanged, as it "
        "comes. With keep=last, `count` or `only` it emits at the end of the "
        "input, in the order of the records that are kept; with "
        "scope=consecutive when one comes that differs. Cells are the same "
        "that have the same text: 5 and 05 differ, 200 and \"200\" in JSON do "
        "not, and absent, null and empty are three. Whole records of JSON are "
        "the same only with their fields in the same order. Memory: the key of "
        "each that differs, and where it emits at the end a record of each; of "
        "those that follow each other, one. It sees records one after the "
        "other, in one thread. Under --follow it emits as records come, and at "
        "the end what waits for that; bound its memory by max_keys, or by "
        "`window` or `ttl`, with which a record comes out again when its like "
        "was not there for so many records, or came out so long ago: they "
        "remember the keys of twice that. By `time` a record that comes late "
        "is the same as one behind it.",
    .example = "parse combined | dedup host,path",
    .options_size = sizeof(struct dedup),
    .options = options,
    .body = body,
    .check = check,
};
