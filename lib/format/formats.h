/* SPDX-License-Identifier: MIT */
/* The constructors that the table of formats lists, and what writers share. */
#ifndef CSI_FORMATS_H
#define CSI_FORMATS_H

#include "format/format.h"

/* All return NULL with the error set: without memory, or for options that
   cannot be (a delimiter of two bytes). */
struct csi_reader *csi_text_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error);
struct csi_reader *csi_csv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_reader *csi_tsv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_reader *csi_jsonl_reader(const struct cosend_format_options *options,
                                    struct cosend_error *error);
struct csi_writer *csi_text_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error);
struct csi_writer *csi_csv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_writer *csi_tsv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_writer *csi_jsonl_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error);
struct csi_writer *csi_table_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error);

/*
 * The delimiter and quote of CSV options.
 *
 * Returns false, with the error set, where they cannot be told from each
 * other, from a line end, or are not one byte.
 */
bool csi_csv_bytes(const struct cosend_format_options *options, char *delimiter,
                   char *quote, struct cosend_error *error);

/* ---- What writers share -------------------------------------------------- */

extern const char csi_bom[3];

/* The line end of records that we encode. */
static inline const char *csi_line_end(const struct csi_writer *writer,
                                       const struct cosend_schema *schema)
{
    return schema->crlf || writer->options->crlf ? "\r\n" : "\n";
}

/* Rows that leave as they came, in one put. */
struct csi_run {
    uint32_t count; /* of records; 0: the next one cannot leave so */
    const char *data;
    size_t length;
    bool bare; /* one record without its line end, which is to follow */
};

/* Whether records of this batch may leave as the bytes they were read from,
   when they are written in the format that they were read as. */
static inline bool csi_is_raw(const struct cosend_batch *batch, int format)
{
    return batch->rows && batch->schema->untouched && !batch->rows->remapped &&
           batch->schema->format == format;
}

/*
 * The longest run from position `at` of a batch for which csi_is_raw is true.
 * With `cells`, a column by row, it holds no row whose cell is absent.
 */
struct csi_run csi_run_at(const struct csi_writer *writer,
                          const struct cosend_batch *batch, uint32_t at,
                          const struct cosend_cell *cells);

/* A writer of `size` bytes that begins with its struct csi_writer, all zero
   but for that. NULL, with the error set, without memory. */
void *csi_writer_new(size_t size, const struct csi_writer_ops *ops,
                     const struct cosend_format_options *options,
                     struct cosend_error *error);
/* The begin of a writer that has no header: a byte order mark, if one is due.
 */
int csi_writer_begin_bom(struct csi_writer *writer,
                         const struct cosend_schema *schema,
                         struct cosend_error *error);
/* The flush of a writer that keeps nothing back. */
int csi_writer_no_flush(struct csi_writer *writer, bool last,
                        struct cosend_error *error);

/* Put what text holds, and empty it. COSEND_OK or what put returned. */
int csi_writer_drain(struct csi_writer *writer, struct csi_text *text,
                     struct cosend_error *error);

/* Put a run; the line end where it is bare. */
int csi_writer_put_run(struct csi_writer *writer, const struct csi_run *run,
                       const char *line_end, struct cosend_error *error);
/* Put all records from *at on of a batch for which csi_is_raw is true. */
int csi_writer_put_raw(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t *at,
                       const char *line_end, struct cosend_error *error);

/* The fields that the first record of an open schema has: they are the columns
   where a format needs some. All zero before that record. */
struct csi_fields {
    struct cosend_schema *names; /* NULL before */
    struct cosend_cell *cells;   /* of the record that was fitted last */
};

/*
 * Fit a record to the fields; the first one makes them.
 *
 * Returns COSEND_OK; COSEND_E_DATA, with writer->bad_kind set, where it has a
 * field that the first had not; or COSEND_E_MEMORY.
 */
int csi_fields_fit(struct csi_fields *fields, struct csi_writer *writer,
                   const struct cosend_record *record,
                   struct cosend_error *error);
void csi_fields_free(struct csi_fields *fields);

/* Make every column of a batch be there. False without memory. */
bool csi_fill_all(const struct cosend_batch *batch);

/* The cell of a filled column. */
static inline struct cosend_cell csi_cell(const struct cosend_batch *batch,
                                          uint32_t column, uint32_t position,
                                          uint32_t row)
{
    const struct cosend_column_cells *cells = &batch->columns[column];

    return cells
        ->cells[(row & cells->row_mask) | (position & cells->position_mask)];
}

/* The row of a position, 0 where a filter made the record. */
static inline uint32_t csi_row(const struct cosend_batch *batch,
                               uint32_t position)
{
    return batch->rows ? csi_batch_row(batch, position) : 0;
}

#endif
