/* SPDX-License-Identifier: MIT */
/*
 * Results so far, as bytes: what may be saved, what may be merged into what,
 * and that nothing else is, however much it looks like it.
 */
#include "cosend.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"
#include "seal.h"

/* ---- Saving and merging -------------------------------------------------- */

/* Push the text, save, and free. */
static int save_after(const char *line, int format, const char *text,
                      struct cosend_bytes *bytes, char *refusal)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;
    int status;

    options.input_format = format;
    pipeline = open_line(line, &options);
    cosend_pipeline_push(pipeline, text, strlen(text), NULL);
    status = cosend_pipeline_save(pipeline, bytes);
    snprintf(refusal, 256, "%s", cosend_pipeline_refusal(pipeline));
    cosend_pipeline_free(pipeline);
    return status;
}

/* Merge the bytes, push the text, finish. What came out is in taken. */
static int merge_before(const char *line, int format,
                        const struct cosend_bytes *bytes, const char *text,
                        struct taken *taken, char *refusal)
{
    struct cosend_options options = host(taken);
    struct cosend_reader_bytes reader =
        cosend_read_bytes(bytes->data, bytes->length);
    struct cosend_pipeline *pipeline;
    int status;

    options.input_format = format;
    pipeline = open_line(line, &options);
    status = cosend_pipeline_merge(pipeline, &reader);
    snprintf(refusal, 256, "%s", cosend_pipeline_refusal(pipeline));
    if (status == COSEND_OK && *text)
        status = cosend_pipeline_push(pipeline, text, strlen(text), NULL);
    if (status == COSEND_OK) {
        status = cosend_pipeline_finish(pipeline, NULL);
        assert_true(cosend_pipeline_balanced(pipeline));
    }
    cosend_pipeline_free(pipeline);
    return status;
}

static void a_step_that_cannot_be_saved_is_named(void **state)
{
    static const char *const lines[] = {"head 3 | count",
                                        "head n=2 by=line | count"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct cosend_bytes bytes = {0};
        char refusal[256];

        assert_int_equal(save_after(lines[i], COSEND_FORMAT_TEXT,
                                    "a\nb\nc\nd\n", &bytes, refusal),
                         COSEND_E_USAGE);
        assert_string_equal(
            refusal, "step head (head) has a state that cannot be saved");
        cosend_bytes_free(&bytes);
    }
}

/* A count, as bytes of a version. */
static int run_counted(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    uint64_t count = 0;

    (void)options;
    cosend_publish(self, &count);
    while (cosend_receive(self, &record))
        count++;
    return 0;
}

static int save_counted(const void *state, struct cosend_bytes *to)
{
    cosend_put_varint(to, *(const uint64_t *)state);
    return COSEND_OK;
}

static int merge_counted(void *state, struct cosend_reader_bytes *from)
{
    *(uint64_t *)state += cosend_get_varint(from);
    return COSEND_OK;
}

static struct cosend_filter counted_filter = {.abi = COSEND_ABI,
                                              .name = "counted",
                                              .body = run_counted,
                                              .save = save_counted,
                                              .merge = merge_counted,
                                              .absorbs = true};

/* An error without its sign, say: not saved is not saved. */
static int answer;

static int save_wrongly(const void *state, struct cosend_bytes *to)
{
    save_counted(state, to);
    return answer;
}

static int merge_wrongly(void *state, struct cosend_reader_bytes *from)
{
    merge_counted(state, from);
    return answer;
}

static struct cosend_filter wrong_filter = {.abi = COSEND_ABI,
                                            .name = "wrong",
                                            .body = run_counted,
                                            .save = save_wrongly,
                                            .merge = merge_wrongly,
                                            .absorbs = true};

static void a_save_or_merge_that_answers_nonsense_is_named(void **state)
{
    struct cosend_bytes bytes = {0}, none = {0};
    struct taken taken;
    char refusal[256];

    (void)state;
    assert_int_equal(cosend_register(&wrong_filter, NULL), COSEND_OK);
    assert_int_equal(
        save_after("wrong", COSEND_FORMAT_TEXT, "a\n", &bytes, refusal),
        COSEND_OK);
    answer = COSEND_DONE;
    assert_int_equal(
        save_after("wrong", COSEND_FORMAT_TEXT, "a\n", &none, refusal),
        COSEND_E_USAGE);
    assert_string_equal(refusal,
                        "save of filter wrong answered 2, which is neither "
                        "COSEND_OK nor an error, which are negative");
    assert_int_equal(
        merge_before("wrong", COSEND_FORMAT_TEXT, &bytes, "", &taken, refusal),
        COSEND_E_USAGE);
    assert_string_equal(refusal,
                        "merge of filter wrong answered 2, which is neither "
                        "COSEND_OK nor an error, which are negative");
    answer = 0;
    cosend_bytes_free(&bytes);
    cosend_bytes_free(&none);
}

/* A snapshot goes by save and merge, too. */
static void keep_warning(const char *text, void *context)
{
    snprintf(((struct taken *)context)->problems, 1024, "%s", text);
}

static void a_snapshot_says_what_a_save_answered(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;

    (void)state;
    options.quiet = false;
    options.warning = keep_warning;
    pipeline = open_line("wrong", &options);
    push(pipeline, "a\n");
    answer = 9;
    cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    push(pipeline, "b\n");
    answer = 0;
    finish(pipeline);
    assert_string_equal(taken.problems,
                        "there is no snapshot: save of filter wrong answered "
                        "9, which is neither COSEND_OK nor an error, which are "
                        "negative");
}

static void states_of_another_version_are_refused(void **state)
{
    struct cosend_bytes bytes = {0};
    struct taken taken;
    char refusal[256];

    (void)state;
    assert_int_equal(cosend_register(&counted_filter, NULL), COSEND_OK);
    assert_int_equal(
        save_after("counted", COSEND_FORMAT_TEXT, "a\nb\n", &bytes, refusal),
        COSEND_OK);
    assert_int_equal(merge_before("counted", COSEND_FORMAT_TEXT, &bytes, "",
                                  &taken, refusal),
                     COSEND_OK);
    counted_filter.state_version = 1;
    assert_int_equal(merge_before("counted", COSEND_FORMAT_TEXT, &bytes, "",
                                  &taken, refusal),
                     COSEND_E_TYPE);
    assert_string_equal(refusal, "step counted: the saved state is of another "
                                 "version of its filter");
    cosend_bytes_free(&bytes);
}

static void what_keeps_records_merges_into_a_fresh_pipeline(void **state)
{
    struct cosend_bytes bytes = {0};
    struct taken taken;
    char refusal[256];

    (void)state;
    assert_int_equal(save_after("tail 3", COSEND_FORMAT_CSV,
                                "a,b\n1,2\n3,4\n5,6\n7,8\n", &bytes, refusal),
                     COSEND_OK);
    /* Nothing is pushed at all. */
    assert_int_equal(
        merge_before("tail 3", COSEND_FORMAT_CSV, &bytes, "", &taken, refusal),
        COSEND_OK);
    assert_string_equal(taken.text, "a=3 b=4 ;a=5 b=6 ;a=7 b=8 ;");
    /* The rest of the input. */
    assert_int_equal(merge_before("tail 3", COSEND_FORMAT_CSV, &bytes,
                                  "a,b\n9,10\n", &taken, refusal),
                     COSEND_OK);
    assert_string_equal(taken.text, "a=5 b=6 ;a=7 b=8 ;a=9 b=10 ;");
    /* Input of other columns. */
    assert_int_equal(merge_before("tail 3", COSEND_FORMAT_CSV, &bytes,
                                  "b,a\n9,10\n", &taken, refusal),
                     COSEND_E_USAGE);
    cosend_bytes_free(&bytes);
}

/* What is open of lines, and of events: of each all that there is of it, and
   whether it is whole; nothing more belongs to it. */
static void what_is_in_pieces_merges_into_a_fresh_pipeline(void **state)
{
    static const struct {
        const char *line, *before, *behind, *alone, *then;
    } rows[] = {
        {"parse cri | rejoin cri | select stream,tag,message",
         "2026-10-10T13:55:01Z stdout P a\n"
         "2026-10-10T13:55:01Z stderr P b\n"
         "2026-10-10T13:55:01Z stdout P c\n",
         "2026-10-10T13:55:01Z stdout F d\n",
         "stream=stdout tag=P message=ac ;stream=stderr tag=P message=b ;",
         "stream=stdout tag=P message=ac ;stream=stderr tag=P message=b ;"
         "stream=stdout tag=F message=d ;"},
        {"parse docker | rejoin docker | drop time",
         "{\"log\":\"a\",\"stream\":\"stdout\",\"time\":\"x\"}\n", "",
         "log=a stream=stdout partial=true ;", ""},
        {"multiline indent=true part=n", "a\n b\n", " c\n", "line=a\n b n=1 ;",
         "line=a\n b n=1 ;line= c n=1 ;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct cosend_bytes bytes = {0};
        struct taken taken;
        char refusal[256];

        assert_int_equal(save_after(rows[i].line, COSEND_FORMAT_TEXT,
                                    rows[i].before, &bytes, refusal),
                         COSEND_OK);
        assert_int_equal(merge_before(rows[i].line, COSEND_FORMAT_TEXT, &bytes,
                                      "", &taken, refusal),
                         COSEND_OK);
        assert_string_equal(taken.text, rows[i].alone);
        assert_int_equal(merge_before(rows[i].line, COSEND_FORMAT_TEXT, &bytes,
                                      rows[i].behind, &taken, refusal),
                         COSEND_OK);
        assert_string_equal(taken.text,
                            *rows[i].then ? rows[i].then : rows[i].alone);
        cosend_bytes_free(&bytes);
    }
}

/* A host saves now and then, and may do so before anything came. */
static void what_was_saved_before_any_input_is_nothing(void **state)
{
    static const char *const lines[] = {
        "count",           "count a",         "average a", "tail 1",
        "tail 1 by=a",     "sort a",          "top 1 a",   "grep .",
        "sort a | tail 1", "aggregate max(a)"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct cosend_bytes bytes = {0};
        struct taken alone, merged;
        struct cosend_options options = host(&alone);
        struct cosend_pipeline *pipeline;
        char refusal[256];

        options.input_format = COSEND_FORMAT_CSV;
        pipeline = open_line(lines[i], &options);
        push(pipeline, "a\n7\n");
        finish(pipeline);
        assert_int_equal(
            save_after(lines[i], COSEND_FORMAT_CSV, "", &bytes, refusal),
            COSEND_OK);
        if (merge_before(lines[i], COSEND_FORMAT_CSV, &bytes, "a\n7\n", &merged,
                         refusal) != COSEND_OK)
            fail_msg("%s: %s", lines[i], refusal);
        assert_string_equal(merged.text, alone.text);
        cosend_bytes_free(&bytes);
    }
}

static void other_steps_options_and_columns_are_refused(void **state)
{
    static const struct {
        const char *from, *into, *refusal;
    } pairs[] = {
        {"average a", "average b",
         "step average: the saved state is of other "
         "options"},
        {"count a", "count b",
         "step count: the saved state is of other "
         "options"},
        {"count", "average a",
         "step average: the saved state is of another "
         "step"},
        {"count", "count | count", "the saved states are of other steps"},
        {"grep 1 | count", "grep 2 | count",
         "step grep: the saved state is of "
         "other options"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        struct cosend_bytes bytes = {0};
        struct taken taken;
        char refusal[256];

        assert_int_equal(save_after(pairs[i].from, COSEND_FORMAT_CSV,
                                    "a,b\n1,2\n", &bytes, refusal),
                         COSEND_OK);
        assert_int_equal(merge_before(pairs[i].into, COSEND_FORMAT_CSV, &bytes,
                                      "", &taken, refusal),
                         COSEND_E_TYPE);
        assert_string_equal(refusal, pairs[i].refusal);
        cosend_bytes_free(&bytes);
    }
}

/* With a semicolon, and with a comma: the kept rows would be written as they
   came, one beside the other. */
static void states_of_another_dialect_are_refused(void **state)
{
    struct cosend_bytes bytes = {0};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_reader_bytes reader;
    struct cosend_pipeline *pipeline;
    char refusal[256];

    (void)state;
    assert_int_equal(
        save_after("tail 3", COSEND_FORMAT_CSV, "a\n1\n", &bytes, refusal),
        COSEND_OK);
    options.input_format = COSEND_FORMAT_TSV;
    pipeline = open_line("tail 3", &options);
    push(pipeline, "a\n5\n");
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_int_equal(cosend_pipeline_merge(pipeline, &reader), COSEND_E_TYPE);
    /* And no number comes of it. */
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_TYPE);
    cosend_pipeline_free(pipeline);
    assert_string_equal(taken.text, "");
    cosend_bytes_free(&bytes);
}

static void assert_damaged(const char *line, int format,
                           const struct cosend_bytes *bytes, size_t length)
{
    struct cosend_bytes part = {.data = bytes->data, .length = length};
    struct taken taken;
    char refusal[256];

    assert_int_equal(merge_before(line, format, &part, "", &taken, refusal),
                     COSEND_E_TYPE);
    assert_non_null(strstr(refusal, "damaged"));
    assert_non_null(strstr(refusal, "push their input again"));
    assert_string_equal(taken.text, "");
}

/* Counts and sums, where any number makes sense: none is restored as another,
   and of what is cut short, or has more behind it, nothing is used. */
static void whatever_bit_is_flipped_states_are_refused(void **state)
{
    static const char *const lines[] = {"count", "average", "tail 2"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct cosend_bytes bytes = {0};
        char refusal[256];
        size_t length;

        assert_int_equal(
            save_after(lines[i], COSEND_FORMAT_TEXT, "1\n2\n", &bytes, refusal),
            COSEND_OK);
        length = bytes.length;
        for (size_t bit = 0; bit < length * 8; bit++) {
            bytes.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
            assert_damaged(lines[i], COSEND_FORMAT_TEXT, &bytes, length);
            bytes.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
        }
        for (size_t cut = 0; cut < length; cut++)
            assert_damaged(lines[i], COSEND_FORMAT_TEXT, &bytes, cut);
        cosend_put_u8(&bytes, 0);
        assert_damaged(lines[i], COSEND_FORMAT_TEXT, &bytes, length + 1);
        cosend_bytes_free(&bytes);
    }
}

/* The states may be a part of what the host keeps: others before them are its
   own, and so is the reader's place. */
static void states_may_stand_behind_other_bytes(void **state)
{
    struct cosend_bytes bytes = {0};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("count", &options);
    struct cosend_reader_bytes reader;
    size_t length;

    (void)state;
    cosend_put_bytes(&bytes, "host", 4);
    push(pipeline, "a\n");
    assert_int_equal(cosend_pipeline_save(pipeline, &bytes), COSEND_OK);
    reader = cosend_read_bytes(bytes.data, bytes.length);
    assert_memory_equal(cosend_get_bytes(&reader, &length), "host", 4);
    assert_int_equal(cosend_pipeline_merge(pipeline, &reader), COSEND_OK);
    assert_ptr_equal(reader.next, reader.end);
    finish(pipeline);
    assert_string_equal(taken.text, "count=2 ;");
    cosend_bytes_free(&bytes);
}

/* Whatever bit is wrong, though the checksum fits, it ends, and well. */
static void a_bit_that_is_made_wrong_is_refused_or_harmless(void **state)
{
    static const char *const texts[] = {"a,b\n1,2\n3,\"4\"\n", "{\"a\":1}\n"};
    static const int formats[] = {COSEND_FORMAT_CSV, COSEND_FORMAT_JSONL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct cosend_bytes bytes = {0};
        struct taken taken;
        char refusal[256];

        assert_int_equal(
            save_after("tail 2", formats[i], texts[i], &bytes, refusal),
            COSEND_OK);
        for (size_t bit = 0; bit < (bytes.length - SEAL) * 8; bit++) {
            bytes.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
            reseal(&bytes);
            merge_before("tail 2", formats[i], &bytes, "", &taken, refusal);
            bytes.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
        }
        cosend_bytes_free(&bytes);
    }
}

static void nothing_may_stand_behind_the_states(void **state)
{
    struct cosend_bytes bytes = {0};
    struct taken taken;
    char refusal[256];

    (void)state;
    assert_int_equal(
        save_after("count", COSEND_FORMAT_TEXT, "a\n", &bytes, refusal),
        COSEND_OK);
    cosend_put_u8(&bytes, 0);
    reseal(&bytes);
    assert_int_equal(
        merge_before("count", COSEND_FORMAT_TEXT, &bytes, "", &taken, refusal),
        COSEND_E_TYPE);
    assert_string_equal(refusal, "there is more behind the saved states");
    cosend_bytes_free(&bytes);
}

/* Where that stands in the bytes. */
static size_t place_of(const char *text, const struct cosend_bytes *bytes)
{
    const char *at = memmem(bytes->data, bytes->length, text, strlen(text));

    assert_non_null(at);
    return (size_t)(at - (const char *)bytes->data);
}

static void assert_refused(const char *line, const struct cosend_bytes *bytes)
{
    struct taken taken;
    char refusal[256];

    assert_true(
        merge_before(line, COSEND_FORMAT_TEXT, bytes, "", &taken, refusal) < 0);
}

/* Without the bytes behind `at` that it says the number of, if it does. */
static void assert_nothing_may_lack(const char *line, size_t at,
                                    const struct cosend_bytes *bytes)
{
    struct cosend_bytes cut = {0};
    size_t length = bytes->data[at];

    if (!length || length > bytes->length - at - 1)
        return;
    cosend_put_raw(&cut, bytes->data, at);
    cosend_put_u8(&cut, 0);
    cosend_put_raw(&cut, bytes->data + at + 1 + length,
                   bytes->length - at - 1 - length);
    reseal(&cut);
    assert_refused(line, &cut);
    cosend_bytes_free(&cut);
}

/* Whichever byte is the length of a step's own bytes, one more of them is
   refused, and so are none. What the source and the sink are called is not
   compared. */
static void a_steps_state_is_as_long_as_it_was(void **state)
{
    static const char *const lines[] = {"count", "tail 2", "average", "top 2"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct cosend_bytes bytes = {0};
        char refusal[256];
        size_t from, to;

        assert_int_equal(
            save_after(lines[i], COSEND_FORMAT_TEXT, "1\n", &bytes, refusal),
            COSEND_OK);
        from = place_of("\004push\004push", &bytes) + 2 * strlen(" push");
        to = place_of("\010callback", &bytes);
        for (size_t at = from; at < to; at++)
            assert_nothing_may_lack(lines[i], at, &bytes);
        cosend_put_u8(&bytes, 0);
        for (size_t at = from; at < to; at++) {
            bytes.data[at]++;
            reseal(&bytes);
            assert_refused(lines[i], &bytes);
            bytes.data[at]--;
        }
        cosend_bytes_free(&bytes);
    }
}

/* What twice as many would have saved. */
static int double_count(struct cosend_bytes *bytes)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("count", &options);
    int status = COSEND_OK;

    for (int i = 0; i < 2 && status == COSEND_OK; i++) {
        struct cosend_reader_bytes reader =
            cosend_read_bytes(bytes->data, bytes->length);

        status = cosend_pipeline_merge(pipeline, &reader);
    }
    cosend_bytes_clear(bytes);
    if (status == COSEND_OK)
        status = cosend_pipeline_save(pipeline, bytes);
    cosend_pipeline_free(pipeline);
    return status;
}

static void a_count_that_would_overflow_is_refused(void **state)
{
    struct cosend_bytes bytes = {0};
    struct taken taken;
    char refusal[256];

    (void)state;
    assert_int_equal(
        save_after("count", COSEND_FORMAT_TEXT, "a\n", &bytes, refusal),
        COSEND_OK);
    for (int i = 0; i < 62; i++)
        assert_int_equal(double_count(&bytes), COSEND_OK);
    assert_int_equal(
        merge_before("count", COSEND_FORMAT_TEXT, &bytes, "", &taken, refusal),
        COSEND_OK);
    assert_string_equal(taken.text, "count=4611686018427387904 ;");
    assert_int_equal(double_count(&bytes), COSEND_E_TYPE);
    cosend_bytes_free(&bytes);
}

/* ---- Threads ------------------------------------------------------------- */

struct saved {
    struct cosend_pipeline *pipeline;
    struct cosend_bytes bytes;
    atomic_ullong seen; /* by count, as the ledger has it then */
    int status;
    atomic_bool over;
};

static void save_in_hook(struct cosend_pipeline *pipeline, void *context)
{
    struct saved *saved = context;
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    cosend_bytes_clear(&saved->bytes);
    saved->status = cosend_pipeline_save(pipeline, &saved->bytes);
    if (cosend_pipeline_ledger(pipeline, 1, &ledger))
        atomic_store(&saved->seen, ledger.in);
}

/* Until all threads may have had their part. */
static void *request_ledgers(void *context)
{
    struct saved *saved = context;

    while (atomic_load(&saved->seen) < 20000 && !atomic_load(&saved->over)) {
        cosend_pipeline_request(saved->pipeline, COSEND_LEDGER);
        usleep(500);
    }
    return NULL;
}

/* Some 8 MB of lines, so that all threads have had some when the hook runs. */
static void write_lines(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (int i = 0; i < 400000; i++)
        fprintf(file, "line %d of a file\n", i);
    assert_int_equal(fclose(file), 0);
}

static void a_save_has_what_all_threads_counted(void **state)
{
    char path[] = "/tmp/cosend-states-XXXXXX";
    const char *files[] = {path};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;
    struct saved saved = {.status = -1};
    pthread_t thread;
    struct cosend_error error = {0};
    char refusal[256], count[64];
    int status;

    (void)state;
    close(mkstemp(path));
    write_lines(path);
    options.push = false;
    options.files = files;
    options.file_count = 1;
    options.threads = 4;
    pipeline = cosend_pipeline_from_line("count", &options, &error);
    assert_non_null(pipeline);
    cosend_pipeline_on_ledger(pipeline, save_in_hook, &saved);
    saved.pipeline = pipeline;
    cosend_pipeline_request(pipeline, COSEND_LEDGER);
    assert_int_equal(pthread_create(&thread, NULL, request_ledgers, &saved), 0);
    assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_OK);
    atomic_store(&saved.over, true);
    pthread_join(thread, NULL);
    cosend_pipeline_free(pipeline);
    unlink(path);
    assert_string_equal(taken.text, "count=400000 ;");
    assert_int_equal(saved.status, COSEND_OK);
    status = merge_before("count", COSEND_FORMAT_TEXT, &saved.bytes, "", &taken,
                          refusal);
    assert_string_equal(refusal, "");
    assert_int_equal(status, COSEND_OK);
    snprintf(count, sizeof(count), "count=%llu ;",
             (unsigned long long)atomic_load(&saved.seen));
    assert_string_equal(taken.text, count);
    cosend_bytes_free(&saved.bytes);
}

struct hooked {
    struct cosend_bytes bytes;
    int saved, merged, calls;
};

static void save_and_merge(struct cosend_pipeline *pipeline, void *context)
{
    struct hooked *hooked = context;
    struct cosend_reader_bytes reader;

    hooked->calls++;
    cosend_bytes_clear(&hooked->bytes);
    hooked->saved = cosend_pipeline_save(pipeline, &hooked->bytes);
    reader = cosend_read_bytes(hooked->bytes.data, hooked->bytes.length);
    hooked->merged = cosend_pipeline_merge(pipeline, &reader);
}

static void a_ledger_hook_saves_and_does_not_merge(void **state)
{
    struct hooked hooked = {.calls = 0};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("count", &options);

    (void)state;
    cosend_pipeline_on_ledger(pipeline, save_and_merge, &hooked);
    push(pipeline, "a\nb\n");
    cosend_pipeline_request(pipeline, COSEND_LEDGER);
    push(pipeline, "c\n");
    assert_int_equal(hooked.calls, 1);
    assert_int_equal(hooked.saved, COSEND_OK);
    assert_int_equal(hooked.merged, COSEND_E_USAGE);
    finish(pipeline);
    assert_string_equal(taken.text, "count=3 ;");
    cosend_bytes_free(&hooked.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_that_cannot_be_saved_is_named),
        cmocka_unit_test(a_save_or_merge_that_answers_nonsense_is_named),
        cmocka_unit_test(a_snapshot_says_what_a_save_answered),
        cmocka_unit_test(states_of_another_version_are_refused),
        cmocka_unit_test(what_keeps_records_merges_into_a_fresh_pipeline),
        cmocka_unit_test(what_is_in_pieces_merges_into_a_fresh_pipeline),
        cmocka_unit_test(what_was_saved_before_any_input_is_nothing),
        cmocka_unit_test(other_steps_options_and_columns_are_refused),
        cmocka_unit_test(states_of_another_dialect_are_refused),
        cmocka_unit_test(whatever_bit_is_flipped_states_are_refused),
        cmocka_unit_test(states_may_stand_behind_other_bytes),
        cmocka_unit_test(a_bit_that_is_made_wrong_is_refused_or_harmless),
        cmocka_unit_test(nothing_may_stand_behind_the_states),
        cmocka_unit_test(a_steps_state_is_as_long_as_it_was),
        cmocka_unit_test(a_ledger_hook_saves_and_does_not_merge),
        cmocka_unit_test(a_count_that_would_overflow_is_refused),
        cmocka_unit_test(a_save_has_what_all_threads_counted)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
