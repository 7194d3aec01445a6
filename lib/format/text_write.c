/* SPDX-License-Identifier: MIT */
/* Lines of text: a record's cells, by tabs where there are several. */
#include "format/text_write.h"

#include "format/write.h"

#include <string.h>

struct text_writer {
    struct csi_writer base;
    struct csi_text out;
};

static bool encode_text_record(struct csi_text *out,
                               const struct cosend_batch *batch, uint32_t at,
                               const char *line_end)
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

/* A record of an open schema: what it has, whatever others have. */
static int encode_open(struct csi_text *out, const struct cosend_batch *batch,
                       uint32_t at, const char *line_end,
                       struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    bool first = true;

    while (cosend_next_item(&record, &item, &inner)) {
        if ((!first && !csi_text_add(out, "\t", 1)) ||
            !csi_text_add(out, item.cell.data, item.cell.length))
            return csi_no_memory(error);
        first = false;
    }
    if (inner.kind || !csi_text_add(out, line_end, strlen(line_end)))
        return csi_no_memory(error);
    return COSEND_OK;
}

static int write_lines(struct csi_writer *writer,
                       const struct cosend_batch *batch, uint32_t *at,
                       struct cosend_error *error)
{
    struct csi_text *out = &((struct text_writer *)writer)->out;
    const char *line_end = csi_line_end(writer, batch->schema);

    if (csi_is_raw(batch, COSEND_FORMAT_TEXT))
        return csi_writer_put_raw(writer, batch, at, line_end, error);
    if (!csi_fill_all(batch))
        return csi_no_memory(error);
    for (; *at < batch->count; ++*at) {
        if (batch->schema->open) {
            int status = encode_open(out, batch, *at, line_end, error);

            if (status != COSEND_OK)
                return status;
        } else if (!encode_text_record(out, batch, *at, line_end)) {
            return csi_no_memory(error);
        }
        writer->records++;
    }
    return csi_writer_drain(writer, out, error);
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
