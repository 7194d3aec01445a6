/* SPDX-License-Identifier: MIT */
/*
 * The grammar of CSV, and where records end by it.
 *
 *   START    of a cell: a quote opens it, QUOTED; the delimiter or a line end
 *            ends it, empty; anything else is text, PLAIN
 *   PLAIN    text up to the delimiter or the line end; a quote is text
 *   QUOTED   text up to a quote, CLOSED; delimiters and line ends are text
 *   CLOSED   a second quote is one that is text, QUOTED; the delimiter or a
 *            line end ends the cell; a blank (a space or tab), BLANKS;
 *            anything else is text that belongs to the cell, TAIL
 *   BLANKS   the delimiter or a line end ends the cell, without the blanks;
 *            with anything else they are text, TAIL
 *   TAIL     as PLAIN
 *
 * Line ends are LF and CR LF; a CR that no LF follows is text. In TSV nothing
 * is a quote. An escape byte, where the options name one, makes the byte behind
 * it text, everywhere (of CR LF, both). Python's csv module reads the same, and
 * so do spreadsheets, but for the blanks that are dropped behind a quote.
 *
 * csi_csv_step is the one place where this is written down: records are cut and
 * taken apart by it. The index (csv_index.h) finds the same by bitmaps, or says
 * that it cannot; a test has a model of its own.
 */
#ifndef CSI_CSV_CUT_H
#define CSI_CSV_CUT_H

#include "format/csv_rules.h"

#include <string.h>

enum csi_csv_state {
    CSI_CSV_START,
    CSI_CSV_PLAIN,
    CSI_CSV_QUOTED,
    CSI_CSV_CLOSED,
    CSI_CSV_BLANKS,
    CSI_CSV_TAIL
};

enum csi_csv_part {
    CSI_CSV_NOTHING, /* a quote that opens or closes; a blank that is dropped */
    CSI_CSV_TEXT,    /* of the cell */
    CSI_CSV_BLANK,   /* text, if text follows in this cell */
    CSI_CSV_CELL_END,
    CSI_CSV_RECORD_END
};

/* What a step found. */
struct csi_csv_piece {
    enum csi_csv_part part;
    const char *text;
    size_t length;
    bool stray; /* `strict` forbids it */
};

/* A record that is being cut. All zero begins one. */
struct csi_csv_cut {
    size_t most;              /* bytes that a quote may be open; 0: any */
    enum csi_csv_state state; /* behind what was looked at, */
    const char *at;           /* which is up to here */
    const char *content;      /* where its line end starts, once it is found */
    const char *opened;       /* the quote that opened last; or NULL */
    const char *stray;        /* what `strict` forbids, first; or NULL */
    bool tail;                /* something is behind a closing quote */
    bool unclosed; /* `opened` is not closed within `most`, or the file */
};

/* The delimiter or a line end at p: behind it. p itself where there is none;
   NULL where the bytes that follow must say. */
static inline const char *csi_csv_end(const struct csi_csv_rules *rules,
                                      const char *p, const char *end,
                                      bool final, enum csi_csv_part *part)
{
    size_t left = (size_t)(end - p), length = rules->delimiter_length;

    if (*p == '\n') {
        *part = CSI_CSV_RECORD_END;
        return p + 1;
    }
    if (*p == '\r') {
        if (left == 1)
            return final ? p : NULL;
        if (p[1] != '\n')
            return p;
        *part = CSI_CSV_RECORD_END;
        return p + 2;
    }
    if (memcmp(p, rules->delimiter, left < length ? left : length) != 0)
        return p;
    if (left < length)
        return final ? p : NULL;
    *part = CSI_CSV_CELL_END;
    return p + length;
}

/* Text from p on: up to a byte that is special, or what is escaped. */
static inline const char *csi_csv_text(const struct csi_csv_rules *rules,
                                       const char *p, const char *end,
                                       bool final, unsigned special,
                                       struct csi_csv_piece *piece)
{
    const char *from = p++;

    if (rules->escapes && *from == rules->escape && (p < end || !final)) {
        bool carriage = p < end && *p == '\r';

        if (p == end || (carriage && p + 1 == end && !final))
            return NULL;
        from = p;
        p += 1 + (carriage && p + 1 < end && p[1] == '\n');
    } else {
        while (p < end && !(rules->special[(unsigned char)*p] & special))
            p++;
    }
    piece->part = CSI_CSV_TEXT;
    piece->text = from;
    piece->length = (size_t)(p - from);
    return p;
}

static inline const char *csi_csv_inside(const struct csi_csv_rules *rules,
                                         enum csi_csv_state *state,
                                         const char *p, const char *end,
                                         bool final,
                                         struct csi_csv_piece *piece)
{
    if (*p != rules->quote)
        return csi_csv_text(rules, p, end, final, CSI_CSV_INSIDE, piece);
    *state = CSI_CSV_CLOSED;
    return p + 1;
}

static inline const char *csi_csv_outside(const struct csi_csv_rules *rules,
                                          enum csi_csv_state *state,
                                          const char *p, const char *end,
                                          bool final,
                                          struct csi_csv_piece *piece)
{
    bool quote = rules->quotes && *p == rules->quote;
    bool closed = *state == CSI_CSV_CLOSED || *state == CSI_CSV_BLANKS;
    const char *next;

    if (*state == CSI_CSV_START && quote) {
        *state = CSI_CSV_QUOTED;
        return p + 1;
    }
    if (*state == CSI_CSV_START && rules->trim && csi_csv_is_blank(*p))
        return p + 1;
    if (*state == CSI_CSV_CLOSED && quote) {
        *state = CSI_CSV_QUOTED;
        piece->part = CSI_CSV_TEXT;
        piece->text = p;
        piece->length = 1;
        return p + 1;
    }
    if (closed && csi_csv_is_blank(*p)) {
        *state = CSI_CSV_BLANKS;
        piece->part = CSI_CSV_BLANK;
        piece->text = p;
        piece->length = 1;
        return p + 1;
    }
    next = csi_csv_text(rules, p, end, final, CSI_CSV_OUTSIDE, piece);
    if (!next)
        return NULL;
    piece->stray = quote || closed;
    if (closed)
        *state = CSI_CSV_TAIL;
    else if (*state == CSI_CSV_START)
        *state = CSI_CSV_PLAIN;
    return next;
}

/*
 * Read on at p < end; `final`: nothing follows in this file. *state is START
 * again behind the end of a cell.
 *
 * Returns where it is then; NULL, with nothing changed, where the bytes that
 * follow must say what p is.
 */
static inline const char *csi_csv_step(const struct csi_csv_rules *rules,
                                       enum csi_csv_state *state, const char *p,
                                       const char *end, bool final,
                                       struct csi_csv_piece *piece)
{
    piece->part = CSI_CSV_NOTHING;
    piece->stray = false;
    if (*state == CSI_CSV_QUOTED)
        return csi_csv_inside(rules, state, p, end, final, piece);
    if (rules->special[(unsigned char)*p] & CSI_CSV_OUTSIDE) {
        const char *next = csi_csv_end(rules, p, end, final, &piece->part);

        if (next != p) {
            if (next)
                *state = CSI_CSV_START;
            return next;
        }
    }
    return csi_csv_outside(rules, state, p, end, final, piece);
}

/*
 * Look for the end of a record from p on: its start, with a cut that is all
 * zero but for `most`; or, with its state alone, where another one was at.
 *
 * Returns where the next record starts; of the last one of a file (`final`),
 * end. NULL where the end is not there, if p is end, and if a quote is not
 * closed.
 */
const char *csi_csv_cut(const struct csi_csv_rules *rules,
                        struct csi_csv_cut *cut, const char *p, const char *end,
                        bool final);

/* Whether text, or a second quote, may follow that is in quotes. */
static inline bool csi_csv_is_quoted(const struct csi_csv_cut *cut)
{
    return cut->state == CSI_CSV_QUOTED || cut->state == CSI_CSV_CLOSED;
}

/* Behind the line that p is in; end where that does not end before. */
static inline const char *csi_csv_line_end(const char *p, const char *end)
{
    const char *newline = memchr(p, '\n', (size_t)(end - p));

    return newline ? newline + 1 : end;
}

/* Whether the line at start, where a record may, is a comment. */
static inline bool csi_csv_is_comment(const struct csi_csv_rules *rules,
                                      const char *start, const char *end)
{
    size_t length = rules->comment.length;

    return length && (size_t)(end - start) >= length &&
           memcmp(start, rules->comment.data, length) == 0;
}

#endif
