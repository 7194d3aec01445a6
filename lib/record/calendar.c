/* SPDX-License-Identifier: MIT */
/*
 * Dates are counted in eras of 400 years, 146097 days each, and in years that
 * begin with March, so that a leap day is a year's last and the months before
 * it have a regular length: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (2013).
 */
#include "record/calendar.h"

enum { ERA_DAYS = 146097, ERA_YEARS = 400, EPOCH_DAYS = 719468 };

/* ---- Days and dates ------------------------------------------------------ */

bool csi_is_leap_year(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned csi_days_of_month(int64_t year, unsigned month)
{
    if (month == 2)
        return csi_is_leap_year(year) ? 29 : 28;
    return 30 + ((month + (month > 7)) & 1);
}

int64_t csi_days_of_date(int64_t year, unsigned month, unsigned day)
{
    int64_t from_march = year - (month < 3);
    int64_t era = csi_floor_divide(from_march, ERA_YEARS);
    unsigned year_of_era = (unsigned)(from_march - era * ERA_YEARS);
    unsigned day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    unsigned day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

void csi_date_of_days(int64_t days, struct cosend_civil *civil)
{
    int64_t shifted = days + EPOCH_DAYS;
    int64_t era = csi_floor_divide(shifted, ERA_DAYS);
    unsigned day_of_era = (unsigned)(shifted - era * ERA_DAYS);
    unsigned year_of_era = (day_of_era - day_of_era / 1460 +
                            day_of_era / 36524 - day_of_era / 146096) /
                           365;
    unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned march_month = (5 * day_of_year + 2) / 153;
    int64_t year = year_of_era + era * ERA_YEARS;
    bool leap;

    civil->day = (int32_t)(day_of_year - (153 * march_month + 2) / 5 + 1);
    civil->month =
        (int32_t)(march_month < 10 ? march_month + 3 : march_month - 9);
    civil->year = (int32_t)(year + (civil->month < 3));
    leap = csi_is_leap_year(civil->year);
    civil->yearday = civil->month < 3 ? (int32_t)day_of_year - 305
                                      : (int32_t)day_of_year + 60 + leap;
    /* 1970-01-01 was a Thursday. */
    civil->weekday =
        (int32_t)(days + 3 - csi_floor_divide(days + 3, 7) * 7 + 1);
}

struct cosend_civil cosend_civil_of(struct cosend_time time)
{
    int64_t seconds = csi_floor_divide(time.nanoseconds, CSI_SECOND);
    int64_t shown = seconds + time.offset;
    int64_t days = csi_floor_divide(shown, CSI_DAY_SECONDS);
    int32_t of_day = (int32_t)(shown - days * CSI_DAY_SECONDS);
    struct cosend_civil civil = {.hour = of_day / 3600,
                                 .minute = of_day / 60 % 60,
                                 .second = of_day % 60,
                                 .nanosecond = (int32_t)csi_floor_remainder(
                                     time.nanoseconds, CSI_SECOND)};

    csi_date_of_days(days, &civil);
    return civil;
}
