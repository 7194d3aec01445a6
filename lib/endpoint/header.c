/* SPDX-License-Identifier: MIT */
/*
 * Rows that are appended to a CSV file get their names from its first record;
 * so no header is written where there is one, and rows with other columns than
 * that record names are refused: they would be read under wrong names. Names
 * are compared as the reader takes them, since `"a,b"` is one column and `a,b`
 * are two, while `"a"` and `a` are the same.
 */
#include "endpoint/header.h"

#include "base/base.h"
#include "format/csv_cells.h"
#include "format/csv_cut.h"

#include <string.h>

/* The names that a header has. */
struct names {
    struct csi_csv_cells cells;
    struct csi_arena arena;
};

static const char *behind_bom(const char *start, const char *end)
{
    static const char bom[] = {'\xef', '\xbb', '\xbf'};

    return (size_t)(end - start) >= sizeof(bom) &&
                   memcmp(start, bom, sizeof(bom)) == 0
               ? start + sizeof(bom)
               : start;
}

/* The first record's cells. False without memory; free_names is due in any
 * case. */
static bool read_names(struct names *names, const struct csi_csv_rules *rules,
                       const char *start, size_t length)
{
    struct csi_csv_cut cut = {.state = CSI_CSV_START};

    *names = (struct names){0};
    if (!csi_csv_cells_init(&names->cells, rules))
        return false;
    if (!length)
        return true;
    csi_csv_cut(rules, &cut, start, start + length, true);
    return csi_csv_parse(&names->cells, start, (size_t)(cut.content - start),
                         &names->arena);
}

static void free_names(struct names *names)
{
    csi_csv_cells_free(&names->cells);
    csi_arena_free(&names->arena);
}

/* How many of them are the same, from the first on. */
static size_t count_same(const struct names *a, const struct names *b)
{
    size_t i = 0;

    while (i < a->cells.count && i < b->cells.count) {
        const struct cosend_cell *x = &a->cells.items[i];
        const struct cosend_cell *y = &b->cells.items[i];

        if (x->length != y->length ||
            (x->length && memcmp(x->data, y->data, x->length) != 0))
            break;
        i++;
    }
    return i;
}

/* ---- Refusing ------------------------------------------------------------ */

enum { LONGEST = 120 };

static size_t first_line(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);
    size_t line = end ? (size_t)(end - text) : length;

    while (line && text[line - 1] == '\r')
        line--;
    return line;
}

static struct cosend_string nth_name(const struct names *names, size_t i)
{
    enum { SHOWN = 40 };
    struct cosend_cell cell = cosend_text("", 0);

    if (i < names->cells.count)
        cell = names->cells.items[i];
    return (struct cosend_string){cell.data,
                                  cell.length < SHOWN ? cell.length : SHOWN};
}

/* Of lines that are too long to be shown, the first column that differs. */
static int refuse_column(const char *path, const struct names *has,
                         const struct names *due, struct cosend_error *error)
{
    size_t same = count_same(has, due);
    struct cosend_string is = nth_name(has, same), wanted = nth_name(due, same);

    return cosend_error_set(
        error, COSEND_E_OUTPUT,
        "%.200s: its first line has %zu columns, of which column %zu is "
        "\"%.*s\", and the records to append have %zu, with \"%.*s\" there: "
        "append them to another file, or have a `select` before give them its "
        "columns; header=false is for a file without names",
        path, has->cells.count, same + 1, (int)is.length, is.data,
        due->cells.count, (int)wanted.length, wanted.data);
}

static int refuse_line(const char *path, const char *start, size_t length,
                       const char *header, size_t header_length,
                       struct cosend_error *error)
{
    return cosend_error_set(
        error, COSEND_E_OUTPUT,
        "%.200s: its first line is \"%.*s\", and the records to append have "
        "\"%.*s\": append them to another file, or have a `select` before give "
        "them its columns; header=false is for a file without names",
        path, (int)length, start, (int)header_length, header);
}

/* ---- Comparing ----------------------------------------------------------- */

static int compare(const char *path, const struct csi_csv_rules *rules,
                   const struct cosend_string *there,
                   const struct cosend_string *header,
                   struct cosend_error *error)
{
    size_t line = first_line(there->data, there->length);
    size_t due_line = first_line(header->data, header->length);
    struct names has, due = {0};
    int status = COSEND_OK;

    if (!read_names(&has, rules, there->data, there->length) ||
        !read_names(&due, rules, header->data, header->length))
        status = csi_no_memory(error);
    else if (count_same(&has, &due) == has.cells.count &&
             has.cells.count == due.cells.count)
        status = COSEND_OK;
    else if (line > LONGEST || due_line > LONGEST)
        status = refuse_column(path, &has, &due, error);
    else
        status =
            refuse_line(path, there->data, line, header->data, due_line, error);
    free_names(&has);
    free_names(&due);
    return status;
}

/* The rules by which a header is read, and what of `there` is behind a BOM. */
static int begin_reading(const struct cosend_format_options *format,
                         struct cosend_string *there,
                         struct csi_csv_rules *rules,
                         struct cosend_error *error)
{
    struct cosend_format_options read = *format;
    const char *names;

    read.unquoted = format->quoting == COSEND_QUOTING_NONE;
    if (!csi_csv_rules_make(rules, &read, format->name == COSEND_FORMAT_TSV,
                            error))
        return error->kind;
    names = behind_bom(there->data, there->data + there->length);
    there->length -= (size_t)(names - there->data);
    there->data = names;
    return COSEND_OK;
}

/* A table of Markdown that a file is names its columns in its first line. */
static int compare_lines(const char *path, struct cosend_string there,
                         struct cosend_string header,
                         struct cosend_error *error)
{
    const char *names = behind_bom(there.data, there.data + there.length);
    size_t line =
        first_line(names, there.length - (size_t)(names - there.data));
    size_t due = first_line(header.data, header.length);

    if (line == due && memcmp(names, header.data, due) == 0)
        return COSEND_OK;
    return cosend_error_set(
        error, COSEND_E_OUTPUT,
        "%.200s: its first line is \"%.*s\", and the table to append has "
        "\"%.*s\": append it to another file",
        path, (int)(line < LONGEST ? line : LONGEST), names,
        (int)(due < LONGEST ? due : LONGEST), header.data);
}

int csi_header_compare(const struct cosend_format_options *format,
                       const char *path, struct cosend_string there,
                       struct cosend_string header, struct cosend_error *error)
{
    struct csi_csv_rules rules;
    int status;

    if (format->name == COSEND_FORMAT_MARKDOWN)
        return compare_lines(path, there, header, error);
    status = begin_reading(format, &there, &rules, error);
    return status == COSEND_OK ? compare(path, &rules, &there, &header, error)
                               : status;
}

/* ---- Columns of the file ------------------------------------------------- */

/* Words with blanks between them. */
static bool add_words(struct cosend_schema *columns, const char *line,
                      size_t length)
{
    const char *end = line + length, *at = line, *word;

    for (;;) {
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        if (at == end)
            return true;
        for (word = at; at < end && *at != ' ' && *at != '\t';)
            at++;
        if (!csi_schema_add(columns, word, (size_t)(at - word), CSI_DENSE))
            return false;
    }
}

static bool add_cells(struct cosend_schema *columns,
                      const struct csi_csv_rules *rules,
                      const struct cosend_string *there)
{
    struct names names;
    bool ok = read_names(&names, rules, there->data, there->length);

    for (size_t i = 0; ok && i < names.cells.count; i++) {
        struct cosend_cell cell = names.cells.items[i];

        ok = (!rules->tsv || csi_tsv_unescape(&names.arena, &cell)) &&
             csi_schema_add(columns, cell.data, cell.length, CSI_DENSE);
    }
    free_names(&names);
    return ok;
}

int csi_header_columns(const struct cosend_format_options *format,
                       struct cosend_string there,
                       struct cosend_schema **columns,
                       struct cosend_error *error)
{
    struct cosend_schema *made = csi_schema_new();
    struct csi_csv_rules rules;
    int status = begin_reading(format, &there, &rules, error);
    size_t length = first_line(there.data, there.length);
    bool ok = made;

    *columns = NULL;
    if (ok && status == COSEND_OK) {
        made->header = csi_strndup(there.data, length);
        made->header_length = length;
        ok = made->header &&
             (format->name == COSEND_FORMAT_COLUMNS
                  ? add_words(made, there.data, length)
                  : add_cells(made, &rules, &there)) &&
             csi_schema_index(made);
    }
    if (!ok && status == COSEND_OK)
        status = csi_no_memory(error);
    if (status == COSEND_OK)
        *columns = made;
    else
        csi_schema_unref(made);
    return status;
}
