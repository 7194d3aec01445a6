/* SPDX-License-Identifier: MIT */
/* Lines of text, or what ends in NUL: a record each, one column. */
#include "format/text_read.h"

#include "format/line_reader.h"
#include "match/line_sieve.h"
#include "record/byte_bitmaps.h"

#include <string.h>

static bool fill_lines(struct csi_rows *rows, uint32_t column)
{
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));

    if (!cells)
        return false;
    for (uint32_t row = 0; row < rows->count; row++) {
        const char *start;
        size_t length;

        csi_rows_content(rows, row, &start, &length);
        cells[row] = cosend_text(start, (uint32_t)length);
    }
    rows->cells[column] = cells;
    return true;
}

/* The one column is known before any input; what its lines end with is not. */
static bool know_text_schema(struct csi_reader *reader, bool crlf,
                             const char *first, const char *end)
{
    struct cosend_string name = reader->options->field;
    struct cosend_schema *schema = csi_schema_new();

    if (!schema)
        return false;
    schema->text = true;
    schema->crlf = crlf;
    schema->nul = reader->options->nul;
    schema->first = first && first < end ? *first : '\0';
    schema->format = COSEND_FORMAT_TEXT;
    if (!name.length)
        name = (struct cosend_string){"line", 4};
    if (!csi_schema_add(schema, name.data, name.length, 0) ||
        (first && !csi_schema_set_line(schema, first, (size_t)(end - first)))) {
        csi_schema_unref(schema);
        return false;
    }
    reader->schema = schema;
    return true;
}

/* Rows as this reader makes them: one column, filled when asked for. */
static bool prepare_text_rows(struct csi_reader *reader, struct csi_rows *rows)
{
    bool crlf = false;
    const char *first = NULL, *content = NULL;

    rows->column_count = 1;
    rows->fill = fill_lines;
    rows->cells = csi_arena_get(&rows->arena, sizeof(*rows->cells));
    if (!rows->cells)
        return false;
    rows->cells[0] = NULL;
    if (reader->schema)
        return true;
    if (rows->count) {
        const char *start = rows->block->data + rows->starts[0];
        const char *end = rows->block->data + rows->ends[0];

        crlf = !rows->nul && csi_line_is_crlf(start, end);
        first = start;
        content = rows->nul ? end - (start < end && !end[-1])
                            : csi_line_content(start, end);
    }
    return know_text_schema(reader, crlf, first, content);
}

static bool is_blank_line(const char *start, const char *end)
{
    return csi_line_content(start, end) == start;
}

static bool is_nul_alone(const char *start, const char *end)
{
    return end - start <= 1 && (start == end || !*start);
}

static int cut_text(struct csi_reader *reader, struct csi_rows *rows,
                    bool final, size_t *consumed, struct cosend_error *error)
{
    struct csi_line_reader *own = (struct csi_line_reader *)reader;
    bool skips = reader->options->skip_blank, nul = reader->options->nul;
    int status;

    /* Blank lines are no records, and are not to be counted as left out. The
       sieve knows of lines alone. The first line of all is to be known. */
    own->lines.sieve = skips || nul || !reader->schema ? NULL : reader->sieve;
    status = csi_line_reader_cut(own, rows, final, consumed,
                                 !skips ? NULL
                                 : nul  ? is_nul_alone
                                        : is_blank_line,
                                 error);
    reader->records += rows->count + rows->left_out;
    if (status == COSEND_OK &&
        (((rows->count || final) && !prepare_text_rows(reader, rows)) ||
         !csi_line_reader_end(own, rows)))
        return csi_no_memory(error);
    return status;
}

static bool sift_text(struct csi_reader *reader, struct csi_rows *rows,
                      const char *data, size_t end)
{
    const struct csi_line_reader *own = (struct csi_line_reader *)reader;

    if (!reader->sieve || !reader->schema || !reader->cr_known || reader->cr ||
        reader->midway || reader->options->nul || reader->options->skip_blank ||
        own->lines.to_skip > 0 ||
        !csi_line_sieve_copy(reader->sieve, rows, data, end, CSI_ROWS_MAX) ||
        (rows->count && !prepare_text_rows(reader, rows)))
        return false;
    rows->line_ends = rows->count + rows->left_out;
    /* The ledger's second count: if it is another, or the last line has no end
       any more, they have changed. */
    if (data[end - 1] != '\n' ||
        csi_scan_count(data + rows->base, end - rows->base, '\n') !=
            rows->line_ends)
        return false;
    reader->records += rows->line_ends;
    reader->boundaries += rows->line_ends;
    return true;
}

static void free_text_reader(struct csi_reader *reader)
{
    csi_schema_unref(reader->schema);
    csi_free(reader);
}

static const struct csi_reader_ops ops = {
    .cut = cut_text,
    .sift = sift_text,
    .next_file = csi_line_reader_next_file,
    .restart = csi_line_reader_restart,
    .share = csi_line_reader_share,
    .border = csi_line_reader_border,
    .next = csi_line_reader_next,
    .copy_state = csi_line_reader_copy_state,
    .free = free_text_reader};

struct csi_reader *csi_text_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    struct csi_line_reader *reader = csi_calloc(1, sizeof(*reader));

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    csi_line_reader_init(reader, &ops, options);
    return &reader->base;
}
