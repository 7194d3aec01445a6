/* SPDX-License-Identifier: MIT */
/*
 * The JSON-lines writer. Lines that were read as such and that nobody changed
 * leave as their raw bytes; in others, values that nobody changed do. Those end
 * in LF, whatever the input's lines end in.
 *
 * JSON is UTF-8, and what is no UTF-8 cannot be said in it. Two values that
 * differ in such bytes alone would come out the same, so no record is changed
 * in silence: it is counted (writer->replaced), which its user is told, or, as
 * the option invalid_utf8 says, it shows the bytes, or is bad.
 */
#include "format/jsonl_write.h"

#include "format/json_columns.h"
#include "format/write.h"

struct jsonl_writer {
    struct csi_writer base;
    struct csi_json_columns columns;
    struct csi_text out;
};

static int refuse_invalid_utf8(struct jsonl_writer *writer,
                               const struct cosend_item *item,
                               struct cosend_error *error)
{
    writer->base.bad_kind = "invalid_utf8";
    return cosend_error_set(
        error, COSEND_E_DATA,
        "field \"%.*s\" has bytes that are no UTF-8, which JSON cannot say; "
        "invalid_utf8=escape shows them as \\xNN",
        item->name_length < 100 ? (int)item->name_length : 100, item->name);
}

/*
 * Append a record.
 *
 * Returns COSEND_OK; COSEND_E_DATA for one that is refused, or COSEND_E_MEMORY,
 * with nothing appended.
 */
static int encode_json_record(struct jsonl_writer *writer,
                              const struct cosend_batch *batch, uint32_t at,
                              struct cosend_error *error)
{
    int invalid = writer->base.options->invalid_utf8;
    struct csi_json_style style = {.visible = writer->base.escape,
                                   .bytes =
                                       invalid == COSEND_INVALID_UTF8_ESCAPE};
    const char *line_end = writer->base.options->crlf ? "\r\n" : "\n";
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    struct csi_text *out = &writer->out;
    size_t start = out->length;
    bool done = csi_text_add(out, "{", 1);

    while (done && cosend_next_item(&record, &item, &inner)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        done = (out->length == start + 1 || csi_text_add(out, ",", 1)) &&
               csi_text_member(out, &item, &style);
        if (style.ill_formed && invalid == COSEND_INVALID_UTF8_REJECT) {
            out->length = start;
            return refuse_invalid_utf8(writer, &item, error);
        }
    }
    if (!done || inner.kind || !csi_text_add(out, "}", 1) ||
        !csi_text_string(out, line_end)) {
        out->length = start;
        return csi_no_memory(error);
    }
    writer->base.records++;
    writer->base.replaced += style.ill_formed && !style.bytes;
    return COSEND_OK;
}

/* Whether the columns are all that a batch's records have, and style allows to
   copy them. */
static bool has_only_columns(const struct jsonl_writer *writer,
                             const struct cosend_batch *batch)
{
    return (!batch->schema->open || batch->complete) && !writer->base.escape;
}

/* Append records of named columns, unless one of the names is no UTF-8. Returns
   what encode_json_record does. */
static int encode_columns(struct jsonl_writer *writer,
                          const struct cosend_batch *batch, uint32_t *at,
                          struct cosend_error *error)
{
    int invalid = writer->base.options->invalid_utf8;
    struct csi_json_style style = {.bytes =
                                       invalid == COSEND_INVALID_UTF8_ESCAPE};
    const char *line_end = writer->base.options->crlf ? "\r\n" : "\n";
    size_t line_end_length = strlen(line_end);
    struct csi_text *out = &writer->out;

    if (!csi_json_columns_begin(&writer->columns, batch))
        return csi_no_memory(error);
    for (; !writer->columns.ill_formed && *at < batch->count; ++*at) {
        size_t start = out->length;

        if (!csi_json_columns_add(&writer->columns, batch, *at, out, &style) ||
            !csi_text_add(out, line_end, line_end_length)) {
            out->length = start;
            return csi_no_memory(error);
        }
        /* Which field it was is told by what takes one after another. */
        if (style.ill_formed && invalid == COSEND_INVALID_UTF8_REJECT) {
            out->length = start;
            return encode_json_record(writer, batch, *at, error);
        }
        writer->base.records++;
        writer->base.replaced += style.ill_formed && !style.bytes;
    }
    return COSEND_OK;
}

static int write_json_records(struct csi_writer *base,
                              const struct cosend_batch *batch, uint32_t *at,
                              struct cosend_error *error)
{
    struct jsonl_writer *writer = (struct jsonl_writer *)base;
    int status = COSEND_OK, drained;

    if (csi_is_raw(batch, COSEND_FORMAT_JSONL))
        return csi_writer_put_raw(base, batch, at,
                                  csi_line_end(base, batch->schema), error);
    if (has_only_columns(writer, batch))
        status = encode_columns(writer, batch, at, error);
    for (; status == COSEND_OK && *at < batch->count; *at += !status)
        status = encode_json_record(writer, batch, *at, error);
    if (status == COSEND_E_MEMORY)
        return status;
    drained = csi_writer_drain(base, &writer->out,
                               status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

static void free_jsonl_writer(struct csi_writer *base)
{
    struct jsonl_writer *writer = (struct jsonl_writer *)base;

    csi_json_columns_free(&writer->columns);
    csi_text_free(&writer->out);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {
    csi_writer_begin_bom, write_json_records, csi_writer_no_flush,
    csi_text_json_visible, free_jsonl_writer};

struct csi_writer *csi_jsonl_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error)
{
    struct jsonl_writer *writer =
        csi_writer_new(sizeof(*writer), &ops, options, error);

    if (!writer)
        return NULL;
    writer->columns.plain.json = true;
    return &writer->base;
}
