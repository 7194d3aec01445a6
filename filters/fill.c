/* SPDX-License-Identifier: MIT */
/*
 * fill: emits every record, as it comes, with a value where some of its fields
 * have none: one that is given, or the one of the record before it.
 */
#include "cosend.h"

#include <string.h>

struct fill {
    struct cosend_string value;
    struct cosend_fields fields, by;
    bool down, add, only_absent;
    struct cosend_cell cell;
};

static const struct cosend_option options[] = {
    {.name = "value",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct fill, value),
     .maximum = 1 << 20,
     .help = "what to fill in; in JSON a number where it is written as one",
     .example = "\"0\""},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct fill, fields),
     .flags = COSEND_REQUIRED | COSEND_MAIN | COSEND_PATTERNS,
     .help = "the fields to fill, or patterns of them",
     .example = "[\"host\", \"user\"]"},
    {.name = "down",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct fill, down),
     .help = "fill in the last value that the field had, as it is done where "
             "no value is given",
     .example = "true"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct fill, by),
     .help = "without value: the last one among records that are the same in "
             "these fields",
     .example = "\"host\""},
    {.name = "add",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct fill, add),
     .help = "fill fields, too, that a record does not have",
     .example = "true"},
    {.name = "only_absent",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct fill, only_absent),
     .help = "fill only those",
     .example = "true"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static void check(struct cosend_check *check, void *memory)
{
    struct fill *fill = memory;
    bool value = cosend_check_given(check, "value");

    if (!fill->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    if (value && fill->down)
        cosend_check_error(check, "value", "with down there is no value");
    fill->down = !value;
    if (fill->by.count && value)
        cosend_check_error(check, "by",
                           "is for filling down, and there is a value");
    fill->cell = cosend_text(fill->value.data, fill->value.length);
    if (value && cosend_is_json_number(fill->value.data, fill->value.length))
        fill->cell.kind = COSEND_NUMBER;
}

/* ---- What to fill in ----------------------------------------------------- */

/* The last value of a field. */
struct last {
    struct cosend_bytes name, text;
    enum cosend_kind kind; /* absent: none yet */
};

/* Of each field that was met. */
struct lasts {
    struct cosend_bytes of; /* struct last, one behind another */
};

static uint32_t count_of(const struct lasts *lasts)
{
    return (uint32_t)(lasts->of.length / sizeof(struct last));
}

static struct last *last_at(const struct lasts *lasts, uint32_t i)
{
    return (struct last *)(void *)lasts->of.data + i;
}

static void release_lasts(void *memory)
{
    struct lasts *lasts = memory;

    for (uint32_t i = 0; i < count_of(lasts); i++) {
        cosend_bytes_free(&last_at(lasts, i)->name);
        cosend_bytes_free(&last_at(lasts, i)->text);
    }
    cosend_bytes_free(&lasts->of);
}

static bool is_of(const struct last *last, const char *name, size_t length)
{
    return last->name.length == length &&
           (!length || memcmp(last->name.data, name, length) == 0);
}

/* That of a field, which is mostly where it was found last; NULL without
   memory. */
static struct last *last_of(struct lasts *lasts, const char *name,
                            size_t length, uint32_t guess)
{
    struct last last = {.kind = COSEND_ABSENT};
    uint32_t count = count_of(lasts);

    if (guess < count && is_of(last_at(lasts, guess), name, length))
        return last_at(lasts, guess);
    for (uint32_t i = 0; i < count; i++)
        if (is_of(last_at(lasts, i), name, length))
            return last_at(lasts, i);
    cosend_put_raw(&last.name, name, length);
    if (!last.name.failed)
        cosend_put_raw(&lasts->of, &last, sizeof(last));
    if (!last.name.failed && !lasts->of.failed)
        return last_at(lasts, count);
    cosend_bytes_free(&last.name);
    return NULL;
}

static bool is_blank(const struct fill *fill, struct cosend_cell cell)
{
    if (cell.kind == COSEND_ABSENT)
        return fill->add || fill->only_absent;
    return !fill->only_absent && (cell.kind == COSEND_NULL || !cell.length);
}

/* What a field's cell is to be; it is remembered, or the last one taken. */
static struct cosend_cell filled(const struct fill *fill, struct last *last,
                                 struct cosend_cell cell)
{
    struct cosend_cell value;

    if (!fill->down)
        return is_blank(fill, cell) ? fill->cell : cell;
    if (!is_blank(fill, cell)) {
        if (cell.kind == COSEND_ABSENT || cell.kind == COSEND_NULL ||
            !cell.length)
            return cell;
        cosend_bytes_clear(&last->text);
        cosend_put_raw(&last->text, cell.data, cell.length);
        last->kind = cell.kind;
        return cell;
    }
    if (last->kind == COSEND_ABSENT)
        return cell;
    value = cosend_text((const char *)last->text.data, last->text.length);
    value.kind = last->kind;
    return value;
}

/* ---- Body ---------------------------------------------------------------- */

static int no_memory(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

/* Fields that a record of JSON lines does not have. */
static int add_fields(struct cosend_stage *self, const struct fill *fill,
                      struct lasts *lasts, const struct cosend_record *record)
{
    for (uint32_t i = 0; i < fill->fields.count; i++) {
        struct cosend_field field = cosend_nth(fill->fields, i);
        struct cosend_cell cell = cosend_field(record, field);
        const char *name = cosend_field_name(self, field);
        struct last *last;

        if (cell.kind != COSEND_ABSENT || cosend_is_pattern(self, field))
            continue;
        last = last_of(lasts, name, strlen(name), i);
        if (!last)
            return no_memory(self);
        cell = filled(fill, last, cell);
        if (cell.kind != COSEND_ABSENT)
            cosend_set_field(self, name, strlen(name), cell);
    }
    return 0;
}

static int fill_record(struct cosend_stage *self, const struct fill *fill,
                       struct lasts *lasts, struct cosend_record *record)
{
    struct cosend_item item = {0};
    int status = 0;

    while (cosend_next_match(self, fill->fields, record, &item)) {
        struct last *last =
            last_of(lasts, item.name, item.name_length, item.next - 1);
        struct cosend_cell value;

        if (!last)
            return no_memory(self);
        value = filled(fill, last, item.cell);
        if (last->text.failed)
            return no_memory(self);
        if (value.data != item.cell.data)
            cosend_change(self, &item, value);
    }
    if (cosend_matches_vary(self, fill->fields))
        status = add_fields(self, fill, lasts, record);
    cosend_emit(self, record);
    return status;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct fill *fill = memory;
    struct cosend_groups *groups =
        cosend_groups_new(self, fill->by, sizeof(struct lasts), release_lasts);
    struct cosend_record record;
    struct lasts *lasts;
    int status = 0;

    if (!groups)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_change_fields(self, fill->fields);
    while (status == 0 && cosend_receive(self, &record) &&
           (lasts = cosend_group_of(groups, &record)))
        status = fill_record(self, fill, lasts, &record);
    return status;
}

const struct cosend_filter csi_filter_fill = {
    .abi = COSEND_ABI,
    .name = "fill",
    .role = COSEND_FILTER,
    .summary = "Fill in fields that have no value",
    .details =
        "Emits every record as it comes. Where one of the fields, which may be "
        "patterns as `select` has them, is empty, or null in JSON, it gets the "
        "value that is given, or without one the last one that it had, of the "
        "same group where there is `by`; as long as there was none it stays as "
        "it is. A field that a record of JSON lines "
        "does not have is added behind the others with add=true, and with "
        "only_absent=true no other is filled.",
    .example = "parse combined | fill size value=0",
    .options_size = sizeof(struct fill),
    .options = options,
    .check = check,
    .body = body,
};
