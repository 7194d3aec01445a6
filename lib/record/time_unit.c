/* SPDX-License-Identifier: MIT */
#include "cosend/time.h"

#include "record/calendar.h"

static void to_first_month(struct cosend_civil *civil, int32_t month)
{
    civil->month = month;
    civil->day = 1;
}

/* The day that a unit, a day or longer, begins with. */
static void to_first_day(struct cosend_civil *civil, enum cosend_time_unit unit)
{
    int64_t days;

    switch (unit) {
    case COSEND_UNIT_WEEK:
        days = csi_days_of_date(civil->year, (unsigned)civil->month,
                                (unsigned)civil->day);
        csi_date_of_days(days - (civil->weekday - 1), civil);
        break;
    case COSEND_UNIT_MONTH:
        to_first_month(civil, civil->month);
        break;
    case COSEND_UNIT_QUARTER:
        to_first_month(civil, (civil->month - 1) / 3 * 3 + 1);
        break;
    case COSEND_UNIT_YEAR:
        to_first_month(civil, 1);
        break;
    default:
        break;
    }
    civil->hour = civil->minute = civil->second = civil->nanosecond = 0;
}

/* Clocks that are set forward or back by whole minutes or hours show the start
   of one at the same instants, whichever offset it is that holds. */
static bool truncate_clock(struct cosend_time time, int64_t seconds,
                           struct cosend_time *start)
{
    int64_t width = seconds * CSI_SECOND;
    int64_t shift = time.offset % seconds * CSI_SECOND;
    int64_t over = time.nanoseconds % width + shift;

    over -= csi_floor_divide(over, width) * width;
    if (__builtin_sub_overflow(time.nanoseconds, over, &time.nanoseconds))
        return false;
    *start = time;
    return true;
}

bool cosend_truncate_time(struct cosend_time time, enum cosend_time_unit unit,
                          const struct cosend_zone *zone,
                          struct cosend_time *start)
{
    struct cosend_civil civil;
    struct cosend_time shown;

    if (zone)
        time.offset = cosend_zone_offset(zone, time.nanoseconds);
    if (unit <= COSEND_UNIT_HOUR)
        return truncate_clock(time,
                              unit == COSEND_UNIT_SECOND   ? 1
                              : unit == COSEND_UNIT_MINUTE ? 60
                                                           : 3600,
                              start);
    civil = cosend_civil_of(time);
    to_first_day(&civil, unit);
    if (zone)
        return cosend_zone_time(zone, &civil, start);
    if (!cosend_zone_time(NULL, &civil, &shown) ||
        __builtin_sub_overflow(shown.nanoseconds, time.offset * CSI_SECOND,
                               &shown.nanoseconds))
        return false;
    shown.offset = time.offset;
    *start = shown;
    return true;
}

struct cosend_time cosend_bucket_time(struct cosend_time time, int64_t width,
                                      int64_t origin)
{
    /* Both are less than a width from 0, so that they can be added. */
    int64_t over = time.nanoseconds % width, shift = origin % width;

    over = over < shift ? over - shift + width : over - shift;
    if (over >= width)
        over -= width;
    if (over < 0)
        over += width;
    if (__builtin_sub_overflow(time.nanoseconds, over, &time.nanoseconds))
        time.nanoseconds = INT64_MIN;
    return time;
}
