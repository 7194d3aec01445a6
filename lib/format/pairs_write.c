/* SPDX-License-Identifier: MIT */
/*
 * The writers of LTSV and logfmt. A record that its reader would not read back,
 * for a name or a value that the format cannot hold, is bad; so is one without
 * fields, whose line would be blank. Null is written as a value of no bytes,
 * absent fields are not written.
 */
#include "format/pairs_write.h"

#include "format/pairs.h"
#include "format/write.h"

struct pairs_writer {
    struct csi_writer base;
    bool logfmt;
    struct csi_text out;
};

/* ---- What cannot be held ------------------------------------------------- */

static int refuse_item(struct pairs_writer *writer,
                       const struct cosend_item *item, const char *what,
                       struct cosend_error *error)
{
    writer->base.bad_kind = "not_writable";
    return cosend_error_set(
        error, COSEND_E_DATA, "field \"%.*s\" %s, which %s cannot hold",
        item->name_length < 100 ? (int)item->name_length : 100, item->name,
        what, writer->logfmt ? "logfmt" : "LTSV");
}

static bool has_line_end(const char *data, size_t length)
{
    return length && (memchr(data, '\n', length) || memchr(data, '\r', length));
}

/* What LTSV cannot hold of an item, or NULL. */
static const char *unfit_for_ltsv(const struct cosend_item *item)
{
    const struct cosend_cell *cell = &item->cell;

    if (!item->name_length)
        return "has a name of no bytes";
    if (memchr(item->name, ':', item->name_length) ||
        memchr(item->name, '\t', item->name_length))
        return "has a colon or a tab in its name";
    if (has_line_end(item->name, item->name_length))
        return "has a line end in its name";
    if (cell->length && memchr(cell->data, '\t', cell->length))
        return "has a tab";
    return has_line_end(cell->data, cell->length) ? "has a line end" : NULL;
}

/* What logfmt cannot hold of one; its values can hold anything. */
static const char *unfit_for_logfmt(const struct cosend_item *item)
{
    if (!item->name_length)
        return "has a name of no bytes";
    for (size_t i = 0; i < item->name_length; i++)
        if ((unsigned char)item->name[i] <= ' ' || item->name[i] == '=' ||
            item->name[i] == '"')
            return "has a blank, = or \" in its name";
    return NULL;
}

/* ---- Encoding ------------------------------------------------------------ */

static bool needs_quotes(struct cosend_cell cell)
{
    for (uint32_t i = 0; i < cell.length; i++)
        if ((unsigned char)cell.data[i] <= ' ' || cell.data[i] == '"' ||
            cell.data[i] == '=' || cell.data[i] == 0x7f)
            return true;
    return false;
}

/* A value in quotes: the escapes of JSON, all other bytes as they are. */
static bool add_quoted(struct csi_text *out, struct cosend_cell cell)
{
    static const char hex[] = "0123456789abcdef";
    bool done = csi_text_add(out, "\"", 1);

    for (uint32_t i = 0; done && i < cell.length; i++) {
        unsigned char c = (unsigned char)cell.data[i];
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        const char *at = c ? strchr("\nn\rr\tt\"\"\\\\", c) : NULL;

        if (at && (c < ' ' || c == '"' || c == '\\')) {
            escape[1] = at[1];
            done = csi_text_add(out, escape, 2);
        } else if (c < ' ') {
            done = csi_text_add(out, escape, 6);
        } else {
            done = csi_text_add(out, cell.data + i, 1);
        }
    }
    return done && csi_text_add(out, "\"", 1);
}

static bool add_item(struct pairs_writer *writer,
                     const struct cosend_item *item, bool first)
{
    struct csi_text *out = &writer->out;

    if ((!first && !csi_text_add(out, writer->logfmt ? " " : "\t", 1)) ||
        !csi_text_add(out, item->name, item->name_length) ||
        !csi_text_add(out, writer->logfmt ? "=" : ":", 1))
        return false;
    return writer->logfmt && needs_quotes(item->cell)
               ? add_quoted(out, item->cell)
               : csi_text_add(out, item->cell.data, item->cell.length);
}

/* Returns COSEND_OK; or COSEND_E_DATA, or COSEND_E_MEMORY, with nothing
   appended. */
static int encode_pairs(struct pairs_writer *writer,
                        const struct cosend_batch *batch, uint32_t at,
                        const char *line_end, struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    size_t start = writer->out.length;
    int status = COSEND_OK;

    while (status == COSEND_OK && cosend_next_item(&record, &item, &inner)) {
        bool first = writer->out.length == start;
        const char *unfit;

        if (item.cell.kind == COSEND_ABSENT)
            continue;
        unfit =
            writer->logfmt ? unfit_for_logfmt(&item) : unfit_for_ltsv(&item);
        if (!unfit && first && csi_starts_with_bom(item.name, item.name_length))
            unfit = "has a name that begins as a byte order mark does";
        if (unfit)
            status = refuse_item(writer, &item, unfit, error);
        else if (!add_item(writer, &item, first))
            status = csi_no_memory(error);
    }
    if (status == COSEND_OK && inner.kind)
        status = csi_no_memory(error);
    if (status == COSEND_OK && writer->out.length == start) {
        writer->base.bad_kind = "not_writable";
        status = cosend_error_set(error, COSEND_E_DATA,
                                  "the record has no fields, and a blank line "
                                  "is no record");
    }
    if (status == COSEND_OK && !csi_text_string(&writer->out, line_end))
        status = csi_no_memory(error);
    if (status != COSEND_OK)
        writer->out.length = start;
    else
        writer->base.records++;
    return status;
}

static int write_pairs(struct csi_writer *base,
                       const struct cosend_batch *batch, uint32_t *at,
                       struct cosend_error *error)
{
    struct pairs_writer *writer = (struct pairs_writer *)base;
    const char *line_end = csi_line_end(base, batch->schema);
    int format = writer->logfmt ? COSEND_FORMAT_LOGFMT : COSEND_FORMAT_LTSV;
    int status = COSEND_OK, drained;

    if (csi_is_raw(batch, format))
        return csi_writer_put_raw(base, batch, at, line_end, error);
    for (; status == COSEND_OK && *at < batch->count; *at += !status)
        status = encode_pairs(writer, batch, *at, line_end, error);
    if (status == COSEND_E_MEMORY)
        return status;
    drained = csi_writer_drain(base, &writer->out,
                               status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

static void free_pairs_writer(struct csi_writer *base)
{
    csi_text_free(&((struct pairs_writer *)base)->out);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {csi_writer_begin_bom, write_pairs,
                                          csi_writer_no_flush, csi_show_lines,
                                          free_pairs_writer};

static struct csi_writer *
new_pairs_writer(const struct cosend_format_options *options, bool logfmt,
                 struct cosend_error *error)
{
    struct pairs_writer *writer =
        csi_writer_new(sizeof(*writer), &ops, options, error);

    if (!writer)
        return NULL;
    writer->logfmt = logfmt;
    return &writer->base;
}

struct csi_writer *csi_ltsv_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    return new_pairs_writer(options, false, error);
}

struct csi_writer *
csi_logfmt_writer(const struct cosend_format_options *options,
                  struct cosend_error *error)
{
    return new_pairs_writer(options, true, error);
}
