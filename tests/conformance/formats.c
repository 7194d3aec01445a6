/* SPDX-License-Identifier: MIT */
/*
 * The formats against corpora that others made, which are not part of the
 * project:
 *
 *     formats CORPORA
 *
 * Prints CORPUS/FILE and, behind a space, `passed` or `deviates`, a line each.
 *
 *   csv-spectrum     csvs/X.csv must give the records in json/X.json
 *   libcsv-tests     tests/X.csv must give what libcsv makes of it,
 *   qsv-resources    and so must these
 *   json-test-suite  test_parsing/y_* must be accepted, n_* refused, and i_*
 *                    be to us what they are to jansson; so must all in
 *                    test_transform,
 *   lnav-logs        and each line of its JSON
 *
 * jansson is the judge of members too. What it refuses, and we must not, is
 * said in json_scan.h. CSV is read in pieces of every size, if it is small.
 */
#include "cosend/number.h"
#include "format/format.h"
#include "format/json_scan.h"
#include "format/json_cell.h"

#include <csv.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file in hand. */
struct test {
    const char *corpus, *folder, *name;
    const struct csi_text *input;
};

static void judge(const struct test *test, bool passed)
{
    printf("%s/%s %s\n", test->corpus, test->name,
           passed ? "passed" : "deviates");
}

static bool read_file(const char *path, struct csi_text *text)
{
    char buffer[4096];
    FILE *file = fopen(path, "rb");
    size_t length;
    bool done = file != NULL;

    text->length = 0;
    while (done && (length = fread(buffer, 1, sizeof(buffer), file)))
        done = csi_text_add(text, buffer, length);
    if (file)
        fclose(file);
    return done;
}

/* Call `check` with each file of a folder whose name ends so. */
static void each_file(struct test *test, const char *ending,
                      void (*check)(const struct test *))
{
    struct csi_text text = {0};
    struct dirent **entries;
    int count = scandir(test->folder, &entries, NULL, alphasort);

    test->input = &text;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(entries[i]->d_name), tail = strlen(ending);
        char path[8192];

        test->name = entries[i]->d_name;
        snprintf(path, sizeof(path), "%s/%s", test->folder, test->name);
        if (length > tail && strcmp(test->name + length - tail, ending) == 0 &&
            read_file(path, &text))
            check(test);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    csi_text_free(&text);
}

/* ---- CSV ----------------------------------------------------------------- */

/* Append cells, each with a NUL behind it; a record has one more. */
static void add_rows(struct csi_text *out, struct csi_rows *rows)
{
    for (uint32_t i = 0; rows->fill && i < rows->column_count; i++)
        if (!rows->cells[i] && !rows->fill(rows, i))
            csi_text_add(out, "no memory", 9);
    for (uint32_t row = 0; row < rows->count; row++) {
        for (uint32_t i = 0; i < rows->column_count; i++) {
            struct cosend_cell cell = rows->cells[i][row];

            if (cell.kind == COSEND_ABSENT)
                continue;
            csi_text_add(out, cell.data, cell.length);
            csi_text_add(out, "", 1);
        }
        csi_text_add(out, "", 1);
    }
}

/* Read CSV without a header in pieces of `chunk` bytes. Any number of columns
   is had by naming many and padding. */
static bool read_csv(const struct csi_text *input, size_t chunk,
                     struct csi_text *out)
{
    static const struct cosend_string names[64] = {
        {"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}, {"f", 1}, {"g", 1}};
    struct cosend_format_options options = {.name = COSEND_FORMAT_CSV,
                                            .ragged = COSEND_RAGGED_PAD,
                                            .header = {.names = {names, 64}}};
    struct csi_reader *reader =
        csi_format_get(COSEND_FORMAT_CSV)->reader(&options, NULL);
    struct csi_block *block = csi_block_new(input->length + 1);
    size_t base = 0, consumed;
    int status = COSEND_OK;

    out->length = 0;
    while (reader && block && status == COSEND_OK) {
        struct csi_rows *rows = csi_rows_new(block);
        bool final = block->length == input->length;

        rows->base = base;
        rows->first_line = 1;
        status = reader->ops->cut(reader, rows, final, &consumed, NULL);
        add_rows(out, rows);
        base += consumed;
        if (rows->fault_count)
            csi_text_add(out, "open", 4);
        csi_rows_unref(rows);
        if (final && base == block->length)
            break;
        if (consumed || final)
            continue;
        if (chunk > input->length - block->length)
            chunk = input->length - block->length;
        memcpy(block->data + block->length, input->data + block->length, chunk);
        block->length += chunk;
    }
    if (reader)
        reader->ops->free(reader);
    csi_block_unref(block);
    return status == COSEND_OK;
}

static bool gives(const struct csi_text *input, const struct csi_text *expected)
{
    struct csi_text seen = {0};
    bool same = true, large = input->length > 4096;

    for (size_t chunk = large ? 1009 : 1; same && chunk <= input->length;
         chunk += large ? 40009 : 1)
        same = read_csv(input, chunk, &seen) &&
               seen.length == expected->length &&
               memcmp(seen.data, expected->data, seen.length) == 0;
    csi_text_free(&seen);
    return same;
}

static void add_string(struct csi_text *out, const char *text, size_t length)
{
    csi_text_add(out, text, length);
    csi_text_add(out, "", 1);
}

static void check_spectrum(const struct test *test)
{
    struct csi_text expected = {0};
    char path[4096];
    const char *key;
    json_t *rows, *row, *value;
    size_t i;

    snprintf(path, sizeof(path), "%s/../json/%.*s.json", test->folder,
             (int)(strlen(test->name) - 4), test->name);
    rows = json_load_file(path, 0, NULL);
    json_object_foreach(json_array_get(rows, 0), key, value)
        add_string(&expected, key, strlen(key));
    csi_text_add(&expected, "", 1);
    json_array_foreach(rows, i, row)
    {
        json_object_foreach(row, key, value) add_string(
            &expected, json_string_value(value), json_string_length(value));
        csi_text_add(&expected, "", 1);
    }
    judge(test, rows && gives(test->input, &expected));
    json_decref(rows);
    csi_text_free(&expected);
}

static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

static void on_cell(void *data, size_t length, void *context)
{
    add_string(context, data, length);
}

static void on_row(int end, void *context)
{
    (void)end;
    csi_text_add(context, "", 1);
}

static void check_libcsv(const struct test *test)
{
    const struct csi_text *input = test->input;
    struct csi_text expected = {0};
    struct csv_parser parser;

    csv_init(&parser, 0);
    csv_set_space_func(&parser, no_space);
    csv_parse(&parser, input->data, input->length, on_cell, on_row, &expected);
    csv_fini(&parser, on_cell, on_row, &expected);
    csv_free(&parser);
    judge(test, gives(input, &expected));
    csi_text_free(&expected);
}

/* ---- JSON ---------------------------------------------------------------- */

/* A member against jansson's value of its name. */
static bool same_member(struct csi_json_member *member, struct csi_arena *arena,
                        json_t *object)
{
    struct cosend_cell cell;
    json_t *value;
    double number;

    if (!csi_json_name(member, arena) || !csi_json_cell(member, arena, &cell))
        return false;
    value = json_object_getn(object, member->name, member->name_length);
    if (json_is_string(value))
        return cell.length == json_string_length(value) &&
               memcmp(cell.data, json_string_value(value), cell.length) == 0;
    if (json_is_real(value))
        return cosend_parse_double(cell.data, cell.length, &number) &&
               memcmp(&number, &(double){json_real_value(value)},
                      sizeof(number)) == 0;
    if (json_is_integer(value))
        return strtoll(cell.data, NULL, 10) == json_integer_value(value);
    return value && (member->kind == COSEND_NULL) == json_is_null(value);
}

/* Whether a text is to us what it is to jansson. */
static bool as_jansson(const char *text, size_t length)
{
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    enum csi_json_result result = csi_json_scan(&json, text, text + length);
    json_error_t error = {0};
    json_t *due =
        json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    bool same;

    if (due)
        same =
            result == (json_is_object(due) ? CSI_JSON_OBJECT : CSI_JSON_OTHER);
    else
        same = (result == CSI_JSON_INVALID) !=
               (json_error_code(&error) == json_error_numeric_overflow ||
                json_error_code(&error) == json_error_null_byte_in_key);
    if (due && result == CSI_JSON_OBJECT) {
        same = same && csi_json_unite(&json) &&
               json.count == json_object_size(due);
        for (size_t i = 0; same && i < json.count; i++)
            same = same_member(&json.members[i], &arena, due);
    }
    json_decref(due);
    csi_arena_free(&arena);
    return same;
}

static void check_json(const struct test *test)
{
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    const struct csi_text *input = test->input;
    enum csi_json_result result =
        csi_json_scan(&json, input->data, input->data + input->length);
    bool accepted = result == CSI_JSON_OBJECT || result == CSI_JSON_OTHER;

    if (strncmp(test->name, "y_", 2) == 0 || strncmp(test->name, "n_", 2) == 0)
        judge(test, accepted == (test->name[0] == 'y'));
    else
        judge(test, as_jansson(input->data, input->length));
    csi_arena_free(&arena);
}

static void check_json_lines(const struct test *test)
{
    const char *line = test->input->data, *next;
    const char *end = line + test->input->length;
    bool same = true;

    for (; same && line < end; line = next + 1) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next : end;
        same = as_jansson(line, (size_t)(next - line));
    }
    judge(test, same);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *corpus, *folder, *ending;
        void (*check)(const struct test *);
    } corpora[] = {
        {"csv-spectrum", "csvs", ".csv", check_spectrum},
        {"libcsv-tests", "tests", ".csv", check_libcsv},
        {"qsv-resources", "resources/test", ".csv", check_libcsv},
        {"qsv-resources", "resources/test", ".jsonl", check_json_lines},
        {"json-test-suite", "test_parsing", ".json", check_json},
        {"json-test-suite", "test_transform", ".json", check_json},
        {"lnav-logs", "test", ".json", check_json_lines},
        {"lnav-logs", "test", ".jsonl", check_json_lines},
    };

    if (argc != 2)
        return 2;
    for (size_t i = 0; i < sizeof(corpora) / sizeof(corpora[0]); i++) {
        struct test test = {.corpus = corpora[i].corpus};
        char folder[4096];

        snprintf(folder, sizeof(folder), "%s/%s/%s", argv[1], corpora[i].corpus,
                 corpora[i].folder);
        test.folder = folder;
        each_file(&test, corpora[i].ending, corpora[i].check);
    }
    return 0;
}
