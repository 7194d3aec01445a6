/* SPDX-License-Identifier: MIT */
/*
 * running: emits every record, as it comes, with a column for what its field
 * has come to so far, or in the last so many records: a sum, a mean, the
 * difference to the record before.
 *
 * The texts of the records that still count, of a group, lie behind each other
 * in a queue. Sums are exact, so that what leaves the window is subtracted, and
 * nothing is left of it. For min and max there are marks, the places in the
 * queue of those values that none behind them is better than.
 */
#include "cosend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum function { MEAN, SUM, MIN, MAX, COUNT, DELTA, RATIO, EWMA, LAG };

struct running {
    int fn;
    struct cosend_field field;
    struct cosend_fields by;
    int64_t window, back, max_groups;
    double alpha;
    struct cosend_string as;
};

static const char *const functions[] = {"mean",  "sum",   "min",   "max",
                                        "count", "delta", "ratio", "ewma",
                                        "lag",   NULL};

static const struct cosend_option options[] = {
    {.name = "fn",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct running, fn),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .choices = functions,
     .help = "what: the mean, sum, least, greatest or number of values so far; "
             "the difference or ratio to the record before, or its value; or a "
             "mean in which old ones fade",
     .example = "\"sum\""},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct running, field),
     .flags = COSEND_SECOND | COSEND_ONLY_COLUMN,
     .help = "the field with the values",
     .example = "\"size\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct running, by),
     .help = "of each group of records that are the same in these fields by "
             "itself",
     .example = "\"host\""},
    {.name = "window",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct running, window),
     .minimum = 0,
     .maximum = 1 << 30,
     .help = "of the last so many records, this one among them, for mean, sum, "
             "min, max and count; 0: of all so far",
     .example = "10"},
    {.name = "back",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct running, back),
     .fallback = "1",
     .minimum = 1,
     .maximum = 1 << 30,
     .help = "how many records before, for delta, ratio and lag",
     .example = "7"},
    {.name = "alpha",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct running, alpha),
     .fallback = "0.5",
     .minimum = 0,
     .maximum = 1,
     .help = "for ewma: how much of it is the new value, above 0",
     .example = "0.1"},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct running, as),
     .maximum = 200,
     .help = "the name of the column; without it fn_field",
     .example = "\"total\""},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct running, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups there may be; more end the run; 0: any number",
     .example = "100000"},
    {.name = NULL},
};

static bool is_before(const struct running *running)
{
    return running->fn == DELTA || running->fn == RATIO || running->fn == LAG;
}

static void check(struct cosend_check *check, void *memory)
{
    const struct running *running = memory;
    const char *fn = functions[running->fn];

    if (cosend_check_given(check, "window") && running->fn > COUNT)
        cosend_check_error(check, "window", "%s has none; it is for %s", fn,
                           "mean, sum, min, max and count");
    if (cosend_check_given(check, "back") && !is_before(running))
        cosend_check_error(check, "back", "is for delta, ratio and lag");
    if (cosend_check_given(check, "alpha") && running->fn != EWMA)
        cosend_check_error(check, "alpha", "is for ewma");
    if (running->alpha <= 0)
        cosend_check_error(check, "alpha", "must be above 0");
}

/* ---- A queue of cells ---------------------------------------------------- */

/* A place in it is the number of bytes that were ever put before. */
struct queue {
    struct cosend_bytes bytes; /* kind, length, text */
    uint64_t start;            /* the place of bytes.data */
    uint64_t first;            /* of the first cell that is still there */
    uint64_t count;
};

/* The cell at a place; *next is the place behind it. */
static struct cosend_cell cell_at(const struct queue *queue, uint64_t place,
                                  uint64_t *next)
{
    size_t at = (size_t)(place - queue->start), length;
    struct cosend_reader_bytes from =
        cosend_read_bytes(queue->bytes.data + at, queue->bytes.length - at);
    enum cosend_kind kind = (enum cosend_kind)cosend_get_u8(&from);
    const char *text = cosend_get_bytes(&from, &length);
    struct cosend_cell cell = cosend_text(text, length);

    cell.kind = kind;
    *next = queue->start + (uint64_t)(from.next - queue->bytes.data);
    return cell;
}

/* Returns its place. */
static uint64_t put_cell(struct queue *queue, struct cosend_cell cell)
{
    size_t gone = (size_t)(queue->first - queue->start);
    uint64_t place;

    if (gone > 4096 && gone > queue->bytes.length / 2) {
        memmove(queue->bytes.data, queue->bytes.data + gone,
                queue->bytes.length - gone);
        queue->bytes.length -= gone;
        queue->start = queue->first;
    }
    place = queue->start + queue->bytes.length;
    cosend_put_u8(&queue->bytes, (uint8_t)cell.kind);
    cosend_put_bytes(&queue->bytes, cell.data, cell.length);
    queue->count++;
    return place;
}

/* The first one, which is there until the next is put. */
static struct cosend_cell take_cell(struct queue *queue)
{
    queue->count--;
    return cell_at(queue, queue->first, &queue->first);
}

/* ---- A group ------------------------------------------------------------- */

struct group {
    bool begun;
    uint64_t count; /* of values that are not blank and still count */
    struct cosend_sum sum;
    double faded;              /* ewma */
    struct queue queue;        /* the window; what is `back`; the best so far */
    struct cosend_bytes marks; /* places in the queue, uint64_t */
    size_t first_mark;
};

static void release_group(void *memory)
{
    struct group *group = memory;

    cosend_sum_free(&group->sum);
    cosend_bytes_free(&group->queue.bytes);
    cosend_bytes_free(&group->marks);
}

/* Whether one cell is better than another, for min and max. */
static bool is_better(const struct running *running, struct cosend_cell one,
                      struct cosend_cell other)
{
    struct cosend_value a = cosend_value_of(one), b = cosend_value_of(other);
    int order = cosend_compare(&a, &b);

    return running->fn == MIN ? order < 0 : order > 0;
}

/* NULL where there are none. */
static const uint64_t *marks_of(const struct group *group, size_t *count)
{
    *count = group->marks.length / sizeof(uint64_t) - group->first_mark;
    return *count ? (const uint64_t *)(const void *)group->marks.data +
                        group->first_mark
                  : NULL;
}

/* A value is at a place: those before it that are no better are marked no
   more. */
static void mark(const struct running *running, struct group *group,
                 struct cosend_cell cell, uint64_t place)
{
    size_t gone = group->first_mark * sizeof(place), count;
    const uint64_t *marks = marks_of(group, &count);
    uint64_t next;

    for (; count; count--) {
        if (!is_better(running, cell,
                       cell_at(&group->queue, marks[count - 1], &next)))
            break;
        group->marks.length -= sizeof(place);
    }
    if (gone > 4096 && gone > group->marks.length / 2) {
        memmove(group->marks.data, group->marks.data + gone,
                group->marks.length - gone);
        group->marks.length -= gone;
        group->first_mark = 0;
    }
    cosend_put_raw(&group->marks, &place, sizeof(place));
}

/* The oldest record leaves the window. Returns 0, or an error. */
static int forget(const struct running *running, struct group *group)
{
    uint64_t place = group->queue.first;
    struct cosend_cell cell = take_cell(&group->queue);
    const uint64_t *marks;
    size_t count;

    if (cosend_is_blank(cell))
        return 0;
    group->count--;
    marks = marks_of(group, &count);
    group->first_mark += count && marks[0] == place;
    return running->fn <= SUM
               ? cosend_sum_subtract(&group->sum, cell.data, cell.length)
               : 0;
}

/* Of all so far the best is all that is kept. */
static void keep_best(const struct running *running, struct group *group,
                      struct cosend_cell cell)
{
    uint64_t next;

    if (group->queue.count &&
        !is_better(running, cell,
                   cell_at(&group->queue, group->queue.first, &next)))
        return;
    if (group->queue.count)
        take_cell(&group->queue);
    put_cell(&group->queue, cell);
}

/* Add a record's cell. Returns 0 or more, or an error. */
static int add(const struct running *running, struct group *group,
               struct cosend_cell cell)
{
    bool blank = cosend_is_blank(cell);
    bool best = running->fn == MIN || running->fn == MAX;
    uint64_t place;

    group->count += !blank;
    if (running->fn <= SUM && !blank &&
        cosend_sum_add(&group->sum, cell.data, cell.length) < 0)
        return COSEND_E_MEMORY;
    if (!running->window) {
        if (best && !blank)
            keep_best(running, group, cell);
        return 0;
    }
    place = put_cell(&group->queue, cell);
    if (best && !blank)
        mark(running, group, cell, place);
    if (group->queue.bytes.failed || group->marks.failed)
        return COSEND_E_MEMORY;
    return group->queue.count > (uint64_t)running->window
               ? forget(running, group)
               : 0;
}

/* ---- What comes of it ---------------------------------------------------- */

static void set_sum(struct cosend_stage *self, struct cosend_column column,
                    const struct cosend_sum *sum)
{
    char text[COSEND_SUM_MAX];
    struct cosend_cell cell = cosend_text(text, cosend_sum_total(sum, text));

    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
}

static const struct cosend_cell null = {.kind = COSEND_NULL};

/* What there is so far, or in the window. */
static void set_whole(struct cosend_stage *self, const struct running *running,
                      struct cosend_column column, const struct group *group)
{
    const struct queue *queue = &group->queue;
    uint64_t place = queue->first, next;
    size_t count;

    if (running->fn == COUNT) {
        cosend_set_integer(self, column, (int64_t)group->count);
    } else if (running->fn == SUM) {
        set_sum(self, column, &group->sum);
    } else if (!group->count) {
        cosend_set(self, column, null);
    } else if (running->fn == MEAN) {
        cosend_set_number(self, column,
                          cosend_sum_mean(&group->sum, group->count));
    } else {
        if (running->window)
            place = *marks_of(group, &count);
        cosend_set(self, column, cell_at(queue, place, &next));
    }
}

static int set_difference(struct cosend_stage *self,
                          struct cosend_column column, struct cosend_cell cell,
                          struct cosend_cell before)
{
    struct cosend_sum sum = {0};
    int status = cosend_sum_add(&sum, cell.data, cell.length);

    if (status >= 0)
        status = cosend_sum_subtract(&sum, before.data, before.length);
    if (status >= 0)
        set_sum(self, column, &sum);
    cosend_sum_free(&sum);
    return status;
}

/* Returns whether there is a ratio. */
static bool set_ratio(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_cell cell, struct cosend_cell before)
{
    double over = 0, under = 0;

    cosend_parse_double(cell.data, cell.length, &over);
    cosend_parse_double(before.data, before.length, &under);
    if (under == 0 || !isfinite(over / under)) {
        cosend_set(self, column, null);
        return false;
    }
    cosend_set_number(self, column, over / under);
    return true;
}

/* From the record that is so far before; *undefined: a ratio is none. Returns 0
   or more, or an error. */
static int set_before(struct cosend_stage *self, const struct running *running,
                      struct cosend_column column, struct group *group,
                      struct cosend_cell cell, bool *undefined)
{
    struct cosend_cell before = null;
    int status = 0;

    if (group->queue.count == (uint64_t)running->back)
        before = take_cell(&group->queue);
    if (running->fn == LAG)
        cosend_set(self, column, before);
    else if (cosend_is_blank(before) || cosend_is_blank(cell))
        cosend_set(self, column, null);
    else if (running->fn == DELTA)
        status = set_difference(self, column, cell, before);
    else
        *undefined |= !set_ratio(self, column, cell, before);
    put_cell(&group->queue, cell);
    return status;
}

static void set_faded(struct cosend_stage *self, const struct running *running,
                      struct cosend_column column, struct group *group,
                      struct cosend_cell cell)
{
    double value;

    if (cosend_parse_double(cell.data, cell.length, &value)) {
        group->faded = group->count ? running->alpha * value +
                                          (1 - running->alpha) * group->faded
                                    : value;
        group->count++;
    }
    if (group->count)
        cosend_set_number(self, column, group->faded);
    else
        cosend_set(self, column, null);
}

/* ---- Body ---------------------------------------------------------------- */

struct work {
    struct cosend_column column;
    char name[512]; /* of it */
    struct cosend_groups *groups;
    uint64_t group_count;
    bool undefined; /* there was a ratio that is none */
};

static void name_column(struct cosend_stage *self,
                        const struct running *running, struct work *work)
{
    const char *field = cosend_field_name(self, running->field);

    if (running->as.length)
        snprintf(work->name, sizeof(work->name), "%s", running->as.data);
    else
        snprintf(work->name, sizeof(work->name), "%s%s%.480s",
                 functions[running->fn], field ? "_" : "", field ? field : "");
    work->column = cosend_add_column(self, work->name);
}

/* Whether a record will do; it is bad if not. */
static bool will_do(struct cosend_stage *self, const struct running *running,
                    const struct work *work, const struct cosend_record *record)
{
    const struct cosend_fields none = {0, 0};
    struct cosend_cell cell = cosend_field(record, running->field);
    bool any = running->fn == LAG || running->fn == COUNT ||
               running->fn == MIN || running->fn == MAX;
    double number;

    if (!cosend_name_free(self, record, work->name, none,
                          "as=NAME takes another name"))
        return false;
    if (any || cosend_is_blank(cell) ||
        cosend_parse_double(cell.data, cell.length, &number))
        return true;
    cosend_bad_number(self, record, running->field);
    return false;
}

/* Returns 0 or more, or an error. */
static int run_record(struct cosend_stage *self, const struct running *running,
                      struct work *work, struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, running->field);
    struct group *group = cosend_group_of(work->groups, record);
    int status = 0;

    if (!group)
        return COSEND_E_MEMORY;
    if (!group->begun &&
        !cosend_groups_limit(self, ++work->group_count,
                             running->by.count ? (uint64_t)running->max_groups
                                               : 0))
        return COSEND_E_LIMIT;
    group->begun = true;
    if (is_before(running)) {
        status = set_before(self, running, work->column, group, cell,
                            &work->undefined);
    } else if (running->fn == EWMA) {
        set_faded(self, running, work->column, group, cell);
    } else {
        status = add(running, group, cell);
        if (status >= 0)
            set_whole(self, running, work->column, group);
    }
    if (status < 0 || group->queue.bytes.failed || group->marks.failed)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    cosend_emit(self, record);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct running *running = memory;
    struct work work = {.undefined = false};
    struct cosend_record record;
    int status = 0;

    work.groups = cosend_groups_new(self, running->by, sizeof(struct group),
                                    release_group);
    if (!work.groups)
        return COSEND_E_MEMORY;
    name_column(self, running, &work);
    cosend_only_fields(self);
    while (status >= 0 && cosend_receive(self, &record))
        if (will_do(self, running, &work, &record))
            status = run_record(self, running, &work, &record);
    if (work.undefined)
        cosend_warn(self, "there are numbers to divide by that are 0 or too "
                          "small: of these there is no ratio, and it is left "
                          "empty");
    return status < 0 ? status : 0;
}

const struct cosend_filter csi_filter_running = {
    .abi = COSEND_ABI,
    .name = "running",
    .aliases = "step",
    .role = COSEND_FILTER,
    .summary = "Running sums, means, differences and the like, with each "
               "record",
    .details =
        "Emits every record as it comes, with a column behind the others: "
        "mean, sum, min, max or count of the field so far, or in the last "
        "`window` records, as aggregate has them, where a blank field adds "
        "nothing; delta, ratio and lag by the value `back` records before, "
        "which are null, in CSV empty, where there is none yet (Miller has 0 "
        "there) or one of both is blank; ewma, the exponentially weighted "
        "mean, whose first value is the first number's. Sums, means and deltas "
        "are exact, with a window too. Anything that is not a number is bad "
        "(not_a_number), but for count, min, max and lag. A column that is "
        "there already is an error, in JSON lines a bad record (name_taken). "
        "Memory: some bytes for each group, and the values of its last "
        "`window` or `back` records. It sees records one after the other, in "
        "one thread, and at once under --follow.",
    .example = "parse combined | running sum size by=host",
    .options_size = sizeof(struct running),
    .options = options,
    .check = check,
    .body = body,
};
