/* SPDX-License-Identifier: MIT */
/*
 * bar: emits every record with a bar beside it, as long as its number is beside
 * the others: at the end, when the greatest is known; or, where both ends of
 * the scale are given, as it comes.
 */
#include "cosend.h"

#include <math.h>

struct bar {
    struct cosend_field field;
    int64_t width;
    double lo, hi;
    bool ascii;
    struct cosend_string as;
    bool has_lo, has_hi; /* made by check */
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct bar, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,
     .help = "the field with the numbers",
     .example = "\"count\""},
    {.name = "width",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct bar, width),
     .fallback = "40",
     .flags = COSEND_SECOND,
     .minimum = 2,
     .maximum = COSEND_BAR_WIDTH,
     .help = "characters from one end of the scale to the other",
     .example = "60"},
    {.name = "lo",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct bar, lo),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "where the scale begins; without it at 0, or the least number if "
             "that is below",
     .example = "0"},
    {.name = "hi",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct bar, hi),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "where it ends; without it at the greatest number, or 0 if that "
             "is above",
     .example = "100"},
    {.name = "ascii",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct bar, ascii),
     .help = "bars of # in place of Unicode's blocks",
     .example = "true"},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct bar, as),
     .fallback = "\"bar\"",
     .minimum = 1,
     .maximum = 200,
     .help = "the name of the column",
     .example = "\"picture\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct bar *bar = memory;

    bar->has_lo = cosend_check_given(check, "lo");
    bar->has_hi = cosend_check_given(check, "hi");
    if (bar->has_lo && bar->has_hi && bar->lo >= bar->hi)
        cosend_check_error(check, "hi", "must be above lo");
    if (!bar->has_lo || !bar->has_hi)
        cosend_check_endless(check, COSEND_GROWS,
                             "give both ends, by lo=0 hi=100");
}

struct work {
    struct cosend_stage *self;
    const struct bar *bar;
    struct cosend_column column;
    struct cosend_bars bars;
    uint64_t outside;
};

/* Returns false where it is bad; *is_blank where there is none. */
static bool find_number(const struct work *work,
                        const struct cosend_record *record, double *number,
                        bool *is_blank)
{
    struct cosend_cell cell = cosend_field(record, work->bar->field);

    *is_blank = cosend_is_blank(cell);
    if (*is_blank || cosend_parse_double(cell.data, cell.length, number))
        return true;
    cosend_bad_number(work->self, record, work->bar->field);
    return false;
}

/* The scale takes in a number. */
static void widen(struct work *work, double number)
{
    if (!work->bar->has_lo)
        work->bars.lo = fmin(work->bars.lo, number);
    if (!work->bar->has_hi)
        work->bars.hi = fmax(work->bars.hi, number);
}

static void draw(struct work *work, struct cosend_record *record)
{
    char bar[COSEND_BAR_MAX];
    double number = 0;
    bool is_blank;

    if (!find_number(work, record, &number, &is_blank))
        return;
    if (is_blank) {
        cosend_set(work->self, work->column,
                   (struct cosend_cell){.kind = COSEND_NULL});
    } else {
        size_t length = cosend_format_bar(&work->bars, number, bar);

        work->outside += number < work->bars.lo || number > work->bars.hi;
        cosend_set(work->self, work->column, cosend_text(bar, length));
    }
    cosend_emit(work->self, record);
}

/* Hold all records, and find how far the scale goes. False where nothing can go
   on. */
static bool hold(struct work *work, struct cosend_store *store)
{
    struct cosend_record record;

    while (cosend_receive(work->self, &record)) {
        double number = 0;
        bool is_blank;

        if (!cosend_name_free(work->self, &record, work->bar->as.data,
                              (struct cosend_fields){0, 0},
                              "as=NAME takes another name") ||
            !find_number(work, &record, &number, &is_blank))
            continue;
        if (!is_blank)
            widen(work, number);
        if (cosend_store_put(store, &record) < 0)
            return false;
    }
    /* Of one end that was given the other may be on the wrong side. */
    if (work->bar->has_lo)
        work->bars.hi = fmax(work->bars.hi, work->bars.lo);
    else
        work->bars.lo = fmin(work->bars.lo, work->bars.hi);
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    static const struct cosend_store_options all = {.memory = 0};
    const struct bar *bar = memory;
    struct work work = {
        .self = self,
        .bar = bar,
        .bars = {bar->lo, bar->hi, (uint32_t)bar->width, bar->ascii}};
    bool streams = bar->has_lo && bar->has_hi;
    struct cosend_store *store = streams ? NULL : cosend_store_new(self, &all);
    struct cosend_record record;

    if (!streams && !store)
        return COSEND_E_MEMORY;
    work.column = cosend_add_column(self, bar->as.data);
    cosend_only_fields(self);
    if (streams)
        while (cosend_receive(self, &record)) {
            if (cosend_name_free(self, &record, bar->as.data,
                                 (struct cosend_fields){0, 0},
                                 "as=NAME takes another name"))
                draw(&work, &record);
        }
    else if (!hold(&work, store))
        return COSEND_E_MEMORY;
    else
        while (cosend_store_next(store, &record))
            draw(&work, &record);
    if (work.outside)
        cosend_warn(self,
                    "%llu number%s below lo or above hi, and drawn as that",
                    (unsigned long long)work.outside,
                    work.outside == 1 ? " is" : "s are");
    return 0;
}

const struct cosend_filter csi_filter_bar = {
    .abi = COSEND_ABI,
    .name = "bar",
    .aliases = "bars",
    .role = COSEND_FILTER,
    .summary = "A bar beside each number, as long as it is beside the others",
    .details =
        "Emits every record at the end of the input, in the order of the "
        "input, with a column behind the others: a bar from 0 to its number, "
        "of `width` characters for the greatest; -t table shows them one above "
        "the other. Bars are of Unicode's blocks, to an eighth of a character, "
        "whatever the terminal is, or with `ascii` of #. That of 0 is empty, "
        "and that of any other number is not. Negative numbers go to the left "
        "of the place where 0 is, by halves of a character. With `lo` above 0 "
        "bars begin there. A number outside of `lo` and `hi` has a bar up to "
        "there, and that is told. Where the field is absent, null or empty the "
        "bar is so too; anything else that is not a number is bad "
        "(not_a_number). A field of the column's name is an error, in JSON "
        "lines a bad record (name_taken). Memory: all records; but where both "
        "`lo` and `hi` are given none, and each goes on as it comes. It sees "
        "records one after the other, in one thread. Under --follow, where it "
        "would hold more and more, it is refused without both, unless a step "
        "before it ends its records (head) or prints at the end (count).",
    .example = "parse combined | count status | bar count",
    .options_size = sizeof(struct bar),
    .options = options,
    .body = body,
    .check = check,
};
