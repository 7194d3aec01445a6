/* SPDX-License-Identifier: MIT */
/* What written times are made of, taken from the front of a text. */
#ifndef CSI_TIME_SCAN_H
#define CSI_TIME_SCAN_H

#include "base/base.h"

struct csi_time_scan {
    const char *p, *end;
};

/* Each of these moves on behind what it takes. Where that is not there, it
   returns false, and where the scan is then does not matter. */

static inline bool csi_scan_byte(struct csi_time_scan *scan, char c)
{
    bool is_there = scan->p < scan->end && *scan->p == c;

    scan->p += is_there;
    return is_there;
}

/* At least `least` digits, and no more than `most`, at most 9, though more may
   follow. */
static inline bool csi_scan_digits(struct csi_time_scan *scan, int least,
                                   int most, int32_t *number)
{
    const char *start = scan->p;
    int32_t value = 0;
    unsigned digit;

    while (scan->p < scan->end && scan->p - start < most &&
           (digit = (unsigned)(*scan->p - '0')) < 10) {
        value = value * 10 + (int32_t)digit;
        scan->p++;
    }
    *number = value;
    return scan->p - start >= least;
}

/* Digits behind a point, one or more, as nanoseconds; those from the tenth on
   are passed over where `all`. */
bool csi_scan_fraction(struct csi_time_scan *scan, bool all,
                       int32_t *nanoseconds);

/* Z, +02, +0200, +02:00, +020000 or +02:00:00, with hours up to 26; and with
   one digit, +2, where nothing follows. */
bool csi_scan_offset(struct csi_time_scan *scan, int32_t *seconds);

/* A month's English name, in full or its first three letters; 1 to 12. */
bool csi_scan_month(struct csi_time_scan *scan, int32_t *month);
/* A weekday's; Monday is 1. */
bool csi_scan_weekday(struct csi_time_scan *scan, int32_t *weekday);

/* AM or PM, in either case. */
bool csi_scan_half(struct csi_time_scan *scan, bool *afternoon);
/* The hour of a day, 0 to 23, that an hour of twelve is, 1 to 12; else -1. */
int32_t csi_hour_of_twelve(int32_t hour, bool afternoon);

/* Whether a whole text is UTC, GMT, UT or Z. */
bool csi_scan_utc(const char *text, size_t length);

/* The names: January is month 1, Monday day 1. */
const char *csi_month_name(int month);
const char *csi_weekday_name(int weekday);

#endif
