/* SPDX-License-Identifier: MIT */
/*
 * Entries are sorted by their prefixes first, digit after digit from the lowest
 * and none that is the same in all of them, which looks at no record. Where
 * neighbours have the same prefix and it leaves something open, they get
 * another for the while: that of what a text goes on with, or of the next key;
 * and are sorted by it in the same way. So a record is looked at once for each
 * prefix that it shares, and not for each comparison. What prefixes cannot say
 * is compared in full, and merged.
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

/* In full, by the keys from `first` on. */
static int compare_records(const struct csi_order *order,
                           const struct csi_entry *a, const struct csi_entry *b,
                           uint32_t first)
{
    struct csi_stored left = csi_stored_get(order->shapes, a->stored);
    struct csi_stored right = csi_stored_get(order->shapes, b->stored);
    int way = compare_keys(order, &left, &right, first);

    if (!way && order->mixed)
        way = (left.ordinal > right.ordinal) - (left.ordinal < right.ordinal);
    return way;
}

/* Of two whose prefixes are the same. */
static int compare_rest(const struct csi_order *order,
                        const struct csi_entry *a, const struct csi_entry *b)
{
    uint64_t common = a->prefix & b->prefix;

    if (!decides(order, common))
        return compare_records(order, a, b, csi_sort_prefix_is_all(common));
    return order->mixed ? compare_records(order, a, b, order->count) : 0;
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

/* Texts that are the same for longer, and further keys, are compared in full.
 */
enum { MOST_SKIPPED = 4 * CSI_SORT_PREFIX_BYTES, MOST_KEYS = 4 };

/* By what entries are merged. */
struct manner {
    const struct csi_order *order; /* in full; NULL: by prefix */
    uint32_t first;                /* key */
};

static int compare_by(const struct manner *by, const struct csi_entry *a,
                      const struct csi_entry *b)
{
    return by->order ? compare_records(by->order, a, b, by->first)
                     : csi_sort_prefix_order(a->prefix, b->prefix);
}

static void insert_all(const struct manner *by, struct csi_entry *entries,
                       size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct csi_entry entry = entries[i];
        size_t to = i;

        for (; to && compare_by(by, &entries[to - 1], &entry) > 0; to--)
            entries[to] = entries[to - 1];
        entries[to] = entry;
    }
}

/* The halves are sorted; the first one moves to `spare` to make room. */
static void merge_halves(const struct manner *by, struct csi_entry *entries,
                         struct csi_entry *spare, size_t half, size_t count)
{
    size_t left = 0, right = half, to = 0;

    memcpy(spare, entries, half * sizeof(*spare));
    while (left < half && right < count)
        entries[to++] = compare_by(by, &entries[right], &spare[left]) < 0
                            ? entries[right++]
                            : spare[left++];
    memcpy(entries + to, spare + left, (half - left) * sizeof(*spare));
}

static void merge_sort(const struct manner *by, struct csi_entry *entries,
                       struct csi_entry *spare, size_t count)
{
    size_t half = count / 2;

    if (count <= FEW) {
        insert_all(by, entries, count);
        return;
    }
    merge_sort(by, entries, spare, half);
    merge_sort(by, entries + half, spare, count - half);
    if (compare_by(by, &entries[half - 1], &entries[half]) > 0)
        merge_halves(by, entries, spare, half, count);
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

/* By prefix. */
static void sort_prefixes(struct csi_entry *entries, struct csi_entry *spare,
                          size_t count)
{
    static const struct manner by_prefix = {NULL, 0};
    size_t(*counts)[DIGITS] =
        count < MANY ? NULL : csi_calloc(PASSES, sizeof(*counts));
    struct csi_entry *from = entries, *to = spare;

    if (!counts) {
        merge_sort(&by_prefix, entries, spare, count);
        return;
    }
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
}

/* The prefix of a key's cell, without its first bytes. */
static uint64_t prefix_behind(const struct csi_order *order,
                              const unsigned char *stored, uint32_t key,
                              uint32_t skip)
{
    struct csi_stored parts = csi_stored_get(order->shapes, stored);
    struct cosend_cell cell = csi_stored_cell(&parts, order->columns[key]);
    unsigned collation = collation_of(order, key);
    bool down = descends(order, key);

    return skip ? csi_collate_prefix_behind(cell, skip, collation, down)
                : csi_collate_prefix(cell, collation, down);
}

static void sort_from(const struct csi_order *order, struct csi_entry *entries,
                      struct csi_entry *spare, size_t count, uint32_t key,
                      uint32_t skip);

/* Entries of one prefix, which is that of a key without its first bytes;
   `common` are the bits that all have. */
static void sort_stretch(const struct csi_order *order,
                         struct csi_entry *entries, struct csi_entry *spare,
                         size_t count, uint64_t common, uint32_t key,
                         uint32_t skip)
{
    bool all = csi_sort_prefix_is_all(common);
    struct manner in_full = {order, key + all};

    if (in_full.first >= order->count) {
        if (order->mixed)
            merge_sort(&in_full, entries, spare, count);
        return;
    }
    skip = all ? 0 : skip + CSI_SORT_PREFIX_BYTES;
    if (skip > MOST_SKIPPED || in_full.first == MOST_KEYS ||
        (!all && !csi_collate_goes_on(common, collation_of(order, key),
                                      descends(order, key)))) {
        merge_sort(&in_full, entries, spare, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        entries[i].prefix =
            prefix_behind(order, entries[i].stored, in_full.first, skip);
    sort_prefixes(entries, spare, count);
    sort_from(order, entries, spare, count, in_full.first, skip);
    for (size_t i = 0; i < count; i++)
        entries[i].prefix = common;
}

/* What prefixes that are sorted leave open. */
static void sort_from(const struct csi_order *order, struct csi_entry *entries,
                      struct csi_entry *spare, size_t count, uint32_t key,
                      uint32_t skip)
{
    for (size_t from = 0, to; from < count; from = to) {
        uint64_t prefix = entries[from].prefix, common = prefix;

        for (to = from + 1; to < count && csi_sort_prefix_order(
                                              entries[to].prefix, prefix) == 0;
             to++)
            common &= entries[to].prefix;
        if (to - from > 1)
            sort_stretch(order, entries + from, spare, to - from, common, key,
                         skip);
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

    if (is_sorted(order, entries, count))
        return true;
    spare = csi_malloc(count * sizeof(*spare));
    if (!spare)
        return false;
    sort_prefixes(entries, spare, count);
    sort_from(order, entries, spare, count, 0, 0);
    csi_free(spare);
    return true;
}
