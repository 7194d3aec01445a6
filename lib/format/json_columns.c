/* SPDX-License-Identifier: MIT */
#include "format/json_columns.h"

#include "format/json_number.h"
#include "format/json_rows.h"
#include "format/json_value.h"
#include "format/write.h"

/* Room beside names and cells: a brace and a line end, and what copying writes
   too much. */
enum { ROOM = 64 };

/* A record that has more is encoded with room as it is needed, not with as much
   as it could need at most. */
enum { LONG_RECORD = 16 << 10 };

/* ---- Names --------------------------------------------------------------- */

static bool add_name(struct csi_json_columns *columns, uint32_t i,
                     const struct csi_schema_column *column)
{
    struct csi_json_style style = {0};
    struct csi_text *names = &columns->names;
    size_t start = names->length;

    if (!csi_text_add(names, "\",", 2) ||
        !csi_text_json_styled(names, column->name, column->length, &style) ||
        !csi_text_add(names, ":\"", 2))
        return false;
    columns->ill_formed |= style.ill_formed;
    columns->lengths[i] = (uint32_t)(names->length - start - 1);
    columns->all_lengths += columns->lengths[i];
    return true;
}

/* Give each name as much room as the longest needs when it is copied in steps
   of 32 bytes. */
static bool spread_names(struct csi_json_columns *columns, uint32_t count)
{
    size_t from = columns->names.length, stride = 32, room;
    char *names;

    for (uint32_t i = 0; i < count; i++)
        while (columns->lengths[i] + 1 + 32 > stride && stride <= UINT32_MAX)
            stride += 16;
    room = stride * ((size_t)count + 1) - from;
    if (!csi_text_reserve(&columns->names, room))
        return false;
    names = columns->names.data;
    memset(names + from, 0, room);
    columns->names.length += room;
    for (uint32_t i = count; i-- > 0;) {
        from -= columns->lengths[i] + 1;
        memmove(names + i * stride, names + from, columns->lengths[i] + 1);
    }
    columns->stride = stride;
    return true;
}

static bool learn_names(struct csi_json_columns *columns,
                        struct cosend_schema *schema)
{
    csi_schema_unref(columns->schema);
    columns->schema = NULL;
    columns->names.length = 0;
    columns->ill_formed = false;
    columns->all_lengths = 0;
    if (!csi_grow(&columns->lengths, &columns->capacity,
                  (size_t)schema->count + 1, sizeof(*columns->lengths)))
        return false;
    for (uint32_t i = 0; i < schema->count; i++)
        if (!add_name(columns, i, &schema->columns[i]))
            return false;
    if (!spread_names(columns, schema->count))
        return false;
    columns->schema = csi_schema_ref(schema);
    return true;
}

bool csi_json_columns_begin(struct csi_json_columns *columns,
                            const struct cosend_batch *batch)
{
    csi_plain_reset(&columns->plain);
    columns->slices = csi_row_slices(batch);
    /* Bytes that are looked at are quotes of JSON. */
    if (columns->slices.quote && columns->slices.quote != '"')
        columns->slices.count = 0;
    columns->taking = false;
    return columns->schema == batch->schema ||
           learn_names(columns, batch->schema);
}

void csi_json_columns_free(struct csi_json_columns *columns)
{
    csi_schema_unref(columns->schema);
    csi_text_free(&columns->names);
    csi_text_free(&columns->head);
    csi_free(columns->lengths);
    csi_plain_free(&columns->plain);
    csi_row_cells_free(&columns->cells);
}

/* ---- Cells --------------------------------------------------------------- */

/*
 * Write a string and its closing quote; `words` says which bytes from `start`
 * on do not stand for themselves. There is room for six times its bytes, and
 * ROOM. Apart, so that what is common has the registers to itself.
 *
 * Returns what is behind it.
 */
__attribute__((noinline)) static char *
put_string(char *to, struct cosend_cell cell, const uint64_t *words,
           const char *start, struct csi_json_style *style)
{
    const char *p = cell.data, *end = p + cell.length;
    struct csi_plain_walk walk = csi_plain_walk(words, start, p);

    while (walk.next < end) {
        to = csi_copy_near(to, p, (size_t)(walk.next - p));
        p = walk.next;
        if (*p == '"' || *p == '\\') {
            *to++ = '\\';
            csi_plain_step(&walk);
        } else {
            const char *from = p;

            to = csi_json_put(to, &from, end, style);
            p = from;
            while (walk.next < p)
                csi_plain_step(&walk);
        }
    }
    to = csi_copy_near(to, p, (size_t)(end - p));
    *to++ = '"';
    return to;
}

/* Of a few bytes that nobody looked through. */
static char *put_short(char *to, struct cosend_cell cell,
                       struct csi_json_style *style)
{
    char copy[CSI_SCAN_WORD + 32];
    uint64_t words[2] = {0, ~UINT64_C(0)};

    memcpy(copy, cell.data, cell.length);
    csi_scan_kernels()->find_special(copy, 1, CSI_SPECIAL_JSON, words);
    words[0] |= ~csi_low_bits(cell.length);
    cell.data = copy;
    return put_string(to, cell, words, copy, style);
}

/* Whether a column's cell is written as a number, though it is text. */
static bool is_bare(const struct csi_json_columns *columns, uint32_t column)
{
    const struct cosend_cell *cell = &columns->cells.cells[column];

    return cell->length && csi_is_untyped(columns->schema, column) &&
           csi_json_is_number(cell->data, cell->length);
}

/* Append the member of a column whose cell is not text, not near, or bare; its
   name has a quote at its end. */
__attribute__((noinline)) static bool
add_other(const struct csi_json_columns *columns, uint32_t column, bool bare,
          const char *name, struct csi_text *out, struct csi_json_style *style)
{
    struct cosend_cell cell = columns->cells.cells[column];
    size_t name_length = columns->lengths[column];
    struct csi_json_style of_cell = *style;
    bool done;
    char *to;

    if (cell.kind == COSEND_ABSENT)
        return true;
    of_cell.numbers = bare;
    if (cell.kind == COSEND_TEXT && cell.length &&
        cell.length <= CSI_SCAN_WORD && !bare) {
        if (!csi_text_reserve(out,
                              name_length + 6 * (size_t)cell.length + ROOM))
            return false;
        to = csi_copy_near(out->data + out->length, name, name_length);
        to = put_short(to, cell, style);
        out->length = (size_t)(to - out->data);
        return true;
    }
    done = csi_text_add(out, name, name_length - 1) &&
           csi_text_cell_styled(out, cell, &of_cell);
    style->ill_formed = of_cell.ill_formed;
    return done;
}

/* Append all members, each with a comma in front; there is room for them. */
static bool add_members(const struct csi_json_columns *columns, uint32_t count,
                        struct csi_text *out, struct csi_json_style *style)
{
    const struct csi_plain_cells *plain = &columns->plain;
    const struct cosend_cell *cells = columns->cells.cells;
    const uint32_t *lengths = columns->lengths;
    const char *name = columns->names.data + 1;
    struct csi_plain_run run = csi_plain_nothing(plain);
    char *to = out->data + out->length;
    bool numbers = style->numbers;

    for (uint32_t i = 0; i < count; i++, name += columns->stride) {
        const struct cosend_cell *cell = &cells[i];
        bool bare = numbers && is_bare(columns, i);
        bool text = cell->kind == COSEND_TEXT && !bare;

        if (text && csi_plain_has(plain, &run, *cell)) {
            to = csi_copy_near(to, name, lengths[i]);
            to = csi_copy_near(to, cell->data, cell->length);
            *to++ = '"';
        } else if (text && csi_plain_is_near(plain, *cell)) {
            to = csi_copy_near(to, name, lengths[i]);
            to = put_string(to, *cell, plain->words, plain->start, style);
        } else {
            out->length = (size_t)(to - out->data);
            if (!add_other(columns, i, bare, name, out, style))
                return false;
            to = out->data + out->length;
        }
    }
    out->length = (size_t)(to - out->data);
    return true;
}

/* Append members as there is room for each. */
static bool add_each(const struct csi_json_columns *columns, uint32_t count,
                     struct csi_text *out, struct csi_json_style *style)
{
    const char *name = columns->names.data + 1;
    bool done = true;

    for (uint32_t i = 0; i < count && done; i++) {
        bool bare = style->numbers && is_bare(columns, i);

        done = add_other(columns, i, bare, name, out, style);
        name += columns->stride;
    }
    return done;
}

/* Append a record; what is to be before it is there. */
static inline bool add_record(struct csi_json_columns *columns, uint32_t count,
                              struct csi_text *out,
                              struct csi_json_style *style)
{
    size_t length = 0;

    for (uint32_t i = 0; i < count; i++)
        length += columns->cells.cells[i].length;
    if (length > LONG_RECORD)
        return csi_text_reserve(out, 1) &&
               add_each(columns, count, out, style) &&
               csi_text_reserve(out, ROOM);
    length = columns->all_lengths + 6 * length + 4 * (size_t)count + ROOM;
    return csi_text_reserve(out, length) &&
           add_members(columns, count, out, style);
}

/* Append the record at a position, with what is around it. False without
   memory. */
static bool add_framed(struct csi_json_columns *columns,
                       const struct cosend_batch *batch, uint32_t at,
                       const struct csi_json_frame *frame, struct csi_text *out,
                       struct csi_json_style *style)
{
    size_t members;

    if (!csi_text_reserve(out, ROOM))
        return false;
    memcpy(out->data + out->length, frame->open, sizeof(frame->open));
    members = out->length + frame->open_length;
    /* The first one's comma is to be where the bracket is. */
    out->length = members - 1;
    if (!csi_row_cells_take(&columns->cells, batch, at) ||
        !csi_plain_cover(&columns->plain, batch, at) ||
        !add_record(columns, batch->schema->count, out, style))
        return false;
    if (out->length < members)
        out->length++;
    out->data[members - 1] = '{';
    memcpy(out->data + out->length, frame->close, sizeof(frame->close));
    out->length += frame->close_length;
    return true;
}

bool csi_json_columns_add(struct csi_json_columns *columns,
                          const struct cosend_batch *batch, uint32_t *at,
                          uint32_t end, const struct csi_json_frame *frame,
                          struct csi_text *out, size_t *start,
                          struct csi_json_style *style)
{
    style->ill_formed = false;
    while (*at < end && !style->ill_formed) {
        if (!csi_json_rows_add(columns, batch, at, end, frame, out, start,
                               style))
            return false;
        if (*at == end || style->ill_formed)
            break;
        *start = out->length;
        if ((!columns->taking &&
             !csi_row_cells_begin(&columns->cells, batch)) ||
            !add_framed(columns, batch, *at, frame, out, style)) {
            out->length = *start;
            return false;
        }
        columns->taking = true;
        ++*at;
    }
    return true;
}
