/* SPDX-License-Identifier: MIT */
/*
 * Looking up offsets. Changes are searched by bisection, in UTC or in what
 * clocks show.
 *
 * A change of the offset from b to a at the instant t is, in what clocks show,
 * a gap from t + b to t + a where a is greater, and else an hour, say, that is
 * there twice, from t + a to t + b. In either case `shown` is the later of the
 * two, and the offset before holds up to it: in a gap that leads to behind it,
 * of the hour shown twice it is the first.
 */
#include "record/zone.h"

#include "record/calendar.h"

#include <string.h>

/* ---- Making -------------------------------------------------------------- */

void cosend_zone_free(struct cosend_zone *zone)
{
    if (!zone)
        return;
    csi_free(zone->kinds);
    csi_free(zone->changes);
    csi_free(zone->shown);
    csi_free(zone->after);
    csi_free(zone);
}

bool csi_zone_add_kind(struct cosend_zone *zone, int32_t offset,
                       const char *letters, size_t length, uint8_t *index)
{
    struct csi_zone_kind kind = {.offset = offset};

    memcpy(kind.letters, letters,
           length < CSI_ZONE_LETTERS ? length : CSI_ZONE_LETTERS - 1);
    for (size_t i = 0; i < zone->kind_count; i++)
        if (zone->kinds[i].offset == offset &&
            strcmp(zone->kinds[i].letters, kind.letters) == 0) {
            *index = (uint8_t)i;
            return true;
        }
    if (zone->kind_count > UINT8_MAX ||
        !csi_grow(&zone->kinds, &zone->kind_capacity, zone->kind_count + 1,
                  sizeof(*zone->kinds)))
        return false;
    *index = (uint8_t)zone->kind_count;
    zone->kinds[zone->kind_count++] = kind;
    return true;
}

bool csi_zone_add_change(struct cosend_zone *zone, int64_t at, uint8_t kind)
{
    size_t count = zone->change_count;
    int32_t before = zone->kinds[count ? zone->after[count - 1] : 0].offset;
    int32_t after = zone->kinds[kind].offset;

    if (!csi_grow(&zone->changes, &zone->changes_capacity, count + 1,
                  sizeof(*zone->changes)) ||
        !csi_grow(&zone->shown, &zone->shown_capacity, count + 1,
                  sizeof(*zone->shown)) ||
        !csi_grow(&zone->after, &zone->after_capacity, count + 1,
                  sizeof(*zone->after)))
        return false;
    zone->changes[count] = at;
    zone->shown[count] = at + (before > after ? before : after);
    zone->after[count] = kind;
    zone->change_count++;
    return true;
}

/* ---- Looking up ---------------------------------------------------------- */

/* How many of the changes are not behind a time, by what they are in. */
static size_t changes_by(const struct cosend_zone *zone, const int64_t *changes,
                         int64_t time)
{
    size_t low = 0, high = zone->change_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (changes[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The kind that holds behind so many changes. */
static const struct csi_zone_kind *kind_behind(const struct cosend_zone *zone,
                                               size_t count)
{
    return &zone->kinds[count ? zone->after[count - 1] : 0];
}

static const struct csi_zone_kind *kind_at(const struct cosend_zone *zone,
                                           const int64_t *changes, int64_t time)
{
    return kind_behind(zone, changes_by(zone, changes, time));
}

static const struct csi_zone_kind *kind_of(const struct cosend_zone *zone,
                                           int64_t nanoseconds)
{
    static const struct csi_zone_kind utc = {0, "UTC"};

    if (!zone)
        return &utc;
    return kind_at(zone, zone->changes,
                   csi_floor_divide(nanoseconds, CSI_SECOND));
}

int32_t cosend_zone_offset(const struct cosend_zone *zone, int64_t nanoseconds)
{
    return kind_of(zone, nanoseconds)->offset;
}

const char *cosend_zone_letters(const struct cosend_zone *zone,
                                int64_t nanoseconds)
{
    return kind_of(zone, nanoseconds)->letters;
}

int32_t csi_zone_offset_shown(const struct cosend_zone *zone, int64_t shown)
{
    return zone ? kind_at(zone, zone->shown, shown)->offset : 0;
}

int32_t csi_zone_offset_later(const struct cosend_zone *zone, int64_t shown)
{
    size_t next = zone ? changes_by(zone, zone->shown, shown) : 0;
    int32_t before, after;

    if (!zone)
        return 0;
    before = kind_behind(zone, next)->offset;
    if (next == zone->change_count)
        return before;
    after = kind_behind(zone, next + 1)->offset;
    return shown - zone->changes[next] < (before < after ? before : after)
               ? before
               : after;
}
