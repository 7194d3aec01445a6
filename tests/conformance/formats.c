/* SPDX-License-Identifier: MIT */
/*
 * The formats against corpora that others made, which are not part of the
 * project:
 *
 *     formats CSV_SPECTRUM LIBCSV_TESTS JSON_TEST_SUITE
 *
 * each a directory, or - for none. Prints a line per corpus and one per
 * deviation; exits with 1 where there is one.
 *
 *   csv-spectrum     csvs/X.csv must give the records in json/X.json
 *   libcsv           tests/X.csv must give what libcsv makes of it
 *   JSONTestSuite    test_parsing/y_* must be accepted, n_* refused, and i_*
 *                    be to us what they are to jansson, numbers too large for
 *                    it aside
 *
 * Every CSV is read in pieces of every size. Where a corpus is known to be
 * wrong about itself, that is said and does not count.
 */
#include "format/format.h"
#include "format/json_scan.h"

#include <csv.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct score {
    const char *corpus;
    unsigned passed, failed;
};

static const struct {
    const char *name, *why;
} known[] = {
    {"location_coordinates.csv", "its JSON is of another telephone number"},
    {"newlines_crlf.csv", "its JSON has CRLF, the file itself has LF"},
};

static void judge(struct score *score, const char *name, bool passed)
{
    if (passed) {
        score->passed++;
        return;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i].name, name) == 0) {
            printf("%s: %s deviates: %s\n", score->corpus, name,
                   known[i].why);
            return;
        }
    score->failed++;
    printf("%s: %s deviates\n", score->corpus, name);
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
static unsigned each_file(const char *folder, const char *ending,
                          struct score *score,
                          void (*check)(struct score *, const char *folder,
                                        const char *name,
                                        const struct csi_text *))
{
    struct csi_text text = {0};
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t length = strlen(name), tail = strlen(ending);
        char path[8192];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        if (length > tail && strcmp(name + length - tail, ending) == 0 &&
            read_file(path, &text))
            check(score, folder, name, &text);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    csi_text_free(&text);
    return score->passed + score->failed;
}

/* ---- CSV ----------------------------------------------------------------- */

/* Append cells, each with a NUL behind it; a record has one more. */
static void add_rows(struct csi_text *out, const struct csi_rows *rows)
{
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
    struct cosend_format_options options = {
        .name = COSEND_FORMAT_CSV,
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
    bool same = true;

    for (size_t chunk = 1; same && chunk <= input->length; chunk++)
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

static void check_spectrum(struct score *score, const char *folder,
                           const char *name, const struct csi_text *input)
{
    struct csi_text expected = {0};
    char path[4096];
    const char *key;
    json_t *rows, *row, *value;
    size_t i;

    snprintf(path, sizeof(path), "%s/../json/%.*s.json", folder,
             (int)(strlen(name) - 4), name);
    rows = json_load_file(path, 0, NULL);
    json_object_foreach(json_array_get(rows, 0), key, value)
        add_string(&expected, key, strlen(key));
    csi_text_add(&expected, "", 1);
    json_array_foreach(rows, i, row) {
        json_object_foreach(row, key, value)
            add_string(&expected, json_string_value(value),
                       json_string_length(value));
        csi_text_add(&expected, "", 1);
    }
    judge(score, name, rows && gives(input, &expected));
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

static void check_libcsv(struct score *score, const char *folder,
                         const char *name, const struct csi_text *input)
{
    struct csi_text expected = {0};
    struct csv_parser parser;

    (void)folder;
    csv_init(&parser, 0);
    csv_set_space_func(&parser, no_space);
    csv_parse(&parser, input->data, input->length, on_cell, on_row, &expected);
    csv_fini(&parser, on_cell, on_row, &expected);
    csv_free(&parser);
    judge(score, name, gives(input, &expected));
    csi_text_free(&expected);
}

/* ---- JSON ---------------------------------------------------------------- */

static void check_json(struct score *score, const char *folder,
                       const char *name, const struct csi_text *input)
{
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    enum csi_json_result result =
        csi_json_scan(&json, input->data, input->data + input->length);
    bool accepted = result == CSI_JSON_OBJECT || result == CSI_JSON_OTHER;
    json_error_t error;
    json_t *value;

    (void)folder;
    if (name[0] != 'i') {
        judge(score, name, accepted == (name[0] == 'y'));
    } else {
        value = json_loadb(input->data, input->length,
                           JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        judge(score, name,
              accepted == (value || strstr(error.text, "overflow") ||
                           strstr(error.text, "too big")));
        json_decref(value);
    }
    csi_arena_free(&arena);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *corpus, *folder, *ending;
        void (*check)(struct score *, const char *, const char *,
                      const struct csi_text *);
    } corpora[] = {
        {"csv-spectrum", "csvs", ".csv", check_spectrum},
        {"libcsv", "tests", ".csv", check_libcsv},
        {"JSONTestSuite", "test_parsing", ".json", check_json},
    };
    int failed = 0;

    for (int i = 0; i < 3 && i + 1 < argc; i++) {
        struct score score = {corpora[i].corpus, 0, 0};
        char folder[4096];

        if (strcmp(argv[i + 1], "-") == 0)
            continue;
        snprintf(folder, sizeof(folder), "%s/%s", argv[i + 1],
                 corpora[i].folder);
        if (!each_file(folder, corpora[i].ending, &score, corpora[i].check))
            fprintf(stderr, "%s: no files in %s\n", score.corpus, folder);
        printf("%s: %u passed, %u failed\n", score.corpus, score.passed,
               score.failed);
        failed += score.failed || !score.passed;
    }
    return failed != 0;
}
