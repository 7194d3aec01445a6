/* SPDX-License-Identifier: MIT */
/* Times printed: as strftime prints in the C locale. */
#include "cosend/time.h"

#include "record/calendar.h"
#include "record/time_format.h"
#include "record/time_scan.h"

#include "cosend/number.h"

#include <stdlib.h>
#include <string.h>

struct printing {
    char *out;
    size_t capacity, length;
    struct cosend_time time; /* in the offset that is shown */
    struct cosend_civil civil;
    const struct cosend_zone *zone;
};

/* ---- Pieces -------------------------------------------------------------- */

static void put(struct printing *printing, const char *text, size_t length)
{
    if (printing->length < printing->capacity) {
        size_t room = printing->capacity - printing->length;

        memcpy(printing->out + printing->length, text,
               length < room ? length : room);
    }
    printing->length += length;
}

static void put_byte(struct printing *printing, char c)
{
    put(printing, &c, 1);
}

/* A number that is not negative, of `width` characters at least. */
static void put_number(struct printing *printing, int64_t number, int width,
                       char pad)
{
    char digits[20];
    int at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while ((int)sizeof(digits) - at < width)
        digits[--at] = pad;
    put(printing, digits + at, sizeof(digits) - (size_t)at);
}

static void put_two(struct printing *printing, int number)
{
    const char digits[] = {(char)('0' + number / 10),
                           (char)('0' + number % 10)};

    if (number < 100)
        put(printing, digits, sizeof(digits));
    else
        put_number(printing, number, 2, '0');
}

/* The first digits of nine. */
static void put_fraction(struct printing *printing, int digits)
{
    int32_t value = printing->civil.nanosecond;

    for (int i = digits; i < 9; i++)
        value /= 10;
    put_number(printing, value, digits, '0');
}

static void put_offset(struct printing *printing, const char *colon)
{
    int32_t offset = printing->time.offset;
    int size = offset == INT32_MIN ? INT32_MAX : abs(offset);

    put_byte(printing, offset < 0 ? '-' : '+');
    put_two(printing, size / 3600);
    put(printing, colon, strlen(colon));
    put_two(printing, size / 60 % 60);
    if (size % 60) {
        put(printing, colon, strlen(colon));
        put_two(printing, size % 60);
    }
}

/* Where no zone says how its offset is called, the offset itself. */
static void put_letters(struct printing *printing)
{
    const char *letters;

    if (!printing->zone && printing->time.offset) {
        put_offset(printing, ":");
        return;
    }
    letters = cosend_zone_letters(printing->zone, printing->time.nanoseconds);
    put(printing, letters, strlen(letters));
}

static void put_name(struct printing *printing, const char *name, bool whole)
{
    put(printing, name, whole ? strlen(name) : 3);
}

/* ---- Weeks --------------------------------------------------------------- */

/* The week of a year whose weeks begin on a day, 1 to 7; 0 before the first. */
static int week_from(const struct cosend_civil *civil, int first)
{
    return (civil->yearday + 6 - (civil->weekday - first + 7) % 7) / 7;
}

/* The week by ISO 8601, in which the year has most of its days: *year. */
static int iso_week(const struct cosend_civil *civil, int32_t *year)
{
    int week = (civil->yearday - civil->weekday + 10) / 7;
    int first, days;

    *year = civil->year;
    if (week == 0) {
        struct cosend_civil last = {0};

        csi_date_of_days(csi_days_of_date(civil->year, 1, 1) - 1, &last);
        return iso_week(&last, year);
    }
    days = 365 + csi_is_leap_year(civil->year);
    first = (civil->weekday - 1 + days - civil->yearday + 1) % 7;
    /* `first` is the weekday of the next January 1st, Monday being 0. */
    if (week == 53 && first <= 3) {
        (*year)++;
        return 1;
    }
    return week;
}

/* ---- Directives ---------------------------------------------------------- */

static void put_date(struct printing *printing, char letter)
{
    const struct cosend_civil *civil = &printing->civil;
    int32_t iso_year;
    int iso = iso_week(civil, &iso_year);

    switch (letter) {
    case 'Y':
        put_number(printing, civil->year, 4, '0');
        break;
    case 'y':
        put_two(printing, civil->year % 100);
        break;
    case 'C':
        put_two(printing, civil->year / 100);
        break;
    case 'm':
        put_two(printing, civil->month);
        break;
    case 'b':
    case 'B':
        put_name(printing, csi_month_name(civil->month), letter == 'B');
        break;
    case 'd':
        put_two(printing, civil->day);
        break;
    case 'e':
        put_number(printing, civil->day, 2, ' ');
        break;
    case 'j':
        put_number(printing, civil->yearday, 3, '0');
        break;
    case 'a':
    case 'A':
        put_name(printing, csi_weekday_name(civil->weekday), letter == 'A');
        break;
    case 'u':
    case 'w':
        put_number(printing,
                   letter == 'u' ? civil->weekday : civil->weekday % 7, 1, '0');
        break;
    case 'G':
        put_number(printing, iso_year, 4, '0');
        break;
    case 'V':
        put_two(printing, iso);
        break;
    default: /* U, W */
        put_two(printing, week_from(civil, letter == 'U' ? 7 : 1));
        break;
    }
}

static void put_epoch(struct printing *printing, int64_t unit)
{
    char digits[COSEND_NUMBER_MAX];
    int64_t count = csi_floor_divide(printing->time.nanoseconds, unit);

    put(printing, digits, cosend_format_integer(count, digits));
}

static void put_directive(struct printing *printing,
                          const struct csi_directive *directive)
{
    const struct cosend_civil *civil = &printing->civil;
    int of_12 = (civil->hour + 11) % 12 + 1;

    switch (directive->letter) {
    case 'H':
        put_two(printing, civil->hour);
        break;
    case 'k':
        put_number(printing, civil->hour, 2, ' ');
        break;
    case 'I':
        put_two(printing, of_12);
        break;
    case 'l':
        put_number(printing, of_12, 2, ' ');
        break;
    case 'p':
        put(printing, civil->hour < 12 ? "AM" : "PM", 2);
        break;
    case 'M':
        put_two(printing, civil->minute);
        break;
    case 'S':
        put_two(printing, civil->second);
        break;
    case 'f':
        put_fraction(printing, directive->digits ? directive->digits : 6);
        break;
    case 'z':
        put_offset(printing, directive->colon ? ":" : "");
        break;
    case 'Z':
        put_letters(printing);
        break;
    case 's':
        put_epoch(printing, CSI_SECOND);
        break;
    case '%':
        put_byte(printing, '%');
        break;
    default:
        put_date(printing, directive->letter);
        break;
    }
}

static void put_text(struct printing *printing,
                     const struct cosend_time_format *format)
{
    const char *p = format->text, *end = p + format->length;

    while (p < end) {
        const char *percent = memchr(p, '%', (size_t)(end - p));
        struct csi_directive directive;

        put(printing, p, (size_t)((percent ? percent : end) - p));
        if (!percent)
            break;
        p = csi_time_directive(percent, end, &directive);
        put_directive(printing, &directive);
    }
}

/* ---- Forms --------------------------------------------------------------- */

static int digits_of_fraction(int32_t nanoseconds)
{
    if (nanoseconds % 1000000 == 0)
        return 3;
    return nanoseconds % 1000 == 0 ? 6 : 9;
}

static void put_rfc3339(struct printing *printing)
{
    const struct cosend_civil *civil = &printing->civil;

    put_number(printing, civil->year, 4, '0');
    put_byte(printing, '-');
    put_two(printing, civil->month);
    put_byte(printing, '-');
    put_two(printing, civil->day);
    put_byte(printing, 'T');
    put_two(printing, civil->hour);
    put_byte(printing, ':');
    put_two(printing, civil->minute);
    put_byte(printing, ':');
    put_two(printing, civil->second);
    if (civil->nanosecond) {
        put_byte(printing, '.');
        put_fraction(printing, digits_of_fraction(civil->nanosecond));
    }
    if (printing->time.offset)
        put_offset(printing, ":");
    else
        put_byte(printing, 'Z');
}

/* Seconds and the fraction, whose sign is the whole's. */
static void put_seconds(struct printing *printing)
{
    int64_t nanoseconds = printing->time.nanoseconds;
    int32_t fraction = (int32_t)(nanoseconds % CSI_SECOND);
    int64_t seconds = nanoseconds / CSI_SECOND;

    if (nanoseconds < 0)
        put_byte(printing, '-');
    put_number(printing, seconds < 0 ? -seconds : seconds, 1, '0');
    if (!fraction)
        return;
    put_byte(printing, '.');
    printing->civil.nanosecond = fraction < 0 ? -fraction : fraction;
    put_fraction(printing, digits_of_fraction(printing->civil.nanosecond));
}

static void print(struct printing *printing,
                  const struct cosend_time_format *format)
{
    switch (format ? format->form : CSI_FORM_RFC3339) {
    case CSI_FORM_TEXT:
        put_text(printing, format);
        break;
    case CSI_FORM_RFC3339:
        put_rfc3339(printing);
        break;
    case CSI_FORM_EPOCH:
        put_seconds(printing);
        break;
    case CSI_FORM_EPOCH_MS:
        put_epoch(printing, 1000000);
        break;
    case CSI_FORM_EPOCH_US:
        put_epoch(printing, 1000);
        break;
    case CSI_FORM_EPOCH_NS:
        put_epoch(printing, 1);
        break;
    }
}

size_t cosend_format_time(const struct cosend_time_format *format,
                          struct cosend_time time,
                          const struct cosend_zone *zone, char *out,
                          size_t capacity)
{
    struct printing printing = {
        .out = out, .capacity = capacity, .time = time, .zone = zone};

    if (zone)
        printing.time.offset = cosend_zone_offset(zone, time.nanoseconds);
    printing.civil = cosend_civil_of(printing.time);
    print(&printing, format);
    if (capacity)
        out[printing.length < capacity ? printing.length : capacity - 1] = '\0';
    return printing.length;
}
