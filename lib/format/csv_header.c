/* SPDX-License-Identifier: MIT */
#include "format/csv_header.h"

#include <string.h>

static int refuse_header(const struct csi_rows *rows, const char *quote,
                         struct cosend_error *error)
{
    if (!quote)
        return cosend_error_set(error, COSEND_E_DATA,
                                "the columns cannot be known: the first "
                                "record is longer than max_record_bytes");
    return cosend_error_set(error, COSEND_E_DATA,
                            "the columns cannot be known: a quote that opened "
                            "in line %llu is not closed",
                            csi_csv_line(rows, quote));
}

int csi_csv_cut_header(const struct csi_csv *reader,
                       const struct csi_rows *rows, struct csi_csv_cut *cut,
                       const char *start, const char *end, bool final,
                       const char **next, struct cosend_error *error)
{
    const struct cosend_header *header = &reader->base.options->header;
    bool known = !header->first_record && header->names.count;

    *next = csi_csv_cut_one(reader, cut, start, end, final);
    if (!*next && !cut->unclosed &&
        (csi_csv_is_short(reader, start, end) || csi_csv_is_quoted(cut)))
        return COSEND_OK;
    if (!*next && !known)
        return refuse_header(rows, cut->unclosed ? cut->opened : NULL, error);
    if (!known && reader->rules.strict && cut->stray)
        return cosend_error_set(error, COSEND_E_DATA,
                                "the columns cannot be known: the first record "
                                "has a stray quote, or text behind a closing "
                                "one, in byte %zu",
                                (size_t)(cut->stray - start) + 1);
    return COSEND_OK;
}

/* ---- Several rows -------------------------------------------------------- */

/* Names as far as they are known. */
struct names {
    struct cosend_cell *items;
    size_t count, capacity;
};

/* Put a cell below a name. */
static bool join_name(struct cosend_cell *name, struct cosend_cell cell,
                      struct csi_arena *arena)
{
    size_t length = (size_t)name->length + 1 + cell.length;
    char *text;

    if (!cell.length)
        return true;
    if (!name->length) {
        *name = cell;
        return true;
    }
    text = csi_arena_bytes(arena, length);
    if (!text)
        return false;
    memcpy(text, name->data, name->length);
    text[name->length] = ' ';
    memcpy(text + name->length + 1, cell.data, cell.length);
    *name = cosend_text(text, length);
    return true;
}

/* Put the cells of a row below names, which become as many. */
static bool join_row(struct names *names, const struct csi_csv_cells *row,
                     struct csi_arena *arena)
{
    if (!csi_grow(&names->items, &names->capacity, row->count + 1,
                  sizeof(*names->items)))
        return false;
    for (; names->count < row->count; names->count++)
        names->items[names->count] = cosend_text("", 0);
    for (size_t i = 0; i < row->count; i++)
        if (!join_name(&names->items[i], row->items[i], arena))
            return false;
    return true;
}

/* The comment at *start: *next is behind it, NULL where it is not whole. False
   where there is none. */
static bool cut_comment(const struct csi_csv *reader, const char *start,
                        const char *end, bool final, const char **next)
{
    if (!csi_csv_is_comment(&reader->rules, start, end))
        return false;
    *next = csi_csv_line_end(start, end);
    if ((*next)[-1] != '\n' && !final)
        *next = NULL;
    return true;
}

static int too_few_rows(const struct csi_csv *reader, int64_t count,
                        struct cosend_error *error)
{
    return cosend_error_set(
        error, COSEND_E_DATA,
        "the columns cannot be known: header_rows is %lld, and it has %lld "
        "row%s",
        (long long)reader->base.options->header_rows, (long long)count,
        count == 1 ? "" : "s");
}

/* Join rows from *next on, which is behind the last one then. */
static int join_rows(struct csi_csv *reader, struct csi_rows *rows,
                     struct names *names, const char *end, bool final,
                     const char **next, struct cosend_error *error)
{
    int64_t most = reader->base.options->header_rows, count = 0;
    int status = COSEND_OK;

    while (count < most && status == COSEND_OK && *next) {
        const char *row = *next;
        struct csi_csv_cut cut;

        if (row == end) {
            *next = NULL;
            return final ? too_few_rows(reader, count, error) : COSEND_OK;
        }
        if (cut_comment(reader, row, end, final, next))
            continue;
        status = csi_csv_cut_header(reader, rows, &cut, row, end, final, next,
                                    error);
        if (status != COSEND_OK || !*next || cut.content == row)
            continue;
        if (!csi_csv_parse(&reader->cells, row, (size_t)(cut.content - row),
                           &rows->arena) ||
            !join_row(names, &reader->cells, &rows->arena))
            return csi_no_memory(error);
        count++;
    }
    return status;
}

int csi_csv_join_header(struct csi_csv *reader, struct csi_rows *rows,
                        const char *start, const char *end, bool final,
                        const char **next, struct cosend_error *error)
{
    struct csi_csv_cells *cells = &reader->cells;
    struct names names = {0};
    int status;

    *next = start;
    status = join_rows(reader, rows, &names, end, final, next, error);
    if (status == COSEND_OK && *next &&
        !csi_grow(&cells->items, &cells->capacity, names.count + 1,
                  sizeof(*cells->items)))
        status = csi_no_memory(error);
    if (status == COSEND_OK && *next) {
        memcpy(cells->items, names.items, names.count * sizeof(*names.items));
        cells->count = names.count;
    }
    csi_free(names.items);
    return status;
}
