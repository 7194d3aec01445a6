/* SPDX-License-Identifier: MIT */
/*
 * Stores of records against plain lists: random records, with random options,
 * come out as a list of them does that is sorted with its indices and looked
 * through one after the other. The records are of JSON lines, so that cells are
 * of any kind, and leave as they came, to the byte.
 *
 *     test_store [FIRST-SEED [SEEDS]]
 */
#include "cosend.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "chance.h"
#include "order.h"

enum { MOST = 3000, FIELDS = 3, LINE = 200 };

static const struct cosend_filter filters[] = {
    ORDER_FILTER("order", COSEND_SERIAL)};

static int register_order(void **state)
{
    (void)state;
    return cosend_register(&filters[0], NULL) == COSEND_OK ? 0 : -1;
}

/* ---- Records ------------------------------------------------------------- */

/* What JSON has, and the cell that it is. "" is none. */
static const struct value {
    const char *json, *text;
    enum cosend_kind kind;
} values[] = {
    {"", NULL, COSEND_ABSENT},
    {"null", NULL, COSEND_NULL},
    {"true", "true", COSEND_BOOL},
    {"false", "false", COSEND_BOOL},
    {"1", "1", COSEND_NUMBER},
    {"\"01\"", "01", COSEND_TEXT},
    {"-1", "-1", COSEND_NUMBER},
    {"-1.5", "-1.5", COSEND_NUMBER},
    {"0.1", "0.1", COSEND_NUMBER},
    {"0.10000000000000001", "0.10000000000000001", COSEND_NUMBER},
    {"-0.0", "-0.0", COSEND_NUMBER},
    {"0", "0", COSEND_NUMBER},
    {"1e300", "1e300", COSEND_NUMBER},
    {"9007199254740993", "9007199254740993", COSEND_NUMBER},
    {"9007199254740992", "9007199254740992", COSEND_NUMBER},
    {"9007199254740991.5", "9007199254740991.5", COSEND_NUMBER},
    {"123456789012345678901234567890", "123456789012345678901234567890",
     COSEND_NUMBER},
    {"\"\"", "", COSEND_TEXT},
    {"\"a\"", "a", COSEND_TEXT},
    {"\"abcdefg\"", "abcdefg", COSEND_TEXT},
    {"\"abcdefgh\"", "abcdefgh", COSEND_TEXT},
    {"\"abcdefgi\"", "abcdefgi", COSEND_TEXT},
    {"\"abcdef\\u00ff\"", "abcdef\303\277", COSEND_TEXT},
    {"\"\\u0000\"", "", COSEND_TEXT}, /* see cell_of */
    {"[1,2]", "[1,2]", COSEND_NESTED},
    {"{}", "{}", COSEND_NESTED},
};

enum { VALUES = sizeof(values) / sizeof(values[0]) };

struct record {
    unsigned value[FIELDS];
    char line[LINE];
};

struct list {
    struct record records[MOST];
    size_t order[MOST]; /* which are left, and how */
    size_t count;
};

static struct cosend_cell cell_of(const struct value *value)
{
    struct cosend_cell cell = {value->text, 0, value->kind};

    if (value->text)
        cell.length = (uint32_t)strlen(value->text);
    if (strstr(value->json, "\\u0000"))
        cell.length = 1;
    return cell;
}

static void make_record(struct record *record, unsigned variety, size_t number)
{
    int length = snprintf(record->line, LINE, "{\"n\": %zu", number);

    for (unsigned i = 0; i < FIELDS; i++) {
        const char *json;

        record->value[i] = draw(variety);
        json = values[record->value[i]].json;
        if (*json)
            length += snprintf(record->line + length, LINE - (size_t)length,
                               ",%*s\"%c\":%s", (int)draw(3), "",
                               (char)('a' + i), json);
    }
    snprintf(record->line + length, LINE - (size_t)length, "}\n");
}

/* ---- The plain list ------------------------------------------------------ */

struct wanted {
    unsigned key[FIELDS], keys;
    bool descending, last, unique, grouped;
    unsigned keep, by, memory;
};

static const struct wanted *sorted_by;
static const struct list *sorted;

static int compare_keys(size_t a, size_t b)
{
    for (unsigned i = 0; i < sorted_by->keys; i++) {
        unsigned field = sorted_by->key[i];
        struct cosend_value left =
            cosend_value_of(cell_of(&values[sorted->records[a].value[field]]));
        struct cosend_value right =
            cosend_value_of(cell_of(&values[sorted->records[b].value[field]]));
        int way = cosend_compare(&left, &right);

        if (way)
            return sorted_by->descending && i % 2 == 0 ? -way : way;
    }
    return 0;
}

static int compare(const void *left, const void *right)
{
    const size_t *a = left, *b = right;
    int way = compare_keys(*a, *b);

    return way ? way : (*a > *b) - (*a < *b);
}

/* Two records in one group: cells by their text and whether there is one. */
static bool same_group(const struct list *list, size_t a, size_t b,
                       const struct wanted *wanted)
{
    struct cosend_cell left =
        cell_of(&values[list->records[a].value[wanted->by]]);
    struct cosend_cell right =
        cell_of(&values[list->records[b].value[wanted->by]]);

    if (left.kind < COSEND_TEXT || right.kind < COSEND_TEXT)
        return left.kind == right.kind;
    return left.length == right.length &&
           memcmp(left.data, right.data, left.length) == 0;
}

/* How many of the same group, or of all, stand beside entry i. */
static size_t beside(const struct list *list, const size_t *order, size_t count,
                     size_t i, const struct wanted *wanted)
{
    size_t n = 0;
    size_t from = wanted->last ? i + 1 : 0, to = wanted->last ? count : i;

    if (!wanted->grouped)
        return to - from;
    for (size_t k = from; k < to && n < wanted->keep; k++)
        n += same_group(list, order[k], order[i], wanted);
    return n;
}

static void sort_list(struct list *list, size_t count,
                      const struct wanted *wanted)
{
    static size_t order[MOST];
    size_t left = 0;

    sorted = list;
    sorted_by = wanted;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort(order, count, sizeof(order[0]), compare);
    if (wanted->unique)
        for (size_t i = 0; i < count; i++) {
            if (!left || compare_keys(order[left - 1], order[i]) != 0)
                order[left++] = order[i];
        }
    else
        left = count;
    list->count = 0;
    for (size_t i = 0; i < left; i++)
        if (!wanted->keep ||
            beside(list, order, left, i, wanted) < wanted->keep)
            list->order[list->count++] = order[i];
}

/* ---- The store ----------------------------------------------------------- */

struct taken {
    const struct list *list;
    size_t next;
    bool wrong;
};

static int take(const struct cosend_record *record, void *context)
{
    struct taken *taken = context;
    const struct list *list = taken->list;
    const char *raw, *line;
    size_t length;

    if (taken->wrong || taken->next >= list->count ||
        !cosend_record_raw(record, &raw, &length)) {
        taken->wrong = true;
        return COSEND_OK;
    }
    line = list->records[list->order[taken->next++]].line;
    taken->wrong = length + 1 != strlen(line) || memcmp(raw, line, length) != 0;
    return COSEND_OK;
}

static void describe(const struct wanted *wanted, char *step, size_t room)
{
    int n = snprintf(step, room, "[{\"order\": {\"memory\": %u, \"keep\": %u",
                     wanted->memory, wanted->keep);

    for (unsigned i = 0; i < wanted->keys; i++)
        n += snprintf(step + n, room - (size_t)n, "%s\"%c\"",
                      i ? ", " : ", \"key\": [", (char)('a' + wanted->key[i]));
    n += snprintf(step + n, room - (size_t)n, "%s", wanted->keys ? "]" : "");
    if (wanted->grouped)
        n += snprintf(step + n, room - (size_t)n, ", \"by\": \"%c\"",
                      (char)('a' + wanted->by));
    snprintf(step + n, room - (size_t)n, "%s%s%s}}]",
             wanted->descending ? ", \"descending\": true" : "",
             wanted->last ? ", \"last\": true" : "",
             wanted->unique ? ", \"unique\": true" : "");
}

static bool run(const struct wanted *wanted, const struct list *list,
                size_t count, uint32_t batch_size)
{
    struct taken taken = {.list = list};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .batch_size = batch_size,
                                     .input_format = COSEND_FORMAT_JSONL,
                                     .record = take,
                                     .context = &taken};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;
    char spec[400] = "{\"cosend\": 1, \"steps\": ";
    int status;

    describe(wanted, spec + strlen(spec), sizeof(spec) - 30);
    strcat(spec, "}");
    pipeline = cosend_pipeline_from_json(spec, strlen(spec), &options, &error);
    status = pipeline ? cosend_pipeline_open(pipeline, &error) : error.kind;
    for (size_t i = 0; status == COSEND_OK && i < count; i++)
        status = cosend_pipeline_push(pipeline, list->records[i].line,
                                      strlen(list->records[i].line), &error);
    if (status == COSEND_OK)
        status = cosend_pipeline_finish(pipeline, &error);
    if (status == COSEND_OK && !cosend_pipeline_balanced(pipeline))
        status = COSEND_E_LEDGER;
    cosend_pipeline_free(pipeline);
    if (status == COSEND_OK && !taken.wrong && taken.next == list->count)
        return true;
    print_error("%s: status %d %s, %zu of %zu\n", spec, status, error.message,
                taken.next, list->count);
    return false;
}

static uint64_t first_seed = 1, seeds = 300;

static void stores_are_sorted_lists(void **state)
{
    static struct list list;

    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        struct wanted wanted = {0};
        unsigned variety;
        size_t count;

        random_state = seed * 0x9e3779b97f4a7c15U;
        variety = draw(3) ? VALUES : 1 + draw(VALUES);
        count = draw(draw(8) ? 200 : MOST);
        wanted.keys = draw(FIELDS + 1);
        for (unsigned i = 0; i < wanted.keys; i++)
            wanted.key[i] = (i + (unsigned)seed) % FIELDS;
        wanted.descending = draw(2);
        wanted.memory = draw(2) ? 1 + draw(draw(2) ? 100000 : 2000) : 0;
        wanted.keep = draw(2) ? draw(draw(2) ? 5 : 1500) : 0;
        wanted.unique = !draw(4);
        wanted.last = !wanted.unique && draw(2);
        wanted.grouped = !wanted.unique && draw(2);
        wanted.by = draw(FIELDS);
        for (size_t i = 0; i < count; i++)
            make_record(&list.records[i], variety, i);
        sort_list(&list, count, &wanted);
        if (!run(&wanted, &list, count, draw(2) ? 1 + draw(50) : 0))
            fail_msg("seed %llu", (unsigned long long)seed);
    }
}

/* ---- What can go wrong --------------------------------------------------- */

static int run_order(const char *step, struct cosend_error *error)
{
    static const struct list none;
    struct taken taken = {.list = &none};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .record = take,
                                     .context = &taken};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line(step, &options, error);
    int status = pipeline ? cosend_pipeline_open(pipeline, error) : error->kind;

    for (int i = 0; status == COSEND_OK && i < 5000; i++)
        status = cosend_pipeline_push(pipeline, "a line\n", 7, error);
    if (pipeline)
        status = cosend_pipeline_finish(pipeline, error);
    cosend_pipeline_free(pipeline);
    return status;
}

static void a_folder_that_is_none_is_named(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(
        run_order("order key=line memory=10000 directory=/nowhere", &error),
        COSEND_E_OUTPUT);
    assert_non_null(strstr(error.message, "in /nowhere: No such file"));
    assert_non_null(strstr(error.message, "TMPDIR"));
}

static void a_disk_that_is_full_is_told(void **state)
{
    struct cosend_error error = {0};
    struct rlimit usual, tight;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    tight = usual;
    tight.rlim_cur = 10000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    assert_int_equal(run_order("order key=line memory=50000", &error),
                     COSEND_E_OUTPUT);
    setrlimit(RLIMIT_FSIZE, &usual);
    signal(SIGXFSZ, SIG_DFL);
    assert_non_null(strstr(error.message, "cannot write a temporary file in"));
    assert_non_null(strstr(error.message, "File too large"));
}

static void options_that_exclude_each_other_are_told(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(run_order("order unique=true last=true", &error),
                     COSEND_E_USAGE);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stores_are_sorted_lists),
        cmocka_unit_test(a_folder_that_is_none_is_named),
        cmocka_unit_test(a_disk_that_is_full_is_told),
        cmocka_unit_test(options_that_exclude_each_other_are_told),
    };

    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        seeds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, register_order, NULL);
}
