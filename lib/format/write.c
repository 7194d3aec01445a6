/* SPDX-License-Identifier: MIT */
#include "format/write.h"

#include "cosend/io.h"
#include "format/format_options.h"
#include "format/line_reader.h"

#include <string.h>

const char csi_bom[3] = "\xef\xbb\xbf";

/* Whether a row's own line end is the one to write. */
static bool ends_well(const struct csi_writer *writer,
                      const struct csi_rows *rows, uint32_t row)
{
    const char *start = rows->block->data + rows->starts[row];
    const char *end = rows->block->data + rows->ends[row];

    if (writer->options->crlf)
        return csi_line_is_crlf(start, end);
    return end > start && end[-1] == '\n';
}

struct csi_row_run csi_run_at(const struct csi_writer *writer,
                              const struct cosend_batch *batch, uint32_t at)
{
    const struct csi_rows *rows = batch->rows;
    uint32_t row = csi_batch_row(batch, at), last = row;
    struct csi_row_run run = {0, rows->block->data + rows->starts[row], 0,
                              false};

    if (csi_rows_reshaped(rows, row))
        return run;
    run.count = 1;
    if (!ends_well(writer, rows, row)) {
        csi_rows_content(rows, row, &run.data, &run.length);
        run.bare = true;
        return run;
    }
    while (at + run.count < batch->count) {
        row = csi_batch_row(batch, at + run.count);
        if (rows->starts[row] != rows->ends[last] ||
            !ends_well(writer, rows, row) || csi_rows_reshaped(rows, row))
            break;
        last = row;
        run.count++;
    }
    run.length = (size_t)(rows->block->data + rows->ends[last] - run.data);
    return run;
}

int csi_writer_put_run(struct csi_writer *writer, const struct csi_row_run *run,
                       const char *line_end, struct cosend_error *error)
{
    int status = csi_writer_put(writer, run->data, run->length, error);

    if (status == COSEND_OK && run->bare)
        status = csi_writer_put(writer, line_end, strlen(line_end), error);
    if (status == COSEND_OK)
        writer->records += run->count;
    return status;
}

int csi_writer_put_raw(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t *at,
                       const char *line_end, struct cosend_error *error)
{
    int status = COSEND_OK;

    while (*at < batch->count && status == COSEND_OK) {
        struct csi_row_run run = csi_run_at(writer, batch, *at);

        if (!run.count)
            return cosend_error_set(error, COSEND_E_LEDGER,
                                    "a record is not what it was read as; "
                                    "please report this");
        status = csi_writer_put_run(writer, &run, line_end, error);
        *at += run.count;
    }
    return status;
}

void *csi_writer_new(size_t size, const struct csi_writer_ops *ops,
                     const struct cosend_format_options *options,
                     struct cosend_error *error)
{
    struct csi_writer *writer = csi_calloc(1, size);

    if (!writer) {
        csi_no_memory(error);
        return NULL;
    }
    writer->ops = ops;
    writer->options = options;
    return writer;
}

int csi_writer_check(const struct cosend_format_options *options, int format,
                     struct cosend_error *error)
{
    const struct csi_option_use *idle =
        csi_idle_option(cosend_writer_options, options, format);

    if (!idle)
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_USAGE,
                            "%s: the output is %s, where it does nothing; it "
                            "is for %s, by format= or -t",
                            idle->name, cosend_format_names[format],
                            idle->whose);
}

int csi_writer_refuse_blank(struct csi_writer *writer,
                            struct cosend_error *error)
{
    writer->bad_kind = "not_writable";
    return cosend_error_set(error, COSEND_E_DATA,
                            "the record has no fields, and a blank line is no "
                            "record");
}

void csi_writer_free(struct csi_writer *writer)
{
    csi_text_free(&writer->shown);
    csi_free(writer);
}

int csi_writer_put(struct csi_writer *writer, const char *data, size_t length,
                   struct cosend_error *error)
{
    if (writer->escape && writer->ops->show) {
        writer->shown.length = 0;
        if (!writer->ops->show(&writer->shown, data, length))
            return csi_no_memory(error);
        data = writer->shown.data;
        length = writer->shown.length;
    }
    return writer->put(writer->context, data, length, error);
}

bool csi_show_lines(struct csi_text *to, const char *data, size_t length)
{
    const char *end = data + length;

    while (data < end) {
        const char *crlf = memmem(data, (size_t)(end - data), "\r\n", 2);
        size_t piece = (size_t)((crlf ? crlf : end) - data);
        size_t size = cosend_escape(data, piece, true, NULL, 0);

        if (!csi_text_reserve(to, size + 1))
            return false;
        cosend_escape(data, piece, true, to->data + to->length, size + 1);
        to->length += size;
        data += piece;
        if (crlf && !csi_text_add(to, data, 2))
            return false;
        data += crlf ? 2 : 0;
    }
    return true;
}

int csi_writer_begin_bom(struct csi_writer *writer,
                         const struct cosend_schema *schema,
                         struct cosend_error *error)
{
    (void)schema;
    writer->began = true;
    if (!writer->options->bom || writer->behind)
        return COSEND_OK;
    return csi_writer_put(writer, csi_bom, sizeof(csi_bom), error);
}

int csi_writer_no_flush(struct csi_writer *writer, bool last,
                        struct cosend_error *error)
{
    (void)writer;
    (void)last;
    (void)error;
    return COSEND_OK;
}

int csi_writer_drain(struct csi_writer *writer, struct csi_text *text,
                     struct cosend_error *error)
{
    size_t length = text->length;

    if (length && writer->into && !writer->into->length && !writer->escape) {
        struct csi_text empty = *writer->into;

        *writer->into = *text;
        *text = empty;
        return COSEND_OK;
    }
    text->length = 0;
    if (!length)
        return COSEND_OK;
    return csi_writer_put(writer, text->data, length, error);
}

bool csi_fill_all(const struct cosend_batch *batch)
{
    for (uint32_t i = 0; i < batch->schema->count; i++)
        if (!csi_batch_fill(batch, i))
            return false;
    return true;
}
