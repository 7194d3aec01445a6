/* SPDX-License-Identifier: MIT */
/*
 * Every call of cosend/io.h: on an output in each of its states, and with
 * paths, descriptors, flags and modes that are none. What is answered is in a
 * table; whatever was called, the output can be committed and freed.
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

/* ---- Outputs ------------------------------------------------------------- */

enum state {
    OPEN,
    WRITTEN,
    PREPARED,
    PUBLISHED,
    SETTLED,
    COMMITTED,
    PARTIAL,
    STATES
};

/* An answer as a letter: o OK, d DONE, u USAGE, e another error; of what is no
   outcome, 1 true and 0 false. */
static int letter(int status)
{
    return status == COSEND_OK        ? 'o'
           : status == COSEND_DONE    ? 'd'
           : status == COSEND_E_USAGE ? 'u'
                                      : 'e';
}

static int whether(bool is)
{
    return is ? '1' : '0';
}

static int call_begin(struct cosend_output *output)
{
    return letter(cosend_output_begin(output, NULL));
}

static int call_has_begun(struct cosend_output *output)
{
    return whether(cosend_output_has_begun(output));
}

static int call_appends(struct cosend_output *output)
{
    const char *start;
    size_t length;

    return whether(cosend_output_appends(output, &start, &length));
}

static int call_write(struct cosend_output *output)
{
    return letter(cosend_output_write(output, "b", 1, NULL));
}

static int call_write_nothing(struct cosend_output *output)
{
    return letter(cosend_output_write(output, NULL, 0, NULL));
}

static int call_print(struct cosend_output *output)
{
    return letter(cosend_output_print(output, "b", 1, NULL));
}

static int call_print_nothing(struct cosend_output *output)
{
    return letter(cosend_output_print(output, NULL, 0, NULL));
}

static int call_flush(struct cosend_output *output)
{
    return letter(cosend_output_flush(output, NULL));
}

static int call_commit(struct cosend_output *output)
{
    return letter(cosend_output_commit(output, NULL));
}

static int call_prepare(struct cosend_output *output)
{
    return letter(cosend_output_prepare(output, NULL));
}

static int call_publish(struct cosend_output *output)
{
    return letter(cosend_output_publish(output, NULL));
}

static int call_settle(struct cosend_output *output)
{
    return letter(cosend_output_settle(output, NULL));
}

static int call_keep_partial(struct cosend_output *output)
{
    return letter(cosend_output_keep_partial(output, NULL));
}

static int call_bytes(struct cosend_output *output)
{
    return whether(cosend_output_bytes(output) > 0);
}

static int call_is_tty(struct cosend_output *output)
{
    return whether(cosend_output_is_tty(output));
}

static int call_width(struct cosend_output *output)
{
    return whether(cosend_output_width(output) > 0);
}

static int call_is_atomic(struct cosend_output *output)
{
    return whether(cosend_output_is_atomic(output));
}

static int call_name(struct cosend_output *output)
{
    return whether(strstr(cosend_output_name(output), ".partial") != NULL);
}

static int call_watchable(struct cosend_output *output)
{
    return whether(cosend_output_watchable(output) >= 0);
}

/* OPEN, WRITTEN, PREPARED, PUBLISHED, SETTLED, COMMITTED, PARTIAL; and the
   same for a file that is written in place. */
static const struct {
    const char *name;
    int (*call)(struct cosend_output *output);
    const char *answers;
} rows[] = {
    {"begin", call_begin, "oooooooooooooo"},
    {"has begun", call_has_begun, "01111110111111"},
    {"appends", call_appends, "00000000000000"},
    {"write", call_write, "oouuuuuoouuuuu"},
    {"write nothing", call_write_nothing, "oooooooooooooo"},
    {"print", call_print, "oouuuuuoouuuuu"},
    {"print nothing", call_print_nothing, "oooooooooooooo"},
    {"flush", call_flush, "oooooooooooooo"},
    {"commit", call_commit, "oooooooooooooo"},
    {"prepare", call_prepare, "oooooooooooooo"},
    {"publish", call_publish, "oooooooooooooo"},
    {"settle", call_settle, "oooooooooooooo"},
    {"keep partial", call_keep_partial, "oooooooooooooo"},
    {"bytes", call_bytes, "00111110011111"},
    {"is tty", call_is_tty, "00000000000000"},
    {"width", call_width, "00000000000000"},
    {"is atomic", call_is_atomic, "11100000000000"},
    {"name", call_name, "00000010000000"},
    {"watchable", call_watchable, "00000000000000"},
};

static char folder[] = "/tmp/cosend-public-XXXXXX";
static char path[64], partial[72];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/file", folder);
    snprintf(partial, sizeof(partial), "%s.partial", path);
    return 0;
}

/* Nothing else was left there. */
static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(partial);
    return rmdir(folder);
}

static void reach(enum state at, struct cosend_output *output)
{
    if (at >= WRITTEN)
        cosend_output_write(output, "a", 1, NULL);
    if (at >= PREPARED && at <= SETTLED)
        cosend_output_prepare(output, NULL);
    if (at >= PUBLISHED && at <= SETTLED)
        cosend_output_publish(output, NULL);
    if (at == SETTLED)
        cosend_output_settle(output, NULL);
    if (at == COMMITTED)
        cosend_output_commit(output, NULL);
    if (at == PARTIAL)
        cosend_output_keep_partial(output, NULL);
}

static int answer_in(struct cosend_io *io, enum state at,
                     enum cosend_output_mode mode,
                     int (*call)(struct cosend_output *output))
{
    struct cosend_output *output;
    int answer;

    assert_int_equal(cosend_output_open(io, path, mode, &output, NULL),
                     COSEND_OK);
    reach(at, output);
    answer = call(output);
    cosend_output_commit(output, NULL);
    cosend_output_free(output);
    return answer;
}

static void every_call_in_every_state(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);
    bool same = true;

    (void)state;
    assert_non_null(io);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char answers[2 * STATES + 1] = "";

        for (int at = 0; at < STATES; at++) {
            answers[at] = (char)answer_in(io, (enum state)at,
                                          COSEND_OUTPUT_ATOMIC, rows[i].call);
            answers[STATES + at] = (char)answer_in(
                io, (enum state)at, COSEND_OUTPUT_PLAIN, rows[i].call);
        }
        if (strcmp(answers, rows[i].answers) != 0)
            print_error("%s: %s, not %s\n", rows[i].name, answers,
                        rows[i].answers);
        same &= strcmp(answers, rows[i].answers) == 0;
    }
    cosend_io_free(io);
    assert_true(same);
}

/* ---- What is none -------------------------------------------------------- */

static void a_mode_that_is_none_is_plain_or_refused(void **state)
{
    static const int modes[] = {INT_MIN, -1, 3, 99, INT_MAX};
    struct cosend_io *io = cosend_io_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct cosend_output *output = NULL;
        int status = cosend_output_open(
            io, path, (enum cosend_output_mode)modes[i], &output, NULL);

        assert_true(status == COSEND_OK || status == COSEND_E_USAGE);
        if (status == COSEND_OK)
            assert_int_equal(cosend_output_commit(output, NULL), COSEND_OK);
        cosend_output_free(output);
    }
    cosend_io_free(io);
}

static void descriptors_and_paths_that_are_none(void **state)
{
    static const int descriptors[] = {INT_MIN, -1, 12345, INT_MAX};
    struct cosend_io *io = cosend_io_new(NULL);
    struct cosend_input *input = NULL;
    struct cosend_output *output = NULL;
    char buffer[4];
    size_t length;

    (void)state;
    for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++) {
        struct cosend_error error = {0};

        assert_int_equal(cosend_output_descriptor(io, descriptors[i], "out",
                                                  &output, &error),
                         COSEND_E_OUTPUT);
        error.kind = 0;
        if (cosend_input_descriptor(io, descriptors[i], "in", &input, &error) ==
            COSEND_OK) {
            assert_int_equal(cosend_input_read(input, buffer, sizeof(buffer),
                                               &length, &error),
                             COSEND_E_INPUT);
            cosend_input_free(input);
        }
        assert_int_equal(error.kind, COSEND_E_INPUT);
        cosend_io_watch(io, descriptors[i]);
    }
    cosend_io_watch(io, -1);
    assert_int_equal(cosend_input_open(io, "/nowhere", 0, &input, NULL),
                     COSEND_E_INPUT);
    assert_int_equal(cosend_input_open(io, "", 0, &input, NULL),
                     COSEND_E_INPUT);
    assert_int_equal(
        cosend_output_open(io, "", COSEND_OUTPUT_PLAIN, &output, NULL),
        COSEND_E_OUTPUT);
    assert_int_equal(cosend_io_declare_input(io, "/nowhere", 0, NULL),
                     COSEND_OK);
    cosend_io_on_news(io, NULL, NULL);
    cosend_input_free(NULL);
    cosend_output_free(NULL);
    cosend_io_free(io);
    cosend_io_free(NULL);
    assert_true(cosend_io_reserve_standard());
}

/* Unknown ones are as if they were not there. */
static void flags_that_are_none(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);
    struct cosend_input *input = NULL;
    char byte;
    size_t length;

    (void)state;
    assert_int_equal(cosend_input_open(io, "/dev/null", 1U << 12, &input, NULL),
                     COSEND_OK);
    cosend_input_ready(input);
    cosend_input_live(input);
    assert_string_equal(cosend_input_name(input), "/dev/null");
    assert_int_equal(cosend_input_read(input, &byte, 1, &length, NULL),
                     COSEND_DONE);
    assert_int_equal(cosend_input_read(input, &byte, 1, &length, NULL),
                     COSEND_DONE);
    assert_int_equal(cosend_input_offset(input), 0);
    cosend_input_free(input);
    cosend_io_free(io);
}

static void a_terminal_is_by_its_name(void **state)
{
    (void)state;
    unsetenv("TERM");
    assert_false(cosend_terminal_moves());
    setenv("TERM", "", 1);
    assert_false(cosend_terminal_moves());
    setenv("TERM", "dumb", 1);
    assert_false(cosend_terminal_moves());
    setenv("TERM", "xterm", 1);
    assert_true(cosend_terminal_moves());
}

static void a_context_is_woken_with_any_bits(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);

    (void)state;
    cosend_io_wake(io, 0);
    assert_int_equal(cosend_io_woken(io), 0);
    assert_int_equal(cosend_input_wait(io, NULL, 0, 0, NULL), COSEND_DONE);
    cosend_io_wake(io, 1U << 12);
    assert_int_equal(cosend_io_woken(io), 1U << 12);
    assert_int_equal(cosend_input_wait(io, NULL, 0, -1, NULL), COSEND_CLOSING);
    assert_int_equal(cosend_io_take(io, UINT_MAX), 1U << 12);
    assert_int_equal(cosend_io_take(io, 0), 0);
    assert_int_equal(cosend_io_progress(io), cosend_io_progress(io));
    cosend_io_free(io);
}

static void files_are_mapped_by_who_says_so(void **state)
{
    static const char byte;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_false(cosend_mapped_fault(&byte));
        assert_false(cosend_mapped_fault(NULL));
        assert_false(cosend_mapped_fault((const void *)UINTPTR_MAX));
        cosend_map_files(true);
    }
    cosend_map_files(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_in_every_state),
        cmocka_unit_test(a_mode_that_is_none_is_plain_or_refused),
        cmocka_unit_test(descriptors_and_paths_that_are_none),
        cmocka_unit_test(flags_that_are_none),
        cmocka_unit_test(a_terminal_is_by_its_name),
        cmocka_unit_test(a_context_is_woken_with_any_bits),
        cmocka_unit_test(files_are_mapped_by_who_says_so)};

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
