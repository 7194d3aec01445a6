/* SPDX-License-Identifier: MIT */
/*
 * Lines of access logs, a batch at a time: the plain ones by a walk over those
 * that lie together, any other by itself. A field of which pieces are columns
 * is taken apart when somebody asks for them.
 */
#include "cosend/log_lines.h"

#include "cosend/batches.h"
#include "cosend/fill.h"
#include "cosend/receive.h"
#include "cosend/stage.h"
#include "record/batch.h"
#include "record/rows.h"
#include "stage/made_columns.h"

#include <string.h>

/* The fields of a batch's lines. What fills has of it lives longer than the
   body. */
struct line_cuts {
    const struct cosend_log_lines *how; /* the body's */
    /* A copy: a body that has chosen a form by the first line has its columns
       in memory of its own. */
    struct cosend_access_log_column *columns;
    struct cosend_access_log_cells cells;
    /* Where a column's cell goes that is converted; NULL: nobody asks. */
    struct cosend_cell *typed[COSEND_ACCESS_LOG_COLUMNS];
};

/* A body's work. */
struct line_work {
    const struct cosend_log_lines *how;
    struct csi_made_columns *made;
    struct cosend_access_log_lines *lines;
};

static bool fill_pieces(struct cosend_fill *fill)
{
    const struct line_cuts *cuts = fill->own;
    const struct cosend_access_log_column *column =
        &cuts->columns[fill->column.index];
    const struct cosend_cell *cells = cuts->cells.of[column->field];

    for (uint32_t i = 0; i < fill->count; i++)
        fill->cells[i] =
            cosend_access_log_piece(column, cells[fill->positions[i]]);
    return true;
}

/* The cells of the field of column i, all absent. NULL without memory. */
static struct cosend_cell *new_field_cells(struct cosend_stage *self,
                                           const struct cosend_log_lines *how,
                                           size_t i, uint32_t records)
{
    struct cosend_cell *cells;

    if (!how->columns[i].piece && cosend_column_wanted(self, how->to[i]))
        return cosend_set_column(self, how->to[i]);
    cells = cosend_stage_bytes(self, records * sizeof(*cells));
    if (cells)
        memset(cells, 0, records * sizeof(*cells));
    return cells;
}

static struct line_cuts *new_line_cuts(struct cosend_stage *self,
                                       const struct line_work *work,
                                       uint32_t records)
{
    const struct cosend_log_lines *how = work->how;
    size_t size = how->count * sizeof(*how->columns);
    struct line_cuts *cuts = cosend_stage_bytes(self, sizeof(*cuts));
    struct cosend_access_log_column *columns =
        cuts ? cosend_stage_bytes(self, size) : NULL;

    if (!columns)
        return NULL;
    if (size)
        memcpy(columns, how->columns, size);
    *cuts =
        (struct line_cuts){.how = how,
                           .columns = columns,
                           .cells.lines = cosend_column_of(self, how->field)};
    for (size_t i = 0; i < how->count; i++) {
        struct cosend_cell **cells = &cuts->cells.of[how->columns[i].field];
        bool wanted = cosend_column_wanted(self, how->to[i]);
        bool typed = csi_is_typed(work->made, i);

        if (!wanted && !typed)
            continue;
        if (!*cells)
            *cells = new_field_cells(self, how, i, records);
        if (!*cells)
            return NULL;
        if (!how->columns[i].piece)
            cuts->typed[i] = *cells;
        else if (!typed)
            cosend_fill_column(self, how->to[i], fill_pieces, cuts);
        else if (wanted)
            cuts->typed[i] = cosend_set_column(self, how->to[i]);
    }
    return cuts;
}

static bool is_comment(const struct cosend_access_log *log,
                       struct cosend_cell line)
{
    return log->comment && line.length && *line.data == log->comment;
}

/* Take any line apart. Returns whether the record is sent on. */
static bool cut_line(struct cosend_stage *self, const struct line_cuts *cuts,
                     struct cosend_access_log_text *text, uint32_t position)
{
    const struct cosend_access_log *log = cuts->how->log;
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    struct cosend_cell line = cosend_cell_at(&cuts->cells.lines, position);
    uint32_t start = line.length ? (uint32_t)(line.data - text->text) : 0;
    uint32_t end = start + line.length;
    const char *where, *other = NULL;
    struct cosend_record record;

    if (is_comment(log, line))
        return false;
    where = cosend_access_log_cut(log, text, start, end, parts);
    for (uint32_t i = 0; i < log->count; i++) {
        struct cosend_cell cell = {0};

        if (!where)
            cell = cosend_text(text->text + parts[i].start,
                               parts[i].end - parts[i].start);
        if (cuts->cells.of[i])
            cuts->cells.of[i][position] = cell;
    }
    if (!where)
        return true;
    record = cosend_record_at(self, position);
    if (cuts->how->names_other && cosend_bad_is_told(self, &record))
        other = cosend_access_log_other(log, text, start, end);
    return cuts->how->is_other(self, &record, where, other, cuts->how->own);
}

/* The plain lines from a position on, of which a comment is none. */
static uint32_t cut_plain_lines(const struct line_work *work,
                                const struct line_cuts *cuts, uint32_t from)
{
    const struct cosend_access_log *log = cuts->how->log;
    uint32_t to = work->lines->next;

    for (uint32_t at = from; log->comment && at < to; at++)
        if (is_comment(log, cosend_cell_at(&cuts->cells.lines, at)))
            to = at;
    return log->cut_plain(log, &work->lines->text, &cuts->cells, from, to);
}

/* Whether the record has room for a line's columns, and their cells are what
   they are to be, which they become; if not it is bad. */
static bool take_line(struct cosend_stage *self, const struct line_work *work,
                      const struct line_cuts *cuts, uint32_t position)
{
    if (!csi_made_columns_look(work->made))
        return true;
    if (!csi_made_columns_room(self, work->made, position))
        return false;
    for (size_t i = 0; i < work->how->count; i++) {
        const struct cosend_access_log_column *column = &cuts->columns[i];
        struct cosend_cell cell;

        if (!csi_is_typed(work->made, i))
            continue;
        cell = cuts->cells.of[column->field][position];
        if (column->piece)
            cell = cosend_access_log_piece(column, cell);
        if (!csi_type_cell(self, work->made, i, position, cell, &cell))
            return false;
        if (cuts->typed[i])
            cuts->typed[i][position] = cell;
    }
    return true;
}

/* Behind which position no line may be looked at together with one. Bytes
   between two lines are known in what was read alone. */
static uint32_t together_up_to(struct cosend_stage *self,
                               struct cosend_cell line, uint32_t at,
                               uint32_t count)
{
    const struct csi_rows *rows = self->batch->rows;
    const char *read = rows && rows->block ? rows->block->data : NULL;

    return read && line.length &&
                   (uintptr_t)line.data - (uintptr_t)read < rows->block->length
               ? count
               : at + 1;
}

/* Which positions of the batch are sent on. False without memory. */
static bool cut_lines(struct cosend_stage *self, const struct line_work *work,
                      const struct line_cuts *cuts, uint32_t count,
                      uint32_t *positions, uint32_t *kept)
{
    struct cosend_access_log_lines *lines = work->lines;
    uint32_t at = 0, plain;

    /* One that is bad may fail the step. */
    while (at < count && !cosend_ended(self)) {
        struct cosend_cell line = cosend_cell_at(&cuts->cells.lines, at);

        if (at >= lines->next &&
            !cosend_access_log_look(lines, &cuts->cells.lines,
                                    together_up_to(self, line, at, count), at))
            return false;
        plain = cut_plain_lines(work, cuts, at);
        if (!csi_made_columns_look(work->made))
            for (; at < plain; at++)
                positions[(*kept)++] = at;
        for (; at < plain && !cosend_ended(self); at++)
            if (take_line(self, work, cuts, at))
                positions[(*kept)++] = at;
        if (at == plain && at < lines->next &&
            cut_line(self, cuts, &lines->text, at) &&
            take_line(self, work, cuts, at))
            positions[(*kept)++] = at;
        at += at < lines->next;
    }
    return !csi_made_columns_failed(work->made);
}

static bool send_batch(struct cosend_stage *self, const struct line_work *work,
                       uint32_t records)
{
    const struct line_cuts *cuts = new_line_cuts(self, work, records);
    uint32_t *positions =
        cosend_stage_bytes(self, records * sizeof(*positions));
    uint32_t kept = 0;

    work->lines->next = 0;
    csi_made_columns_begin(self, work->made);
    if (!cuts || !positions ||
        !cut_lines(self, work, cuts, records, positions, &kept))
        return false;
    cosend_emit_picked(self, positions, kept);
    return true;
}

int cosend_send_log_lines(struct cosend_stage *self,
                          const struct cosend_log_lines *how)
{
    const struct cosend_batch *batch;
    struct line_work work = {
        how,
        csi_made_columns_new(self, how->to, how->types, how->is_free, how->own),
        cosend_access_log_lines_new()};
    bool good = work.lines && work.made;

    while (good && (batch = cosend_receive_batch(self)))
        good = send_batch(self, &work, cosend_batch_count(batch));
    cosend_access_log_lines_free(work.lines);
    return good ? 0 : cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}
