/* SPDX-License-Identifier: MIT */
/*
 * sparkline: emits, at the end, a line of little bars for each group: a number
 * each, in the order of the input; or, by a field with times, a slice of time
 * each, also where there was nothing.
 *
 * All is held as points, a number and where it stands: how many were before it
 * in its group, or a time. Each character of the line has the points of as many
 * places as are needed for the line to fit, the same for all groups.
 */
#include "cosend.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum unite { UNITE_MEAN, UNITE_SUM, UNITE_MIN, UNITE_MAX };

struct sparkline {
    struct cosend_field field, time;
    struct cosend_fields by;
    int64_t every, width;
    struct cosend_string tz;
    int unite;
    double lo, hi;
    bool ascii;
    /* Made by check. */
    bool has_lo, has_hi, by_time;
    bool counts; /* records, in the place of numbers */
    struct cosend_zone *zone;
};

static const char *const unites[] = {"mean", "sum", "min", "max", NULL};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct sparkline, field),
     .flags = COSEND_MAIN,
     .help = "the field with the numbers; without it records are counted, by "
             "`time`",
     .example = "\"count\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct sparkline, by),
     .help = "a line for each group of records that are the same in these "
             "fields",
     .example = "\"host\""},
    {.name = "time",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct sparkline, time),
     .help = "the field with each record's time, as `date` takes it by itself: "
             "a character is a slice of time",
     .example = "\"time\""},
    {.name = "every",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct sparkline, every),
     .minimum = 1,
     .maximum = INT64_MAX / 4,
     .help = "with time: how long a slice is at least; without it a second",
     .example = "\"1m\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct sparkline, tz),
     .fallback = "\"UTC\"",
     .maximum = 1024,
     .help = "the time zone of times that are written without one, and of "
             "`from`",
     .example = "\"+01:00\""},
    {.name = "width",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct sparkline, width),
     .fallback = "40",
     .minimum = 5, /* all times there are, by the longest slice */
     .maximum = 10000,
     .help = "characters at most",
     .example = "60"},
    {.name = "unite",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct sparkline, unite),
     .fallback = "\"mean\"",
     .choices = unites,
     .help = "what is shown of several numbers that share a character",
     .example = "\"max\""},
    {.name = "lo",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct sparkline, lo),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "what the lowest bar begins at; without it the least number of "
             "the line, and of counts 0",
     .example = "0"},
    {.name = "hi",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct sparkline, hi),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "what the highest goes to; without it the greatest",
     .example = "100"},
    {.name = "ascii",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct sparkline, ascii),
     .help = "the characters .:-=+*#@ in place of Unicode's blocks",
     .example = "true"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static void check_time(struct cosend_check *check,
                       const struct sparkline *sparkline)
{
    static const char *const of_time[] = {"every", "tz"};

    for (size_t i = 0; i < 2 && !sparkline->by_time; i++)
        if (cosend_check_given(check, of_time[i]))
            cosend_check_error(check, of_time[i], "is for `time`");
}

static void check(struct cosend_check *check, void *memory)
{
    struct sparkline *sparkline = memory;

    sparkline->zone = cosend_check_zone(check, "tz", &sparkline->tz);
    sparkline->has_lo = cosend_check_given(check, "lo");
    sparkline->has_hi = cosend_check_given(check, "hi");
    sparkline->by_time = cosend_check_given(check, "time");
    sparkline->counts = !cosend_check_given(check, "field");
    if (sparkline->has_lo && sparkline->has_hi &&
        sparkline->lo >= sparkline->hi)
        cosend_check_error(check, "hi", "must be above lo");
    if (sparkline->counts && !sparkline->by_time)
        cosend_check_error(check, "field",
                           "sparkline needs \"field\", the numbers, or "
                           "\"time\", by which it counts records");
    if (sparkline->counts && cosend_check_given(check, "unite"))
        cosend_check_error(check, "unite",
                           "is for numbers of a field: records are counted");
    check_time(check, sparkline);
    cosend_check_endless(
        check, sparkline->counts ? COSEND_COMES_TO_AN_END : COSEND_GROWS,
        "a step `tail 40` before it keeps the last so many");
}

static void release(void *memory)
{
    cosend_zone_free(((struct sparkline *)memory)->zone);
}

/* ---- Points -------------------------------------------------------------- */

struct point {
    int64_t place;
    double number; /* NaN: none */
};

/* Of a group. */
struct points {
    struct cosend_bytes all; /* struct point */
    int64_t next;            /* place, unless by time */
};

struct work {
    struct cosend_stage *self;
    const struct sparkline *sparkline;
    struct cosend_groups *groups;
    int64_t first, last; /* place; none where first is above last */
    struct cosend_column line, min, max, every, from;
};

static void free_points(void *value)
{
    cosend_bytes_free(&((struct points *)value)->all);
}

static const struct point *points_of(const struct points *points, size_t *many)
{
    *many = points->all.length / sizeof(struct point);
    return (const void *)points->all.data;
}

static int64_t floor_division(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* How long the shortest slice is, and 1 of places that are none. */
static int64_t unit_of(const struct sparkline *sparkline)
{
    if (!sparkline->by_time)
        return 1;
    return sparkline->every ? sparkline->every : INT64_C(1000000000);
}

/* More of the slice that was counted last is counted there. */
static bool count_there(const struct work *work, const struct points *points,
                        int64_t place, double more)
{
    int64_t unit = unit_of(work->sparkline);
    size_t length = points->all.length;
    struct point *last;

    if (!work->sparkline->counts || length < sizeof(*last))
        return false;
    last = (void *)(points->all.data + length - sizeof(*last));
    if (floor_division(last->place, unit) != floor_division(place, unit))
        return false;
    last->number += more;
    return true;
}

/* False without memory. */
static bool add(struct work *work, struct points *points, int64_t place,
                double number)
{
    struct point point = {place, number};

    if (place < work->first)
        work->first = place;
    if (place > work->last)
        work->last = place;
    if (!count_there(work, points, place, number))
        cosend_put_raw(&points->all, &point, sizeof(point));
    if (points->all.failed)
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
    return !points->all.failed;
}

/* A number that is bad leaves a gap, as one that is not there does. */
static double number_of(const struct work *work,
                        const struct cosend_record *record)
{
    struct cosend_field field = work->sparkline->field;
    double number = NAN;
    struct cosend_cell cell;

    if (work->sparkline->counts)
        return 1;
    cell = cosend_field(record, field);
    if (!cosend_is_blank(cell) &&
        !cosend_parse_double(cell.data, cell.length, &number))
        cosend_bad_number(work->self, record, field);
    return number;
}

/* False where nothing can go on. */
static bool take(struct work *work, const struct cosend_record *record)
{
    const struct sparkline *sparkline = work->sparkline;
    struct points *points;
    struct cosend_time when;
    double number;
    int64_t place;

    if (sparkline->by_time &&
        !cosend_time_of(work->self, record, sparkline->time, sparkline->zone,
                        &when))
        return true;
    number = number_of(work, record);
    points = cosend_group_of(work->groups, record);
    if (!points)
        return false;
    place = sparkline->by_time ? when.nanoseconds : points->next++;
    return add(work, points, place, number);
}

/* ---- As bytes ------------------------------------------------------------ */

static void save_points(const void *value, struct cosend_bytes *to,
                        const void *context)
{
    size_t many;
    const struct point *point = points_of(value, &many);

    (void)context;
    cosend_put_varint(to, many);
    for (size_t i = 0; i < many; i++) {
        cosend_put_varint(to, (uint64_t)point[i].place);
        cosend_put_double(to, point[i].number);
    }
}

static int save(const void *state, struct cosend_bytes *to)
{
    return cosend_groups_save(((const struct work *)state)->groups, to,
                              save_points, NULL);
}

/* What was saved stands behind what is there. */
static int merge_points(void *value, struct cosend_reader_bytes *from,
                        const void *context)
{
    struct work *work = *(struct work *const *)context;
    struct points *points = value;
    uint64_t many = cosend_get_varint(from);

    for (uint64_t i = 0; i < many && !from->failed; i++) {
        int64_t place = (int64_t)cosend_get_varint(from);
        double number = cosend_get_double(from);

        if (!work->sparkline->by_time)
            place = points->next++;
        if (!from->failed && !add(work, points, place, number))
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    struct work *work = state;

    return cosend_groups_merge(work->groups, from, merge_points, &work);
}

/* ---- Lines --------------------------------------------------------------- */

/* How many characters there are behind the first, each of so many places. */
static uint64_t steps_of(const struct work *work, int64_t places)
{
    return (uint64_t)floor_division(work->last, places) -
           (uint64_t)floor_division(work->first, places);
}

/* How many places a character has: so many that the line fits; of times a
   length that people count in, if there is one that slices make up. */
static int64_t places_of(const struct work *work)
{
    static const int64_t milliseconds[] = {
        1,       2,       5,        10,       20,       50,       100,
        200,     500,     1000,     2000,     5000,     10000,    15000,
        30000,   60000,   120000,   300000,   600000,   900000,   1800000,
        3600000, 7200000, 10800000, 14400000, 21600000, 43200000, 86400000};
    uint64_t width = (uint64_t)work->sparkline->width;
    int64_t unit = unit_of(work->sparkline), places = unit;

    if (!work->sparkline->by_time)
        return (int64_t)(steps_of(work, 1) / width + 1);
    if (steps_of(work, unit) < width)
        return unit;
    for (size_t i = 0; i < sizeof(milliseconds) / sizeof(*milliseconds); i++) {
        places = milliseconds[i] * 1000000;
        if (places > unit && places % unit == 0 &&
            steps_of(work, places) < width)
            return places;
    }
    places = places > unit && places % unit == 0 ? places : unit;
    while (steps_of(work, places) >= width && places <= INT64_MAX / 2)
        places *= 2;
    return places;
}

/* What the points of a character come to. */
struct united {
    double number;
    uint64_t many; /* 0: none has a number */
};

static void unite(struct united *to, int how, double number)
{
    if (!to->many)
        to->number = number;
    else if (how == UNITE_MIN)
        to->number = fmin(to->number, number);
    else if (how == UNITE_MAX)
        to->number = fmax(to->number, number);
    else
        to->number += number;
    to->many++;
}

/* Returns how many characters the line has. */
static size_t unite_points(const struct work *work, const struct points *points,
                           int64_t places, struct united *to)
{
    const struct sparkline *sparkline = work->sparkline;
    int64_t first = floor_division(work->first, places);
    int how = sparkline->counts ? UNITE_SUM : sparkline->unite;
    size_t many, length = sparkline->by_time ? steps_of(work, places) + 1 : 0;
    const struct point *point = points_of(points, &many);

    memset(to, 0, (size_t)sparkline->width * sizeof(*to));
    for (size_t i = 0; i < many; i++) {
        size_t at = (size_t)(floor_division(point[i].place, places) - first);

        length = at < length ? length : at + 1;
        if (!isnan(point[i].number))
            unite(&to[at], how, point[i].number);
    }
    for (size_t i = 0; i < length && how == UNITE_MEAN; i++)
        if (to[i].many)
            to[i].number /= (double)to[i].many;
    return length;
}

/* The least and the greatest number; without one, NaN. What no double holds is
   the greatest that one does, and true is returned. */
static bool find_ends(struct united *united, size_t length, bool counts,
                      double ends[2])
{
    bool is_beyond = false;

    ends[0] = ends[1] = NAN;
    for (size_t i = 0; i < length; i++) {
        double *number = &united[i].number;

        if (!united[i].many && !counts)
            continue;
        if (isinf(*number)) {
            is_beyond = true;
            *number = *number > 0 ? DBL_MAX : -DBL_MAX;
        }
        ends[0] = fmin(ends[0], *number);
        ends[1] = fmax(ends[1], *number);
    }
    return is_beyond;
}

static void put_bar(struct cosend_bytes *line, double number,
                    const double scale[2], bool ascii)
{
    static const char signs[] = ".:-=+*#@";
    double part =
        (number * 0.5 - scale[0] * 0.5) / (scale[1] * 0.5 - scale[0] * 0.5);
    unsigned level = 3;
    char block[] = "\xe2\x96\x81";

    if (number < scale[0])
        level = 0;
    else if (number > scale[1])
        level = 7;
    else if (scale[0] < scale[1])
        level = part >= 1 ? 7 : part > 0 ? (unsigned)(part * 8) : 0;
    block[2] = (char)(block[2] + (char)level);
    if (ascii)
        cosend_put_raw(line, &signs[level], 1);
    else
        cosend_put_raw(line, block, 3);
}

static void draw(const struct work *work, const struct united *united,
                 size_t length, const double ends[2], struct cosend_bytes *line)
{
    const struct sparkline *sparkline = work->sparkline;
    double scale[2] = {sparkline->counts ? 0 : ends[0], ends[1]};

    if (sparkline->has_lo)
        scale[0] = sparkline->lo;
    if (sparkline->has_hi)
        scale[1] = sparkline->hi;
    line->length = 0;
    for (size_t i = 0; i < length; i++)
        if (united[i].many)
            put_bar(line, united[i].number, scale, sparkline->ascii);
        else
            cosend_put_raw(line, " ", 1);
}

/* ---- Body ---------------------------------------------------------------- */

static void set_end(const struct work *work, struct cosend_column column,
                    double number)
{
    if (isnan(number))
        cosend_set(work->self, column,
                   (struct cosend_cell){.kind = COSEND_NULL});
    else
        cosend_set_number(work->self, column, number);
}

static void set_places(const struct work *work, int64_t places)
{
    char length[COSEND_DURATION_MAX];
    struct cosend_value from = {.type = COSEND_TYPE_TIME};

    if (!work->sparkline->by_time) {
        cosend_set_integer(work->self, work->every, places);
        return;
    }
    cosend_set(work->self, work->every,
               cosend_text(length, cosend_format_duration(places, length)));
    if (__builtin_mul_overflow(floor_division(work->first, places), places,
                               &from.as.integer))
        from.as.integer = INT64_MIN;
    from.offset = cosend_zone_offset(work->sparkline->zone, from.as.integer);
    cosend_set_value(work->self, work->from, &from);
}

static int emit_lines(struct work *work)
{
    size_t width = (size_t)work->sparkline->width;
    struct united *united =
        cosend_stage_memory(work->self, width * sizeof(*united));
    struct cosend_bytes *line = cosend_stage_text(work->self);
    struct cosend_group group = {0};
    int64_t places;
    bool is_beyond = false;
    double ends[2];

    if (!united || !line)
        return COSEND_E_MEMORY;
    if (work->first > work->last)
        return 0;
    places = places_of(work);
    while (cosend_groups_next(work->groups, &group)) {
        size_t length = unite_points(work, group.value, places, united);

        is_beyond |= find_ends(united, length, work->sparkline->counts, ends);
        draw(work, united, length, ends, line);
        if (line->failed)
            return COSEND_E_MEMORY;
        cosend_groups_set_columns(work->groups, &group);
        cosend_set(work->self, work->line,
                   cosend_text((const char *)line->data, line->length));
        set_end(work, work->min, ends[0]);
        set_end(work, work->max, ends[1]);
        set_places(work, places);
        cosend_emit_new(work->self);
    }
    if (is_beyond)
        cosend_warn(work->self, "a sum is greater than numbers can be, and "
                                "drawn and told as the greatest");
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    const struct sparkline *sparkline = memory;
    struct cosend_record record;

    if (!work)
        return COSEND_E_MEMORY;
    *work = (struct work){.self = self,
                          .sparkline = sparkline,
                          .first = INT64_MAX,
                          .last = INT64_MIN};
    work->groups = cosend_groups_new(self, sparkline->by, sizeof(struct points),
                                     free_points);
    if (!work->groups)
        return COSEND_E_MEMORY;
    cosend_drop_columns(self);
    cosend_only_fields(self);
    cosend_groups_add_columns(work->groups);
    work->line = cosend_add_column(self, "sparkline");
    work->min = cosend_add_column(self, "min");
    work->max = cosend_add_column(self, "max");
    work->every = cosend_add_column(self, "every");
    if (sparkline->by_time)
        work->from = cosend_add_column(self, "from");
    cosend_publish(self, work);
    while (cosend_receive(self, &record))
        if (!take(work, &record))
            return COSEND_E_MEMORY;
    return emit_lines(work);
}

const struct cosend_filter csi_filter_sparkline = {
    .abi = COSEND_ABI,
    .name = "sparkline",
    .role = COSEND_FILTER,
    .summary = "Many numbers, or how many records came when, as a line of "
               "little bars",
    .details =
        "Emits, at the end of the input, one record, or with `by` one for each "
        "group: `sparkline`, a line of the blocks of Unicode, of eight "
        "heights; `min` and `max`, the numbers of its lowest and highest; and "
        "`every`, what a character stands for. Each character is a record's "
        "number, in the order of the input. Where there are more than `width`, "
        "`every` so many share one, which shows their mean, or what `unite` "
        "says. With `time` each character is a slice of time, from `from` on, "
        "the first with a record of any group, to the last; slices are whole "
        "ones of the clock of UTC, as long as `every` or longer, so that they "
        "fit: 1m, 5m, 1h and the like. Without a field records are counted "
        "then. A slice with none, and a number that is absent, null or empty, "
        "is a blank; a count of 0 is in `min`, too. Anything else that is not "
        "a number is bad (not_a_number), and a blank; and what is no time is "
        "bad (not_a_time), and nowhere. Heights go from the least to the "
        "greatest number of a line, those of counts from 0, or from `lo` to "
        "`hi`; where all numbers are the same they are of middle height. "
        "Memory: 16 bytes for each number, of counts for each slice; it sees "
        "records one after the other, in one thread. Under --follow it prints "
        "when the run is ended, and what there is on SIGUSR1; with a field it "
        "would hold more and more, and is refused, unless a step before it "
        "ends its records (head) or prints at the end (count, tail).",
    .example = "parse combined | sparkline time=time by=status",
    .options_size = sizeof(struct sparkline),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .save = save,
    .merge = merge,
    .absorbs = true,
};
