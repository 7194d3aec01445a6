/* SPDX-License-Identifier: MIT */
/*
 * A format: how bytes become records and records become bytes.
 *
 * A reader is handed stretches of a block and cuts records from them; it keeps
 * what must be known between stretches (the header, whether a quote is open)
 * and never the bytes. A writer is handed batches and puts bytes to a callback.
 * Neither knows where bytes come from or go to.
 */
#ifndef CSI_FORMAT_H
#define CSI_FORMAT_H

#include "base/text.h"
#include "cosend/stage.h"
#include "format/json_value.h"
#include "record/record.h"

/* ---- Reader -------------------------------------------------------------- */

struct csi_reader;

struct csi_reader_ops {
    /*
     * Cut records from rows->block->data[rows->base .. block->length) and add
     * them to rows (csi_rows_add, csi_rows_fault, cells), at most CSI_ROWS_MAX.
     * `final`: nothing follows in this file; a last record without a line end
     * is then one too. A header, a BOM, blank CSV lines are consumed and are no
     * rows. Sets *consumed, counted from rows->base; bytes of an unfinished
     * record are not consumed and come again, with more behind them. May add
     * no rows. reader->schema is set as soon as the first record or header
     * line, or the end of the file, was seen.
     *
     * A record longer than reader->hold is given up while it is not whole: a
     * faulty row, whose bytes are the first of it; what is left of it is
     * consumed as it comes, and is no row. Whether a record is whole, and
     * whether it is too long, is the same however its bytes come.
     *
     * Returns COSEND_OK; COSEND_E_MEMORY; or COSEND_E_DATA for what no
     * on_error can mend (a later file with another header), message in error.
     */
    int (*cut)(struct csi_reader *reader, struct csi_rows *rows, bool final,
               size_t *consumed, struct cosend_error *error);
    /* Another file begins: expect its BOM and header. */
    void (*next_file)(struct csi_reader *reader);
    /* Forget what is known of an unfinished record: it comes again, from its
       start, as if for the first time. */
    void (*restart)(struct csi_reader *reader);
    /* Before the first record: some step wants a field of that name. NULL where
       the data alone say which columns there are. False without memory. */
    bool (*declare)(struct csi_reader *reader, const char *name);
    /* Before the first record: this file's columns are to be those of another
       reader of the same options, whose schema is known. False without
       memory. */
    bool (*share)(struct csi_reader *reader, const struct csi_reader *other);
    /*
     * Rows of those lines that the sieve may let through, of bytes that may
     * change meanwhile, as csi_line_sieve_copy has them: whole lines, behind
     * what is at a file's start alone. They count as cut.
     *
     * Returns false, with nothing counted, where they are to be cut otherwise.
     * NULL: they are always.
     */
    bool (*sift)(struct csi_reader *reader, struct csi_rows *rows,
                 const char *data, size_t end);
    /*
     * Where the last whole record ends in [start, end): start is where a record
     * starts, behind what is at a file's start alone, and more bytes follow.
     * Returns start where none ends. What cut finds in these bytes ends there
     * too. *newlines counts those up to there. Nothing in the reader changes:
     * several threads may ask at once.
     */
    const char *(*border)(const struct csi_reader *reader, char *start,
                          const char *end, uint64_t *newlines);
    /*
     * Where what is at start ends, which is a border: a record, or a blank line
     * or comment. NULL where that is not in [start, end). Line ends are LF by
     * now: border sees to it, or csi_lines_translate.
     */
    const char *(*next)(const struct csi_reader *reader, const char *start,
                        const char *end);
    /*
     * Be as another reader of the same options is behind the start of its
     * file, whose header it has seen.
     *
     * Returns false without memory.
     */
    bool (*copy_state)(struct csi_reader *reader,
                       const struct csi_reader *other);
    /* To know a border it must look at all that cut looks at; and cut, behind
       the start of a file, leaves the reader as it was, but for its counts,
       unless there are more than `hold` bytes. */
    bool cuts_ahead;
    void (*free)(struct csi_reader *reader);
};

/* Line ends that who found where records end has counted; all zero: none. */
struct csi_told {
    const char *start, *end;
    uint64_t line_ends;
};

struct csi_reader {
    const struct csi_reader_ops *ops;
    const struct cosend_format_options *options; /* outlive the reader */
    struct cosend_schema *schema; /* NULL until known; the reader's reference */
    /* Records in which it finds nothing may be left out by the next cut, which
       counts them in rows->left_out; NULL: none. */
    const struct cosend_regex *sieve;
    size_t hold;   /* bytes of one record that may have to be at hand */
    bool cr;       /* CR alone ends lines too: it is made LF, ... */
    bool cr_known; /* ... or not; false before a file has told */
    bool begun;    /* what is at a file's start alone is behind: a BOM, names */
    bool midway;   /* the next bytes are the rest of what was given up */
    uint64_t records;    /* cut so far, faulty and left out ones included */
    uint64_t boundaries; /* counted independently, for the ledger */
    struct csi_told told;
    /* Tell a person something; may be NULL. */
    void (*warn)(void *context, const char *message);
    void *context;
};

/* ---- Writer -------------------------------------------------------------- */

struct csi_writer;

struct csi_writer_ops {
    /* The header, once the schema is known: before the first record, or at the
       end where none came. */
    int (*begin)(struct csi_writer *writer, const struct cosend_schema *schema,
                 struct cosend_error *error);
    /*
     * Write the records of batch from position *at on; *at moves on.
     *
     * Returns COSEND_OK when all are written; COSEND_E_DATA with *at at a
     * record that cannot be written, kind of it in writer->bad_kind and the
     * reason in error (the caller rejects it and goes on behind it); or what
     * put returned.
     */
    int (*write)(struct csi_writer *writer, const struct cosend_batch *batch,
                 uint32_t *at, struct cosend_error *error);
    /* Put what is kept back (a table's rows): at a flush, and at the end, where
       `last` says so. */
    int (*flush)(struct csi_writer *writer, bool last,
                 struct cosend_error *error);
    /* Append bytes as a terminal may be shown them; false without memory. NULL
       where the writer sees to it itself. */
    bool (*show)(struct csi_text *to, const char *data, size_t length);
    void (*free)(struct csi_writer *writer);
};

struct csi_writer {
    const struct csi_writer_ops *ops;
    const struct cosend_format_options *options;
    const char *bad_kind;
    bool began;
    bool behind; /* another one has begun: begin puts nothing */
    /* CSV: those of open records, once the first one told; of a writer that is
       `behind`, those of the other one. NULL: none. */
    struct cosend_schema *columns;
    /* Template: the handles of its stage as columns of the batch at hand. */
    const uint32_t *map;
    size_t width;      /* of lines, at most, for a table; 0: no limit */
    bool escape;       /* output meets a terminal: ops->show */
    uint64_t records;  /* encoded or copied, for the ledger */
    uint64_t replaced; /* of these, records with bytes that were replaced */
    uint64_t blank;    /* of these, at the end, blank lines: none has a field */
    struct csi_text shown; /* what ops->show made of bytes */
    /* Take bytes; COSEND_OK or what must stop the writer. */
    int (*put)(void *context, const char *data, size_t length,
               struct cosend_error *error);
    void *context;
    struct csi_text *into; /* where put appends to a text: this; else NULL */
};

/* ---- The formats --------------------------------------------------------- */

/* What the rows of an open format have as their walk. */
typedef bool (*csi_walk)(struct csi_rows *rows, uint32_t row,
                         struct cosend_item *item, struct cosend_error *error);

struct csi_format {
    const char *extensions; /* ".csv", separated by spaces */
    enum cosend_format_name number;
    struct csi_reader *(*reader)(const struct cosend_format_options *options,
                                 struct cosend_error *error); /* or NULL */
    struct csi_writer *(*writer)(const struct cosend_format_options *options,
                                 struct cosend_error *error);
    csi_walk walk;   /* a record's bytes alone are enough for it; or NULL */
    bool is_indexed; /* its reader keeps where each cell of a block ends */
};

/* By number, or by the extension of a path; NULL where there is none. */
const struct csi_format *csi_format_get(enum cosend_format_name number);
const struct csi_format *csi_format_by_path(const char *path);
/* Whether a path has the extension of a format that other programs write. */
bool csi_format_is_of_others(const char *path);
/* That of bytes that have no path: what the options say, else text. */
const struct csi_format *
csi_format_of_bytes(const struct cosend_format_options *options);
/* A format's walk; NULL where it has none, or there is no such number. */
csi_walk csi_format_walk(int number);
/* Whether its records are cells in the order of a header, where files may have
   them in another, and rows more or fewer of them. */
bool csi_format_is_of_cells(int number);

#endif
