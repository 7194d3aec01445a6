/* SPDX-License-Identifier: MIT */
/* cosend_check_filter finds what is wrong with filters that are wrong, and says
   what; of one that is right it has nothing to say. */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sanitized.h"

/* ---- Filters, each wrong in one way -------------------------------------- */

static int pass_on(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

/* Its row says that it has no state. */
static int every_third(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    for (int i = 0; cosend_receive(self, &record); i++)
        if (i % 3 == 0)
            cosend_emit(self, &record);
    return 0;
}

static int first_of_batches(struct cosend_stage *self, void *options)
{
    (void)options;
    while (cosend_receive_batch(self))
        cosend_pick(self, 0);
    return 0;
}

static int swallow(struct cosend_stage *self, void *options)
{
    (void)options;
    while (cosend_receive_batch(self))
        ;
    return 0;
}

/* Each run is another. */
static int remember_runs(struct cosend_stage *self, void *options)
{
    static int runs;
    struct cosend_record record;

    (void)options;
    for (int i = runs++; cosend_receive(self, &record); i++)
        if (i % 2)
            cosend_emit(self, &record);
    return 0;
}

static int keep_for_ever(struct cosend_stage *self, void *options)
{
    struct cosend_record record, kept;

    (void)options;
    while (cosend_receive(self, &record))
        if (cosend_keep(self, &record, &kept))
            cosend_emit(self, &kept);
    return 0;
}

static int drop_kept(struct cosend_stage *self, void *options)
{
    struct cosend_record record, kept;

    (void)options;
    while (cosend_receive(self, &record))
        cosend_keep(self, &record, &kept);
    return 0;
}

static int never_enough(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    struct cosend_column number;

    (void)options;
    cosend_drop_columns(self);
    number = cosend_add_column(self, "number");
    while (cosend_receive(self, &record))
        ;
    for (int i = 0; i < 1100; i++) {
        cosend_set_integer(self, number, i);
        cosend_emit_new(self);
    }
    return 0;
}

/* Sanitizers and valgrind have another malloc, whose books are not read,
   and tell of what is lost here themselves. */
static bool sees_leaks(void)
{
    return !SANITIZED && !getenv("LD_PRELOAD");
}

static int leak(struct cosend_stage *self, void *options)
{
    volatile char *lost = sees_leaks() ? malloc(1000) : NULL;

    if (lost)
        lost[1] = 1;
    return pass_on(self, options);
}

static int fail_by_record(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    for (int i = 0; cosend_receive(self, &record); i++) {
        if (i == 7)
            return cosend_fail(self, COSEND_E_DATA, "the eighth is bad");
        cosend_emit(self, &record);
    }
    return 0;
}

static int go_on_when_bad(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    for (int i = 0; cosend_receive(self, &record); i++)
        if (i % 4 == 3)
            cosend_bad(self, &record, "fourth", "each fourth is bad");
        else
            cosend_emit(self, &record);
    return 0;
}

/* Options that change. */
struct counted {
    int64_t seen;
};

static const struct cosend_option counted_options[] = {
    {.name = "seen",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct counted, seen),
     .maximum = INT64_MAX,
     .help = "how many were seen",
     .example = "0"},
    {.name = NULL}};

static int count_in_options(struct cosend_stage *self, void *memory)
{
    struct counted *counted = memory;
    struct cosend_record record;

    while (cosend_receive(self, &record)) {
        counted->seen++;
        cosend_emit(self, &record);
    }
    return 0;
}

/* ---- Counters: all of them but one are wrong ----------------------------- */

static int count(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    struct cosend_column column;
    uint64_t seen = 0;

    (void)options;
    cosend_drop_columns(self);
    column = cosend_add_column(self, "count");
    cosend_publish(self, &seen);
    while (cosend_receive(self, &record))
        seen++;
    cosend_set_integer(self, column, (int64_t)seen);
    cosend_emit_new(self);
    return 0;
}

static int save(const void *state, struct cosend_bytes *to)
{
    const uint64_t *seen = state;

    cosend_put_u64(to, *seen);
    return COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    uint64_t *seen = state;

    *seen += cosend_get_u64(from);
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static int merge_over(void *state, struct cosend_reader_bytes *from)
{
    uint64_t *seen = state;

    *seen = cosend_get_u64(from);
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static int save_disturbing(const void *state, struct cosend_bytes *to)
{
    uint64_t *seen = (uint64_t *)(uintptr_t)state;

    cosend_put_u64(to, (*seen)++);
    return COSEND_OK;
}

/* ---- The table ----------------------------------------------------------- */

#define TEXTS                                                                  \
    .abi = COSEND_ABI, .summary = "Made to be wrong",                          \
    .details = "It is wrong.", .options = no_options

static const struct cosend_option no_options[] = {{.name = NULL}};

static const struct planted {
    const char *rules; /* that it is found to break, in order */
    struct cosend_filter filter;
} planted[] = {
    {"",
     {TEXTS, .name = "right", .body = pass_on, .example = "right",
      .parallel = COSEND_STATELESS}},
    {"stateless",
     {TEXTS, .name = "every_third", .body = every_third,
      .example = "every_third", .parallel = COSEND_STATELESS}},
    {"batch_size",
     {TEXTS, .name = "first_of_batches", .body = first_of_batches,
      .example = "first_of_batches"}},
    {"repeat",
     {TEXTS, .name = "remember_runs", .body = remember_runs,
      .example = "remember_runs"}},
    {"held",
     {TEXTS, .name = "keep_for_ever", .body = keep_for_ever,
      .example = "keep_for_ever"}},
    {"held",
     {TEXTS, .name = "drop_kept", .body = drop_kept, .example = "drop_kept"}},
    {"done",
     {TEXTS, .name = "never_enough", .body = never_enough,
      .example = "never_enough"}},
    {"leak", {TEXTS, .name = "leaks", .body = leak, .example = "leaks"}},
    {"fails",
     {TEXTS, .name = "fail_by_record", .body = fail_by_record,
      .example = "fail_by_record"}},
    {"",
     {TEXTS, .name = "go_on_when_bad", .body = go_on_when_bad,
      .example = "go_on_when_bad"}},
    {"options",
     {.abi = COSEND_ABI,
      .summary = "Counts in its options",
      .details = "So it does.",
      .name = "count_in_options",
      .body = count_in_options,
      .example = "count_in_options",
      .options = counted_options,
      .options_size = sizeof(struct counted)}},
    {"",
     {TEXTS, .name = "counts", .body = count, .example = "counts", .save = save,
      .merge = merge, .parallel = COSEND_MERGES, .absorbs = true}},
    {"absorbs",
     {TEXTS, .name = "counts_dropped", .body = count,
      .example = "counts_dropped", .save = save, .merge = merge,
      .parallel = COSEND_MERGES}},
    {"absorbs",
     {TEXTS, .name = "drops", .body = swallow, .example = "drops",
      .absorbs = true}},
    {"merges",
     {TEXTS, .name = "merges_over", .body = count, .example = "merges_over",
      .save = save, .merge = merge_over, .parallel = COSEND_MERGES,
      .absorbs = true}},
    {"save",
     {TEXTS, .name = "disturbed", .body = count, .example = "disturbed",
      .save = save_disturbing, .merge = merge, .parallel = COSEND_MERGES,
      .absorbs = true}},
    {"merges",
     {TEXTS, .name = "publishes_nothing", .body = pass_on,
      .example = "publishes_nothing", .save = save, .merge = merge,
      .parallel = COSEND_MERGES}},
    {"example",
     {TEXTS, .name = "another", .body = pass_on, .example = "count"}},
    {"row row row",
     {.abi = COSEND_ABI,
      .name = "says_nothing",
      .body = pass_on,
      .options = no_options}}};

enum { PLANTED = sizeof(planted) / sizeof(planted[0]) };

static int register_all(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    for (size_t i = 0; i < PLANTED; i++)
        if (cosend_register(&planted[i].filter, &error) != COSEND_OK)
            return -1;
    return 0;
}

/* ---- The tests ----------------------------------------------------------- */

struct found {
    char rules[512], texts[8192];
};

static void note(const struct cosend_finding *finding, void *context)
{
    struct found *found = context;
    size_t length;

    if (*found->rules)
        strncat(found->rules, " ", 2);
    strncat(found->rules, finding->rule, 100);
    length = strlen(found->texts);
    snprintf(found->texts + length, sizeof(found->texts) - length, "%s\n",
             finding->text);
}

static int check(const char *stage, struct found *found)
{
    struct cosend_filter_check asked = {.size = sizeof(asked),
                                        .stage = stage,
                                        .finding = note,
                                        .context = found};
    struct cosend_error error = {0};
    int count;

    memset(found, 0, sizeof(*found));
    count = cosend_check_filter(&asked, &error);
    if (count < 0)
        fail_msg("%s: %s", stage, error.message);
    return count;
}

/* Whether a word is among words. */
static bool has_word(const char *words, const char *word, size_t length)
{
    for (; (words = strstr(words, word)); words++)
        if (!words[length] || words[length] == ' ')
            return true;
    return false;
}

/* All of them take minutes where each access to memory is looked at; one, which
   another test has, shows it what there is to see. */
static bool takes_minutes(void)
{
    return THREAD_SANITIZED || getenv("LD_PRELOAD");
}

static void what_is_wrong_is_found_and_named(void **state)
{
    (void)state;
    if (takes_minutes())
        skip();
    for (size_t i = 0; i < PLANTED; i += ADDRESS_SANITIZED ? 6 : 1) {
        const char *name = planted[i].filter.name;
        const char *rules = planted[i].rules;
        struct found found;

        check(name, &found);
        if (strcmp(rules, "leak") == 0 && !sees_leaks())
            continue;
        if (!*rules && *found.rules)
            fail_msg("%s: %s\n%s", name, found.rules, found.texts);
        for (size_t length; *rules; rules += length + (rules[length] == ' ')) {
            char rule[40] = "";

            length = strcspn(rules, " ");
            strncat(rule, rules, length);
            if (!has_word(found.rules, rule, length))
                fail_msg("%s: %s, not %s\n%s", name, found.rules, rule,
                         found.texts);
        }
    }
}

static void a_difference_is_shown(void **state)
{
    struct found found;

    (void)state;
    check("every_third", &found);
    assert_non_null(strstr(found.texts, "number 2 is the first that differs"));
    assert_non_null(strstr(found.texts, "each record by itself: {\"line\": "));
    assert_non_null(strstr(found.texts, "make it COSEND_SERIAL"));
}

static void an_input_of_ones_own_is_tried_too(void **state)
{
    struct cosend_filter_check asked = {.size = sizeof(asked),
                                        .stage = "head 3",
                                        .input = "a,b\n1,2\n3,4\n",
                                        .input_length = 12,
                                        .input_format = COSEND_FORMAT_CSV};
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_check_filter(&asked, &error), 0);
}

static void count_trials(const char *what, void *context)
{
    (void)what;
    ++*(unsigned *)context;
}

static void a_step_with_steps_inside_is_written_as_in_a_spec(void **state)
{
    unsigned trials = 0;
    struct cosend_filter_check asked = {
        .size = sizeof(asked),
        .stage = " {\"id\": \"t\", \"tee\": [{\"grep\": \"a\"}]} ",
        .keep_allocator = true,
        .trial = count_trials,
        .context = &trials};
    struct cosend_error error = {0};

    (void)state;
    asked.stage++;
    if (cosend_check_filter(&asked, &error) != 0)
        fail_msg("%s", error.message);
    assert_true(trials > 100);
}

static void what_cannot_be_checked_is_refused(void **state)
{
    static const struct {
        const char *stage;
        int kind;
        const char *message;
    } refused[] = {
        {NULL, COSEND_E_USAGE, "which filter?"},
        {"", COSEND_E_USAGE, "which filter?"},
        {"no_such", COSEND_E_USAGE, "there is no filter"},
        {"stdin", COSEND_E_USAGE, "there is no filter"},
        {"file", COSEND_E_USAGE, "a source or a sink"},
        {"head 3 | count", COSEND_E_USAGE, "not one filter alone"},
        {"head x", COSEND_E_SPEC, "head"},
        {"{\"tee\": ", COSEND_E_USAGE, "which filter?"},
        {"{}", COSEND_E_USAGE, "which filter?"},
        {"{\"no_such\": 1}", COSEND_E_USAGE, "there is no filter"},
        {"{\"head\": \"x\"}", COSEND_E_SPEC, "head"},
        {"{\"head\": 1}, {\"head\": 1}", COSEND_E_USAGE, "which filter?"}};

    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct cosend_filter_check asked = {.size = sizeof(asked),
                                            .stage = refused[i].stage};
        struct cosend_error error = {0};

        assert_int_equal(cosend_check_filter(&asked, &error), refused[i].kind);
        assert_non_null(strstr(error.message, refused[i].message));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_found_and_named),
        cmocka_unit_test(a_difference_is_shown),
        cmocka_unit_test(an_input_of_ones_own_is_tried_too),
        cmocka_unit_test(a_step_with_steps_inside_is_written_as_in_a_spec),
        cmocka_unit_test(what_cannot_be_checked_is_refused)};

    return cmocka_run_group_tests(tests, register_all, NULL);
}
