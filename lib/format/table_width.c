/* SPDX-License-Identifier: MIT */
#include "format/table_width.h"

#include "base/utf8.h"

#include <stdint.h>

struct range {
    unsigned first, last;
};

/* Unicode 15: combining marks and format characters of the common scripts. */
static const struct range zero[] = {
    {0x0300, 0x036f},   {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f},
    {0x0e34, 0x0e3a},   {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200d},   {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    {0xe0100, 0xe01ef},
};

/* Unicode 15, East_Asian_Width wide and fullwidth, and emoji. */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},
    {0x4e00, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static bool is_in_ranges(unsigned code, const struct range *ranges,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* The columns of the character at *p, which moves behind it. */
static size_t character_width(const char **p, const char *end)
{
    int size = csi_utf8_character(*p, end);
    unsigned code = size > 0 ? csi_utf8_code(*p, size) : 0;

    *p += size > 0 ? size : 1;
    if (code < 0x300)
        return 1;
    if (is_in_ranges(code, zero, sizeof(zero) / sizeof(zero[0])))
        return 0;
    return is_in_ranges(code, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

size_t csi_width(const char *text, size_t length)
{
    size_t width = SIZE_MAX;

    csi_width_prefix(text, length, &width);
    return width;
}

size_t csi_width_prefix(const char *text, size_t length, size_t *width)
{
    const char *p = text, *end = text + length;
    size_t taken = 0;

    while (p < end) {
        const char *next = p;
        size_t more = character_width(&next, end);

        if (more > *width - taken)
            break;
        taken += more;
        p = next;
    }
    *width = taken;
    return (size_t)(p - text);
}
