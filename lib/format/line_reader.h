/* SPDX-License-Identifier: MIT */
/*
 * Cutting lines: what the text and the JSON-lines reader share, and what every
 * reader does at the start of a file and after an overlong record.
 */
#ifndef CSI_LINE_READER_H
#define CSI_LINE_READER_H

#include "format/format.h"

/* What records end in, but in formats that say it otherwise: LF, or NUL. */
static inline char csi_end_byte(const struct cosend_format_options *options)
{
    return options->nul ? '\0' : '\n';
}

/* Where a reader is between two stretches. csi_lines_init begins a file. */
struct csi_lines {
    bool begun;      /* the start of the file, where a BOM may be, is behind */
    char end;        /* what lines end in */
    int64_t to_skip; /* lines at the start of the file that are no records */
    bool skipping;   /* the rest of a line is no record's: on to a newline */
    bool given_up;   /* the last row is one that is not whole */
    size_t scanned;  /* bytes of the unfinished record without its end */
    const struct cosend_regex *sieve; /* for the next cut; or NULL */
    unsigned whole;                   /* stretches that are not worth sifting */
};

void csi_lines_init(struct csi_lines *lines,
                    const struct cosend_format_options *options);

/* The bytes of one record that may have to be at hand: of one that is too long
   no fewer than a reject shows, and its line end, which does not count. */
size_t csi_lines_hold(const struct cosend_format_options *options);

/* A file begins, and with it what its lines end in. */
void csi_lines_begin_file(struct csi_reader *reader);
/* With line_end=auto: its first line end, if it is among these bytes, says what
   the others are. */
void csi_lines_learn_end(struct csi_reader *reader, const char *start,
                         const char *end, bool final);

/*
 * Where lines end in CR alone: turn these into LF, in place. The last byte may
 * be the CR of a CR LF, unless nothing follows in the file (`final`).
 *
 * Returns the end of what can be cut now: without such a CR.
 */
const char *csi_lines_translate(const struct csi_reader *reader, char *start,
                                const char *end, bool final);

/*
 * Skip a BOM and `skip_lines` at the start of the file, and the rest of a line
 * that is no record's.
 * *start, where the bytes at hand begin, becomes where records begin, which may
 * be end; or NULL when the first bytes of the file may still become a BOM.
 *
 * Returns COSEND_OK, or COSEND_E_DATA where it is the BOM of UTF-16.
 */
int csi_lines_begin(const struct csi_reader *reader, struct csi_lines *lines,
                    const char **start, const char *end, bool final,
                    struct cosend_error *error);

/*
 * Add the lines from *start up to `end` as rows, CSI_ROWS_MAX at most, and the
 * last one of a file (`final`) without its end too; but for blank ones, see
 * csi_scan_lines. *start moves behind them. `scanned` remembers how far an
 * unfinished one was looked at.
 *
 * Returns false without memory.
 */
bool csi_lines_cut(struct csi_lines *lines, struct csi_rows *rows,
                   const char **start, const char *end, bool final,
                   bool (*is_blank)(const char *start, const char *end));

/* The end of a line's content: before its LF or CRLF. */
static inline const char *csi_line_content(const char *start, const char *end)
{
    if (end > start && end[-1] == '\n') {
        end--;
        if (end > start && end[-1] == '\r')
            end--;
    }
    return end;
}

/* Whether a line ends in CRLF. */
static inline bool csi_line_is_crlf(const char *start, const char *end)
{
    return end - start >= 2 && end[-1] == '\n' && end[-2] == '\r';
}

/* Say that a CR is in a file's first line, where it is hardly ever meant. */
void csi_lines_warn_of_cr(const struct csi_reader *reader);
/* Where it is, and before no line end. */
void csi_lines_look_for_cr(const struct csi_reader *reader, const char *line,
                           size_t length);

/* ---- Readers of formats whose records are lines -------------------------- */

/* What each of them begins with, and their operations that are the same. */
struct csi_line_reader {
    struct csi_reader base;
    struct csi_lines lines;
};

void csi_line_reader_next_file(struct csi_reader *reader);
void csi_line_reader_restart(struct csi_reader *reader);
const char *csi_line_reader_border(const struct csi_reader *reader, char *start,
                                   const char *end, uint64_t *newlines);
const char *csi_line_reader_next(const struct csi_reader *reader,
                                 const char *start, const char *end);
bool csi_line_reader_share(struct csi_reader *reader,
                           const struct csi_reader *other);
bool csi_line_reader_copy_state(struct csi_reader *reader,
                                const struct csi_reader *other);

/* Begin: what a constructor does with a reader that is all zero. */
void csi_line_reader_init(struct csi_line_reader *reader,
                          const struct csi_reader_ops *ops,
                          const struct cosend_format_options *options);

/* csi_lines_learn_end, and csi_lines_translate. */
const char *csi_line_reader_translate(struct csi_line_reader *reader,
                                      char *start, const char *end, bool final);

/* The first half of cut: the lines as rows, counted as boundaries. Blank ones
   as for csi_lines_cut. Returns what cut does. */
int csi_line_reader_cut(struct csi_line_reader *reader, struct csi_rows *rows,
                        bool final, size_t *consumed,
                        bool (*is_blank)(const char *start, const char *end),
                        struct cosend_error *error);

/* The last half: where the last row is not whole, because it is too long, it is
   a fault. False without memory. */
bool csi_line_reader_end(struct csi_line_reader *reader, struct csi_rows *rows);

/* ---- Every reader -------------------------------------------------------- */

/* Take another reader's schema for one's own. */
void csi_reader_share_schema(struct csi_reader *reader,
                             const struct csi_reader *other);

#endif
