/* SPDX-License-Identifier: MIT */
/* The cells of one line of CSV, by their numbers. */
#include "format/csv_cells.h"
#include "format/csv_cut.h"
#include "format/pair_cutter.h"

#include <stdio.h>
#include <string.h>

struct csv_line {
    struct csi_csv_rules rules;
    struct csi_csv_cells cells;
    struct csi_arena arena; /* of names, which stay */
    const char **names;
    size_t count, capacity;
};

static bool name_cells(struct csv_line *csv, size_t count)
{
    enum { LONGEST = 32 };

    while (csv->count < count) {
        char *name = csi_arena_bytes(&csv->arena, LONGEST);

        if (!name || !csi_grow(&csv->names, &csv->capacity, csv->count + 1,
                               sizeof(*csv->names)))
            return false;
        snprintf(name, LONGEST, "column_%zu", csv->count + 1);
        csv->names[csv->count++] = name;
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
        !name_cells(csv, csv->cells.count))
        return COSEND_PAIRS_MEMORY;
    for (size_t i = 0; i < csv->cells.count; i++) {
        struct cosend_cell cell = csv->cells.items[i];

        if (!csi_pair_add(cutter, csv->names[i], strlen(csv->names[i]),
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
    if (csv && !csi_csv_rules_make(&csv->rules, &as, false, error))
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
