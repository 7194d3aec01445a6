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
    bool tsv;  /* there are no quotes, but escapes */
    bool open; /* the parser is initialised */
    struct cosend_cell *items;
    size_t count, capacity;
    char *copy; /* where the parser's next cell goes */
    bool failed;
};

/* Begin. False without memory; csi_csv_cells_free is due in any case. */
bool csi_csv_cells_init(struct csi_csv_cells *cells, char delimiter, char quote,
                        bool tsv);
void csi_csv_cells_free(struct csi_csv_cells *cells);

/*
 * Take a record without its line end apart. Where the quote is in it libcsv
 * parses it, and its cells are copied to the arena; others are slices of the
 * record. In TSV cells with an escape are copied.
 *
 * Returns false without memory.
 */
bool csi_csv_parse(struct csi_csv_cells *cells, const char *record,
                   size_t length, struct csi_arena *arena);

/*
 * What a cell of TSV stands for: \t, \n, \r and \\ are a tab, a line feed, a
 * carriage return and a backslash (as IANA's text/tab-separated-values has no
 * way to say these, this is Miller's); any other backslash is itself.
 *
 * Returns false without memory.
 */
bool csi_tsv_unescape(struct csi_arena *arena, struct cosend_cell *cell);

#endif
