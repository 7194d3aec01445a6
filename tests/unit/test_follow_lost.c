/* SPDX-License-Identifier: MIT */
/* What is told of a followed path that has no file. */
#include "test_io.h"

static char told[1024];
static int64_t clock_now;
static bool refuses;

static bool tell(void *context, const char *message)
{
    assert_null(context);
    snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s|", message);
    return !refuses;
}

static int64_t test_clock(void)
{
    return clock_now;
}

static struct cosend_io *own_io(void)
{
    static struct csi_io_ops ops;
    struct cosend_io *io = planned_io();

    ops = *io->ops;
    ops.now = test_clock;
    io->ops = &ops;
    told[0] = '\0';
    cosend_io_on_news(io, tell, NULL);
    return io;
}

static void look_after(struct cosend_input *input, int milliseconds,
                       const char *expected)
{
    clock_now += milliseconds;
    cosend_input_ready(input);
    assert_string_equal(told, expected);
    told[0] = '\0';
}

static void test_a_file_that_goes_is_told_once(void **state)
{
    struct cosend_io *io = own_io();
    struct cosend_input *input;

    (void)state;
    spit_text("log", "one\n");
    assert_int_equal(
        cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL),
        COSEND_OK);
    look_after(input, 5000, "");
    unlink("log");
    look_after(input, 100, "");
    look_after(input, 999, "");
    look_after(input, 1, "log: No such file or directory; waiting for it|");
    look_after(input, 60000, "");
    spit_text("log", "two\n");
    look_after(input, 100, "log: it is there, and is followed|");
    look_after(input, 5000, "");
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

/* Nothing is read from what comes instead, which looks like a quiet log too. */
static void test_what_is_no_file_is_told_once(void **state)
{
    struct cosend_io *io = own_io();
    struct cosend_input *input;

    (void)state;
    spit_text("log", "one\n");
    assert_int_equal(
        cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL),
        COSEND_OK);
    for (int i = 0; i < 2; i++) {
        unlink("log");
        assert_int_equal(i ? mkfifo("log", 0600) : mkdir("log", 0700), 0);
        look_after(input, 900, "");
        look_after(input, 1000, "log: Not a regular file; waiting for it|");
        look_after(input, 60000, "");
        assert_int_equal(i ? unlink("log") : rmdir("log"), 0);
        spit_text("log", "two\n");
        look_after(input, 100, "log: it is there, and is followed|");
    }
    cosend_input_free(input);
    cosend_io_free(io);
    unlink("log");
    entries("", true);
}

/* A file that is renamed, and made anew a moment later, has not gone. */
static void test_a_rotation_is_not_told(void **state)
{
    struct cosend_io *io = own_io();
    struct cosend_input *input;

    (void)state;
    spit_text("log", "one\n");
    assert_int_equal(
        cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL),
        COSEND_OK);
    for (int i = 0; i < 3; i++) {
        rename("log", "log.1");
        look_after(input, 900, "");
        spit_text("log", "two\n");
        look_after(input, 900, "");
    }
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

/* Whoever is told may answer that the run is over: nothing is waited for. */
static void test_a_refusal_ends_the_wait(void **state)
{
    for (int wait = 0; wait < 2; wait++) {
        struct cosend_io *io = own_io();
        struct cosend_error error = {0};
        struct cosend_input *input;
        char buffer[16];
        size_t length;

        (void)state;
        spit_text("log", "");
        assert_int_equal(
            cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL),
            COSEND_OK);
        unlink("log");
        look_after(input, 100, "");
        clock_now += 1000;
        refuses = true;
        alarm(10);
        if (wait)
            assert_int_equal(cosend_input_wait(io, &input, 1, -1, &error),
                             COSEND_CLOSING);
        assert_int_equal(
            cosend_input_read(input, buffer, sizeof(buffer), &length, &error),
            COSEND_CLOSING);
        alarm(0);
        refuses = false;
        cosend_input_free(input);
        cosend_io_free(io);
    }
    entries("", true);
}

static void test_what_may_not_be_read_is_waited_for(void **state)
{
    struct cosend_io *io = own_io();
    struct cosend_error error = {0};
    struct cosend_input *input;
    char buffer[16];
    size_t length;

    (void)state;
    spit_text("log", "one\n");
    plan_failure(OPEN, 1, 3, EACCES);
    assert_int_equal(
        cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, &error),
        COSEND_E_INPUT);
    assert_int_equal(cosend_input_open(io, "log",
                                       COSEND_INPUT_FOLLOW | COSEND_INPUT_WAIT,
                                       &input, &error),
                     COSEND_OK);
    look_after(input, 0, "log: Permission denied; waiting for it|");
    look_after(input, 100, "log: it is there, and is followed|");
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, &error),
        COSEND_OK);
    assert_int_equal(length, 4);
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

static void test_compressed_data_is_not_followed(void **state)
{
    static const char *const magics[] = {"\x1f\x8b\x08", "\x28\xb5\x2f\xfd",
                                         "BZh91AY&SY"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct cosend_io *io = own_io();
        struct cosend_error error = {0};
        struct cosend_input *input;
        char buffer[16];
        size_t length;

        spit_text("log", magics[i]);
        assert_int_equal(
            cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, &error),
            COSEND_OK);
        assert_int_equal(
            cosend_input_read(input, buffer, sizeof(buffer), &length, &error),
            COSEND_E_INPUT);
        assert_non_null(strstr(error.message, "cannot be followed"));
        cosend_input_free(input);
        cosend_io_free(io);
        entries("", true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_that_goes_is_told_once),
        cmocka_unit_test(test_what_is_no_file_is_told_once),
        cmocka_unit_test(test_a_rotation_is_not_told),
        cmocka_unit_test(test_a_refusal_ends_the_wait),
        cmocka_unit_test(test_what_may_not_be_read_is_waited_for),
        cmocka_unit_test(test_compressed_data_is_not_followed),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
