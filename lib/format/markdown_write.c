/* SPDX-License-Identifier: MIT */
/*
 * Tables as GitHub's Markdown has them (GFM 0.29, 4.10):
 *
 *     | host | ms |
 *     | --- | --- |
 *     | a\|b | 7 |
 *
 * A table cannot hold a pipe or a line end by itself: they are written as \|
 * and <br>, and a backslash as \\, so that no \| comes of it. Other marks of
 * Markdown are left as they are. Of open records the columns are the first
 * one's.
 */
#include "format/markdown_write.h"

#include "format/fields.h"
#include "format/plain_cells.h"
#include "format/row_cells.h"

struct markdown_writer {
    struct csi_writer base;
    struct csi_fields fields;   /* open: the columns */
    struct csi_row_cells taken; /* not open: the cells of the last record */
    struct csi_plain_cells plain;
    struct csi_text out;
    uint32_t count; /* of columns, once the header is written */
    bool started;
};

static const char *line_end_of(const struct markdown_writer *writer)
{
    return writer->base.options->crlf ? "\r\n" : "\n";
}

static bool add_cell(struct csi_text *out, const char *p, size_t length)
{
    const char *end = length ? p + length : p;
    bool done = csi_text_string(out, " ");

    while (done && p < end) {
        const char *start = p;

        while (p < end && *p != '|' && *p != '\\' && *p != '\n' && *p != '\r')
            p++;
        done = csi_text_add(out, start, (size_t)(p - start));
        if (!done || p == end)
            break;
        if (*p == '|' || *p == '\\') {
            done = csi_text_add(out, "\\", 1) && csi_text_add(out, p, 1);
        } else {
            p += *p == '\r' && p + 1 < end && p[1] == '\n';
            done = csi_text_string(out, "<br>");
        }
        p++;
    }
    return done && csi_text_string(out, " |");
}

/* The names and the rule below them. */
static int add_head(struct markdown_writer *writer,
                    const struct cosend_schema *columns,
                    struct cosend_error *error)
{
    struct csi_text *out = &writer->out;
    const char *line_end = line_end_of(writer);
    struct cosend_schema *names;
    int status = csi_header_names(&writer->base, columns, &names, error);
    bool done = true;

    if (status != COSEND_OK)
        return status;
    writer->started = true;
    writer->count = columns->count;
    done = !columns->count || csi_text_add(out, "|", 1);
    for (uint32_t i = 0; done && i < names->count; i++)
        done = add_cell(out, names->columns[i].name, names->columns[i].length);
    done = done && (!columns->count || (csi_text_string(out, line_end) &&
                                        csi_text_add(out, "|", 1)));
    for (uint32_t i = 0; done && i < names->count; i++)
        done = csi_text_string(out, " --- |");
    done = done && (!columns->count || csi_text_string(out, line_end));
    csi_schema_unref(names);
    return done ? COSEND_OK : csi_no_memory(error);
}

static int begin_markdown(struct csi_writer *base,
                          const struct cosend_schema *schema,
                          struct cosend_error *error)
{
    struct markdown_writer *writer = (struct markdown_writer *)base;
    int status = csi_writer_begin_bom(base, schema, error);

    if (status != COSEND_OK || schema->open)
        return status;
    status = add_head(writer, schema, error);
    return status == COSEND_OK ? csi_writer_drain(base, &writer->out, error)
                               : status;
}

/* Append a cell in which nothing is to be escaped; there is room. */
static char *put_plain(char *to, struct cosend_cell cell)
{
    *to++ = ' ';
    to = csi_copy_near(to, cell.data, cell.length);
    memcpy(to, " |", 2);
    return to + 2;
}

static bool add_cells(struct markdown_writer *writer,
                      const struct cosend_cell *cells)
{
    enum { AROUND = 3, ROOM = 64 };
    struct csi_plain_run run = csi_plain_nothing(&writer->plain);
    struct csi_text *out = &writer->out;
    bool done = csi_text_add(out, "|", 1);

    for (uint32_t i = 0; done && i < writer->count; i++) {
        struct cosend_cell cell = cells[i];

        if (!cell.length || !csi_plain_has(&writer->plain, &run, cell)) {
            done = add_cell(out, cell.data, cell.length);
            continue;
        }
        done = csi_text_reserve(out, (size_t)cell.length + AROUND + ROOM);
        if (done)
            out->length =
                (size_t)(put_plain(out->data + out->length, cell) - out->data);
    }
    return done && csi_text_string(out, line_end_of(writer));
}

static int add_row(struct markdown_writer *writer,
                   const struct cosend_batch *batch, uint32_t at,
                   struct cosend_error *error)
{
    bool open = batch->schema->open;

    if ((!open && !csi_row_cells_take(&writer->taken, batch, at)) ||
        !csi_plain_cover(&writer->plain, batch, at) ||
        !add_cells(writer, open ? writer->fields.fitted : writer->taken.cells))
        return csi_no_memory(error);
    return COSEND_OK;
}

static int write_one(struct markdown_writer *writer,
                     const struct cosend_batch *batch, uint32_t at,
                     struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    int status = COSEND_OK;

    if (batch->schema->open)
        status = csi_fields_fit(&writer->fields, &writer->base, &record, error);
    if (status == COSEND_OK && !writer->started && writer->fields.names)
        status = add_head(writer, writer->fields.names, error);
    /* Those without any field that came before there were columns, too. */
    for (; status == COSEND_OK && writer->started && writer->fields.blank;
         writer->fields.blank--) {
        bool done = csi_text_add(&writer->out, "|", 1);

        for (uint32_t i = 0; done && i < writer->count; i++)
            done = add_cell(&writer->out, "", 0);
        if (!done || !csi_text_string(&writer->out, line_end_of(writer)))
            status = csi_no_memory(error);
    }
    if (status == COSEND_OK && writer->started && writer->count)
        status = add_row(writer, batch, at, error);
    if (status == COSEND_OK)
        writer->base.records++;
    return status;
}

static int write_markdown(struct csi_writer *base,
                          const struct cosend_batch *batch, uint32_t *at,
                          struct cosend_error *error)
{
    struct markdown_writer *writer = (struct markdown_writer *)base;
    int status = COSEND_OK, drained;

    if (!batch->schema->open && !csi_row_cells_begin(&writer->taken, batch))
        return csi_no_memory(error);
    csi_plain_reset(&writer->plain);
    csi_fields_begin(&writer->fields, batch);
    for (; status == COSEND_OK && *at < batch->count; *at += !status)
        status = write_one(writer, batch, *at, error);
    if (status == COSEND_E_MEMORY || status == COSEND_E_USAGE)
        return status;
    drained = csi_writer_drain(base, &writer->out,
                               status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

/* No record told the columns: what is known of each is that it was. */
static int flush_markdown(struct csi_writer *base, bool last,
                          struct cosend_error *error)
{
    struct markdown_writer *writer = (struct markdown_writer *)base;

    base->blank = writer->fields.blank;
    for (; last && writer->fields.blank; writer->fields.blank--)
        if (!csi_text_string(&writer->out, line_end_of(writer)))
            return csi_no_memory(error);
    return csi_writer_drain(base, &writer->out, error);
}

static void free_markdown_writer(struct csi_writer *base)
{
    struct markdown_writer *writer = (struct markdown_writer *)base;

    csi_fields_free(&writer->fields);
    csi_row_cells_free(&writer->taken);
    csi_plain_free(&writer->plain);
    csi_text_free(&writer->out);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {begin_markdown, write_markdown,
                                          flush_markdown, csi_show_lines,
                                          free_markdown_writer};

struct csi_writer *
csi_markdown_writer(const struct cosend_format_options *options,
                    struct cosend_error *error)
{
    struct markdown_writer *writer =
        csi_writer_new(sizeof(*writer), &ops, options, error);

    if (!writer)
        return NULL;
    memcpy(writer->plain.needles, "|\\\n\r", CSI_SCAN_NEEDLES);
    return &writer->base;
}
