/* SPDX-License-Identifier: MIT */
/*
 * Where slices of time begin is what their numbers are found by, too: by the
 * calendar the number that a date has is a guess, which what clocks do may put
 * off by one.
 */
#include "cosend/time.h"

#include "record/calendar.h"

/* ---- Periods ------------------------------------------------------------- */

/* The unit that a text ends in, by the calendar. */
static bool calendar_unit(const char *unit, size_t length,
                          struct cosend_period *one)
{
    *one = (struct cosend_period){0};
    if (length == 2 && unit[0] == 'm' && unit[1] == 'o')
        one->months = 1;
    else if (length != 1)
        return false;
    else if (*unit == 'd' || *unit == 'w')
        one->days = *unit == 'd' ? 1 : 7;
    else if (*unit == 'q' || *unit == 'y')
        one->months = *unit == 'q' ? 3 : 12;
    return one->days || one->months;
}

bool cosend_parse_period(const char *text, size_t length,
                         struct cosend_period *period)
{
    struct cosend_period made = {0};
    size_t digits = 0;
    int32_t number = 0;

    while (digits < length && digits < 5 && text[digits] >= '0' &&
           text[digits] <= '9')
        number = number * 10 + (text[digits++] - '0');
    if (digits && calendar_unit(text + digits, length - digits, &made)) {
        made.days *= number;
        made.months *= number;
    } else if (!cosend_parse_duration(text, length, &made.nanoseconds)) {
        return false;
    }
    if (made.nanoseconds <= 0 && !made.days && !made.months)
        return false;
    *period = made;
    return true;
}

/* ---- Slices -------------------------------------------------------------- */

/* What clocks show at a time, as seconds since 1970. */
static int64_t shown_at(const struct cosend_slices *slices, int64_t nanoseconds)
{
    return csi_floor_divide(nanoseconds, CSI_SECOND) +
           cosend_zone_offset(slices->zone, nanoseconds);
}

/* When they show it. */
static bool when_shown(const struct cosend_slices *slices, int64_t shown,
                       struct cosend_time *time)
{
    int64_t rest = csi_floor_remainder(shown, CSI_DAY_SECONDS);
    struct cosend_civil civil = {.hour = (int32_t)(rest / 3600),
                                 .minute = (int32_t)(rest / 60 % 60),
                                 .second = (int32_t)(rest % 60)};

    csi_date_of_days(csi_floor_divide(shown, CSI_DAY_SECONDS), &civil);
    if (!cosend_zone_time(slices->zone, &civil, time))
        return false;
    time->offset = cosend_zone_offset(slices->zone, time->nanoseconds);
    return true;
}

/* Where slices of days are counted from. */
static int64_t first_day(const struct cosend_slices *slices)
{
    /* 1970-01-05 was a Monday. */
    if (!slices->has_origin)
        return slices->period.days % 7 ? 0 : 4 * CSI_DAY_SECONDS;
    return shown_at(slices, slices->origin);
}

/* Months since the year 0. */
static int64_t month_of(const struct cosend_slices *slices, int64_t nanoseconds)
{
    struct cosend_time time = {nanoseconds,
                               cosend_zone_offset(slices->zone, nanoseconds)};
    struct cosend_civil civil = cosend_civil_of(time);

    return (int64_t)civil.year * 12 + civil.month - 1;
}

static int64_t first_month(const struct cosend_slices *slices)
{
    return slices->has_origin ? month_of(slices, slices->origin) : 1970 * 12;
}

static bool month_start(const struct cosend_slices *slices, int64_t month,
                        struct cosend_time *start)
{
    struct cosend_civil civil = {.year = (int32_t)(month / 12),
                                 .month = (int32_t)(month % 12) + 1,
                                 .day = 1};

    if (month < 0 || month > 9999 * 12 ||
        !cosend_zone_time(slices->zone, &civil, start))
        return false;
    start->offset = cosend_zone_offset(slices->zone, start->nanoseconds);
    return true;
}

/* Slices of a width are counted from the first multiple of it, and begin so
   much behind. */
static int64_t width_behind(const struct cosend_slices *slices)
{
    return csi_floor_remainder(slices->origin, slices->period.nanoseconds);
}

/* Two that are nanoseconds and centuries apart have no number; it wraps. */
static int64_t width_number(const struct cosend_slices *slices,
                            int64_t nanoseconds)
{
    int64_t width = slices->period.nanoseconds;
    bool before =
        csi_floor_remainder(nanoseconds, width) < width_behind(slices);

    return (int64_t)((uint64_t)csi_floor_divide(nanoseconds, width) -
                     (uint64_t)csi_floor_divide(slices->origin, width) -
                     before);
}

static bool width_start(const struct cosend_slices *slices, int64_t number,
                        struct cosend_time *start)
{
    int64_t width = slices->period.nanoseconds, made;

    if (__builtin_add_overflow(number, csi_floor_divide(slices->origin, width),
                               &number) ||
        __builtin_mul_overflow(number, width, &made) ||
        __builtin_add_overflow(made, width_behind(slices), &made))
        return false;
    start->nanoseconds = made;
    start->offset = cosend_zone_offset(slices->zone, made);
    return true;
}

bool cosend_slice_start(const struct cosend_slices *slices, int64_t number,
                        struct cosend_time *start)
{
    const struct cosend_period *period = &slices->period;
    int64_t many;

    if (period->nanoseconds)
        return width_start(slices, number, start);
    if (__builtin_mul_overflow(
            number, period->months ? period->months : period->days, &many) ||
        many > INT32_MAX || many < INT32_MIN)
        return false;
    return period->months
               ? month_start(slices, first_month(slices) + many, start)
               : when_shown(slices, first_day(slices) + many * CSI_DAY_SECONDS,
                            start);
}

int64_t cosend_slice_of(const struct cosend_slices *slices, int64_t nanoseconds)
{
    const struct cosend_period *period = &slices->period;
    struct cosend_time start;
    int64_t number;

    if (period->nanoseconds)
        return width_number(slices, nanoseconds);
    number = period->months
                 ? csi_floor_divide(month_of(slices, nanoseconds) -
                                        first_month(slices),
                                    period->months)
                 : csi_floor_divide(shown_at(slices, nanoseconds) -
                                        first_day(slices),
                                    (int64_t)period->days * CSI_DAY_SECONDS);
    while (cosend_slice_start(slices, number, &start) &&
           start.nanoseconds > nanoseconds)
        number--;
    while (cosend_slice_start(slices, number + 1, &start) &&
           start.nanoseconds <= nanoseconds)
        number++;
    return number;
}
