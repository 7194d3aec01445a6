/* SPDX-License-Identifier: MIT */
/*
 * The readers of LTSV, logfmt and XTAB, whose records name their fields. As
 * with JSON lines the schema is open, its columns are the fields that some step
 * declared, and the others are walked; of a name that is there twice the last
 * value counts. Blank lines are no records.
 */
#include "format/pairs_read.h"

#include "format/field_use.h"
#include "format/json_cell.h"
#include "format/line_reader.h"
#include "format/open_columns.h"
#include "format/pairs.h"
#include "format/paragraphs.h"
#include "record/byte_bitmaps.h"

#include <string.h>

/* What differs. */
struct pairs_form {
    int format;
    const char *fault; /* the kind of a record that is none */
    csi_next_pair *next;
    csi_walk walk;
    bool lines; /* a pair is a line, and a record a paragraph */
};

struct pairs_reader {
    struct csi_line_reader line; /* first */
    const struct pairs_form *form;
    struct cosend_schema *declared;
    struct csi_pairs pairs; /* of the row at hand, in ... */
    struct csi_arena arena; /* ... this */
};

/* ---- Walking ------------------------------------------------------------- */

struct walked_pairs {
    struct csi_pairs pairs;
    uint32_t row; /* whose they are, or UINT32_MAX */
};

static struct walked_pairs *walked_pairs_of(struct csi_rows *rows)
{
    struct walked_pairs *walked = rows->own;

    if (walked)
        return walked;
    walked = csi_arena_get(&rows->arena, sizeof(*walked));
    if (walked)
        *walked = (struct walked_pairs){.pairs.json.arena = &rows->arena,
                                        .row = UINT32_MAX};
    rows->own = walked;
    return walked;
}

static bool walk_pairs(struct csi_rows *rows, uint32_t row, csi_next_pair *next,
                       struct cosend_item *item, struct cosend_error *error)
{
    struct walked_pairs *walked = walked_pairs_of(rows);
    const struct csi_json_member *pair;
    const char *start;
    size_t length;

    if (!walked)
        goto fail;
    if (walked->row != row) {
        walked->row = UINT32_MAX;
        csi_rows_content(rows, row, &start, &length);
        if (csi_pairs_scan(&walked->pairs, next, start, start + length) !=
                CSI_PAIRS_OK ||
            !csi_json_unite(&walked->pairs.json))
            goto fail;
        walked->row = row;
    }
    if (item->next == walked->pairs.json.count)
        return false;
    pair = &walked->pairs.json.members[item->next];
    if (!csi_pairs_cell(pair, &rows->arena, &item->cell))
        goto fail;
    item->next++;
    item->name = pair->name;
    item->name_length = pair->name_length;
    item->raw = NULL;
    item->raw_length = 0;
    return true;

fail:
    csi_no_memory(error);
    return false;
}

bool csi_ltsv_walk(struct csi_rows *rows, uint32_t row,
                   struct cosend_item *item, struct cosend_error *error)
{
    return walk_pairs(rows, row, csi_ltsv_next, item, error);
}

bool csi_logfmt_walk(struct csi_rows *rows, uint32_t row,
                     struct cosend_item *item, struct cosend_error *error)
{
    return walk_pairs(rows, row, csi_logfmt_next, item, error);
}

bool csi_xtab_walk(struct csi_rows *rows, uint32_t row,
                   struct cosend_item *item, struct cosend_error *error)
{
    return walk_pairs(rows, row, csi_xtab_next, item, error);
}

/* ---- Columns ------------------------------------------------------------- */

static bool declare_pair(struct csi_reader *base, const char *name)
{
    struct pairs_reader *reader = (struct pairs_reader *)base;

    return base->schema || csi_open_declare(reader->declared, name);
}

/* The names that the first records have, for a "did you mean". */
static bool sample_pairs(struct pairs_reader *reader,
                         const struct csi_rows *rows)
{
    enum { SAMPLE_ROWS = 16 };
    struct cosend_schema *schema = reader->line.base.schema;
    struct csi_pairs *pairs = &reader->pairs;

    schema->sample = csi_schema_new();
    for (uint32_t row = 0;
         schema->sample && row < rows->count && row < SAMPLE_ROWS; row++) {
        enum csi_pairs_result result;
        const char *start;
        size_t length;

        csi_rows_content(rows, row, &start, &length);
        result =
            csi_pairs_scan(pairs, reader->form->next, start, start + length);
        if (result == CSI_PAIRS_MEMORY ||
            !csi_field_use_add(schema->sample, schema, &pairs->json))
            return false;
    }
    return schema->sample != NULL;
}

static bool know_pairs_schema(struct pairs_reader *reader,
                              const struct csi_rows *rows)
{
    const char *line;
    size_t length;

    reader->line.base.schema =
        csi_open_schema(reader->declared, reader->form->format, rows);
    if (rows->count) {
        csi_rows_content(rows, 0, &line, &length);
        csi_lines_look_for_cr(&reader->line.base, line, length);
    }
    return reader->line.base.schema && sample_pairs(reader, rows);
}

static bool is_column(const struct cosend_schema *declared, uint32_t i,
                      const struct csi_json_member *pair)
{
    return i < declared->count &&
           declared->columns[i].length == pair->name_length &&
           memcmp(declared->columns[i].name, pair->name, pair->name_length) ==
               0;
}

/* Set the declared columns of a row. False without memory. */
static bool take_pairs(const struct cosend_schema *declared,
                       const struct csi_json *json, struct csi_rows *rows,
                       uint32_t row)
{
    uint32_t guess = 0;

    for (uint32_t i = 0; i < declared->count; i++)
        rows->cells[i][row] = csi_absent;
    for (size_t m = 0; declared->count && m < json->count; m++) {
        const struct csi_json_member *pair = &json->members[m];
        uint32_t i = guess;

        if (!is_column(declared, i, pair))
            i = csi_schema_find(declared, pair->name, pair->name_length);
        if (i == CSI_NO_COLUMN)
            continue;
        if (!csi_pairs_cell(pair, &rows->arena, &rows->cells[i][row]))
            return false;
        guess = i + 1;
    }
    return true;
}

/* ---- Cutting ------------------------------------------------------------- */

static bool is_blank_pairs(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

static bool note_pairs(struct pairs_reader *reader, const struct csi_json *json)
{
    struct cosend_schema *schema = reader->line.base.schema;
    bool repeats = false;

    if (atomic_load_explicit(&schema->repeats, memory_order_relaxed))
        return true;
    if (!csi_json_repeats(json, &repeats))
        return false;
    if (repeats)
        atomic_store_explicit(&schema->repeats, true, memory_order_relaxed);
    return true;
}

/* What is wrong with a record, and where. False without memory. */
static bool add_pair_fault(const struct pairs_reader *reader,
                           struct csi_rows *rows, uint32_t row,
                           const char *start)
{
    const struct csi_json *json = &reader->pairs.json;
    size_t at = (size_t)(json->bad - start);
    struct csi_fault *fault;

    if (reader->form->lines)
        at = csi_scan_count(start, at, '\n');
    fault = csi_rows_fault(rows, reader->form->fault, "%s %zu: %s",
                           reader->form->lines ? "line" : "byte", at + 1,
                           json->reason);
    if (fault)
        fault->row = row;
    return fault != NULL;
}

static bool parse_pairs(struct pairs_reader *reader, struct csi_rows *rows,
                        uint32_t row)
{
    struct csi_json *json = &reader->pairs.json;
    enum csi_pairs_result result;
    const char *start;
    size_t length;

    csi_rows_content(rows, row, &start, &length);
    result = csi_pairs_scan(&reader->pairs, reader->form->next, start,
                            start + length);
    if (result == CSI_PAIRS_MEMORY)
        return false;
    if (result == CSI_PAIRS_BAD) {
        if (!add_pair_fault(reader, rows, row, start))
            return false;
        json->count = 0;
    }
    if (!take_pairs(reader->declared, json, rows, row) ||
        !note_pairs(reader, json))
        return false;
    reader->line.base.records++;
    return true;
}

static bool parse_all_pairs(struct pairs_reader *reader, struct csi_rows *rows)
{
    if (!reader->line.base.schema && !know_pairs_schema(reader, rows))
        return false;
    if (!csi_open_cells(rows, reader->declared->count))
        return false;
    rows->walk = reader->form->walk;
    for (uint32_t row = 0; row < rows->count; row++)
        if (!parse_pairs(reader, rows, row))
            return false;
    return true;
}

static int cut_pairs(struct csi_reader *base, struct csi_rows *rows, bool final,
                     size_t *consumed, struct cosend_error *error)
{
    struct pairs_reader *reader = (struct pairs_reader *)base;
    int status =
        reader->form->lines
            ? csi_paragraphs_cut(&reader->line, rows, final, consumed, error)
            : csi_line_reader_cut(&reader->line, rows, final, consumed,
                                  is_blank_pairs, error);

    if (status == COSEND_OK &&
        (((rows->count || final) && !parse_all_pairs(reader, rows)) ||
         !csi_line_reader_end(&reader->line, rows)))
        return csi_no_memory(error);
    if (status == COSEND_OK && rows->count)
        csi_field_use_note(base->schema, rows);
    return status;
}

/* ---- The readers --------------------------------------------------------- */

static void free_pairs_reader(struct csi_reader *base)
{
    struct pairs_reader *reader = (struct pairs_reader *)base;

    csi_schema_unref(reader->declared);
    csi_schema_unref(base->schema);
    csi_arena_free(&reader->arena);
    csi_free(reader);
}

static const struct csi_reader_ops ops = {
    .cut = cut_pairs,
    .next_file = csi_line_reader_next_file,
    .restart = csi_line_reader_restart,
    .declare = declare_pair,
    .share = csi_line_reader_share,
    .border = csi_line_reader_border,
    .next = csi_line_reader_next,
    .copy_state = csi_line_reader_copy_state,
    .free = free_pairs_reader};

static const struct csi_reader_ops paragraph_ops = {
    .cut = cut_pairs,
    .next_file = csi_line_reader_next_file,
    .restart = csi_line_reader_restart,
    .declare = declare_pair,
    .share = csi_line_reader_share,
    .border = csi_paragraphs_border,
    .next = csi_paragraphs_next,
    .copy_state = csi_line_reader_copy_state,
    .free = free_pairs_reader};

static struct csi_reader *
new_pairs_reader(const struct cosend_format_options *options,
                 const struct pairs_form *form, struct cosend_error *error)
{
    struct pairs_reader *reader = csi_calloc(1, sizeof(*reader));

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    csi_line_reader_init(&reader->line, form->lines ? &paragraph_ops : &ops,
                         options);
    reader->form = form;
    reader->pairs.json.arena = &reader->arena;
    reader->declared = csi_schema_new();
    if (reader->declared)
        return &reader->line.base;
    csi_no_memory(error);
    free_pairs_reader(&reader->line.base);
    return NULL;
}

struct csi_reader *csi_ltsv_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    static const struct pairs_form form = {COSEND_FORMAT_LTSV, "invalid_ltsv",
                                           csi_ltsv_next, csi_ltsv_walk, false};

    return new_pairs_reader(options, &form, error);
}

struct csi_reader *
csi_logfmt_reader(const struct cosend_format_options *options,
                  struct cosend_error *error)
{
    static const struct pairs_form form = {COSEND_FORMAT_LOGFMT,
                                           "invalid_logfmt", csi_logfmt_next,
                                           csi_logfmt_walk, false};

    return new_pairs_reader(options, &form, error);
}

struct csi_reader *csi_xtab_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    static const struct pairs_form form = {COSEND_FORMAT_XTAB, "invalid_xtab",
                                           csi_xtab_next, csi_xtab_walk, true};

    return new_pairs_reader(options, &form, error);
}
