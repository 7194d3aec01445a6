/* SPDX-License-Identifier: MIT */
/*
 * Whole pipelines of which each allocation fails in turn, once or from then
 * on: the answer is that there is no memory, never a success with less in it,
 * and nothing is left behind.
 */
#include "cosend.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <unistd.h>

#include "every_aggregate.h"
#include "failing_memory.h"
#include "order.h"
#include "rounds.h"
#include "swap_pairs.h"

/* ---- Pipelines ----------------------------------------------------------- */

static const char csv[] = "k,n,t\nb,1,\"q\"\"q\"\na,\"5\",x\nb,2.5,\"n\nl\"\n"
                          "c,,\nragged\na,1e-300,y\nb,x,z\nd,12,\n";
static const char lines[] = "b 1\na 5\nb 2.5\n\nc x\nd 99999999999999999999\n";
static const char json[] =
    "{\"k\":\"b\",\"n\":1,\"o\":[1]}\n{\"k\":\"a\",\"n\":\"\\u00e9\"}\noops\n"
    "{\"n\":2.5,\"k\":null}\n{\"k\":\"b\",\"n\":7}\n";

static const char access_log[] =
    "a - - [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 1\n"
    "b - - [10/Oct/2000:13:55:37 -0700] \"GET /b HTTP/1.0\" 404 2\noops\n"
    "c - - [10/Oct/2000:13:55:38 -0700] \"GET /c HTTP/1.0\" 500 3\n";

/* Records that are too long, a quote that is not closed, text that is none. */
static const char torn[] =
    "k,n\nb,1\na,9999999999999999999999999999999999999999999999999999"
    "999999999999999999999999999999\n"
    "b,\xff\nb,2,3\nc,\"open\nb,7\n";
/* Fields that only later records have. */
static const char late[] = "{\"k\":\"b\"}\n{\"n\":1,\"k\":\"a\"}\n"
                           "{\"x\":{\"y\":[]},\"k\":\"a\",\"n\":\"z\"}\n";

/* Fields inside others, whose names are nothing and have to be kept apart. */
static const char nested[] = "{\"\":{\"\":1,\"a\":2},\"a\":{\"\":[{\"\":3}]}}\n"
                             "{\"a\":{\"b\":1},\"a.c\":[[],{}]}\n";

/* The same, deeper, whose names and texts have to be decoded. */
static const char escaped[] =
    "{\"k\":\"a\",\"o\":{\"p\":{\"\\u0071\":\"1\\u00e9\",\"r\":{\"s\":"
    "\"2\\u00e9\",\"t\":[3,\"4\\u00e9\"]}},\"u\":5},\"v\":[\"6\\u00e9\","
    "\"7\\n\",8]}\n"
    "{\"k\":\"b\",\"o\":{\"p\":{\"\\u0071\":9,\"q\":10}},\"v\":11}\n";

/* Objects of JSON in a field, with names that are the record's, and none. */
static const char texts[] =
    "k,m\nb,\"{\"\"n\"\":1,\"\"o\"\":{\"\"p\"\":\"\"\\u00e9\"\"}}\"\n"
    "a,\"{\"\"n\"\":2,\"\"k\"\":3}\"\nc,\"{\"\"n\"\":4}\"\nd,oops\n"
    "e,\"{\"\"n\"\":5,\"\"o\"\":{\"\"p\"\":6}}\"\n";
static const char inside[] =
    "{\"k\":\"b\",\"m\":\"{\\\"n\\\":1}\"}\n{\"m\":{\"n\":2,\"k\":1}}\n"
    "{\"k\":\"b\",\"m\":\"{\\\"n\\\":3,\\\"k\\\":1}\"}\n"
    "{\"k\":\"b\",\"m\":\"{\\\"n\\\":4}\"}\n";

static const struct {
    int format;
    const char *input;
    const char *steps;
    const char *from; /* the options of `input`; NULL: none */
} pipelines[] = {
    {COSEND_FORMAT_CSV, csv, "[]", NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"select\": [\"n\", \"k\"]}, {\"tail\": {\"n\": 2, \"by\": \"k\"}}, "
     "{\"grep\": {\"pattern\": \"b|a\", \"field\": \"k\"}}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"broadcast\": [[{\"average\": {\"field\": \"n\", \"by\": \"k\"}}], "
     "[{\"count\": {\"by\": \"k\"}}], [{\"select\": [\"t\"]}], []]}, "
     "{\"swap_pairs\": {}}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"tee\": [{\"average\": {\"field\": \"n\", \"emit\": \"each\"}}]}, "
     "{\"broadcast\": [[{\"head\": 2}, {\"tail\": 1}], [{\"tail\": 3}]]}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"where\": {\"field\": \"n\", \"op\": \"ge\", \"value\": 1}}, "
     "{\"swap_pairs\": {}}, {\"tee\": [{\"count\": {}}, {\"null\": {}}]}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"broadcast\": [[{\"file\": {\"path\": \"/dev/null\", \"format\": "
     "\"table\"}}], [{\"select\": [\"t\"]}, {\"file\": {\"path\": "
     "\"/dev/null\", \"format\": \"jsonl\"}}], [{\"grep\": \"b\"}, {\"file\": "
     "{\"path\": \"/dev/null\", \"format\": \"csv\"}}], []]}]",
     NULL},
    {COSEND_FORMAT_TEXT, lines,
     "[{\"parse\": {\"field\": \"line\", \"regex\": \"(?<k>.) (?<n>.*)\"}}, "
     "{\"broadcast\": {\"a\": [{\"average\": {\"field\": \"n\"}}], "
     "\"b\": [{\"head\": {\"n\": 1, \"by\": \"k\"}}]}}]",
     NULL},
    {COSEND_FORMAT_CSV, texts,
     "[{\"parse\": {\"as\": \"json\", \"field\": \"m\"}}, {\"where\": "
     "{\"field\": "
     "\"k\", \"op\": \"ge\", \"value\": \"b\"}}, {\"tee\": [{\"count\": "
     "{\"by\": "
     "\"o.p\"}}]}]",
     NULL},
    {COSEND_FORMAT_CSV, texts,
     "[{\"parse\": {\"as\": \"json\", \"field\": \"m\", \"into\": \"m\", "
     "\"no_match\": \"keep\"}}, {\"swap_pairs\": {}}]",
     NULL},
    {COSEND_FORMAT_JSONL, inside,
     "[{\"parse\": {\"as\": \"json\", \"field\": \"m\"}}, {\"tee\": "
     "[{\"count\": "
     "{\"by\": [\"k\", \"n\"]}}]}]",
     NULL},
    {COSEND_FORMAT_JSONL, json,
     "[{\"rename\": {\"k\": \"n\", \"n\": \"k\"}}, {\"fill\": \"k\"}, "
     "{\"tail\": 3}, {\"reorder\": \"n\"}, {\"enumerate\": \"m\"}]",
     NULL},
    {COSEND_FORMAT_JSONL, late,
     "[{\"rename\": {\"n\": \"m\", \"x\": \"z\"}}, {\"tee\": [{\"count\": "
     "{\"by\": [\"m\", \"z.y\"]}}]}, {\"rename\": {\"m\": \"n\", \"k\": "
     "\"z\"}}, "
     "{\"head\": {\"n\": 1, \"by\": \"n\"}}, {\"swap_pairs\": {}}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"rename\": {\"names\": {\"k\": \"n\"}, \"overwrite\": true}}, "
     "{\"enumerate\": \"m\"}, {\"reorder\": \"n\"}, {\"drop\": \"t\"}]",
     NULL},
    {COSEND_FORMAT_JSONL, json,
     "[{\"tee\": [{\"count\": {\"by\": \"k\"}}]}, {\"swap_pairs\": {}}]", NULL},
    {COSEND_FORMAT_JSONL, json,
     "[{\"broadcast\": [[{\"average\": {\"field\": \"n\", "
     "\"emit\": \"each\"}}], [{\"select\": [\"k\"]}]]}, {\"tail\": 3}]",
     NULL},
    {COSEND_FORMAT_CSV, torn,
     "[{\"select\": [\"n\", \"k\"]}, {\"where\": {\"field\": \"n\", \"op\": "
     "\"ge\", \"value\": 1}}, {\"broadcast\": [[{\"average\": {\"field\": "
     "\"n\"}}], [{\"count\": {\"by\": \"k\"}}]]}]",
     "{\"max_record_bytes\": 64}"},
    {COSEND_FORMAT_CSV, torn,
     "[{\"broadcast\": [[{\"tail\": 2}, {\"file\": {\"path\": \"/dev/null\", "
     "\"format\": \"jsonl\", \"invalid_utf8\": \"reject\"}}], "
     "[{\"swap_pairs\": "
     "{}}]]}]",
     "{\"ragged\": \"keep\", \"max_record_bytes\": 64}"},
    {COSEND_FORMAT_JSONL, late,
     "[{\"broadcast\": [[{\"file\": {\"path\": \"/dev/null\", \"format\": "
     "\"csv\"}}], [{\"select\": [\"k\"]}, {\"tail\": 1}], []]}, "
     "{\"swap_pairs\": {}}]",
     NULL},
    {COSEND_FORMAT_TEXT, lines,
     "[{\"parse\": {\"field\": \"line\", \"regex\": \"(?<k>.) "
     "(?<n>[0-9.]*)$\"}}, "
     "{\"select\": [\"n\"]}, {\"average\": {\"field\": \"n\", \"emit\": "
     "\"each\"}}, {\"tee\": [{\"tail\": 1}, {\"null\": {}}]}]",
     "{\"max_record_bytes\": 64}"},
    {COSEND_FORMAT_CSV, csv,
     "[{\"order\": {\"key\": [\"k\", \"n\"], \"memory\": 400}}, {\"order\": "
     "{\"by\": \"k\", \"keep\": 1, \"last\": true}}, {\"select\": [\"t\"]}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"every\": {\"field\": \"n\", \"by\": \"k\"}}, {\"every\": {\"field\": "
     "\"k\", \"values\": true}}]",
     NULL},
    {COSEND_FORMAT_JSONL, json,
     "[{\"order\": {\"key\": \"n\", \"descending\": true, \"keep\": 2}}, "
     "{\"order\": {\"key\": \"k\", \"unique\": true, \"memory\": 1}}]",
     NULL},
    /* Those that look at fields which they do not name. */
    {COSEND_FORMAT_CSV, csv, "[{\"stats\": {}}]", NULL},
    {COSEND_FORMAT_JSONL, json, "[{\"stats\": {}}]", NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"broadcast\": [[{\"frequency\": {}}], [{\"unpivot\": \"n\"}], "
     "[{\"transpose\": \"t\"}], [{\"dedup\": {}}]]}, {\"dedup\": {}}]",
     NULL},
    {COSEND_FORMAT_JSONL, late,
     "[{\"broadcast\": [[{\"flatten\": {}}, {\"unflatten\": {}}], "
     "[{\"unsparsify\": {}}], [{\"transpose\": \"k\"}], [{\"unpivot\": "
     "{\"keep\": \"k\"}}]]}, {\"dedup\": {}}]",
     NULL},
    {COSEND_FORMAT_JSONL, json,
     "[{\"expect\": {\"columns\": [\"k\", \"n\", \"o\"], \"action\": "
     "\"warn\"}}, "
     "{\"pivot\": {\"name\": \"k\", \"value\": \"n\", \"function\": "
     "\"last\"}}]",
     NULL},
    {COSEND_FORMAT_JSONL, nested,
     "[{\"flatten\": {}}, {\"unflatten\": {}}, {\"flatten\": {}}]", NULL},
    {COSEND_FORMAT_JSONL, escaped, "[{\"flatten\": {}}]", NULL},
    {COSEND_FORMAT_JSONL, escaped,
     "[{\"redact\": {\"pattern\": \"[0-9]\"}}, {\"set\": {\"assignments\": "
     "{\"x\": \"o.p.q\"}}}, {\"explode\": \"v\"}]",
     NULL},
    {COSEND_FORMAT_JSONL, escaped, "[{\"drop\": \"o.p.r.t\"}]", NULL},
    {COSEND_FORMAT_JSONL, escaped, "[{\"select\": \"/^o/\"}]", NULL},
    {COSEND_FORMAT_TEXT, access_log,
     "[{\"parse\": \"auto\"}, {\"select\": \"path\"}, {\"swap_pairs\": {}}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"running\": {\"fn\": \"min\", \"field\": \"n\", \"window\": 2}}, "
     "{\"running\": {\"fn\": \"sum\", \"field\": \"n\", \"by\": \"k\", \"as\": "
     "\"s\"}}, {\"running\": {\"fn\": \"lag\", \"field\": \"n\"}}]",
     NULL},
    {COSEND_FORMAT_CSV, csv,
     "[{\"aggregate\": {\"by\": \"k\", \"of\": [\"mean(n)\", \"p50(n)\"], "
     "\"values\": {\"m\": \"mode(t)\", \"l\": {\"list\": \"t\"}}}}]",
     NULL},
};

/* Where the rejects of each run go, and what one of the pipelines writes. */
static char rejects_path[] = "/tmp/cosend-rejects-XXXXXX";

static const struct cosend_option no_options[] = {{.name = NULL}};

static const struct cosend_filter every = EVERY_FILTER;
static const struct cosend_filter own[] = {
    {.abi = COSEND_ABI,
     .name = "swap_pairs",
     .summary = "swap neighbours",
     .options = no_options,
     .body = swap_pairs},
    ORDER_FILTER("order", COSEND_SERIAL)};

static int register_own(void **state)
{
    int fd = mkstemp(rejects_path);

    (void)state;
    if (fd < 0)
        return -1;
    close(fd);
    if (cosend_register(&own[0], NULL) != COSEND_OK)
        return -1;
    if (cosend_register(&own[1], NULL) != COSEND_OK)
        return -1;
    return cosend_register(&every, NULL);
}

static int remove_rejects(void **state)
{
    (void)state;
    return unlink(rejects_path);
}

/* ---- Running ------------------------------------------------------------- */

struct taken {
    char text[4096];
    size_t length;
    bool failed;
};

static int take(const struct cosend_record *record, void *context)
{
    struct taken *taken = context;
    struct cosend_error error = {0};
    struct cosend_item item = {0};

    while (cosend_next_item(record, &item, &error))
        if (taken->length + item.cell.length + 2 < sizeof(taken->text)) {
            if (item.cell.length)
                memcpy(taken->text + taken->length, item.cell.data,
                       item.cell.length);
            taken->length += item.cell.length;
            taken->text[taken->length++] = '\t';
        }
    taken->failed |= error.kind == COSEND_E_MEMORY;
    return COSEND_OK;
}

static int push(struct cosend_pipeline *pipeline, const char *input,
                struct cosend_error *error)
{
    size_t half = strlen(input) / 2;
    int status = cosend_pipeline_open(pipeline, error);

    if (status == COSEND_OK)
        status = cosend_pipeline_push(pipeline, input, half, error);
    cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    if (status == COSEND_OK)
        status = cosend_pipeline_flush(pipeline, error);
    if (status == COSEND_OK)
        cosend_pipeline_push(pipeline, input + half, strlen(input) - half,
                             error);
    return cosend_pipeline_finish(pipeline, error);
}

static int run(size_t i, struct taken *taken)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .batch_size = 3,
                                     .rejects_path = rejects_path,
                                     .input_format = pipelines[i].format,
                                     .record = take,
                                     .context = taken};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;
    const char *from = pipelines[i].from ? pipelines[i].from : "{}";
    char spec[1024];
    int status;

    memset(taken, 0, sizeof(*taken));
    snprintf(spec, sizeof(spec),
             "{\"cosend\": 1, \"from\": {\"input\": %s}, \"steps\": %s}", from,
             pipelines[i].steps);
    pipeline = cosend_pipeline_from_json(spec, strlen(spec), &options, &error);
    /* What a filter's own check finds is the spec's fault, as far as it can
       say. */
    if (!pipeline)
        return strstr(error.message, "out of memory") ? COSEND_E_MEMORY
                                                      : error.kind;
    status = push(pipeline, pipelines[i].input, &error);
    cosend_pipeline_free(pipeline);
    return error.kind ? error.kind : taken->failed ? COSEND_E_MEMORY : status;
}

/* Whatever could not be written whole is not there at all. */
static void assert_whole_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[8192];

    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        json_t *value = json_loads(line, 0, NULL);

        if (!value || line[strlen(line) - 1] != '\n')
            fail_msg("a part of a line: %s", line);
        json_decref(value);
    }
    fclose(file);
}

/* All, or as large a part of them as there are rounds, not the same of each
   pipeline. */
static void fail_in_turn(size_t i)
{
    const int step = 100 / rounds_of(100);
    struct taken whole, taken;
    long idle, at = (long)i % step;
    int status;

    left = LONG_MAX;
    status = run(i, &whole);
    if (status != COSEND_OK)
        fail_msg("pipeline %zu: %d", i, status);
    idle = live;
    do {
        left = at;
        at += step;
        failed = false;
        status = run(i, &taken);
        if (failed && status != COSEND_E_MEMORY &&
            !(status == COSEND_OK && taken.length == whole.length &&
              memcmp(taken.text, whole.text, whole.length) == 0))
            fail_msg("pipeline %zu, allocation %ld: %d", i, at - step, status);
        left = LONG_MAX;
        assert_whole_lines(rejects_path);
        if (live > idle)
            fail_msg("pipeline %zu, allocation %ld: %ld not freed", i,
                     at - step, live - idle);
    } while (failed);
    assert_int_equal(status, COSEND_OK);
}

static void each_allocation_may_fail_once(void **state)
{
    (void)state;
    sticky = false;
    cosend_set_allocator(failing_malloc, failing_realloc, forgetting_free);
    for (size_t i = 0; i < sizeof(pipelines) / sizeof(pipelines[0]); i++)
        fail_in_turn(i);
    cosend_set_allocator(NULL, NULL, NULL);
}

static void memory_may_run_out_for_good(void **state)
{
    (void)state;
    sticky = true;
    cosend_set_allocator(failing_malloc, failing_realloc, forgetting_free);
    for (size_t i = 0; i < sizeof(pipelines) / sizeof(pipelines[0]); i++)
        fail_in_turn(i);
    cosend_set_allocator(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_may_fail_once),
        cmocka_unit_test(memory_may_run_out_for_good),
    };

    return cmocka_run_group_tests(tests, register_own, remove_rejects);
}
