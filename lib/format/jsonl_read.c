/* SPDX-License-Identifier: MIT */
/*
 * JSON lines: a record is an object on a line of its own. The schema is open:
 * its columns are the fields that some step declared, which are taken out as
 * the line is checked; all the others are there to be walked.
 *
 * A declared name a.b is a field of that name, or, where the record has none,
 * b in the object a.
 */
#include "format/jsonl_read.h"

#include "format/field_use.h"
#include "format/json_scan.h"
#include "format/json_shape.h"
#include "format/line_reader.h"
#include "format/open_columns.h"
#include "record/byte_bitmaps.h"
#include "format/json_cell.h"

#include <string.h>

enum { SHAPES = 8 }; /* that are known at a time */

/* What is noted of all fields of the rows at hand. */
struct noted {
    struct csi_known_fields *rows;               /* NULL: nothing is to be */
    const struct csi_known_names *names[SHAPES]; /* NULL: not made yet */
    struct cosend_cell *cells;                   /* room for more, ... */
    size_t left;                                 /* ... so many */
};

struct jsonl_reader {
    struct csi_line_reader line; /* first */
    struct cosend_schema *declared;
    struct csi_json_shape shapes[SHAPES];
    unsigned last; /* which was seen last */
    unsigned next; /* which is the next to be learned anew */
    int score;     /* whether shapes are worth their while: see count_match */
    int resting;   /* records that are not compared with any */
    struct csi_special special; /* of the rows at hand */
    struct noted noted;
    const struct cosend_schema *refused; /* names; NULL: none */
    bool values; /* rows are JSON values of any file: faults say nothing of
                    lines */
};

/* What walking a row keeps between two of its fields. */
struct walked {
    struct csi_json json;
    uint32_t row;     /* whose members these are, or UINT32_MAX */
    uint32_t decoded; /* the last member with escapes that was asked for: */
    struct cosend_cell cell; /* it need not be decoded for the next walk */
};

/* ---- Columns ------------------------------------------------------------- */

static bool declare_member(struct csi_reader *base, const char *name)
{
    struct jsonl_reader *reader = (struct jsonl_reader *)base;

    return base->schema || csi_open_declare(reader->declared, name);
}

static bool is_named(const struct csi_json_member *member, const char *name,
                     size_t length)
{
    return member->name_length == length &&
           memcmp(member->name, name, length) == 0;
}

/* Follow a path a.b into the objects of a record: see csi_json_follow. */
static bool follow(const struct csi_json *json, const char *path, size_t length,
                   struct csi_arena *arena, struct cosend_cell *cell,
                   bool *repeats)
{
    const char *dot = memchr(path, '.', length);
    const struct csi_json_member *object =
        csi_json_find(json, path, (size_t)(dot - path));
    struct cosend_cell nested;

    if (!object || object->kind != COSEND_NESTED)
        return true;
    nested = (struct cosend_cell){object->value, object->length, object->kind};
    return csi_json_follow(nested, dot + 1, length - (size_t)(dot + 1 - path),
                           arena, cell, repeats);
}

/* Set the declared columns of a row from its members. *repeats is set where a
   path follows a name that an object in it has more than once. */
static bool take_columns(const struct cosend_schema *declared,
                         struct csi_json *json, struct csi_rows *rows,
                         uint32_t row, bool *repeats)
{
    uint32_t guess = 0;

    for (uint32_t i = 0; i < declared->count; i++)
        rows->cells[i][row] = csi_absent;
    for (size_t m = 0; declared->count && m < json->count; m++) {
        struct csi_json_member *member = &json->members[m];
        uint32_t i = guess;

        if (!csi_json_name(member, &rows->arena))
            return false;
        if (i >= declared->count || !is_named(member, declared->columns[i].name,
                                              declared->columns[i].length))
            i = csi_schema_find(declared, member->name, member->name_length);
        if (i == CSI_NO_COLUMN)
            continue;
        if (!csi_json_cell(member, &rows->arena, &rows->cells[i][row]))
            return false;
        guess = i + 1;
    }
    for (uint32_t i = 0; i < declared->count; i++) {
        const struct csi_schema_column *column = &declared->columns[i];
        struct cosend_cell *cell = &rows->cells[i][row];

        if (cell->kind == COSEND_ABSENT &&
            memchr(column->name, '.', column->length) &&
            !follow(json, column->name, column->length, &rows->arena, cell,
                    repeats))
            return false;
    }
    return true;
}

/* ---- Walking ------------------------------------------------------------- */

/* What a walk needs; a record that was copied out of its rows has none yet. */
static struct walked *walked_of(struct csi_rows *rows)
{
    struct walked *walked = rows->own;

    if (walked)
        return walked;
    walked = csi_arena_get(&rows->arena, sizeof(*walked));
    if (walked)
        *walked = (struct walked){
            {.arena = &rows->arena}, .row = UINT32_MAX, .decoded = UINT32_MAX};
    rows->own = walked;
    return walked;
}

bool csi_jsonl_walk(struct csi_rows *rows, uint32_t row,
                    struct cosend_item *item, struct cosend_error *error)
{
    struct walked *walked = walked_of(rows);
    const struct csi_json_member *member;
    struct csi_json *json;
    const char *start;
    size_t length;

    if (!walked)
        goto fail;
    json = &walked->json;
    if (walked->row != row) {
        walked->row = walked->decoded = UINT32_MAX;
        csi_rows_content(rows, row, &start, &length);
        if (csi_json_scan(json, start, start + length) != CSI_JSON_OBJECT ||
            !csi_json_unite(json))
            goto fail;
        walked->row = row;
    }
    if (item->next == json->count)
        return false;
    member = &json->members[item->next];
    if (item->next == walked->decoded)
        item->cell = walked->cell;
    else if (!csi_json_cell(member, &rows->arena, &item->cell))
        goto fail;
    if (member->escaped) {
        walked->decoded = item->next;
        walked->cell = item->cell;
    }
    item->next++;
    item->name = member->name;
    item->name_length = member->name_length;
    item->raw = member->value;
    item->raw_length = member->length;
    return true;

fail:
    csi_no_memory(error);
    return false;
}

/* ---- Cutting ------------------------------------------------------------- */

static bool is_blank_json(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

static bool know_json_schema(struct jsonl_reader *reader,
                             const struct csi_rows *rows)
{
    struct cosend_schema *schema =
        csi_open_schema(reader->declared, COSEND_FORMAT_JSONL, rows);

    reader->line.base.schema = schema;
    return schema && csi_field_use_sample(schema, rows);
}

/* Make rows ones that this reader can walk, with room for their columns. */
static struct walked *prepare_json_rows(struct jsonl_reader *reader,
                                        struct csi_rows *rows)
{
    struct walked *walked = walked_of(rows);

    if (!walked || !csi_open_cells(rows, reader->declared->count) ||
        (!reader->line.base.schema && !know_json_schema(reader, rows)))
        return NULL;
    rows->walk = csi_jsonl_walk;
    return walked;
}

static size_t characters(const char *start, const char *end)
{
    size_t count = 0;

    for (; start < end; start++)
        count += (*start & 0xc0) != 0x80;
    return count;
}

/* What to do about a line that is a part of other JSON, by how it begins. */
static const char *remedy(const char *start, const char *end)
{
    char first = start < end ? *start : '\0';

    if (start < end && memchr(start, '\r', (size_t)(end - start)))
        return "; there is a carriage return in it: if lines end in CR alone, "
               "say input line_end=cr |";
    do
        start++;
    while (start < end && strchr(" \t\r", *start));
    if (first == '[' && (start >= end || *start == '{'))
        return "; it begins a JSON array, which -f json reads";
    if (first == '{' && start >= end)
        return "; it begins an object of several lines, which -f json reads";
    return "";
}

/* The content of a row, up to `end`, is no object. */
static bool add_fault(const struct jsonl_reader *reader, struct csi_rows *rows,
                      uint32_t row, const char *start, const char *end,
                      enum csi_json_result result, const struct csi_json *json)
{
    const char *advice = reader->values ? "" : remedy(start, end);
    struct csi_fault *fault;

    if (result == CSI_JSON_OTHER)
        fault = csi_rows_fault(rows, "not_an_object",
                               "valid JSON, but not an object%s", advice);
    else
        fault = csi_rows_fault(
            rows, "invalid_json", "invalid JSON in %s %zu%s: %s%s",
            reader->values ? "character" : "column",
            characters(start, json->bad) + 1,
            reader->values ? " of this value" : "", json->reason, advice);
    if (fault)
        fault->row = row;
    return fault != NULL;
}

/*
 * Note that a record has a name twice, for a word at the end of the run. In
 * records that are as large as no shape is, and of ever other shapes, it is
 * looked for in some.
 */
static bool note_repeats(const struct jsonl_reader *reader,
                         const struct csi_json *json, bool repeats)
{
    struct cosend_schema *schema = reader->line.base.schema;

    if (json->count > CSI_SHAPE_MEMBERS && reader->resting && !repeats)
        return true;
    if (atomic_load_explicit(&schema->repeats, memory_order_relaxed))
        return true;
    if (!repeats && !csi_json_repeats(json, &repeats))
        return false;
    if (repeats)
        atomic_store_explicit(&schema->repeats, true, memory_order_relaxed);
    return true;
}

/* Whether an object has a member that it may not have. False without memory. */
static bool find_refused(const struct jsonl_reader *reader,
                         struct csi_rows *rows, struct csi_json *json,
                         bool *refused)
{
    for (size_t i = 0; reader->refused && i < json->count && !*refused; i++) {
        struct csi_json_member *member = &json->members[i];

        if (!csi_json_name(member, &rows->arena))
            return false;
        *refused = csi_schema_find(reader->refused, member->name,
                                   member->name_length) != CSI_NO_COLUMN;
    }
    return true;
}

/* Scan a row, which is a fault unless it is an object of such members as it may
   have: then it has none. False without memory. */
static bool scan_row(const struct jsonl_reader *reader, struct csi_rows *rows,
                     struct csi_json *json, uint32_t row, bool *good)
{
    enum csi_json_result result;
    struct csi_fault *fault;
    bool refused = false;
    const char *start;
    size_t length;

    csi_rows_content(rows, row, &start, &length);
    result = csi_json_scan(json, start, start + length);
    *good = result == CSI_JSON_OBJECT;
    if (result == CSI_JSON_MEMORY ||
        (*good && !find_refused(reader, rows, json, &refused)))
        return false;
    if (*good && !refused)
        return true;
    json->count = 0;
    if (!*good)
        return add_fault(reader, rows, row, start, start + length, result,
                         json);
    *good = false;
    fault = csi_rows_fault(rows, "name_taken", "it has a name that is taken");
    if (fault)
        fault->row = row;
    return fault != NULL;
}

/* A record of whatever shape. False without memory. */
static bool parse_record(struct jsonl_reader *reader, struct csi_rows *rows,
                         struct csi_json *json, uint32_t row)
{
    bool repeats = false, good;
    const char *start;
    size_t length;

    if (!scan_row(reader, rows, json, row, &good) ||
        !take_columns(reader->declared, json, rows, row, &repeats) ||
        !note_repeats(reader, json, repeats))
        return false;
    if (!good || reader->resting)
        return true;
    csi_rows_content(rows, row, &start, &length);
    reader->last = reader->next;
    reader->next = (reader->next + 1) % SHAPES;
    reader->noted.names[reader->last] = NULL;
    csi_json_learn(&reader->shapes[reader->last], json, start, start + length,
                   reader->declared, rows, row);
    return true;
}

/*
 * A match saves about twice of what is lost where there is none, the comparison
 * and the learning. Where records are of ever other shapes they rest, and are
 * tried again later.
 */
static void count_match(struct jsonl_reader *reader, bool matched)
{
    enum { MOST = 64, REST = 512 };

    if (matched) {
        reader->score += reader->score < MOST ? 2 : 0;
    } else if (--reader->score < -MOST / 4) {
        reader->score = 0;
        reader->resting = REST;
    }
}

/* ---- All fields ---------------------------------------------------------- */

/* Where a record's cells go if it is of a shape whose fields are noted; NULL
   where they are not, or *memory is none. */
static struct cosend_cell *note_room(struct jsonl_reader *reader,
                                     struct csi_rows *rows, uint32_t row,
                                     unsigned which, bool *memory)
{
    struct noted *noted = &reader->noted;
    const struct csi_json_shape *shape = &reader->shapes[which];

    if (!noted->rows || !shape->flat)
        return NULL;
    if (!noted->names[which])
        noted->names[which] = csi_json_names(shape, &rows->arena);
    if (noted->left < shape->count) {
        noted->left = (size_t)(rows->count - row) * shape->count;
        noted->cells =
            csi_arena_get(&rows->arena, noted->left * sizeof(*noted->cells));
    }
    *memory = noted->names[which] && noted->cells;
    return *memory ? noted->cells : NULL;
}

static void note_fields(struct jsonl_reader *reader, uint32_t row,
                        unsigned which)
{
    struct noted *noted = &reader->noted;

    noted->rows[row] =
        (struct csi_known_fields){noted->names[which], noted->cells};
    noted->cells += reader->shapes[which].count;
    noted->left -= reader->shapes[which].count;
}

static bool begin_notes(struct jsonl_reader *reader, struct csi_rows *rows)
{
    struct cosend_schema *schema = reader->line.base.schema;

    reader->noted = (struct noted){0};
    if (!atomic_load_explicit(&schema->fitted, memory_order_relaxed))
        return true;
    reader->noted.rows =
        csi_arena_get(&rows->arena, rows->count * sizeof(*reader->noted.rows));
    if (!reader->noted.rows)
        return false;
    memset(reader->noted.rows, 0, rows->count * sizeof(*reader->noted.rows));
    rows->known = reader->noted.rows;
    return true;
}

/* ---- Records ------------------------------------------------------------- */

/* A record of a shape that is known. */
static enum csi_shape_result match_record(struct jsonl_reader *reader,
                                          struct csi_rows *rows, uint32_t row)
{
    enum csi_shape_result result = CSI_SHAPE_OTHER;
    const char *start;
    size_t length;

    if (reader->resting && reader->resting--)
        return CSI_SHAPE_OTHER;
    csi_rows_content(rows, row, &start, &length);
    for (unsigned i = 0; i < SHAPES && result == CSI_SHAPE_OTHER; i++) {
        unsigned which = (reader->last + i) % SHAPES;
        const struct csi_json_shape *shape = &reader->shapes[which];
        struct cosend_cell *all;
        bool memory = true;

        if (!shape->count)
            continue;
        all = note_room(reader, rows, row, which, &memory);
        if (!memory)
            return CSI_SHAPE_MEMORY;
        result = csi_json_match(shape, &reader->special, start, start + length,
                                rows, row, all);
        if (result == CSI_SHAPE_SAME && all)
            note_fields(reader, row, which);
        if (result != CSI_SHAPE_OTHER)
            reader->last = which;
    }
    count_match(reader, result == CSI_SHAPE_SAME);
    return result;
}

static bool find_special(struct jsonl_reader *reader,
                         const struct csi_rows *rows)
{
    const char *data = rows->block->data;

    return csi_special_find(&reader->special, data + rows->starts[0],
                            data + rows->ends[rows->count - 1]);
}

static bool parse_records(struct jsonl_reader *reader, struct csi_rows *rows)
{
    struct walked *walked = prepare_json_rows(reader, rows);

    if (!walked || !begin_notes(reader, rows) ||
        (rows->count && !find_special(reader, rows)))
        return false;
    for (uint32_t row = 0; row < rows->count; row++) {
        switch (match_record(reader, rows, row)) {
        case CSI_SHAPE_OTHER:
            if (!parse_record(reader, rows, &walked->json, row))
                return false;
            break;
        case CSI_SHAPE_MEMORY:
            return false;
        case CSI_SHAPE_SAME:
            break;
        }
        reader->line.base.records++;
    }
    return true;
}

bool csi_jsonl_parse(struct csi_reader *base, struct csi_rows *rows)
{
    return parse_records((struct jsonl_reader *)base, rows);
}

void csi_jsonl_refuse(struct csi_reader *base,
                      const struct cosend_schema *names)
{
    ((struct jsonl_reader *)base)->refused = names;
}

static int cut_jsonl(struct csi_reader *base, struct csi_rows *rows, bool final,
                     size_t *consumed, struct cosend_error *error)
{
    struct jsonl_reader *reader = (struct jsonl_reader *)base;
    int status = csi_line_reader_cut(&reader->line, rows, final, consumed,
                                     is_blank_json, error);

    if (status == COSEND_OK &&
        (((rows->count || final) && !parse_records(reader, rows)) ||
         !csi_line_reader_end(&reader->line, rows)))
        return csi_no_memory(error);
    if (status == COSEND_OK && rows->count)
        csi_field_use_note(base->schema, rows);
    return status;
}

/* ---- The reader ---------------------------------------------------------- */

static void free_jsonl_reader(struct csi_reader *base)
{
    csi_schema_unref(((struct jsonl_reader *)base)->declared);
    csi_special_free(&((struct jsonl_reader *)base)->special);
    csi_schema_unref(base->schema);
    csi_free(base);
}

static const struct csi_reader_ops ops = {
    .cut = cut_jsonl,
    .next_file = csi_line_reader_next_file,
    .restart = csi_line_reader_restart,
    .declare = declare_member,
    .share = csi_line_reader_share,
    .border = csi_line_reader_border,
    .next = csi_line_reader_next,
    .copy_state = csi_line_reader_copy_state,
    .free = free_jsonl_reader};

struct csi_reader *csi_jsonl_reader(const struct cosend_format_options *options,
                                    struct cosend_error *error)
{
    struct jsonl_reader *reader = csi_calloc(1, sizeof(*reader));

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    csi_line_reader_init(&reader->line, &ops, options);
    reader->declared = csi_schema_new();
    if (!reader->declared) {
        csi_no_memory(error);
        free_jsonl_reader(&reader->line.base);
        return NULL;
    }
    return &reader->line.base;
}

struct csi_reader *
csi_jsonl_values_reader(const struct cosend_format_options *options,
                        struct cosend_error *error)
{
    struct csi_reader *reader = csi_jsonl_reader(options, error);

    if (reader)
        ((struct jsonl_reader *)reader)->values = true;
    return reader;
}
