/* SPDX-License-Identifier: MIT */
/*
 * Tables for people: a header, a rule, and rows in columns.
 *
 * How wide a column is depends on its cells, and they come one batch after the
 * other. So the first rows are held, as text that is ready to be shown, and
 * measured:
 *
 *     held    "host" "ms" "web1" "7" "web2" "12" ...   one cell behind the
 * other cells   how long and how wide each of them is columns the widest cell
 * of each; whether all of them were numbers
 *
 * At the thousandth row, at a megabyte, or at the end of the input they are
 * laid out, header first. From then on each row is laid out by itself, as it
 * comes, from its own bytes where these can be shown as they are, and a column
 * that turns out wider is so from that row on. So what is
 * printed depends on the records alone, and not on how or when they arrive. A
 * terminal is the exception: there a flush, when the input is idle, lays out
 * what is held, because somebody is looking.
 *
 * Columns that hold numbers alone go to the right. Nothing in a cell may act on
 * a terminal or break its line: controls are shown as cosend_escape shows them,
 * and a tab, a newline and a carriage return as \t, \n and \r, wherever the
 * table goes.
 *
 * Where there is a limit to the width of lines (of a terminal its width, else
 * only the option's) columns are narrowed when they are first laid out, and
 * keep their width: table_columns.c. Cells that do not fit, or are wider than
 * the option max_width, end in an ellipsis. Without a limit nothing is cut, but
 * no cell pads its column beyond WIDEST, lest one long text stretch every row.
 */
#include "format/table_write.h"

#include "base/short.h"
#include "cosend/io.h"
#include "cosend/number.h"
#include "format/fields.h"
#include "format/row_cells.h"
#include "format/table_border.h"
#include "format/table_columns.h"
#include "format/table_round.h"
#include "format/table_rows.h"
#include "format/table_width.h"
#include "format/write.h"

#include <string.h>

enum {
    HELD_ROWS = 1000,
    HELD_BYTES = 1 << 20,
    WIDEST = 60,
    GAP = CSI_TABLE_GAP
};

/* A cell as it will be shown; its bytes lie one after another in `held`. */
struct shown {
    size_t length;
    size_t width;
};

struct table_writer {
    struct csi_writer base;
    struct csi_fields fields; /* open: the columns */
    struct csi_row_cells
        taken;   /* not open: the cells of the last record, ... */
    bool taking; /* ... once one of the batch was taken */
    struct csi_table_rows alike; /* not open: rows that need no care */
    struct cosend_schema *names;
    struct csi_table_column *columns; /* NULL before they are known */
    struct csi_text held; /* header and rows as text without padding */
    struct shown *cells;  /* of the header and the rows held */
    size_t count, capacity;
    size_t rows;  /* held, the header included */
    bool started; /* some were laid out */
    const char *line_end;
    struct csi_text out;
    const struct csi_table_border *border;
    struct csi_table_rounder rounder;
};

/* ---- Measuring ----------------------------------------------------------- */

static bool is_number(struct cosend_cell cell)
{
    double value;

    return cell.kind == COSEND_NUMBER ||
           (cell.kind == COSEND_TEXT &&
            cosend_parse_double(cell.data, cell.length, &value));
}

/* The letter behind a backslash by which a byte is shown; 0 for none. */
static char letter_of(char byte)
{
    return byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : 0;
}

/* Append text with what could harm a terminal, or a table, made visible. */
static bool add_escaped(struct csi_text *out, const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        const char *start = text;
        size_t size;

        while (text < end && !letter_of(*text))
            text++;
        size = cosend_escape(start, (size_t)(text - start), false, NULL, 0);
        if (!csi_text_reserve(out, size + 2))
            return false;
        cosend_escape(start, (size_t)(text - start), false,
                      out->data + out->length, size + 1);
        out->length += size;
        if (text < end) {
            out->data[out->length++] = '\\';
            out->data[out->length++] = letter_of(*text++);
        }
    }
    return true;
}

static bool hold_cell(struct table_writer *writer, uint32_t column,
                      struct cosend_cell cell)
{
    size_t start = writer->held.length;
    struct csi_table_column *of = &writer->columns[column];
    size_t most = (size_t)writer->base.options->max_width;
    bool plain = csi_width_is_length(cell);
    struct shown *shown;

    if (!csi_grow(&writer->cells, &writer->capacity, writer->count + 1,
                  sizeof(*writer->cells)) ||
        !(plain ? csi_text_add(&writer->held, cell.data, cell.length)
                : add_escaped(&writer->held, cell.data, cell.length)))
        return false;
    shown = &writer->cells[writer->count++];
    shown->length = writer->held.length - start;
    shown->width = plain ? shown->length
                         : csi_width(writer->held.data + start, shown->length);
    if (shown->width > of->width && !(writer->started && writer->base.width))
        of->width = most && shown->width > most ? most : shown->width;
    return true;
}

static void learn_kind(struct table_writer *writer, uint32_t column,
                       struct cosend_cell cell)
{
    struct csi_table_column *of = &writer->columns[column];

    if (writer->started || cosend_is_blank(cell))
        return;
    if (is_number(cell))
        of->numbers = true;
    else
        of->texts = true;
}

/* ---- Laying out ---------------------------------------------------------- */

static bool add_fill(struct csi_text *out, char byte, size_t count)
{
    if (!csi_text_reserve(out, count))
        return false;
    memset(out->data + out->length, byte, count);
    out->length += count;
    return true;
}

/* Whether cells that are wider than their column are cut. */
static bool cuts(const struct table_writer *writer)
{
    return writer->base.width || writer->base.options->max_width;
}

/* The columns of the terminal that a column takes. */
static size_t column_width(const struct table_writer *writer, uint32_t column)
{
    size_t width = writer->columns[column].width;

    return cuts(writer) || width < WIDEST ? width : WIDEST;
}

/* Append a cell, cut where that must be. *width becomes what it takes. */
static bool add_text(struct table_writer *writer, const char *text,
                     const struct shown *shown, size_t most, size_t *width)
{
    size_t length;

    *width = shown->width;
    if (!cuts(writer) || shown->width <= most)
        return csi_text_add(&writer->out, text, shown->length);
    *width = most ? most - 1 : 0;
    length = csi_width_prefix(text, shown->length, width);
    ++*width;
    return csi_text_add(&writer->out, text, length) &&
           csi_text_string(&writer->out, "\xe2\x80\xa6");
}

static bool add_table_cell(struct table_writer *writer, uint32_t column,
                           const char *text, const struct shown *shown)
{
    size_t width = column_width(writer, column), taken;
    bool right = csi_table_goes_right(&writer->columns[column]);
    bool last = column + 1 == writer->names->count;
    const struct csi_table_line *row = &writer->border->row;

    if (!column && !csi_text_string(&writer->out, row->start))
        return false;
    if (right && shown->width < width &&
        !add_fill(&writer->out, ' ', width - shown->width))
        return false;
    if (!add_text(writer, text, shown, width, &taken))
        return false;
    return add_fill(&writer->out, ' ',
                    right || taken > width ? 0 : width - taken) &&
           csi_text_string(&writer->out, last ? row->end : row->gap);
}

static bool add_table_line_end(struct table_writer *writer)
{
    struct csi_text *out = &writer->out;

    /* Blanks at the end of a line are nobody's. */
    while (out->length && out->data[out->length - 1] == ' ')
        out->length--;
    if (!csi_text_reserve(out, 2))
        return false;
    memcpy(out->data + out->length, writer->line_end, 2);
    out->length += writer->line_end[1] ? 2 : 1;
    return true;
}

/* A rule, if there is one of the sort. */
static bool add_rule(struct table_writer *writer,
                     const struct csi_table_line *rule)
{
    struct csi_text *out = &writer->out;

    if (!rule->start)
        return true;
    for (uint32_t i = 0; i < writer->names->count; i++) {
        if (!csi_text_string(out, i ? rule->gap : rule->start))
            return false;
        for (size_t width = column_width(writer, i); width; width--)
            if (!csi_text_string(out, rule->fill))
                return false;
    }
    return csi_text_string(out, rule->end) && add_table_line_end(writer);
}

/* The first rows are measured. */
static bool begin_rows(struct table_writer *writer)
{
    const struct csi_table_border *border = writer->border;
    size_t width = writer->base.width;

    if (width)
        csi_table_narrow(writer->columns, writer->names->count,
                         width > border->edges ? width - border->edges : 1,
                         border->gap);
    return add_rule(writer, &border->top);
}

/* Lay out all that is held. */
static bool lay_out(struct table_writer *writer)
{
    uint32_t columns = writer->names->count;
    const struct shown *cell = writer->cells;
    const char *text = writer->held.data;
    bool header = !writer->started && !writer->base.options->headless;

    if (!writer->rows)
        return true;
    if (!writer->started && !begin_rows(writer))
        return false;
    for (size_t row = 0; row < writer->rows; row++) {
        for (uint32_t i = 0; i < columns; i++) {
            if (!add_table_cell(writer, i, text, cell))
                return false;
            text += cell->length;
            cell++;
        }
        if (!add_table_line_end(writer) ||
            (header && !add_rule(writer, &writer->border->header)))
            return false;
        header = false;
    }
    writer->started = true;
    writer->rows = 0;
    writer->count = 0;
    writer->held.length = 0;
    return true;
}

/* ---- A row by itself ----------------------------------------------------- */

/* A cell that must be escaped, measured or cut, that widens its column, or that
   there is no room for. */
__attribute__((noinline)) static bool
lay_out_with_care(struct table_writer *writer, uint32_t column,
                  struct cosend_cell cell)
{
    bool done =
        hold_cell(writer, column, cell) &&
        add_table_cell(writer, column, writer->held.data, writer->cells);

    writer->count = 0;
    writer->held.length = 0;
    return done;
}

static bool lay_out_bordered(struct table_writer *writer,
                             const struct cosend_cell *cells)
{
    for (uint32_t i = 0; i < writer->names->count; i++)
        if (!lay_out_with_care(writer, i, cells[i]))
            return false;
    return add_table_line_end(writer);
}

/* Lay out a row that comes when all that was held is laid out. */
static bool lay_out_row(struct table_writer *writer,
                        const struct cosend_cell *cells)
{
    struct csi_text *out = &writer->out;
    bool limited = cuts(writer);
    uint32_t count = writer->names->count;
    char *to = out->data + out->length, *end = out->data + out->capacity;

    for (uint32_t i = 0; i < count; i++) {
        struct csi_table_column *of = &writer->columns[i];
        size_t length = cells[i].length, width = of->width, room, pad;

        width = limited || width < WIDEST ? width : WIDEST;
        room = (length < width ? width : length) + GAP + CSI_TABLE_STEP;
        if ((size_t)(end - to) < room || length > of->width ||
            !csi_width_is_length(cells[i])) {
            out->length = (size_t)(to - out->data);
            if (!lay_out_with_care(writer, i, cells[i]) ||
                !csi_text_reserve(out, 1))
                return false;
            to = out->data + out->length;
            end = out->data + out->capacity;
            continue;
        }
        pad = room - GAP - CSI_TABLE_STEP - length;
        if (csi_table_goes_right(of)) {
            to = csi_table_blanks(to, pad);
            pad = 0;
        }
        csi_copy(to, cells[i].data, length);
        to += length;
        if (i + 1 < count)
            to = csi_table_blanks(to, pad + GAP);
    }
    out->length = (size_t)(to - out->data);
    return add_table_line_end(writer);
}

static int release_rows(struct table_writer *writer, struct cosend_error *error)
{
    if (writer->columns && writer->names->count && !lay_out(writer))
        return csi_no_memory(error);
    return csi_writer_drain(&writer->base, &writer->out, error);
}

/* ---- Holding ------------------------------------------------------------- */

static int make_columns(struct table_writer *writer,
                        const struct cosend_schema *columns,
                        struct cosend_error *error)
{
    int status =
        csi_header_names(&writer->base, columns, &writer->names, error);

    if (status != COSEND_OK)
        return status;
    writer->columns =
        csi_calloc((size_t)columns->count + 1, sizeof(*writer->columns));
    if (!writer->columns)
        return csi_no_memory(error);
    for (uint32_t i = 0; i < columns->count; i++)
        writer->columns[i].align = writer->base.options->align;
    if (writer->base.options->headless)
        return COSEND_OK;
    for (uint32_t i = 0; i < columns->count; i++) {
        const struct csi_schema_column *name = &writer->names->columns[i];

        if (!hold_cell(writer, i, cosend_text(name->name, name->length)))
            return csi_no_memory(error);
    }
    writer->rows = 1;
    return COSEND_OK;
}

static int begin_table(struct csi_writer *base,
                       const struct cosend_schema *schema,
                       struct cosend_error *error)
{
    struct table_writer *writer = (struct table_writer *)base;

    base->began = true;
    writer->line_end = base->options->crlf ? "\r\n" : "\n";
    writer->border = &csi_table_borders[base->options->border];
    if (base->options->bom &&
        !csi_text_add(&writer->out, csi_bom, sizeof(csi_bom)))
        return csi_no_memory(error);
    return schema->open ? COSEND_OK : make_columns(writer, schema, error);
}

static bool hold_row(struct table_writer *writer,
                     const struct cosend_cell *cells)
{
    for (uint32_t i = 0; i < writer->names->count; i++) {
        learn_kind(writer, i, cells[i]);
        if (!hold_cell(writer, i, cells[i]))
            return false;
    }
    writer->rows++;
    return true;
}

/* Records without any field that came before there were columns. */
static bool hold_blank(struct table_writer *writer)
{
    for (uint64_t i = 0; i < writer->fields.blank; i++, writer->rows++)
        for (uint32_t j = 0; j < writer->names->count; j++)
            if (!hold_cell(writer, j, csi_absent))
                return false;
    return true;
}

/* Bring the cells of a record of open fields to writer->fields. */
static int fit(struct table_writer *writer, const struct cosend_batch *batch,
               uint32_t at, struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    int status = csi_fields_fit(&writer->fields, &writer->base, &record, error);

    if (status != COSEND_OK || writer->columns || !writer->fields.names)
        return status;
    status = make_columns(writer, writer->fields.names, error);
    if (status == COSEND_OK && !hold_blank(writer))
        return csi_no_memory(error);
    return status;
}

static int write_one(struct table_writer *writer,
                     const struct cosend_batch *batch, uint32_t at,
                     struct cosend_error *error)
{
    const struct cosend_format_options *options = writer->base.options;
    bool open = batch->schema->open, done;
    const struct cosend_cell *cells;
    int status = open ? fit(writer, batch, at, error) : COSEND_OK;

    if (status != COSEND_OK)
        return status;
    if (!open &&
        ((!writer->taking && !csi_row_cells_begin(&writer->taken, batch)) ||
         !csi_row_cells_take(&writer->taken, batch, at)))
        return csi_no_memory(error);
    writer->taking = true;
    writer->base.records++;
    if (!writer->columns)
        return COSEND_OK;
    cells = open ? writer->fields.fitted : writer->taken.cells;
    if (options->round)
        cells = csi_table_round(&writer->rounder, cells, writer->names->count,
                                (unsigned)options->round);
    if (!cells)
        return csi_no_memory(error);
    if (writer->started && !writer->rows)
        done = options->border ? lay_out_bordered(writer, cells)
                               : lay_out_row(writer, cells);
    else
        done =
            hold_row(writer, cells) &&
            ((writer->rows <= HELD_ROWS && writer->held.length < HELD_BYTES) ||
             lay_out(writer));
    return done ? COSEND_OK : csi_no_memory(error);
}

/* Lay out rows from *at on that need no care. False without memory. */
static bool lay_out_alike(struct table_writer *writer, uint32_t *at)
{
    const struct cosend_format_options *options = writer->base.options;
    uint32_t before = *at;
    bool done;

    if (!writer->started || writer->rows || options->border || options->round)
        return true;
    done = csi_table_rows_add(&writer->alike, writer->columns,
                              cuts(writer) ? SIZE_MAX : WIDEST, at,
                              writer->line_end, &writer->out);
    writer->base.records += *at - before;
    return done;
}

static int write_table_records(struct csi_writer *base,
                               const struct cosend_batch *batch, uint32_t *at,
                               struct cosend_error *error)
{
    struct table_writer *writer = (struct table_writer *)base;
    int status = COSEND_OK, released = COSEND_OK;

    writer->taking = false;
    csi_table_rows_begin(&writer->alike, batch);
    csi_fields_begin(&writer->fields, batch);
    for (; *at < batch->count; ++*at) {
        if (!lay_out_alike(writer, at))
            return csi_no_memory(error);
        if (*at == batch->count)
            break;
        status = write_one(writer, batch, *at, error);
        if (status == COSEND_E_DATA)
            break;
        if (status != COSEND_OK)
            return status;
    }
    if (writer->started)
        released = release_rows(writer, status == COSEND_OK ? error : NULL);
    return released == COSEND_OK ? status : released;
}

/* A table without rows is its header, but only once none can come. */
static int flush_table(struct csi_writer *base, bool last,
                       struct cosend_error *error)
{
    struct table_writer *writer = (struct table_writer *)base;
    size_t header = !base->options->headless;

    if (!last && !writer->started && (!base->escape || writer->rows <= header))
        return COSEND_OK;
    /* No record told the columns: what is known of each is that it was. */
    if (last && !writer->columns)
        base->blank = writer->fields.blank;
    for (uint64_t i = 0; last && !writer->columns && i < writer->fields.blank;
         i++)
        if (!csi_text_string(&writer->out, writer->line_end))
            return csi_no_memory(error);
    if (last && writer->columns && writer->names->count &&
        (!lay_out(writer) ||
         (writer->started && !add_rule(writer, &writer->border->bottom))))
        return csi_no_memory(error);
    return release_rows(writer, error);
}

static void free_table_writer(struct csi_writer *base)
{
    struct table_writer *writer = (struct table_writer *)base;

    csi_fields_free(&writer->fields);
    csi_row_cells_free(&writer->taken);
    csi_table_rows_free(&writer->alike);
    csi_schema_unref(writer->names);
    csi_free(writer->columns);
    csi_free(writer->cells);
    csi_text_free(&writer->held);
    csi_text_free(&writer->out);
    csi_table_rounder_free(&writer->rounder);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {begin_table, write_table_records,
                                          flush_table, NULL, free_table_writer};

struct csi_writer *csi_table_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error)
{
    return csi_writer_new(sizeof(struct table_writer), &ops, options, error);
}
