/* SPDX-License-Identifier: MIT */
/*
 * Every public call that needs no pipeline, with what its header allows and
 * nobody passes: no bytes, no options, enums and kinds that are none, words
 * kept for later that are not zero, bytes that end too early.
 */
#include "cosend.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* No enum of cosend has these. */
static const int strange[] = {INT_MIN, -99, 99, INT_MAX};

static const struct cosend_cell nothing;

static struct cosend_cell cell_of(int kind)
{
    struct cosend_cell cell = cosend_text("1", 1);

    cell.kind = (enum cosend_kind)kind;
    return cell;
}

/* ---- Base ---------------------------------------------------------------- */

static const char *no_word(const void *list, size_t i)
{
    (void)list;
    (void)i;
    return NULL;
}

static void errors_have_names(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    for (int kind = COSEND_E_LEDGER - 2; kind < 3; kind++)
        assert_non_null(cosend_error_name(kind));
    for (size_t i = 0; i < LENGTH(strange); i++)
        assert_non_null(cosend_error_name(strange[i]));
    assert_int_equal(cosend_error_set(NULL, COSEND_E_DATA, "%s", "x"),
                     COSEND_E_DATA);
    cosend_error_set(&error, COSEND_E_DATA, "%0600d", 1);
    cosend_error_set(&error, COSEND_E_INPUT, "not this one");
    assert_int_equal(error.kind, COSEND_E_DATA);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
}

static void what_is_asked_of_the_library(void **state)
{
    (void)state;
    cosend_set_allocator(NULL, NULL, NULL);
    assert_string_equal(cosend_version(), COSEND_VERSION);
    assert_int_equal(cosend_version_number(), COSEND_VERSION_NUMBER);
    assert_int_equal(cosend_abi(), COSEND_ABI);
    assert_true(strlen(cosend_kernels()) > 0);
    assert_null(cosend_suggest("", 0, no_word, NULL));
    assert_null(cosend_suggest("word", 3, no_word, NULL));
}

/* ---- Bytes --------------------------------------------------------------- */

static void bytes_end_too_early(void **state)
{
    struct cosend_bytes bytes = {0};
    size_t length;

    (void)state;
    cosend_bytes_free(&bytes);
    cosend_bytes_clear(&bytes);
    cosend_put_u8(&bytes, 255);
    cosend_put_u64(&bytes, UINT64_MAX);
    cosend_put_varint(&bytes, UINT64_MAX);
    cosend_put_double(&bytes, -0.0);
    cosend_put_bytes(&bytes, NULL, 0);
    cosend_put_bytes(&bytes, "abc", 3);
    assert_false(bytes.failed);
    for (size_t cut = 0; cut <= bytes.length; cut++) {
        struct cosend_reader_bytes reader = cosend_read_bytes(bytes.data, cut);
        const char *text;

        cosend_get_u8(&reader);
        cosend_get_u64(&reader);
        cosend_get_varint(&reader);
        cosend_get_double(&reader);
        cosend_get_bytes(&reader, &length);
        text = cosend_get_bytes(&reader, &length);
        assert_int_equal(reader.failed, cut < bytes.length);
        assert_int_equal(text != NULL, cut == bytes.length);
    }
    cosend_bytes_clear(&bytes);
    cosend_put_raw(&bytes, NULL, 0);
    cosend_put_raw(&bytes, "abc", 3);
    cosend_put_case(&bytes, NULL, 0, COSEND_CASE_TITLE);
    cosend_put_case(&bytes, "\xff", 1, (enum cosend_case)99);
    bytes.length = 3;
    assert_int_equal(bytes.length, 3);
    cosend_bytes_free(&bytes);
    cosend_bytes_free(&bytes);
}

/* ---- Numbers and text ---------------------------------------------------- */

static void no_bytes_are_no_number_and_a_string(void **state)
{
    char number[COSEND_NUMBER_MAX], text[8];
    double value = 7;

    (void)state;
    assert_false(cosend_parse_double(NULL, 0, &value));
    assert_true(value == 7);
    assert_int_equal(cosend_format_double(NAN, number), 3);
    assert_int_equal(cosend_format_double(-INFINITY, number), 9);
    assert_int_equal(cosend_format_integer(INT64_MIN, number), 20);
    assert_int_equal(cosend_format_unsigned(UINT64_MAX, number), 20);
    assert_int_equal(cosend_json_string(NULL, 0, NULL, 0), 2);
    assert_int_equal(cosend_json_string(NULL, 0, text, sizeof(text)), 2);
    assert_int_equal(cosend_json_string("\x1b", 1, text, 1), 8);
    assert_int_equal(cosend_shown(NULL, 0, 0), 0);
    assert_int_equal(cosend_shown("a\xc3\xa9", 3, 3), 3);
    assert_int_equal(cosend_shown("a\xc3\xa9", 3, 2), 1);
    assert_int_equal(cosend_shown("\x80\x80\x80", 3, 2), 0);
    assert_string_equal(text, "");
    assert_int_equal(cosend_escape(NULL, 0, true, NULL, 0), 0);
    assert_int_equal(cosend_escape("\x1b", 1, false, text, 2), 4);
    assert_string_equal(text, "");
}

static void no_bytes_have_no_places(void **state)
{
    uint64_t found[COSEND_FIND_BYTES * COSEND_FIND_WORDS(0)];
    uint32_t places[COSEND_FIND_MORE];

    (void)state;
    memset(found, 1, sizeof(found));
    cosend_find_bytes(NULL, 0, "wxyz", found);
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
        assert_true(!found[i]);
    assert_int_equal(cosend_next_found(found, 0, 0), 0);
    assert_int_equal(cosend_found_places(found, 0, places), 0);
    assert_int_equal(cosend_found_places(found, 0, NULL), 0);
}

static void forms_of_logs_have_columns(void **state)
{
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];
    struct cosend_cell blank = cosend_text(NULL, 0);

    (void)state;
    for (size_t i = 0; cosend_access_logs[i]; i++) {
        const struct cosend_access_log *log = cosend_access_logs[i];
        size_t count = cosend_access_log_columns(log, columns);

        assert_in_range(log->count, 1, COSEND_ACCESS_LOG_FIELDS);
        assert_in_range(count, log->count, COSEND_ACCESS_LOG_COLUMNS);
        for (size_t k = 0; k < count; k++) {
            assert_in_range(columns[k].field, 0, log->count - 1);
            assert_int_equal(cosend_access_log_piece(&columns[k], blank).length,
                             0);
        }
    }
}

static void no_bytes_are_no_line_of_a_log(void **state)
{
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    struct cosend_cell line = {0}, status;
    uint64_t bits[COSEND_FIND_WORDS(0)] = {0};
    uint32_t quotes[] = {UINT32_MAX, UINT32_MAX};
    struct cosend_access_log_text text = {NULL, 0, bits, bits, bits, quotes};
    struct cosend_access_log_cells cells = {.lines = {&line, NULL, 0, 0, 0},
                                            .of = {&status}};

    (void)state;
    for (size_t i = 0; cosend_access_logs[i]; i++) {
        const struct cosend_access_log *log = cosend_access_logs[i];

        assert_int_equal(log->cut_plain(log, &text, &cells, 0, 1), 0);
        assert_int_equal(log->cut_plain(log, &text, &cells, 0, 0), 0);
        assert_string_equal(cosend_access_log_cut(log, &text, 0, 0, parts),
                            log->fields[0].name);
    }
}

/* ---- Sums, tables, keys -------------------------------------------------- */

static void an_empty_sum_is_none(void **state)
{
    struct cosend_sum sum = {0}, other = {0};
    struct cosend_reader_bytes none = cosend_read_bytes(NULL, 0);
    struct cosend_bytes bytes = {0};
    char total[COSEND_SUM_MAX];

    (void)state;
    assert_int_equal(cosend_sum_add(&sum, NULL, 0), COSEND_NOT_NUMBER);
    assert_int_equal(cosend_sum_subtract(&sum, NULL, 0), COSEND_NOT_NUMBER);
    assert_int_equal(cosend_sum_merge(&sum, &other), COSEND_OK);
    assert_int_equal(cosend_sum_load(&sum, &none), COSEND_E_TYPE);
    assert_int_equal(cosend_sum_total(&sum, total), 1);
    assert_true(cosend_sum_mean(&sum, 0) == 0);
    cosend_sum_save(&sum, &bytes);
    none = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_sum_load(&other, &none), COSEND_OK);
    cosend_bytes_free(&bytes);
    cosend_sum_free(&sum);
    cosend_sum_free(&sum);
    cosend_sum_free(&other);
}

static void a_table_of_nothing(void **state)
{
    struct cosend_table *table = cosend_table_new(0, NULL);
    const void *key;
    size_t length;
    bool fresh;

    (void)state;
    cosend_table_free(NULL);
    assert_non_null(table);
    assert_null(cosend_table_find(table, NULL, 0));
    assert_non_null(cosend_table_get(table, NULL, 0, NULL));
    assert_non_null(cosend_table_get(table, NULL, 0, &fresh));
    assert_false(fresh);
    assert_non_null(cosend_table_find(table, NULL, 0));
    assert_int_equal(cosend_table_count(table), 1);
    assert_non_null(cosend_table_at(table, 0, &key, &length));
    assert_int_equal(length, 0);
    cosend_table_free(table);
}

static void an_index_of_nothing(void **state)
{
    struct cosend_index *index = cosend_index_new(NULL);
    const struct cosend_index_row *row;
    struct cosend_bytes scratch = {0};
    struct cosend_cell cell = cosend_text("a", 1);

    (void)state;
    cosend_index_free(NULL);
    assert_non_null(index);
    assert_true(cosend_index_find(index, NULL, 0, 0, &scratch, NULL));
    assert_true(cosend_index_find(index, &cell, 1, 1, &scratch, &row));
    assert_null(row);
    assert_int_equal(cosend_index_put(index, NULL, 0, NULL, 0, true),
                     COSEND_DONE);
    assert_int_equal(cosend_index_put(index, &cell, 1, NULL, 0, false),
                     COSEND_OK);
    assert_true(cosend_index_find(index, &cell, 1, 1, &scratch, &row));
    assert_non_null(row);
    assert_null(cosend_index_next(index, row));
    cosend_index_fold(index);
    cosend_index_cells(row, NULL, 0);
    cosend_index_cells(row, &cell, 1);
    assert_int_equal(cell.kind, COSEND_ABSENT);
    cosend_bytes_free(&scratch);
    cosend_index_free(index);
}

/* A kind that is none makes a key that is refused, or is kept as it is. */
static void keys_of_cells_of_no_kind(void **state)
{
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader = cosend_read_bytes(NULL, 0);
    struct cosend_cell cell;

    (void)state;
    assert_false(cosend_key_next(&reader, &cell));
    for (size_t i = 0; i < LENGTH(strange); i++) {
        cosend_bytes_clear(&bytes);
        cosend_key_add(&bytes, cell_of(strange[i]));
        reader = cosend_read_bytes(bytes.data, bytes.length);
        if (cosend_key_next(&reader, &cell))
            assert_int_equal(cell.length, 1);
        else
            assert_true(reader.failed);
    }
    cosend_bytes_free(&bytes);
}

/* ---- Values -------------------------------------------------------------- */

static void values_of_no_type_have_an_order(void **state)
{
    double number = 7;

    (void)state;
    for (size_t i = 0; i < LENGTH(strange); i++) {
        struct cosend_value kind = cosend_value_of(cell_of(strange[i]));
        struct cosend_value type = {0}, text = cosend_value_of(cell_of(2));

        type.type = (enum cosend_type)strange[i];
        assert_int_equal(cosend_compare(&kind, &kind), 0);
        assert_int_equal(cosend_compare(&type, &type), 0);
        assert_true(
            cosend_compare(&type, &text) * cosend_compare(&text, &type) <= 0);
        assert_false(cosend_value_double(&type, &number));
    }
    assert_int_equal(cosend_value_of(nothing).type, COSEND_TYPE_ABSENT);
    assert_true(number == 7);
}

/* ---- Patterns ------------------------------------------------------------ */

static void patterns_of_nothing(void **state)
{
    struct cosend_regex *regex = cosend_regex_new(NULL, 0, NULL, NULL);
    const struct cosend_cell empty = cosend_text(NULL, 0);
    struct cosend_cell cells[1];
    size_t which;

    (void)state;
    cosend_regex_free(NULL);
    assert_non_null(regex);
    assert_int_equal(cosend_regex_match(regex, empty), COSEND_MATCH);
    assert_true(cosend_regex_matches(regex, empty));
    assert_int_equal(cosend_regex_match(regex, nothing), COSEND_NO_MATCH);
    assert_int_equal(cosend_regex_groups(regex), 0);
    assert_int_equal(cosend_regex_captures(regex, empty, cells), COSEND_MATCH);
    assert_non_null(cosend_regex_engine(regex));
    cosend_regex_free(regex);
    regex = cosend_regex_new_any(NULL, NULL, 0, NULL, &which, NULL);
    assert_non_null(regex);
    assert_int_equal(cosend_regex_match(regex, empty), COSEND_NO_MATCH);
    cosend_regex_free(regex);
    regex = cosend_regex_new("(?<a>x)?", 8, NULL, NULL);
    assert_string_equal(cosend_regex_group(regex, 0), "a");
    assert_int_equal(cosend_regex_captures(regex, empty, cells), COSEND_MATCH);
    assert_int_equal(cells[0].kind, COSEND_ABSENT);
    cosend_regex_free(regex);
    assert_null(cosend_regex_new_from_file("/nowhere", NULL, 0, NULL, NULL));
    for (size_t i = 0; i < LENGTH(strange); i++)
        assert_non_null(cosend_match_problem((enum cosend_match)strange[i]));
}

static void call_replace(const struct cosend_regex *regex,
                         struct cosend_cell cell)
{
    struct cosend_error error = {0};
    struct cosend_bytes text = {0};
    struct cosend_replacement *replacement =
        cosend_replacement_new(regex, "<$0>", 4, false, NULL);

    assert_int_equal(cosend_replace(replacement, cell, false, &text),
                     COSEND_MATCH);
    assert_memory_equal(text.data, "<ab><b>x<>a<>", text.length);
    assert_int_equal(cosend_replace(replacement, nothing, true, &text),
                     COSEND_NO_MATCH);
    assert_int_equal(
        cosend_replace(replacement, cosend_text(NULL, 0), true, &text),
        COSEND_MATCH);
    cosend_bytes_free(&text);
    cosend_replacement_free(replacement);
    cosend_replacement_free(NULL);
    replacement = cosend_replacement_new(regex, "$1", 2, false, &error);
    assert_null(replacement);
    assert_int_equal(error.kind, COSEND_E_SPEC);
    replacement = cosend_replacement_new(regex, NULL, 0, true, &error);
    assert_non_null(replacement);
    cosend_replacement_free(replacement);
}

static void matches_are_found_where_they_are(void **state)
{
    static const struct cosend_regex_options places = {.places = true};
    static const char *const patterns[] = {"b+", "ab", "", "x\\K"};
    static const size_t lengths[] = {2, 2, 0, 3};
    const struct cosend_cell cell = cosend_text("abbxa", 5);
    struct cosend_matches matches = {NULL, 0, 0};
    struct cosend_regex *regex, *both[2];
    struct cosend_cell match;
    size_t which;

    (void)state;
    regex = cosend_regex_new_any(patterns, lengths, 4, &places, &which, NULL);
    assert_int_equal(cosend_regex_find(regex, cell, 1, &match), COSEND_MATCH);
    assert_ptr_equal(match.data, cell.data + 1);
    assert_int_equal(match.length, 2);
    assert_int_equal(cosend_regex_find(regex, cell, 6, &match),
                     COSEND_NO_MATCH);
    assert_int_equal(cosend_regex_find(regex, nothing, 0, &match),
                     COSEND_NO_MATCH);
    assert_int_equal(cosend_regex_find_all(regex, cell, &matches),
                     COSEND_MATCH);
    /* ab, b, and nothing before x, a, and the end. */
    assert_int_equal(matches.count, 5);
    assert_int_equal(matches.items[1].length, 1);
    assert_int_equal(
        cosend_regex_find_all(regex, cosend_text(NULL, 0), &matches),
        COSEND_MATCH);
    assert_int_equal(matches.count, 1);
    cosend_matches_free(&matches);
    cosend_matches_free(&matches);
    call_replace(regex, cell);
    cosend_regex_free(regex);
    both[0] = cosend_regex_new("a", 1, NULL, NULL);
    both[1] = cosend_regex_new("x", 1, NULL, NULL);
    regex = cosend_regex_of_all(both, 2, NULL);
    assert_true(cosend_regex_matches(regex, cell));
    assert_false(cosend_regex_matches(regex, cosend_text("a", 1)));
    assert_int_equal(cosend_regex_find(regex, cell, 0, &match),
                     COSEND_NO_MATCH);
    cosend_regex_free(regex);
}

/* ---- Words kept for later ------------------------------------------------ */

static int no_body(struct cosend_coroutine *self, void *argument)
{
    (void)self;
    (void)argument;
    return 0;
}

static void options_that_are_not_set_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cosend_regex_options regex = {0};
        struct cosend_coroutine_options coroutine = {.size = 7 * i};
        struct cosend_error errors[5] = {{0}};
        const char *pattern = "a";
        size_t length = 1, which;

        regex.reserved[i] = 1;
        assert_null(cosend_regex_new("a", 1, &regex, &errors[0]));
        assert_null(cosend_regex_new_any(&pattern, &length, 1, &regex, &which,
                                         &errors[1]));
        assert_null(cosend_regex_new_from_file("/dev/null", "a", 1, &regex,
                                               &errors[2]));
        assert_null(cosend_new(no_body, NULL, &coroutine, &errors[3]));
        assert_null(cosend_start(no_body, NULL, &coroutine, &errors[4]));
        for (size_t at = 0; at < LENGTH(errors); at++)
            assert_int_equal(errors[at].kind, COSEND_E_USAGE);
    }
}

/* ---- Filters and options ------------------------------------------------- */

static void lists_end(void **state)
{
    struct cosend_option row;
    size_t builtin = 0, all = 0;

    (void)state;
    while (cosend_builtin_filters()[builtin])
        builtin++;
    while (cosend_filter_at(all))
        all++;
    assert_true(builtin > 0 && all >= builtin);
    assert_null(cosend_filter_at(SIZE_MAX));
    assert_null(cosend_find_filter(""));
    assert_null(cosend_name_here(""));
    assert_null(cosend_name_here(" "));
    assert_null(cosend_name_here("grep"));
    assert_string_equal(cosend_name_here("tsv-filter"),
                        cosend_name_here("tsv_filter"));
    assert_false(cosend_option_at(NULL, 0, &row));
    assert_false(cosend_option_at(cosend_reader_options, SIZE_MAX, &row));
    assert_true(cosend_option_at(cosend_writer_options, 0, &row));
    assert_true(cosend_option_at(cosend_span_options, 3, &row));
    assert_true(cosend_option_at(cosend_place_options, 3, &row));
    assert_false(cosend_option_at(cosend_place_options, 4, &row));
    for (const struct cosend_behind *behind = cosend_read_behind;
         behind->option; behind++)
        assert_non_null(cosend_find_filter(behind->filter));
}

static void lists_of_names_end_behind_their_last(void **state)
{
    static const struct {
        const char *const *names;
        size_t last;
        const char *name;
    } lists[] = {
        {cosend_format_names, COSEND_FORMAT_TEMPLATE, "template"},
        {cosend_reader_format_names, COSEND_FORMAT_NIDX, "nidx"},
        {cosend_ragged_names, COSEND_RAGGED_ERROR, "error"},
        {cosend_invalid_utf8_names, COSEND_INVALID_UTF8_ESCAPE, "escape"},
        {cosend_json_numbers_names, COSEND_JSON_NUMBERS_AUTO, "auto"},
        {cosend_quoting_names, COSEND_QUOTING_NONNUMERIC, "nonnumeric"},
        {cosend_align_names, COSEND_ALIGN_RIGHT, "right"},
        {cosend_border_names, COSEND_BORDER_UNICODE, "unicode"},
        {cosend_duplicates_names, COSEND_DUPLICATES_ERROR, "error"},
        {cosend_line_end_names, COSEND_LINE_END_AUTO, "auto"},
        {cosend_reader_quoting_names, 1, "none"},
        {cosend_time_names, 5, "date"},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        assert_string_equal(lists[i].names[lists[i].last], lists[i].name);
        assert_null(lists[i].names[lists[i].last + 1]);
    }
}

static void a_row_of_nothing_is_refused(void **state)
{
    static const struct cosend_option none[] = {{.name = NULL}};
    struct cosend_filter filter = {0};

    (void)state;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
    filter.abi = COSEND_ABI;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
    filter.name = "of_no_body";
    filter.options = none;
    assert_int_equal(cosend_register(&filter, NULL), COSEND_E_USAGE);
}

static void a_plugin_that_is_none_is_refused(void **state)
{
    static const char *const paths[] = {NULL,          "",  "plugin.so",
                                        "./plugin.so", "/", "/dev/null"};
    struct cosend_error error = {0};

    (void)state;
    for (size_t i = 0; i < LENGTH(paths); i++)
        assert_int_equal(cosend_load_plugin(paths[i], NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_load_plugin("/no/such.so", &error), COSEND_E_INPUT);
    assert_non_null(strstr(error.message, "plug-in /no/such.so: No such file"));
}

static void count_calls(int role, const char *name, const char *text,
                        void *context)
{
    (void)role;
    (void)name;
    (void)text;
    ++*(int *)context;
}

static void a_line_of_nothing_and_formats_that_are_none(void **state)
{
    int calls = 0;

    (void)state;
    assert_null(cosend_line_to_json("", NULL, NULL));
    assert_true(cosend_line_calls("", NULL, count_calls, &calls, NULL) < 0);
    for (size_t i = 0; i < LENGTH(strange); i++) {
        struct cosend_options in = {.size = sizeof(in),
                                    .input_format = strange[i]};
        struct cosend_options out = {.size = sizeof(out),
                                     .output_format = strange[i]};
        struct cosend_options sizeless = {.quiet = true};
        struct cosend_error error = {0}, other = {0}, third = {0};

        assert_null(cosend_line_to_json("count", &in, &error));
        assert_int_equal(error.kind, COSEND_E_USAGE);
        assert_null(cosend_line_to_json("count", &out, &other));
        assert_int_equal(other.kind, COSEND_E_USAGE);
        assert_null(cosend_line_to_json("count", &sizeless, &third));
        assert_int_equal(third.kind, COSEND_E_USAGE);
        assert_int_equal(
            cosend_line_calls("count", &sizeless, count_calls, &calls, NULL),
            COSEND_E_USAGE);
    }
    assert_int_equal(calls, 0);
}

static void the_command_line_is_a_call(void **state)
{
    char name[] = "cosend", option[] = "--no-such-option";
    char *arguments[] = {name, option, NULL};

    (void)state;
    assert_int_equal(cosend_main(2, arguments), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_have_names),
        cmocka_unit_test(what_is_asked_of_the_library),
        cmocka_unit_test(bytes_end_too_early),
        cmocka_unit_test(no_bytes_are_no_number_and_a_string),
        cmocka_unit_test(no_bytes_have_no_places),
        cmocka_unit_test(forms_of_logs_have_columns),
        cmocka_unit_test(no_bytes_are_no_line_of_a_log),
        cmocka_unit_test(an_empty_sum_is_none),
        cmocka_unit_test(a_table_of_nothing),
        cmocka_unit_test(an_index_of_nothing),
        cmocka_unit_test(keys_of_cells_of_no_kind),
        cmocka_unit_test(values_of_no_type_have_an_order),
        cmocka_unit_test(patterns_of_nothing),
        cmocka_unit_test(matches_are_found_where_they_are),
        cmocka_unit_test(options_that_are_not_set_are_refused),
        cmocka_unit_test(lists_end),
        cmocka_unit_test(lists_of_names_end_behind_their_last),
        cmocka_unit_test(a_row_of_nothing_is_refused),
        cmocka_unit_test(a_plugin_that_is_none_is_refused),
        cmocka_unit_test(a_line_of_nothing_and_formats_that_are_none),
        cmocka_unit_test(the_command_line_is_a_call)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
