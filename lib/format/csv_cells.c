/* SPDX-License-Identifier: MIT */
#include "format/csv_cells.h"

#include "format/csv_cut.h"

#include <string.h>

/* libcsv trims spaces: no byte is one. */
static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

static int is_line_feed(unsigned char byte)
{
    return byte == '\n';
}

bool csi_csv_cells_init(struct csi_csv_cells *cells,
                        const struct csi_csv_rules *rules)
{
    memset(cells, 0, sizeof(*cells));
    cells->rules = rules;
    /* Not strict; and the cutter hands over no quote that is not closed. */
    if (csv_init(&cells->parser, 0) != 0)
        return false;
    cells->open = true;
    csv_set_quote(&cells->parser, (unsigned char)rules->quote);
    csv_set_space_func(&cells->parser, no_space);
    csv_set_term_func(&cells->parser, is_line_feed);
    csv_set_realloc_func(&cells->parser, csi_realloc);
    csv_set_free_func(&cells->parser, csi_free);
    return true;
}

void csi_csv_cells_free(struct csi_csv_cells *cells)
{
    if (cells->open)
        csv_free(&cells->parser);
    csi_free(cells->items);
}

static inline bool add_cell(struct csi_csv_cells *cells, const char *data,
                            size_t length)
{
    if (cells->count == cells->capacity &&
        !csi_grow(&cells->items, &cells->capacity, cells->count + 1,
                  sizeof(*cells->items)))
        return false;
    cells->items[cells->count++] = cosend_text(data, length);
    return true;
}

static bool split(struct csi_csv_cells *cells, const char *record,
                  const char *end)
{
    char delimiter = cells->rules->delimiter[0];
    const char *cell = record;

    for (const char *p = record; p < end; p++)
        if (*p == delimiter) {
            if (!add_cell(cells, cell, (size_t)(p - cell)))
                return false;
            cell = p + 1;
        }
    return add_cell(cells, cell, (size_t)(end - cell));
}

static void on_cell(void *data, size_t length, void *context)
{
    struct csi_csv_cells *cells = context;

    if (length)
        memcpy(cells->copy, data, length);
    cells->failed = cells->failed || !add_cell(cells, cells->copy, length);
    cells->copy += length;
}

/* What the letter behind a backslash stands for; 0 for one that does not. */
static char escaped(char letter)
{
    switch (letter) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

bool csi_tsv_unescape(struct csi_arena *arena, struct cosend_cell *cell)
{
    const char *p = cell->data, *end = p + cell->length;
    char *to;

    if (!cell->length || !memchr(p, '\\', cell->length))
        return true;
    to = csi_arena_bytes(arena, cell->length);
    if (!to)
        return false;
    cell->data = to;
    while (p < end) {
        char stands_for = *p == '\\' && p + 1 < end ? escaped(p[1]) : 0;

        *to++ = stands_for ? stands_for : *p;
        p += stands_for ? 2 : 1;
    }
    cell->length = (uint32_t)(to - cell->data);
    return true;
}

static bool split_tsv(struct csi_csv_cells *cells, const char *record,
                      const char *end, struct csi_arena *arena)
{
    bool done = split(cells, record, end);

    for (size_t i = 0; done && i < cells->count; i++)
        done = csi_tsv_unescape(arena, &cells->items[i]);
    return done;
}

/* By libcsv. */
static bool parse_by_libcsv(struct csi_csv_cells *cells, const char *record,
                            size_t length)
{
    struct csv_parser *parser = &cells->parser;

    cells->failed = false;
    csv_set_delim(parser, (unsigned char)cells->rules->delimiter[0]);
    /* It would grow by 128 bytes at a time. */
    if (csv_get_buffer_size(parser) <= length)
        csv_set_blk_size(parser, length + 1);
    return csv_parse(parser, record, length, on_cell, NULL, cells) == length &&
           csv_fini(parser, on_cell, NULL, cells) == 0 && !cells->failed;
}

/* A cell that was copied to cells->copy is over. */
static bool end_cell(struct csi_csv_cells *cells, char *to,
                     enum csi_csv_state state)
{
    const char *start = cells->copy;
    size_t length = (size_t)(to - start);

    cells->copy = to;
    if (cells->rules->trim && (state == CSI_CSV_PLAIN || state == CSI_CSV_TAIL))
        while (length && csi_csv_is_blank(start[length - 1]))
            length--;
    return add_cell(cells, start, length);
}

/* By the grammar. */
static bool walk_cells(struct csi_csv_cells *cells, const char *p,
                       const char *end)
{
    enum csi_csv_state state = CSI_CSV_START;
    const char *blanks = NULL;
    char *to = cells->copy;
    size_t count = 0;

    while (p < end) {
        enum csi_csv_state before = state;
        struct csi_csv_piece piece = {0};

        p = csi_csv_step(cells->rules, &state, p, end, true, &piece);
        if (piece.part == CSI_CSV_BLANK) {
            count = before == CSI_CSV_CLOSED ? 1 : count + 1;
            blanks = piece.text + 1 - count;
        }
        if (piece.part == CSI_CSV_CELL_END) {
            if (!end_cell(cells, to, before))
                return false;
            to = cells->copy;
        }
        if (piece.part != CSI_CSV_TEXT)
            continue;
        if (before == CSI_CSV_BLANKS) {
            memcpy(to, blanks, count);
            to += count;
        }
        memcpy(to, piece.text, piece.length);
        to += piece.length;
    }
    return end_cell(cells, to, state);
}

bool csi_csv_parse(struct csi_csv_cells *cells, const char *record,
                   size_t length, struct csi_arena *arena)
{
    const struct csi_csv_rules *rules = cells->rules;
    bool plain = csi_csv_is_plain(rules);
    struct csi_csv_cut cut = {.state = CSI_CSV_START};

    cells->count = 0;
    if (plain && rules->tsv)
        return split_tsv(cells, record, record + length, arena);
    if (plain &&
        (!length || !rules->quotes || !memchr(record, rules->quote, length)))
        return split(cells, record, record + length);
    cells->copy = csi_arena_bytes(arena, length);
    if (!cells->copy)
        return false;
    csi_csv_cut(rules, &cut, record, record + length, true);
    if (plain && !cut.tail)
        return parse_by_libcsv(cells, record, length);
    if (!walk_cells(cells, record, record + length))
        return false;
    for (size_t i = 0; rules->tsv && i < cells->count; i++)
        if (!csi_tsv_unescape(arena, &cells->items[i]))
            return false;
    return true;
}
