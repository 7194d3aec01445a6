/* SPDX-License-Identifier: MIT */
/*
 * explode: emits each record once for each part of a field, with that part in
 * its place: parts between separators, or the elements of an array of JSON.
 */
#include "cosend.h"

#include <string.h>

struct explode {
    struct cosend_field field;
    struct cosend_string separator, as;
    int64_t limit;
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct explode, field),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the field with several values",
     .example = "\"tags\""},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct explode, separator),
     .fallback = "\",\"",
     .flags = COSEND_SEPARATOR,
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "what stands between them, where it is no array of JSON",
     .example = "\";\""},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct explode, as),
     .maximum = 1 << 16,
     .help = "a column of this name for the values, beside the field",
     .example = "\"tag\""},
    {.name = "limit",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct explode, limit),
     .fallback = "1000000",
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "a record of more values than this is bad",
     .example = "100"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct explode *explode = memory;
    const char *name = cosend_check_field_name(check, explode->field);

    if (!explode->as.length && name)
        explode->as = (struct cosend_string){name, strlen(name)};
}

/* The next separator of a text, or its end. */
static const char *find_end(const struct explode *explode, const char *from,
                            const char *end)
{
    const char *at = from == end ? NULL
                                 : memmem(from, (size_t)(end - from),
                                          explode->separator.data,
                                          explode->separator.length);

    return at ? at : end;
}

/* How many values a cell has: one at least, of a text. */
static int64_t count_parts(const struct explode *explode,
                           struct cosend_cell cell, struct cosend_bytes *text)
{
    const char *at = cell.data, *end;
    struct cosend_item item = {0};
    int64_t count = 1;

    if (cosend_is_blank(cell))
        return 1;
    end = cell.data + cell.length;
    if (cell.kind == COSEND_NESTED) {
        for (count = 0; cosend_next_member(cell, &item, text);)
            count++;
        return count;
    }
    while ((at = find_end(explode, at, end)) != end) {
        at += explode->separator.length;
        count++;
    }
    return count;
}

static void emit_elements(struct cosend_stage *self,
                          struct cosend_column column, struct cosend_cell array,
                          struct cosend_bytes *text,
                          struct cosend_record *record)
{
    struct cosend_item item = {0};

    while (cosend_next_member(array, &item, text)) {
        cosend_set(self, column, item.cell);
        cosend_emit(self, record);
    }
}

static void emit_parts(struct cosend_stage *self, const struct explode *explode,
                       struct cosend_column column, struct cosend_cell cell,
                       struct cosend_record *record)
{
    const char *at = cell.length ? cell.data : "", *end = at + cell.length;
    const char *const start = at, *next;
    struct cosend_cell part = cell;

    for (;; at = next + explode->separator.length) {
        next = find_end(explode, at, end);
        part.data = at;
        part.length = (uint32_t)(next - at);
        part.kind = next == end && at == start ? cell.kind : COSEND_TEXT;
        cosend_set(self, column, part);
        cosend_emit(self, record);
        if (next == end)
            return;
    }
}

/* A record that has no field of the name of the column that is added. */
static void explode_record(struct cosend_stage *self,
                           const struct explode *explode,
                           struct cosend_column column,
                           struct cosend_bytes *text,
                           struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, explode->field);
    bool array = cell.kind == COSEND_NESTED && *cell.data == '[';
    int64_t count = cell.kind == COSEND_NESTED && !array
                        ? 1
                        : count_parts(explode, cell, text);

    if (text->failed)
        return;
    if (count > explode->limit) {
        cosend_bad(self, record, "too_many",
                   "field %s has %lld values, more than `limit`",
                   cosend_field_name(self, explode->field), (long long)count);
    } else if (cosend_is_blank(cell) || (!array && count == 1) || !count) {
        if (array)
            cell = (struct cosend_cell){.kind = COSEND_NULL};
        cosend_set(self, column, cell);
        cosend_emit(self, record);
    } else if (array) {
        emit_elements(self, column, cell, text, record);
    } else {
        emit_parts(self, explode, column, cell, record);
    }
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct explode *explode = memory;
    const struct cosend_fields itself = {explode->field.slot, 1};
    struct cosend_bytes *text = cosend_stage_text(self);
    struct cosend_column column;
    struct cosend_record record;

    if (!text)
        return COSEND_E_MEMORY;
    column = cosend_add_column(self, explode->as.data);
    cosend_only_fields(self);
    while (cosend_receive(self, &record)) {
        if (cosend_name_free(self, &record, explode->as.data, itself,
                             "as=NAME takes another name"))
            explode_record(self, explode, column, text, &record);
        if (text->failed)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    }
    return 0;
}

const struct cosend_filter csi_filter_explode = {
    .abi = COSEND_ABI,
    .name = "explode",
    .role = COSEND_FILTER,
    .summary = "Make of a field with several values a record for each",
    .details =
        "Emits, as they come, each record as often as its field has values, "
        "with one of them in its place, or with `as` beside it: the parts "
        "between separators, none of them left out, empty ones neither; or "
        "the elements of an array of JSON. A field that is absent, null or "
        "empty, and an object, is one value as it is; an array without "
        "elements is one record with null. Where another field has the name "
        "that `as` gives, that is an error, in JSON lines a bad record "
        "(name_taken). Memory: none. Each record is treated by itself, in all "
        "threads, and at once under --follow.",
    .example = "explode tags separator=;",
    .options_size = sizeof(struct explode),
    .options = options,
    .body = body,
    .check = check,
    .parallel = COSEND_STATELESS,
};
