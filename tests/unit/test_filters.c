/* SPDX-License-Identifier: MIT */
/*
 * What every built-in filter has to stand: each allocation fails in turn, the
 * host gives up in the middle, a saved state is damaged.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seal.h"

static const char input[] =
    "k,n\nb,1\na,\"5\"\nb,2.5\nc,\na,1e-300\nb,x\nd,99999999999999999999\n"
    "a,7\n\"q\"\"q\",12\nb,3\n";

static const char *const lines[] = {
    "grep 'a|q\"q'",
    "grep 'B' field=k ignore_case=true word=true",
    "select n,k",
    "head 3",
    "head 1 by=k",
    "tail 3",
    "tail 1 by=k",
    "count",
    "count k as=c",
    "average n",
    "average n by=k",
    "average n by=k emit=each",
    "parse field=k regex='(?<x>.)(?<y>.)?'",
    "parse combined field=k no_match=keep",
    "where '{\"field\": \"n\", \"op\": \"lt\", \"value\": 3}'",
    "where 'n < 3 || lower(k) =~ \"^b\" && round(n * 1.5, 1) > 1'",
};

enum { LINES = sizeof(lines) / sizeof(lines[0]) };

/* ---- An allocator that counts, and fails --------------------------------- */

static long left, live;

static void *counted_malloc(size_t size)
{
    void *memory = left-- > 0 ? malloc(size) : NULL;

    live += memory != NULL;
    return memory;
}

static void *counted_realloc(void *old, size_t size)
{
    void *memory = left-- > 0 ? realloc(old, size) : NULL;

    live += memory && !old;
    return memory;
}

static void counted_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

/* ---- A host -------------------------------------------------------------- */

struct taken {
    char text[2048];
    size_t length;
};

static int take(const struct cosend_record *record, void *context)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    struct taken *taken = context;

    while (cosend_next_item(record, &item, &error))
        if (taken->length + item.cell.length + 2 < sizeof(taken->text)) {
            if (item.cell.length)
                memcpy(taken->text + taken->length, item.cell.data,
                       item.cell.length);
            taken->length += item.cell.length;
            taken->text[taken->length++] = '\t';
        }
    return error.kind;
}

static struct cosend_pipeline *start(const char *line, struct taken *taken,
                                     struct cosend_error *error)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .record = take,
                                     .context = taken,
                                     .input_format = COSEND_FORMAT_CSV};
    struct cosend_pipeline *pipeline;

    memset(taken, 0, sizeof(*taken));
    pipeline = cosend_pipeline_from_line(line, &options, error);
    if (pipeline && cosend_pipeline_open(pipeline, error) != COSEND_OK) {
        cosend_pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

/* COSEND_OK, or the kind of the first error. */
static int run(const char *line, struct taken *taken)
{
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline = start(line, taken, &error);

    if (!pipeline)
        return error.kind;
    cosend_pipeline_push(pipeline, input, strlen(input), &error);
    cosend_pipeline_finish(pipeline, &error);
    cosend_pipeline_free(pipeline);
    return error.kind;
}

/* ---- Tests --------------------------------------------------------------- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    cosend_set_allocator(counted_malloc, counted_realloc, counted_free);
    for (size_t i = 0; i < LINES; i++) {
        struct taken whole, taken;
        long idle, limit = 0;
        int status;

        left = INT32_MAX;
        status = run(lines[i], &whole);
        if (status != COSEND_OK)
            fail_msg("%s: %d", lines[i], status);
        idle = live;
        do {
            left = limit++;
            status = run(lines[i], &taken);
            if (status != COSEND_OK && status != COSEND_E_MEMORY)
                fail_msg("%s, allocation %ld: %d", lines[i], limit, status);
            if (live > idle)
                fail_msg("%s, allocation %ld: %ld not freed", lines[i], limit,
                         live - idle);
        } while (status != COSEND_OK);
        assert_int_equal(taken.length, whole.length);
        assert_memory_equal(taken.text, whole.text, whole.length);
    }
    cosend_set_allocator(NULL, NULL, NULL);
}

static void a_host_may_give_up_at_any_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < LINES; i++)
        for (size_t cut = 0; cut < sizeof(input); cut++) {
            struct taken taken;
            struct cosend_pipeline *pipeline = start(lines[i], &taken, NULL);

            assert_non_null(pipeline);
            cosend_pipeline_push(pipeline, input, cut, NULL);
            cosend_pipeline_free(pipeline);
        }
}

static void save_state(const char *line, struct cosend_bytes *bytes)
{
    struct taken taken;
    struct cosend_pipeline *pipeline = start(line, &taken, NULL);

    assert_non_null(pipeline);
    cosend_pipeline_push(pipeline, input, strlen(input), NULL);
    assert_int_equal(cosend_pipeline_save(pipeline, bytes), COSEND_OK);
    cosend_pipeline_free(pipeline);
}

static int merge_state(const char *line, const void *data, size_t length)
{
    struct cosend_reader_bytes reader = cosend_read_bytes(data, length);
    struct taken taken;
    struct cosend_pipeline *pipeline = start(line, &taken, NULL);
    int status;

    assert_non_null(pipeline);
    status = cosend_pipeline_merge(pipeline, &reader);
    cosend_pipeline_finish(pipeline, NULL);
    cosend_pipeline_free(pipeline);
    return status;
}

/* Cut short, once more with a checksum that fits. */
static int merge_cut(const char *line, const struct cosend_bytes *bytes,
                     size_t length)
{
    struct cosend_bytes cut = {0};
    int status;

    cosend_put_raw(&cut, bytes->data, length);
    seal(&cut);
    status = merge_state(line, cut.data, cut.length);
    cosend_bytes_free(&cut);
    return status;
}

static void a_damaged_state_is_refused_or_harmless(void **state)
{
    static const char *const merging[] = {"count", "count k", "average n",
                                          "average n by=k"};

    (void)state;
    for (size_t i = 0; i < sizeof(merging) / sizeof(merging[0]); i++) {
        struct cosend_bytes bytes = {0};

        save_state(merging[i], &bytes);
        assert_int_equal(merge_state(merging[i], bytes.data, bytes.length),
                         COSEND_OK);
        for (size_t cut = 0; cut < bytes.length - SEAL; cut++)
            assert_true(merge_cut(merging[i], &bytes, cut) < 0);
        for (size_t at = 0; at < bytes.length - SEAL; at++) {
            bytes.data[at] ^= 0xFF;
            reseal(&bytes);
            merge_state(merging[i], bytes.data, bytes.length);
            bytes.data[at] ^= 0xFF;
        }
        cosend_bytes_free(&bytes);
    }
}

static void every_example_is_a_pipeline(void **state)
{
    const struct cosend_filter *const *filter = cosend_builtin_filters();

    (void)state;
    for (; *filter; filter++) {
        struct cosend_options options = {.size = sizeof(options),
                                         .quiet = true};
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline;

        if (!(*filter)->example)
            continue;
        pipeline =
            cosend_pipeline_from_line((*filter)->example, &options, &error);
        if (!pipeline)
            fail_msg("%s: %s", (*filter)->example, error.message);
        cosend_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_host_may_give_up_at_any_time),
        cmocka_unit_test(a_damaged_state_is_refused_or_harmless),
        cmocka_unit_test(every_example_is_a_pipeline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
