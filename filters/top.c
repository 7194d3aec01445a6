/* SPDX-License-Identifier: MIT */
/*
 * top: emits at the end the n records with the greatest numbers in a field, the
 * greatest first, and of equal ones the earlier; with `by` the n of each group.
 */
#include "cosend.h"

#include <string.h>

enum keep { KEEP_ROW, KEEP_VALUE };

struct top {
    int64_t n;
    struct cosend_field field;
    struct cosend_fields by;
    bool lowest, ties, text;
    int keep;
    struct cosend_fields shown; /* keep=value: made by check */
};

static const char *const keeps[] = {"row", "value", NULL};

static const struct cosend_option options[] = {
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct top, n),
     .fallback = "10",
     .flags = COSEND_MAIN,
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many records",
     .example = "5"},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct top, field),
     .flags = COSEND_ONLY_COLUMN | COSEND_SECOND,
     .help = "the field with the numbers",
     .example = "\"size\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct top, by),
     .help = "the n of each group of records that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = "lowest",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct top, lowest),
     .help = "the least numbers, the least first",
     .example = "true"},
    {.name = "ties",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct top, ties),
     .help = "those as well whose number is the nth's",
     .example = "true"},
    {.name = "text",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct top, text),
     .help =
         "compare text byte by byte, numbers too, as dates by RFC 3339 want "
         "it",
     .example = "true"},
    {.name = "keep",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct top, keep),
     .fallback = "\"row\"",
     .choices = keeps,
     .help = "the whole records, or the fields of `by` and `field` alone",
     .example = "\"value\""},
    {.name = NULL},
};

/* The fields of `by`, then `field`, unless it is one of them or has no name:
   then it is the only column. */
static void check(struct cosend_check *check, void *memory)
{
    struct top *top = memory;
    const char *field = cosend_check_field_name(check, top->field);
    bool known = !field;

    cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    if (top->keep != KEEP_VALUE)
        return;
    for (uint32_t i = 0; i <= top->by.count; i++) {
        const char *name = field;
        struct cosend_field made;

        if (i < top->by.count)
            name = cosend_check_field_name(check, cosend_nth(top->by, i));
        if (!name || (i == top->by.count && known))
            continue;
        known |= field && strcmp(name, field) == 0;
        made = cosend_check_field(check, i < top->by.count ? "by" : "field",
                                  name, strlen(name));
        if (!top->shown.count++)
            top->shown.first = made.slot;
    }
}

/* Whether a record has a number, or text if that will do: bad, but for blanks,
   if not. */
static bool has_value(struct cosend_stage *self, const struct top *top,
                      const struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, top->field);
    double number;

    if (cosend_is_blank(cell))
        return false;
    if (top->text || cosend_parse_double(cell.data, cell.length, &number))
        return true;
    cosend_bad_number(self, record, top->field);
    return false;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct top *top = memory;
    const bool descending = !top->lowest;
    const unsigned char collation =
        top->text ? COSEND_COLLATE_TEXT : COSEND_COLLATE_VALUE;
    struct cosend_store_options greatest = {.key = {top->field.slot, 1},
                                            .descending = &descending,
                                            .collations = &collation,
                                            .by = top->by,
                                            .keep = (uint64_t)top->n,
                                            .ties = top->ties};
    struct cosend_store *store;
    struct cosend_record record;
    int status;

    store = cosend_store_new(self, &greatest);
    if (!store)
        return COSEND_E_MEMORY;
    if (top->shown.count)
        cosend_keep_columns(self, top->shown);
    cosend_only_fields(self);
    cosend_publish(self, store);
    while (cosend_receive(self, &record)) {
        if (!has_value(self, top, &record) || !top->n)
            continue;
        status = cosend_store_put(store, &record);
        if (status < 0)
            return status;
    }
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

const struct cosend_filter csi_filter_top = {
    .abi = COSEND_ABI,
    .name = "top",
    .role = COSEND_FILTER,
    .summary = "Keep the records with the greatest numbers in a field",
    .details =
        "Emits, at the end of the input, the n records whose numbers are the "
        "greatest, the greatest first, and of equal ones that which came "
        "first. With `by` it is the n of each group, all of them in that "
        "order: sort by the group behind it to have groups together. Records "
        "in which the field is absent, null or empty are dropped; anything "
        "else that is not a number is bad (not_a_number). Numbers are compared "
        "exactly, of any length. Memory: at most some two times n records, or "
        "n of each group, and with `ties` those that are tied; threads share "
        "the work. Under --follow it prints when the run is ended, and what "
        "there is on SIGUSR1.",
    .example = "parse combined | top 3 size by=host",
    .options_size = sizeof(struct top),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
};
