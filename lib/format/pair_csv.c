/* SPDX-License-Identifier: MIT */
/* The cells of one line of CSV, by their numbers. */
#include "format/pair_csv.h"

#include "format/csv_cells.h"
#include "format/csv_cut.h"

#include <stdio.h>
#include <string.h>

struct csv_line {
    struct csi_csv_rules rules;
    struct csi_csv_cells cells;
    struct csi_arena arena; /* of names, which stay */
    const char **names;     /* NULL: of a cell that is left out */
    size_t count, capacity;
    bool given; /* there are no more names, and no fewer cells */
};

static bool add_csv_name(struct csv_line *csv, const char *name, size_t length)
{
    char *copy = csi_arena_bytes(&csv->arena, length + 1);

    if (!copy || !csi_grow(&csv->names, &csv->capacity, csv->count + 1,
                           sizeof(*csv->names)))
        return false;
    memcpy(copy, name, length);
    copy[length] = '\0';
    csv->names[csv->count++] = strcmp(copy, "_") == 0 ? NULL : copy;
    return true;
}

static bool number_cells(struct csv_line *csv, size_t count)
{
    char name[32];

    while (csv->count < count) {
        int length = snprintf(name, sizeof(name), "column_%zu", csv->count + 1);

        if (!add_csv_name(csv, name, (size_t)length))
            return false;
    }
    return true;
}

/* Take the names that cells are given. */
static bool take_names(struct csv_line *csv,
                       const struct cosend_pair_options *options,
                       struct cosend_error *error)
{
    csv->given = options->name_count > 0;
    for (size_t i = 0; i < options->name_count; i++) {
        struct cosend_string name = options->names[i];

        for (size_t k = 0; k < csv->count; k++)
            if (csv->names[k] && strcmp(csv->names[k], name.data) == 0) {
                cosend_error_set(error, COSEND_E_SPEC,
                                 "\"%.80s\" stands twice among names",
                                 name.data);
                return false;
            }
        if (!add_csv_name(csv, name.data, name.length)) {
            csi_no_memory(error);
            return false;
        }
    }
    return true;
}

static enum cosend_pair_result cut_csv_line(struct cosend_pair_cutter *cutter,
                                            const char *start, const char *end,
                                            const char *source)
{
    struct csv_line *csv = cutter->own;
    struct csi_csv_cut cut = {.state = CSI_CSV_START};
    size_t length = (size_t)(end - start);

    (void)source;
    if (memchr(start, csv->rules.quote, length) ||
        memchr(start, '\n', length)) {
        const char *next = csi_csv_cut(&csv->rules, &cut, start, end, true);

        if (cut.unclosed)
            return csi_pair_bad(cutter, cut.opened,
                                "a quote that is not closed");
        if (next != end)
            return csi_pair_bad(cutter, cut.content,
                                "a second line, where there should be one");
    }
    if (!csi_csv_parse(&csv->cells, start, length, &cutter->arena) ||
        (!csv->given && !number_cells(csv, csv->cells.count)))
        return COSEND_PAIRS_MEMORY;
    if (csv->given && csv->cells.count != csv->count)
        return csi_pair_other(cutter,
                              "the number of its cells is %zu, and that of "
                              "names %zu",
                              csv->cells.count, csv->count);
    for (size_t i = 0; i < csv->cells.count; i++) {
        struct cosend_cell cell = csv->cells.items[i];

        if (csv->names[i] &&
            !csi_pair_add(cutter, csv->names[i], strlen(csv->names[i]),
                          cell.data, cell.length, false))
            return COSEND_PAIRS_MEMORY;
    }
    return COSEND_PAIRS_CUT;
}

static bool begin_csv_line(struct cosend_pair_cutter *cutter,
                           const struct cosend_pair_options *options,
                           struct cosend_error *error)
{
    struct csv_line *csv = csi_calloc(1, sizeof(*csv));
    struct cosend_format_options as = {.delimiter = options->delimiter};

    cutter->own = csv;
    if (csv && (!csi_csv_rules_make(&csv->rules, &as, false, error) ||
                !take_names(csv, options, error)))
        return false;
    if (csv && csi_csv_cells_init(&csv->cells, &csv->rules))
        return true;
    csi_no_memory(error);
    return false;
}

static void end_csv_line(struct cosend_pair_cutter *cutter)
{
    struct csv_line *csv = cutter->own;

    csi_csv_cells_free(&csv->cells);
    csi_arena_free(&csv->arena);
    csi_free(csv->names);
    csi_free(csv);
}

const struct csi_pair_ops csi_pair_csv = {.begin = begin_csv_line,
                                          .cut = cut_csv_line,
                                          .cell = csi_pairs_cell,
                                          .end = end_csv_line};
