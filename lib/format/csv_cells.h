/* SPDX-License-Identifier: MIT */
/* One CSV record as its cells. */
#ifndef CSI_CSV_CELLS_H
#define CSI_CSV_CELLS_H

#include "format/csv_rules.h"
#include "record/record.h"

#include <csv.h>

/* Parses record after record; items[0 .. count) are the last one's cells. */
struct csi_csv_cells {
    const struct csi_csv_rules *rules;
    struct csv_parser parser; /* for records that libcsv reads as we do */
    bool open;                /* the parser is initialised */
    struct cosend_cell *items;
    size_t count, capacity;
    char *copy; /* where the parser's next cell goes */
    bool failed;
};

/* Begin; the rules outlive it, and may take another delimiter. False without
   memory; csi_csv_cells_free is due in any case. */
bool csi_csv_cells_init(struct csi_csv_cells *cells,
                        const struct csi_csv_rules *rules);
void csi_csv_cells_free(struct csi_csv_cells *cells);

/*
 * Take a record without its line end apart, by the grammar of csv_cut.h. What
 * has no quote is cut into slices of the record; other cells are copied to the
 * arena. libcsv does that where its own grammar is the same: one delimiter
 * byte, and no text behind a closing quote.
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
