/* SPDX-License-Identifier: MIT */
#include "format/table_columns.h"

enum { NARROWEST = 6 };

/* What the columns that go to the right, or those that do not, take if none is
   wider than `most`. */
static size_t total_width(const struct csi_table_column *columns,
                          uint32_t count, bool right, size_t most)
{
    size_t total = 0;

    for (uint32_t i = 0; i < count; i++)
        if (csi_table_goes_right(&columns[i]) == right)
            total += columns[i].width < most ? columns[i].width : most;
    return total;
}

/* Narrow the widest columns of one sort until all of that sort fit in `room`,
   or none is wider than NARROWEST. */
static void narrow_sort(struct csi_table_column *columns, uint32_t count,
                        bool right, size_t room, size_t limit)
{
    size_t low = NARROWEST, high = limit;

    /* total_width rises with `most`: the largest that fits, by halves. */
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;

        if (total_width(columns, count, right, middle) <= room)
            low = middle;
        else
            high = middle - 1;
    }
    for (uint32_t i = 0; i < count; i++)
        if (csi_table_goes_right(&columns[i]) == right &&
            columns[i].width > low)
            columns[i].width = low;
}

void csi_table_narrow(struct csi_table_column *columns, uint32_t count,
                      size_t limit, size_t gap)
{
    size_t gaps = (count - 1) * gap;
    size_t room = limit > gaps ? limit - gaps : 0, numbers, texts;

    numbers = total_width(columns, count, true, SIZE_MAX);
    if (numbers + total_width(columns, count, false, SIZE_MAX) <= room)
        return;
    narrow_sort(columns, count, false, room > numbers ? room - numbers : 0,
                limit);
    texts = total_width(columns, count, false, SIZE_MAX);
    narrow_sort(columns, count, true, room > texts ? room - texts : 0, limit);
}
