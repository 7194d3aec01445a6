/* SPDX-License-Identifier: MIT */
/*
 * date: emits every record, as it comes, with the times in some of its fields
 * written another way: read by the first of some formats that fits, or by
 * itself, and printed by one.
 */
#include "cosend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FORMATS_MOST = 32, WHY_MOST = 256 };

/* Where a date and a time of day are in two fields. */
#define WAY_OF_TWO                                                             \
    "; a step `set when = concat(date, \" \", time)` before makes one of two"

struct date {
    struct cosend_fields fields;
    struct cosend_strings formats;
    struct cosend_string to, tz, to_tz, as;
    int64_t round, near;
    int dst;
    bool is_near, is_number;                     /* what follows check makes */
    struct cosend_time_format *by[FORMATS_MOST]; /* NULL: by itself */
    struct cosend_time_format *printed;
    struct cosend_zone *in, *out; /* NULL: as each is told */
};

/* As enum cosend_fold. */
static const char *const folds[] = {"first", "second", "reject", NULL};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct date, fields),
     .flags = COSEND_MAIN | COSEND_REQUIRED | COSEND_PATTERNS,
     .help = "the fields with the times, or patterns of them",
     .example = "\"*_at\""},
    {.name = "formats",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct date, formats),
     .flags = COSEND_SECOND,
     .help = "how they are written, the first that fits: as strptime has it, "
             "or rfc3339, clf, syslog, epoch, epoch_ms, epoch_us, epoch_ns, or "
             "auto, by itself, which it is without this option",
     .example = "[\"%d.%m.%Y %H:%M\", \"auto\"]"},
    {.name = "to",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct date, to),
     .fallback = "\"rfc3339\"",
     .minimum = 1,
     .maximum = 1024,
     .help = "how they are printed: as strftime has it, or one of those names",
     .example = "\"%Y-%m-%d\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct date, tz),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of times that are written without one",
     .example = "\"+01:00\""},
    {.name = "to_tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct date, to_tz),
     .maximum = 1024,
     .help = "the time zone that they are printed in; without it each stays in "
             "its own",
     .example = "\"UTC\""},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct date, as),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of a field to add, of one field's times, which then "
             "stays as it is",
     .example = "\"day\""},
    {.name = "round",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct date, round),
     .minimum = 1,
     .maximum = INT64_MAX / 4,
     .help = "to the nearest multiple of so much, of two the later",
     .example = "\"1s\""},
    {.name = "near",
     .type = COSEND_OPTION_TIME,
     .offset = offsetof(struct date, near),
     .help = "a time that those without a year are nearest to; without it now",
     .example = "\"2024-12-31\""},
    {.name = "dst",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct date, dst),
     .fallback = "\"first\"",
     .choices = folds,
     .help = "which one, of an hour that the clocks of `tz` show twice; reject "
             "also makes one bad that they leave out",
     .example = "\"reject\""},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static void check_formats(struct cosend_check *check, struct date *date)
{
    char place[40];

    if (date->formats.count > FORMATS_MOST)
        cosend_check_error(check, "formats", "are more than %d", FORMATS_MOST);
    for (size_t i = 0; i < date->formats.count && i < FORMATS_MOST; i++) {
        const struct cosend_string *text = &date->formats.items[i];
        struct cosend_error error = {0};

        if (strcmp(text->data, "auto") == 0)
            continue;
        snprintf(place, sizeof(place),
                 date->formats.count > 1 ? "formats[%zu]" : "formats", i);
        date->by[i] =
            cosend_time_format_new(text->data, text->length, true, &error);
        if (!date->by[i])
            cosend_check_failed(check, place, &error);
    }
}

static void check(struct cosend_check *check, void *memory)
{
    struct date *date = memory;
    struct cosend_error error = {0};

    if (!date->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    if (date->as.length && date->fields.count > 1)
        cosend_check_error(check, "as",
                           "is for the times of one field" WAY_OF_TWO);
    check_formats(check, date);
    date->printed =
        cosend_time_format_new(date->to.data, date->to.length, false, &error);
    if (!date->printed)
        cosend_check_failed(check, "to", &error);
    date->is_number = strncmp(date->to.data, "epoch", 5) == 0;
    date->is_near = cosend_check_given(check, "near");
    date->in = cosend_check_zone(check, "tz", &date->tz);
    if (cosend_check_given(check, "to_tz"))
        date->out = cosend_check_zone(check, "to_tz", &date->to_tz);
}

static void release(void *memory)
{
    struct date *date = memory;

    for (size_t i = 0; i < FORMATS_MOST; i++)
        cosend_time_format_free(date->by[i]);
    cosend_time_format_free(date->printed);
    cosend_zone_free(date->in);
    cosend_zone_free(date->out);
}

/* ---- One cell ------------------------------------------------------------ */

static bool round_to(int64_t width, struct cosend_time *time)
{
    if (__builtin_add_overflow(time->nanoseconds, width / 2,
                               &time->nanoseconds))
        return false;
    *time = cosend_bucket_time(*time, width, 0);
    return true;
}

/* What to do about a problem that a time has: how it is put, in `room`. */
static const char *tell_problem(const struct date *date, const char *why,
                                char room[WHY_MOST])
{
    const char *way = date->dst == COSEND_FOLD_REFUSE && strstr(why, "twice")
                          ? "; dst=first and dst=second take one of two"
                      : strchr(why, '%')       ? "; formats=FORMAT says which"
                      : strstr(why, "letters") ? "; tz=ZONE says which it is"
                                               : "";

    snprintf(room, WHY_MOST, "%s%s", why, way);
    return room;
}

/* It is no time by the formats, nor by itself, if there are none. */
static const char *tell_no_time(const struct date *date,
                                struct cosend_cell cell,
                                const struct cosend_time_context *context,
                                char room[WHY_MOST])
{
    struct cosend_time time;
    bool by_itself =
        cosend_parse_time(NULL, cell.data, cell.length, context, &time);

    if (!date->formats.count)
        return "is no time in one of the usual ways; formats=FORMAT says "
               "how it is written";
    if (date->formats.count == 1)
        snprintf(room, WHY_MOST, "is no time by the format %.80s%s",
                 date->formats.items[0].data,
                 by_itself ? ", but by itself; formats=FORMAT,auto takes both"
                           : "; formats=FORMAT,FORMAT takes others too");
    else
        snprintf(room, WHY_MOST, "is no time by any of the formats%s",
                 by_itself ? ", but by itself; auto as one more takes it" : "");
    return room;
}

/* Read a cell. Returns NULL, or what is wrong, in `room` or not. */
static const char *read_cell(const struct date *date, struct cosend_cell cell,
                             struct cosend_time *when, char room[WHY_MOST])
{
    struct cosend_time_context context = {
        .zone = date->in,
        .now = date->is_near ? date->near : (int64_t)time(NULL) * 1000000000,
        .fold = (enum cosend_fold)date->dst};
    size_t count = date->formats.count;
    const char *why = NULL;

    if (cell.kind == COSEND_NESTED)
        return "is an array or object";
    for (size_t i = 0; i < (count ? count : 1); i++) {
        if (cosend_parse_time(date->by[i], cell.data, cell.length, &context,
                              when))
            return date->round && !round_to(date->round, when)
                       ? "cannot be rounded"
                       : NULL;
        if (!why)
            why = cosend_time_problem(date->by[i], cell.data, cell.length,
                                      &context);
    }
    return why ? tell_problem(date, why, room)
               : tell_no_time(date, cell, &context, room);
}

/* In `text`, which grows for it. False without memory. */
static bool print_time(const struct date *date, struct cosend_time when,
                       struct cosend_bytes *text)
{
    char out[256];
    size_t length =
        cosend_format_time(date->printed, when, date->out, out, sizeof(out));
    char *more;

    cosend_bytes_clear(text);
    if (length < sizeof(out)) {
        cosend_put_raw(text, out, length);
        return !text->failed;
    }
    more = malloc(length + 1);
    if (!more)
        return false;
    cosend_format_time(date->printed, when, date->out, more, length + 1);
    cosend_put_raw(text, more, length);
    free(more);
    return !text->failed;
}

/* ---- Body ---------------------------------------------------------------- */

/* Returns false where the record is bad, or the step has failed. */
static bool date_record(struct cosend_stage *self, const struct date *date,
                        struct cosend_column column,
                        const struct cosend_record *record,
                        struct cosend_bytes *text)
{
    const struct cosend_fields none = {0, 0};
    struct cosend_item item = {0};
    struct cosend_time when;
    char room[WHY_MOST];
    const char *why;
    size_t count = 0;

    if (date->as.length && !cosend_name_free(self, record, date->as.data, none,
                                             "as=NAME takes another name"))
        return false;
    while (cosend_next_match(self, date->fields, record, &item)) {
        struct cosend_cell cell;

        if (date->as.length && count++)
            return cosend_fail(self, COSEND_E_COLUMN,
                               "as=%.100s is for the times of one field, and "
                               "these are several" WAY_OF_TWO,
                               date->as.data) >= 0;
        if (cosend_is_blank(item.cell))
            continue;
        why = read_cell(date, item.cell, &when, room);
        if (why) {
            cosend_bad_cell(self, record, "not_a_time", item.name,
                            item.name_length, item.cell, why);
            return false;
        }
        if (!print_time(date, when, text))
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory") >= 0;
        cell = cosend_text((const char *)text->data, text->length);
        cell.kind = date->is_number ? COSEND_NUMBER : COSEND_TEXT;
        if (date->as.length)
            cosend_set(self, column, cell);
        else
            cosend_change(self, &item, cell);
    }
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct date *date = memory;
    struct cosend_bytes *text = cosend_stage_text(self);
    struct cosend_column column = {0};
    struct cosend_record record;

    if (!text)
        return COSEND_E_MEMORY;
    if (date->as.length)
        column = cosend_add_column(self, date->as.data);
    else
        cosend_change_fields(self, date->fields);
    cosend_only_fields(self);
    while (cosend_receive(self, &record))
        if (date_record(self, date, column, &record, text))
            cosend_emit(self, &record);
    return 0;
}

const struct cosend_filter csi_filter_date = {
    .abi = COSEND_ABI,
    .name = "date",
    .role = COSEND_FILTER,
    .summary = "Write the times in fields another way",
    .details =
        "Emits every record as it comes, with the times in the fields read and "
        "printed anew, as RFC 3339 or by `to`; with `as` as a field behind the "
        "others. Without `formats` a time may be RFC 3339 or ISO 8601, an "
        "access log's 10/Oct/2000:13:55:36 -0700, syslog's Oct 10 13:55:36, "
        "mail's and HTTP's Tue, 10 Oct 2000 13:55:36 GMT, that of date and "
        "ctime, Tue Oct 10 13:55:36 2000, or seconds since 1970, with a "
        "fraction, or in 13, 16 or 19 digits milli-, micro- or nanoseconds; "
        "but eight digits are a date, 20001010, and 14 a date and a time of "
        "day, where the year is of 1900 to 2199: only the format epoch reads "
        "20001010 as seconds. 01/02/2000 is none, nor is 01022000: only a "
        "format tells the day from the month; and nor is 2000, or 200010: a "
        "year by %Y, a month by %Y%m, or seconds. Behind a time of day AM or "
        "PM may stand, or %p of a format. A date and a time of day in two "
        "fields are one by a step `set when = concat(date, \" \", time)` "
        "before. "
        "Fractions have up to 9 digits, and may lack, with their point, where "
        "a format has %f; years of two digits are 1969 to 2068; a year that is "
        "not written is the one nearest to now, or `near`; a second of 60 is "
        "the next minute's first. A zone is an offset or UTC, or letters that "
        "the zone `tz` has then; other letters, as EST and IST, are of several "
        "zones and refused. Of an hour that clocks show twice a time is the "
        "first, or by `dst` the second; one that they leave out is as if they "
        "had not been set forward. An empty field, and one that is absent or "
        "null, stays so. What is no time makes the record bad (not_a_time). "
        "Each record is treated by itself, in all threads, and at once under "
        "--follow.",
    .example = "parse combined | date time to=%Y-%m-%d as=day | count day",
    .options_size = sizeof(struct date),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
