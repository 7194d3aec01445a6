/* SPDX-License-Identifier: MIT */
/* What sources and sinks are made of: formats, reading and writing. Its
   structs are stamped (cosend/version.h). */
#ifndef COSEND_ENDPOINT_H
#define COSEND_ENDPOINT_H

#include "cosend/receive.h"
#include "cosend/template.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Sources and sinks --------------------------------------------------- */

enum cosend_format_name {
    COSEND_FORMAT_AUTO = 0, /* by the file's extension, else text */
    COSEND_FORMAT_TEXT,
    COSEND_FORMAT_CSV,
    COSEND_FORMAT_TSV,
    COSEND_FORMAT_JSONL,
    COSEND_FORMAT_JSON,
    COSEND_FORMAT_LTSV,
    COSEND_FORMAT_LOGFMT,
    COSEND_FORMAT_XTAB,
    COSEND_FORMAT_COLUMNS,
    COSEND_FORMAT_NIDX,  /* columns without a header */
    COSEND_FORMAT_TABLE, /* output only, ... */
    COSEND_FORMAT_MARKDOWN,
    COSEND_FORMAT_TEMPLATE /* ... as these */
};

/* Records with another number of cells than there are columns. */
enum cosend_ragged {
    COSEND_RAGGED_REJECT = 0, /* bad ones */
    COSEND_RAGGED_PAD,        /* missing cells are absent; too many are bad */
    COSEND_RAGGED_SKIP,       /* dropped, counted as skipped */
    COSEND_RAGGED_TRUNCATE,   /* as pad, and further cells are dropped */
    COSEND_RAGGED_KEEP,       /* as pad, and cell 5 of 4 columns is field _5 */
    COSEND_RAGGED_ERROR       /* as reject */
};

enum cosend_line_end {
    COSEND_LINE_END_LF = 0, /* LF, or CR LF */
    COSEND_LINE_END_CR,     /* CR alone, too */
    COSEND_LINE_END_AUTO    /* as the first one of each file */
};

/* What a writer of JSON makes of bytes that are no UTF-8. */
enum cosend_invalid_utf8 {
    COSEND_INVALID_UTF8_REPLACE = 0, /* U+FFFD; counted, and told once */
    COSEND_INVALID_UTF8_REJECT,      /* a bad record */
    COSEND_INVALID_UTF8_ESCAPE       /* \xNN in the string, byte by byte */
};

/* What a writer of JSON makes of text that looks like a number. */
enum cosend_json_numbers {
    COSEND_JSON_NUMBERS_TEXT = 0, /* a string, as of all text */
    COSEND_JSON_NUMBERS_AUTO /* a number where JSON's grammar has it as one */
};

/* Which cells a writer of CSV puts quotes round. */
enum cosend_quoting {
    COSEND_QUOTING_MINIMAL = 0, /* those that a reader needs them for */
    COSEND_QUOTING_ALL,
    COSEND_QUOTING_NONE, /* none: one that needs them makes the record bad */
    COSEND_QUOTING_NONNUMERIC /* all but numbers */
};

/* Where the cells of a table stand in their column. */
enum cosend_align {
    COSEND_ALIGN_AUTO = 0, /* at the right where it holds numbers alone */
    COSEND_ALIGN_LEFT,
    COSEND_ALIGN_RIGHT
};

/* What is drawn around the cells of a table. */
enum cosend_border {
    COSEND_BORDER_NONE = 0, /* a rule below the header */
    COSEND_BORDER_ASCII,    /* lines of + - | */
    COSEND_BORDER_UNICODE   /* lines of box drawing characters */
};

/* What becomes of a name that a header has twice. */
enum cosend_duplicates {
    COSEND_DUPLICATES_RENAME = 0, /* a, a_2, a_3; told once */
    COSEND_DUPLICATES_ERROR
};

/* What readers and writers can be told. Zero bytes mean the default, but for a
   reader's header: the first record of CSV holds the names where
   header.first_record is set, as the default of an option sets it. */
struct cosend_format_options {
    int name;                       /* enum cosend_format_name */
    struct cosend_string delimiter; /* up to 8 bytes; default a comma */
    struct cosend_string quote;     /* one byte; default a double quote */
    struct cosend_header header;
    int ragged;   /* enum cosend_ragged */
    bool strict;  /* csv: quotes must be where RFC 4180 has them */
    bool trim;    /* csv: without blanks around cells */
    int unquoted; /* csv: 1: a quote is a byte as any other */
    int line_end; /* enum cosend_line_end */
    struct cosend_string escape;  /* csv: one byte; none by default */
    struct cosend_string comment; /* csv: what lines that are none begin with */
    int64_t skip_lines;           /* at the start of each file */
    bool skip_blank;              /* text: drop lines of no bytes */
    bool nul;                     /* text: records end in NUL, not in lines */
    bool crlf;                    /* write CR LF */
    bool bom;                     /* write a byte order mark first */
    bool headless;                /* csv: do not write the names first */
    int invalid_utf8;             /* JSON: enum cosend_invalid_utf8 */
    int quoting;                  /* csv, written: enum cosend_quoting */
    int64_t width;                /* table: of lines; 0: a terminal's, or any */
    struct cosend_string field;   /* text: the column's name, default "line" */
    int64_t max_record_bytes;
    bool rest;      /* columns: the last one has the rest of a line */
    int numbers;    /* JSON, written: enum cosend_json_numbers */
    int64_t indent; /* json, written: blanks a level; 0: a line a record */
    const struct cosend_template *text; /* template: what a record becomes, */
    struct cosend_string missing;       /* and what an absent field does */
    int64_t max_width;                  /* table: of a column; 0: any */
    int64_t round;         /* table: digits behind the point; 0: as they are */
    int align;             /* table: enum cosend_align */
    int border;            /* table: enum cosend_border */
    bool sort_keys;        /* JSON, written: members by their names */
    bool ascii;            /* JSON, written: all else is escaped */
    int duplicates;        /* csv: enum cosend_duplicates */
    int64_t header_rows;   /* csv: that make the header; 0 is 1 */
    uintptr_t reserved[8]; /* zero */
};

/* The formats' names, those that can be read, and the ragged rules' names, in
   their order, then NULL: choices for options that are stored as enums of
   above. */
COSEND_API extern const char *const cosend_format_names[];
COSEND_API extern const char *const cosend_reader_format_names[];
COSEND_API extern const char *const cosend_ragged_names[];
COSEND_API extern const char *const cosend_invalid_utf8_names[];
COSEND_API extern const char *const cosend_json_numbers_names[];
COSEND_API extern const char *const cosend_quoting_names[];
COSEND_API extern const char *const cosend_align_names[];
COSEND_API extern const char *const cosend_border_names[];
COSEND_API extern const char *const cosend_duplicates_names[];
COSEND_API extern const char *const cosend_line_end_names[];
COSEND_API extern const char *const cosend_reader_quoting_names[];

/* What a reader, and what a writer, can be told: groups for a struct
   cosend_format_options. */
COSEND_API extern const struct cosend_option cosend_reader_options[];
COSEND_API extern const struct cosend_option cosend_writer_options[];

/* Report what no format can be told: the rest of a check of the rows of
   cosend_reader_options or cosend_writer_options. */
COSEND_API void
cosend_check_format(struct cosend_check *check,
                    const struct cosend_format_options *options);

/* A span of time that records are to be of, as it is written, and what
   cosend_check_span makes of that. All zero: any. */
struct cosend_span {
    struct cosend_string since, until;
    struct cosend_string field; /* that has the time; of no bytes: found */
    struct cosend_string tz;    /* of times without a zone; of no bytes: UTC */
    int64_t from, to; /* nanoseconds: from the first on, before the second */
    struct cosend_zone *zone; /* or NULL */
};

/* The options since, until, time_field and tz: a group for a struct
   cosend_span. */
COSEND_API extern const struct cosend_option cosend_span_options[];

/* What logs call the field with a record's time: where a span names none, it is
   the one of these that there is. NULL ends them. */
COSEND_API extern const char *const cosend_time_names[];

/* Read what was written, or report why it cannot be: the rest of a check of
   the rows of cosend_span_options. `alone`: a field or a zone is of use without
   since and until, too. */
COSEND_API void cosend_check_span(struct cosend_check *check,
                                  struct cosend_span *span, bool alone);
/* Whether a time is of the span: `nanoseconds` is what the text of it was read
   as, the first of two where the zone's clocks show it twice, of which the
   second may be of the span, too. */
COSEND_API bool cosend_span_has(const struct cosend_span *span,
                                const char *text, size_t length,
                                int64_t nanoseconds);
/* Release what that acquired; of a span that is all zero too. */
COSEND_API void cosend_span_release(struct cosend_span *span);

/* Where a source reads, and what of it. */
struct cosend_read_options {
    struct cosend_format_options format;
    struct cosend_strings paths; /* "-" is standard input */
    bool follow;
    int on_missing; /* index into wait, fail */
    struct cosend_span span;
    /* Names of fields for where each record was read, or of no bytes: steps of
       the filter `origin` are made of them. */
    struct cosend_string add_path, add_line, add_offset;
    bool
        read_all; /* no part of a file is passed over that is not of the span */
    uintptr_t reserved[3]; /* zero */
};

/* Those four: a group for a struct cosend_read_options. */
COSEND_API extern const struct cosend_option cosend_place_options[];
/* The steps that the span, and these, stand for: the `behind` of a source that
   has both groups. */
COSEND_API extern const struct cosend_behind cosend_read_behind[];

/*
 * The whole of a source: read every file, in order, and emit its records. With
 * no paths it reads the files of the run, or standard input.
 */
COSEND_API int cosend_read(struct cosend_stage *self,
                           const struct cosend_read_options *options);

/* What a source merges. */
struct cosend_merge_options {
    struct cosend_read_options read; /* follow must be false */
    int64_t within; /* nanoseconds, 0 or more: by how much a record may be
                       before one that is read before it in its file */
    uintptr_t reserved[2]; /* zero */
};

/*
 * The whole of a source that merges logs by time: emit the records of all
 * files, as they are, in the order of their times, of equal ones those of the
 * earlier file first. Of text the times are in its lines, and a line without
 * one goes with the line before it; else they are in the field of cosend_span,
 * and a record without one is bad, no_time or not_a_time. One that is more than
 * `within` before one that is before it in its file is bad, out_of_order, with
 * the lines that go with it. A file of text in which no line has a time is told
 * of, as one that cannot be read; where no column can be the time, or two can,
 * the source fails.
 */
COSEND_API int cosend_merge(struct cosend_stage *self,
                            const struct cosend_merge_options *options);

/* Where a sink writes. */
struct cosend_write_options {
    struct cosend_format_options format;
    struct cosend_string path; /* or, of no bytes, the descriptor */
    int descriptor;
    bool append;
    /* The path again, as a template: a file for each value of its fields, of
       which max_open are open at a time; or NULL. */
    const struct cosend_template *partition;
    int64_t max_open;
    uintptr_t reserved[2]; /* zero */
};

/* The whole of a sink: receive every record and write it. */
COSEND_API int cosend_write(struct cosend_stage *self,
                            const struct cosend_write_options *options);

#ifdef __cplusplus
}
#endif

#endif
