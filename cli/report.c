/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "terminal.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

/* ---- The ledger --------------------------------------------------------- */

/* The counts of a step, in the order in which they are printed. */
static const struct count {
    const char *name;
    size_t offset;
    bool always; /* a column of the table even where all are 0 */
} counts[] = {
    {"in", offsetof(struct cosend_ledger, in), true},
    {"created", offsetof(struct cosend_ledger, created), false},
    {"out", offsetof(struct cosend_ledger, out), true},
    {"dropped", offsetof(struct cosend_ledger, dropped), false},
    {"absorbed", offsetof(struct cosend_ledger, absorbed), false},
    {"skipped", offsetof(struct cosend_ledger, skipped), false},
    {"rejected", offsetof(struct cosend_ledger, rejected), false},
    {"unread", offsetof(struct cosend_ledger, unread), false},
    {"held", offsetof(struct cosend_ledger, held), false},
    {"bytes", offsetof(struct cosend_ledger, bytes), true},
    {"ns", offsetof(struct cosend_ledger, ns), true},
};

enum { COUNTS = sizeof(counts) / sizeof(counts[0]), TIME = COUNTS - 1 };

static unsigned long long count_of(const struct cosend_ledger *ledger,
                                   size_t column)
{
    uint64_t count;

    memcpy(&count, (const char *)ledger + counts[column].offset, sizeof(count));
    return count;
}

static void add_json_step(struct csi_cli_text *text,
                          const struct cosend_ledger *ledger)
{
    csi_cli_format(text, "{\"id\": ");
    csi_cli_json_string(text, ledger->id);
    csi_cli_format(text, ", \"filter\": ");
    csi_cli_json_string(text, ledger->filter);
    for (size_t i = 0; i < COUNTS; i++)
        csi_cli_format(text, ", \"%s\": %llu", counts[i].name,
                       count_of(ledger, i));
    if (ledger->replaced)
        csi_cli_format(text, ", \"replaced\": %llu",
                       (unsigned long long)ledger->replaced);
    if (ledger->passed_over)
        csi_cli_format(text, ", \"passed_over\": %llu",
                       (unsigned long long)ledger->passed_over);
    if (ledger->untimed_kept || ledger->untimed_dropped)
        csi_cli_format(text,
                       ", \"untimed_kept\": %llu, \"untimed_dropped\": %llu",
                       (unsigned long long)ledger->untimed_kept,
                       (unsigned long long)ledger->untimed_dropped);
    if (ledger->sequential)
        csi_cli_format(text, ", \"sequential_ns\": %llu",
                       (unsigned long long)ledger->sequential);
    if (ledger->note) {
        csi_cli_format(text, ", \"by\": ");
        csi_cli_json_string(text, ledger->note);
    }
    csi_cli_format(text, "}");
}

static void add_json_ledger(struct csi_cli_text *text,
                            const struct cosend_pipeline *pipeline)
{
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    csi_cli_format(text, "{\"steps\": [");
    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++) {
        csi_cli_format(text, i ? ", " : "");
        add_json_step(text, &ledger);
    }
    csi_cli_format(text, "], \"balanced\": %s}\n",
                   cosend_pipeline_balanced(pipeline) ? "true" : "false");
}

/* A number of the table: time in milliseconds, the rest as it is. */
static void print_count(char *cell, size_t capacity, size_t column,
                        unsigned long long count)
{
    if (column == TIME)
        snprintf(cell, capacity, "%llu.%llu", count / 1000000,
                 count / 100000 % 10);
    else
        snprintf(cell, capacity, "%llu", count);
}

static const char *title(size_t column)
{
    return column == TIME ? "ms" : counts[column].name;
}

/* How wide the columns of the table are; 0: not shown. */
struct widths {
    size_t id, filter, count[COUNTS];
};

static void widen(size_t *width, const char *cell)
{
    if (csi_cli_width(cell) > *width)
        *width = csi_cli_width(cell);
}

static void measure_step(struct widths *widths,
                         const struct cosend_ledger *ledger)
{
    char cell[32];

    widen(&widths->id, ledger->id);
    widen(&widths->filter, ledger->filter);
    for (size_t i = 0; i < COUNTS; i++) {
        if (!counts[i].always && !count_of(ledger, i))
            continue;
        print_count(cell, sizeof(cell), i, count_of(ledger, i));
        widen(&widths->count[i], title(i));
        widen(&widths->count[i], cell);
    }
}

static void add_row(struct csi_cli_text *text, const struct widths *widths,
                    const struct cosend_ledger *ledger)
{
    char cell[32];

    csi_cli_pad(text, ledger ? ledger->id : "step", widths->id);
    csi_cli_format(text, "  ");
    csi_cli_pad(text, ledger ? ledger->filter : "filter", widths->filter);
    for (size_t i = 0; i < COUNTS; i++) {
        if (!widths->count[i])
            continue;
        if (ledger)
            print_count(cell, sizeof(cell), i, count_of(ledger, i));
        csi_cli_format(text, "  %*s", (int)widths->count[i],
                       ledger ? cell : title(i));
    }
    if (ledger && ledger->note)
        csi_cli_format(text, "  by %s", ledger->note);
    if (ledger && ledger->passed_over)
        csi_cli_format(text, "  passed over %llu bytes",
                       (unsigned long long)ledger->passed_over);
    if (ledger && (ledger->untimed_kept || ledger->untimed_dropped))
        csi_cli_format(text, "  without a time %llu kept, %llu dropped",
                       (unsigned long long)ledger->untimed_kept,
                       (unsigned long long)ledger->untimed_dropped);
    if (ledger && ledger->replaced)
        csi_cli_format(text, "  replaced %llu",
                       (unsigned long long)ledger->replaced);
    csi_cli_format(text, "\n");
}

static void add_ledger(struct csi_cli_text *text,
                       const struct cosend_pipeline *pipeline)
{
    struct widths widths = {.id = 4, .filter = 6};
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++)
        measure_step(&widths, &ledger);
    add_row(text, &widths, NULL);
    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++)
        add_row(text, &widths, &ledger);
    if (!cosend_pipeline_balanced(pipeline))
        csi_cli_format(text, "The ledger does not balance.\n");
}

void csi_cli_report_ledger(const struct cosend_pipeline *pipeline, bool json)
{
    struct csi_cli_text text = {0};

    if (json)
        add_json_ledger(&text, pipeline);
    else
        add_ledger(&text, pipeline);
    csi_cli_show(&text);
}

/* ---- Results ------------------------------------------------------------ */

static void add_cell(struct csi_cli_text *text, struct cosend_cell cell)
{
    switch (cell.kind) {
    case COSEND_TEXT:
        csi_cli_json(text, cell.data, cell.length);
        break;
    case COSEND_NUMBER:
    case COSEND_BOOL:
    case COSEND_NESTED:
        csi_cli_add(text, cell.data, cell.length);
        break;
    case COSEND_ABSENT:
    case COSEND_NULL:
        csi_cli_format(text, "null");
        break;
    }
}

/* What step i returned, if anything. */
static void add_result(struct csi_cli_text *text,
                       const struct cosend_pipeline *pipeline, size_t i,
                       const char *id, bool *first)
{
    struct cosend_cell value;
    const char *name;
    size_t j = 0;

    for (; cosend_pipeline_result(pipeline, i, j, &name, &value); j++) {
        if (j == 0) {
            csi_cli_format(text, *first ? "" : ", ");
            csi_cli_json_string(text, id);
            csi_cli_format(text, ": {");
        }
        csi_cli_format(text, j ? ", " : "");
        csi_cli_json_string(text, name);
        csi_cli_format(text, ": ");
        add_cell(text, value);
    }
    if (j)
        csi_cli_format(text, "}");
    *first = *first && !j;
}

void csi_cli_report_results(const struct cosend_pipeline *pipeline)
{
    struct csi_cli_text text = {0};
    struct cosend_ledger ledger = {.size = sizeof(ledger)};
    bool first = true;

    csi_cli_format(&text, "{");
    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++)
        add_result(&text, pipeline, i, ledger.id, &first);
    csi_cli_format(&text, "}\n");
    csi_cli_show(&text);
}

/* ---- Rejects ------------------------------------------------------------ */

static uint64_t bad_of(const struct cosend_ledger *ledger)
{
    return ledger->rejected + ledger->skipped;
}

/* Whether all that a step got was bad, and several. What a step that gets
   records makes at the end, as an average, has not come through; only a source
   makes what it finds bad. */
static bool finds_all_bad(const struct cosend_ledger *ledger)
{
    uint64_t got = ledger->in ? ledger->in : ledger->created;

    return bad_of(ledger) > 1 && bad_of(ledger) >= got;
}

/* By the kind of what is wrong with them all; NULL: several. */
static const char *parse_remedy(const char *kind)
{
    if (!kind)
        return "they differ in what is wrong; --rejects FILE has it for each";
    if (strcmp(kind, "no_match") == 0)
        return "the lines have another form: parse as=... or regex=..., or, "
               "where they are no log, -f";
    if (strcmp(kind, "name_taken") == 0)
        return "they have fields already of the names of those that are made: "
               "drop these before, or into=NAME puts NAME. in front of what is "
               "made";
    if (strcmp(kind, "match_limit") == 0)
        return "the pattern takes too long in them; possessive quantifiers, "
               "a++ for a+, do not";
    return "`types` says of a field what it is not";
}

/* What somebody whose records are all bad most likely has to change. */
static const char *remedy(const struct cosend_ledger *ledger)
{
    const struct cosend_filter *filter = cosend_find_filter(ledger->filter);

    if (filter && filter->role == COSEND_SOURCE)
        return "say with -f what the input is: text, csv, tsv or jsonl, or "
               "json for JSON that is no lines";
    if (filter && filter->role == COSEND_SINK)
        return "another output format, by -t, may hold them";
    if (strcmp(ledger->filter, "parse") == 0)
        return parse_remedy(ledger->bad_kind);
    if (strcmp(ledger->filter, "grep") == 0)
        return "the pattern backtracks too much in them, or needs too much "
               "memory; possessive quantifiers, a++ for a+, do not";
    return "another field may be meant, or the input is not what -f says";
}

/* Where nothing was let through, how many were bad says less than why. */
static void report_all_bad(const struct cosend_pipeline *pipeline)
{
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++)
        if (finds_all_bad(&ledger)) {
            csi_cli_message("all %llu records were %s by step %s: %s (see "
                            "'cosend help %s')",
                            (unsigned long long)bad_of(&ledger),
                            ledger.skipped ? "skipped" : "rejected", ledger.id,
                            remedy(&ledger), ledger.filter);
            return;
        }
}

/* Whether that is what went wrong: such a message begins with the path. */
static bool is_about(const struct cosend_error *error, const char *path)
{
    size_t length = strlen(path);

    return error->kind == COSEND_E_OUTPUT &&
           strncmp(error->message, path, length) == 0 &&
           error->message[length] == ':';
}

static void report_rejected(const struct cosend_pipeline *pipeline,
                            unsigned long long rejected,
                            const struct cosend_error *error)
{
    const char *path = cosend_pipeline_rejects_path(pipeline);
    bool lost = path && is_about(error, path);

    /* How far a step reads on ahead of one that has enough is by chance. */
    csi_cli_message("%llu record%s rejected (%s%s%s)", rejected,
                    rejected == 1 ? "" : "s", lost ? "not all are in " : "see ",
                    path ? path : "--rejects",
                    cosend_pipeline_ended_early(pipeline)
                        ? "; at least that many, as a later step had enough"
                        : "");
}

void csi_cli_report_rejects(const struct cosend_pipeline *pipeline,
                            const struct cosend_error *error)
{
    struct cosend_ledger ledger = {.size = sizeof(ledger)};
    /* One that ended the run was told of already, and is not among these. */
    unsigned long long rejected = cosend_pipeline_errors(pipeline);

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++)
        rejected -= ledger.skipped;
    if (rejected)
        report_rejected(pipeline, rejected, error);
    report_all_bad(pipeline);
}

/* ---- The output --------------------------------------------------------- */

bool csi_cli_wrote_records(const struct cosend_pipeline *pipeline)
{
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++) {
        const struct cosend_filter *filter = cosend_find_filter(ledger.filter);

        if (filter && filter->role == COSEND_SINK && ledger.absorbed &&
            strcmp(filter->name, "null") != 0)
            return true;
    }
    return false;
}
