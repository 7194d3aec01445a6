/* SPDX-License-Identifier: MIT */
/*
 * Where the cells of CSV records end, found by bitmaps of delimiters, quotes,
 * LFs and CRs, 64 bytes at a time.
 *
 * Quotes are inside-out: the running exclusive or of their bits has a 1 for
 * every byte from a quote that opens up to the one that closes, which is how
 * simdcsv and simdjson tell structure from content (Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second", 2019). That is what csv_cut.h says
 * only as long as a quote opens at a cell's start, or directly behind one that
 * closed (two are one in the cell), and what follows one that closed ends the
 * cell. The first byte at which this is not so is found by the same bitmaps;
 * the record that it is in is left to the cutter and to libcsv.
 */
#ifndef CSI_CSV_INDEX_H
#define CSI_CSV_INDEX_H

#include "record/record.h"

struct csi_csv_index {
    char delimiter, quote;
    bool tsv;          /* there are no quotes */
    const char *start; /* of the next record: behind the last one found */
    const char *end;   /* of the bytes at hand */
    uint32_t most;     /* rows */
    uint64_t newlines; /* csi_csv_index_border adds those up to start */
    bool quoted;       /* there was a quote */
    bool odd;          /* stopped for a record that is not regular, at start */
};

/*
 * Append records, with their marks, to rows until there are `most`, none is
 * whole any more, or one is odd. Blank ones are left out. The caller looks at
 * their number of cells.
 *
 * Returns false without memory.
 */
bool csi_csv_index(struct csi_csv_index *index, struct csi_rows *rows);

/* How far whole records go from start on, or to the first that is odd: index
   as above, its start moving. */
void csi_csv_index_border(struct csi_csv_index *index);

#endif
