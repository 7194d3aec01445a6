/* SPDX-License-Identifier: MIT */
/*
 * Times: by a format that the input begins with, and by none. What was read is
 * printed by RFC 3339, and is the same when that is read.
 */
#include "cosend/time.h"
#include "record/zone_file.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void check_time(const struct cosend_time_format *format,
                       const char *text, size_t length)
{
    struct cosend_time time, again;
    char printed[COSEND_TIME_MAX];

    if (!cosend_parse_time(format, text, length, NULL, &time))
        return;
    length = cosend_format_time(NULL, time, NULL, printed, sizeof(printed));
    if (length >= sizeof(printed) ||
        !cosend_parse_time(NULL, printed, length, NULL, &again) ||
        again.nanoseconds != time.nanoseconds || again.offset != time.offset)
        abort();
}

static void check_format(const char *text, size_t length, const char *time,
                         size_t time_length)
{
    struct cosend_time_format *format =
        cosend_time_format_new(text, length, true, NULL);
    struct cosend_time now = {INT64_C(971186136123456789), 3600};
    char printed[64];

    if (!format)
        return;
    check_time(format, time, time_length);
    length = cosend_format_time(format, now, NULL, printed, sizeof(printed));
    if (length < sizeof(printed))
        check_time(format, printed, length);
    cosend_time_format_free(format);
}

static void check_duration(const char *text, size_t length)
{
    char printed[COSEND_DURATION_MAX];
    int64_t duration, again;

    if (!cosend_parse_duration(text, length, &duration))
        return;
    length = cosend_format_duration(duration, printed);
    if (length >= sizeof(printed) ||
        !cosend_parse_duration(printed, length, &again) || again != duration)
        abort();
}

static void check_zone(const uint8_t *bytes, size_t size)
{
    struct cosend_zone *zone = calloc(1, sizeof(*zone));

    if (zone && csi_zone_decode(zone, bytes, size, "X", NULL) == COSEND_OK)
        for (int64_t i = -9; i <= 9; i++)
            cosend_zone_offset(zone, i * INT64_C(1000000000000000000));
    cosend_zone_free(zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    const char *newline = size ? memchr(text, '\n', size) : NULL;

    check_time(NULL, text, size);
    check_duration(text, size);
    check_zone(bytes, size);
    if (newline)
        check_format(text, (size_t)(newline - text), newline + 1,
                     size - (size_t)(newline + 1 - text));
    return 0;
}
