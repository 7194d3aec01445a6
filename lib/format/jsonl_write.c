/* SPDX-License-Identifier: MIT */
/*
 * The JSON-lines writer. Lines that were read as such and that nobody changed
 * leave as their raw bytes; in others, values that nobody changed do.
 */
#include "format/formats.h"
#include "format/line_reader.h"

#include <string.h>

struct jsonl_writer {
    struct csi_writer base;
    struct csi_text out;
};

static bool encode(struct csi_text *out, const struct cosend_batch *batch,
                   uint32_t at, const char *line_end)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    size_t start = out->length + 1;

    if (!csi_text_add(out, "{", 1))
        return false;
    while (cosend_next_item(&record, &item, &error))
        if (item.cell.kind != COSEND_ABSENT &&
            ((out->length > start && !csi_text_add(out, ",", 1)) ||
             !csi_text_member(out, &item)))
            return false;
    return !error.kind && csi_text_add(out, "}", 1) &&
           csi_text_add(out, line_end, strlen(line_end));
}

static int write_records(struct csi_writer *base,
                         const struct cosend_batch *batch, uint32_t *at,
                         struct cosend_error *error)
{
    struct csi_text *out = &((struct jsonl_writer *)base)->out;
    const char *line_end = csi_line_end(base, batch->schema);

    if (csi_is_raw(batch, COSEND_FORMAT_JSONL))
        return csi_writer_put_raw(base, batch, at, line_end, error);
    for (; *at < batch->count; ++*at) {
        if (!encode(out, batch, *at, line_end))
            return csi_no_memory(error);
        base->records++;
    }
    return csi_writer_drain(base, out, error);
}

static void free_writer(struct csi_writer *base)
{
    csi_text_free(&((struct jsonl_writer *)base)->out);
    csi_free(base);
}

static const struct csi_writer_ops ops = {csi_writer_begin_bom, write_records,
                                          csi_writer_no_flush, free_writer};

struct csi_writer *csi_jsonl_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error)
{
    return csi_writer_new(sizeof(struct jsonl_writer), &ops, options, error);
}
