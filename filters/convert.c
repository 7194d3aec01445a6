/* SPDX-License-Identifier: MIT */
/*
 * convert: emits every record, as it comes, with some of its fields as what
 * they are: whole numbers, numbers, true or false, text, times.
 */
#include "cosend.h"

#include <string.h>

struct convert {
    struct cosend_list columns; /* of int, enum cosend_conversion_type */
    struct cosend_string decimal, group, format, zone;
    struct cosend_fields fields; /* the same, by pattern */
    struct cosend_time_format *by;
    struct cosend_zone *in;
    struct cosend_conversion how;
};

static const struct cosend_option options[] = {
    {.name = "columns",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct convert, columns),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .group = cosend_field_type_options,
     .item_size = sizeof(int),
     .help = "the fields, or patterns of them, and what each becomes",
     .example = "{\"ms\": \"int\", \"is_*\": \"bool\", \"at\": \"date\"}"},
    {.name = "decimal",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct convert, decimal),
     .fallback = "\".\"",
     .minimum = 1,
     .maximum = 1,
     .help = "what stands before a number's fraction",
     .example = "\",\""},
    {.name = "group",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct convert, group),
     .maximum = 1,
     .help =
         "what stands between groups of three of its digits, and is left out",
     .example = "\",\""},
    {.name = "format",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct convert, format),
     .maximum = 1024,
     .help = "how dates are written, as strptime has it; by default one of the "
             "usual ways",
     .example = "\"%d.%m.%Y\""},
    {.name = "zone",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct convert, zone),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of dates without one",
     .example = "\"UTC\""},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static bool is_for(const struct convert *convert,
                   enum cosend_conversion_type type)
{
    const int *types = convert->columns.items;

    for (size_t i = 0; i < convert->columns.count; i++)
        if (types[i] == (int)type)
            return true;
    return false;
}

static void check_numbers(struct cosend_check *check, struct convert *convert)
{
    char decimal = convert->decimal.length ? *convert->decimal.data : '.';
    char group = convert->group.length ? *convert->group.data : '\0';

    if (strchr("0123456789+-eE", decimal))
        cosend_check_error(check, "decimal", "is part of a number itself");
    if (group && strchr("0123456789+-eE", group))
        cosend_check_error(check, "group", "is part of a number itself");
    if (group == decimal)
        cosend_check_error(check, "group",
                           "stands before a fraction too: give `decimal`");
    if ((cosend_check_given(check, "decimal") ||
         cosend_check_given(check, "group")) &&
        !is_for(convert, COSEND_TO_INT) && !is_for(convert, COSEND_TO_FLOAT))
        cosend_check_error(check, "columns",
                           "`decimal` and `group` are for int and float");
    convert->how.decimal = decimal;
    convert->how.group = group;
}

static void check_dates(struct cosend_check *check, struct convert *convert)
{
    struct cosend_error error = {0};

    if ((cosend_check_given(check, "format") ||
         cosend_check_given(check, "zone")) &&
        !is_for(convert, COSEND_TO_DATE))
        cosend_check_error(check, "columns",
                           "`format` and `zone` are for a date");
    if (convert->format.length) {
        convert->by = cosend_time_format_new(
            convert->format.data, convert->format.length, true, &error);
        if (!convert->by)
            cosend_check_failed(check, "format", &error);
    }
    convert->how.format = convert->by;
    if (!is_for(convert, COSEND_TO_DATE))
        return;
    convert->in =
        cosend_zone_new(convert->zone.data, convert->zone.length, &error);
    if (!convert->in)
        cosend_check_failed(check, "zone", &error);
    convert->how.zone = convert->in;
}

static void check(struct cosend_check *check, void *memory)
{
    struct convert *convert = memory;

    if (!convert->columns.count)
        cosend_check_error(check, "columns", "needs a field");
    for (size_t i = 0; i < convert->columns.count; i++)
        if (*convert->columns.keys[i].data == '!')
            cosend_check_error(check, "columns",
                               "\"%.80s\" is no field that becomes something",
                               convert->columns.keys[i].data);
    convert->fields = cosend_check_fields(
        check, "columns", convert->columns.keys, convert->columns.count);
    check_numbers(check, convert);
    check_dates(check, convert);
}

static void release(void *memory)
{
    struct convert *convert = memory;

    cosend_time_format_free(convert->by);
    cosend_zone_free(convert->in);
}

/* ---- Body ---------------------------------------------------------------- */

static void free_text(void *text)
{
    cosend_bytes_free(text);
}

/* Whether nothing became of a cell, which JSON then has as it came. */
static bool is_same(const struct cosend_item *item, struct cosend_cell cell)
{
    return cell.kind == item->cell.kind && cell.data == item->cell.data &&
           cell.length == item->cell.length;
}

/* Returns false where the record is bad. */
static bool convert_record(struct cosend_stage *self,
                           const struct convert *convert,
                           const struct cosend_record *record,
                           struct cosend_bytes *text)
{
    const int *types = convert->columns.items;
    struct cosend_item item = {0};

    while (cosend_next_match(self, convert->fields, record, &item)) {
        struct cosend_field_type to = {
            {item.name, item.name_length},
            (enum cosend_conversion_type)types[item.place],
            &convert->how};
        struct cosend_cell made = item.cell;

        if (!cosend_convert_field(self, record, &to, &made, text))
            return false;
        if (!is_same(&item, made))
            cosend_change(self, &item, made);
    }
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct convert *convert = memory;
    struct cosend_bytes *text = cosend_stage_memory(self, sizeof(*text));
    struct cosend_record record;

    if (!text || !cosend_stage_defer(self, free_text, text))
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_change_fields(self, convert->fields);
    while (cosend_receive(self, &record)) {
        if (convert_record(self, convert, &record, text))
            cosend_emit(self, &record);
        if (text->failed)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    }
    return 0;
}

const struct cosend_filter csi_filter_convert = {
    .abi = COSEND_ABI,
    .name = "convert",
    .role = COSEND_FILTER,
    .summary = "Make numbers, truth, text or times of fields",
    .details =
        "Emits every record as it comes, with the fields as what they are to "
        "be: in one line `convert ms=int,is_*=bool`. int and float are numbers "
        "as cosend reads and prints them, 007 as 7 and 1e3 as 1000, an int "
        "without a fraction; bool is true, yes, on, t, y or 1, or false, no, "
        "off, f, n or 0, in either case, and becomes true or false; string is "
        "the text, which JSON has in quotes; date is a time in one of the "
        "usual ways, or by `format`, and becomes RFC 3339, in the zone that it "
        "was written in. An empty field becomes null, which CSV prints as "
        "nothing, and stays empty as a string; one that is absent or null "
        "stays so. What it cannot become makes the record bad (not_an_int, "
        "not_a_number, not_a_bool, not_a_time). Where two items take a field "
        "the first counts. Each record is treated by itself, in all threads, "
        "and at once under --follow.",
    .example = "parse combined | convert time=date,size=int",
    .options_size = sizeof(struct convert),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
