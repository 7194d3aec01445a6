/* SPDX-License-Identifier: MIT */
/*
 * flatten: emits each record, as it comes, with what is in its objects and
 * arrays as fields of its own: {"a":{"b":1}} becomes {"a.b":1}.
 */
#include "cosend.h"

#include <string.h>

struct flatten {
    struct cosend_string separator;
    struct cosend_fields fields;
    int64_t depth;
};

static const struct cosend_option options[] = {
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct flatten, separator),
     .fallback = "\".\"",
     .flags = COSEND_MAIN | COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = 256,
     .help = "what stands between the names",
     .example = "\"_\""},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct flatten, fields),
     .help = "only what is in these",
     .example = "\"user\""},
    {.name = "depth",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct flatten, depth),
     .fallback = "1000",
     .minimum = 1,
     .maximum = 1000,
     .help = "how many levels are taken apart; what is deeper stays JSON",
     .example = "1"},
    {.name = NULL},
};

/* An object or array that is being walked, and where its names begin. */
struct level {
    struct cosend_cell nested;
    struct cosend_item item;
    uint64_t index;
    size_t name;
};

/* A name that was made, or may be. */
struct made {
    size_t name, length; /* in `names` */
    const char *in;      /* which object it is in, or NULL: the record */
};

struct work {
    struct cosend_bytes *text, *name, *levels, *made, *names;
};

/* Without memory; each is emptied, and so forgets it, with the next field. */
static bool has_failed(const struct work *work)
{
    return work->text->failed || work->name->failed || work->levels->failed ||
           work->made->failed || work->names->failed;
}

static bool is_empty(struct cosend_cell nested, struct cosend_bytes *text)
{
    struct cosend_item item = {0};

    return !cosend_next_member(nested, &item, text);
}

/* Whether a name is new in the record, as far as it may be there twice: with
   the separator in it. In one object the last of two members counts. */
static bool is_new(const struct flatten *flatten, struct work *work,
                   const char *name, size_t length, const char *in)
{
    const struct made *made = (const void *)work->made->data;
    size_t count = work->made->length / sizeof(*made);
    struct made own = {work->names->length, length, in};

    if (!length || has_failed(work) ||
        !memmem(name, length, flatten->separator.data,
                flatten->separator.length))
        return true;
    for (size_t i = 0; i < count; i++)
        if (made[i].length == length &&
            memcmp(work->names->data + made[i].name, name, length) == 0)
            return in && made[i].in == in;
    cosend_put_raw(work->made, &own, sizeof(own));
    cosend_put_raw(work->names, name, length);
    return true;
}

/* Step into an object or array, whose name is the one in hand. */
static void enter(const struct flatten *flatten, struct work *work,
                  struct cosend_cell nested)
{
    struct level level = {.nested = nested};

    cosend_put_raw(work->name, flatten->separator.data,
                   flatten->separator.length);
    level.name = work->name->length;
    cosend_put_raw(work->levels, &level, sizeof(level));
}

static struct level *innermost(struct work *work)
{
    return work->levels->length
               ? (struct level *)(void *)(work->levels->data +
                                          work->levels->length) -
                     1
               : NULL;
}

static void put_member_name(struct work *work, struct level *level)
{
    char digits[COSEND_NUMBER_MAX];

    work->name->length = level->name;
    if (level->item.name)
        cosend_put_raw(work->name, level->item.name, level->item.name_length);
    else
        cosend_put_raw(work->name, digits,
                       cosend_format_unsigned(level->index++, digits));
}

/* Set the fields that are in a field. False where two have one name, which
   makes the record bad. */
static bool take_apart(struct cosend_stage *self, const struct flatten *flatten,
                       struct work *work, const struct cosend_item *item)
{
    struct level *level;

    cosend_bytes_clear(work->name);
    cosend_bytes_clear(work->levels);
    cosend_put_raw(work->name, item->name, item->name_length);
    enter(flatten, work, item->cell);
    while ((level = innermost(work))) {
        struct cosend_cell cell;
        bool deep;

        if (!cosend_next_member(level->nested, &level->item, work->text)) {
            work->levels->length -= sizeof(*level);
            continue;
        }
        put_member_name(work, level);
        cell = level->item.cell;
        deep = work->levels->length / sizeof(*level) < (uint64_t)flatten->depth;
        if (cell.kind == COSEND_NESTED && deep && !is_empty(cell, work->text)) {
            enter(flatten, work, cell);
        } else if (!is_new(flatten, work, (const char *)work->name->data,
                           work->name->length, level->nested.data)) {
            return false;
        } else {
            cosend_set_field(self, (const char *)work->name->data,
                             work->name->length, cell);
        }
    }
    return true;
}

static void clash(struct cosend_stage *self, const struct cosend_record *record,
                  const char *name, size_t length)
{
    cosend_bad(self, record, "clash",
               "two fields would be called \"%.*s\"; another separator keeps "
               "them apart",
               cosend_shown(name, length, 100), name);
}

static void flatten_record(struct cosend_stage *self,
                           const struct flatten *flatten, struct work *work,
                           struct cosend_record *record)
{
    struct cosend_item item = {0};

    cosend_bytes_clear(work->made);
    cosend_bytes_clear(work->names);
    while (!has_failed(work) && cosend_walk(self, record, &item)) {
        if (item.cell.kind == COSEND_NESTED &&
            (!flatten->fields.count ||
             cosend_is_among(self, flatten->fields, &item)) &&
            !is_empty(item.cell, work->text)) {
            if (take_apart(self, flatten, work, &item) || has_failed(work))
                continue;
            clash(self, record, (const char *)work->name->data,
                  work->name->length);
            return;
        }
        if (!is_new(flatten, work, item.name, item.name_length, NULL)) {
            clash(self, record, item.name, item.name_length);
            return;
        }
        cosend_set_item(self, NULL, 0, &item);
    }
    if (!has_failed(work))
        cosend_emit(self, record);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct flatten *flatten = memory;
    struct work work = {cosend_stage_text(self), cosend_stage_text(self),
                        cosend_stage_text(self), cosend_stage_text(self),
                        cosend_stage_text(self)};
    struct cosend_record record;

    if (!work.text || !work.name || !work.levels || !work.made || !work.names)
        return COSEND_E_MEMORY;
    cosend_open_columns(self);
    cosend_drop_columns(self);
    cosend_own_fields(self, flatten->fields);
    while (cosend_receive(self, &record)) {
        flatten_record(self, flatten, &work, &record);
        if (has_failed(&work))
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    }
    return 0;
}

const struct cosend_filter csi_filter_flatten = {
    .abi = COSEND_ABI,
    .name = "flatten",
    .role = COSEND_FILTER,
    .summary = "Make fields of what is in objects and arrays",
    .details =
        "Emits each record as it comes. In the place of a field that is an "
        "object or an array of JSON stand its members, whose names are those "
        "of the field and of the member with the separator between: a.b, and "
        "a.0 for the first element, as paths in expressions count (Miller "
        "counts from 1). Other fields pass to the byte, and so do {} and []. "
        "Where two fields would have one name the record is bad (clash). "
        "`unflatten` is the way back. What comes out names its fields, so that "
        "CSV has the columns of the first record, and no header without one. "
        "Memory: none. Each record "
        "is treated by itself, in all threads, and at once under --follow.",
    .example = "flatten separator=_ depth=2",
    .options_size = sizeof(struct flatten),
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
};
