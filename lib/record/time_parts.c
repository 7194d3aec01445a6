/* SPDX-License-Identifier: MIT */
#include "record/time_parts.h"

#include "record/calendar.h"
#include "record/zone.h"

#include <string.h>

/* The years of times are from 1677 on. */
enum { NO_YEAR = -1 };

/* Seconds since 1970 and a fraction, out of range or not. */
static bool make_time(int64_t seconds, int32_t nanosecond, int32_t offset,
                      struct cosend_time *time)
{
    int64_t nanoseconds;

    /* The least time is a whole number of seconds and a fraction, of which the
       first alone is out of range. */
    if (seconds < 0 && nanosecond) {
        seconds++;
        nanosecond -= (int32_t)CSI_SECOND;
    }
    if (__builtin_mul_overflow(seconds, CSI_SECOND, &nanoseconds) ||
        __builtin_add_overflow(nanoseconds, nanosecond, &nanoseconds))
        return false;
    time->nanoseconds = nanoseconds;
    time->offset = offset;
    return true;
}

/* Seconds since 1970 that clocks show then, were they all at UTC. */
static bool shown_seconds(const struct csi_time_parts *parts, int64_t year,
                          int64_t *seconds)
{
    int64_t days;

    if (parts->yearday) {
        if (parts->yearday < 1 || parts->yearday > 365 + csi_is_leap_year(year))
            return false;
        days = csi_days_of_date(year, 1, 1) + parts->yearday - 1;
    } else {
        if (parts->month < 1 || parts->month > 12 || parts->day < 1 ||
            parts->day > (int)csi_days_of_month(year, (unsigned)parts->month))
            return false;
        days = csi_days_of_date(year, (unsigned)parts->month,
                                (unsigned)parts->day);
    }
    *seconds = days * CSI_DAY_SECONDS + parts->hour * 3600 +
               parts->minute * 60 + parts->second;
    return true;
}

/* The offset by which clocks show that; false where they show it twice, or not
   at all, and that is refused. */
static bool offset_shown(const struct cosend_time_context *context,
                         int64_t shown, int32_t *offset)
{
    int32_t later;

    *offset = csi_zone_offset_shown(context->zone, shown);
    if (context->fold == COSEND_FOLD_FIRST)
        return true;
    later = csi_zone_offset_later(context->zone, shown);
    if (context->fold == COSEND_FOLD_REFUSE)
        return later == *offset;
    if (later < *offset)
        *offset = later;
    return true;
}

static bool join_in_year(const struct csi_time_parts *parts, int64_t year,
                         const struct cosend_time_context *context,
                         struct cosend_time *time)
{
    int32_t offset = parts->offset;
    int64_t shown;

    return shown_seconds(parts, year, &shown) &&
           (parts->has_offset || offset_shown(context, shown, &offset)) &&
           make_time(shown - offset, parts->nanosecond, offset, time);
}

static uint64_t distance(int64_t a, int64_t b)
{
    return a < b ? (uint64_t)b - (uint64_t)a : (uint64_t)a - (uint64_t)b;
}

/* In that year, as the context has it of an hour that clocks show twice, or
   never. */
static bool join_in_found(const struct csi_time_parts *parts, int64_t year,
                          const struct cosend_time_context *context,
                          struct cosend_time *time)
{
    return year != NO_YEAR && join_in_year(parts, year, context, time);
}

/* Of three years that have such a day the one nearest to now. */
static bool join_nearest(const struct csi_time_parts *parts,
                         const struct cosend_time_context *context,
                         struct cosend_time *time)
{
    struct cosend_time_context first = *context;
    struct cosend_time now = {context->now, 0}, found;
    int64_t year = cosend_civil_of(now).year, nearest = NO_YEAR;
    uint64_t least = UINT64_MAX;

    first.fold = COSEND_FOLD_FIRST;
    for (int64_t y = year - 1; y <= year + 1; y++) {
        if (!join_in_year(parts, y, &first, &found) ||
            distance(found.nanoseconds, context->now) >= least)
            continue;
        least = distance(found.nanoseconds, context->now);
        nearest = y;
    }
    return join_in_found(parts, nearest, context, time);
}

/* The last year by which it is not later than a day behind now: of 29 Feb that
   may be eight years ago. */
static bool join_past(const struct csi_time_parts *parts,
                      const struct cosend_time_context *context,
                      struct cosend_time *time)
{
    struct cosend_time_context first = *context;
    struct cosend_time most = {0, 0}, found;
    int64_t year, last = NO_YEAR;

    first.fold = COSEND_FOLD_FIRST;
    if (__builtin_add_overflow(context->now, CSI_DAY_SECONDS * CSI_SECOND,
                               &most.nanoseconds))
        most.nanoseconds = INT64_MAX;
    year = cosend_civil_of(most).year + 1;
    for (int64_t y = year; last == NO_YEAR && y > year - 10; y--)
        if (join_in_year(parts, y, &first, &found) &&
            found.nanoseconds <= most.nanoseconds)
            last = y;
    return join_in_found(parts, last, context, time);
}

/* Of the offsets that a zone's letters have had, the one that they have then.
 */
static bool join_by_letters(const struct csi_time_parts *parts,
                            const struct cosend_time_context *context,
                            struct cosend_time *time)
{
    const struct cosend_zone *zone = context->zone;
    struct csi_time_parts told = *parts;

    told.letters = NULL;
    told.has_offset = true;
    for (size_t i = 0; zone && i < zone->kind_count; i++) {
        const struct csi_zone_kind *kind = &zone->kinds[i];
        struct cosend_time made;

        if (strlen(kind->letters) != parts->letters_length ||
            memcmp(kind->letters, parts->letters, parts->letters_length) != 0)
            continue;
        told.offset = kind->offset;
        if (csi_time_join(&told, context, &made) &&
            cosend_zone_offset(zone, made.nanoseconds) == kind->offset) {
            *time = made;
            return true;
        }
    }
    return false;
}

bool csi_time_join(const struct csi_time_parts *parts,
                   const struct cosend_time_context *context,
                   struct cosend_time *time)
{
    static const struct cosend_time_context none;
    struct cosend_time made;

    if (!context)
        context = &none;
    if (parts->letters && !parts->has_offset)
        return join_by_letters(parts, context, time);
    if (parts->has_epoch) {
        if (!make_time(parts->epoch, parts->nanosecond, parts->offset, &made))
            return false;
        if (!parts->has_offset)
            made.offset = cosend_zone_offset(context->zone, made.nanoseconds);
        *time = made;
        return true;
    }
    if (parts->hour < 0 || parts->hour > 23 || parts->minute < 0 ||
        parts->minute > 59 || parts->second < 0 || parts->second > 60)
        return false;
    if (!parts->has_year)
        return context->is_past ? join_past(parts, context, time)
                                : join_nearest(parts, context, time);
    return join_in_year(parts, parts->year, context, time);
}

bool cosend_zone_time(const struct cosend_zone *zone,
                      const struct cosend_civil *civil,
                      struct cosend_time *time)
{
    struct cosend_time_context context = {.zone = zone};
    struct csi_time_parts parts = {.year = civil->year,
                                   .month = civil->month,
                                   .day = civil->day,
                                   .hour = civil->hour,
                                   .minute = civil->minute,
                                   .second = civil->second,
                                   .nanosecond = civil->nanosecond,
                                   .has_year = true};

    if (civil->second > 59 || civil->nanosecond < 0 ||
        civil->nanosecond >= CSI_SECOND)
        return false;
    return csi_time_join(&parts, &context, time);
}
