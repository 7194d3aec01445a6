/* SPDX-License-Identifier: MIT */
/*
 * sort: emits all records at the end, unchanged, in the order of some fields,
 * and of the input where these are the same. Beyond its memory it sorts on
 * disk.
 */
#include "cosend.h"

#include <stdio.h>
#include <string.h>

enum nulls { NULLS_INHERIT, NULLS_LAST, NULLS_FIRST };

/* How cells are compared, of one key or of all. */
struct manner {
    bool desc, numeric, natural, fold, text;
    int nulls;
};

struct key {
    struct cosend_string key, field;
    struct manner manner;
};

struct sort {
    struct cosend_list by;
    struct manner manner;
    bool unique;
    int64_t limit, memory;
    struct cosend_string tmp;
    struct cosend_fields fields; /* of `by`, made by check */
};

#define MANNER_FLAG(name_, help_)                                              \
    {                                                                          \
        .name = #name_, .type = COSEND_OPTION_BOOL,                            \
        .offset = offsetof(struct manner, name_), .help = help_,               \
        .example = "true"                                                      \
    }
#define MANNER                                                                 \
    MANNER_FLAG(desc, "the greatest first"),                                   \
        MANNER_FLAG(numeric, "what is neither a number nor blank is bad"),     \
        MANNER_FLAG(natural, "as text, with each run of digits by its size: "  \
                             "a9 before a10"),                                 \
        MANNER_FLAG(fold, "as text, and the letters A to Z as a to z"),        \
        MANNER_FLAG(text, "as text, byte by byte, numbers too")

static const char *const nulls[] = {"last", "first", NULL};
static const char *const key_nulls[] = {"inherit", "last", "first", NULL};

static const struct cosend_option key_manner[] = {
    MANNER,
    {.name = "nulls",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct manner, nulls),
     .choices = key_nulls,
     .help = "where blanks are; inherit: where the step has them",
     .example = "\"first\""},
    {.name = NULL},
};

static const struct cosend_option key_options[] = {
    {.name = "key",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct key, key),
     .flags = COSEND_MAIN,
     .maximum = INT64_MAX,
     .help = "a field, behind a - for the greatest first",
     .example = "\"-ms\""},
    {.name = "field",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct key, field),
     .maximum = INT64_MAX,
     .help = "a field in place of `key`, whose name may begin with a -",
     .example = "\"ms\""},
    {.name = "manner",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct key, manner),
     .group = key_manner},
    {.name = NULL},
};

static const struct cosend_option manner_options[] = {
    MANNER,
    {.name = "nulls",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct manner, nulls),
     .fallback = "\"last\"",
     .choices = nulls,
     .help = "where absent, null and empty cells are, in that order, whatever "
             "the direction",
     .example = "\"first\""},
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "by",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct sort, by),
     .flags = COSEND_MAIN,
     .group = key_options,
     .item_size = sizeof(struct key),
     .help = "the fields, the first one first, each with what follows for "
             "itself: {\"field\": \"ms\", \"desc\": true}; without it the only "
             "column",
     .example = "[\"-ms\", \"host\"]"},
    {.name = "manner",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct sort, manner),
     .group = manner_options},
    {.name = "unique",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct sort, unique),
     .help = "of records that compare as the same keep the first",
     .example = "true"},
    {.name = "limit",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct sort, limit),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "emit only the first so many in that order, and hold no more; "
             "--follow asks for it",
     .example = "1000"},
    {.name = "memory",
     .type = COSEND_OPTION_SIZE,
     .offset = offsetof(struct sort, memory),
     .fallback = "\"256M\"",
     .minimum = 65536,
     .maximum = INT64_MAX,
     .help = "bytes to sort in, beyond which sorted runs go to files",
     .example = "\"1G\""},
    {.name = "tmp",
     .type = COSEND_OPTION_PATH,
     .offset = offsetof(struct sort, tmp),
     .help = "the folder of those files; by default $TMPDIR, or /tmp",
     .example = "\"/var/tmp\""},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

/* numeric goes with none, and natural not with text. */
static void check_manner(struct cosend_check *check, const char *option,
                         const struct manner *manner)
{
    if (manner->numeric && (manner->natural || manner->fold || manner->text))
        cosend_check_error(check, option,
                           "compares numbers, by numeric, or text, by natural, "
                           "fold or text, not both");
    else if (manner->natural && manner->text)
        cosend_check_error(check, option,
                           "compares text byte by byte, by text, or digits by "
                           "their size, by natural, not both");
}

static struct manner manner_of(const struct sort *sort, const struct key *key)
{
    struct manner all = sort->manner, own = key->manner;
    int where = own.nulls == NULLS_INHERIT ? all.nulls + NULLS_LAST : own.nulls;
    bool down = key->key.length > 1 && key->key.data[0] == '-';

    return (struct manner){
        own.desc || all.desc || down, own.numeric || all.numeric,
        own.natural || all.natural,   own.fold || all.fold,
        own.text || all.text,         where};
}

static struct cosend_field check_key(struct cosend_check *check,
                                     const struct sort *sort, size_t i)
{
    const struct key *key = (const struct key *)sort->by.items + i;
    struct cosend_string name = key->field.length ? key->field : key->key;
    struct manner manner = manner_of(sort, key);
    char place[48];
    bool sign = !key->field.length && name.length > 1 && name.data[0] == '-';

    snprintf(place, sizeof(place), "by[%zu]", i);
    if (!key->key.length == !key->field.length)
        cosend_check_error(check, place, "needs the name of one field");
    check_manner(check, place, &manner);
    snprintf(place, sizeof(place), "by[%zu].%s", i,
             key->field.length ? "field" : "key");
    return cosend_check_field(check, place, sign ? name.data + 1 : name.data,
                              name.length - sign);
}

static void check(struct cosend_check *check, void *memory)
{
    struct sort *sort = memory;

    cosend_check_endless(check,
                         sort->limit ? COSEND_COMES_TO_AN_END : COSEND_GROWS,
                         "give limit=1000, for the first so many alone");
    sort->fields.count = (uint32_t)sort->by.count;
    if (!sort->by.count) {
        check_manner(check, "by", &sort->manner);
        sort->fields.first = cosend_check_field(check, "by", NULL, 0).slot;
        sort->fields.count = 1;
    }
    for (size_t i = 0; i < sort->by.count; i++) {
        struct cosend_field field = check_key(check, sort, i);

        if (!i)
            sort->fields.first = field.slot;
    }
}

/* ---- Records ------------------------------------------------------------- */

/* A key, for the run. */
struct run_key {
    struct cosend_field field;
    bool numeric; /* all else is bad */
    bool watched; /* by value: whether numbers and others are mixed */
    bool numbers, others;
    char time[40]; /* the first other, where it is a time in no order as text */
    char offsets[2][7]; /* of RFC 3339's times, the first and another one */
};

struct keys {
    struct run_key *all;
    uint32_t count;
    bool *descending;
    unsigned char *collations;
};

static const char *name_of(struct cosend_stage *self, struct cosend_field field)
{
    const char *name = cosend_field_name(self, field);

    return name ? name : cosend_schema_name(cosend_input_schema(self), 0);
}

static void set_key(struct keys *keys, uint32_t i, struct cosend_field field,
                    struct manner manner)
{
    unsigned collation =
        manner.nulls == NULLS_FIRST ? COSEND_BLANKS_FIRST : COSEND_BLANKS_LAST;

    if (manner.natural)
        collation |= COSEND_COLLATE_NATURAL;
    else if (manner.text)
        collation |= COSEND_COLLATE_TEXT;
    if (manner.fold)
        collation |= COSEND_COLLATE_FOLD;
    keys->collations[i] = (unsigned char)collation;
    keys->descending[i] = manner.desc;
    keys->all[i] =
        (struct run_key){.field = field,
                         .numeric = manner.numeric,
                         .watched = !manner.numeric && !manner.natural &&
                                    !manner.text && !manner.fold};
}

static bool make_keys(struct cosend_stage *self, const struct sort *sort,
                      struct keys *keys)
{
    static const struct key only = {{0}, {0}, {.nulls = NULLS_INHERIT}};
    const struct key *by = sort->by.count ? sort->by.items : &only;

    keys->count = sort->fields.count;
    keys->all = cosend_stage_memory(self, keys->count * sizeof(*keys->all));
    keys->descending = cosend_stage_memory(self, keys->count * sizeof(bool));
    keys->collations = cosend_stage_memory(self, keys->count);
    if (!keys->all || !keys->descending || !keys->collations)
        return false;
    for (uint32_t i = 0; i < keys->count; i++)
        set_key(keys, i, cosend_nth(sort->fields, i), manner_of(sort, &by[i]));
    return true;
}

/* How many digits a text has from byte `at` on, of at most four. */
static uint32_t digits_at(struct cosend_cell cell, uint32_t at)
{
    uint32_t count = 0;

    while (count < 4 && at + count < cell.length &&
           cell.data[at + count] >= '0' && cell.data[at + count] <= '9')
        count++;
    return count;
}

/* 05/03/2024, 5.3.2024 11:00: whichever of day and month it is. */
static bool ends_in_year(struct cosend_cell cell)
{
    uint32_t first = digits_at(cell, 0);
    uint32_t second = first + 1 + digits_at(cell, first + 1);

    return (first == 1 || first == 2) && second > first + 1 &&
           second < first + 4 && second < cell.length &&
           strchr("/.-", cell.data[first]) &&
           cell.data[second] == cell.data[first] &&
           digits_at(cell, second + 1) == 4;
}

/* A time that does not begin with its year, as that of an access log. */
static void note_time(struct run_key *key, struct cosend_cell cell)
{
    struct cosend_time time;

    if (cell.length < sizeof(key->time) && digits_at(cell, 0) < 4 &&
        (ends_in_year(cell) ||
         cosend_parse_time(NULL, cell.data, cell.length, NULL, &time))) {
        memcpy(key->time, cell.data, cell.length);
        key->time[cell.length] = '\0';
    }
}

/* The offset that RFC 3339 has a time end in, 6 bytes; NULL where there is
   none. */
static const char *offset_of(struct cosend_cell cell)
{
    const char *last;

    if (cell.length < 20 || cell.data[4] != '-' || cell.data[7] != '-' ||
        cell.data[13] != ':')
        return NULL;
    last = cell.data + cell.length - 6;
    if (last[5] == 'Z')
        return "+00:00";
    return (*last == '+' || *last == '-') && last[3] == ':' ? last : NULL;
}

/* Times of several offsets, as on the day when clocks are set back. */
static void note_offset(struct run_key *key, struct cosend_cell cell)
{
    const char *offset = *key->offsets[1] ? NULL : offset_of(cell);

    if (offset && memcmp(key->offsets[0], offset, 6) != 0)
        memcpy(key->offsets[*key->offsets[0] != '\0'], offset, 6);
}

/* Whether a record can be sorted; it is bad otherwise. */
static bool look_at(struct cosend_stage *self, struct keys *keys,
                    const struct cosend_record *record)
{
    for (uint32_t i = 0; i < keys->count; i++) {
        struct run_key *key = &keys->all[i];
        struct cosend_cell cell;
        double number;
        bool is_number;

        if (!key->numeric && (!key->watched || (key->numbers && key->others)))
            continue;
        cell = cosend_field(record, key->field);
        if (cosend_is_blank(cell))
            continue;
        is_number = cosend_parse_double(cell.data, cell.length, &number);
        if (!is_number && key->watched) {
            if (!key->others)
                note_time(key, cell);
            note_offset(key, cell);
        }
        key->numbers |= is_number;
        key->others |= !is_number;
        if (key->numeric && !is_number) {
            cosend_bad_number(self, record, key->field);
            return false;
        }
    }
    return true;
}

static void warn_of_keys(struct cosend_stage *self, const struct keys *keys)
{
    if (cosend_ended(self) != COSEND_END_CLOSED)
        return;
    for (uint32_t i = 0; i < keys->count; i++)
        if (keys->all[i].watched && *keys->all[i].offsets[1])
            cosend_warn(self,
                        "field %s has times of several offsets, as %s and %s, "
                        "which are in no order as text; `date` before it, with "
                        "to_tz=UTC, makes one of them, and text=true says that "
                        "text is meant",
                        name_of(self, keys->all[i].field),
                        keys->all[i].offsets[0], keys->all[i].offsets[1]);
        else if (keys->all[i].watched && *keys->all[i].time)
            cosend_warn(
                self,
                "field %s has times as \"%s\", which are in no order as "
                "text; `date` before it, with to_tz=UTC, makes 2026-03-01 and "
                "the like of them, and text=true says that text is meant",
                name_of(self, keys->all[i].field), keys->all[i].time);
        else if (keys->all[i].watched && keys->all[i].numbers &&
                 keys->all[i].others)
            cosend_warn(self,
                        "field %s has numbers and other text, and numbers are "
                        "less than all text; text=true compares all as text, "
                        "and numeric=true rejects what is no number",
                        name_of(self, keys->all[i].field));
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct sort *sort = memory;
    struct keys keys;
    struct cosend_store_options order = {.key = sort->fields,
                                         .memory = (uint64_t)sort->memory,
                                         .directory = sort->tmp.data,
                                         .keep = (uint64_t)sort->limit,
                                         .unique = sort->unique};
    struct cosend_store *store;
    struct cosend_record record;
    int status;

    if (!make_keys(self, sort, &keys))
        return COSEND_E_MEMORY;
    order.descending = keys.descending;
    order.collations = keys.collations;
    store = cosend_store_new(self, &order);
    if (!store)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_publish(self, store);
    while (cosend_receive(self, &record)) {
        if (!look_at(self, &keys, &record))
            continue;
        status = cosend_store_put(store, &record);
        if (status < 0)
            return status;
    }
    warn_of_keys(self, &keys);
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

const struct cosend_filter csi_filter_sort = {
    .abi = COSEND_ABI,
    .name = "sort",
    .role = COSEND_FILTER,
    .summary = "Sort records by fields",
    .details =
        "Emits all records at the end of the input, unchanged. Those that "
        "compare as the same stay in the order of the input. By default cells "
        "are compared by what they mean: false, true, numbers by size "
        "(exactly: 5, 05 and 5.0 are the same, and so are 0 and -0), then text "
        "byte by byte, then arrays and objects by their text; a time of day or "
        "a date by RFC 3339 is text, and in order as such. A key in which "
        "there are both numbers and other text is told of. Blanks (absent, "
        "null, empty) come last, or first by `nulls`, in both directions. "
        "Memory: all records, up to `memory`; what is more goes to files "
        "without a name, as sorted runs that are merged at the end. It sees "
        "records one after the other, in one thread. Under --follow, where it "
        "would hold more and more, it is refused without `limit`, unless a "
        "step before it ends its records (head) or prints at the end (count); "
        "it prints when the run is ended, and what there is on SIGUSR1.",
    .example = "parse combined | sort -size,host",
    .options_size = sizeof(struct sort),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
};
