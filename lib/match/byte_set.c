/* SPDX-License-Identifier: MIT */
#include "match/byte_set.h"

#include "match/bytes.h"

#include <string.h>

enum { ASCII = 0x80 };

static void add_range(struct csi_byte_set *set, char first, char last)
{
    for (int c = first; c <= last; c++)
        csi_set_add(set, (char)c);
}

/* What a letter behind a backslash stands for. */
static bool add_kind(struct csi_byte_set *set, char kind)
{
    switch (kind) {
    case 'd':
        add_range(set, '0', '9');
        return true;
    case 'w':
        for (int c = 0; c < ASCII; c++)
            if (csi_is_word((char)c))
                csi_set_add(set, (char)c);
        return true;
    case 's':
        add_range(set, '\t', '\r');
        csi_set_add(set, ' ');
        return true;
    default:
        return false;
    }
}

/* A byte of a class that stands for itself, and that a range may have. */
static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7f && !strchr("\\[]-", c);
}

/* One of a class's items, from *p on; a range, but of what stands for itself,
   is not known. */
static bool add_item(struct csi_byte_set *set, const char **p, const char *end)
{
    const char *item = *p;

    if (*item == '\\' && end - item >= 2) {
        *p += 2;
        if (csi_is_word(item[1]))
            return add_kind(set, item[1]);
        csi_set_add(set, item[1]);
        return true;
    }
    if (end - item >= 3 && item[1] == '-') {
        *p += 3;
        if (!is_plain(item[0]) || !is_plain(item[2]))
            return false;
        add_range(set, item[0], item[2]);
        return true;
    }
    *p += 1;
    csi_set_add(set, *item);
    return is_plain(*item);
}

static void add_high(struct csi_byte_set *set)
{
    set->bits[2] = set->bits[3] = UINT64_MAX;
}

bool csi_class_bytes(struct csi_byte_set *set, const char *p, const char *end)
{
    memset(set, 0, sizeof(*set));
    add_high(set);
    if (end - p == 2 && *p == '\\')
        return add_kind(set, p[1]);
    if (end - p < 3 || *p != '[' || end[-1] != ']' || p[1] == '^')
        return false;
    p++;
    end--;
    while (p < end)
        if (!add_item(set, &p, end))
            return false;
    return true;
}

void csi_set_fold(struct csi_byte_set *set)
{
    for (char c = 'a'; c <= 'z'; c++) {
        char capital = (char)(c & ~0x20);

        if (csi_in_set(set, c) || csi_in_set(set, capital)) {
            csi_set_add(set, c);
            csi_set_add(set, capital);
        }
    }
}
