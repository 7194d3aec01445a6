/* SPDX-License-Identifier: MIT */
/*
 * between: emits those records, as they are, whose time is in a span. It is
 * what since= and until= of a source are, where the time is in a field.
 */
#include "cosend.h"

#include <string.h>
#include <time.h>

struct between {
    struct cosend_span span;
    struct cosend_fields fields; /* that may have the time */
};

static const struct cosend_option options[] = {
    {.name = "time options",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct between, span),
     .group = cosend_span_options},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct between *between = memory;
    const struct cosend_span *span = &between->span;
    struct cosend_field field;

    cosend_check_span(check, &between->span, false);
    if (!span->since.length && !span->until.length && !span->field.length &&
        !span->tz.length)
        cosend_check_error(check, "since", "needs since or until");
    if (span->field.length) {
        field = cosend_check_field(check, "time_field", span->field.data,
                                   span->field.length);
        between->fields = (struct cosend_fields){field.slot, 1};
        return;
    }
    for (int i = 0; cosend_time_names[i]; i++) {
        field = cosend_check_field(check, "time_field", cosend_time_names[i],
                                   strlen(cosend_time_names[i]));
        if (i == 0)
            between->fields.first = field.slot;
        between->fields.count++;
    }
    cosend_check_missing(check, between->fields, COSEND_MISSING_SKIP);
}

static void release(void *memory)
{
    struct between *between = memory;

    cosend_span_release(&between->span);
}

/* ---- Body ---------------------------------------------------------------- */

/* Whether a table has a column of the name; records without fixed columns may.
 */
static bool may_have(const struct cosend_schema *schema, const char *name)
{
    if (cosend_schema_open(schema))
        return true;
    for (size_t i = 0; i < cosend_schema_count(schema); i++)
        if (strcmp(cosend_schema_name(schema, i), name) == 0)
            return true;
    return false;
}

static int none_of(struct cosend_stage *self)
{
    return cosend_fail(self, COSEND_E_COLUMN,
                       "since, until: there is no field time, timestamp, "
                       "@timestamp, ts, datetime or date; --time-field, or "
                       "time_field=, says which has the time");
}

static int two_of(struct cosend_stage *self, const char *one, const char *other)
{
    return cosend_fail(self, COSEND_E_COLUMN,
                       "since, until: both %.100s and %.100s may be the time; "
                       "--time-field, or time_field=, says which is",
                       one, other);
}

/* Where a record has its time: in a field, or with a date in another. */
struct found {
    struct cosend_field field, date;
    bool is_clock;
};

static bool is_date_and_time(const char *one, const char *other)
{
    return strcmp(one, "time") == 0 && strcmp(other, "date") == 0;
}

/*
 * Find the field with the time of the record.
 *
 * Returns COSEND_OK; COSEND_DONE where this record has none; or an error.
 */
static int find_time(struct cosend_stage *self, const struct between *between,
                     const struct cosend_record *record, struct found *found)
{
    const struct cosend_schema *schema = cosend_input_schema(self);
    const char *name = NULL;
    bool any = false;

    *found = (struct found){.field = cosend_nth(between->fields, 0)};
    if (between->fields.count == 1)
        return COSEND_OK;
    for (uint32_t i = 0; i < between->fields.count; i++) {
        struct cosend_field field = cosend_nth(between->fields, i);

        if (!may_have(schema, cosend_time_names[i]))
            continue;
        any = true;
        if (cosend_schema_open(schema) &&
            cosend_field(record, field).kind == COSEND_ABSENT)
            continue;
        if (name && !is_date_and_time(name, cosend_time_names[i]))
            return two_of(self, name, cosend_time_names[i]);
        found->is_clock = name;
        *(name ? &found->date : &found->field) = field;
        name = cosend_time_names[i];
    }
    if (!any)
        return none_of(self);
    return name ? COSEND_OK : COSEND_DONE;
}

static void no_time(struct cosend_stage *self,
                    const struct cosend_record *record)
{
    cosend_bad(self, record, "no_time",
               "no field time, timestamp, @timestamp, ts, datetime or date; "
               "--time-field, or time_field=, says which has the "
               "time");
}

/* Of a date and a time of day. */
static bool both_are_between(struct cosend_stage *self,
                             const struct cosend_span *span,
                             const struct cosend_record *record,
                             const struct found *found)
{
    struct cosend_cell date = cosend_field(record, found->date),
                       clock = cosend_field(record, found->field);
    struct cosend_time_context context = {.zone = span->zone,
                                          .now =
                                              (int64_t)time(NULL) * 1000000000,
                                          .is_past = true};
    char text[COSEND_JOINED_MAX];
    struct cosend_time time;
    const char *why;
    size_t length = cosend_join_time(date.data, date.length, clock.data,
                                     clock.length, text);

    if (!length) {
        two_of(self, "time", "date");
        return false;
    }
    if (cosend_parse_time(NULL, text, length, &context, &time))
        return cosend_span_has(span, text, length, time.nanoseconds);
    why = cosend_time_problem(NULL, text, length, &context);
    cosend_bad(self, record, "not_a_time", "fields date and time: \"%.*s\" %s",
               (int)cosend_shown(text, length, 60), text,
               why ? why : "is no time");
    return false;
}

/* Whether the record is to go on; if not, it is dropped, bad, or the step has
   failed. */
static bool is_between(struct cosend_stage *self, const struct between *between,
                       const struct cosend_record *record)
{
    const struct cosend_span *span = &between->span;
    struct cosend_cell cell;
    struct cosend_time time;
    struct found found;
    int status = find_time(self, between, record, &found);

    if (status == COSEND_DONE)
        no_time(self, record);
    if (status != COSEND_OK)
        return false;
    if (found.is_clock)
        return both_are_between(self, span, record, &found);
    if (!cosend_past_time_of(self, record, found.field, span->zone, &time))
        return false;
    cell = cosend_field(record, found.field);
    return cosend_span_has(span, cell.data, cell.length, time.nanoseconds);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct between *between = memory;
    struct cosend_record record;

    cosend_only_fields(self);
    while (cosend_receive(self, &record))
        if (cosend_in_span(self, &record) || is_between(self, between, &record))
            cosend_emit(self, &record);
    return 0;
}

const struct cosend_filter csi_filter_between = {
    .abi = COSEND_ABI,
    .name = "between",
    .role = COSEND_FILTER,
    .summary = "Only what is of a span of time",
    .details =
        "Emits the records, as they are, whose time is not before `since` and "
        "is before `until`. It is what since=, until=, --since and --until of "
        "a source are where the time is in a field; behind any step it can be "
        "written. Times are read as `date` reads them, but for a year that is "
        "not written: it is the last one by which the time is at most a day "
        "ahead, as it is of lines of text. What was in an hour that the "
        "clocks of `tz` show twice is of the span by either. 2h, 30m or 1d "
        "is so long before the run was made, 10:00 the last there was, today "
        "and yesterday begin at midnight by `tz`. The field is `time_field`, "
        "else that of the names "
        "time, timestamp, @timestamp, ts, datetime and date that there is; of "
        "a date and a time of day, as w3c and cloudfront have them, both; "
        "where there are several others the step fails, and says so. A record "
        "without that "
        "field is bad (no_time), and one in which it is no time (not_a_time): "
        "none is let through unseen. Each record is treated by itself, in all "
        "threads, and at once under --follow.",
    .example = "parse combined | between since=2h | count status",
    .options_size = sizeof(struct between),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
