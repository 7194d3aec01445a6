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
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "the fields to fill",
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
    if (cosend_is_json_number(fill->value.data, fill->value.length))
        fill->cell.kind = COSEND_NUMBER;
}

/* ---- What to fill in ----------------------------------------------------- */

/* The last value of a field. */
struct last {
    struct cosend_bytes text;
    enum cosend_kind kind; /* absent: none yet */
};

struct lasts {
    uint32_t count;
    struct last of[];
};

static void release_lasts(void *memory)
{
    struct lasts *lasts = memory;

    for (uint32_t i = 0; i < lasts->count; i++)
        cosend_bytes_free(&lasts->of[i].text);
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

struct columns {
    bool open;
    struct cosend_column *of;
};

static int fill_record(struct cosend_stage *self, const struct fill *fill,
                       const struct columns *columns, struct lasts *lasts,
                       struct cosend_record *record)
{
    struct cosend_item item = {0};

    while (columns->open && cosend_next_item(record, &item, NULL))
        cosend_set_item(self, NULL, 0, &item);
    lasts->count = fill->fields.count;
    for (uint32_t i = 0; i < fill->fields.count; i++) {
        struct cosend_field field = cosend_nth(fill->fields, i);
        struct cosend_cell cell = cosend_field(record, field);
        struct cosend_cell value = filled(fill, &lasts->of[i], cell);
        const char *name = cosend_field_name(self, field);

        if (lasts->of[i].text.failed)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        if (!columns->open)
            cosend_set(self, columns->of[i], value);
        else if (value.data != cell.data)
            cosend_set_field(self, name, strlen(name), value);
    }
    cosend_emit(self, record);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct fill *fill = memory;
    size_t count = fill->fields.count;
    struct cosend_groups *groups = cosend_groups_new(
        self, fill->by, sizeof(struct lasts) + count * sizeof(struct last),
        release_lasts);
    struct columns columns = {
        .of = cosend_stage_memory(self, count * sizeof(struct cosend_column))};
    struct cosend_record record;
    struct lasts *lasts;
    int status = 0;

    if (!groups || !columns.of)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_remake_fields(self);
    for (uint32_t i = 0; i < count; i++)
        columns.of[i] = cosend_add_column(
            self, cosend_field_name(self, cosend_nth(fill->fields, i)));
    while (status == 0 && cosend_receive(self, &record) &&
           (lasts = cosend_group_of(groups, &record))) {
        columns.open = cosend_schema_open(cosend_input_schema(self));
        status = fill_record(self, fill, &columns, lasts, &record);
    }
    return status;
}

const struct cosend_filter csi_filter_fill = {
    .name = "fill",
    .role = COSEND_FILTER,
    .summary = "Fill in fields that have no value",
    .details =
        "Emits every record as it comes. Where one of the fields is empty, or "
        "null in JSON, it gets the value that is given, or without one the "
        "last "
        "one that it had, of the same group where there is `by`; as long as "
        "there was none it stays as it is. A field that a record of JSON lines "
        "does not have is added behind the others with add=true, and with "
        "only_absent=true no other is filled.",
    .example = "parse combined | fill size value=0",
    .options_size = sizeof(struct fill),
    .options = options,
    .check = check,
    .body = body,
};
