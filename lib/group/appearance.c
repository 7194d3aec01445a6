/* SPDX-License-Identifier: MIT */
#include "group/appearance.h"

#include "cosend/group.h"

struct csi_appearance *csi_appearances_sort(struct csi_appearance *places,
                                            struct csi_appearance *spare,
                                            size_t count, uint64_t largest)
{
    enum { BITS = 11, DIGITS = 1 << BITS };

    for (unsigned shift = 0; shift < 64 && largest >> shift; shift += BITS) {
        size_t starts[DIGITS] = {0}, start = 0;
        struct csi_appearance *from = places;

        for (size_t i = 0; i < count; i++)
            starts[from[i].first >> shift & (DIGITS - 1)]++;
        for (size_t digit = 0; digit < DIGITS; digit++) {
            size_t next = start + starts[digit];

            starts[digit] = start;
            start = next;
        }
        for (size_t i = 0; i < count; i++)
            spare[starts[from[i].first >> shift & (DIGITS - 1)]++] = from[i];
        places = spare;
        spare = from;
    }
    return places;
}

void cosend_appearance_save(const struct cosend_appearance *place,
                            struct cosend_bytes *to)
{
    cosend_put_varint(to, place->first);
    cosend_put_varint(to, place->rank);
}

bool cosend_appearance_merge(struct cosend_appearance *place,
                             struct cosend_reader_bytes *from)
{
    struct cosend_appearance saved = {.first = cosend_get_varint(from)};
    bool earlier;

    saved.rank = cosend_get_varint(from);
    earlier =
        saved.rank && (!place->rank || cosend_appears_before(&saved, place));
    if (earlier)
        *place = saved;
    return earlier;
}
