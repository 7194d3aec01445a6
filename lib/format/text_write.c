/* SPDX-License-Identifier: MIT */
/* Lines of text: a record's cells, by tabs where there are several. */
#include "format/formats.h"
#include "format/lines.h"

#include <string.h>

struct text_writer {
    struct csi_writer base;
    struct csi_text out;
};

static int begin(struct csi_writer *writer, const struct cosend_schema *schema,
                 struct cosend_error *error)
{
    (void)schema;
    writer->began = true;
    if (!writer->options->bom)
        return COSEND_OK;
    return writer->put(writer->context, csi_bom, sizeof(csi_bom), error);
}

static bool encode(struct csi_text *out, const struct cosend_batch *batch,
                   uint32_t at, const char *line_end)
{
    uint32_t row = csi_row(batch, at);

    for (uint32_t i = 0; i < batch->schema->count; i++) {
        struct cosend_cell cell = csi_cell(batch, i, at, row);

        if (i && !csi_text_add(out, "\t", 1))
            return false;
        if (!csi_text_add(out, cell.data, cell.length))
            return false;
    }
    return csi_text_add(out, line_end, strlen(line_end));
}

static int write_lines(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t *at,
                       struct cosend_error *error)
{
    struct csi_text *out = &((struct text_writer *)writer)->out;
    const char *line_end = csi_line_end(writer, batch->schema);
    int status = COSEND_OK;

    if (csi_is_raw(batch, COSEND_FORMAT_TEXT)) {
        while (*at < batch->count && status == COSEND_OK) {
            struct csi_run run = csi_run_at(writer, batch, *at, NULL);

            status = csi_writer_put_run(writer, &run, line_end, error);
            *at += run.count;
        }
        return status;
    }
    if (!csi_fill_all(batch))
        return csi_format_memory(error);
    for (; *at < batch->count; ++*at) {
        if (!encode(out, batch, *at, line_end))
            return csi_format_memory(error);
        writer->records++;
    }
    return csi_writer_drain(writer, out, error);
}

static int flush(struct csi_writer *writer, bool last,
                 struct cosend_error *error)
{
    (void)last;
    (void)writer;
    (void)error;
    return COSEND_OK;
}

static void free_writer(struct csi_writer *writer)
{
    csi_text_free(&((struct text_writer *)writer)->out);
    csi_free(writer);
}

static const struct csi_writer_ops ops = {begin, write_lines, flush,
                                          free_writer};

struct csi_writer *csi_text_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    struct text_writer *writer = csi_calloc(1, sizeof(*writer));

    if (!writer) {
        csi_format_memory(error);
        return NULL;
    }
    writer->base.ops = &ops;
    writer->base.options = options;
    return &writer->base;
}
