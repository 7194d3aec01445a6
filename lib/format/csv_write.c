/* SPDX-License-Identifier: MIT */
/*
 * The CSV writer. Rows that were read as CSV with the same delimiter and quote
 * and that nobody changed leave as their raw bytes, but for those that lack
 * cells or have too many (`ragged`): they are encoded, as all others are, with
 * a quote only where a reader would go wrong without.
 *
 * Columns of words are CSV with a blank between cells, without quotes, and
 * without cells that would need some.
 *
 * Records with open fields, JSON lines, are fitted to those of the first one.
 */
#include "format/csv_write.h"

#include "format/csv_clean.h"
#include "format/csv_lines.h"
#include "format/csv_made.h"
#include "format/csv_record.h"

#include <string.h>

/* ---- The header ---------------------------------------------------------- */

/* Whether rows that were read with a schema's bytes may be written as they
   came. */
static bool same_bytes(const struct csi_csv_writer *writer,
                       const struct cosend_schema *schema)
{
    if (writer->encoder.words)
        return true;
    return csi_csv_writes_plain(&writer->encoder) &&
           schema->delimiter == writer->encoder.rules.delimiter[0] &&
           schema->quote == writer->encoder.rules.quote;
}

/* Whether a header leaves as it came. */
static bool is_raw_header(const struct csi_csv_writer *writer,
                          const struct cosend_schema *columns)
{
    return columns->header && columns->untouched &&
           columns->format == writer->format && same_bytes(writer, columns) &&
           !writer->base.options->header.names.count;
}

static int add_header(struct csi_csv_writer *writer,
                      const struct cosend_schema *columns,
                      const struct cosend_schema *input,
                      struct cosend_error *error)
{
    struct cosend_schema *names = NULL;
    int status;

    if (writer->base.options->headless || columns->count == 0 ||
        writer->format == COSEND_FORMAT_NIDX)
        return COSEND_OK;
    if (writer->base.behind) { /* the file has it */
        status = csi_header_names(&writer->base, columns, &names, error);
        csi_schema_unref(names);
        return status;
    }
    if (is_raw_header(writer, columns)) {
        if (!csi_text_add(&writer->out, columns->header,
                          columns->header_length) ||
            !csi_csv_add_line_end(writer, input))
            return csi_no_memory(error);
        writer->wrote = true;
        return COSEND_OK;
    }
    status = csi_header_names(&writer->base, columns, &names, error);
    for (uint32_t i = 0; status == COSEND_OK && i < names->count; i++) {
        const struct csi_schema_column *name = &names->columns[i];

        struct cosend_cell cell = cosend_text(name->name, name->length);

        status = csi_csv_add_cell(writer, cell, i, names->count);
        if (status != COSEND_OK)
            status =
                csi_csv_give_up_record(writer, 0, status, cell, name, error);
    }
    csi_schema_unref(names);
    if (status == COSEND_OK && !csi_csv_add_line_end(writer, input))
        return csi_no_memory(error);
    if (status != COSEND_E_DATA)
        return status;
    /* No record is to blame. */
    if (error)
        error->kind = COSEND_E_USAGE;
    return COSEND_E_USAGE;
}

static int begin_csv(struct csi_writer *base,
                     const struct cosend_schema *schema,
                     struct cosend_error *error)
{
    struct csi_csv_writer *writer = (struct csi_csv_writer *)base;
    int status = COSEND_OK;

    base->began = true;
    writer->wrote = base->behind;
    if (base->behind)
        return schema->open && base->columns &&
                       !csi_fields_set(&writer->fields, base->columns)
                   ? csi_no_memory(error)
                   : COSEND_OK;
    if (base->options->bom &&
        !csi_text_add(&writer->out, csi_bom, sizeof(csi_bom)))
        return csi_no_memory(error);
    if (!schema->open)
        status = add_header(writer, schema, schema, error);
    return status == COSEND_OK ? csi_writer_drain(base, &writer->out, error)
                               : status;
}

/* ---- Records of named columns -------------------------------------------- */

/* How a batch of named columns is written. */
struct manner {
    bool raw;         /* rows leave as they came, */
    bool clean;       /* cells of the block need no quotes */
    bool lines;       /* they are lines of text, in quotes or without */
    bool made;        /* a filter made them, and cells can be copied */
    uint32_t leading; /* so many columns are rows', others were added */
    bool begun;       /* cells can be taken */
};

/* Append a record of a batch. Returns what csi_csv_add_record does. */
static int encode_csv_record(struct csi_csv_writer *writer,
                             struct manner *manner,
                             const struct cosend_batch *batch, uint32_t at,
                             struct cosend_error *error)
{
    if ((!manner->begun && !csi_row_cells_begin(&writer->cells, batch)) ||
        !csi_row_cells_take(&writer->cells, batch, at))
        return csi_no_memory(error);
    manner->begun = true;
    return csi_csv_add_record(writer, batch, at, writer->cells.cells,
                              batch->schema, error);
}

static struct manner manner_of(const struct csi_csv_writer *writer,
                               const struct cosend_batch *batch)
{
    struct csi_row_slices slices = csi_row_slices(batch);
    struct manner manner = {.begun = false};

    manner.raw = csi_is_raw(batch, writer->format) && batch->schema->count &&
                 same_bytes(writer, batch->schema);
    manner.clean = !manner.raw && csi_csv_is_clean(&writer->encoder, batch);
    manner.made = writer->copies && csi_csv_are_made(batch);
    manner.lines = csi_csv_are_lines(&slices) && writer->doubles;
    manner.leading = csi_csv_leading(&writer->encoder, batch);
    return manner;
}

/* Append records of rows as they came, with cells that were added behind them,
   from *at on, as long as they are written so; *at moves on. Returns what
   csi_csv_add_record does. */
static int add_longer_rows(struct csi_csv_writer *writer,
                           const struct cosend_batch *batch, uint32_t leading,
                           uint32_t *at, struct cosend_error *error)
{
    const struct cosend_schema *schema = batch->schema;
    struct csi_text *out = &writer->out;

    for (uint32_t i = leading; i < schema->count; i++)
        if (!csi_batch_fill(batch, i))
            return csi_no_memory(error);
    for (; *at < batch->count; ++*at) {
        uint32_t row = csi_batch_row(batch, *at);
        size_t start = out->length, length;
        const char *data;

        if (!csi_csv_is_encoded(batch, row, &data, &length))
            break;
        if (!csi_text_add(out, data, length))
            return csi_no_memory(error);
        for (uint32_t i = leading; i < schema->count; i++) {
            struct cosend_cell cell = csi_cell(batch, i, *at, row);
            int status = csi_csv_add_cell(writer, cell, i, schema->count);

            if (status != COSEND_OK)
                return csi_csv_give_up_record(writer, start, status, cell,
                                              &schema->columns[i], error);
        }
        if (!csi_csv_add_line_end(writer, schema))
            return csi_no_memory(error);
        writer->base.records++;
    }
    return COSEND_OK;
}

/* Write a run of rows from *at on as they came, if there is one. Returns
   COSEND_OK, or what the writer's put did. */
static int write_run(struct csi_csv_writer *writer,
                     const struct cosend_batch *batch, uint32_t *at,
                     struct cosend_error *error)
{
    struct csi_row_run run = csi_run_at(&writer->base, batch, *at);
    int status;

    if (!run.count)
        return COSEND_OK;
    status = csi_writer_drain(&writer->base, &writer->out, error);
    if (status == COSEND_OK)
        status = csi_writer_put_run(&writer->base, &run,
                                    csi_line_end(&writer->base, batch->schema),
                                    error);
    *at += status == COSEND_OK ? run.count : 0;
    return status;
}

/* Write or encode records from *at on together, as many as can be. The same, or
   what csi_csv_add_record returns. */
static int write_some(struct csi_csv_writer *writer,
                      const struct manner *manner,
                      const struct cosend_batch *batch, uint32_t *at,
                      struct cosend_error *error)
{
    const char *line_end = csi_line_end(&writer->base, batch->schema);
    struct csi_text *out = &writer->out;
    uint32_t before = *at;
    bool done = true;

    if (manner->raw)
        return write_run(writer, batch, at, error);
    if (!writer->wrote)
        return COSEND_OK;
    if (manner->leading)
        return add_longer_rows(writer, batch, manner->leading, at, error);
    if (manner->clean)
        done = csi_csv_encode_clean(batch, at, line_end, out);
    else if (manner->made)
        done = csi_csv_made_add(batch, at, writer->encoder.rules.delimiter[0],
                                writer->plain.needles, line_end, out);
    else if (manner->lines)
        done = csi_csv_lines_add(&writer->plain, batch, at,
                                 writer->encoder.rules.quote, line_end, out);
    if (!done)
        return csi_no_memory(error);
    writer->base.records += *at - before;
    return COSEND_OK;
}

static int write_columns(struct csi_csv_writer *writer,
                         const struct cosend_batch *batch, uint32_t *at,
                         struct cosend_error *error)
{
    struct manner manner = manner_of(writer, batch);
    int status = COSEND_OK;

    writer->looks = writer->copies && !manner.clean;
    if (manner.clean && !csi_fill_all(batch))
        return csi_no_memory(error);
    while (status == COSEND_OK && *at < batch->count) {
        uint32_t before = *at;

        status = write_some(writer, &manner, batch, at, error);
        if (status != COSEND_OK || *at > before)
            continue;
        status = encode_csv_record(writer, &manner, batch, *at, error);
        *at += status == COSEND_OK;
    }
    return status;
}

/* ---- Records of open fields ---------------------------------------------- */

/* Records without any field that came before there were columns. */
static int add_blank(struct csi_csv_writer *writer, uint64_t count,
                     const struct cosend_schema *input,
                     struct cosend_error *error)
{
    const struct cosend_schema *names = writer->fields.names;
    uint32_t columns = names ? names->count : 0;

    for (; count; count--) {
        size_t start = writer->out.length;

        for (uint32_t i = 0; i < columns; i++) {
            int status = csi_csv_add_cell(writer, csi_absent, i, columns);

            if (status != COSEND_OK)
                return csi_csv_give_up_record(writer, start, status, csi_absent,
                                              &names->columns[i], error);
        }
        if (!csi_csv_add_line_end(writer, input))
            return csi_no_memory(error);
    }
    return COSEND_OK;
}

static int add_fields(struct csi_csv_writer *writer,
                      const struct cosend_batch *batch, uint32_t at,
                      struct cosend_error *error)
{
    struct csi_fields *fields = &writer->fields;
    struct cosend_record record = cosend_batch_record(batch, at);
    bool known = fields->names;
    int status = csi_fields_fit(fields, &writer->base, &record, error);

    if (status == COSEND_OK && !fields->names && writer->encoder.words) {
        fields->blank = 0;
        return csi_writer_refuse_blank(&writer->base, error);
    }
    if (status == COSEND_OK && !known && fields->names) {
        status = add_header(writer, fields->names, batch->schema, error);
        if (status == COSEND_OK)
            status = add_blank(writer, fields->blank, batch->schema, error);
    }
    if (status == COSEND_OK && fields->names)
        return csi_csv_add_record(writer, batch, at, fields->fitted,
                                  fields->names, error);
    writer->base.records += status == COSEND_OK;
    return status;
}

static int write_open(struct csi_csv_writer *writer,
                      const struct cosend_batch *batch, uint32_t *at,
                      struct cosend_error *error)
{
    writer->looks = writer->copies;
    csi_fields_begin(&writer->fields, batch);
    for (; *at < batch->count; ++*at) {
        int status = add_fields(writer, batch, *at, error);

        writer->base.columns = writer->fields.names;
        if (status != COSEND_OK)
            return status;
    }
    return COSEND_OK;
}

/* What was encoded before a record that will not do is put too. */
static int write_csv_records(struct csi_writer *base,
                             const struct cosend_batch *batch, uint32_t *at,
                             struct cosend_error *error)
{
    struct csi_csv_writer *writer = (struct csi_csv_writer *)base;
    int status, drained = COSEND_OK;

    csi_plain_reset(&writer->plain);
    status = batch->schema->open ? write_open(writer, batch, at, error)
                                 : write_columns(writer, batch, at, error);
    if (status == COSEND_OK || status == COSEND_E_DATA)
        drained = csi_writer_drain(base, &writer->out,
                                   status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

/* Records that no other told the columns of are blank lines. */
static int flush_csv(struct csi_writer *base, bool last,
                     struct cosend_error *error)
{
    static const struct cosend_schema made = {0};
    struct csi_csv_writer *writer = (struct csi_csv_writer *)base;

    if (!last || writer->fields.names)
        return COSEND_OK;
    base->blank = writer->fields.blank;
    if (add_blank(writer, writer->fields.blank, &made, error) != COSEND_OK)
        return COSEND_E_MEMORY;
    return csi_writer_drain(base, &writer->out, error);
}

/* ---- The writer ---------------------------------------------------------- */

static void free_csv_writer(struct csi_writer *base)
{
    struct csi_csv_writer *writer = (struct csi_csv_writer *)base;

    csi_text_free(&writer->out);
    csi_fields_free(&writer->fields);
    csi_row_cells_free(&writer->cells);
    csi_plain_free(&writer->plain);
    csi_writer_free(base);
}

static const struct csi_writer_ops ops = {
    begin_csv, write_csv_records, flush_csv, csi_show_lines, free_csv_writer};

/* Have the bytes looked for that a cell without quotes must not hold, if these
   are few enough. */
static void choose_needles(struct csi_csv_writer *writer)
{
    char *needles = writer->plain.needles;
    unsigned count = 0;

    for (unsigned byte = 0; byte < 256; byte++) {
        if (!writer->encoder.special[byte])
            continue;
        if (count == CSI_SCAN_NEEDLES)
            return;
        needles[count++] = (char)byte;
    }
    while (count < CSI_SCAN_NEEDLES)
        needles[count++] = needles[0];
    writer->copies = csi_csv_writes_plain(&writer->encoder);
    writer->doubles = writer->copies &&
                      writer->encoder.quoting == COSEND_QUOTING_MINIMAL &&
                      writer->encoder.rules.quotes;
}

static struct csi_writer *
new_writer(const struct cosend_format_options *options, int format,
           struct cosend_error *error)
{
    struct csi_csv_writer *writer =
        csi_writer_new(sizeof(*writer), &ops, options, error);

    if (!writer)
        return NULL;
    writer->format = format;
    if (!csi_csv_encoder_init(&writer->encoder, options, format, error)) {
        free_csv_writer(&writer->base);
        return NULL;
    }
    choose_needles(writer);
    return &writer->base;
}

struct csi_writer *csi_csv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    return new_writer(options, COSEND_FORMAT_CSV, error);
}

struct csi_writer *csi_tsv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    return new_writer(options, COSEND_FORMAT_TSV, error);
}

struct csi_writer *
csi_columns_writer(const struct cosend_format_options *options,
                   struct cosend_error *error)
{
    return new_writer(options, COSEND_FORMAT_COLUMNS, error);
}

struct csi_writer *csi_nidx_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    return new_writer(options, COSEND_FORMAT_NIDX, error);
}
