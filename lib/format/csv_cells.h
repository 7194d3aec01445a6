/* SPDX-License-Identifier: MIT */
/* One CSV record as its cells. */
#ifndef CSI_CSV_CELLS_H
#define CSI_CSV_CELLS_H

#include "record/record.h"

#include <csv.h>

/* Parses record after record; items[0 .. count) are the last one's cells. */
struct csi_csv_cells {
    struct csv_parser parser; /* for records with a quote in them */
    char delimiter, quote;
    bool open; /* the parser is initialised */
    struct cosend_cell *items;
    size_t count, capacity;
    char *copy; /* where the parser's next cell goes */
    bool failed;
};

/* Begin. False without memory; csi_csv_cells_free is due in any case. */
bool csi_csv_cells_init(struct csi_csv_cells *cells, char delimiter,
                        char quote);
void csi_csv_cells_free(struct csi_csv_cells *cells);

/*
 * Take a record without its line end apart. `quoted`: it has the quote in it,
 * so that libcsv parses it and its cells are copied to the arena; others are
 * slices of the record.
 *
 * Returns false without memory.
 */
bool csi_csv_parse(struct csi_csv_cells *cells, const char *record,
                   size_t length, bool quoted, struct csi_arena *arena);

#endif
