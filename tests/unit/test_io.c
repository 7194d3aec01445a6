/* SPDX-License-Identifier: MIT */
#include "test_io.h"

#include <pthread.h>
#include <sys/wait.h>

/* ---- Wakes ----------------------------------------------------------------*/

static void test_a_wake_stays_until_it_is_taken(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);
    struct pollfd fds[2];

    (void)state;
    assert_int_equal(csi_io_poll(io, fds, 0, 0, NULL), COSEND_OK);
    cosend_io_wake(io, COSEND_WAKE_STOP | 16);
    assert_int_equal(csi_io_poll(io, fds, 0, -1, NULL), COSEND_CLOSING);
    assert_int_equal(csi_io_poll(io, fds, 0, -1, NULL), COSEND_CLOSING);
    assert_int_equal(cosend_io_take(io, 16 | 32), 16);
    assert_int_equal(cosend_io_woken(io), COSEND_WAKE_STOP);
    assert_int_equal(csi_io_poll(io, fds, 0, -1, NULL), COSEND_CLOSING);
    assert_int_equal(cosend_io_take(io, COSEND_WAKE_STOP), COSEND_WAKE_STOP);
    assert_int_equal(csi_io_poll(io, fds, 0, 0, NULL), COSEND_OK);
    assert_int_equal(fds[0].revents, 0);
    cosend_io_free(io);
}

static bool readable(int fd)
{
    struct pollfd fds = {.fd = fd, .events = POLLIN};

    return poll(&fds, 1, 0) > 0;
}

static void test_what_waits_is_woken_while_any_bit_is_set(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);

    (void)state;
    assert_false(readable(io->wake_fd));
    cosend_io_wake(io, 2 | 4);
    assert_true(readable(io->wake_fd));
    cosend_io_take(io, 2);
    assert_true(readable(io->wake_fd));
    cosend_io_take(io, 4);
    assert_false(readable(io->wake_fd));
    cosend_io_free(io);
}

static void *wake_from_thread(void *io)
{
    usleep(10000);
    cosend_io_wake(io, 64);
    return NULL;
}

static void test_a_wake_ends_a_wait_in_another_thread(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);
    struct pollfd fds[2];
    pthread_t thread;

    (void)state;
    pthread_create(&thread, NULL, wake_from_thread, io);
    while (csi_io_poll(io, fds, 0, -1, NULL) == COSEND_OK)
        ;
    assert_int_equal(cosend_io_woken(io), 64);
    pthread_join(thread, NULL);
    cosend_io_free(io);
}

/* Each side waits for the other's bit a few thousand times: a wake that got
   lost would let the test hang. */
struct pair {
    struct cosend_io *mine, *other;
};

enum { ROUNDS = 5000 };

static void *answer_wakes(void *argument)
{
    struct pair *pair = argument;
    struct pollfd fds[2];

    for (int i = 0; i < ROUNDS; i++) {
        while (!cosend_io_take(pair->mine, 2))
            csi_io_poll(pair->mine, fds, 0, -1, NULL);
        cosend_io_wake(pair->other, 2);
    }
    return NULL;
}

static void test_no_wake_is_lost_between_look_and_wait(void **state)
{
    struct pair here = {cosend_io_new(NULL), cosend_io_new(NULL)};
    struct pair there = {here.other, here.mine};
    struct pollfd fds[2];
    pthread_t thread;

    (void)state;
    pthread_create(&thread, NULL, answer_wakes, &there);
    for (int i = 0; i < ROUNDS; i++) {
        cosend_io_wake(here.other, 2);
        while (!cosend_io_take(here.mine, 2))
            csi_io_poll(here.mine, fds, 0, -1, NULL);
    }
    pthread_join(thread, NULL);
    cosend_io_free(here.mine);
    cosend_io_free(here.other);
}

static void test_a_reader_that_goes_ends_a_wait_once(void **state)
{
    struct cosend_io *io = cosend_io_new(NULL);
    struct pollfd fds[2];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    cosend_io_watch(io, ends[1]);
    assert_int_equal(csi_io_poll(io, fds, 0, 0, NULL), COSEND_OK);
    close(ends[0]);
    assert_int_equal(csi_io_poll(io, fds, 0, -1, NULL), COSEND_CLOSING);
    assert_int_equal(cosend_io_take(io, ~0U), COSEND_WAKE_GONE);
    assert_int_equal(csi_io_poll(io, fds, 0, 0, NULL), COSEND_OK);
    close(ends[1]);
    cosend_io_free(io);
}

/* ---- Standard descriptors -------------------------------------------------*/

/* In a child, whose status says which check failed. */
static int with_closed_standard(void)
{
    struct cosend_io *io;
    struct cosend_error error = {0};
    struct cosend_input *input;
    struct cosend_output *output;
    size_t length;
    char byte;
    int fd;

    close(0);
    close(1);
    close(2);
    if (!cosend_io_reserve_standard())
        return 1;
    fd = open("/dev/null", O_RDONLY);
    if (fd < 3)
        return 2;
    io = cosend_io_new(NULL);
    if (!io ||
        cosend_output_descriptor(io, 1, "stdout", &output, &error) !=
            COSEND_E_OUTPUT ||
        strcmp(error.message, "stdout: Bad file descriptor") != 0)
        return 3;
    error.kind = 0;
    if (cosend_input_open(io, "-", 0, &input, &error) != COSEND_OK ||
        cosend_input_read(input, &byte, 1, &length, &error) != COSEND_E_INPUT ||
        strcmp(error.message, "stdin: Bad file descriptor") != 0)
        return 4;
    cosend_input_free(input);
    cosend_io_free(io);
    return 0;
}

static void test_closed_standard_descriptors_stay_errors(void **state)
{
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0)
        _exit(with_closed_standard());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* ---- Text for a terminal --------------------------------------------------*/

static void assert_escaped(const char *text, size_t length, bool lines,
                           const char *expected)
{
    char out[256];

    assert_int_equal(cosend_escape(text, length, lines, out, sizeof(out)),
                     strlen(expected));
    assert_string_equal(out, expected);
}

#define ESCAPED(text, expected)                                                \
    assert_escaped(text, sizeof(text) - 1, false, expected)

static void test_a_terminal_is_safe_from_control_bytes(void **state)
{
    (void)state;
    ESCAPED("plain", "plain");
    ESCAPED("a\tb", "a\tb");
    ESCAPED("\x1b]0;title\a", "\\x1b]0;title\\x07");
    ESCAPED("a\0b\x7f\r", "a\\x00b\\x7f\\x0d");
    ESCAPED("\xc2\x9b"
            "31m",
            "\\u009b31m");
    ESCAPED("\x9b"
            "31m",
            "\\x9b31m");
    ESCAPED("a\nb", "a\\x0ab");
    assert_escaped("a\nb\r\n", 5, true, "a\nb\\x0d\n");
}

static void test_a_terminal_is_safe_from_turned_text(void **state)
{
    (void)state;
    ESCAPED("user\xe2\x80\xaetxt.exe", "user\\u202etxt.exe");
    ESCAPED("\xd8\x9c\xe2\x80\x8e\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\xa8",
            "\\u061c\\u200e\\u2066\\u2069\\u2028");
}

static void test_text_in_utf8_is_shown_as_it_is(void **state)
{
    static const char text[] = "Gr\xc3\xbc\xc3\x9f"
                               "e \xe2\x82\xac "
                               "\xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf \xc2\xa0";

    (void)state;
    ESCAPED("Gr\xc3\xbc\xc3\x9f"
            "e \xe2\x82\xac \xf0\x9f\x98\x80 "
            "\xf4\x8f\xbf\xbf \xc2\xa0",
            text);
}

static void test_bytes_that_are_no_utf8_are_shown_by_number(void **state)
{
    (void)state;
    ESCAPED("\xff\xfe", "\\xff\\xfe");
    ESCAPED("\xc0\xaf", "\\xc0\\xaf"); /* overlong */
    ESCAPED("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
    ESCAPED("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf");
    ESCAPED("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* a surrogate */
    ESCAPED("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* too large */
    ESCAPED("\xe2\x82", "\\xe2\\x82");                   /* cut */
    ESCAPED("\xe2\x82z", "\\xe2\\x82z");
}

static void test_an_escape_is_never_cut(void **state)
{
    static const char text[] = "a\x1b\xe2\x82\xac\xe2\x80\xae.";
    char whole[64], out[64];
    size_t length =
        cosend_escape(text, sizeof(text) - 1, false, whole, sizeof(whole));

    (void)state;
    assert_string_equal(whole, "a\\x1b\xe2\x82\xac\\u202e.");
    for (size_t capacity = 1; capacity <= length + 1; capacity++) {
        size_t kept;

        memset(out, '#', sizeof(out));
        assert_int_equal(
            cosend_escape(text, sizeof(text) - 1, false, out, capacity),
            length);
        kept = strlen(out);
        assert_true(kept < capacity);
        assert_memory_equal(out, whole, kept);
        assert_true(kept == 0 || kept == 1 || kept == 5 || kept == 8 ||
                    kept == 14 || kept == 15);
        for (size_t i = capacity; i < sizeof(out); i++)
            assert_int_equal(out[i], '#');
    }
    assert_int_equal(cosend_escape(text, sizeof(text) - 1, false, NULL, 0),
                     length);
}

/* ---- The context's own memory ---------------------------------------------*/

static void test_a_context_survives_want_of_memory(void **state)
{
    struct cosend_error error = {0};
    struct cosend_io *io;

    (void)state;
    allow_allocations(0);
    assert_null(cosend_io_new(&error));
    assert_int_equal(error.kind, COSEND_E_MEMORY);
    allow_allocations(1);
    io = cosend_io_new(NULL);
    assert_non_null(io);
    assert_int_equal(cosend_io_declare_input(io, "/", 0, NULL),
                     COSEND_E_MEMORY);
    cosend_set_allocator(NULL, NULL, NULL);
    cosend_io_free(io);
    cosend_io_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wake_stays_until_it_is_taken),
        cmocka_unit_test(test_what_waits_is_woken_while_any_bit_is_set),
        cmocka_unit_test(test_a_wake_ends_a_wait_in_another_thread),
        cmocka_unit_test(test_no_wake_is_lost_between_look_and_wait),
        cmocka_unit_test(test_a_reader_that_goes_ends_a_wait_once),
        cmocka_unit_test(test_closed_standard_descriptors_stay_errors),
        cmocka_unit_test(test_a_terminal_is_safe_from_control_bytes),
        cmocka_unit_test(test_a_terminal_is_safe_from_turned_text),
        cmocka_unit_test(test_text_in_utf8_is_shown_as_it_is),
        cmocka_unit_test(test_bytes_that_are_no_utf8_are_shown_by_number),
        cmocka_unit_test(test_an_escape_is_never_cut),
        cmocka_unit_test(test_a_context_survives_want_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
