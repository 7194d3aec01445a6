/* SPDX-License-Identifier: MIT */
/*
 * The CSV writer. Rows that were read as CSV with the same delimiter and quote
 * and that nobody changed leave as their raw bytes, but for those that lack
 * cells (`ragged: pad`): they are encoded, as all others are, with a quote
 * only where a reader would go wrong without.
 *
 * Records with open fields, JSON lines, are fitted to those of the first one.
 */
#include "format/formats.h"
#include "format/line_reader.h"

#include <string.h>

struct csv_writer {
    struct csi_writer base;
    char delimiter, quote;
    int format;        /* COSEND_FORMAT_CSV or _TSV */
    bool special[256]; /* bytes that need quotes round their cell; TSV: that
                          are escaped */
    struct csi_text out;
    struct csi_fields fields; /* open: those of the first record */
};

bool csi_csv_bytes(const struct cosend_format_options *options, char *delimiter,
                   char *quote, struct cosend_error *error)
{
    const struct cosend_string *one = &options->delimiter;
    const struct cosend_string *other = &options->quote;

    if (one->length > 1 || other->length > 1) {
        cosend_error_set(error, COSEND_E_SPEC, "%s must be one byte",
                         one->length > 1 ? "delimiter" : "quote");
        return false;
    }
    *delimiter = one->length ? one->data[0] : ',';
    *quote = other->length ? other->data[0] : '"';
    if (*delimiter == *quote || *delimiter == '\n' || *delimiter == '\r' ||
        *quote == '\n' || *quote == '\r') {
        cosend_error_set(error, COSEND_E_SPEC,
                         "delimiter and quote must differ from each other and "
                         "from a line end");
        return false;
    }
    return true;
}

static bool needs_quotes(const struct csv_writer *writer,
                         struct cosend_cell cell)
{
    for (uint32_t i = 0; i < cell.length; i++)
        if (writer->special[(unsigned char)cell.data[i]])
            return true;
    return false;
}

static bool add_quoted(struct csv_writer *writer, struct cosend_cell cell)
{
    struct csi_text *out = &writer->out;
    const char *p = cell.data, *end = p + cell.length;
    bool done = csi_text_add(out, &writer->quote, 1);

    while (done && p < end) {
        const char *quote = memchr(p, writer->quote, (size_t)(end - p));
        const char *stop = quote ? quote + 1 : end;

        done = csi_text_add(out, p, (size_t)(stop - p)) &&
               (!quote || csi_text_add(out, quote, 1));
        p = stop;
    }
    return done && csi_text_add(out, &writer->quote, 1);
}

/* TSV: what csi_tsv_unescape reads again. */
static bool add_escaped(struct csi_text *out, struct cosend_cell cell)
{
    bool done = true;

    for (uint32_t i = 0; done && i < cell.length; i++) {
        char c = cell.data[i];

        switch (c) {
        case '\t':
            done = csi_text_add(out, "\\t", 2);
            break;
        case '\n':
            done = csi_text_add(out, "\\n", 2);
            break;
        case '\r':
            done = csi_text_add(out, "\\r", 2);
            break;
        case '\\':
            done = csi_text_add(out, "\\\\", 2);
            break;
        default:
            done = csi_text_add(out, &c, 1);
        }
    }
    return done;
}

/* Append cell i of a record of `count`. */
static bool add_cell(struct csv_writer *writer, struct cosend_cell cell,
                     uint32_t i, uint32_t count)
{
    if (i && !csi_text_add(&writer->out, &writer->delimiter, 1))
        return false;
    if (writer->format == COSEND_FORMAT_TSV && needs_quotes(writer, cell))
        return add_escaped(&writer->out, cell);
    if (writer->format == COSEND_FORMAT_CSV &&
        (needs_quotes(writer, cell) || (count == 1 && cell.length == 0)))
        return add_quoted(writer, cell);
    return csi_text_add(&writer->out, cell.data, cell.length);
}

static bool add_line_end(struct csv_writer *writer,
                         const struct cosend_schema *schema)
{
    const char *line_end = csi_line_end(&writer->base, schema);

    return csi_text_add(&writer->out, line_end, strlen(line_end));
}

/* A BOM in the first name would be taken for the file's: quotes prevent it. */
static bool add_header(struct csv_writer *writer,
                       const struct cosend_schema *names,
                       const struct cosend_schema *input)
{
    if (writer->base.options->headless)
        return true;
    for (uint32_t i = 0; i < names->count; i++) {
        struct cosend_cell name =
            cosend_text(names->columns[i].name, names->columns[i].length);
        bool bom = i == 0 && writer->format == COSEND_FORMAT_CSV &&
                   name.length >= sizeof(csi_bom) &&
                   memcmp(name.data, csi_bom, sizeof(csi_bom)) == 0;

        if (bom ? !add_quoted(writer, name)
                : !add_cell(writer, name, i, names->count))
            return false;
    }
    return names->count == 0 || add_line_end(writer, input);
}

static int begin(struct csi_writer *base, const struct cosend_schema *schema,
                 struct cosend_error *error)
{
    struct csv_writer *writer = (struct csv_writer *)base;

    base->began = true;
    if (base->options->bom &&
        !csi_text_add(&writer->out, csi_bom, sizeof(csi_bom)))
        return csi_no_memory(error);
    if (!schema->open && !add_header(writer, schema, schema))
        return csi_no_memory(error);
    return csi_writer_drain(base, &writer->out, error);
}

/* ---- Records of named columns -------------------------------------------- */

/* Whether a cell as it was read, from CSV of this delimiter and quote, had no
   quotes around it: then it needs none. What a filter cut from a cell may. */
static inline bool is_clean(const struct csi_rows *rows,
                            struct cosend_cell cell)
{
    const char *data = rows->block->data;
    size_t offset = (size_t)((uintptr_t)cell.data - (uintptr_t)data);

    return offset < rows->block->length &&
           (offset == 0 || cell.data[-1] != rows->quote);
}

/* Copy in steps of 16 bytes; up to 15 more than length are read and written. */
static inline char *copy(char *to, const char *from, size_t length)
{
    for (size_t i = 0; i < length; i += 16)
        memcpy(to + i, from + i, 16);
    return to + length;
}

/* Whether records may be encoded by encode_clean. */
static bool may_be_clean(const struct csv_writer *writer,
                         const struct cosend_batch *batch)
{
    const struct cosend_schema *schema = batch->schema;
    const struct csi_rows *rows = batch->rows;

    for (uint32_t i = 0; i < schema->count; i++)
        if (schema->columns[i].origin == CSI_DENSE)
            return false;
    return rows && rows->clean && rows->delimiter == writer->delimiter &&
           rows->quote == writer->quote && schema->count > 1;
}

/* The bytes of a record with its delimiters; 0 where a cell is not clean. */
static inline size_t measure_clean(const struct cosend_batch *batch,
                                   uint32_t at, uint32_t row)
{
    bool clean = true;
    size_t length = 0;

    for (uint32_t i = 0; i < batch->schema->count; i++) {
        struct cosend_cell cell = csi_cell(batch, i, at, row);

        clean = clean && is_clean(batch->rows, cell);
        length += cell.length + 1;
    }
    return clean ? length : 0;
}

/*
 * Encode records from *at on, as long as their cells are clean slices of one
 * block; *at moves on.
 *
 * Returns false without memory.
 */
static bool encode_clean(struct csv_writer *writer,
                         const struct cosend_batch *batch, uint32_t *at)
{
    const char *line_end = csi_line_end(&writer->base, batch->schema);
    size_t line_end_length = strlen(line_end), length;
    uint32_t count = batch->schema->count;
    struct csi_text *out = &writer->out;

    for (; *at < batch->count; ++*at) {
        uint32_t row = csi_batch_row(batch, *at);
        char *to;

        length = measure_clean(batch, *at, row);
        if (!length)
            break;
        if (!csi_grow(&out->data, &out->capacity,
                      out->length + length + line_end_length + 16, 1))
            return false;
        to = out->data + out->length;
        for (uint32_t i = 0; i < count; i++) {
            struct cosend_cell cell = csi_cell(batch, i, *at, row);

            to = copy(to, cell.data, cell.length);
            *to++ = writer->delimiter;
        }
        memcpy(to - 1, line_end, line_end_length);
        out->length += length - 1 + line_end_length;
        writer->base.records++;
    }
    return true;
}

static bool encode(struct csv_writer *writer, const struct cosend_batch *batch,
                   uint32_t at)
{
    uint32_t count = batch->schema->count, row = csi_row(batch, at);

    for (uint32_t i = 0; i < count; i++)
        if (!add_cell(writer, csi_cell(batch, i, at, row), i, count))
            return false;
    writer->base.records++;
    return add_line_end(writer, batch->schema);
}

static bool same_bytes(const struct csv_writer *writer,
                       const struct cosend_schema *schema)
{
    return schema->delimiter == writer->delimiter &&
           schema->quote == writer->quote;
}

static int write_columns(struct csv_writer *writer,
                         const struct cosend_batch *batch, uint32_t *at,
                         struct cosend_error *error)
{
    const struct cosend_schema *schema = batch->schema;
    bool raw = csi_is_raw(batch, writer->format) && schema->count &&
               same_bytes(writer, schema);
    /* What is short of cells is padded, so its last cell must be known. */
    bool ragged = raw && batch->rows->ragged;
    bool clean = may_be_clean(writer, batch);
    int status;

    if ((!raw || ragged) && !csi_fill_all(batch))
        return csi_no_memory(error);
    while (*at < batch->count) {
        struct csi_run run = {0};

        if (raw)
            run = csi_run_at(&writer->base, batch, *at,
                             ragged ? batch->columns[schema->count - 1].cells
                                    : NULL);
        if (!run.count) {
            uint32_t before = *at;

            if (!raw && clean && !encode_clean(writer, batch, at))
                return csi_no_memory(error);
            if (*at == before && !encode(writer, batch, (*at)++))
                return csi_no_memory(error);
            continue;
        }
        status = csi_writer_drain(&writer->base, &writer->out, error);
        if (status == COSEND_OK)
            status =
                csi_writer_put_run(&writer->base, &run,
                                   csi_line_end(&writer->base, schema), error);
        if (status != COSEND_OK)
            return status;
        *at += run.count;
    }
    return csi_writer_drain(&writer->base, &writer->out, error);
}

/* ---- Records of open fields ---------------------------------------------- */

static int write_open(struct csv_writer *writer,
                      const struct cosend_batch *batch, uint32_t *at,
                      struct cosend_error *error)
{
    struct csi_fields *fields = &writer->fields;
    int status = COSEND_OK, drained;

    for (; *at < batch->count; ++*at) {
        struct cosend_record record = cosend_batch_record(batch, *at);
        bool first = !fields->names;

        status = csi_fields_fit(fields, &writer->base, &record, error);
        if (status == COSEND_E_DATA)
            break;
        if (status != COSEND_OK)
            return status;
        if (first && !add_header(writer, fields->names, batch->schema))
            return csi_no_memory(error);
        for (uint32_t i = 0; i < fields->names->count; i++)
            if (!add_cell(writer, fields->cells[i], i, fields->names->count))
                return csi_no_memory(error);
        if (!add_line_end(writer, batch->schema))
            return csi_no_memory(error);
        writer->base.records++;
    }
    drained = csi_writer_drain(&writer->base, &writer->out,
                               status == COSEND_OK ? error : NULL);
    return drained == COSEND_OK ? status : drained;
}

static int write_records(struct csi_writer *base,
                         const struct cosend_batch *batch, uint32_t *at,
                         struct cosend_error *error)
{
    struct csv_writer *writer = (struct csv_writer *)base;

    if (batch->schema->open)
        return write_open(writer, batch, at, error);
    return write_columns(writer, batch, at, error);
}

/* ---- The writer ---------------------------------------------------------- */

static void free_writer(struct csi_writer *base)
{
    struct csv_writer *writer = (struct csv_writer *)base;

    csi_text_free(&writer->out);
    csi_fields_free(&writer->fields);
    csi_free(writer);
}

static const struct csi_writer_ops ops = {begin, write_records,
                                          csi_writer_no_flush, free_writer};

static struct csv_writer *
new_writer(const struct cosend_format_options *options, char delimiter,
           char quote, int format, struct cosend_error *error)
{
    struct csv_writer *writer =
        csi_writer_new(sizeof(*writer), &ops, options, error);

    if (!writer)
        return NULL;
    writer->format = format;
    writer->delimiter = delimiter;
    writer->quote = quote;
    writer->special[(unsigned char)delimiter] = true;
    writer->special['\n'] = true;
    writer->special['\r'] = true;
    return writer;
}

struct csi_writer *csi_csv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    struct csv_writer *writer;
    char delimiter, quote;

    if (!csi_csv_bytes(options, &delimiter, &quote, error))
        return NULL;
    writer = new_writer(options, delimiter, quote, COSEND_FORMAT_CSV, error);
    if (!writer)
        return NULL;
    writer->special[(unsigned char)quote] = true;
    return &writer->base;
}

struct csi_writer *csi_tsv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    struct csv_writer *writer =
        new_writer(options, '\t', 0, COSEND_FORMAT_TSV, error);

    if (!writer)
        return NULL;
    writer->special['\\'] = true;
    return &writer->base;
}
