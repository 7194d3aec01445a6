/* SPDX-License-Identifier: MIT */
/*
 * Entries are sorted by their prefixes first, digit after digit from the lowest
 * and none that is the same in all of them, which looks at no record. Only
 * neighbours whose prefixes are the same, and leave something open, are then
 * compared in full and merged.
 */
#include "stage/store_order.h"

#include "cosend/value.h"
#include "record/sort_key.h"

static bool descends(const struct csi_order *order, uint32_t i)
{
    return order->descending && order->descending[i];
}

static unsigned collation_of(const struct csi_order *order, uint32_t i)
{
    return order->collations ? order->collations[i]
                             : (unsigned)COSEND_COLLATE_VALUE;
}

uint64_t csi_order_prefix(const struct csi_order *order,
                          struct cosend_cell cell)
{
    return csi_collate_prefix(cell, collation_of(order, 0), descends(order, 0));
}

/* ---- Comparing ----------------------------------------------------------- */

/* Whether prefixes that are the same, of which these are the bits that all
   have, say that the keys are. */
static bool decides(const struct csi_order *order, uint64_t prefix)
{
    return !order->count ||
           (order->count == 1 && csi_sort_prefix_is_all(prefix));
}

static int compare_keys(const struct csi_order *order,
                        const struct csi_stored *a, const struct csi_stored *b,
                        uint32_t first)
{
    for (uint32_t i = first; i < order->count; i++) {
        int way = csi_collate(csi_stored_cell(a, order->columns[i]),
                              csi_stored_cell(b, order->columns[i]),
                              collation_of(order, i), descends(order, i));

        if (way)
            return way;
    }
    return 0;
}

/* Of two whose prefixes are the same. */
static int compare_rest(const struct csi_order *order,
                        const struct csi_entry *a, const struct csi_entry *b)
{
    uint64_t common = a->prefix & b->prefix;
    struct csi_stored left, right;
    int way = 0;

    if (decides(order, common) && !order->mixed)
        return 0;
    left = csi_stored_get(order->shapes, a->stored);
    right = csi_stored_get(order->shapes, b->stored);
    if (!decides(order, common))
        way =
            compare_keys(order, &left, &right, csi_sort_prefix_is_all(common));
    if (!way && order->mixed)
        way = (left.ordinal > right.ordinal) - (left.ordinal < right.ordinal);
    return way;
}

int csi_order_compare(const struct csi_order *order, const struct csi_entry *a,
                      const struct csi_entry *b)
{
    int way = csi_sort_prefix_order(a->prefix, b->prefix);

    return way ? way : compare_rest(order, a, b);
}

bool csi_order_same_key(const struct csi_order *order,
                        const struct csi_entry *a, const struct csi_entry *b)
{
    struct csi_order keys = *order;

    keys.mixed = false;
    return csi_order_compare(&keys, a, b) == 0;
}

/* ---- Sorting ------------------------------------------------------------- */

enum { FEW = 12, BITS = 11, DIGITS = 1 << BITS, PASSES = 6, MANY = 4 * DIGITS };

static void insert_all(const struct csi_order *order, struct csi_entry *entries,
                       size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct csi_entry entry = entries[i];
        size_t to = i;

        for (; to && csi_order_compare(order, &entries[to - 1], &entry) > 0;
             to--)
            entries[to] = entries[to - 1];
        entries[to] = entry;
    }
}

/* The halves are sorted; the first one moves to `spare` to make room. */
static void merge_halves(const struct csi_order *order,
                         struct csi_entry *entries, struct csi_entry *spare,
                         size_t half, size_t count)
{
    size_t left = 0, right = half, to = 0;

    memcpy(spare, entries, half * sizeof(*spare));
    while (left < half && right < count)
        entries[to++] =
            csi_order_compare(order, &entries[right], &spare[left]) < 0
                ? entries[right++]
                : spare[left++];
    memcpy(entries + to, spare + left, (half - left) * sizeof(*spare));
}

static void merge_sort(const struct csi_order *order, struct csi_entry *entries,
                       struct csi_entry *spare, size_t count)
{
    size_t half = count / 2;

    if (count <= FEW) {
        insert_all(order, entries, count);
        return;
    }
    merge_sort(order, entries, spare, half);
    merge_sort(order, entries + half, spare, count - half);
    if (csi_order_compare(order, &entries[half - 1], &entries[half]) > 0)
        merge_halves(order, entries, spare, half, count);
}

static unsigned digit(uint64_t prefix, unsigned pass)
{
    return (unsigned)(prefix >> (1 + BITS * pass)) & (DIGITS - 1);
}

/* By one digit, from one array to the other, unless it is the same in all.
   Returns whether it was done. */
static bool sort_pass(const struct csi_entry *from, struct csi_entry *to,
                      size_t count, size_t *starts, unsigned pass)
{
    size_t start = 0;

    if (starts[digit(from[0].prefix, pass)] == count)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t next = start + starts[i];

        starts[i] = start;
        start = next;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[digit(from[i].prefix, pass)]++] = from[i];
    return true;
}

/* False without memory. */
static bool sort_prefixes(struct csi_entry *entries, struct csi_entry *spare,
                          size_t count)
{
    size_t(*counts)[DIGITS] = csi_calloc(PASSES, sizeof(*counts));
    struct csi_entry *from = entries, *to = spare;

    if (!counts)
        return false;
    for (size_t i = 0; i < count; i++)
        for (unsigned pass = 0; pass < PASSES; pass++)
            counts[pass][digit(entries[i].prefix, pass)]++;
    for (unsigned pass = 0; pass < PASSES; pass++)
        if (sort_pass(from, to, count, counts[pass], pass)) {
            struct csi_entry *was = from;

            from = to;
            to = was;
        }
    if (from != entries)
        memcpy(entries, from, count * sizeof(*entries));
    csi_free(counts);
    return true;
}

/* Each stretch of one prefix, where that does not decide. */
static void sort_stretches(const struct csi_order *order,
                           struct csi_entry *entries, struct csi_entry *spare,
                           size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        uint64_t prefix = entries[from].prefix, common = prefix;

        for (to = from + 1; to < count && csi_sort_prefix_order(
                                              entries[to].prefix, prefix) == 0;
             to++)
            common &= entries[to].prefix;
        if (to - from > 1 && (order->mixed || !decides(order, common)))
            merge_sort(order, entries + from, spare, to - from);
    }
}

static bool is_sorted(const struct csi_order *order,
                      const struct csi_entry *entries, size_t count)
{
    size_t i = 1;

    while (i < count &&
           csi_order_compare(order, &entries[i - 1], &entries[i]) <= 0)
        i++;
    return i >= count;
}

bool csi_order_sort(const struct csi_order *order, struct csi_entry *entries,
                    size_t count)
{
    struct csi_entry *spare;
    bool ok = true;

    if (is_sorted(order, entries, count))
        return true;
    spare = csi_malloc(count * sizeof(*spare));
    if (!spare)
        return false;
    if (count < MANY) {
        merge_sort(order, entries, spare, count);
    } else {
        ok = sort_prefixes(entries, spare, count);
        if (ok)
            sort_stretches(order, entries, spare, count);
    }
    csi_free(spare);
    return ok;
}
