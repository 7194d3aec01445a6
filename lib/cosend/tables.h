/* SPDX-License-Identifier: MIT */
/* Tables that a step reads before its records, to look things up in. Its
   structs are stamped (cosend/version.h). */
#ifndef COSEND_TABLES_H
#define COSEND_TABLES_H

#include "cosend/endpoint.h"
#include "cosend/group.h"
#include "cosend/index.h"
#include "cosend/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- By records ---------------------------------------------------------- */

/* What a table is read into; both are handed `context`, and an error that one
   returns ends the step. */
struct cosend_table_reader {
    /* The columns, once, also where there is no record. NULL: nobody asks. */
    int (*columns)(const struct cosend_schema *schema, void *context);
    /* One record after the other, each good during the call. */
    int (*each)(const struct cosend_record *record, void *context);
    void *context;
};

/*
 * Read a table: every record of the files, as a source would read them, before
 * the step's first receive, for it to look things up in.
 *
 *     static int note(const struct cosend_record *record, void *context)
 *     {
 *         struct cosend_item item = {0};
 *         struct cosend_error error = {0};
 *
 *         while (cosend_next_item(record, &item, &error))
 *             if (!note_cell(context, item.name, item.name_length, item.cell))
 *                 return COSEND_E_MEMORY;
 *         return error.kind;
 *     }
 *
 *     struct cosend_table_reader reader = {.each = note, .context = table};
 *
 *     status = cosend_read_table(self, &table->read, &reader);
 *
 * Files must be named, and are not followed. What reads them warns as a source
 * does. Each call reads: for all instances of a step it is done once by
 * cosend_stage_common.
 *
 * Returns COSEND_OK; or, with the step failed, COSEND_E_INPUT where a file
 * cannot be read, COSEND_E_DATA where a record is bad, with its place,
 * COSEND_E_USAGE for options that are none, COSEND_E_MEMORY, or what the reader
 * returned, which may have failed the step itself.
 */
COSEND_API int cosend_read_table(struct cosend_stage *self,
                                 const struct cosend_read_options *options,
                                 const struct cosend_table_reader *reader);

/* ---- By key -------------------------------------------------------------- */

/* What of a table is to become an index. */
struct cosend_index_source {
    struct cosend_read_options read;
    struct cosend_strings key;     /* the columns that rows are found by */
    bool only;                     /* but a table of one column by that one; the
                                      key may then be a name of no bytes */
    struct cosend_strings columns; /* those that rows have, ... */
    bool all;                      /* ... or all but the key's */
    struct cosend_string prefix;   /* before their names; NULL: none */
    bool ignore_case;              /* of letters of the key */
    bool several;                  /* all rows of a key, not the first alone */
    uintptr_t reserved[4];         /* zero */
};

/* What became of it. All zero is nothing. */
struct cosend_indexed {
    struct cosend_index *index;
    uint32_t columns;           /* of a row: of records that name their fields
                                   those that any has */
    struct cosend_table *names; /* the columns', in order; no values */
    uint64_t rows;              /* that were read; ... */
    uint64_t again;             /* ... with a key that was there before, ... */
    struct cosend_bytes twice;  /* ... and the first such one's first cell */
};

/*
 * Read a table into an index, as cosend_read_table does. Of a table without
 * rows, and without columns, there is an index that finds nothing.
 *
 * Returns COSEND_OK; or an error, with the step failed: beside those of
 * cosend_read_table COSEND_E_COLUMN where the table lacks a column that is
 * named, and COSEND_E_USAGE for a source that names no key, or a
 * column twice in a list.
 */
COSEND_API int cosend_index_table(struct cosend_stage *self,
                                  const struct cosend_index_source *source,
                                  struct cosend_indexed *into);

/* Free what was read, also where that failed; it is all zero again. */
COSEND_API void cosend_indexed_free(struct cosend_indexed *indexed);

#ifdef __cplusplus
}
#endif

#endif
