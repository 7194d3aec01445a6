/* SPDX-License-Identifier: MIT */
/*
 * Where CSV records end.
 *
 * The rules are those of libcsv 3.0.3's csv_parse, not strict, with no byte
 * counted as space and LF and CRLF as line ends:
 *
 *   CELL_START   the quote opens a cell: QUOTED; anything else is CELL
 *   CELL         up to the delimiter or the line end; a quote is data
 *   QUOTED       up to a quote: QUOTE_SEEN; all else is data
 *   QUOTE_SEEN   (libcsv's FIELD_MIGHT_HAVE_ENDED) the delimiter or a line end
 *                ends the cell; after anything else, a second quote included,
 *                the cell goes on: QUOTED
 *
 * A CR is data unless an LF follows it outside quotes. The cutter never looks
 * at a byte twice: what it knows of an unfinished record is kept until more
 * bytes are there.
 */
#ifndef CSI_CSV_CUT_H
#define CSI_CSV_CUT_H

#include <stdbool.h>
#include <stddef.h>

enum csi_csv_state {
    CSI_CSV_CELL_START,
    CSI_CSV_CELL,
    CSI_CSV_QUOTED,
    CSI_CSV_QUOTE_SEEN
};

struct csi_csv_cut {
    char delimiter, quote;
    bool tsv;                 /* there are no quotes */
    enum csi_csv_state state; /* behind the scanned bytes */
    size_t scanned;           /* of the unfinished record */
    size_t opened; /* offset in the record of the quote that opened last */
    /* In the stretch at hand: the next of each from where the cutter is, or
       the stretch's end. */
    const char *newline, *next_quote;
};

/* Begin a record, forgetting an unfinished one. */
void csi_csv_restart(struct csi_csv_cut *cut);

/* Other bytes are at hand: the unfinished record again, and more. */
void csi_csv_stretch(struct csi_csv_cut *cut);

/*
 * The end of the record at start: behind its line end or, of the last one of a
 * file (`final`), end. A record that ends there with state CSI_CSV_QUOTED has
 * a quote that is not closed. All calls for one stretch name the same end.
 *
 * Returns NULL where the end is not there yet, and if start is end.
 */
const char *csi_csv_next(struct csi_csv_cut *cut, const char *start,
                         const char *end, bool final);

#endif
