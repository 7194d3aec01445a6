/* SPDX-License-Identifier: MIT */
/*
 * window: emits what functions make of the records in each window: of time, of
 * one length or as long as records follow each other, or of so many records.
 *
 * The greatest time there was, less what records may be late, is the watermark:
 * a window that ends there or before is closed and emitted, and what comes for
 * it then is late. So that depends on the records and their order alone.
 */
#include "cosend.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOWS_MOST = 10000 };
enum kind { KIND_SIZE, KIND_GAP, KIND_RECORDS };
enum late { LATE_REJECT, LATE_MERGE, LATE_DROP };

struct window {
    struct cosend_aggregate_options what;
    struct cosend_field time;
    struct cosend_string size, slide, tz;
    int64_t gap, records, origin, allowed_lateness, max_groups;
    int late;
    /* What check makes of them. */
    enum kind kind;
    struct cosend_slices slices; /* where windows of time begin */
    struct cosend_zone *zone;
    int64_t length; /* nanoseconds, of those that overlap; 0: up to the next */
    int64_t step;   /* records from one's start to the next one's */
};

static const char *const lates[] = {"reject", "merge", "drop", NULL};

static const struct cosend_option options[] = {
    {.name = "what",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct window, what),
     .group = cosend_aggregate_options},
    {.name = "time",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct window, time),
     .help = "the field with each record's time, as `date` takes it by itself",
     .example = "\"time\""},
    {.name = "size",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct window, size),
     .minimum = 1,
     .maximum = 100,
     .help = "how long a window is: 10s, 5m, 1h; by the calendar 1d, 1w from "
             "Monday on, 1mo, 1q, 1y",
     .example = "\"5m\""},
    {.name = "gap",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct window, gap),
     .minimum = 1,
     .maximum = INT64_MAX / 4,
     .help =
         "in place of size: a window is a session, which ends where so long "
         "none of its group comes",
     .example = "\"30m\""},
    {.name = "records",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct window, records),
     .minimum = 1,
     .maximum = 1 << 30,
     .help = "in place of size: a window is so many records of a group",
     .example = "100"},
    {.name = "slide",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct window, slide),
     .minimum = 1,
     .maximum = 100,
     .help = "how far from the start of a window the next one begins, which "
             "then overlap: a duration with size, a number with records",
     .example = "\"1m\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct window, tz),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of times that are written without one, whose "
             "calendar counts, and in which starts and ends are told",
     .example = "\"+01:00\""},
    {.name = "origin",
     .type = COSEND_OPTION_TIME,
     .offset = offsetof(struct window, origin),
     .help = "with size: where one of the windows begins; without it at "
             "1970-01-01T00:00Z",
     .example = "\"2024-01-01T06:00:00Z\""},
    {.name = "allowed_lateness",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct window, allowed_lateness),
     .minimum = 0,
     .maximum = INT64_MAX / 4,
     .help = "how much behind the greatest time so far a record may be: a "
             "window is held open for so long",
     .example = "\"1m\""},
    {.name = "late",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct window, late),
     .fallback = "\"reject\"",
     .choices = lates,
     .help =
         "what becomes of a record whose window is closed: it is bad, or "
         "counts in those of its windows that are open, or in the oldest that "
         "is, or is dropped, and counted",
     .example = "\"drop\""},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct window, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups there may be; more end the run; 0: any number",
     .example = "100000"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static void check_sliding(struct cosend_check *check, struct window *window)
{
    int64_t slide = 0;

    if (!cosend_parse_duration(window->slide.data, window->slide.length,
                               &slide) ||
        !cosend_parse_duration(window->size.data, window->size.length,
                               &window->length) ||
        slide <= 0 || slide > window->length)
        cosend_check_error(check, "slide",
                           "must be a duration above 0, as 30s or 1h, and not "
                           "above `size`, which must be one too");
    else if (window->length / slide > WINDOWS_MOST)
        cosend_check_error(check, "slide",
                           "puts each record in more than %d windows",
                           WINDOWS_MOST);
    window->slices.period = (struct cosend_period){.nanoseconds = slide};
}

static void check_size(struct cosend_check *check, struct window *window)
{
    window->slices = (struct cosend_slices){
        .has_origin = cosend_check_given(check, "origin"),
        .origin = window->origin,
        .zone = window->zone};
    if (window->slide.length)
        check_sliding(check, window);
    else
        cosend_check_slices(check, "size", &window->size, &window->slices);
}

static void check_records(struct cosend_check *check, struct window *window)
{
    static const char *const of_time[] = {"time", "allowed_lateness", "late"};
    char *end;

    for (size_t i = 0; i < sizeof(of_time) / sizeof(of_time[0]); i++)
        if (cosend_check_given(check, of_time[i]))
            cosend_check_error(check, of_time[i],
                               "is for windows of time, and not of records");
    window->step = window->records;
    if (!window->slide.length)
        return;
    window->step = strtoll(window->slide.data, &end, 10);
    if (*end || window->step < 1 || window->step > window->records)
        cosend_check_error(check, "slide",
                           "must be a number of records, 1 to `records`");
    else if (window->records / window->step > WINDOWS_MOST)
        cosend_check_error(check, "slide",
                           "puts each record in more than %d windows; "
                           "`running` has such of one function",
                           WINDOWS_MOST);
}

static void check(struct cosend_check *check, void *memory)
{
    struct window *window = memory;
    int kinds =
        (window->size.length > 0) + (window->gap > 0) + (window->records > 0);

    cosend_check_aggregates(check, &window->what);
    window->zone = cosend_check_zone(check, "tz", &window->tz);
    window->kind = window->gap       ? KIND_GAP
                   : window->records ? KIND_RECORDS
                                     : KIND_SIZE;
    if (kinds != 1)
        cosend_check_error(check, "size",
                           "one of `size`, `gap` and `records` says what a "
                           "window is: size=5m");
    else if (window->kind == KIND_SIZE)
        check_size(check, window);
    else if (window->kind == KIND_RECORDS)
        check_records(check, window);
    if (window->kind == KIND_GAP && window->slide.length)
        cosend_check_error(check, "slide", "is for `size` and `records`");
    if (window->kind != KIND_SIZE && cosend_check_given(check, "origin"))
        cosend_check_error(check, "origin", "is for `size`");
    if (window->kind != KIND_RECORDS && !cosend_check_given(check, "time"))
        cosend_check_error(
            check, "time",
            "window needs \"time\", the field with each record's "
            "time");
}

static void release(void *memory)
{
    struct window *window = memory;

    cosend_aggregates_release(&window->what);
    cosend_zone_free(window->zone);
}

/* ---- Where windows are --------------------------------------------------- */

struct work {
    struct cosend_stage *self;
    const struct window *window;
    struct cosend_windows *windows;
    int64_t latest; /* the greatest time so far */
    uint64_t dropped;
};

static int64_t later(int64_t time, int64_t by)
{
    return time > INT64_MAX - by ? INT64_MAX : time + by;
}

static int64_t earlier(int64_t time, int64_t by)
{
    return time < INT64_MIN + by ? INT64_MIN : time - by;
}

static int64_t watermark(const struct work *work)
{
    return earlier(work->latest, work->window->allowed_lateness);
}

/* Where slice `number` begins, or, out of range, the last time there is. */
static int64_t start_of(const struct window *window, int64_t number)
{
    struct cosend_time start;

    if (cosend_slice_start(&window->slices, number, &start))
        return start.nanoseconds;
    return number < 0 ? INT64_MIN : INT64_MAX;
}

static int64_t end_of(const struct window *window, int64_t number)
{
    return window->length ? later(start_of(window, number), window->length)
                          : start_of(window, number + 1);
}

/* The slices whose windows a time is in. */
struct slices_of {
    int64_t first, last;
};

static struct slices_of slices_of(const struct window *window, int64_t time)
{
    int64_t last = cosend_slice_of(&window->slices, time), first = last;

    /* Behind the one that begins as long before as a window is, or earlier. */
    if (window->length)
        first =
            cosend_slice_of(&window->slices, earlier(time, window->length)) + 1;
    return (struct slices_of){first < last ? first : last, last};
}

/* ---- Records ------------------------------------------------------------- */

/* A late one: *time becomes one that the oldest window that is open has, or it
   is bad or dropped, and false is returned. */
static bool take_late(struct work *work,
                      const struct cosend_window_group *group,
                      const struct cosend_record *record, int64_t *time)
{
    char behind[COSEND_DURATION_MAX];
    int64_t by;

    if (work->window->late == LATE_MERGE) {
        *time = watermark(work);
        if (work->window->kind == KIND_GAP && *time < group->closed)
            *time = group->closed;
        return true;
    }
    if (work->window->late == LATE_DROP) {
        work->dropped++;
        return false;
    }
    if (__builtin_sub_overflow(work->latest, *time, &by))
        by = INT64_MAX;
    cosend_format_duration(by, behind);
    cosend_bad(work->self, record, "late",
               "its window is closed: it is %s behind the greatest time before "
               "it; allowed_lateness=%s would have it, and so would a step "
               "`sort` before",
               behind, behind);
    return false;
}

/* These return false where the record was not added: it is bad, or dropped, or
   the step failed. */

static bool add_by_size(struct work *work, struct cosend_window_group *group,
                        int64_t time, const struct cosend_record *record)
{
    const struct window *window = work->window;
    struct slices_of slices = slices_of(window, time);

    /* Late if one of its windows is closed. Merged, it counts in those of its
       own that are open, or else in the oldest. */
    if (end_of(window, slices.first) <= watermark(work)) {
        if (!take_late(work, group, record, &time))
            return false;
        slices.first = slices_of(window, time).first;
        if (slices.last < slices.first)
            slices.last = slices.first;
    }
    for (int64_t i = slices.first; i <= slices.last; i++)
        if (!cosend_window_add(work->windows, group, start_of(window, i),
                               end_of(window, i), record))
            return false;
    return true;
}

static bool add_by_gap(struct work *work, struct cosend_window_group *group,
                       int64_t time, const struct cosend_record *record)
{
    int64_t gap = work->window->gap, end = later(time, gap);
    bool is_late =
        time < group->closed ||
        (end <= watermark(work) && !cosend_window_meets(group, time, end));

    if (is_late && !take_late(work, group, record, &time))
        return false;
    return cosend_window_extend(work->windows, group, time, later(time, gap),
                                record);
}

static void take_by_time(struct work *work, const struct cosend_record *record)
{
    const struct window *window = work->window;
    struct cosend_window_group *group;
    struct cosend_time when;

    if (!cosend_time_of(work->self, record, window->time, window->zone, &when))
        return;
    group = cosend_windows_group(work->windows, record,
                                 (uint64_t)window->max_groups);
    if (!group || !(window->kind == KIND_GAP ? add_by_gap : add_by_size)(
                      work, group, when.nanoseconds, record))
        return;
    if (when.nanoseconds > work->latest)
        work->latest = when.nanoseconds;
    cosend_windows_close(work->windows, watermark(work), INT64_MAX);
}

static void take_by_number(struct work *work,
                           const struct cosend_record *record)
{
    int64_t many = work->window->records, step = work->window->step;
    struct cosend_window_group *group = cosend_windows_group(
        work->windows, record, (uint64_t)work->window->max_groups);
    int64_t number, first;

    if (!group)
        return;
    number = group->records + 1;
    first = number - many;
    /* Of 1, 1 + step and so on the first that is not so far behind. */
    first = first > 0 ? (first + step - 1) / step * step : 0;
    for (int64_t start = first + 1; start <= number; start += step)
        if (!cosend_window_add(work->windows, group, start, start + many - 1,
                               record))
            return;
    group->records = number;
    cosend_windows_close_group(work->windows, group, number);
}

/* ---- Body ---------------------------------------------------------------- */

static bool start_work(struct cosend_stage *self, const struct window *window,
                       struct work *work)
{
    struct cosend_aggregate_options what = window->what;
    struct cosend_aggregates *all;

    /* Each window has states of its own. */
    what.by = (struct cosend_fields){0, 0};
    all = cosend_aggregates_start(self, &what);
    *work = (struct work){.self = self, .window = window, .latest = INT64_MIN};
    if (all)
        work->windows = cosend_windows_new(
            self, window->what.by, all,
            window->kind == KIND_RECORDS ? NULL : window->zone);
    return work->windows;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct cosend_record record;
    struct work work;

    if (!start_work(self, memory, &work))
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    while (cosend_receive(self, &record))
        (work.window->kind == KIND_RECORDS ? take_by_number
                                           : take_by_time)(&work, &record);
    if (cosend_ended(self) != COSEND_END_CLOSED)
        return 0;
    cosend_windows_end(work.windows, work.latest);
    if (work.dropped)
        cosend_warn(self, "%llu late record%s dropped",
                    (unsigned long long)work.dropped,
                    work.dropped == 1 ? " was" : "s were");
    return 0;
}

const struct cosend_filter csi_filter_window = {
    .abi = COSEND_ABI,
    .name = "window",
    .role = COSEND_FILTER,
    .summary = "Counts, sums, means and the like, of each window of time or "
               "records",
    .details =
        "Emits a record for each window, and with `by` each group in it: "
        "window_start, window_end, the group's fields, a column for each "
        "function, as aggregate has them, and `partial`. A window is as long "
        "as `size`, one behind the other, as the slices of `timeslice` are, or "
        "with `slide` overlapping; or, with `gap`, a session, which ends `gap` "
        "behind its last record; or so many `records`, of which start and end "
        "are the first and last number. A start is in the window, an end is "
        "not. One without a record is not emitted. Windows of time are emitted "
        "in the order of their ends, and those that end together in that of "
        "their groups, as soon as a record is so late: the greatest time so "
        "far, less `allowed_lateness`, is where time has come to. A record "
        "with a window that ended before that is late, and bad (late), unless "
        "`late` says otherwise. At the end of the input all that are open are "
        "emitted; those that end behind its greatest time are partial, "
        "true, as are those of fewer records. That is the same however the "
        "input is read, also under --follow, where a window is emitted when a "
        "record behind it comes, and not by the clock. What is no time makes "
        "the record bad (not_a_time), and what is no number where one must be "
        "(not_a_number). Memory: some bytes for each group there ever was, and "
        "each open window of each as aggregate has it.",
    .example = "parse combined | window count mean(size) time=time size=1h",
    .options_size = sizeof(struct window),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .absorbs = true,
};
