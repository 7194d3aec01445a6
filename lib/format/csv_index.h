/* SPDX-License-Identifier: MIT */
/*
 * Where the cells of CSV records end, found by bitmaps of delimiters, quotes,
 * LFs and CRs, 64 bytes at a time.
 *
 * Quotes are inside-out: the running exclusive or of their bits has a 1 for
 * every byte from a quote that opens up to the one that closes, which is how
 * simdcsv and simdjson tell structure from content (Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second", 2019):
 *
 *     bytes     a , " b , c " , " d " " e " x \n
 *     quotes    . . 1 . . . 1 . 1 . 1 1 . 1 . .
 *     inside    . . 1 1 1 1 . . 1 1 . 1 1 . . .
 *     cells     . 1 . . . . . 1 . . . . . . . 1    delimiters, LFs not inside
 *
 * That is the grammar of csv_cut.h as long as every quote that opens does so
 * at a cell's start, or directly behind one that closed (two are one in the
 * cell). Whatever else is behind a quote that closed is no matter, as long as
 * it is no quote: it is within the cell's bounds, and csv_fill.c makes text of
 * it. The first quote that opens elsewhere is `odd`: the record that it is in
 * is left to csi_csv_cut, and taken apart by csv_cells.h.
 *
 * Every word knows of the one before it whether it ended in quotes, at a cell's
 * start, or with a quote that closed; a scan begins at a record's start, so
 * nothing is carried from one stretch to the next. Bytes behind the end of a
 * stretch are read, and masked out.
 *
 * It has one delimiter byte and one quote byte, or none; other rules (an
 * escape, comments) are for csi_csv_cut alone: csi_csv_is_plain.
 */
#ifndef CSI_CSV_INDEX_H
#define CSI_CSV_INDEX_H

#include "record/record.h"

struct csi_csv_index {
    char delimiter, quote;
    bool unquoted;     /* there are no quotes */
    bool keeps_blank;  /* a blank line is a record too */
    const char *start; /* of the next record: behind the last one found */
    const char *end;   /* of the bytes at hand */
    uint32_t most;     /* rows */
    uint64_t newlines; /* csi_csv_index_border adds those up to start */
    bool quoted;       /* there was a quote */
    bool odd;          /* stopped for a record that is not regular, at start */
};

/*
 * Append records, with their marks, to rows until there are `most`, none is
 * whole any more, or one is odd. The caller looks at their number of cells.
 *
 * Returns false without memory.
 */
bool csi_csv_index(struct csi_csv_index *index, struct csi_rows *rows);

/* How far whole records go from start on, or to the first that is odd: index
   as above, its start moving. */
void csi_csv_index_border(struct csi_csv_index *index);

#endif
