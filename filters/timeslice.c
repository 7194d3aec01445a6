/* SPDX-License-Identifier: MIT */
/*
 * timeslice: emits every record, as it comes, with a field for where the slice
 * of time begins that its own time is in: the minute, the week, the month.
 */
#include "cosend.h"

struct timeslice {
    struct cosend_field field;
    struct cosend_string every, tz, as;
    int64_t origin;
    bool overwrite;
    struct cosend_zone *zone; /* made by check, as is what follows */
    struct cosend_slices slices;
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct timeslice, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,
     .help = "the field with each record's time, as `date` takes it by itself",
     .example = "\"time\""},
    {.name = "every",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct timeslice, every),
     .flags = COSEND_SECOND | COSEND_REQUIRED,
     .maximum = 100,
     .help = "how long a slice is: 10s, 1m, 1h; by the calendar 1d, 1w from "
             "Monday on, 1mo, 1q, 1y",
     .example = "\"5m\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct timeslice, tz),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of times that are written without one, whose "
             "calendar counts, and in which the start is told",
     .example = "\"+01:00\""},
    {.name = "origin",
     .type = COSEND_OPTION_TIME,
     .offset = offsetof(struct timeslice, origin),
     .help = "where one of the slices begins; without it at 1970-01-01T00:00Z",
     .example = "\"2024-01-01T06:00:00Z\""},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct timeslice, as),
     .fallback = "\"timeslice\"",
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field that is added",
     .example = "\"minute\""},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct timeslice, overwrite),
     .help = "replace a field that has the name already",
     .example = "true"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct timeslice *timeslice = memory;

    timeslice->zone = cosend_check_zone(check, "tz", &timeslice->tz);
    timeslice->slices = (struct cosend_slices){
        .has_origin = cosend_check_given(check, "origin"),
        .origin = timeslice->origin,
        .zone = timeslice->zone};
    cosend_check_slices(check, "every", &timeslice->every, &timeslice->slices);
}

static void release(void *memory)
{
    struct timeslice *timeslice = memory;

    cosend_zone_free(timeslice->zone);
}

/* False where the record is bad. */
static bool slice_record(struct cosend_stage *self,
                         const struct timeslice *timeslice,
                         struct cosend_column column,
                         const struct cosend_record *record)
{
    const struct cosend_slices *slices = &timeslice->slices;
    struct cosend_time when;
    struct cosend_value start = {.type = COSEND_TYPE_TIME};

    if (!cosend_time_of(self, record, timeslice->field, timeslice->zone, &when))
        return false;
    if (!cosend_slice_start(slices, cosend_slice_of(slices, when.nanoseconds),
                            &when)) {
        cosend_bad(self, record, "out_of_range",
                   "its slice begins before 1677-09-21");
        return false;
    }
    start.as.integer = when.nanoseconds;
    start.offset = when.offset;
    cosend_set_value(self, column, &start);
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct timeslice *timeslice = memory;
    const struct cosend_fields none = {0, 0};
    struct cosend_column column = cosend_add_column(self, timeslice->as.data);
    struct cosend_record record;

    cosend_only_fields(self);
    while (cosend_receive(self, &record)) {
        if (!timeslice->overwrite &&
            !cosend_name_free(self, &record, timeslice->as.data, none,
                              "overwrite=true replaces it, and as=NAME takes "
                              "another name"))
            continue;
        if (slice_record(self, timeslice, column, &record))
            cosend_emit(self, &record);
    }
    return 0;
}

const struct cosend_filter csi_filter_timeslice = {
    .abi = COSEND_ABI,
    .name = "timeslice",
    .role = COSEND_FILTER,
    .summary = "Say where the slice of time begins that each record is in",
    .details =
        "Emits every record as it comes, with a field behind the others for "
        "where the slice begins that its time is in, which `count` and "
        "`aggregate` can group by. Slices of hours and less are all of the "
        "same length, counted from `origin` on in UTC, whatever clocks do: 1h "
        "in a zone that is 30 minutes off begins at its half hours. Days, "
        "weeks, from Monday on, months, quarters and years are those of the "
        "zone's calendar: a day may have 23 or 25 hours, and 24h is not 1d "
        "there. With `origin` days and weeks begin by the clock as it does, "
        "and weeks on its weekday. The start is told as RFC 3339 in `tz`. A "
        "field that has the name already is an error, in JSON lines a bad "
        "record (name_taken), unless it is to be replaced. What is no time, an "
        "empty field too, makes the record bad (not_a_time). Each record is "
        "treated by itself, in all threads, and at once under --follow.",
    .example = "parse combined | timeslice time 1h | count timeslice",
    .options_size = sizeof(struct timeslice),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
