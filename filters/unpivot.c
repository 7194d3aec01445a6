/* SPDX-License-Identifier: MIT */
/*
 * unpivot: emits, for each record as it comes, one for each of some of its
 * fields, with the field's name and value in two columns: wide to long.
 */
#include "cosend.h"

#include <string.h>

struct unpivot {
    struct cosend_fields fields, keep;
    struct cosend_string name, value;
};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct unpivot, fields),
     .flags = COSEND_MAIN | COSEND_PATTERNS,
     .help = "the fields to make records of, or patterns of them",
     .example = "[\"jan\", \"feb\"]"},
    {.name = "keep",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct unpivot, keep),
     .help = "or the fields that stay, and all others are made records of",
     .example = "\"id\""},
    {.name = "name",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct unpivot, name),
     .fallback = "\"name\"",
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the column for the fields' names",
     .example = "\"month\""},
    {.name = "value",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct unpivot, value),
     .fallback = "\"value\"",
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the column for their values",
     .example = "\"sales\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct unpivot *unpivot = memory;
    bool both = unpivot->fields.count && unpivot->keep.count;

    if (both || (!unpivot->fields.count && !unpivot->keep.count))
        cosend_check_error(check, both ? "keep" : "fields",
                           both ? "give `fields` or `keep`, not both"
                                : "say which fields, or by `keep` which not");
    if (strcmp(unpivot->name.data, unpivot->value.data) == 0)
        cosend_check_error(check, "value",
                           "\"%.100s\" is the column for names already",
                           unpivot->value.data);
    for (uint32_t i = 0; i < unpivot->keep.count; i++) {
        const char *kept =
            cosend_check_field_name(check, cosend_nth(unpivot->keep, i));

        if (strcmp(kept, unpivot->name.data) == 0 ||
            strcmp(kept, unpivot->value.data) == 0)
            cosend_check_error(check, "keep",
                               "\"%.100s\" would be a field that stays and a "
                               "column that is added; `name` and `value` call "
                               "these otherwise",
                               kept);
    }
}

struct columns {
    struct cosend_column name, value;
};

static void emit_field(struct cosend_stage *self, const struct columns *columns,
                       const char *name, size_t length, struct cosend_cell cell,
                       struct cosend_record *record)
{
    cosend_set(self, columns->name, cosend_text(name, length));
    cosend_set(self, columns->value, cell);
    cosend_emit(self, record);
}

/* Those that are named. A record of JSON lines that has none of them passes;
   where columns are fixed it would be a record of no name and no value. */
static void emit_named(struct cosend_stage *self, const struct unpivot *unpivot,
                       const struct columns *columns,
                       struct cosend_record *record)
{
    struct cosend_item item = {0};
    bool any = false;

    while (cosend_next_match(self, unpivot->fields, record, &item)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        any = true;
        emit_field(self, columns, item.name, item.name_length, item.cell,
                   record);
    }
    if (!any && cosend_schema_open(cosend_input_schema(self)))
        cosend_emit(self, record);
    else if (!any)
        cosend_bad(self, record, "no_fields",
                   "it has none of the fields: nothing is there to unpivot");
}

/* All others. A record must have one: what would be its name? */
static void emit_others(struct cosend_stage *self,
                        const struct unpivot *unpivot,
                        const struct columns *columns,
                        struct cosend_record *record)
{
    struct cosend_item item = {0};
    bool any = false,
         has_column = cosend_schema_open(cosend_input_schema(self));

    while (cosend_walk(self, record, &item)) {
        if (cosend_is_among(self, unpivot->keep, &item))
            continue;
        has_column = true;
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        any = true;
        emit_field(self, columns, item.name, item.name_length, item.cell,
                   record);
    }
    if (!any && has_column)
        cosend_bad(self, record, "no_fields",
                   "it has no field but those of `keep`: nothing is left to "
                   "unpivot");
    else if (!any)
        cosend_fail(self, COSEND_E_COLUMN,
                    "there is no column but those of `keep`: nothing is left "
                    "to unpivot");
}

/* Whether no field that stays has the name of a column that is added. */
static bool are_free(struct cosend_stage *self, const struct unpivot *unpivot,
                     const struct cosend_record *record)
{
    return unpivot->keep.count ||
           (cosend_name_free(self, record, unpivot->name.data, unpivot->fields,
                             "name=NAME calls the column for names "
                             "otherwise") &&
            cosend_name_free(self, record, unpivot->value.data, unpivot->fields,
                             "value=NAME calls the column for values "
                             "otherwise"));
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct unpivot *unpivot = memory;
    struct columns columns;
    struct cosend_record record;

    if (unpivot->keep.count)
        cosend_keep_columns(self, unpivot->keep);
    else
        cosend_drop_fields(self, unpivot->fields);
    columns.name = cosend_add_column(self, unpivot->name.data);
    columns.value = cosend_add_column(self, unpivot->value.data);
    while (cosend_receive(self, &record)) {
        if (!are_free(self, unpivot, &record))
            continue;
        if (unpivot->keep.count)
            emit_others(self, unpivot, &columns, &record);
        else
            emit_named(self, unpivot, &columns, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_unpivot = {
    .abi = COSEND_ABI,
    .name = "unpivot",
    .aliases = "melt",
    .role = COSEND_FILTER,
    .summary = "Make of columns records: wide to long",
    .details =
        "Emits each record, as it comes, once for each of the fields, in the "
        "order in which they are named, as names or as patterns that `select` "
        "has, jan-dec, *_sum, !id, or with `keep` in the record's: without "
        "these "
        "fields, and with the name of one in the column `name` "
        "and its value in `value`. Values that are empty or null come too; "
        "`where` drops them. A field that a record of JSON lines, or a short "
        "one of CSV, does not have is left out; a record that has none of them "
        "passes in JSON lines, with neither column, and is bad in CSV "
        "(no_fields). With `keep` something must be left: columns that all "
        "stay are "
        "an error, and a record in JSON lines without another field is bad "
        "(no_fields). Where a field that stays has the name of one of these, "
        "that "
        "is an error, in JSON lines a bad record (name_taken). `pivot` is the "
        "way back. Memory: none. Each record is treated by itself, in all "
        "threads, and at once under --follow.",
    .example = "unpivot jan,feb name=month value=sales",
    .options_size = sizeof(struct unpivot),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
