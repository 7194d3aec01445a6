/* SPDX-License-Identifier: MIT */
/* The CSV reader's state, and how it learns which columns there are. */
#ifndef CSI_CSV_COLUMNS_H
#define CSI_CSV_COLUMNS_H

#include "format/csv_cells.h"
#include "format/csv_cut.h"
#include "format/format.h"
#include "format/line_reader.h"

struct csi_csv {
    struct csi_reader base; /* begun: this file's header is behind */
    struct csi_lines lines;
    struct csi_csv_rules rules;
    struct csi_csv_cells cells;
    bool looked;   /* this file's first line was looked at: is it sep=? */
    bool blank;    /* it began with blank lines */
    bool remapped; /* its columns are in another order than the first's */
    bool skipping; /* a record was given up: on to its end, ... */
    enum csi_csv_state state; /* ... from this state */
    uint32_t columns;         /* of each file */
    uint32_t *map;            /* column of the file -> column of the schema */
    uint32_t most;            /* rows in one csi_rows */
    const char *first_source; /* the file that the schema is from */
    /* ragged=keep: the fields of further cells that steps named. */
    struct cosend_schema *further;
};

/* One record by the grammar, from its start; see csi_csv_cut. */
static inline const char *csi_csv_cut_one(const struct csi_csv *reader,
                                          struct csi_csv_cut *cut,
                                          const char *start, const char *end,
                                          bool final)
{
    *cut = (struct csi_csv_cut){.most = reader->base.hold};
    return csi_csv_cut(&reader->rules, cut, start, end, final);
}

/* Whether so many bytes may be waited for. */
static inline bool csi_csv_is_short(const struct csi_csv *reader,
                                    const char *start, const char *end)
{
    return (size_t)(end - start) <= reader->base.hold;
}

/* A blank line is a record where it is one empty cell and no quotes could have
   told so. */
static inline bool csi_csv_keeps_blank(const struct csi_csv *reader)
{
    return !reader->rules.quotes && reader->columns == 1;
}

/* The physical line of a byte in the rows' stretch of their block; 0: not
   known. */
unsigned long long csi_csv_line(const struct csi_rows *rows, const char *byte);

/*
 * The first record of a file tells the columns; `end` is behind its line end,
 * `content` before it. *header: it is no record then.
 *
 * Returns COSEND_OK; COSEND_E_DATA where the columns cannot be known, or are
 * not those of the first file; or COSEND_E_MEMORY.
 */
int csi_csv_begin_file(struct csi_csv *reader, struct csi_rows *rows,
                       const char *start, const char *end, const char *content,
                       bool *header, struct cosend_error *error);

/*
 * reader->cells are a header's: the first file's, or another's.
 *
 * Returns what csi_csv_begin_file does.
 */
int csi_csv_take_header(struct csi_csv *reader, struct csi_rows *rows,
                        bool crlf, struct cosend_error *error);

/*
 * Make a schema, unless there is one, where there is no header: of the
 * options' names, or of 1, 2, ... for `count` columns.
 *
 * Returns COSEND_OK or COSEND_E_MEMORY.
 */
int csi_csv_take_names(struct csi_csv *reader, size_t count, bool crlf,
                       struct cosend_error *error);

/* Before the first record: have another reader's columns. False without
   memory. */
bool csi_csv_share(struct csi_reader *reader, const struct csi_reader *other);

/* A step wants a field: it may be that of a further cell. False without
   memory. */
bool csi_csv_declare(struct csi_reader *reader, const char *name);

/* Make rows, which are empty, ones of this file's columns. False without
   memory. */
bool csi_csv_prepare(const struct csi_csv *reader, struct csi_rows *rows);

#endif
