/* SPDX-License-Identifier: MIT */
/* The columns that records have. */
#ifndef CSI_SCHEMA_H
#define CSI_SCHEMA_H

#include "record/references.h"
#include "cosend/record.h"

struct csi_schema_column {
    char *name;
    uint32_t length;
    uint32_t origin;  /* base column of the rows, CSI_DENSE or _ASKED */
    atomic_bool seen; /* of who read or made the records: one had it */
};

/* Its cells are the batch's; of a record of an open schema it is a field. */
#define CSI_DENSE UINT32_MAX
/* The same, but of such a record only what a step looks at: no field of its
   own. */
#define CSI_ASKED     (UINT32_MAX - 1)
#define CSI_NO_COLUMN UINT32_MAX

struct cosend_schema {
    atomic_uint refs;
    bool open;
    bool text;
    char first;            /* text: a byte that a record begins with, or NUL */
    bool unknown;          /* there was no input to know its columns from */
    bool crlf;             /* the first record of the input ended so */
    bool nul;              /* text: its records end in NUL */
    int format;            /* enum cosend_format_name it was read as; 0: made */
    char delimiter, quote; /* CSV: what it was read with */
    /* CSV: its bytes, where the names are what it says; or NULL */
    char *header;
    size_t header_length;
    /* Text: the first line of the input, or its beginning; or NULL: none. */
    char *line;
    size_t line_length;
    bool untouched; /* records are as read: same columns, same order */
    /* Open: so many columns, the first ones, come before the fields that only
       the record knows; filters added them. */
    uint32_t leading;
    uint32_t count;
    size_t capacity;
    struct csi_schema_column *columns;
    uint32_t *by_name; /* columns in the order of their names; or NULL */
    /* Open: names of base fields that a filter dropped. */
    struct cosend_schema *hidden;
    /* Open, the reader's: names that its first records have; or NULL. */
    struct cosend_schema *sample;
    atomic_bool repeats; /* the reader's: a record has a name twice */
    atomic_bool fitted;  /* the reader's: all fields of its records are wanted,
                            each to go under a name (csi_rows.known) */
};

static inline bool csi_is_dense(const struct csi_schema_column *column)
{
    return column->origin >= CSI_ASKED;
}

struct cosend_schema *csi_schema_new(void);
/* Note the first line of the input, up to a length that is enough to see what
   it is. False without memory. */
bool csi_schema_set_line(struct cosend_schema *schema, const char *line,
                         size_t length);
struct cosend_schema *csi_schema_ref(struct cosend_schema *schema);
void csi_schema_unref(struct cosend_schema *schema);
/* Append a column; only while nobody else has seen the schema. Names may
   repeat. False without memory. */
bool csi_schema_add(struct cosend_schema *schema, const char *name,
                    size_t length, uint32_t origin);
/* The same, of a name that there may be; of several. */
bool csi_schema_add_new(struct cosend_schema *schema, const char *name,
                        size_t length);
bool csi_schema_unite(struct cosend_schema *schema,
                      const struct cosend_schema *with);
/* Have columns of a schema of many be found by search, until one is appended;
   only while nobody else has seen it. False without memory. */
bool csi_schema_index(struct cosend_schema *schema);
/* The first column of that name, or CSI_NO_COLUMN. */
uint32_t csi_schema_find(const struct cosend_schema *schema, const char *name,
                         size_t length);
/* The nearest name for a "did you mean", or NULL. */
const char *csi_schema_suggest(const struct cosend_schema *schema,
                               const char *name);

#endif
