/* SPDX-License-Identifier: MIT */
/* A value keeps when it came first: those that are there equally often are in
   that order. */
#include "group/tally.h"

#include "base/base.h"

#include <stdlib.h>

/* Keys up to SHORT_KEY bytes are made on the stack: one of a cell has KEY_HEAD
   more than that, at most. */
enum { SHORT_KEY = 256, KEY_HEAD = 16 };

struct seen {
    uint64_t count;
    struct cosend_appearance place; /* of the first one, ... */
    uint64_t kind;                  /* ... and its kind */
};

void cosend_tally_free(struct cosend_tally *tally)
{
    cosend_table_free(tally->values);
    tally->values = NULL;
}

size_t cosend_tally_count(const struct cosend_tally *tally)
{
    return tally->values ? cosend_table_count(tally->values) : 0;
}

/* ---- Counting ------------------------------------------------------------ */

static int take(struct cosend_tally *tally, const void *key, size_t length,
                const struct seen *more)
{
    struct seen *seen;

    if (!tally->values)
        tally->values = cosend_table_new(sizeof(*seen), NULL);
    seen = tally->values ? cosend_table_get(tally->values, key, length, NULL)
                         : NULL;
    if (!seen)
        return COSEND_E_MEMORY;
    if (!seen->count || cosend_appears_before(&more->place, &seen->place)) {
        seen->place = more->place;
        seen->kind = more->kind;
    }
    seen->count += more->count;
    return COSEND_OK;
}

int cosend_tally_add(struct cosend_tally *tally, struct cosend_cell cell,
                     uint64_t ordinal)
{
    const struct seen one = {
        1, {ordinal, cosend_tally_count(tally) + 1}, (uint64_t)cell.kind};
    unsigned char own[SHORT_KEY];
    struct cosend_bytes key = {0};
    bool is_short = (size_t)cell.length + KEY_HEAD <= sizeof(own);
    int status;

    if (cell.kind > COSEND_TEXT)
        cell.kind = COSEND_TEXT;
    if (is_short)
        key = (struct cosend_bytes){.data = own, .capacity = sizeof(own)};
    cosend_key_add(&key, cell);
    status =
        key.failed ? COSEND_E_MEMORY : take(tally, key.data, key.length, &one);
    if (!is_short)
        cosend_bytes_free(&key);
    return status;
}

int csi_tally_unite(struct cosend_tally *tally, const struct cosend_tally *from)
{
    size_t count = cosend_tally_count(from), length;
    int status = COSEND_OK;
    const void *key;

    for (size_t i = 0; i < count && status == COSEND_OK; i++) {
        const struct seen *seen =
            cosend_table_at(from->values, i, &key, &length);

        status = take(tally, key, length, seen);
    }
    return status;
}

/* ---- The most frequent --------------------------------------------------- */

struct place {
    const struct seen *seen;
    size_t number;
};

static int compare_places(const void *left, const void *right)
{
    const struct seen *a = ((const struct place *)left)->seen;
    const struct seen *b = ((const struct place *)right)->seen;

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return cosend_appears_before(&a->place, &b->place) ? -1 : 1;
}

/* All values, in order of their numbers; NULL without memory. */
static struct place *list_places(const struct cosend_tally *tally)
{
    size_t count = cosend_tally_count(tally), length;
    struct place *places = csi_malloc(count * sizeof(*places) + 1);
    const void *key;

    for (size_t i = 0; places && i < count; i++)
        places[i] =
            (struct place){cosend_table_at(tally->values, i, &key, &length), i};
    return places;
}

/* Put the first of all in order into the first place. */
static void find_first(struct place *places, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (compare_places(&places[i], &places[0]) < 0)
            places[0] = places[i];
}

size_t cosend_tally_top(const struct cosend_tally *tally, size_t most,
                        struct cosend_tallied *into)
{
    size_t count = cosend_tally_count(tally), length;
    struct place *places = list_places(tally);
    struct cosend_reader_bytes from;
    const void *key;

    if (!places)
        return SIZE_MAX;
    if (most > count)
        most = count;
    if (most == 1)
        find_first(places, count);
    else
        qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 0; i < most; i++) {
        cosend_table_at(tally->values, places[i].number, &key, &length);
        from = cosend_read_bytes(key, length);
        cosend_key_next(&from, &into[i].cell);
        into[i].cell.kind = (enum cosend_kind)places[i].seen->kind;
        into[i].count = places[i].seen->count;
    }
    csi_free(places);
    return most;
}

/* ---- In little memory ---------------------------------------------------- */

/* The first ones in order, counted lower. */
static int copy_first(const struct cosend_tally *from,
                      const struct place *places, size_t most, uint64_t less,
                      struct cosend_tally *to)
{
    int status = COSEND_OK;

    for (size_t i = 0; status == COSEND_OK && i < most; i++) {
        struct seen seen = *places[i].seen;
        size_t length;
        const void *key;

        if (seen.count <= less)
            break;
        seen.count -= less;
        cosend_table_at(from->values, places[i].number, &key, &length);
        status = take(to, key, length, &seen);
    }
    return status;
}

int cosend_tally_thin(struct cosend_tally *tally, size_t most, uint64_t *less)
{
    size_t count = cosend_tally_count(tally);
    struct cosend_tally left = {0};
    struct place *places;
    int status;

    *less = 0;
    if (count <= most)
        return COSEND_OK;
    places = list_places(tally);
    if (!places)
        return COSEND_E_MEMORY;
    qsort(places, count, sizeof(*places), compare_places);
    *less = places[most].seen->count;
    status = copy_first(tally, places, most, *less, &left);
    csi_free(places);
    if (status == COSEND_OK) {
        cosend_tally_free(tally);
        *tally = left;
    } else {
        cosend_tally_free(&left);
    }
    return status;
}

/* ---- As bytes ------------------------------------------------------------ */

void cosend_tally_save(const struct cosend_tally *tally,
                       struct cosend_bytes *to)
{
    size_t count = cosend_tally_count(tally), length;
    const void *key;

    cosend_put_varint(to, count);
    for (size_t i = 0; i < count; i++) {
        const struct seen *seen =
            cosend_table_at(tally->values, i, &key, &length);

        cosend_put_bytes(to, key, length);
        cosend_put_varint(to, seen->count);
        cosend_appearance_save(&seen->place, to);
        cosend_put_u8(to, (uint8_t)seen->kind);
    }
}

/* Whether it is a key of one cell, of that kind. */
static bool is_key(const void *key, size_t length, uint64_t kind)
{
    struct cosend_reader_bytes from = cosend_read_bytes(key, length);
    struct cosend_cell cell, more;

    return cosend_key_next(&from, &cell) && kind <= COSEND_NESTED &&
           (uint64_t)cell.kind == (kind > COSEND_TEXT ? COSEND_TEXT : kind) &&
           !cosend_key_next(&from, &more) && !from.failed;
}

int cosend_tally_merge(struct cosend_tally *tally,
                       struct cosend_reader_bytes *from)
{
    uint64_t count = cosend_get_varint(from);

    for (; count && !from->failed; count--) {
        size_t length;
        const void *key = cosend_get_bytes(from, &length);
        struct seen more = {.count = cosend_get_varint(from)};

        cosend_appearance_merge(&more.place, from);
        more.kind = cosend_get_u8(from);
        if (from->failed || !more.place.rank || !more.count ||
            more.count > INT64_MAX || !is_key(key, length, more.kind))
            return COSEND_E_TYPE;
        if (take(tally, key, length, &more) < 0)
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}
