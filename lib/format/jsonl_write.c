/* SPDX-License-Identifier: MIT */
/*
 * The writer of JSON lines, and of an array of JSON. Lines that were read as
 * such and that nobody changed leave as their raw bytes; in others, values that
 * nobody changed do. Those end in LF, whatever the input's lines end in.
 *
 * JSON is UTF-8, and what is no UTF-8 cannot be said in it. Two values that
 * differ in such bytes alone would come out the same, so no record is changed
 * in silence: it is counted (writer->replaced), which its user is told, or, as
 * the option invalid_utf8 says, it shows the bytes, or is bad.
 *
 * What is to be sorted, be ASCII, or be indented is written as it always is,
 * and then arranged: one text is made of another.
 *
 * An array has the same objects. What parts them, a comma and a line end, comes
 * in front of each but the first, so that no record has to wait for the next
 * one; where another writer has begun the array, this one's are behind.
 */
#include "format/jsonl_write.h"

#include "format/json_columns.h"
#include "format/json_indent.h"
#include "format/json_sort.h"
#include "format/write.h"

struct jsonl_writer {
    struct csi_writer base;
    struct csi_json_columns columns;
    struct csi_text out;
    bool array;
    size_t indent;
    bool arranges;         /* records are put once more: see arrange */
    struct csi_text whole; /* a record that is to be */
    struct csi_json_sorter sorter;
};

static const char *line_end_of(const struct jsonl_writer *writer)
{
    return writer->base.options->crlf ? "\r\n" : "\n";
}

/* ---- Around a record ----------------------------------------------------- */

static bool begin_element(struct jsonl_writer *writer)
{
    bool first = !writer->base.records && !writer->base.behind;

    return !writer->array || ((first || csi_text_add(&writer->out, ",", 1)) &&
                              csi_json_new_line(&writer->out, writer->indent,
                                                line_end_of(writer)));
}

/* Move a record, which is what `out` has from `start` on, to `whole`. */
static bool take_back(struct jsonl_writer *writer, size_t start)
{
    struct csi_text *out = &writer->out;

    writer->whole.length = 0;
    if (!csi_text_add(&writer->whole, out->data + start, out->length - start))
        return false;
    out->length = start;
    return true;
}

static bool arrange(struct jsonl_writer *writer, size_t start)
{
    const struct cosend_format_options *options = writer->base.options;
    struct csi_text *out = &writer->out, *whole = &writer->whole;

    if (options->sort_keys &&
        (!take_back(writer, start) ||
         !csi_json_sort(&writer->sorter, out, whole->data, whole->length)))
        return false;
    if (options->ascii && (!take_back(writer, start) ||
                           !csi_json_ascii(out, whole->data, whole->length)))
        return false;
    return !writer->indent ||
           (take_back(writer, start) &&
            csi_json_indent(out, whole->data, whole->length, writer->indent,
                            line_end_of(writer)));
}

/* What of `out` is from `start` on is a record. */
static bool end_element(struct jsonl_writer *writer, size_t start)
{
    return (!writer->arranges || arrange(writer, start)) &&
           (writer->array ||
            csi_text_string(&writer->out, line_end_of(writer)));
}

/* ---- Records ------------------------------------------------------------- */

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
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    struct csi_text *out = &writer->out;
    size_t start = out->length, object;
    bool done = begin_element(writer);

    object = out->length;
    done = done && csi_text_add(out, "{", 1);
    while (done && cosend_next_item(&record, &item, &inner)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        style.numbers = writer->base.options->numbers && !item.raw &&
                        csi_is_untyped(batch->schema, item.place - 1);
        done = (out->length == object + 1 || csi_text_add(out, ",", 1)) &&
               csi_text_member(out, &item, &style);
        if (style.ill_formed && invalid == COSEND_INVALID_UTF8_REJECT) {
            out->length = start;
            return refuse_invalid_utf8(writer, &item, error);
        }
    }
    if (!done || inner.kind || !csi_text_add(out, "}", 1) ||
        !end_element(writer, object)) {
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

/* What is around the next record, but for what begin_element and end_element
   add where it is arranged. */
static struct csi_json_frame frame_of(const struct jsonl_writer *writer,
                                      bool first)
{
    struct csi_json_frame frame = {"{", "}", 1, 1};
    bool crlf = writer->base.options->crlf;
    char *to = writer->array ? frame.open : frame.close + 1;

    if (writer->arranges)
        return frame;
    if (writer->array && !first)
        *to++ = ',';
    if (crlf)
        *to++ = '\r';
    *to++ = '\n';
    if (writer->array) {
        *to++ = '{';
        frame.open_length = (uint8_t)(to - frame.open);
    } else {
        frame.close_length = (uint8_t)(to - frame.close);
    }
    return frame;
}

/* What csi_json_columns_add does, for as many records as have the same around
   them; and arranged where they are to be. */
static bool add_columns(struct jsonl_writer *writer,
                        const struct cosend_batch *batch, uint32_t *at,
                        size_t *start, struct csi_json_style *style)
{
    bool first = !writer->base.records && !writer->base.behind;
    uint32_t end = first || writer->arranges ? *at + 1 : batch->count;
    struct csi_json_frame frame = frame_of(writer, first);
    size_t object;

    if (!writer->arranges)
        return csi_json_columns_add(&writer->columns, batch, at, end, &frame,
                                    &writer->out, start, style);
    *start = writer->out.length;
    return begin_element(writer) &&
           csi_json_columns_add(&writer->columns, batch, at, end, &frame,
                                &writer->out, &object, style) &&
           end_element(writer, object);
}

/* Append records of named columns, unless one of the names is no UTF-8. Returns
   what encode_json_record does. */
static int encode_columns(struct jsonl_writer *writer,
                          const struct cosend_batch *batch, uint32_t *at,
                          struct cosend_error *error)
{
    int invalid = writer->base.options->invalid_utf8;
    struct csi_json_style style = {.bytes =
                                       invalid == COSEND_INVALID_UTF8_ESCAPE,
                                   .numbers = writer->base.options->numbers};

    if (!csi_json_columns_begin(&writer->columns, batch))
        return csi_no_memory(error);
    while (!writer->columns.ill_formed && *at < batch->count) {
        uint32_t before = *at;
        size_t start = writer->out.length;
        bool done = add_columns(writer, batch, at, &start, &style);
        bool refused =
            style.ill_formed && invalid == COSEND_INVALID_UTF8_REJECT;

        if (!done || refused)
            writer->out.length = start;
        if (!done)
            return csi_no_memory(error);
        *at -= refused;
        writer->base.records += *at - before;
        /* Which field it was is told by what takes one after another. */
        if (refused)
            return encode_json_record(writer, batch, *at, error);
        writer->base.replaced += style.ill_formed && !style.bytes;
    }
    return COSEND_OK;
}

/* Records that nobody changed, as elements, or arranged. */
static int encode_raw(struct jsonl_writer *writer,
                      const struct cosend_batch *batch, uint32_t *at,
                      struct cosend_error *error)
{
    for (; *at < batch->count; ++*at) {
        uint32_t row = csi_batch_row(batch, *at);
        bool done = begin_element(writer);
        size_t object = writer->out.length, length;
        const char *data;

        csi_rows_content(batch->rows, row, &data, &length);
        if (!done || !csi_text_add(&writer->out, data, length) ||
            !end_element(writer, object))
            return csi_no_memory(error);
        writer->base.records++;
    }
    return COSEND_OK;
}

static int encode_records(struct jsonl_writer *writer,
                          const struct cosend_batch *batch, uint32_t *at,
                          struct cosend_error *error)
{
    int status = COSEND_OK;

    if (has_only_columns(writer, batch))
        status = encode_columns(writer, batch, at, error);
    for (; status == COSEND_OK && *at < batch->count; *at += !status)
        status = encode_json_record(writer, batch, *at, error);
    return status;
}

static int write_json_records(struct csi_writer *base,
                              const struct cosend_batch *batch, uint32_t *at,
                              struct cosend_error *error)
{
    struct jsonl_writer *writer = (struct jsonl_writer *)base;
    bool raw = csi_is_raw(batch, COSEND_FORMAT_JSONL) ||
               csi_is_raw(batch, COSEND_FORMAT_JSON);
    int status, drained;

    if (raw && !writer->array && !writer->arranges)
        return csi_writer_put_raw(base, batch, at,
                                  csi_line_end(base, batch->schema), error);
    status = raw ? encode_raw(writer, batch, at, error)
                 : encode_records(writer, batch, at, error);
    if (status == COSEND_E_MEMORY)
        return status;
    drained = csi_writer_drain(base, &writer->out,
                               status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

/* ---- Around all records -------------------------------------------------- */

static int begin_array(struct csi_writer *base,
                       const struct cosend_schema *schema,
                       struct cosend_error *error)
{
    int status = csi_writer_begin_bom(base, schema, error);

    return status == COSEND_OK && !base->behind
               ? csi_writer_put(base, "[", 1, error)
               : status;
}

static int flush_array(struct csi_writer *base, bool last,
                       struct cosend_error *error)
{
    struct jsonl_writer *writer = (struct jsonl_writer *)base;
    const char *line_end = line_end_of(writer);
    int status = COSEND_OK;

    if (!last)
        return COSEND_OK;
    /* An array of none, whose columns were never known. */
    if (!base->began)
        status = begin_array(base, NULL, error);
    if (status != COSEND_OK)
        return status;
    if ((base->records && !csi_text_string(&writer->out, line_end)) ||
        !csi_text_add(&writer->out, "]", 1) ||
        !csi_text_string(&writer->out, line_end))
        return csi_no_memory(error);
    return csi_writer_drain(base, &writer->out, error);
}

static void free_jsonl_writer(struct csi_writer *base)
{
    struct jsonl_writer *writer = (struct jsonl_writer *)base;

    csi_json_columns_free(&writer->columns);
    csi_text_free(&writer->out);
    csi_text_free(&writer->whole);
    csi_json_sorter_free(&writer->sorter);
    csi_writer_free(base);
}

static const struct csi_writer_ops line_ops = {
    csi_writer_begin_bom, write_json_records, csi_writer_no_flush,
    csi_text_json_visible, free_jsonl_writer};

static const struct csi_writer_ops array_ops = {
    begin_array, write_json_records, flush_array, csi_text_json_visible,
    free_jsonl_writer};

static struct csi_writer *
new_json_writer(const struct csi_writer_ops *ops,
                const struct cosend_format_options *options,
                struct cosend_error *error)
{
    struct jsonl_writer *writer =
        csi_writer_new(sizeof(*writer), ops, options, error);

    if (!writer)
        return NULL;
    writer->columns.plain.special = CSI_SPECIAL_JSON;
    writer->array = ops == &array_ops;
    writer->indent = writer->array ? (size_t)options->indent : 0;
    writer->arranges = options->sort_keys || options->ascii || writer->indent;
    return &writer->base;
}

struct csi_writer *csi_jsonl_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error)
{
    return new_json_writer(&line_ops, options, error);
}

struct csi_writer *csi_json_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    return new_json_writer(&array_ops, options, error);
}
