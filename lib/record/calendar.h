/* SPDX-License-Identifier: MIT */
/* Days and dates. */
#ifndef CSI_CALENDAR_H
#define CSI_CALENDAR_H

#include "cosend/time.h"

enum { CSI_DAY_SECONDS = 86400 };

#define CSI_SECOND INT64_C(1000000000) /* in nanoseconds */

/* Days from 1970-01-01 to a date. */
int64_t csi_days_of_date(int64_t year, unsigned month, unsigned day);

/* The date of such a day: year, month, day, weekday and yearday; what else
 *civil holds stays. */
void csi_date_of_days(int64_t days, struct cosend_civil *civil);

bool csi_is_leap_year(int64_t year);
unsigned csi_days_of_month(int64_t year, unsigned month);

/* The quotient, rounded down; by is positive. */
static inline int64_t csi_floor_divide(int64_t value, int64_t by)
{
    int64_t quotient = value / by;

    return quotient - (value % by < 0);
}

/* What is left over by it: from 0 to by - 1. */
static inline int64_t csi_floor_remainder(int64_t value, int64_t by)
{
    int64_t rest = value % by;

    return rest < 0 ? rest + by : rest;
}

#endif
