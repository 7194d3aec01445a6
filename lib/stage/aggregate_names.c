/* SPDX-License-Identifier: MIT */
/* What functions of aggregates are called: rows, other names for them, and
   percentiles. */
#include "cosend/aggregate.h"

#include <string.h>

enum { DECIMALS = 3 };

/* p95, p99.9: a number up to 100, of at most three decimals. */
static bool read_percentile(const char *name, size_t length, uint32_t *part)
{
    uint32_t value = 0;
    size_t i = 1, decimals = 0;
    bool point = false;

    if (length < 2 || length > 8 || *name != 'p')
        return false;
    for (; i < length; i++) {
        char c = name[i];

        if (c == '.' && !point && i > 1) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || decimals == DECIMALS)
            return false;
        value = value * 10 + (uint32_t)(c - '0');
        decimals += point;
    }
    for (; decimals < DECIMALS; decimals++)
        value *= 10;
    *part = value;
    return value <= 100000 && name[length - 1] != '.';
}

static bool is_name(const char *name, size_t length, const char *of)
{
    return strlen(of) == length && memcmp(name, of, length) == 0;
}

const struct cosend_aggregate *
cosend_find_function(const char *name, size_t length, uint32_t *part)
{
    static const struct {
        const char *called, *is;
    } others[] = {{"avg", "mean"},     {"average", "mean"},
                  {"sd", "stddev"},    {"stdev", "stddev"},
                  {"variance", "var"}, {"nulls", "null_count"}};
    const struct cosend_aggregate *row;

    if (read_percentile(name, length, part))
        return cosend_find_aggregate("percentile");
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (is_name(name, length, others[i].called))
            return cosend_find_aggregate(others[i].is);
    for (size_t i = 0; (row = cosend_aggregate_at(i)); i++)
        if (is_name(name, length, row->name) &&
            strcmp(row->name, "percentile") != 0)
            return row;
    return NULL;
}
