/* SPDX-License-Identifier: MIT */
/*
 * Tables for people. The first rows are held, up to a thousand, and tell how
 * wide columns are and which of them hold numbers; then rows are put as they
 * come, and a column that turns out wider is so from there on.
 */
#include "cosend/io.h"
#include "cosend/number.h"
#include "format/formats.h"
#include "format/line_reader.h"
#include "format/table_width.h"

#include <string.h>

enum {
    HELD_ROWS = 1000,
    HELD_BYTES = 1 << 20,
    WIDEST = 60, /* no padding beyond, lest one cell stretch all rows */
    GAP = 2
};

/* A cell as it will be shown; its bytes lie one after another in `held`. */
struct shown {
    size_t length;
    size_t width;
};

struct column {
    size_t width;
    bool texts, numbers; /* what was seen; numbers alone go to the right */
};

struct table_writer {
    struct csi_writer base;
    struct csi_fields fields; /* open: the columns */
    struct cosend_schema *names;
    struct column *columns;
    struct csi_text held; /* header and rows as text without padding */
    struct shown *cells;  /* of the header and the rows held */
    size_t count, capacity;
    size_t rows;  /* held, the header included; 0 before there are columns */
    bool started; /* the header was put */
    const char *line_end;
    struct csi_text out;
};

static bool is_number(struct cosend_cell cell)
{
    double value;

    return cell.kind == COSEND_NUMBER ||
           (cell.kind == COSEND_TEXT &&
            cosend_parse_double(cell.data, cell.length, &value));
}

/* Append text with what could harm a terminal, or a table, made visible. */
static bool add_escaped(struct csi_text *out, const char *text, size_t length)
{
    const char *end = text + length;

    for (;;) {
        const char *tab = memchr(text, '\t', (size_t)(end - text));
        size_t piece = (size_t)((tab ? tab : end) - text);
        size_t size = cosend_escape(text, piece, false, NULL, 0);

        if (out->capacity - out->length <= size &&
            !csi_grow(&out->data, &out->capacity, out->length + size + 1, 1))
            return false;
        cosend_escape(text, piece, false, out->data + out->length, size + 1);
        out->length += size;
        if (!tab)
            return true;
        if (!csi_text_add(out, "\\t", 2))
            return false;
        text = tab + 1;
    }
}

static bool hold_cell(struct table_writer *writer, uint32_t column,
                      struct cosend_cell cell)
{
    size_t start = writer->held.length;
    struct column *of = &writer->columns[column];
    struct shown *shown;

    if (!csi_grow(&writer->cells, &writer->capacity, writer->count + 1,
                  sizeof(*writer->cells)) ||
        (cell.length && !add_escaped(&writer->held, cell.data, cell.length)))
        return false;
    shown = &writer->cells[writer->count++];
    shown->length = writer->held.length - start;
    shown->width = csi_width(writer->held.data + start, shown->length);
    if (shown->width > of->width)
        of->width = shown->width < WIDEST ? shown->width : WIDEST;
    return true;
}

static void learn(struct table_writer *writer, uint32_t column,
                  struct cosend_cell cell)
{
    struct column *of = &writer->columns[column];

    if (writer->started || cosend_is_blank(cell))
        return;
    if (is_number(cell))
        of->numbers = true;
    else
        of->texts = true;
}

/* ---- Putting ------------------------------------------------------------- */

static bool add_fill(struct csi_text *out, char byte, size_t count)
{
    char fill[WIDEST];

    memset(fill, byte, sizeof(fill));
    return csi_text_add(out, fill, count < WIDEST ? count : WIDEST);
}

static bool add_cell(struct table_writer *writer, uint32_t column,
                     const char *text, const struct shown *shown)
{
    const struct column *of = &writer->columns[column];
    size_t padding = of->width > shown->width ? of->width - shown->width : 0;
    bool right = of->numbers && !of->texts;
    bool last = column + 1 == writer->names->count;

    if (right && !add_fill(&writer->out, ' ', padding))
        return false;
    if (!csi_text_add(&writer->out, text, shown->length))
        return false;
    return last || add_fill(&writer->out, ' ', (right ? 0 : padding) + GAP);
}

static bool add_line_end(struct table_writer *writer)
{
    /* Blanks at the end of a line are nobody's. */
    while (writer->out.length &&
           writer->out.data[writer->out.length - 1] == ' ')
        writer->out.length--;
    return csi_text_add(&writer->out, writer->line_end,
                        strlen(writer->line_end));
}

static bool add_rule(struct table_writer *writer)
{
    for (uint32_t i = 0; i < writer->names->count; i++)
        if ((i && !add_fill(&writer->out, ' ', GAP)) ||
            !add_fill(&writer->out, '-', writer->columns[i].width))
            return false;
    return add_line_end(writer);
}

/* Lay out all that is held. */
static bool lay_out(struct table_writer *writer)
{
    uint32_t columns = writer->names->count;
    const struct shown *cell = writer->cells;
    const char *text = writer->held.data;

    for (size_t row = 0; row < writer->rows; row++) {
        for (uint32_t i = 0; i < columns; i++) {
            if (!add_cell(writer, i, text, cell))
                return false;
            text += cell->length;
            cell++;
        }
        if (!add_line_end(writer) || (!writer->started && !add_rule(writer)))
            return false;
        writer->started = true;
    }
    writer->rows = 0;
    writer->count = 0;
    writer->held.length = 0;
    return true;
}

static int release(struct table_writer *writer, struct cosend_error *error)
{
    if (writer->names && writer->names->count && !lay_out(writer))
        return csi_no_memory(error);
    return csi_writer_drain(&writer->base, &writer->out, error);
}

/* ---- Holding ------------------------------------------------------------- */

static bool make_columns(struct table_writer *writer,
                         struct cosend_schema *names)
{
    writer->names = csi_schema_ref(names);
    writer->columns =
        csi_calloc((size_t)names->count + 1, sizeof(*writer->columns));
    if (!writer->columns)
        return false;
    for (uint32_t i = 0; i < names->count; i++)
        if (!hold_cell(
                writer, i,
                cosend_text(names->columns[i].name, names->columns[i].length)))
            return false;
    writer->rows = 1;
    return true;
}

static int begin(struct csi_writer *base, const struct cosend_schema *schema,
                 struct cosend_error *error)
{
    struct table_writer *writer = (struct table_writer *)base;

    base->began = true;
    writer->line_end = base->options->crlf ? "\r\n" : "\n";
    if (base->options->bom &&
        !csi_text_add(&writer->out, csi_bom, sizeof(csi_bom)))
        return csi_no_memory(error);
    if (!schema->open &&
        !make_columns(writer, (struct cosend_schema *)(uintptr_t)schema))
        return csi_no_memory(error);
    return COSEND_OK;
}

static int fit(struct table_writer *writer, const struct cosend_batch *batch,
               uint32_t at, struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    int status = csi_fields_fit(&writer->fields, &writer->base, &record, error);

    if (status == COSEND_OK && !writer->names &&
        !make_columns(writer, writer->fields.names))
        return csi_no_memory(error);
    return status;
}

static bool hold_row(struct table_writer *writer,
                     const struct cosend_batch *batch, uint32_t at)
{
    uint32_t row = csi_row(batch, at);

    for (uint32_t i = 0; i < writer->names->count; i++) {
        struct cosend_cell cell = batch->schema->open
                                      ? writer->fields.cells[i]
                                      : csi_cell(batch, i, at, row);

        learn(writer, i, cell);
        if (!hold_cell(writer, i, cell))
            return false;
    }
    writer->rows++;
    writer->base.records++;
    return true;
}

static int write_records(struct csi_writer *base,
                         const struct cosend_batch *batch, uint32_t *at,
                         struct cosend_error *error)
{
    struct table_writer *writer = (struct table_writer *)base;
    int status = COSEND_OK, released = COSEND_OK;

    if (!batch->schema->open && !csi_fill_all(batch))
        return csi_no_memory(error);
    for (; *at < batch->count; ++*at) {
        if (batch->schema->open) {
            status = fit(writer, batch, *at, error);
            if (status == COSEND_E_DATA)
                break;
            if (status != COSEND_OK)
                return status;
        }
        if (!hold_row(writer, batch, *at))
            return csi_no_memory(error);
        if (!writer->started && writer->rows <= HELD_ROWS &&
            writer->held.length < HELD_BYTES)
            continue;
        if (!lay_out(writer))
            return csi_no_memory(error);
    }
    if (writer->started)
        released = release(writer, status == COSEND_OK ? error : NULL);
    return released == COSEND_OK ? status : released;
}

/* A table without rows is its header, but only once none can come. */
static int flush(struct csi_writer *base, bool last, struct cosend_error *error)
{
    struct table_writer *writer = (struct table_writer *)base;

    if (!last && !writer->started && writer->rows <= 1)
        return COSEND_OK;
    return release(writer, error);
}

static void free_writer(struct csi_writer *base)
{
    struct table_writer *writer = (struct table_writer *)base;

    csi_fields_free(&writer->fields);
    csi_schema_unref(writer->names);
    csi_free(writer->columns);
    csi_free(writer->cells);
    csi_text_free(&writer->held);
    csi_text_free(&writer->out);
    csi_free(writer);
}

static const struct csi_writer_ops ops = {begin, write_records, flush,
                                          free_writer};

struct csi_writer *csi_table_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error)
{
    return csi_writer_new(sizeof(struct table_writer), &ops, options, error);
}
