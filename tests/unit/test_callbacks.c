/* SPDX-License-Identifier: MIT */
/*
 * A filter that is callbacks does what its twin with a body does, whatever the
 * batches, the threads and the steps around it; and they are called on the
 * thread's own stack.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rounds.h"

/* ---- Twins: what becomes of a record follows from its bytes -------------- */

struct deal {
    struct cosend_field field;
};

static const struct cosend_option deal_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct deal, field),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

struct dealer {
    struct cosend_column column;
    struct cosend_record kept;
    bool holds;
};

static void deal_record(struct cosend_stage *self, const struct deal *deal,
                        struct dealer *dealer, struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, deal->field);
    unsigned lot = cell.length ? (unsigned char)cell.data[cell.length - 1] : 0;

    cosend_set_integer(self, dealer->column, lot);
    switch (lot % 6) {
    case 0:
        break;
    case 1:
        cosend_bad(self, record, "odd", "it ends in %u", lot);
        break;
    case 2:
        cosend_emit(self, record);
        cosend_set_integer(self, dealer->column, -1);
        cosend_emit(self, record);
        break;
    case 3:
        cosend_emit(self, record);
        cosend_set_integer(self, dealer->column, -2);
        cosend_emit_new(self);
        break;
    case 4:
        if (dealer->holds) {
            cosend_emit(self, &dealer->kept);
            cosend_release(self, &dealer->kept);
        }
        dealer->holds = cosend_keep(self, record, &dealer->kept);
        break;
    default:
        cosend_emit(self, record);
    }
}

static void end_deal(struct cosend_stage *self, struct dealer *dealer)
{
    if (dealer->holds && cosend_ended(self) == COSEND_END_CLOSED)
        cosend_emit(self, &dealer->kept);
    if (dealer->holds)
        cosend_release(self, &dealer->kept);
}

static int deal_body(struct cosend_stage *self, void *options)
{
    struct dealer dealer = {.column = cosend_add_column(self, "lot")};
    struct cosend_record record;

    while (cosend_receive(self, &record))
        deal_record(self, options, &dealer, &record);
    end_deal(self, &dealer);
    return 0;
}

/* A few frames of the test's own, and none of a coroutine's stack. */
static const char *own_stack;
static unsigned strays, begun, ended;

static void look_where(void)
{
    const char *here = __builtin_frame_address(0);
    size_t apart =
        (size_t)(own_stack > here ? own_stack - here : here - own_stack);

    if (cosend_current() || apart > 1 << 20)
        __atomic_fetch_add(&strays, 1, __ATOMIC_RELAXED);
}

struct called {
    const struct deal *deal;
    struct dealer dealer;
};

static int deal_begin(struct cosend_stage *self, void *options, void **state)
{
    struct called *called = calloc(1, sizeof(*called));

    look_where();
    __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED);
    if (!called)
        return COSEND_E_MEMORY;
    called->deal = options;
    called->dealer.column = cosend_add_column(self, "lot");
    *state = called;
    return COSEND_OK;
}

static int deal_batch(struct cosend_stage *self, void *state,
                      const struct cosend_batch *batch)
{
    struct called *called = state;

    look_where();
    for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
        struct cosend_record record = cosend_record_at(self, i);

        deal_record(self, called->deal, &called->dealer, &record);
        if (cosend_ended(self))
            break;
    }
    return COSEND_OK;
}

static int deal_end(struct cosend_stage *self, void *state)
{
    struct called *called = state;

    look_where();
    __atomic_fetch_add(&ended, 1, __ATOMIC_RELAXED);
    end_deal(self, &called->dealer);
    free(called);
    return COSEND_OK;
}

static const struct cosend_callbacks deal_callbacks = {deal_begin, deal_batch,
                                                       deal_end};

static const struct cosend_filter deals[] = {
    {.abi = COSEND_ABI,
     .name = "deal_by_body",
     .summary = "deal records out",
     .options_size = sizeof(struct deal),
     .options = deal_options,
     .body = deal_body},
    {.abi = COSEND_ABI,
     .name = "deal_by_calls",
     .summary = "deal records out",
     .options_size = sizeof(struct deal),
     .options = deal_options,
     .callbacks = &deal_callbacks}};

/* ---- Twins without a state, for several threads -------------------------- */

static int pass_body(struct cosend_stage *self, void *options)
{
    const struct deal *deal = options;
    struct cosend_record record;

    while (cosend_receive(self, &record))
        if (cosend_field(&record, deal->field).length % 3)
            cosend_emit(self, &record);
    return 0;
}

static int pass_begin(struct cosend_stage *self, void *options, void **state)
{
    (void)self;
    *state = options;
    return COSEND_OK;
}

static int pass_batch(struct cosend_stage *self, void *state,
                      const struct cosend_batch *batch)
{
    const struct deal *deal = state;

    if (cosend_current())
        __atomic_fetch_add(&strays, 1, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
        struct cosend_record record = cosend_record_at(self, i);

        if (cosend_field(&record, deal->field).length % 3)
            cosend_pick(self, i);
    }
    return COSEND_OK;
}

static const struct cosend_callbacks pass_callbacks = {pass_begin, pass_batch,
                                                       NULL};

static const struct cosend_filter passes[] = {
    {.abi = COSEND_ABI,
     .name = "pass_by_body",
     .summary = "pass some",
     .options_size = sizeof(struct deal),
     .options = deal_options,
     .parallel = COSEND_STATELESS,
     .body = pass_body},
    {.abi = COSEND_ABI,
     .name = "pass_by_calls",
     .summary = "pass some",
     .options_size = sizeof(struct deal),
     .options = deal_options,
     .parallel = COSEND_STATELESS,
     .callbacks = &pass_callbacks}};

/* ---- Twins with a state that merges -------------------------------------- */

static int put_total(const void *state, struct cosend_bytes *to)
{
    cosend_put_varint(to, *(const uint64_t *)state);
    return COSEND_OK;
}

static int merge_total(void *state, struct cosend_reader_bytes *from)
{
    *(uint64_t *)state += cosend_get_varint(from);
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static int save_outside(const void *state, struct cosend_bytes *to)
{
    if (cosend_current())
        __atomic_fetch_add(&strays, 1, __ATOMIC_RELAXED);
    return put_total(state, to);
}

static int merge_outside(void *state, struct cosend_reader_bytes *from)
{
    if (cosend_current())
        __atomic_fetch_add(&strays, 1, __ATOMIC_RELAXED);
    return merge_total(state, from);
}

static void emit_total(struct cosend_stage *self, uint64_t total)
{
    struct cosend_column column = {0};

    if (cosend_ended(self) != COSEND_END_CLOSED)
        return;
    cosend_set_integer(self, column, (int64_t)total);
    cosend_emit_new(self);
}

static int total_body(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    uint64_t total = 0;

    (void)options;
    cosend_drop_columns(self);
    cosend_add_column(self, "total");
    cosend_publish(self, &total);
    while (cosend_receive(self, &record))
        total++;
    emit_total(self, total);
    return 0;
}

static int total_begin(struct cosend_stage *self, void *options, void **state)
{
    (void)options;
    cosend_drop_columns(self);
    cosend_add_column(self, "total");
    *state = cosend_stage_memory(self, sizeof(uint64_t));
    return *state ? COSEND_OK : COSEND_E_MEMORY;
}

static int total_batch(struct cosend_stage *self, void *state,
                       const struct cosend_batch *batch)
{
    (void)self;
    *(uint64_t *)state += cosend_batch_count(batch);
    return COSEND_OK;
}

static int total_end(struct cosend_stage *self, void *state)
{
    emit_total(self, *(uint64_t *)state);
    return COSEND_OK;
}

static const struct cosend_callbacks total_callbacks = {total_begin,
                                                        total_batch, total_end};

static const struct cosend_filter totals[] = {{.abi = COSEND_ABI,
                                               .name = "total_by_body",
                                               .summary = "count",
                                               .parallel = COSEND_MERGES,
                                               .absorbs = true,
                                               .save = put_total,
                                               .merge = merge_total,
                                               .body = total_body},
                                              {.abi = COSEND_ABI,
                                               .name = "total_by_calls",
                                               .summary = "count",
                                               .parallel = COSEND_MERGES,
                                               .absorbs = true,
                                               .save = save_outside,
                                               .merge = merge_outside,
                                               .callbacks = &total_callbacks}};

/* ---- A source ------------------------------------------------------------ */

static int number_begin(struct cosend_stage *self, void *options, void **state)
{
    (void)options;
    cosend_add_column(self, "n");
    *state = cosend_stage_memory(self, sizeof(int64_t));
    return *state ? COSEND_OK : COSEND_E_MEMORY;
}

/* A thousand a call. */
static int number_batch(struct cosend_stage *self, void *state,
                        const struct cosend_batch *batch)
{
    int64_t *n = state;
    struct cosend_column column = {0};

    look_where();
    if (batch || *n >= 20000)
        return batch ? COSEND_E_TYPE : COSEND_DONE;
    for (int i = 0; i < 1000; i++) {
        cosend_set_integer(self, column, ++*n);
        if (cosend_emit_new(self) != COSEND_OK)
            break;
    }
    return *n == 2000 && !cosend_wait_until(self, cosend_now(self) + 2000000)
               ? COSEND_DONE
               : COSEND_OK;
}

static const struct cosend_callbacks number_callbacks = {number_begin,
                                                         number_batch, NULL};

static const struct cosend_filter numbers = {.abi = COSEND_ABI,
                                             .name = "numbers_by_calls",
                                             .role = COSEND_SOURCE,
                                             .summary = "numbers",
                                             .callbacks = &number_callbacks};

/* ---- A sink, of snapshots too -------------------------------------------- */

static struct cosend_bytes taken;

static int note_batch(struct cosend_stage *self, void *state,
                      const struct cosend_batch *batch)
{
    (void)state;
    if (cosend_is_snapshot(self))
        cosend_put_raw(&taken, "snapshot ", 9);
    for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
        struct cosend_record record = cosend_record_at(self, i);
        struct cosend_item item = {0};

        while (cosend_next_item(&record, &item, NULL)) {
            cosend_put_raw(&taken, item.cell.data, item.cell.length);
            cosend_put_raw(&taken, ",", 1);
        }
        cosend_put_raw(&taken, "\n", 1);
    }
    return COSEND_OK;
}

static int note_flush(struct cosend_stage *self, void *state)
{
    (void)state;
    if (!cosend_is_snapshot(self))
        cosend_put_raw(&taken, "flush\n", 6);
    return COSEND_OK;
}

static const struct cosend_callbacks note_callbacks = {NULL, note_batch, NULL};

static const struct cosend_filter notes = {.abi = COSEND_ABI,
                                           .name = "notes",
                                           .role = COSEND_SINK,
                                           .summary = "note all",
                                           .flush = note_flush,
                                           .callbacks = &note_callbacks};

/* ---- Running ------------------------------------------------------------- */

static char path[] = "/tmp/cosend-callbacks-XXXXXX";

struct way {
    uint32_t batch, threads;
    int on_error;
    bool snapshot;
};

struct outcome {
    char *text;
    size_t length;
    int status;
    char message[512];
};

static void take_text(struct outcome *outcome)
{
    outcome->text = malloc(taken.length + 1);
    assert_non_null(outcome->text);
    if (taken.length)
        memcpy(outcome->text, taken.data, taken.length);
    outcome->length = taken.length;
    taken.length = 0;
}

static struct outcome run_line(const char *line, const struct way *way)
{
    const char *const files[] = {path};
    struct cosend_error error = {0};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count =
                                         strncmp(line, "input", 5) == 0,
                                     .batch_size = way->batch,
                                     .threads = way->threads,
                                     .on_error = way->on_error,
                                     .quiet = true};
    struct cosend_pipeline *pipeline;
    struct outcome outcome = {0};

    own_stack = __builtin_frame_address(0);
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    if (!pipeline)
        fail_msg("%s: %s", line, error.message);
    if (way->snapshot)
        cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    outcome.status = cosend_pipeline_run(pipeline, &error);
    if (outcome.status != COSEND_OK && outcome.status != COSEND_DONE)
        snprintf(outcome.message, sizeof(outcome.message), "%s", error.message);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    take_text(&outcome);
    return outcome;
}

/* Lines by lot, of some 1.5 MB, or half of that where each takes long. */
static void write_file(unsigned seed)
{
    FILE *file = fopen(path, "w");

    srand(seed);
    assert_non_null(file);
    fprintf(file, "k,v\n");
    for (int i = 0; i < 24000 + rounds_of(36000); i++)
        fprintf(file, "%d,%.*s%d\n", rand() % 50, rand() % 20,
                "the quick brown fox jumps", rand());
    assert_int_equal(fclose(file), 0);
}

/* Whether a line has the same outcome by bodies and by callbacks. */
static void compare(const char *line, const struct way *way)
{
    char by_body[256], by_calls[256], *mark;
    struct outcome left, right;

    snprintf(by_body, sizeof(by_body), "%s", line);
    while ((mark = strchr(by_body, '@')))
        memcpy(mark, "body ", 5);
    by_calls[0] = '\0';
    for (const char *p = line; *p; p++)
        snprintf(by_calls + strlen(by_calls),
                 sizeof(by_calls) - strlen(by_calls), "%c", *p);
    while ((mark = strchr(by_calls, '@')))
        memcpy(mark, "calls", 5);
    left = run_line(by_body, way);
    right = run_line(by_calls, way);
    if (left.status != right.status || left.length != right.length ||
        memcmp(left.text, right.text, left.length) != 0 ||
        strncmp(left.message, right.message, 12) != 0)
        fail_msg("%s, batches of %u, %u threads: %d, %zu bytes, %s; by calls "
                 "%d, %zu bytes, %s",
                 line, way->batch, way->threads, left.status, left.length,
                 left.message, right.status, right.length, right.message);
    free(left.text);
    free(right.text);
}

/* `@    ` is body or calls. */
static const char *const tried[] = {
    "input format=csv | deal_by_@     v | notes",
    "input format=csv | pass_by_@     v | deal_by_@     v | pass_by_@     v | "
    "notes",
    "input format=csv | deal_by_@     v | head 1500 | notes",
    "input format=csv | pass_by_@     k | total_by_@    | notes",
    "input format=csv | pass_by_@     k | count k | notes",
    "input format=csv | total_by_@    | notes",
    "input format=csv | deal_by_@     v | deal_by_@     lot | count lot | "
    "notes",
};

static void callbacks_do_what_their_twins_do(void **state)
{
    static const struct way ways[] = {
        {.threads = 1},
        {.batch = 1, .threads = 1},
        {.batch = 7, .threads = 1, .snapshot = true},
        {.threads = 3, .snapshot = true},
        {.batch = 100, .threads = 3},
        {.threads = 1, .on_error = COSEND_ON_ERROR_SKIP},
        {.threads = 3, .on_error = COSEND_ON_ERROR_FAIL},
        {.batch = 1, .threads = 1, .on_error = COSEND_ON_ERROR_FAIL},
    };

    (void)state;
    write_file(1);
    for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++)
        for (size_t j = 0; j < sizeof(ways) / sizeof(ways[0]); j++)
            compare(tried[i], &ways[j]);
    assert_int_equal(strays, 0);
    assert_true(begun > 0);
    assert_int_equal(begun, ended);
}

static void in_branches_that_join_again(void **state)
{
    static const char spec[] =
        "{\"cosend\": 1, \"from\": {\"input\": {\"format\": \"csv\"}}, "
        "\"steps\": ["
        "{\"broadcast\": [[{\"deal_by_%s\": \"v\"}], "
        "[{\"pass_by_%s\": \"k\"}, {\"deal_by_%s\": \"v\"}]]}], "
        "\"to\": {\"notes\": {}}}";
    static const uint32_t batches[] = {0, 1, 7};
    const char *const files[] = {path};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct outcome outcomes[2];

        for (int calls = 0; calls < 2; calls++) {
            const char *way = calls ? "calls" : "body";
            struct cosend_options options = {.size = sizeof(options),
                                             .files = files,
                                             .file_count = 1,
                                             .batch_size = batches[i],
                                             .quiet = true};
            struct cosend_error error = {0};
            struct cosend_pipeline *pipeline;
            char text[512];

            snprintf(text, sizeof(text), spec, way, way, way);
            pipeline =
                cosend_pipeline_from_json(text, strlen(text), &options, &error);
            if (!pipeline)
                fail_msg("%s", error.message);
            assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_OK);
            assert_true(cosend_pipeline_balanced(pipeline));
            cosend_pipeline_free(pipeline);
            take_text(&outcomes[calls]);
        }
        assert_int_equal(outcomes[0].length, outcomes[1].length);
        assert_memory_equal(outcomes[0].text, outcomes[1].text,
                            outcomes[0].length);
        free(outcomes[0].text);
        free(outcomes[1].text);
    }
}

static void a_source_may_be_callbacks(void **state)
{
    static const struct way ways[] = {{.batch = 0}, {.batch = 1}, {.batch = 7}};

    (void)state;
    strays = 0;
    for (size_t i = 0; i < 3; i++) {
        struct outcome outcome =
            run_line("numbers_by_calls | total_by_calls | notes", &ways[i]);

        assert_int_equal(outcome.status, COSEND_OK);
        assert_int_equal(outcome.length, 13);
        assert_memory_equal(outcome.text, "flush\n20000,\n", 13);
        free(outcome.text);
        outcome = run_line("numbers_by_calls | head 2 | notes", &ways[i]);
        assert_memory_equal(outcome.text, "1,\n2,\n", 6);
        assert_int_equal(outcome.length, 6);
        free(outcome.text);
    }
    assert_int_equal(strays, 0);
}

static void and_snapshots_are_made_of_what_it_sent(void **state)
{
    const struct way way = {.batch = 1000, .snapshot = true};
    struct outcome outcome =
        run_line("numbers_by_calls | total_by_calls | notes", &way);

    (void)state;
    /* Asked for before the start, it is made behind the first batch. */
    assert_int_equal(outcome.length, 6 + 15 + 6 + 7);
    assert_memory_equal(outcome.text, "flush\nsnapshot 1000,\nflush\n20000,\n",
                        34);
    free(outcome.text);
}

/* ---- Misuse -------------------------------------------------------------- */

static int receiving_batch(struct cosend_stage *self, void *state,
                           const struct cosend_batch *batch)
{
    (void)state;
    (void)batch;
    return cosend_receive_batch(self) ? COSEND_E_USER : COSEND_OK;
}

static int awaiting_begin(struct cosend_stage *self, void *options,
                          void **state)
{
    (void)options;
    (void)state;
    return cosend_await_columns(self) ? COSEND_E_USER : COSEND_OK;
}

static int failing_batch(struct cosend_stage *self, void *state,
                         const struct cosend_batch *batch)
{
    (void)self;
    (void)state;
    (void)batch;
    return COSEND_E_USER - 7;
}

static int minus_less_begin(struct cosend_stage *self, void *options,
                            void **state)
{
    (void)self;
    (void)options;
    (void)state;
    return 1;
}

static int minus_less_batch(struct cosend_stage *self, void *state,
                            const struct cosend_batch *batch)
{
    (void)self;
    (void)state;
    (void)batch;
    return 7;
}

static int pass_then(struct cosend_stage *self, int answer)
{
    struct cosend_record record;

    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return answer;
}

static int wrong_body(struct cosend_stage *self, void *options)
{
    (void)options;
    return pass_then(self, -COSEND_E_DATA);
}

static int done_body(struct cosend_stage *self, void *options)
{
    (void)options;
    return pass_then(self, COSEND_DONE);
}

static int closing_body(struct cosend_stage *self, void *options)
{
    (void)options;
    return pass_then(self, COSEND_CLOSING);
}

static int wrong_end(struct cosend_stage *self, void *state)
{
    (void)state;
    return cosend_ended(self) == COSEND_END_CLOSED ? 1 : 0;
}

static int leave_batch(struct cosend_stage *self, void *state,
                       const struct cosend_batch *batch)
{
    (void)self;
    (void)state;
    (void)batch;
    return COSEND_OK;
}

static int make_wrongly(struct cosend_stage *self, void *memory,
                        const void *argument)
{
    (void)self;
    (void)memory;
    (void)argument;
    return 5;
}

static void release_nothing(void *memory)
{
    (void)memory;
}

static int wrong_make(struct cosend_stage *self, void *options)
{
    (void)options;
    cosend_stage_common(self, 8, make_wrongly, release_nothing, NULL);
    return pass_then(self, COSEND_OK);
}

static const struct cosend_callbacks wrong_ends = {.batch = leave_batch,
                                                   .end = wrong_end};
static const struct cosend_callbacks wrong_begin = {.begin = minus_less_begin,
                                                    .batch = minus_less_batch};
static const struct cosend_callbacks wrong_batch = {.batch = minus_less_batch};
static const struct cosend_callbacks receiving = {.batch = receiving_batch};
static const struct cosend_callbacks awaiting = {.begin = awaiting_begin,
                                                 .batch = receiving_batch};
static const struct cosend_callbacks failing = {.batch = failing_batch};
static const struct cosend_callbacks empty = {.batch = NULL};

static const struct cosend_filter misused[] = {{.abi = COSEND_ABI,
                                                .name = "receiving",
                                                .summary = "receive",
                                                .callbacks = &receiving},
                                               {.abi = COSEND_ABI,
                                                .name = "awaiting",
                                                .summary = "await",
                                                .callbacks = &awaiting},
                                               {.abi = COSEND_ABI,
                                                .name = "failing",
                                                .summary = "fail",
                                                .callbacks = &failing},
                                               {.abi = COSEND_ABI,
                                                .name = "wrong_begin",
                                                .summary = "answer 1",
                                                .callbacks = &wrong_begin},
                                               {.abi = COSEND_ABI,
                                                .name = "wrong_batch",
                                                .summary = "answer 7",
                                                .callbacks = &wrong_batch},
                                               {.abi = COSEND_ABI,
                                                .name = "wrong_end",
                                                .summary = "answer 1",
                                                .callbacks = &wrong_ends},
                                               {.abi = COSEND_ABI,
                                                .name = "wrong_body",
                                                .summary = "answer 14",
                                                .body = wrong_body},
                                               {.abi = COSEND_ABI,
                                                .name = "wrong_make",
                                                .summary = "answer 5",
                                                .body = wrong_make}};

static const struct cosend_filter enough[] = {{.abi = COSEND_ABI,
                                               .name = "done",
                                               .summary = "answer DONE",
                                               .body = done_body},
                                              {.abi = COSEND_ABI,
                                               .name = "closing",
                                               .summary = "answer CLOSING",
                                               .body = closing_body}};

static void what_a_callback_cannot_do_fails_the_step(void **state)
{
    static const char *const messages[] = {
        "it receives in a callback, to which batches come by themselves",
        "it receives in a callback, to which batches come by themselves",
        "the filter failed with",
        "begin of filter wrong_begin answered 1, which is neither COSEND_OK "
        "nor an error, which are negative",
        "batch of filter wrong_batch answered 7, which is neither COSEND_OK "
        "nor an error, which are negative, nor COSEND_DONE",
        "end of filter wrong_end answered 1, which is neither COSEND_OK nor an "
        "error",
        "body of filter wrong_body answered 14, which is neither COSEND_OK nor "
        "an error, which are negative, nor COSEND_DONE",
        "the make of what its instances share answered 5, which is neither"};
    const struct way way = {.threads = 1};
    struct outcome outcome;
    char line[64];

    (void)state;
    for (size_t i = 0; i < sizeof(misused) / sizeof(*misused); i++) {
        snprintf(line, sizeof(line), "input | %s | notes", misused[i].name);
        outcome = run_line(line, &way);
        assert_true(outcome.status < 0);
        assert_memory_equal(outcome.message, messages[i], strlen(messages[i]));
        free(outcome.text);
    }
}

/* As emits and waits answer it to a body that passes it on. */
static void a_body_may_answer_that_it_is_enough(void **state)
{
    const struct way way = {.threads = 1};
    char line[64];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct outcome outcome;

        snprintf(line, sizeof(line), "input | %s | notes", enough[i].name);
        outcome = run_line(line, &way);
        assert_string_equal(outcome.message, "");
        assert_true(outcome.status >= 0);
        free(outcome.text);
    }
}

static void a_row_has_a_body_or_callbacks(void **state)
{
    const struct cosend_filter rows[] = {
        {.abi = COSEND_ABI, .name = "neither", .summary = "nothing"},
        {.abi = COSEND_ABI,
         .name = "both",
         .summary = "too much",
         .body = pass_body,
         .callbacks = &pass_callbacks},
        {.abi = COSEND_ABI,
         .name = "no_batch",
         .summary = "no batch",
         .callbacks = &empty}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct cosend_error error = {0};

        assert_int_equal(cosend_register(&rows[i], &error), COSEND_E_USAGE);
        assert_non_null(strstr(error.message, "callbacks"));
    }
}

static int register_all(void **state)
{
    static const struct cosend_filter *const all[] = {
        &deals[0],   &deals[1],   &passes[0],  &passes[1],  &totals[0],
        &totals[1],  &numbers,    &notes,      &misused[0], &misused[1],
        &misused[2], &misused[3], &misused[4], &misused[5], &misused[6],
        &misused[7], &enough[0],  &enough[1]};
    struct cosend_error error = {0};
    int fd = mkstemp(path);

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (cosend_register(all[i], &error) != COSEND_OK) {
            print_error("%s\n", error.message);
            return -1;
        }
    return fd < 0 ? -1 : close(fd);
}

static int clean_up(void **state)
{
    (void)state;
    cosend_bytes_free(&taken);
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callbacks_do_what_their_twins_do),
        cmocka_unit_test(in_branches_that_join_again),
        cmocka_unit_test(a_source_may_be_callbacks),
        cmocka_unit_test(and_snapshots_are_made_of_what_it_sent),
        cmocka_unit_test(what_a_callback_cannot_do_fails_the_step),
        cmocka_unit_test(a_body_may_answer_that_it_is_enough),
        cmocka_unit_test(a_row_has_a_body_or_callbacks),
    };

    return cmocka_run_group_tests(tests, register_all, clean_up);
}
