/* SPDX-License-Identifier: MIT */
/*
 * Rows lie one behind the other in bytes that grow, each with the text of its
 * cells, so that to read one is to go to one place in memory. A place is where
 * a row starts there; 0 is none.
 *
 *     keys   key -> places of its first and its last row
 *     rows   [place of the key's next row] [cells: length, kind] [text] ...
 */
#include "cosend/index.h"

#include "base/base.h"
#include "cosend/text.h"
#include "group/key.h"
#include "group/table.h"

#include <string.h>

enum { AT_ONCE = 64 };

struct cosend_index {
    struct cosend_table *keys; /* struct places */
    struct cosend_bytes rows;
    struct cosend_bytes key; /* that is put in */
    bool folds;              /* keys are in small letters */
};

struct places {
    uint64_t first, last;
};

struct row_cell {
    uint32_t length;
    uint32_t kind;
};

struct cosend_index_row {
    uint64_t next; /* place of the next row of its key; 0: none */
    uint64_t count;
    struct row_cell cells[];
};

struct cosend_index *cosend_index_new(struct cosend_error *error)
{
    struct cosend_index *index = csi_calloc(1, sizeof(*index));

    if (index)
        index->keys = cosend_table_new(sizeof(struct places), NULL);
    if (index && index->keys)
        return index;
    cosend_index_free(index);
    csi_no_memory(error);
    return NULL;
}

void cosend_index_fold(struct cosend_index *index)
{
    index->folds = true;
}

void cosend_index_free(struct cosend_index *index)
{
    if (!index)
        return;
    cosend_table_free(index->keys);
    cosend_bytes_free(&index->rows);
    cosend_bytes_free(&index->key);
    csi_free(index);
}

/* ---- Keys ---------------------------------------------------------------- */

static bool has_blank(const struct cosend_cell *key, uint32_t parts)
{
    for (uint32_t i = 0; i < parts; i++)
        if (cosend_is_blank(key[i]))
            return true;
    return !parts;
}

/* The same in small letters: of several cells each text and, behind it, its
   length. A letter's capital and its small one become one, and so do those that
   have the same capital. */
static void put_folded(struct cosend_bytes *keys, const struct cosend_cell *key,
                       uint32_t parts)
{
    struct cosend_bytes capitals = {0};

    for (uint32_t i = 0; i < parts; i++) {
        size_t start = keys->length;

        cosend_bytes_clear(&capitals);
        cosend_put_case(&capitals, key[i].data, key[i].length,
                        COSEND_CASE_UPPER);
        keys->failed |= capitals.failed;
        cosend_put_case(keys, (const char *)capitals.data, capitals.length,
                        COSEND_CASE_LOWER);
        if (parts > 1)
            cosend_put_u64(keys, keys->length - start);
    }
    cosend_bytes_free(&capitals);
}

/* Put a key behind the others, as one text: that of its only cell. No text
   where there is no such key. */
static void put_key(struct cosend_bytes *keys, const struct cosend_cell *key,
                    uint32_t parts, bool folds)
{
    if (has_blank(key, parts))
        return;
    if (folds) {
        put_folded(keys, key, parts);
        return;
    }
    if (parts == 1)
        cosend_put_raw(keys, key->data, key->length);
    for (uint32_t i = 0; parts > 1 && i < parts; i++)
        cosend_key_add(keys, cosend_text(key[i].data, key[i].length));
}

/* ---- Putting in ---------------------------------------------------------- */

/* Put a row behind the others. Returns its place; 0 without memory. */
static uint64_t add_row(struct cosend_bytes *rows,
                        const struct cosend_cell *cells, uint32_t count)
{
    struct cosend_index_row *row;
    size_t size = 0, room;
    uint64_t place;
    char *text;

    for (uint32_t i = 0; i < count; i++)
        size += cells[i].length;
    room = sizeof(*row) + count * sizeof(*row->cells) + size;
    room += -room % sizeof(uint64_t);
    /* The first row's place is not 0. */
    place = rows->length ? rows->length : sizeof(uint64_t);
    if (!csi_bytes_extend(rows, place - rows->length + room))
        return 0;
    row = (struct cosend_index_row *)(void *)(rows->data + place);
    row->next = 0;
    row->count = count;
    text = (char *)&row->cells[count];
    for (uint32_t i = 0; i < count; i++) {
        row->cells[i] = (struct row_cell){cells[i].length, cells[i].kind};
        csi_copy(text, cells[i].data, cells[i].length);
        text += cells[i].length;
    }
    return place;
}

int cosend_index_put(struct cosend_index *index, const struct cosend_cell *key,
                     uint32_t parts, const struct cosend_cell *cells,
                     uint32_t count, bool several)
{
    struct places *places;
    uint64_t place;
    bool fresh;

    cosend_bytes_clear(&index->key);
    put_key(&index->key, key, parts, index->folds);
    if (index->key.failed)
        return COSEND_E_MEMORY;
    if (!index->key.length)
        return COSEND_DONE;
    places = cosend_table_get(index->keys, index->key.data, index->key.length,
                              &fresh);
    if (!places)
        return COSEND_E_MEMORY;
    if (!fresh && !several)
        return COSEND_GOT;
    place = add_row(&index->rows, cells, count);
    if (!place)
        return COSEND_E_MEMORY;
    if (places->last)
        memcpy(index->rows.data + places->last, &place, sizeof(place));
    else
        places->first = place;
    places->last = place;
    return fresh ? COSEND_OK : COSEND_GOT;
}

/* ---- Finding ------------------------------------------------------------- */

static const struct cosend_index_row *row_at(const struct cosend_index *index,
                                             uint64_t place)
{
    return (const void *)(index->rows.data + place);
}

/* Few enough for their keys to stay in a cache. */
static bool find_some(const struct cosend_index *index,
                      const struct cosend_cell *keys, uint32_t parts,
                      size_t count, struct cosend_bytes *scratch,
                      const struct cosend_index_row **rows)
{
    struct csi_key found[AT_ONCE];

    cosend_bytes_clear(scratch);
    for (size_t i = 0; i < count; i++) {
        found[i].start = scratch->length;
        put_key(scratch, keys + i * parts, parts, index->folds);
        found[i].length = csi_key_end(scratch, found[i].start);
    }
    if (scratch->failed)
        return false;
    csi_table_find_all(index->keys, scratch->data, found, count);
    for (size_t i = 0; i < count; i++) {
        const struct places *places = found[i].value;

        rows[i] = places ? row_at(index, places->first) : NULL;
        __builtin_prefetch(rows[i]);
    }
    return true;
}

bool cosend_index_find(const struct cosend_index *index,
                       const struct cosend_cell *keys, uint32_t parts,
                       size_t count, struct cosend_bytes *scratch,
                       const struct cosend_index_row **rows)
{
    bool ok = true;

    for (size_t i = 0; ok && i < count; i += AT_ONCE)
        ok = find_some(index, keys + i * parts, parts,
                       count - i < AT_ONCE ? count - i : AT_ONCE, scratch,
                       rows + i);
    return ok;
}

void cosend_index_cells(const struct cosend_index_row *row,
                        struct cosend_cell *cells, uint32_t count)
{
    static const struct cosend_cell absent = {NULL, 0, COSEND_ABSENT};
    const char *text = (const char *)&row->cells[row->count];

    for (uint32_t i = 0; i < count; i++) {
        cells[i] = absent;
        if (i >= row->count)
            continue;
        cells[i].kind = (enum cosend_kind)row->cells[i].kind;
        cells[i].length = row->cells[i].length;
        if (cells[i].kind > COSEND_NULL)
            cells[i].data = text;
        text += cells[i].length;
    }
}

const struct cosend_index_row *
cosend_index_next(const struct cosend_index *index,
                  const struct cosend_index_row *row)
{
    return row->next ? row_at(index, row->next) : NULL;
}
