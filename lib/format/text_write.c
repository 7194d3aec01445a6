/* SPDX-License-Identifier: MIT */
/* Lines of text, or what ends in NUL: a record's cells, by tabs where there are
   several. */
#include "format/text_write.h"

#include "format/write.h"

#include <string.h>

struct text_writer {
    struct csi_writer base;
    struct csi_text out;
};

/* How records end. */
struct end {
    const char *bytes;
    size_t length;
    bool nul;
};

static struct end end_of(const struct csi_writer *writer,
                         const struct cosend_schema *schema)
{
    struct end end = {"", 1, writer->options->nul || schema->nul};

    if (!end.nul) {
        end.bytes = csi_line_end(writer, schema);
        end.length = strlen(end.bytes);
    }
    return end;
}

/* Append a cell, if it is not the end of a record that it holds. */
static int add_text_cell(struct csi_writer *writer, struct cosend_cell cell,
                         bool first, const struct end *end,
                         struct cosend_error *error)
{
    struct csi_text *out = &((struct text_writer *)writer)->out;

    if (end->nul && cell.length && memchr(cell.data, '\0', cell.length)) {
        writer->bad_kind = "not_writable";
        return cosend_error_set(error, COSEND_E_DATA,
                                "it has a NUL, which would end the record; "
                                "without nul it can be written");
    }
    return (first || csi_text_add(out, "\t", 1)) &&
                   csi_text_add(out, cell.data, cell.length)
               ? COSEND_OK
               : csi_no_memory(error);
}

static int encode_columns(struct csi_writer *writer,
                          const struct cosend_batch *batch, uint32_t at,
                          const struct end *end, struct cosend_error *error)
{
    uint32_t row = csi_row(batch, at);
    int status = COSEND_OK;

    for (uint32_t i = 0; i < batch->schema->count && status == COSEND_OK; i++)
        status = add_text_cell(writer, csi_cell(batch, i, at, row), i == 0, end,
                               error);
    return status;
}

/* A record of an open schema: what it has, whatever others have. */
static int encode_open(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t at,
                       const struct end *end, struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    int status = COSEND_OK;
    bool first = true;

    while (status == COSEND_OK && cosend_next_item(&record, &item, &inner)) {
        status = add_text_cell(writer, item.cell, first, end, error);
        first = false;
    }
    return inner.kind ? csi_no_memory(error) : status;
}

/* Append a record, or nothing. */
static int encode_text_record(struct csi_writer *writer,
                              const struct cosend_batch *batch, uint32_t at,
                              const struct end *end, struct cosend_error *error)
{
    struct csi_text *out = &((struct text_writer *)writer)->out;
    size_t start = out->length;
    int status = batch->schema->open
                     ? encode_open(writer, batch, at, end, error)
                     : encode_columns(writer, batch, at, end, error);

    if (status == COSEND_OK && !csi_text_add(out, end->bytes, end->length))
        status = csi_no_memory(error);
    if (status != COSEND_OK)
        out->length = start;
    return status;
}

static int write_lines(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t *at,
                       struct cosend_error *error)
{
    struct csi_text *out = &((struct text_writer *)writer)->out;
    struct end end = end_of(writer, batch->schema);
    int status = COSEND_OK, drained;

    if (csi_is_raw(batch, COSEND_FORMAT_TEXT) && !end.nul)
        return csi_writer_put_raw(writer, batch, at, end.bytes, error);
    if (!csi_fill_all(batch))
        return csi_no_memory(error);
    while (status == COSEND_OK && *at < batch->count) {
        status = encode_text_record(writer, batch, *at, &end, error);
        *at += status == COSEND_OK;
        writer->records += status == COSEND_OK;
    }
    if (status == COSEND_E_MEMORY)
        return status;
    drained = csi_writer_drain(writer, out, status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

static void free_text_writer(struct csi_writer *writer)
{
    csi_text_free(&((struct text_writer *)writer)->out);
    csi_writer_free(writer);
}

static const struct csi_writer_ops ops = {csi_writer_begin_bom, write_lines,
                                          csi_writer_no_flush, csi_show_lines,
                                          free_text_writer};

struct csi_writer *csi_text_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    return csi_writer_new(sizeof(struct text_writer), &ops, options, error);
}
