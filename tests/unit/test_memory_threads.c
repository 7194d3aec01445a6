/* SPDX-License-Identifier: MIT */
/*
 * Pipelines over a file that three threads work on, of which each allocation
 * fails in turn, and of which a thread's steps end while what they made is on
 * its way: the answer is all of it, or that there is no memory.
 */
#include "cosend.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "failing_memory.h"
#include "read/block_size.h"
#include "rounds.h"

enum { LINES = 12, BLOCK = 400 };

/* ---- Pipelines ----------------------------------------------------------- */

static const char *const lines[] = {
    "parse combined | where status >= 200 | select path",
    "parse combined | aggregate count,mean(size),p95(size) by=status",
    "parse combined | sort -size | head 3",
    "parse auto | sort path",
    "parse auto | count path",
    "grep 7 | tail 3",
};

static char path[] = "/tmp/cosend-memory-XXXXXX";

static void write_lines(FILE *file)
{
    for (int i = 0; i < LINES; i++)
        fprintf(file,
                "10.0.0.%d - - [10/Oct/2000:13:55:%02d -0700] \"GET /%d "
                "HTTP/1.0\" %d %d \"-\" \"-\"\n",
                i % 5, i, i % 7, 200 + i % 3, i * 10);
}

/* A file with a line in it that is of no access log. */
static int make_file(void **state)
{
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    (void)state;
    if (!file)
        return -1;
    write_lines(file);
    fprintf(file, "oops\n");
    write_lines(file);
    csi_block_bytes = BLOCK;
    cosend_set_allocator(failing_malloc, failing_realloc, forgetting_free);
    return fclose(file);
}

static int remove_file(void **state)
{
    (void)state;
    cosend_set_allocator(NULL, NULL, NULL);
    return unlink(path);
}

/* ---- Running ------------------------------------------------------------- */

struct output {
    char text[16384];
    size_t length;
};

static int note(const struct cosend_record *record, void *context)
{
    struct output *output = context;
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    while (cosend_next_item(record, &item, &error)) {
        assert_true(output->length + item.cell.length + 1 <
                    sizeof(output->text));
        if (item.cell.length)
            memcpy(output->text + output->length, item.cell.data,
                   item.cell.length);
        output->length += item.cell.length;
        output->text[output->length++] = '\t';
    }
    return error.kind;
}

static int run(const char *line, uint32_t threads, int on_error,
               struct output *output)
{
    const char *const files[] = {path};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count = 1,
                                     .threads = threads,
                                     .batch_size = 1,
                                     .on_error = on_error,
                                     .quiet = true,
                                     .record = note,
                                     .context = output};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line(line, &options, &error);
    int status = pipeline ? cosend_pipeline_run(pipeline, &error) : error.kind;

    cosend_pipeline_free(pipeline);
    return status;
}

static void fail_in_turn(const char *line)
{
    const int step = 100 / rounds_of(100);
    static struct output whole, output;
    int status = COSEND_OK;
    long idle, at = 0;

    whole.length = 0;
    left = LONG_MAX;
    assert_int_equal(run(line, 3, 0, &whole), COSEND_OK);
    idle = live;
    do {
        output.length = 0;
        left = at += step;
        failed = false;
        status = run(line, 3, 0, &output);
        left = LONG_MAX;
        if (failed && status != COSEND_E_MEMORY &&
            !(status == COSEND_OK && output.length == whole.length &&
              memcmp(output.text, whole.text, whole.length) == 0))
            fail_msg("%s, allocation %ld: %d", line, at, status);
        if (live > idle)
            fail_msg("%s, allocation %ld: %ld not freed", line, at,
                     live - idle);
    } while (failed);
    assert_int_equal(status, COSEND_OK);
}

static void threads_may_have_no_memory(void **state)
{
    /* A path that is an allocation of its own, so that it may have no bytes. */
    static char slashes[3000], line[sizeof(slashes) + 100];

    (void)state;
    memset(slashes, '/', sizeof(slashes) - 1);
    snprintf(line, sizeof(line),
             "lookup /dev%s/null format=text key=line on=line", slashes);
    for (int for_good = 0; for_good < 2; for_good++) {
        sticky = for_good;
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
            fail_in_turn(lines[i]);
        fail_in_turn(line);
    }
}

/* What a thread's step was made with is gone when its records are looked at:
   by sanitizers and valgrind, under which threads keep that order. */
static void steps_end_before_what_they_made(void **state)
{
    static struct output output;

    (void)state;
    for (int i = 0; i < rounds_of(50); i++) {
        output.length = 0;
        assert_int_equal(
            run("parse auto | sort path", 2, COSEND_ON_ERROR_FAIL, &output),
            COSEND_E_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_may_have_no_memory),
        cmocka_unit_test(steps_end_before_what_they_made),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
