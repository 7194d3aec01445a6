/* SPDX-License-Identifier: MIT */
/*
 * Cutting records and taking them apart, against a model (csv_model.h) and,
 * where its grammar is the same, against libcsv: on every string of up to
 * seven bytes of an alphabet of trouble, on random longer ones by rules drawn
 * by lot, and on every split of them.
 */
#include "format/csv_cells.h"
#include "format/csv_cut.h"
#include "format/line_reader.h"

#include <csv.h>
#include <stdlib.h>

#include "csv_model.h"
#include "rounds.h"

enum { LONGEST = 64 };

/* By what rules; how the model has them, and the library. */
struct by {
    struct model model;
    struct cosend_format_options options;
};

static const struct by plain = {
    .model = {.delimiter = ",", .quote = '"', .escape = -1}};

static void show(struct text *text, const char *data, size_t length)
{
    add(text, data, length);
    add(text, "|", 1);
}

/* ---- The judges ---------------------------------------------------------- */

static void by_model(const struct model *model, const char *input,
                     size_t length, struct text *text)
{
    static struct model_record r;

    for (size_t at = 0; model_read(model, input, at, length, &r); at = r.end) {
        if (r.none)
            continue;
        if (r.unclosed)
            add(text, "unclosed", 8);
        for (size_t i = 0; !r.unclosed && i < r.cells; i++)
            show(text, r.text + r.from[i], r.length[i]);
        add(text, r.strict || r.unclosed ? "$" : "!", 1);
    }
}

static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

static int is_line_feed(unsigned char byte)
{
    return byte == '\n';
}

static void judge_cell(void *data, size_t length, void *context)
{
    show(context, data, length);
}

static void judge_row(int end, void *context)
{
    (void)end;
    add(context, "$", 1);
}

/* libcsv has no word on what is behind a closing quote, nor on CR LF. False
   where it is no judge. */
static bool by_libcsv(const char *input, size_t length, struct text *text)
{
    static struct model_record r;
    struct csv_parser parser;

    for (size_t at = 0; model_read(&plain.model, input, at, length, &r);
         at = r.end)
        if (r.tail || r.unclosed || r.end - r.content == 2)
            return false;
    csv_init(&parser, 0);
    csv_set_space_func(&parser, no_space);
    csv_set_term_func(&parser, is_line_feed);
    csv_parse(&parser, input, length, judge_cell, judge_row, text);
    csv_fini(&parser, judge_cell, judge_row, text);
    csv_free(&parser);
    return true;
}

/* ---- The library --------------------------------------------------------- */

/* Take the record that was cut apart. */
static void take(struct csi_csv_cells *cells, const struct csi_csv_cut *cut,
                 const char *start, struct text *text)
{
    const char *stop = cut->content;
    struct csi_arena arena = {0};

    if (stop == start)
        return;
    assert_true(csi_csv_parse(cells, start, (size_t)(stop - start), &arena));
    for (size_t i = 0; i < cells->count; i++)
        show(text, cells->items[i].data, cells->items[i].length);
    add(text, cut->stray ? "!" : "$", 1);
    csi_arena_free(&arena);
}

/* The input is there up to `split` at first, and then all of it; where `again`,
   a record that is not whole is begun anew, else it is gone on with. */
static void by_cutter(const struct by *by, const char *input, size_t length,
                      size_t split, bool again, struct text *text)
{
    struct csi_csv_rules rules;
    struct csi_csv_cells cells;
    const char *start = input, *end = input + split, *from = input;
    struct csi_csv_cut cut = {0};

    assert_true(csi_csv_rules_make(&rules, &by->options, false, NULL));
    assert_true(csi_csv_cells_init(&cells, &rules));
    for (;;) {
        bool final = end == input + length;
        const char *next;

        if (csi_csv_is_comment(&rules, start, end) &&
            (final || memchr(start, '\n', (size_t)(end - start)))) {
            from = start = csi_csv_line_end(start, end);
            continue;
        }
        next = csi_csv_cut(&rules, &cut, from, end, final);
        if (next) {
            take(&cells, &cut, start, text);
        } else if (cut.unclosed) {
            add(text, "unclosed$", 9);
            next = csi_csv_line_end(cut.opened, end);
        }
        if (next || again)
            cut = (struct csi_csv_cut){0};
        if (next) {
            from = start = next;
            continue;
        }
        from = again ? start : cut.at;
        if (final)
            break;
        end = input + length;
    }
    csi_csv_cells_free(&cells);
}

static void disagree(const char *what, size_t split, const char *input,
                     size_t length, const struct text *is,
                     const struct text *due)
{
    print_error("%s, split at %zu:", what, split);
    for (size_t i = 0; i < length; i++)
        print_error(" %02x", (unsigned char)input[i]);
    print_error("\n%.*s\ndue %.*s\nis  %.*s\n", (int)length, input,
                (int)due->length, due->data, (int)is->length, is->data);
    fail();
}

static void assert_agreed(const struct by *by, const char *input, size_t length)
{
    static struct text is, due, judged;

    due.length = judged.length = 0;
    by_model(&by->model, input, length, &due);
    if (by == &plain && by_libcsv(input, length, &judged)) {
        /* It knows nothing of `strict`. */
        struct text lax = due;

        for (size_t i = 0; i < lax.length; i++)
            if (lax.data[i] == '!')
                lax.data[i] = '$';
        if (!is_same(&judged, &lax))
            disagree("libcsv and model", 0, input, length, &judged, &lax);
    }
    for (size_t split = 0; split <= length; split++)
        /* What may become a comment is not cut yet. */
        for (int again = by->model.comment != NULL; again < 2; again++) {
            is.length = 0;
            by_cutter(by, input, length, split, again, &is);
            if (!is_same(&is, &due))
                disagree(again ? "cut again" : "cut on", split, input, length,
                         &is, &due);
        }
}

static void every_short_string(void **state)
{
    static const char alphabet[] = {',', '"', '\n', '\r', 'a', ' '};
    enum { LETTERS = sizeof(alphabet), SHORT = 6 };
    char input[SHORT];

    (void)state;
    for (size_t length = 0; length <= SHORT; length++) {
        size_t strings = 1;

        for (size_t i = 0; i < length; i++)
            strings *= LETTERS;
        for (size_t number = 0; number < strings; number++) {
            size_t rest = number;

            for (size_t i = 0; i < length; i++, rest /= LETTERS)
                input[i] = alphabet[rest % LETTERS];
            assert_agreed(&plain, input, length);
        }
    }
}

/* Rules drawn by lot. */
static struct by draw_rules(void)
{
    static const char *const delimiters[] = {",", ";", "||", "|;|", "\t", " "};
    struct by by = plain;
    const char *delimiter = delimiters[draw(6)];

    by.model.delimiter = delimiter;
    by.options.delimiter =
        (struct cosend_string){delimiter, (uint32_t)strlen(delimiter)};
    if (draw(2)) {
        by.model.escape = '\\';
        by.options.escape = (struct cosend_string){"\\", 1};
    }
    if (draw(2)) {
        by.model.comment = "#a";
        by.options.comment = (struct cosend_string){"#a", 2};
    }
    by.model.trim = by.options.trim = draw(2);
    if (!draw(4)) {
        by.model.quote = -1;
        by.options.unquoted = 1;
    }
    return by;
}

static void random_strings(void **state)
{
    static const char alphabet[] = ",\"\n\r a\"\t;||#a\\";
    const char *times = getenv("COSEND_TEST_TIMES");
    long count = times ? atol(times) : rounds_of(20000);

    (void)state;
    for (long i = 0; i < count; i++) {
        struct by by = draw_rules();
        char input[LONGEST];
        size_t length = draw(LONGEST);

        for (size_t j = 0; j < length; j++)
            input[j] = alphabet[draw(sizeof(alphabet) - 1)];
        assert_agreed(draw(3) ? &by : &plain, input, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_string),
        cmocka_unit_test(random_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
