/* SPDX-License-Identifier: MIT */
/* The names in a CSV header: each once, none empty; and another file's. */
#ifndef CSI_CSV_NAMES_H
#define CSI_CSV_NAMES_H

#include "format/format.h"

/*
 * Turn the cells of a header into names: an empty cell in column N becomes _N,
 * and what was there before becomes a_2, a_3, ...; changed cells point into
 * the arena. A person is told once of each kind.
 *
 * Returns COSEND_OK; COSEND_E_DATA where a name is there twice and the option
 * duplicates forbids that; or COSEND_E_MEMORY.
 */
int csi_csv_name(struct cosend_cell *cells, size_t count,
                 struct csi_arena *arena, const struct csi_reader *reader,
                 struct cosend_error *error);

/*
 * Which of the first `count` columns of the schema each of the named cells is:
 * map[cell] = column.
 *
 * Returns COSEND_OK; COSEND_E_DATA where the names are not the same; or
 * COSEND_E_MEMORY.
 */
int csi_csv_map(const struct cosend_cell *cells, size_t count,
                const struct cosend_schema *schema, uint32_t *map);

#endif
