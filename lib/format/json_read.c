/* SPDX-License-Identifier: MIT */
/*
 * JSON that is no JSON lines: an array of objects, or objects one after the
 * other, in any number of lines. A record is an element or a value, as soon as
 * it is whole; never the whole file.
 *
 *     [ {"a": 1,      a record without its blanks, {"a":1}: what is written as
 *        "b": [2]}    it was read fits on a line, and between two records there
 *     , 7             may be anything. What is no object is a bad record.
 *     , {} ]
 *
 * Where a value ends is seen from its brackets and strings alone. What is wrong
 * inside of them costs that value. But behind a string or bracket that is not
 * closed nobody can tell one value from the next: that value is bad, and the
 * run ends there, as it does where an array is not closed at the end.
 *
 * Nor can anybody tell in the middle of a file what is in a string: it is read
 * in order, by one thread (`begun` is never set).
 *
 * What is in a record is the JSON-lines reader's business (`lines`).
 */
#include "format/json_read.h"

#include "format/field_use.h"
#include "format/json_cut.h"
#include "format/jsonl_read.h"
#include "format/line_reader.h"

#include <stdio.h>
#include <string.h>

struct json_reader {
    struct csi_reader base;
    struct csi_reader *lines;
    struct csi_lines start; /* the BOM, and lines to skip */
    struct csi_json_cut cut;
    size_t scanned;  /* bytes of the unfinished value that were looked at */
    bool skipping;   /* the rest of a value that was too long */
    bool unfinished; /* the last row is no whole value */
    bool overlong;   /* because it is too long */
    struct csi_arena arena;
};

static struct json_reader *json_reader_of(struct csi_reader *base)
{
    return (struct json_reader *)base;
}

/* ---- Cutting ------------------------------------------------------------- */

/* Blanks are taken out of objects that are valid. False without memory. */
static bool squeeze_row(struct json_reader *reader, struct csi_rows *rows,
                        size_t start, size_t *end)
{
    struct csi_json json = {.arena = &reader->arena};
    char *data = rows->block->data + start;
    size_t length = *end - start;
    enum csi_json_result result;

    if (!reader->cut.blanks ||
        length >= reader->base.hold) /* which is a fault anyway */
        return true;
    result = csi_json_scan(&json, data, data + length);
    csi_arena_clear(&reader->arena);
    if (result == CSI_JSON_OBJECT)
        *end = start + csi_json_squeeze(data, length);
    return result != CSI_JSON_MEMORY;
}

static bool add_json_row(struct json_reader *reader, struct csi_rows *rows,
                         const char *from, const char *to, bool whole)
{
    size_t start = (size_t)(from - rows->block->data);
    size_t end = (size_t)(to - rows->block->data);

    reader->unfinished = !whole;
    reader->base.boundaries++;
    return (!whole || squeeze_row(reader, rows, start, &end)) &&
           csi_rows_add(rows, start, end);
}

/* The value at *p is not whole. False without memory. */
static bool leave_value(struct json_reader *reader, struct csi_rows *rows,
                        const char **p, const char *end, bool final)
{
    bool over = final || reader->cut.reason, ok = true;
    size_t length = (size_t)(end - *p);

    reader->overlong = !over && !reader->skipping && length > reader->base.hold;
    if (!reader->skipping && (over || reader->overlong))
        ok = add_json_row(reader, rows, *p, end, false);
    reader->skipping = !over && (reader->skipping || reader->overlong);
    reader->cut.inside &= !over;
    reader->scanned = 0;
    if (over || reader->skipping)
        *p = end;
    else
        reader->scanned = length;
    return ok;
}

/* Add the values from *p on. False without memory. */
static bool cut_values(struct json_reader *reader, struct csi_rows *rows,
                       const char **p, const char *end, bool final)
{
    struct csi_json_cut *cut = &reader->cut;

    reader->unfinished = reader->overlong = false;
    while (rows->count < CSI_ROWS_MAX) {
        const char *behind;

        if (!cut->inside && !csi_json_cut_begin(cut, p, end))
            return true;
        behind = *p + reader->scanned;
        if (!csi_json_cut_end(cut, &behind, end, final))
            return leave_value(reader, rows, p, behind, final);
        if (!reader->skipping && !add_json_row(reader, rows, *p, behind, true))
            return false;
        reader->skipping = false;
        reader->scanned = 0;
        *p = behind;
    }
    return true;
}

/* ---- Records ------------------------------------------------------------- */

/* Say of the last row, which is no valid value, why. */
static bool explain_last(const struct json_reader *reader,
                         struct csi_rows *rows)
{
    struct csi_fault *fault;

    if (!reader->unfinished || !rows->fault_count)
        return true;
    if (reader->overlong)
        return csi_rows_overlong(rows, rows->count - 1,
                                 reader->base.options->max_record_bytes);
    fault = &rows->faults[rows->fault_count - 1];
    snprintf(fault->reason, sizeof(fault->reason), "invalid JSON: %s",
             reader->cut.reason ? reader->cut.reason
                                : "the file ends inside of this value");
    return true;
}

static bool parse_values(struct json_reader *reader, struct csi_rows *rows)
{
    if (reader->base.schema)
        csi_reader_share_schema(reader->lines, &reader->base);
    if (!csi_jsonl_parse(reader->lines, rows) || !explain_last(reader, rows))
        return false;
    reader->base.records = reader->lines->records;
    if (reader->base.schema)
        return true;
    reader->base.schema = csi_schema_ref(reader->lines->schema);
    reader->base.schema->format =
        reader->cut.arrays ? COSEND_FORMAT_JSON : COSEND_FORMAT_JSONL;
    return true;
}

/* Where nothing can be cut any more. */
static int refuse_rest(const struct json_reader *reader,
                       struct cosend_error *error)
{
    if (reader->cut.reason)
        return cosend_error_set(error, COSEND_E_DATA,
                                "invalid JSON: %s; what is behind it cannot be "
                                "told apart, and is not read",
                                reader->cut.reason);
    return cosend_error_set(error, COSEND_E_DATA,
                            "the file ends inside of a JSON array: a ] was "
                            "expected; was it cut short?");
}

static int cut_json(struct csi_reader *base, struct csi_rows *rows, bool final,
                    size_t *consumed, struct cosend_error *error)
{
    struct json_reader *reader = json_reader_of(base);
    const char *first = rows->block->data + rows->base, *p = first;
    const char *end = rows->block->data + rows->block->length;
    int status;

    *consumed = 0;
    status = csi_lines_begin(base, &reader->start, &p, end, final, error);
    if (status != COSEND_OK || !p)
        return status;
    if (!reader->cut.reason && !cut_values(reader, rows, &p, end, final))
        return csi_no_memory(error);
    *consumed = (size_t)(p - first);
    base->midway = reader->skipping;
    if (!*consumed &&
        (reader->cut.reason || (final && reader->cut.array && p == end)))
        return refuse_rest(reader, error);
    if ((rows->count || final) && !parse_values(reader, rows))
        return csi_no_memory(error);
    if (rows->count)
        csi_field_use_note(base->schema, rows);
    return COSEND_OK;
}

/* ---- The reader ---------------------------------------------------------- */

static void next_json_file(struct csi_reader *base)
{
    struct json_reader *reader = json_reader_of(base);

    csi_lines_init(&reader->start, base->options);
    memset(&reader->cut, 0, sizeof(reader->cut));
    reader->scanned = 0;
    reader->skipping = base->midway = false;
}

/* An array's end is not missed where the bytes before it are. */
static void restart_json(struct csi_reader *base)
{
    struct json_reader *reader = json_reader_of(base);

    reader->cut.inside = reader->cut.array = false;
    reader->scanned = 0;
}

static bool declare_json(struct csi_reader *base, const char *name)
{
    struct csi_reader *lines = json_reader_of(base)->lines;

    return lines->ops->declare(lines, name);
}

static void free_json_reader(struct csi_reader *base)
{
    struct json_reader *reader = json_reader_of(base);

    if (reader->lines)
        reader->lines->ops->free(reader->lines);
    csi_schema_unref(base->schema);
    csi_arena_free(&reader->arena);
    csi_free(reader);
}

/* Nobody asks for its borders. */
static const struct csi_reader_ops ops = {.cut = cut_json,
                                          .next_file = next_json_file,
                                          .restart = restart_json,
                                          .declare = declare_json,
                                          .share = csi_line_reader_share,
                                          .free = free_json_reader};

struct csi_reader *csi_json_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    struct json_reader *reader = csi_calloc(1, sizeof(*reader));

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    reader->base.ops = &ops;
    reader->base.options = options;
    reader->base.hold = csi_lines_hold(options);
    csi_lines_init(&reader->start, options);
    reader->lines = csi_jsonl_values_reader(options, error);
    if (reader->lines)
        return &reader->base;
    free_json_reader(&reader->base);
    return NULL;
}
