/* SPDX-License-Identifier: MIT */
/*
 * Aggregates: what each says of numbers that a plain loop adds up too; and that
 * the whole is what its parts are together, wherever it was split, saved and
 * merged. Whatever row is added later is tried as well.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chance.h"
#include "every_aggregate.h"
#include "host.h"

static const struct cosend_filter every = EVERY_FILTER;

static int register_every(void **state)
{
    (void)state;
    return cosend_register(&every, NULL) == COSEND_OK ? 0 : -1;
}

enum { ROWS = 200, ROW = 48 };

static const char *const numbers[] = {
    "1",    "2",    "-3",     "2.0",
    "0.1",  "0.2",  "1e300",  "-1e300",
    "",     "007",  "7",      "-0",
    "1e-9", "5e0",  "123456", "99999999999999999999",
    "2.5",  "1e22", "0.3",    "8",
    "9",    "-7",   "0.25",   "3"};
static const char *const any[] = {"b", "x", "a",   "10", "9",
                                  "",  "B", "1.0", "1"};

#define PICK(from) from[draw(sizeof(from) / sizeof(from[0]))]

/* Rows of a group and a cell; `strange` ones now and then. */
static unsigned make_rows(char rows[ROWS][ROW], bool values)
{
    unsigned count = draw(ROWS);

    for (unsigned i = 0; i < count; i++)
        snprintf(rows[i], ROW, "g%u,%s\n", draw(4),
                 values          ? PICK(any)
                 : draw(20) == 0 ? "none"
                                 : PICK(numbers));
    return count;
}

/* Push rows, behind states that were saved, and save again; the last time let
   what comes out be taken. */
static void run_part(const char *line, char rows[][ROW], unsigned count,
                     struct cosend_bytes *states, bool last,
                     struct taken *taken)
{
    struct cosend_options options = host(taken);
    struct cosend_pipeline *pipeline;
    struct cosend_reader_bytes reader =
        cosend_read_bytes(states->data, states->length);

    options.input_format = COSEND_FORMAT_CSV;
    options.batch_size = draw(3) ? 0 : 1 + draw(9);
    pipeline = open_line(line, &options);
    if (states->length)
        assert_int_equal(cosend_pipeline_merge(pipeline, &reader), COSEND_OK);
    push(pipeline, "g,n\n");
    for (unsigned i = 0; i < count; i++)
        push(pipeline, rows[i]);
    cosend_bytes_clear(states);
    if (last) {
        finish(pipeline);
        return;
    }
    assert_int_equal(cosend_pipeline_save(pipeline, states), COSEND_OK);
    cosend_pipeline_free(pipeline);
}

static void parts_are_the_whole(void **state)
{
    static char rows[ROWS][ROW];
    static struct taken whole, parts;
    struct cosend_bytes states = {0};

    (void)state;
    for (unsigned seed = 1; seed <= 150; seed++) {
        bool values = seed % 3 == 0;
        char line[64];
        unsigned count, from = 0;

        random_state = seed * 0x9e3779b97f4a7c15U;
        snprintf(line, sizeof(line), "every n%s%s", draw(2) ? " by=g" : "",
                 values ? " values" : "");
        count = make_rows(rows, values);
        run_part(line, rows, count, &states, true, &whole);
        for (unsigned left = draw(4); left > 0; left--) {
            unsigned part = draw(count - from + 1);

            run_part(line, rows + from, part, &states, false, &parts);
            from += part;
        }
        run_part(line, rows + from, count - from, &states, true, &parts);
        if (strcmp(whole.text, parts.text) != 0)
            fail_msg("seed %u, %s:\n%s\n%s", seed, line, whole.text,
                     parts.text);
    }
    cosend_bytes_free(&states);
}

static void each_says_what_it_is(void **state)
{
    static struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;

    (void)state;
    options.input_format = COSEND_FORMAT_CSV;
    pipeline = open_line("every n by=g", &options);
    push(pipeline, "g,n\na,2.0\nb,-1\na,0.1\na,2\nb,x\na,0.2\nb,\nc,?\na,\n");
    finish(pipeline);
    assert_string_equal(
        taken.text,
        "g=a records=5 count=4 sum=4.3 mean=1.075 min=0.1 max=2 range=1.9 "
        "first=2.0 last= var=1.1425 stddev=1.0688779163215976 median=1.1 "
        "percentile=0.2 mode=2.0 distinct=4 null_count=1 "
        "list=[\"2.0\",\"0.1\",\"2\",\"0.2\"] concat=2.0,0.1,2,0.2 ;"
        "g=b records=2 count=1 sum=-1 mean=-1 min=-1 max=-1 range=0 first=-1 "
        "last= var= stddev= median=-1 percentile=-1 mode=-1 distinct=1 "
        "null_count=1 list=[\"-1\"] concat=-1 ;");
}

static void a_bad_record_adds_nothing(void **state)
{
    static struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;

    (void)state;
    options.input_format = COSEND_FORMAT_CSV;
    pipeline = open_line("every n by=g other=m values", &options);
    push(pipeline, "g,n,m\na,1,x\na,2,3\na,z,\nb,9,?\n");
    finish(pipeline);
    pipeline = open_line("every n other=m", &options);
    push(pipeline, "g,n,m\na,1,x\na,2,3\na,?,7\na,4,5\n");
    finish(pipeline);
    assert_string_equal(
        taken.text,
        "g=a records=2 count=2 min=2 max=z first=2 last=z mode=2 distinct=2 "
        "null_count=0 list=[\"2\",\"z\"] concat=2,z other=3 ;"
        "records=2 count=2 sum=6 mean=3 min=2 max=4 range=2 first=2 last=4 "
        "var=2 stddev=1.4142135623730951 median=3 percentile=2 mode=2 "
        "distinct=2 null_count=0 list=[\"2\",\"4\"] concat=2,4 other=4 ;");
}

static void of_nothing_there_is_null(void **state)
{
    static struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;

    (void)state;
    options.input_format = COSEND_FORMAT_CSV;
    pipeline = open_line("every n", &options);
    push(pipeline, "g,n\n");
    finish(pipeline);
    assert_string_equal(
        taken.text,
        "records=0 count=0 sum=0 mean= min= max= range= first= last= var= "
        "stddev= median= percentile= mode= distinct=0 null_count=0 list=[] "
        "concat= ;");
}

static void rows_are_found_by_their_names(void **state)
{
    const struct cosend_aggregate *row;

    (void)state;
    for (size_t i = 0; (row = cosend_aggregate_at(i)); i++)
        assert_ptr_equal(cosend_find_aggregate(row->name), row);
    assert_null(cosend_find_aggregate("men"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_the_whole),
        cmocka_unit_test(each_says_what_it_is),
        cmocka_unit_test(a_bad_record_adds_nothing),
        cmocka_unit_test(of_nothing_there_is_null),
        cmocka_unit_test(rows_are_found_by_their_names),
    };

    return cmocka_run_group_tests(tests, register_every, NULL);
}
