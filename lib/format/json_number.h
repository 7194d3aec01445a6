/* SPDX-License-Identifier: MIT */
#ifndef CSI_JSON_NUMBER_H
#define CSI_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

static inline const char *csi_json_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* Whether text is a number in JSON's grammar (RFC 8259, section 6), exactly:
   any size of one, but no 05, +1, .5, 1., NaN, and no blanks. */
static inline bool csi_json_is_number(const char *p, size_t length)
{
    const char *end = p + length, *start;

    p += length && *p == '-';
    start = p;
    p = csi_json_digits(p, end);
    if (p == start || (*start == '0' && p - start > 1))
        return false;
    if (p < end && *p == '.') {
        start = ++p;
        p = csi_json_digits(p, end);
        if (p == start)
            return false;
    }
    if (p == end || (*p != 'e' && *p != 'E'))
        return p == end;
    p++;
    p += p < end && (*p == '+' || *p == '-');
    start = p;
    return csi_json_digits(p, end) == end && start < end;
}

#endif
