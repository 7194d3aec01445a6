/* SPDX-License-Identifier: MIT */
/*
 * Taking records out of a pipeline by batches, and rejected ones: for host
 * programs, and for bindings of other languages, which get a column as an array
 * of cells.
 *
 *     static int take(const struct cosend_batch *batch, void *context)
 *     {
 *         uint32_t count = cosend_batch_count(batch);
 *         struct cosend_cell *cells = room_for(context, count);
 *
 *         if (!cells || !cosend_batch_cells(batch, 0, cells))
 *             return COSEND_E_MEMORY;
 *         for (uint32_t i = 0; i < count; i++)
 *             add(context, cells[i].data, cells[i].length);
 *         return COSEND_OK;
 *     }
 */
#ifndef COSEND_TAKER_H
#define COSEND_TAKER_H

#include "cosend/bytes.h"
#include "cosend/numbers.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Takes out the records that reach the end of a pipeline. Sized.
 *
 * Its functions are called as struct cosend_options says of all callbacks, and
 * answer as its `record` does; `batch` alone must be there. What they are
 * handed lives until they return, but for the schema, which lives as long as
 * its batches come.
 */
struct cosend_taker {
    size_t size; /* sizeof(struct cosend_taker) */
    /*
     * Told once, before the first batch, and also where there is none, as long
     * as the columns are known: with a closed schema all records have these
     * columns; in an open one, as of JSON lines, these are the ones that steps
     * name, and records have others (cosend_next_item,
     * cosend_put_json_record).
     */
    int (*schema)(const struct cosend_schema *schema, void *context);
    int (*batch)(const struct cosend_batch *batch, void *context);
    /* A snapshot's records come, between a call with true and one with false,
       with a schema of their own, and COSEND_DONE ends it alone. NULL: a
       snapshot's records are not taken. */
    int (*snapshot)(bool begins, void *context);
    void *context;
};

/*
 * The cells of a column of a batch, in the order of its records: cells has room
 * for cosend_batch_count of them. Their bytes live as long as the batch.
 *
 * Returns false without memory, and where there is no such column.
 */
COSEND_API bool cosend_batch_cells(const struct cosend_batch *batch,
                                   size_t column, struct cosend_cell *cells);

/*
 * The same for languages to which each pointer is dear: the cells' bytes are
 * appended, a NUL behind each cell. ends[i], counted from the first byte of
 * `to`, is where the NUL of cell i is, and kinds[i] its enum cosend_kind; both
 * have room for cosend_batch_count, and either may be NULL: a language that
 * splits a text faster than it cuts pieces out of it needs `ends` only where
 * there are more NULs than cells.
 *
 * Returns false without memory, and where there is no such column.
 */
COSEND_API bool cosend_put_column(struct cosend_bytes *to,
                                  const struct cosend_batch *batch,
                                  size_t column, uint64_t *ends,
                                  uint8_t *kinds);

/* The same as numbers: that of the record at position i is at
   cosend_number_index(numbers, i). They live as long as the batch. */
COSEND_API bool cosend_batch_numbers(const struct cosend_batch *batch,
                                     size_t column,
                                     struct cosend_numbers *numbers);

/* A record that a step could not use. Sized. The strings are terminated by a
   NUL, and live until the callback returns. */
struct cosend_reject {
    size_t size;        /* sizeof(struct cosend_reject), of the library's */
    const char *source; /* the file's name; NULL: no file's, as of a record
                           that a filter made or the host pushed */
    uint64_t line;      /* from 1; 0: not known */
    uint64_t offset;    /* bytes of the file before it */
    const char *step;   /* id */
    const char *kind;   /* a stable word: "not_a_number" */
    const char *reason; /* for people */
    const char *raw;    /* its bytes, without their line end; NULL: there are
                           none */
    size_t raw_length;  /* they may hold a NUL */
    const char *fields; /* as a JSON object, where raw does not show them; or
                           NULL */
    bool truncated;     /* raw is not all of it */
};

#ifdef __cplusplus
}
#endif

#endif
