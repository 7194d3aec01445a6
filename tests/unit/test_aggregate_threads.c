/* SPDX-License-Identifier: MIT */
/*
 * Aggregates of several threads become one where they lie, whichever they are,
 * and are emitted by several. A filter that then saves them, merges what it
 * saved into them again, and adds to them, finds them as one thread would have
 * left them.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "every_aggregate.h"
#include "read/chunker.h"
#include "rounds.h"
#include "stage/groups_joint.h"

/* More than percentiles and distinct are exact for. */
enum { ROWS = 70000, MOST = 3000, OUTPUT = 24 << 20 };

struct again {
    struct cosend_field field;
    bool twice;
};

static const struct cosend_option again_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct again, field),
     .flags = COSEND_MAIN,
     .help = "by which field"},
    {.name = "twice",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct again, twice),
     .help = "add all that there is once more"},
    {.name = NULL},
};

static void add_once_more(struct cosend_stage *self,
                          struct cosend_aggregates *all)
{
    struct cosend_bytes saved = {0};
    struct cosend_reader_bytes reader;

    assert_int_equal(cosend_aggregates_save(all, &saved), COSEND_OK);
    reader = cosend_read_bytes(saved.data, saved.length);
    if (cosend_aggregates_merge(all, &reader) != COSEND_OK)
        cosend_fail(self, COSEND_E_MEMORY, "it was not merged");
    cosend_bytes_free(&saved);
}

static int again_body(struct cosend_stage *self, void *options)
{
    const struct again *again = options;
    const struct cosend_use uses[] = {
        {cosend_find_aggregate("count"), {COSEND_NO_FIELD}, NULL, "n", NULL},
        {cosend_find_aggregate("list"), again->field, NULL, "list", NULL}};
    struct cosend_fields by = {again->field.slot, 1};
    struct cosend_aggregates *all = cosend_aggregates_new(self, by, uses, 2);

    if (!all)
        return COSEND_E_MEMORY;
    cosend_publish(self, all);
    cosend_drop_columns(self);
    cosend_aggregates_add_groups(all);
    cosend_aggregates_add_columns(all);
    while (cosend_receive_batch(self) && cosend_aggregates_add_batch(all))
        ;
    if (again->twice)
        add_once_more(self, all);
    cosend_aggregates_emit(all);
    return 0;
}

static int again_save(const void *all, struct cosend_bytes *to)
{
    return cosend_aggregates_save(all, to);
}

static int again_merge(void *all, struct cosend_reader_bytes *from)
{
    return cosend_aggregates_merge(all, from);
}

static const struct cosend_filter every = EVERY_FILTER;
static const struct cosend_filter filter = {.abi = COSEND_ABI,
                                            .name = "again",
                                            .summary = "count, and list",
                                            .options_size =
                                                sizeof(struct again),
                                            .options = again_options,
                                            .body = again_body,
                                            .save = again_save,
                                            .merge = again_merge,
                                            .parallel = COSEND_MERGES,
                                            .absorbs = true};

static char path[] = "/tmp/test_aggregate_threads.XXXXXX";

static int prepare(void **state)
{
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");

    (void)state;
    if (!file)
        return -1;
    fprintf(file, "k,v,few\n");
    for (unsigned i = 0; i < ROWS; i++) {
        fprintf(file, "k%u,", i % 7 ? i * 7919 % MOST : i);
        if (i % 11)
            fprintf(file, "%s%u.%u", i % 3 ? "" : "-", i * 31 % 100003, i % 4);
        fprintf(file, ",%u\n", i % 13 < 5 ? 0 : i * 7919 % 3);
    }
    fclose(file);
    csi_block_bytes = 1024;
    return cosend_register(&filter, NULL) == COSEND_OK &&
                   cosend_register(&every, NULL) == COSEND_OK
               ? 0
               : -1;
}

static int clean_up(void **state)
{
    (void)state;
    return unlink(path);
}

struct output {
    char text[OUTPUT];
    size_t length;
};

static int take(const struct cosend_record *record, void *context)
{
    struct output *output = context;
    struct cosend_item item = {0};

    while (cosend_next_item(record, &item, NULL)) {
        assert_true(output->length + item.cell.length + 2 < OUTPUT);
        if (item.cell.length)
            memcpy(output->text + output->length, item.cell.data,
                   item.cell.length);
        output->length += item.cell.length;
        output->text[output->length++] = ' ';
    }
    output->text[output->length] = '\0';
    return COSEND_OK;
}

/* Returns whether there was memory for it. */
static bool try_to_run(const char *line, uint32_t threads,
                       struct output *output)
{
    const char *const files[] = {path};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count = 1,
                                     .threads = threads,
                                     .input_format = COSEND_FORMAT_CSV,
                                     .record = take,
                                     .context = output};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line(line, &options, &error);
    int status = pipeline ? cosend_pipeline_run(pipeline, &error) : error.kind;
    bool done = status == COSEND_OK;

    if (done)
        assert_true(cosend_pipeline_balanced(pipeline));
    else
        assert_int_equal(status, COSEND_E_MEMORY);
    cosend_pipeline_free(pipeline);
    return done;
}

static void run(const char *line, uint32_t threads, struct output *output)
{
    output->length = 0;
    assert_true(try_to_run(line, threads, output));
}

/* Where threads find each other's groups from the first one on, from some on,
   and never; by two to six threads, or by some of these numbers in turn. */
static void check(const char *line)
{
    static const size_t many[] = {1, 500, SIZE_MAX};
    static struct output one, several;
    static uint32_t turn;

    run(line, 1, &one);
    assert_true(one.length > 0);
    for (int i = 0; i < 1 + rounds_of(4); i++, turn++) {
        csi_groups_many = many[turn % 3];
        run(line, 2 + turn % 5, &several);
        assert_string_equal(several.text, one.text);
    }
}

static void those_of_threads_are_one(void **state)
{
    (void)state;
    check("again k");
}

static void they_can_be_saved_and_added_to(void **state)
{
    (void)state;
    check("again k twice=true");
}

/* By many groups; by three, of which two have more numbers together than either
   part has; and by none. */
static void whichever_they_are(void **state)
{
    (void)state;
    check("every v by=k");
    check("every k by=k,few values");
    check("every v by=few");
    check("every k by=few values");
    check("every v");
}

/* Their keys are of several fields, or long; some records are bad, which are
   passed over in order. */
static void however_they_are_found(void **state)
{
    (void)state;
    check("every v by=k unordered");
    check("every few by=k,v unordered");
    check("set a = few, b = v | every few by=k,v,few,a,b unordered");
    check("replace k a-key-of-more-than-thirty-two-bytes- fields=k | "
          "every v by=k unordered");
    check("set v = v + few | every v by=k unordered");
    check("replace 0.1 bad fields=v | every v by=k unordered");
    check("replace 0.1 bad fields=v | every v by=k unordered values");
}

/* ---- Without memory ------------------------------------------------------ */

static atomic_int allocations_left;

static void *failing_malloc(size_t size)
{
    return atomic_fetch_sub(&allocations_left, 1) > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *old, size_t size)
{
    return atomic_fetch_sub(&allocations_left, 1) > 0 ? realloc(old, size)
                                                      : NULL;
}

static void without_memory_it_fails(void **state)
{
    static struct output one, several;
    const int rounds = rounds_of(60);

    (void)state;
    run("every v by=k unordered", 1, &one);
    csi_groups_many = 1;
    for (int i = 0; i < rounds; i++) {
        atomic_store(&allocations_left, 100 + i * 5003 / rounds);
        cosend_set_allocator(failing_malloc, failing_realloc, NULL);
        several.length = 0;
        if (try_to_run("every v by=k unordered", 3, &several))
            assert_string_equal(several.text, one.text);
        cosend_set_allocator(NULL, NULL, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whichever_they_are),
        cmocka_unit_test(however_they_are_found),
        cmocka_unit_test(without_memory_it_fails),
        cmocka_unit_test(those_of_threads_are_one),
        cmocka_unit_test(they_can_be_saved_and_added_to),
    };

    return cmocka_run_group_tests(tests, prepare, clean_up);
}
