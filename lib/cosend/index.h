/* SPDX-License-Identifier: MIT */
/*
 * Rows of cells, found by the cells of a key: a table to look things up in.
 *
 *     struct cosend_index *index = cosend_index_new(&error);
 *
 *     cosend_index_put(index, &id, 1, cells, 3, false);
 *     ...
 *     cosend_index_find(index, ids, 1, count, &scratch, rows);
 *     if (rows[0])
 *         cosend_index_cells(rows[0], cells, 3);
 *
 * Cells of a key are the same that have the same text: 200 and "200" are, 5 and
 * 5.0 are not. A key in which a cell is empty, null or absent is that of no
 * row, and finds none.
 */
#ifndef COSEND_INDEX_H
#define COSEND_INDEX_H

#include "cosend/bytes.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_index;

/* A row. It lies in its index, and what is put in next may move it. */
struct cosend_index_row;

/* Returns NULL, with COSEND_E_MEMORY in *error, without memory. */
COSEND_API struct cosend_index *cosend_index_new(struct cosend_error *error);

/* From now on, and before the first row, letters of keys are the same in either
   case, by Unicode's simple mappings. */
COSEND_API void cosend_index_fold(struct cosend_index *index);

/* NULL is none. */
COSEND_API void cosend_index_free(struct cosend_index *index);

/*
 * Put a row in, of which key and cells are copied; the first row of a key, or,
 * with `several`, all of them.
 *
 * Returns COSEND_OK; COSEND_GOT where there is a row of that key before it;
 * COSEND_DONE where a cell of the key is empty, so that it is not put in; or
 * COSEND_E_MEMORY.
 */
COSEND_API int cosend_index_put(struct cosend_index *index,
                                const struct cosend_cell *key, uint32_t parts,
                                const struct cosend_cell *cells, uint32_t count,
                                bool several);

/*
 * Find the first rows of `count` keys, which lie one behind the other, of
 * `parts` cells each: rows[i] is NULL where there is none. Many are found in
 * less time than one by one. Any number of threads may do so at once, each with
 * a scratch of its own, which may be empty.
 *
 * Returns false without memory.
 */
COSEND_API bool cosend_index_find(const struct cosend_index *index,
                                  const struct cosend_cell *keys,
                                  uint32_t parts, size_t count,
                                  struct cosend_bytes *scratch,
                                  const struct cosend_index_row **rows);

/* The first `count` cells of a row, which point into the index; those that it
   does not have are absent. */
COSEND_API void cosend_index_cells(const struct cosend_index_row *row,
                                   struct cosend_cell *cells, uint32_t count);

/* The next row of the same key; NULL behind the last. */
COSEND_API const struct cosend_index_row *
cosend_index_next(const struct cosend_index *index,
                  const struct cosend_index_row *row);

#ifdef __cplusplus
}
#endif

#endif
