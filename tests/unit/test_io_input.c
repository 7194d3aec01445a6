/* SPDX-License-Identifier: MIT */
#include "test_io.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

static struct cosend_input *opened(struct cosend_io *io, const char *path)
{
    struct cosend_input *input;
    struct cosend_error error = {0};

    if (cosend_input_open(io, path, 0, &input, &error))
        fail_msg("%s", error.message);
    return input;
}

static void assert_refused(struct cosend_io *io, const char *path,
                           const char *message)
{
    struct cosend_input *input;
    struct cosend_error error = {0};

    assert_int_equal(cosend_input_open(io, path, 0, &input, &error),
                     COSEND_E_INPUT);
    assert_null(input);
    assert_string_equal(error.message, message);
}

/* Read to the end and compare. */
static void assert_reads(struct cosend_input *input, size_t capacity,
                         const char *expected, size_t size)
{
    char buffer[4096];
    size_t length, done = 0;
    int status;

    while ((status = cosend_input_read(input, buffer, capacity, &length,
                                       NULL)) == COSEND_OK) {
        assert_in_range(length, 1, capacity);
        assert_true(length <= size - done);
        assert_memory_equal(buffer, expected + done, length);
        done += length;
        assert_int_equal(cosend_input_offset(input), done);
    }
    assert_int_equal(status, COSEND_DONE);
    assert_int_equal(done, size);
    assert_int_equal(cosend_input_read(input, buffer, 1, &length, NULL),
                     COSEND_DONE);
}

static void test_short_reads_lose_nothing(void **state)
{
    static const char text[] = "a\0few bytes\xff with anything\nin them";
    struct cosend_io *io = planned_io();

    (void)state;
    spit("a", text, sizeof(text));
    for (size_t most = 1; most <= sizeof(text) + 1; most++)
        for (size_t capacity = 1; capacity <= sizeof(text) + 1; capacity++) {
            struct cosend_input *input = opened(io, "a");

            plan.most = most;
            assert_false(cosend_input_live(input));
            assert_true(cosend_input_ready(input));
            assert_reads(input, capacity, text, sizeof(text));
            cosend_input_free(input);
        }
    entries("", true);
    cosend_io_free(io);
}

static void test_interrupted_reads_lose_nothing(void **state)
{
    static const char text[] = "some text to read";

    (void)state;
    spit("a", text, sizeof(text));
    for (unsigned every = 2; every < 6; every++) {
        struct cosend_io *io = planned_io();
        struct cosend_input *input;
        int ends[2];

        plan.interrupts = every;
        plan.most = 3;
        input = opened(io, "a");
        assert_reads(input, 16, text, sizeof(text));
        cosend_input_free(input);
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], text, sizeof(text)), sizeof(text));
        close(ends[1]);
        cosend_input_descriptor(io, ends[0], "pipe", &input, NULL);
        assert_reads(input, 16, text, sizeof(text));
        cosend_input_free(input);
        close(ends[0]);
        cosend_io_free(io);
    }
    entries("", true);
}

static void test_a_failed_read_is_named_wherever_it_fails(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    spit_text("a", "0123456789");
    for (unsigned at = 1; at <= 6; at++) {
        struct cosend_error error = {0};
        struct cosend_input *input = opened(io, "a");
        char buffer[2];
        size_t length;
        int status;

        plan_failure(READ, at, 1, EIO);
        while ((status = cosend_input_read(input, buffer, sizeof(buffer),
                                           &length, &error)) == COSEND_OK)
            ;
        assert_int_equal(status, COSEND_E_INPUT);
        assert_int_equal(length, 0);
        assert_int_equal(cosend_input_offset(input), 2 * (at - 1));
        assert_string_equal(error.message, "a: Input/output error");
        cosend_input_free(input);
    }
    entries("", true);
    cosend_io_free(io);
}

static void test_what_cannot_be_read_is_named(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    assert_int_equal(mkdir("d", 0777), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_refused(io, "none", "none: No such file or directory");
    assert_refused(io, "d", "d: Is a directory");
    assert_refused(io, "loop", "loop: Too many levels of symbolic links");
    plan_failure(OPEN, 1, 1, EACCES);
    assert_refused(io, "secret", "secret: Permission denied");
    plan_failure(FSTAT, 1, 1, EIO);
    assert_refused(io, "/dev/null", "/dev/null: Input/output error");
    entries("", true);
    cosend_io_free(io);
}

/* ---- Live inputs ----------------------------------------------------------*/

enum { LINES = 200000 };

static void *slow_writer(void *argument)
{
    int fd = *(int *)argument;

    for (int i = 0; i < LINES; i++) {
        char line[32];
        int length = snprintf(line, sizeof(line), "line %d\n", i);

        if (write(fd, line, (size_t)length) != length)
            break;
        if (i % 10000 == 0)
            usleep(1000);
    }
    close(fd);
    return NULL;
}

static void test_a_non_blocking_pipe_gives_every_line(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input;
    static char buffer[65536];
    size_t length, lines = 0;
    pthread_t thread;
    int ends[2], status;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pthread_create(&thread, NULL, slow_writer, &ends[1]);
    cosend_input_descriptor(io, ends[0], "stdin", &input, NULL);
    assert_true(cosend_input_live(input));
    while ((status = cosend_input_read(input, buffer, sizeof(buffer), &length,
                                       NULL)) == COSEND_OK)
        for (size_t i = 0; i < length; i++)
            lines += buffer[i] == '\n';
    assert_int_equal(status, COSEND_DONE);
    assert_int_equal(lines, LINES);
    assert_true(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    pthread_join(thread, NULL);
    cosend_input_free(input);
    close(ends[0]);
    cosend_io_free(io);
}

static void test_a_refused_read_is_tried_again(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input;
    char buffer[8];
    size_t length;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "text", 4), 4);
    cosend_input_descriptor(io, ends[0], "stdin", &input, NULL);
    plan_failure(READ, 1, 3, EAGAIN);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_OK);
    assert_int_equal(length, 4);
    assert_int_equal(plan.seen, 4);
    cosend_input_free(input);
    close(ends[0]);
    close(ends[1]);
    cosend_io_free(io);
}

static void test_ready_says_whether_a_read_would_wait(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input;
    char buffer[8];
    size_t length;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    cosend_input_descriptor(io, ends[0], "stdin", &input, NULL);
    assert_false(cosend_input_ready(input));
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(cosend_input_ready(input));
    cosend_input_read(input, buffer, sizeof(buffer), &length, NULL);
    assert_false(cosend_input_ready(input));
    close(ends[1]);
    assert_true(cosend_input_ready(input));
    cosend_input_free(input);
    close(ends[0]);
    cosend_io_free(io);
}

static struct cosend_io *alarmed;

static void on_alarm(int number)
{
    (void)number;
    cosend_io_wake(alarmed, COSEND_WAKE_STOP);
}

static void test_a_signal_ends_the_wait_for_input(void **state)
{
    struct cosend_io *io = planned_io();
    struct itimerval timer = {{0, 0}, {0, 10000}};
    struct cosend_input *input;
    char buffer[8];
    size_t length;
    int ends[2];

    (void)state;
    alarmed = io;
    assert_int_equal(pipe(ends), 0);
    cosend_input_descriptor(io, ends[0], "stdin", &input, NULL);
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &timer, NULL);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_CLOSING);
    assert_int_equal(cosend_io_woken(io), COSEND_WAKE_STOP);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_CLOSING);
    assert_int_equal(write(ends[1], "x", 1), 1);
    cosend_io_take(io, COSEND_WAKE_STOP);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_OK);
    cosend_input_free(input);
    close(ends[0]);
    close(ends[1]);
    cosend_io_free(io);
}

static void test_a_reader_that_goes_ends_the_wait_for_input(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input;
    struct cosend_output *output;
    char buffer[8];
    size_t length;
    int in[2], out[2];

    (void)state;
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    cosend_output_descriptor(io, out[1], "stdout", &output, NULL);
    cosend_input_descriptor(io, in[0], "stdin", &input, NULL);
    cosend_io_watch(io, cosend_output_watchable(output));
    close(out[0]);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_CLOSING);
    assert_int_equal(cosend_io_take(io, COSEND_WAKE_GONE), COSEND_WAKE_GONE);
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_DONE);
    cosend_output_free(output);
    cosend_input_free(input);
    close(in[0]);
    close(in[1]);
    close(out[1]);
    cosend_io_free(io);
}

static void *late_writer(void *argument)
{
    int fd;

    (void)argument;
    usleep(20000);
    fd = open("fifo", O_WRONLY);
    if (write(fd, "late", 4) != 4)
        return "failed";
    close(fd);
    return NULL;
}

static void test_a_fifo_waits_for_its_writer_and_can_be_woken(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input;
    char buffer[8];
    size_t length;
    pthread_t thread;
    void *failed;

    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    input = opened(io, "fifo");
    assert_false(cosend_input_ready(input));
    cosend_io_wake(io, 2);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_CLOSING);
    cosend_io_take(io, 2);
    pthread_create(&thread, NULL, late_writer, NULL);
    assert_reads(input, 8, "late", 4);
    pthread_join(thread, &failed);
    assert_null(failed);
    cosend_input_free(input);
    entries("", true);
    cosend_io_free(io);
}

static void test_several_inputs_are_waited_for_at_once(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *inputs[2];
    int a[2], b[2];

    (void)state;
    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    cosend_input_descriptor(io, a[0], "a", &inputs[0], NULL);
    cosend_input_descriptor(io, b[0], "b", &inputs[1], NULL);
    assert_int_equal(cosend_input_wait(io, inputs, 2, 0, NULL), COSEND_DONE);
    assert_int_equal(cosend_input_wait(io, inputs, 2, 5, NULL), COSEND_DONE);
    assert_int_equal(write(b[1], "x", 1), 1);
    assert_int_equal(cosend_input_wait(io, inputs, 2, -1, NULL), COSEND_OK);
    assert_false(cosend_input_ready(inputs[0]));
    assert_true(cosend_input_ready(inputs[1]));
    cosend_io_wake(io, 2);
    assert_int_equal(cosend_input_wait(io, inputs, 2, -1, NULL),
                     COSEND_CLOSING);
    for (int i = 0; i < 2; i++) {
        cosend_input_free(inputs[i]);
        close(a[i]);
        close(b[i]);
    }
    cosend_io_free(io);
}

static void test_an_input_survives_want_of_memory(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input = NULL;
    unsigned count = 0;

    (void)state;
    spit_text("a", "x");
    while (!input) {
        struct cosend_error error = {0};

        allow_allocations(count++);
        if (cosend_input_open(io, "a", 0, &input, &error))
            assert_int_equal(error.kind, COSEND_E_MEMORY);
    }
    allow_allocations(0);
    assert_int_equal(cosend_input_wait(io, &input, 1, -1, NULL),
                     COSEND_E_MEMORY);
    cosend_set_allocator(NULL, NULL, NULL);
    assert_int_equal(count, 3);
    cosend_input_free(input);
    cosend_input_free(NULL);
    entries("", true);
    cosend_io_free(io);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_reads_lose_nothing),
        cmocka_unit_test(test_interrupted_reads_lose_nothing),
        cmocka_unit_test(test_a_failed_read_is_named_wherever_it_fails),
        cmocka_unit_test(test_what_cannot_be_read_is_named),
        cmocka_unit_test(test_a_non_blocking_pipe_gives_every_line),
        cmocka_unit_test(test_a_refused_read_is_tried_again),
        cmocka_unit_test(test_ready_says_whether_a_read_would_wait),
        cmocka_unit_test(test_a_signal_ends_the_wait_for_input),
        cmocka_unit_test(test_a_reader_that_goes_ends_the_wait_for_input),
        cmocka_unit_test(test_a_fifo_waits_for_its_writer_and_can_be_woken),
        cmocka_unit_test(test_several_inputs_are_waited_for_at_once),
        cmocka_unit_test(test_an_input_survives_want_of_memory),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
