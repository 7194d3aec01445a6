/* SPDX-License-Identifier: MIT */
/* Forms of access logs, and how their lines are cut: what parse stands on.
   Its structs are stamped (cosend/version.h). */
#ifndef COSEND_ACCESS_LOG_H
#define COSEND_ACCESS_LOG_H

#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fields that a form may have, and columns that they may become. */
enum { COSEND_ACCESS_LOG_FIELDS = 64, COSEND_ACCESS_LOG_COLUMNS = 66 };

/* ---- Lines --------------------------------------------------------------- */

/* The bytes that end fields, for cosend_find_bytes. */
#define COSEND_ACCESS_LOG_MARKS " []\""

/* Lines of a log that lie together, and where in them those bytes are. */
struct cosend_access_log_text {
    const char *text;
    uint32_t length;
    const uint64_t *spaces, *opening, *closing; /* bitmaps: ' ' [ ] */
    const uint32_t *quote; /* of cosend_found_places' the next one; there are
                              two of UINT32_MAX behind the last */
};

/* Where a field of a line is in the text. */
struct cosend_access_log_part {
    uint32_t start, end;
};

/* Lines of a batch that lie together, looked at. */
struct cosend_access_log_lines {
    uint32_t next; /* the position behind them */
    struct cosend_access_log_text text;
};

/* Room for them. Returns NULL without memory. */
COSEND_API struct cosend_access_log_lines *cosend_access_log_lines_new(void);
COSEND_API void
cosend_access_log_lines_free(struct cosend_access_log_lines *lines);

/*
 * Look at those from a position on, of `count` cells; what is absent or empty
 * lies anywhere. Returns false without memory.
 */
COSEND_API bool cosend_access_log_look(struct cosend_access_log_lines *lines,
                                       const struct cosend_cells *cells,
                                       uint32_t count, uint32_t position);

/* A batch's lines, and what becomes of them. */
struct cosend_access_log_cells {
    struct cosend_cells lines;
    struct cosend_cell *of[COSEND_ACCESS_LOG_FIELDS]; /* a field's cells, by
                                             position; NULL: unwanted, and for
                                             what the form does not have */
};

/* ---- Forms --------------------------------------------------------------- */

struct cosend_access_log_field {
    const char *name; /* the column's, and that which a bad line is bad at */
    int kind;
    const char *before;   /* what stands between it and the field before it */
    char ends;            /* the byte at which it ends, if its kind has one */
    unsigned char passes; /* runs of that byte which are in it */
    bool is_request;      /* it becomes three columns */
};

/* A form of log. */
struct cosend_access_log {
    const char *name;
    const char *help; /* what writes such lines, and what is not to be seen from
                         the names of its fields: sentences; or NULL */
    const struct cosend_access_log_field *fields;
    uint32_t count;
    uint32_t least;    /* lines may end behind so many; 0: all */
    const char *after; /* what stands behind the last field */
    /*
     * Take the lines at positions [from, to), which lie in the text, apart as
     * long as they are plain ones, as nearly all are. No line before them is
     * taken apart any more.
     *
     * Returns the position of the first that is not plain, of which cells may
     * be whatever they are; or `to`.
     */
    uint32_t (*cut_plain)(const struct cosend_access_log *log,
                          struct cosend_access_log_text *text,
                          const struct cosend_access_log_cells *cells,
                          uint32_t from, uint32_t to);
    bool has_rest; /* the last field is what follows the others, mostly nothing:
                      a copy with one field less refuses it */
    bool is_strict; /* but is to be had only by who asks for it: a space too
                       many in the line would become one */
    char comment;   /* a line that begins with it is no record; or 0 */
};

/*
 * Take any line at [start, end) of the text apart: parts[i] is field i. No line
 * before it is taken apart any more; of the text nothing else changes.
 *
 * Returns NULL, or the name of the field at which it is no such line: then
 * parts are whatever they are.
 */
COSEND_API const char *
cosend_access_log_cut(const struct cosend_access_log *log,
                      struct cosend_access_log_text *text, uint32_t start,
                      uint32_t end, struct cosend_access_log_part *parts);

/* The forms that have a name, ending in NULL. */
COSEND_API extern const struct cosend_access_log *const cosend_access_logs[];

/*
 * The name of a form that takes a line which is not of `log`, as
 * cosend_access_log_cut has it; that of log itself where its rest would do. Not
 * one that would leave what may be fields in its rest. Nothing changes. NULL
 * where there is none.
 */
COSEND_API const char *
cosend_access_log_other(const struct cosend_access_log *log,
                        const struct cosend_access_log_text *text,
                        uint32_t start, uint32_t end);

/*
 * The form of the lines that a server is told to write: NGINX's log_format, or
 * Apache's LogFormat, as it stands in their settings or in its quotes alone. A
 * field is called as in combined where that has it, and else after the
 * variable or directive (access_log_names.c). `rest` says that lines may have
 * more behind it.
 *
 * A value ends at the first byte of the text that follows it, in quotes at the
 * first one that is not escaped, and escapes stay; but of some it is known what
 * they are: a status, a number, a time, a user, a list.
 *
 * Returns NULL, with error set: COSEND_E_USAGE, which names the place;
 * COSEND_E_MEMORY. The caller frees it.
 */
enum cosend_access_log_server { COSEND_SERVER_NGINX, COSEND_SERVER_APACHE };

COSEND_API struct cosend_access_log *
cosend_access_log_new(enum cosend_access_log_server server, const char *text,
                      size_t length, bool rest, struct cosend_error *error);
COSEND_API void cosend_access_log_free(struct cosend_access_log *log);

/* ---- Columns ------------------------------------------------------------- */

/* A column is a field, or a piece of one. */
struct cosend_access_log_column {
    const char *name;
    uint32_t field;
    int piece;
};

/* The columns of a form, of which there are as many as it returns. */
COSEND_API size_t cosend_access_log_columns(
    const struct cosend_access_log *log,
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS]);

/* A column's cell, of that of its field; of an absent one, absent. */
COSEND_API struct cosend_cell
cosend_access_log_piece(const struct cosend_access_log_column *column,
                        struct cosend_cell cell);

#ifdef __cplusplus
}
#endif

#endif
