/* SPDX-License-Identifier: MIT */
/* What writers share: putting bytes, and runs of rows that nobody changed. */
#ifndef CSI_FORMAT_WRITE_H
#define CSI_FORMAT_WRITE_H

#include "format/format.h"

extern const char csi_bom[3];

/* Whether a reader would take the start of these bytes for a byte order mark,
   if a file began with them. */
static inline bool csi_starts_with_bom(const char *data, size_t length)
{
    return (length >= 3 && memcmp(data, csi_bom, 3) == 0) ||
           (length >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 ||
                            memcmp(data, "\xfe\xff", 2) == 0));
}

/* The line end of records that we encode. */
static inline const char *csi_line_end(const struct csi_writer *writer,
                                       const struct cosend_schema *schema)
{
    return schema->crlf || writer->options->crlf ? "\r\n" : "\n";
}

/* A writer of `size` bytes that begins with its struct csi_writer, all zero
   but for that. NULL, with the error set, without memory. */
void *csi_writer_new(size_t size, const struct csi_writer_ops *ops,
                     const struct cosend_format_options *options,
                     struct cosend_error *error);

/*
 * For a format that the input decided: refuse options that it does not have.
 * (Of a format that was named the check of the spec says so, and where -t names
 * another one they are passed over.)
 *
 * Returns COSEND_OK, or COSEND_E_USAGE with the error set.
 */
int csi_writer_check(const struct cosend_format_options *options, int format,
                     struct cosend_error *error);

/* The record at hand has no fields, and a blank line would be none: it is bad.
   Returns COSEND_E_DATA. */
int csi_writer_refuse_blank(struct csi_writer *writer,
                            struct cosend_error *error);

/* Free what csi_writer_new made. */
void csi_writer_free(struct csi_writer *writer);

/*
 * Put bytes; where they meet a terminal, as ops->show has them: whole records,
 * or whatever ends with a character.
 *
 * Returns COSEND_OK, what put returned, or COSEND_E_MEMORY.
 */
int csi_writer_put(struct csi_writer *writer, const char *data, size_t length,
                   struct cosend_error *error);

/* Put what text holds, and empty it; where it can be, by giving it away for
   another. Returns what csi_writer_put does. */
int csi_writer_drain(struct csi_writer *writer, struct csi_text *text,
                     struct cosend_error *error);

/* Lines that a terminal only shows: cosend_escape's form, the line ends LF and
   CR LF as they are. False without memory. */
bool csi_show_lines(struct csi_text *to, const char *data, size_t length);

/* The begin of a writer that has no header: a byte order mark, if one is due.
 */
int csi_writer_begin_bom(struct csi_writer *writer,
                         const struct cosend_schema *schema,
                         struct cosend_error *error);
/* The flush of a writer that keeps nothing back. */
int csi_writer_no_flush(struct csi_writer *writer, bool last,
                        struct cosend_error *error);

/* ---- Rows as they came --------------------------------------------------- */

/* Rows that leave as they came, in one put. */
struct csi_row_run {
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

/* Whether the cells of a column were read as text for want of other kinds, or
   made, and not read from JSON, which has numbers. */
static inline bool csi_is_untyped(const struct cosend_schema *schema,
                                  uint32_t column)
{
    return (schema->format != COSEND_FORMAT_JSONL &&
            schema->format != COSEND_FORMAT_JSON) ||
           schema->columns[column].origin == CSI_DENSE;
}

/*
 * The longest run from position `at` of a batch for which csi_is_raw is true.
 * It holds no row that is reshaped.
 */
struct csi_row_run csi_run_at(const struct csi_writer *writer,
                              const struct cosend_batch *batch, uint32_t at);

/* Put a run; the line end where it is bare. */
int csi_writer_put_run(struct csi_writer *writer, const struct csi_row_run *run,
                       const char *line_end, struct cosend_error *error);
/* Put all records from *at on of a batch for which csi_is_raw is true. */
int csi_writer_put_raw(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t *at,
                       const char *line_end, struct cosend_error *error);

/* ---- Cells --------------------------------------------------------------- */

/* Make every column of a batch be there. False without memory. */
bool csi_fill_all(const struct cosend_batch *batch);

/* The row of a position, 0 where a filter made the record. */
static inline uint32_t csi_row(const struct cosend_batch *batch,
                               uint32_t position)
{
    return batch->rows ? csi_batch_row(batch, position) : 0;
}

#endif
