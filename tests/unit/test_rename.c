/* SPDX-License-Identifier: MIT */
/*
 * Records of JSON lines whose fields are renamed by a list go on as a whole,
 * and are looked at when somebody asks; by a rule they are looked at one by
 * one. So both must have the same output and the same rejects, whatever is
 * before and behind, and whatever the batches are.
 *
 *     test_rename [SEED [ROUNDS]]
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"
#include "host.h"
#include "rounds.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const uint32_t sizes[] = {1, 3, 0};

/* ---- Records by lot ------------------------------------------------------ */

static const char *const names[] = {"a", "b",   "c",   "d",      "x",
                                    "y", "a.p", "b.p", "\\u0061"};
static const char *const values[] = {"1",
                                     "2",
                                     "-0.5",
                                     "\"t\"",
                                     "\"\"",
                                     "null",
                                     "true",
                                     "{\"p\": 1}",
                                     "{\"q\": {\"p\": 3}}",
                                     "[1, 2]",
                                     "{}",
                                     "{\"p\": {}}",
                                     "\"e\\u00e9\\n\""};

/* Few have two fields of one name. */
static void add_record(struct text *text)
{
    unsigned count = draw(6), met = 0;
    bool first = true;

    add(text, "{", 1);
    for (unsigned i = 0; i < count; i++) {
        unsigned name = draw(LENGTH(names));
        char member[128];
        int length =
            snprintf(member, sizeof(member), "%s\"%s\": %s", first ? "" : ", ",
                     names[name], values[draw(LENGTH(values))]);

        if (met & 1U << name && draw(8))
            continue;
        add(text, member, (size_t)length);
        met |= 1U << name;
        first = false;
    }
    add(text, "}\n", 2);
}

static void make_input(struct text *text)
{
    unsigned count = 1 + draw(12);

    text->length = 0;
    for (unsigned i = 0; i < count; i++)
        add_record(text);
    add(text, "", 1);
}

/* ---- Pipelines ----------------------------------------------------------- */

/* A list, and steps that rename the same one by one. No record has z. What is
   behind takes all records: rejects behind the last one that a step wanted are
   told or not, as batches have it. */
static const struct {
    const char *list, *rules;
} renamings[] = {
    {"rename a=b", "rename regex='^a$' with=b"},
    {"rename a=e", "rename regex='^a$' with=e"},
    {"rename a=a", "rename regex='^a$' with=a"},
    {"rename e=a", "rename regex='^e$' with=a"},
    {"rename a=b overwrite=true", "rename regex='^a$' with=b overwrite=true"},
    {"rename a=b,c=d", "rename regex='^a$' with=b | rename regex='^c$' with=d"},
    {"rename a=b,b=a", "rename regex='^a$' with=z | rename regex='^b$' with=a "
                       "| rename regex='^z$' with=b"},
    {"rename a=b | rename b=c",
     "rename regex='^a$' with=b | rename regex='^b$' with=c"},
};
static const char *const before[] = {"",
                                     "drop c | ",
                                     "drop b | ",
                                     "set c=7 | ",
                                     "set b=a | ",
                                     "tail 9 | ",
                                     "flatten | ",
                                     "rename x=y overwrite=true | ",
                                     "where exists(a) | ",
                                     "grep 1 | "};
static const char *const behind[] = {"",
                                     " | count by=b",
                                     " | count by=x",
                                     " | select b,x",
                                     " | sort b",
                                     " | sort a | select a,b",
                                     " | tail 3",
                                     " | where b.p > 0",
                                     " | set e=b.p",
                                     " | set b=1",
                                     " | drop x",
                                     " | flatten",

                                     " | dedup b",
                                     " | average b",
                                     " | aggregate by=b first(x) last(a)",
                                     " | count",
                                     " | set e=a.p",
                                     " | rename b=q",
                                     " | reorder x",
                                     " | implode b",
                                     " | unsparsify",
                                     " | case upper",
                                     " | grep 1"};

static int take_reject(const struct cosend_reject *reject, void *context)
{
    struct taken *taken = context;

    append(taken, reject->kind, strlen(reject->kind));
    append(taken, ";", 1);
    return COSEND_OK;
}

/* What comes out; or why it does not open. */
static void run(const char *line, const char *input, uint32_t size,
                struct taken *taken)
{
    struct cosend_options options = host(taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    options.batch_size = size;
    options.input_format = COSEND_FORMAT_JSONL;
    options.reject = take_reject;
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    if (!pipeline)
        fail_msg("%s: %s", line, taken->problems);
    cosend_pipeline_open(pipeline, &error);
    cosend_pipeline_push(pipeline, input, strlen(input), &error);
    cosend_pipeline_finish(pipeline, &error);
    assert_true(cosend_pipeline_balanced(pipeline));
    append(taken, error.message, strlen(error.message));
    cosend_pipeline_free(pipeline);
}

static void a_list_renames_as_rules_do(void **state)
{
    static struct text input;
    int rounds = rounds_of(*(const int *)*state);

    for (int i = 0; i < rounds; i++) {
        unsigned which = draw(LENGTH(renamings));
        const char *first = before[draw(LENGTH(before))];
        const char *last = behind[draw(LENGTH(behind))];
        struct taken by_list, by_rules;
        char list[256], rules[256];

        make_input(&input);
        snprintf(list, sizeof(list), "%s%s%s", first, renamings[which].list,
                 last);
        snprintf(rules, sizeof(rules), "%s%s%s", first, renamings[which].rules,
                 last);
        run(rules, input.data, 0, &by_rules);
        for (size_t size = 0; size < LENGTH(sizes); size++) {
            run(list, input.data, sizes[size], &by_list);
            if (strcmp(by_list.text, by_rules.text) != 0)
                fail_msg("%s, and %s, batches of %u:\n%s%s\n%s\n", list, rules,
                         (unsigned)sizes[size], input.data, by_list.text,
                         by_rules.text);
        }
    }
}

int main(int count, char **arguments)
{
    int rounds = count > 2 ? atoi(arguments[2]) : 3000;
    struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_renames_as_rules_do),
    };

    if (count > 1)
        random_state = (uint64_t)atoll(arguments[1]) * 2 + 1;
    tests[0].initial_state = &rounds;
    return cmocka_run_group_tests_name("rename", tests, NULL, NULL);
}
