/* SPDX-License-Identifier: MIT */
/*
 * Random pipelines over random input: what comes out, what is rejected and
 * what the ledger says must not depend on how many records make a batch, on
 * how the input was cut into pieces, or on flushes and snapshots between them;
 * nor, read from files in blocks of any size, on how many threads work; nor on
 * whether columns that nobody asks for are made. So it is where a step ends
 * early, and where a bad record ends the run, or both; and then nothing is made
 * or read that nobody wants any more.
 *
 *     test_engine_random [FIRST-SEED [SEEDS]]
 */
#include "pipeline/pipeline.h"
#include "read/chunker.h"
#include "stage/wanted.h"

#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "column_filters.h"
#include "every_aggregate.h"
#include "order.h"
#include "rounds.h"
#include "swap_pairs.h"

/* ---- Chance -------------------------------------------------------------- */

struct chance {
    uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014); below `limit`. */
static unsigned draw(struct chance *chance, unsigned limit)
{
    uint64_t z = chance->state += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (unsigned)((z ^ (z >> 31)) % limit);
}

/* ---- Text that grows ----------------------------------------------------- */

struct text {
    char *data;
    size_t length, capacity;
};

static void add_bytes(struct text *text, const char *data, size_t length)
{
    if (text->length + length + 1 > text->capacity) {
        text->capacity = (text->length + length + 1) * 2;
        text->data = realloc(text->data, text->capacity);
        if (!text->data)
            abort();
    }
    memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

static void add(struct text *text, const char *format, ...) COSEND_PRINTF(2, 3);

static void add(struct text *text, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    add_bytes(text, line, strlen(line));
}

/* ---- Filters of our own -------------------------------------------------- */

enum { HELD = 5, FILES = 3 };

/* Sends each record on when five more have come; every third is let go, every
   seventh is bad by then. */
static int delay(struct cosend_stage *self, void *options)
{
    struct cosend_column late = cosend_add_column(self, "late");
    struct cosend_record record, kept[HELD];
    uint64_t count = 0;

    (void)options;
    memset(kept, 0, sizeof(kept));
    while (cosend_receive(self, &record)) {
        struct cosend_record *oldest = &kept[count % HELD];

        if (oldest->batch && count % 7 == 6)
            cosend_bad(self, oldest, "old", "too old");
        else if (oldest->batch && count % 3) {
            cosend_set_integer(self, late, (int64_t)count);
            cosend_emit(self, oldest);
        }
        cosend_release(self, oldest);
        if (!cosend_keep(self, &record, oldest))
            break;
        count++;
    }
    for (uint64_t i = 0; i < HELD; i++) {
        struct cosend_record *oldest = &kept[(count + i) % HELD];

        if (oldest->batch && i % 2)
            cosend_emit(self, oldest);
        cosend_release(self, oldest);
    }
    return 0;
}

/* Every second record twice, the second time with a number. */
static int twice(struct cosend_stage *self, void *options)
{
    struct cosend_column n = cosend_add_column(self, "n");
    struct cosend_record record;
    int64_t count = 0;

    (void)options;
    while (cosend_receive(self, &record)) {
        cosend_emit(self, &record);
        if (++count % 2)
            continue;
        cosend_set_integer(self, n, count);
        cosend_emit(self, &record);
    }
    return 0;
}

/* New records beside those that came. */
static int create(struct cosend_stage *self, void *options)
{
    struct cosend_column made = cosend_add_column(self, "made");
    struct cosend_record record;
    int64_t count = 0;

    (void)options;
    while (cosend_receive(self, &record)) {
        if (count++ % 3 == 0) {
            cosend_set_integer(self, made, count);
            cosend_emit_new(self);
        }
        if (count % 4)
            cosend_emit(self, &record);
    }
    cosend_set_integer(self, made, -count);
    cosend_emit_new(self);
    return 0;
}

/* By the batch: drops the third of every three, and the fifth of five is
   bad. */
static int sieve(struct cosend_stage *self, void *options)
{
    const struct cosend_batch *batch;
    uint64_t count = 0;

    (void)options;
    while ((batch = cosend_receive_batch(self)))
        for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
            struct cosend_record record;

            if (++count % 5 == 0) {
                record = cosend_record_at(self, i);
                cosend_bad(self, &record, "fifth", "the %dth", (int)count);
            } else if (count % 3) {
                cosend_pick(self, i);
            }
        }
    return 0;
}

/* Stops by itself. */
static int some(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    int count = 0;

    (void)options;
    while (count++ < 9 && cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

static const struct cosend_option no_options[] = {{.name = NULL}};

#define OWN(called)                                                            \
    {                                                                          \
        .abi = COSEND_ABI, .name = #called, .summary = #called,                \
        .options = no_options, .body = called                                  \
    }

static const struct cosend_filter own[] = {
    OWN(swap_pairs),
    OWN(delay),
    OWN(twice),
    OWN(create),
    OWN(sieve),
    OWN(some),
    ORDER_FILTER("order", COSEND_SERIAL),
    ORDER_FILTER("order_parallel", COSEND_MERGES),
    EVERY_FILTER,
    COLUMN_FILTER(widen),
    COLUMN_FILTER(thirds)};

/* Where the last step writes to, if that is part of a pipeline. */
static char written_path[64];

static int register_own(void **state)
{
    (void)state;
    snprintf(written_path, sizeof(written_path), "/tmp/test_engine_written.%ld",
             (long)getpid());
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (cosend_register(&own[i], NULL) != COSEND_OK)
            return -1;
    return 0;
}

/* ---- Input --------------------------------------------------------------- */

static const char *const csv_cells[] = {
    "1",   "2.5", "",         "x",   "\"q,\"\"r\"\"\"",      "-7",
    "1e3", "a b", "\"n\nl\"", "0.1", "99999999999999999999", "z1"};
static const char *const json_values[] = {
    "1",  "2.5",   "null", "\"x\"", "\"q\\n\\u00e9\"", "true",
    "-7", "[1,2]", "\"\"", "0.1",   "{\"a\":1}",       "1e400"};
static const char *const words[] = {"1",   "22",    "",    "x 1", "-3",
                                    "4.5", "error", "a,b", "z",   "0"};

static const char *pick(struct chance *chance, const char *const *from,
                        size_t count)
{
    return from[draw(chance, (unsigned)count)];
}

#define PICK(chance, from) pick(chance, from, sizeof(from) / sizeof(from[0]))

static void csv_row(struct chance *chance, struct text *input)
{
    unsigned cells = draw(chance, 20) ? 3 : 1 + draw(chance, 5);

    for (unsigned i = 0; i < cells; i++)
        add(input, "%s%s", i ? "," : "", PICK(chance, csv_cells));
}

static void json_row(struct chance *chance, struct text *input)
{
    const char *separator = "";

    if (!draw(chance, 20)) {
        add(input, "{\"a\": oops");
        return;
    }
    add(input, "{");
    for (char key = 'a'; key <= 'd'; key++)
        if (draw(chance, 4)) {
            add(input, "%s\"%c\":%s", separator, key,
                PICK(chance, json_values));
            separator = ", ";
        }
    add(input, "}");
}

/* What a file of CSV begins with: it may be longer than a block is. */
static void csv_start(struct chance *chance, const char *end,
                      struct text *input)
{
    static const char *const headers[] = {"a,b,c", "c,a,b", "\"b\",a,c"};
    unsigned blank = draw(chance, 3) ? 0 : draw(chance, 100);

    if (!draw(chance, 3))
        add(input, "\xef\xbb\xbf");
    while (blank--)
        add(input, "%s", end);
    add(input, "%s%s", PICK(chance, headers), end);
}

static void make_input(struct chance *chance, int format, struct text *input)
{
    unsigned rows = draw(chance, draw(chance, 4) ? 60 : 600);
    const char *end = draw(chance, 5) ? "\n" : "\r\n";

    if (format == COSEND_FORMAT_CSV)
        csv_start(chance, end, input);
    for (unsigned i = 0; i < rows; i++) {
        if (format == COSEND_FORMAT_CSV)
            csv_row(chance, input);
        else if (format == COSEND_FORMAT_JSONL)
            json_row(chance, input);
        else
            add(input, "%s", PICK(chance, words));
        if (i + 1 < rows || draw(chance, 3))
            add(input, "%s", end);
    }
}

/* ---- Pipelines ----------------------------------------------------------- */

struct graph {
    struct chance *chance;
    struct text *spec;
    bool text;  /* one column, line */
    bool wide;  /* there are the columns of widen */
    bool early; /* something ends before its input does */
    bool fails; /* a step's on_error is fail */
    bool ends;  /* one of the two is likely */
    unsigned ids;
};

static const char *field(const struct graph *graph)
{
    static const char *const names[] = {"a", "b", "c"};
    static const char *const wide[] = {"half", "twice", "embraced"};

    if (graph->wide && draw(graph->chance, 2))
        return PICK(graph->chance, wide);
    return graph->text ? "line" : PICK(graph->chance, names);
}

static void steps(struct graph *graph, unsigned depth);

static void branches(struct graph *graph, unsigned depth)
{
    unsigned count = 1 + draw(graph->chance, 3);

    add(graph->spec, "{\"broadcast\": [");
    for (unsigned i = 0; i < count; i++) {
        add(graph->spec, "%s", i ? ", " : "");
        steps(graph, depth + 1);
    }
    add(graph->spec, "]");
}

static void side_branch(struct graph *graph, unsigned depth)
{
    add(graph->spec, "{\"tee\": ");
    steps(graph, depth + 1);
    if (draw(graph->chance, 2)) {
        graph->spec->length--;
        add(graph->spec, "%s{\"null\": {}}]",
            graph->spec->data[graph->spec->length - 1] == '[' ? "" : ", ");
    }
}

/* What has enough, or stops, before its input ends. */
static void ending(struct graph *graph)
{
    graph->early = true;
    if (!draw(graph->chance, 3))
        add(graph->spec, "{\"some\": {}");
    else if (draw(graph->chance, 3))
        add(graph->spec, "{\"head\": %u", draw(graph->chance, 12));
    else
        add(graph->spec, "{\"head\": {\"n\": %u, \"by\": \"%s\"}",
            draw(graph->chance, 3), field(graph));
}

static void average(struct graph *graph, bool each)
{
    add(graph->spec, "{\"average\": {\"field\": \"%s\"%s", field(graph),
        each ? ", \"emit\": \"each\"" : "");
    if (draw(graph->chance, 2))
        add(graph->spec, ", \"by\": \"%s\"", field(graph));
    add(graph->spec, "}");
}

/* A store of any kind. */
static void order(struct graph *graph)
{
    struct chance *chance = graph->chance;
    unsigned memory = draw(chance, 2) ? draw(chance, 3000) : 0;
    unsigned keys = draw(chance, 3);

    add(graph->spec, "{\"order%s\": {\"memory\": %u",
        draw(chance, 2) ? "_parallel" : "", memory);
    if (keys == 1)
        add(graph->spec, ", \"key\": \"%s\"", field(graph));
    if (keys == 2)
        add(graph->spec, ", \"key\": %s",
            graph->text ? "\"line\"" : "[\"c\", \"a\"]");
    if (draw(chance, 2))
        add(graph->spec, ", \"descending\": true");
    if (draw(chance, 2))
        add(graph->spec, ", \"keep\": %u", draw(chance, 9));
    if (!draw(chance, 4)) {
        add(graph->spec, ", \"unique\": true}");
        return;
    }
    if (draw(chance, 2))
        add(graph->spec, ", \"last\": true");
    if (draw(chance, 2))
        add(graph->spec, ", \"by\": \"%s\"", field(graph));
    add(graph->spec, "}");
}

/* Fields under other names, elsewhere, or filled in; the names stay. */
static void rewrite(struct graph *graph)
{
    static const char *const rewrites[] = {
        "{\"rename\": {\"a\": \"b\", \"b\": \"a\"}",
        ("{\"rename\": {\"names\": {\"b\": \"a\", \"a\": \"c\", \"c\": "
         "\"b\"}, \"overwrite\": true}"),
        "{\"reorder\": [\"c\", \"a\"]",
        "{\"reorder\": {\"fields\": \"a\", \"after\": \"b\"}",
        "{\"fill\": [\"a\", \"c\"]",
        "{\"fill\": {\"fields\": \"b\", \"value\": \"7\", \"add\": true}",
        "{\"enumerate\": {\"as\": \"m\", \"overwrite\": true}"};

    if (graph->text)
        add(graph->spec, "{\"pass\": {}");
    else
        add(graph->spec, "%s", PICK(graph->chance, rewrites));
}

/* Filters of this file. */
static void own_step(struct graph *graph)
{
    static const char *const names[] = {"swap_pairs", "delay", "twice",
                                        "create", "sieve"};

    add(graph->spec, "{\"%s\": {}", PICK(graph->chance, names));
}

/* All but the step's last brace. */
static void step(struct graph *graph, unsigned depth)
{
    static const char *const patterns[] = {"1", "x", "[0-9]", "^$", "a|e"};
    static const char *const operators[] = {"gt", "le", "ne", "eq"};
    struct chance *chance = graph->chance;

    switch (draw(chance, depth < 3 ? 22 : 19)) {
    case 0:
        add(graph->spec, "{\"grep\": \"%s\"", PICK(chance, patterns));
        break;
    case 1:
        add(graph->spec,
            "{\"grep\": {\"pattern\": \"%s\", \"field\": \"%s\", "
            "\"invert\": true}",
            PICK(chance, patterns), field(graph));
        break;
    case 2:
        add(graph->spec,
            "{\"where\": {\"field\": \"%s\", \"op\": \"%s\", \"value\": %u}",
            field(graph), PICK(chance, operators), draw(chance, 4));
        break;
    case 3:
        if (graph->text)
            add(graph->spec, "{\"select\": [\"line\"]");
        else
            add(graph->spec, "{\"select\": [\"c\", \"a\", \"b\"]");
        graph->wide = false;
        break;
    case 4:
        ending(graph);
        break;
    case 5:
        add(graph->spec, "{\"tail\": %u", draw(chance, 12));
        break;
    case 6:
        add(graph->spec, "{\"tail\": {\"n\": %u, \"by\": \"%s\"}",
            draw(chance, 3), field(graph));
        break;
    case 7:
        if (draw(chance, 2)) {
            average(graph, draw(chance, 2));
            break;
        }
        add(graph->spec, "{\"every\": {\"field\": \"%s\"", field(graph));
        if (draw(chance, 2))
            add(graph->spec, ", \"by\": \"%s\"", field(graph));
        if (draw(chance, 2))
            add(graph->spec, ", \"values\": true");
        if (!draw(chance, 3))
            add(graph->spec, ", \"other\": \"%s\"", field(graph));
        add(graph->spec, "}");
        break;
    case 8:
        if (draw(chance, 4)) {
            add(graph->spec,
                "{\"parse\": {\"field\": \"%s\", \"regex\": "
                "\"(?<p>.)(?<q>[0-9])?\", \"keep_source\": true}",
                field(graph));
            break;
        }
        add(graph->spec, "{\"count\": {\"by\": \"%s\"}", field(graph));
        break;
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
        own_step(graph);
        break;
    case 14:
        ending(graph);
        break;
    case 15:
        order(graph);
        break;
    case 16:
        add(graph->spec, "{\"widen\": \"%s\"", field(graph));
        graph->wide = true;
        break;
    case 17:
        add(graph->spec, "{\"thirds\": \"%s\"", field(graph));
        break;
    case 18:
        rewrite(graph);
        break;
    case 19:
        side_branch(graph, depth);
        break;
    default:
        branches(graph, depth);
    }
}

/* The records of the step before and of others before that, in place of the
   first ones alone; `first` has the first id of these steps. */
static void inputs(struct graph *graph, unsigned first)
{
    struct chance *chance = graph->chance;
    unsigned last = graph->ids, other = first + draw(chance, last - first + 1);

    if (other == last)
        add(graph->spec, ", \"from\": \"s%u\"", last);
    else if (draw(chance, 2))
        add(graph->spec, ", \"from\": [\"s%u\", \"s%u\"]", last, other);
    else
        add(graph->spec, ", \"from\": [\"s%u\", \"s%u\"]", other, last);
}

/* Give the step that begins there an id, if it may be named. */
static bool name(struct graph *graph, size_t begins)
{
    const char *text = graph->spec->data + begins;

    if (strncmp(text, "{\"tee", 5) == 0 || strncmp(text, "{\"broad", 7) == 0)
        return false;
    add(graph->spec, ", \"id\": \"s%u\"", ++graph->ids);
    return true;
}

/* Behind branches nobody knows which columns there are. */
static void steps(struct graph *graph, unsigned depth)
{
    unsigned count = draw(graph->chance, depth ? 4 : 6), first = graph->ids + 1;
    bool wide = graph->wide, named = false;

    add(graph->spec, "[");
    for (unsigned i = 0; i < count; i++) {
        unsigned before = graph->ids;
        size_t begins;

        add(graph->spec, "%s", i ? ", " : "");
        begins = graph->spec->length;
        if (graph->ends && !draw(graph->chance, 4))
            ending(graph);
        else
            step(graph, depth);
        if (!draw(graph->chance, 12))
            add(graph->spec, ", \"on_error\": \"skip\"");
        else if (!draw(graph->chance, graph->ends ? 3 : 25)) {
            add(graph->spec, ", \"on_error\": \"fail\"");
            graph->fails = true;
        }
        if (named && before == graph->ids && !draw(graph->chance, 5))
            inputs(graph, first);
        named = name(graph, begins);
        add(graph->spec, "}");
    }
    /* Then little is asked of the steps before it. */
    if (graph->wide && !depth && draw(graph->chance, 2))
        add(graph->spec, ", {\"%s\": \"%s\"}",
            draw(graph->chance, 2) ? "select" : "count", field(graph));
    graph->wide = wide;
    add(graph->spec, "]");
}

static const char *const ragged[] = {"reject", "pad", "truncate", "keep"};

/* The source, whose bad records may end the run. */
static void source(struct graph *graph, int format)
{
    graph->ends = !draw(graph->chance, 2);
    graph->fails = !draw(graph->chance, graph->ends ? 2 : 4);
    add(graph->spec, "\"from\": {\"input\": {");
    if (format == COSEND_FORMAT_CSV)
        add(graph->spec, "\"ragged\": \"%s\"", PICK(graph->chance, ragged));
    add(graph->spec, "}, \"on_error\": \"%s\"}, ",
        graph->fails ? "fail" : "reject");
}

/* ---- Running ------------------------------------------------------------- */

struct outcome {
    int status;
    struct cosend_error error;
    bool balanced;
    uint64_t bytes; /* that were read */
    struct text output, written, rejects, ledger;
};

static void forget(struct outcome *outcome)
{
    free(outcome->output.data);
    free(outcome->written.data);
    free(outcome->rejects.data);
    free(outcome->ledger.data);
}

static int take(const struct cosend_record *record, void *context)
{
    struct text *output = context;
    struct cosend_item item;
    const char *raw;
    size_t length;

    memset(&item, 0, sizeof(item));
    while (cosend_next_item(record, &item, NULL)) {
        add_bytes(output, item.name, item.name_length);
        add(output, "=%d:", (int)item.cell.kind);
        add_bytes(output, item.cell.data ? item.cell.data : "",
                  item.cell.length);
        add(output, " ");
    }
    if (cosend_record_raw(record, &raw, &length)) {
        add(output, "raw=");
        add_bytes(output, raw, length);
    }
    add(output, ";\n");
    return COSEND_OK;
}

/* Append a file, if there is one, and remove it. */
static void take_file(const char *path, struct text *to)
{
    char buffer[4096];
    size_t length;
    FILE *file = fopen(path, "rb");

    add(to, "%s", "");
    if (!file)
        return;
    while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
        add_bytes(to, buffer, length);
    fclose(file);
    unlink(path);
}

static void read_ledger(const struct cosend_pipeline *pipeline,
                        struct text *ledger)
{
    struct cosend_ledger row = {.size = sizeof(row)};

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &row); i++)
        add(ledger,
            "%s in %llu created %llu out %llu dropped %llu absorbed %llu "
            "skipped %llu rejected %llu unread %llu held %llu\n",
            row.id, (unsigned long long)row.in, (unsigned long long)row.created,
            (unsigned long long)row.out, (unsigned long long)row.dropped,
            (unsigned long long)row.absorbed, (unsigned long long)row.skipped,
            (unsigned long long)row.rejected, (unsigned long long)row.unread,
            (unsigned long long)row.held);
}

static int push_all(struct cosend_pipeline *pipeline, struct chance *chance,
                    const struct text *input, struct cosend_error *error)
{
    unsigned most = draw(chance, 3) ? 1 + draw(chance, 3000) : 1 << 20;
    int status = COSEND_OK;

    for (size_t at = 0; status == COSEND_OK && at < input->length;) {
        size_t left = input->length - at, piece = 1 + draw(chance, most);

        if (piece > left)
            piece = left;
        status = cosend_pipeline_push(pipeline, input->data + at, piece, error);
        at += piece;
        if (status == COSEND_OK && !draw(chance, 8))
            status = cosend_pipeline_flush(pipeline, error);
        if (!draw(chance, 20))
            cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    }
    return status;
}

/* How a pipeline is run: records in a batch; and, where the input is read from
   a file, how many threads. */
struct way {
    uint32_t batch_size, threads;
    bool untold; /* rejects are not written */
    bool all;    /* every column is made, whether somebody asks for it or not */
    const char *const *files;
    size_t file_count;
};

/* A record at a time, no stage has sent one that no target took: it was told
   that they have enough with the one before. And where one of them would still
   have taken it, a record that ends the run has ended it. */

static void check_nothing_in_vain(const struct csi_run *run)
{
    for (uint32_t i = 0; i < run->stage_count; i++) {
        const struct csi_stage *stage = &run->stages[i];
        uint64_t taken = 0;

        for (uint32_t j = 0; j < stage->target_count; j++)
            if (stage->targets[j].sent > taken)
                taken = stage->targets[j].sent;
        if (stage->target_count && stage->counts.out != taken)
            fail_msg("%s sent %llu, of which %llu were taken", stage->node->id,
                     (unsigned long long)stage->counts.out,
                     (unsigned long long)taken);
        if (i > 0 && stage->node->on_error == CSI_FAIL &&
            stage->counts.rejected)
            fail_msg("%s was to fail, and did not", stage->node->id);
    }
}

static void look_inside(const struct cosend_pipeline *pipeline,
                        const struct way *way, struct outcome *outcome)
{
    struct csi_run *run = pipeline->run;

    outcome->balanced = cosend_pipeline_balanced(pipeline);
    if (!run)
        return;
    outcome->bytes = csi_run_source(run)->counts.bytes;
    if (way->batch_size == 1 && way->threads <= 1 &&
        outcome->status == COSEND_OK)
        check_nothing_in_vain(run);
}

static void run(const char *spec, int format, const struct way *way,
                uint64_t seed, const struct text *input,
                struct outcome *outcome)
{
    char rejects[] = "/tmp/test_engine_random.XXXXXX";
    struct cosend_options options;
    struct cosend_pipeline *pipeline;
    struct chance chance = {seed};
    int descriptor = mkstemp(rejects);

    assert_true(descriptor >= 0);
    close(descriptor);
    csi_want_all = way->all;
    memset(outcome, 0, sizeof(*outcome));
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.push = !way->file_count;
    options.files = way->files;
    options.file_count = way->file_count;
    options.threads = way->threads;
    options.input_format = format;
    options.rejects_path = way->untold ? NULL : rejects;
    options.batch_size = way->batch_size;
    options.record = take;
    options.context = &outcome->output;
    add(&outcome->output, "%s", "");
    add(&outcome->ledger, "%s", "");
    pipeline = cosend_pipeline_from_json(spec, strlen(spec), &options,
                                         &outcome->error);
    if (!pipeline) {
        unlink(rejects);
        outcome->status = outcome->error.kind;
        return;
    }
    if (way->file_count) {
        if (!draw(&chance, 4))
            cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
        outcome->status = cosend_pipeline_run(pipeline, &outcome->error);
    } else {
        outcome->status = cosend_pipeline_open(pipeline, &outcome->error);
        if (outcome->status == COSEND_OK)
            push_all(pipeline, &chance, input, &outcome->error);
        outcome->status = cosend_pipeline_finish(pipeline, &outcome->error);
    }
    look_inside(pipeline, way, outcome);
    read_ledger(pipeline, &outcome->ledger);
    cosend_pipeline_free(pipeline);
    take_file(rejects, &outcome->rejects);
    take_file(written_path, &outcome->written);
}

static uint64_t first_seed = 1, seeds;

/* ---- The test ------------------------------------------------------------ */

static void show(const char *what, const char *was, const char *is)
{
    fprintf(stderr, "---- %s was\n%s---- %s is\n%s", what, was, what, is);
}

static bool is_same_error(const struct outcome *was, const struct outcome *is)
{
    return strcmp(was->error.message, is->error.message) == 0 &&
           strcmp(was->error.step, is->error.step) == 0 &&
           was->error.line == is->error.line;
}

static bool agree(const struct graph *graph, const struct outcome *was,
                  const struct outcome *is)
{
    bool same = was->status == is->status;

    if (!same)
        print_error("status was %d (%s), is %d (%s)\n", was->status,
                    was->error.message, is->status, is->error.message);
    if (same && is->status == COSEND_E_DATA && !is_same_error(was, is)) {
        print_error("error was \"%s\" (step %s, line %llu), is \"%s\" (step "
                    "%s, line %llu)\n",
                    was->error.message, was->error.step,
                    (unsigned long long)was->error.line, is->error.message,
                    is->error.step, (unsigned long long)is->error.line);
        same = false;
    }
    if (same && is->status == COSEND_OK && !is->balanced) {
        show("unbalanced ledger", "", is->ledger.data);
        same = false;
    }
    if (same && (is->status == COSEND_OK || is->status == COSEND_E_DATA) &&
        strcmp(was->output.data, is->output.data) != 0) {
        show("output", was->output.data, is->output.data);
        same = false;
    }
    if (same && is->status == COSEND_OK &&
        strcmp(was->written.data, is->written.data) != 0) {
        show("what is written", was->written.data, is->written.data);
        same = false;
    }
    if (same && is->status == COSEND_OK && !graph->early) {
        if (strcmp(was->rejects.data, is->rejects.data) != 0) {
            show("rejects", was->rejects.data, is->rejects.data);
            same = false;
        }
        if (strcmp(was->ledger.data, is->ledger.data) != 0) {
            show("ledger", was->ledger.data, is->ledger.data);
            same = false;
        }
    }
    return same;
}

/* A random pipeline, and its input. */
struct trial {
    struct chance chance;
    struct graph graph;
    struct text spec, input;
    int format;
};

/* A last step that writes what passes, for what becomes of rows as they came is
   a writer's to say. */
static void write_rows(struct text *spec)
{
    spec->length--;
    add(spec,
        "%s{\"tee\": [{\"file\": {\"path\": \"%s\", \"format\": "
        "\"csv\", \"append\": true}}]}]",
        spec->data[spec->length - 1] == '[' ? "" : ", ", written_path);
}

static void begin(struct trial *trial, uint64_t seed)
{
    static const int formats[] = {COSEND_FORMAT_TEXT, COSEND_FORMAT_CSV,
                                  COSEND_FORMAT_JSONL};

    memset(trial, 0, sizeof(*trial));
    trial->chance.state = seed;
    trial->format = formats[draw(&trial->chance, 3)];
    trial->graph.chance = &trial->chance;
    trial->graph.spec = &trial->spec;
    trial->graph.text = trial->format == COSEND_FORMAT_TEXT;
    add(&trial->spec, "{\"cosend\": 1, ");
    source(&trial->graph, trial->format);
    add(&trial->spec, "\"steps\": ");
    steps(&trial->graph, 0);
    if (trial->format == COSEND_FORMAT_CSV)
        write_rows(&trial->spec);
    add(&trial->spec, "}");
    add(&trial->input, "%s", "");
    make_input(&trial->chance, trial->format, &trial->input);
}

static void end(struct trial *trial)
{
    free(trial->spec.data);
    free(trial->input.data);
}

/* Run it another way, and compare. */
static void compare(const struct trial *trial, const struct way *way,
                    uint64_t seed, const struct outcome *first)
{
    struct outcome next;
    bool same;

    run(trial->spec.data, trial->format, way, seed, &trial->input, &next);
    same = agree(&trial->graph, first, &next);
    if (!same)
        print_error("seed %llu, batches of %u, %u threads, blocks of %zu: "
                    "%s\n%s",
                    (unsigned long long)seed, way->batch_size, way->threads,
                    csi_block_bytes, trial->spec.data,
                    trial->input.length < 3000 ? trial->input.data : "");
    forget(&next);
    assert_true(same);
}

/* Returns the status, and how much came out. */
static int try(uint64_t seed, size_t *length)
{
    static const uint32_t sizes[] = {1, 2, 7, 0};
    struct way way = {.batch_size = 0};
    struct trial trial;
    struct outcome first;
    int status;

    begin(&trial, seed);
    run(trial.spec.data, trial.format, &way, seed, &trial.input, &first);
    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        way.batch_size = sizes[i];
        compare(&trial, &way, seed + i + 1, &first);
    }
    way.all = true;
    compare(&trial, &way, seed, &first);
    forget(&first);
    way.untold = true;
    run(trial.spec.data, trial.format, &way, seed, &trial.input, &first);
    way.all = false;
    compare(&trial, &way, seed, &first);
    if (first.status == COSEND_OK && !first.balanced)
        print_error("seed %llu\n", (unsigned long long)seed);
    assert_true(first.status != COSEND_OK || first.balanced);
    status = first.status;
    *length = first.output.length;
    forget(&first);
    end(&trial);
    return status;
}

/* path ends in XXXXXX, and becomes the path of a file. */
static void write_file(char *path, const struct text *input)
{
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, input->data, input->length),
                     input->length);
    close(descriptor);
}

/* One to three files, by several threads, in blocks of any size. */
static void try_threads(uint64_t seed)
{
    char paths[FILES][40];
    const char *files[FILES];
    size_t usual = csi_block_bytes;
    struct way way = {.files = files};
    struct trial trial;
    struct outcome first;

    begin(&trial, seed);
    way.file_count = 1 + draw(&trial.chance, FILES);
    for (size_t i = 0; i < way.file_count; i++) {
        strcpy(paths[i], "/tmp/test_engine_input.XXXXXX");
        files[i] = paths[i];
        write_file(paths[i], &trial.input);
        trial.input.length = 0;
        make_input(&trial.chance, trial.format, &trial.input);
    }
    for (unsigned i = 0; i < 3; i++) {
        csi_block_bytes = 16 + draw(&trial.chance, i % 2 ? 2000 : 150);
        way.threads = 1;
        way.all = false;
        way.batch_size = 0;
        run(trial.spec.data, trial.format, &way, seed, &trial.input, &first);
        way.threads = 2 + i;
        way.batch_size = draw(&trial.chance, 2) ? 0 : 1 + i;
        way.all = i == 1;
        compare(&trial, &way, seed + i, &first);
        forget(&first);
    }
    csi_block_bytes = usual;
    for (size_t i = 0; i < way.file_count; i++)
        unlink(paths[i]);
    end(&trial);
}

/* Filters that send on, in the end, what they got, which was kept meanwhile,
   stored, or taken from one thread to another: rows are written as if there
   were none of them. */
static void what_holds_records_does_not_change_them(void **state)
{
    static const char *const holders[] = {
        "", "{\"swap_pairs\": {}}, {\"swap_pairs\": {}}", "{\"tail\": 1000000}",
        "{\"order\": {}}", "{\"order_parallel\": {\"memory\": 100}}"};
    struct way way = {.threads = 1};

    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds / 2; seed++) {
        struct chance chance = {seed};
        const char *how = PICK(&chance, ragged);
        struct text spec = {0}, input = {0};
        struct outcome first, next;

        make_input(&chance, COSEND_FORMAT_CSV, &input);
        for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
            spec.length = 0;
            add(&spec,
                "{\"cosend\": 1, \"from\": {\"input\": {\"ragged\": "
                "\"%s\"}}, \"steps\": [%s]",
                how, holders[i]);
            write_rows(&spec);
            add(&spec, "}");
            run(spec.data, COSEND_FORMAT_CSV, &way, seed, &input,
                i ? &next : &first);
            assert_int_equal(i ? next.status : first.status, COSEND_OK);
            if (i && strcmp(first.written.data, next.written.data) != 0) {
                show("what is written", first.written.data, next.written.data);
                fail_msg("seed %llu: %s", (unsigned long long)seed, spec.data);
            }
            if (i)
                forget(&next);
        }
        forget(&first);
        free(spec.data);
        free(input.data);
    }
}

/* Of a long file no more is read than the blocks that there is room for when
   the run's own thread finds that nobody wants more. */
static void threads_stop_where_nobody_wants_more(void **state)
{
    static const char *const steps[] = {
        "{\"head\": 1000}",
        "{\"grep\": \"1\"}, {\"pass\": {}}, {\"head\": 1000}",
        "{\"broadcast\": [[{\"head\": 900}], [{\"grep\": \"1\"}, {\"head\": "
        "3}]]}",
        "{\"broadcast\": [[{\"grep\": \"1\"}], [{\"grep\": \"2\"}]]}, "
        "{\"head\": 1000}",
        "{\"tee\": [{\"grep\": \"1\"}, {\"head\": 700}]}, {\"head\": 900}, "
        "{\"count\": {}}"};
    enum { LINES = 60000, THREADS = 3, BLOCK = 1000 };
    char path[] = "/tmp/test_engine_input.XXXXXX";
    const char *files[] = {path};
    struct way way = {.threads = THREADS, .files = files, .file_count = 1};
    struct text input = {0}, spec = {0};
    size_t usual = csi_block_bytes;

    (void)state;
    for (unsigned i = 0; i < LINES; i++)
        add(&input, "%u 12\n", i);
    write_file(path, &input);
    csi_block_bytes = BLOCK;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct outcome outcome;

        spec.length = 0;
        add(&spec, "{\"cosend\": 1, \"steps\": [%s]}", steps[i]);
        run(spec.data, COSEND_FORMAT_TEXT, &way, i, &input, &outcome);
        assert_int_equal(outcome.status, COSEND_OK);
        if (outcome.bytes > input.length / 2)
            fail_msg("%llu of %zu bytes were read: %s",
                     (unsigned long long)outcome.bytes, input.length, steps[i]);
        forget(&outcome);
    }
    csi_block_bytes = usual;
    unlink(path);
    free(input.data);
    free(spec.data);
}

static void batches_and_pieces_make_no_difference(void **state)
{
    unsigned good = 0, fruitful = 0;

    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        size_t length;

        if (try(seed, &length) != COSEND_OK)
            continue;
        good++;
        fruitful += length > 0;
    }
    /* Most of the pipelines make sense, or this would test little. */
    assert_true(seeds < 100 || good > seeds / 2);
    assert_true(seeds < 100 || fruitful > seeds / 4);
}

static void threads_and_blocks_make_no_difference(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++)
        try_threads(seed);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_and_pieces_make_no_difference),
        cmocka_unit_test(threads_and_blocks_make_no_difference),
        cmocka_unit_test(threads_stop_where_nobody_wants_more),
        cmocka_unit_test(what_holds_records_does_not_change_them)};

    seeds = (uint64_t)rounds_of(400);
    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        seeds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, register_own, NULL);
}
