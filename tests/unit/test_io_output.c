/* SPDX-License-Identifier: MIT */
#include "test_io.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct cosend_output *opened(struct cosend_io *io, const char *path,
                                    enum cosend_output_mode mode)
{
    struct cosend_output *output;
    struct cosend_error error = {0};

    if (cosend_output_open(io, path, mode, &output, &error))
        fail_msg("%s", error.message);
    return output;
}

static void assert_refused(struct cosend_io *io, const char *path,
                           enum cosend_output_mode mode, int kind,
                           const char *message)
{
    struct cosend_output *output;
    struct cosend_error error = {0};

    assert_int_equal(cosend_output_open(io, path, mode, &output, &error), kind);
    assert_null(output);
    assert_string_equal(error.message, message);
}

static void put(struct cosend_output *output, const char *text)
{
    assert_int_equal(cosend_output_write(output, text, strlen(text), NULL),
                     COSEND_OK);
}

static void commit(struct cosend_output *output)
{
    assert_int_equal(cosend_output_commit(output, NULL), COSEND_OK);
    cosend_output_free(output);
}

/* ---- Whole files ----------------------------------------------------------*/

static void test_an_atomic_file_changes_at_the_commit(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;

    (void)state;
    spit_text("old", "old");
    output = opened(io, "old", COSEND_OUTPUT_ATOMIC);
    assert_true(cosend_output_is_atomic(output));
    put(output, "new");
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_OK);
    assert_holds("old", "old");
    commit(output);
    assert_holds("old", "new");
    assert_int_equal(entries("", true), 1);
    cosend_io_free(io);
}

static void test_an_atomic_file_that_is_abandoned_leaves_nothing(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output = opened(io, "a", COSEND_OUTPUT_ATOMIC);

    (void)state;
    put(output, "text");
    cosend_output_free(output);
    assert_int_equal(entries("", true), 0);
    cosend_io_free(io);
}

static void test_an_atomic_file_can_be_kept_as_partial(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;

    (void)state;
    spit_text("a", "old");
    output = opened(io, "a", COSEND_OUTPUT_ATOMIC);
    put(output, "half");
    assert_int_equal(cosend_output_keep_partial(output, NULL), COSEND_OK);
    assert_string_equal(strrchr(cosend_output_name(output), '/'), "/a.partial");
    cosend_output_free(output);
    assert_holds("a", "old");
    assert_holds("a.partial", "half");
    assert_int_equal(entries("", true), 2);
    cosend_io_free(io);
}

static void test_an_atomic_file_keeps_mode_and_link(void **state)
{
    struct cosend_io *io = planned_io();
    struct stat status;

    (void)state;
    spit_text("real", "old");
    chmod("real", 0640);
    assert_int_equal(symlink("real", "link"), 0);
    commit(opened(io, "link", COSEND_OUTPUT_ATOMIC));
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat("real", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(status.st_size, 0);
    umask(027);
    commit(opened(io, "new", COSEND_OUTPUT_ATOMIC));
    umask(022);
    assert_int_equal(stat("new", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    entries("", true);
    cosend_io_free(io);
}

static void test_a_name_as_long_as_allowed_can_be_atomic(void **state)
{
    struct cosend_io *io = planned_io();
    char name[256];

    (void)state;
    memset(name, 'n', sizeof(name));
    name[255] = '\0';
    commit(opened(io, name, COSEND_OUTPUT_ATOMIC));
    assert_holds(name, "");
    assert_int_equal(entries("", true), 1);
    cosend_io_free(io);
}

static void test_a_file_is_in_place_beside_an_endless_input(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;

    (void)state;
    spit_text("a", "longer than before");
    assert_int_equal(cosend_io_declare_input(io, "/dev/null", 0, NULL),
                     COSEND_OK);
    output = opened(io, "a", COSEND_OUTPUT_ATOMIC);
    assert_false(cosend_output_is_atomic(output));
    put(output, "at once");
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_OK);
    assert_holds("a", "at once");
    commit(output);
    entries("", true);
    cosend_io_free(io);
}

static void test_append_adds_to_what_is_there(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;

    (void)state;
    for (int i = 0; i < 2; i++) {
        output = opened(io, "a", COSEND_OUTPUT_APPEND);
        put(output, "line\n");
        commit(output);
    }
    assert_holds("a", "line\nline\n");
    entries("", true);
    cosend_io_free(io);
}

/* ---- Refusals -------------------------------------------------------------*/

static void test_an_input_is_refused_as_output(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    int fd;

    (void)state;
    spit_text("in", "data");
    assert_int_equal(link("in", "other"), 0);
    assert_int_equal(cosend_io_declare_input(io, "in", 0, NULL), COSEND_OK);
    for (int mode = COSEND_OUTPUT_PLAIN; mode <= COSEND_OUTPUT_ATOMIC; mode++)
        assert_refused(io, "other", (enum cosend_output_mode)mode,
                       COSEND_E_USAGE,
                       "other: the output is one of the inputs: write to "
                       "another file, and rename that");
    assert_holds("in", "data");
    fd = open("in", O_WRONLY | O_APPEND);
    assert_int_equal(cosend_output_descriptor(io, fd, "stdout", &output, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(cosend_output_descriptor(io, fd, "stdout", &output, NULL),
                     COSEND_OK);
    cosend_output_free(output);
    close(fd);
    entries("", true);
    cosend_io_free(io);
}

static void test_what_cannot_be_opened_is_named(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    assert_int_equal(mkdir("d", 0777), 0);
    assert_int_equal(symlink("nowhere", "link"), 0);
    for (int mode = COSEND_OUTPUT_PLAIN; mode <= COSEND_OUTPUT_ATOMIC; mode++) {
        enum cosend_output_mode how = (enum cosend_output_mode)mode;

        assert_refused(io, "d", how, COSEND_E_OUTPUT, "d: Is a directory");
        assert_refused(io, "no/x", how, COSEND_E_OUTPUT,
                       "no/x: there is no folder no; `mkdir -p no` makes it");
        assert_refused(io, "link", how, COSEND_E_OUTPUT,
                       "link: a link that leads nowhere");
    }
    assert_int_equal(entries("", true), 2);
    cosend_io_free(io);
}

static void test_a_very_long_path_leaves_room_for_the_reason(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    struct cosend_error error = {0};
    char path[3000];

    (void)state;
    memset(path, 'x', sizeof(path));
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(
        cosend_output_open(io, path, COSEND_OUTPUT_PLAIN, &output, &error),
        COSEND_E_OUTPUT);
    assert_string_equal(strrchr(error.message, ':'), ": File name too long");
    cosend_io_free(io);
}

/* ---- Faults ---------------------------------------------------------------*/

/* Large and small pieces, so that the buffer and its bypass are both used. */
static int write_pieces(struct cosend_output *output, size_t total,
                        struct cosend_error *error)
{
    static char data[200000];
    size_t sizes[] = {1, 70000, 100, 65536, 4096, 65535, 7};
    size_t done = 0;
    int status = COSEND_OK;

    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (char)('a' + i % 23);
    for (size_t i = 0; done < total && status == COSEND_OK; i++) {
        size_t size = sizes[i % 7];

        if (size > total - done)
            size = total - done;
        status = cosend_output_write(output, data + done % 23, size, error);
        done += size;
    }
    return status;
}

static void assert_pieces(const char *path, size_t total)
{
    size_t length;
    char *text = slurp(path, &length);

    assert_int_equal(length, total);
    for (size_t i = 0; i < length; i++)
        if (text[i] != (char)('a' + i % 23))
            fail_msg("byte %zu differs", i);
    free(text);
}

static void test_short_writes_lose_nothing(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    for (size_t most = 1; most < 70000; most += 1 + most / 2) {
        struct cosend_output *output = opened(io, "a", COSEND_OUTPUT_PLAIN);

        plan.most = most;
        assert_int_equal(
            write_pieces(output, 150000 / (8 / (1 + most % 8)), NULL),
            COSEND_OK);
        assert_int_equal(cosend_output_commit(output, NULL), COSEND_OK);
        assert_int_equal(cosend_output_bytes(output),
                         150000 / (8 / (1 + most % 8)));
        cosend_output_free(output);
        assert_pieces("a", 150000 / (8 / (1 + most % 8)));
    }
    entries("", true);
    cosend_io_free(io);
}

static void test_interrupts_lose_nothing(void **state)
{
    (void)state;
    for (unsigned every = 2; every < 6; every++) {
        struct cosend_io *io = planned_io();
        struct cosend_output *output;

        plan.interrupts = every;
        plan.most = 1000;
        output = opened(io, "a", COSEND_OUTPUT_ATOMIC);
        assert_int_equal(write_pieces(output, 300000, NULL), COSEND_OK);
        commit(output);
        assert_pieces("a", 300000);
        assert_int_equal(entries("", true), 1);
        cosend_io_free(io);
    }
}

static void test_a_failed_write_is_told_and_stays(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    spit_text("a", "old");
    for (unsigned at = 1; at <= 16; at++) {
        struct cosend_output *output = opened(io, "a", COSEND_OUTPUT_ATOMIC);
        struct cosend_error error = {0}, again = {0};

        plan.most = 30000;
        plan_failure(WRITE, at, 1, ENOSPC);
        write_pieces(output, 300000, &error);
        if (cosend_output_commit(output, &error) == COSEND_OK)
            fail_msg("success after a failed write %u", at);
        assert_string_equal(error.message, "a: No space left on device");
        assert_int_equal(error.kind, COSEND_E_OUTPUT);
        assert_int_equal(cosend_output_write(output, "x", 1, &again),
                         COSEND_E_OUTPUT);
        assert_string_equal(again.message, error.message);
        assert_int_equal(cosend_output_flush(output, NULL), COSEND_E_OUTPUT);
        assert_int_equal(plan.seen, at);
        cosend_output_free(output);
        assert_holds("a", "old");
        assert_int_equal(entries("", false), 1);
    }
    entries("", true);
    cosend_io_free(io);
}

static void test_a_write_that_takes_nothing_is_an_error(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_error error = {0};
    struct cosend_output *output;

    (void)state;
    assert_int_equal(cosend_output_open(io, "/dev/full", COSEND_OUTPUT_ATOMIC,
                                        &output, NULL),
                     COSEND_OK);
    put(output, "x");
    assert_int_equal(cosend_output_commit(output, &error), COSEND_E_OUTPUT);
    assert_string_equal(error.message, "/dev/full: No space left on device");
    assert_int_equal(cosend_output_commit(output, NULL), COSEND_E_OUTPUT);
    cosend_output_free(output);
    cosend_io_free(io);
}

static void test_errors_at_the_end_leave_the_target_as_it_was(void **state)
{
    static const enum call calls[] = {FSYNC, CLOSE, RENAME};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct cosend_io *io = planned_io();
        struct cosend_error error = {0};
        struct cosend_output *output;

        spit_text("a", "old");
        output = opened(io, "a", COSEND_OUTPUT_ATOMIC);
        put(output, "new");
        plan_failure(calls[i], 1, 1, EIO);
        assert_int_equal(cosend_output_commit(output, &error), COSEND_E_OUTPUT);
        assert_string_equal(error.message, "a: Input/output error");
        assert_int_equal(cosend_output_commit(output, NULL), COSEND_E_OUTPUT);
        cosend_output_free(output);
        assert_holds("a", "old");
        assert_int_equal(entries("", true), 1);
        cosend_io_free(io);
    }
}

/* A disk that is full for the second of two files replaces neither. */
static void test_files_that_belong_together_are_all_prepared_first(void **state)
{
    static const enum call calls[] = {WRITE, FSYNC, CLOSE};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct cosend_io *io = planned_io();
        struct cosend_output *first, *second;

        spit_text("a", "old");
        spit_text("b", "old");
        first = opened(io, "a", COSEND_OUTPUT_ATOMIC);
        second = opened(io, "b", COSEND_OUTPUT_ATOMIC);
        put(first, "new");
        put(second, "new");
        plan_failure(calls[i], 2, 1, EIO);
        assert_int_equal(cosend_output_prepare(first, NULL), COSEND_OK);
        assert_int_equal(cosend_output_prepare(second, NULL), COSEND_E_OUTPUT);
        assert_int_equal(cosend_output_publish(second, NULL), COSEND_E_OUTPUT);
        cosend_output_free(first);
        cosend_output_free(second);
        assert_holds("a", "old");
        assert_holds("b", "old");
        assert_int_equal(entries("", true), 2);
        cosend_io_free(io);
    }
}

static void test_a_file_in_place_is_emptied_by_the_first_write(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;

    (void)state;
    spit_text("a", "old");
    output = opened(io, "a", COSEND_OUTPUT_PLAIN);
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_OK);
    cosend_output_free(output);
    assert_holds("a", "old");
    output = opened(io, "a", COSEND_OUTPUT_PLAIN);
    assert_int_equal(cosend_output_begin(output, NULL), COSEND_OK);
    assert_holds("a", "");
    put(output, "n");
    cosend_output_free(output);
    spit_text("a", "old");
    output = opened(io, "a", COSEND_OUTPUT_PLAIN);
    put(output, "n");
    commit(output);
    assert_holds("a", "n");
    commit(opened(io, "a", COSEND_OUTPUT_PLAIN));
    assert_holds("a", "");
    entries("", true);
    cosend_output_free(opened(io, "new", COSEND_OUTPUT_PLAIN));
    assert_int_equal(entries("", true), 0);
    cosend_io_free(io);
}

static void test_a_rename_that_was_not_synced_is_an_error(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output = opened(io, "a", COSEND_OUTPUT_ATOMIC);

    (void)state;
    plan_failure(FSYNC, 2, 1, EIO);
    assert_int_equal(cosend_output_commit(output, NULL), COSEND_E_OUTPUT);
    assert_int_equal(plan.seen, 2);
    cosend_output_free(output);
    assert_int_equal(entries("", true), 1);
    cosend_io_free(io);
}

static void test_closing_reports_what_was_put_off(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output = opened(io, "a", COSEND_OUTPUT_PLAIN);
    int fd = open("b", O_WRONLY | O_CREAT, 0666);

    (void)state;
    plan_failure(CLOSE, 1, 2, EDQUOT);
    assert_int_equal(cosend_output_commit(output, NULL), COSEND_E_OUTPUT);
    cosend_output_free(output);
    assert_int_equal(cosend_output_descriptor(io, fd, "stdout", &output, NULL),
                     COSEND_OK);
    assert_int_equal(cosend_output_commit(output, NULL), COSEND_E_OUTPUT);
    cosend_output_free(output);
    assert_int_equal(write(fd, "open", 4), 4);
    close(fd);
    entries("", true);
    cosend_io_free(io);
}

static void *limited_write(void *argument)
{
    struct cosend_error *error = argument;
    struct cosend_io *io = planned_io();
    struct cosend_output *output = opened(io, "a", COSEND_OUTPUT_PLAIN);

    write_pieces(output, 300000, error);
    cosend_output_commit(output, error);
    cosend_output_free(output);
    cosend_io_free(io);
    return NULL;
}

static void test_a_file_over_its_limit_is_an_error(void **state)
{
    struct rlimit before, limit;
    struct cosend_error error = {0};

    (void)state;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = (struct rlimit){100000, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    limited_write(&error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_string_equal(error.message, "a: File too large");
    entries("", true);
}

/* A whole run, in which the process dies before some call. */
static int dies_at(unsigned call)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;

    plan.most = 40000;
    plan.kill = call;
    output = opened(io, "a", COSEND_OUTPUT_ATOMIC);
    write_pieces(output, 200000, NULL);
    return cosend_output_commit(output, NULL);
}

static void test_a_killed_run_leaves_the_old_file_or_the_new(void **state)
{
    unsigned old = 0, new = 0;
    int status = -1;

    (void)state;
    for (unsigned call = 1; status != 0; call++) {
        size_t length;
        char *text;
        pid_t child;

        spit_text("a", "old");
        child = fork();
        if (child == 0)
            _exit(dies_at(call));
        waitpid(child, &status, 0);
        text = slurp("a", &length);
        if (length == 200000)
            new ++;
        else if (strcmp(text, "old") == 0)
            old++;
        else
            fail_msg("%zu bytes after dying at call %u", length, call);
        free(text);
        entries("", true);
    }
    assert_true(old > 8 && new > 2);
}

/* ---- Pipes ----------------------------------------------------------------*/

enum { LINES = 200000 };

/* Read with pauses what the test writes. Returns how many lines came. */
static void *slow_reader(void *argument)
{
    int fd = *(int *)argument;
    static char buffer[30000];
    ssize_t got;
    size_t lines = 0, rounds = 0;

    while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
        for (ssize_t i = 0; i < got; i++)
            lines += buffer[i] == '\n';
        if (rounds++ % 8 == 0)
            usleep(1000);
    }
    return (void *)lines;
}

static void test_a_non_blocking_pipe_gets_every_line(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    pthread_t thread;
    void *lines;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[1], F_SETPIPE_SZ, 4096);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    pthread_create(&thread, NULL, slow_reader, &ends[0]);
    cosend_output_descriptor(io, ends[1], "stdout", &output, NULL);
    for (int i = 0; i < LINES; i++) {
        char line[32];
        int length = snprintf(line, sizeof(line), "line %d\n", i);

        assert_int_equal(
            cosend_output_write(output, line, (size_t)length, NULL), COSEND_OK);
    }
    commit(output);
    assert_true(fcntl(ends[1], F_GETFL) & O_NONBLOCK);
    close(ends[1]);
    pthread_join(thread, &lines);
    assert_int_equal((size_t)lines, LINES);
    close(ends[0]);
    cosend_io_free(io);
}

static void test_a_reader_that_is_gone_is_no_error(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_error error = {0};
    struct cosend_output *output;
    int ends[2];

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    cosend_output_descriptor(io, ends[1], "stdout", &output, NULL);
    put(output, "x");
    close(ends[0]);
    assert_int_equal(cosend_output_flush(output, &error), COSEND_DONE);
    assert_int_equal(cosend_output_write(output, "x", 1, &error), COSEND_DONE);
    assert_int_equal(cosend_output_commit(output, &error), COSEND_DONE);
    assert_int_equal(error.kind, 0);
    cosend_output_free(output);
    close(ends[1]);
    cosend_io_free(io);
}

static void
test_a_flush_of_nothing_notices_that_the_reader_is_gone(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    cosend_output_descriptor(io, ends[1], "stdout", &output, NULL);
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_OK);
    close(ends[0]);
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_DONE);
    cosend_output_free(output);
    close(ends[1]);
    cosend_io_free(io);
}

static void test_a_kill_ends_the_wait_for_a_reader(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_error error = {0};
    struct cosend_output *output;
    int ends[2];

    (void)state;
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    cosend_output_descriptor(io, ends[1], "stdout", &output, NULL);
    cosend_io_wake(io, COSEND_WAKE_STOP);
    put(output, "written though the input stops");
    assert_int_equal(cosend_output_flush(output, NULL), COSEND_OK);
    cosend_io_wake(io, COSEND_WAKE_KILL);
    assert_int_equal(write_pieces(output, 300000, &error), COSEND_E_ABORTED);
    assert_string_equal(error.message,
                        "stdout: given up before all was written");
    cosend_output_free(output);
    close(ends[0]);
    close(ends[1]);
    cosend_io_free(io);
}

static void *late_reader(void *argument)
{
    char byte;
    int fd;

    (void)argument;
    usleep(20000);
    fd = open("fifo", O_RDONLY);
    while (read(fd, &byte, 1) < 0)
        ;
    close(fd);
    return NULL;
}

static void test_a_fifo_is_waited_for(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    pthread_t thread;

    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    pthread_create(&thread, NULL, late_reader, NULL);
    output = opened(io, "fifo", COSEND_OUTPUT_ATOMIC);
    assert_false(cosend_output_is_atomic(output));
    put(output, "x");
    commit(output);
    pthread_join(thread, NULL);
    cosend_io_wake(io, COSEND_WAKE_STOP);
    assert_refused(io, "fifo", COSEND_OUTPUT_PLAIN, COSEND_E_ABORTED,
                   "fifo: stopped before anybody read it");
    entries("", true);
    cosend_io_free(io);
}

static void test_a_path_of_a_descriptor_is_the_descriptor(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    char path[32];
    int fd;

    (void)state;
    spit_text("a", "before ");
    fd = open("a", O_WRONLY | O_APPEND);
    snprintf(path, sizeof(path), "/dev/fd/%d", fd);
    output = opened(io, path, COSEND_OUTPUT_ATOMIC);
    put(output, "after");
    commit(output);
    assert_holds("a", "before after");
    close(fd);
    entries("", true);
    cosend_io_free(io);
}

/* ---- Terminals ------------------------------------------------------------*/

static void test_only_a_terminal_is_shown_escapes(void **state)
{
    static const char text[] = "\x1b[31mred\n";
    struct cosend_io *io = planned_io();
    struct cosend_output *output;
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), fd;
    char name[64], shown[64] = "";

    (void)state;
    output = opened(io, "a", COSEND_OUTPUT_PLAIN);
    assert_false(cosend_output_is_tty(output));
    cosend_output_print(output, text, sizeof(text) - 1, NULL);
    commit(output);
    assert_holds("a", text);
    entries("", true);
    if (terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0 &&
        ptsname_r(terminal, name, sizeof(name)) == 0) {
        fd = open(name, O_RDWR | O_NOCTTY);
        assert_true(fd >= 0);
        cosend_output_descriptor(io, fd, "stdout", &output, NULL);
        assert_true(cosend_output_is_tty(output));
        cosend_output_print(output, text, sizeof(text) - 1, NULL);
        commit(output);
        assert_true(read(terminal, shown, sizeof(shown) - 1) > 0);
        assert_string_equal(shown, "\\x1b[31mred\r\n");
        close(fd);
    }
    if (terminal >= 0)
        close(terminal);
    cosend_io_free(io);
}

/* ---- Memory ---------------------------------------------------------------*/

static int whole_run(struct cosend_io *io, bool partial)
{
    struct cosend_error error = {0};
    struct cosend_output *output;
    int status =
        cosend_output_open(io, "a", COSEND_OUTPUT_ATOMIC, &output, &error);

    if (status == COSEND_OK)
        status = write_pieces(output, 200000, &error);
    if (status == COSEND_OK)
        status = partial ? cosend_output_keep_partial(output, &error)
                         : cosend_output_commit(output, &error);
    if (status) {
        assert_int_equal(status, COSEND_E_MEMORY);
        assert_int_equal(error.kind, COSEND_E_MEMORY);
    }
    cosend_output_free(output);
    return status;
}

static void test_an_output_survives_want_of_memory(void **state)
{
    struct cosend_io *io = planned_io();

    (void)state;
    for (int partial = 0; partial < 2; partial++) {
        unsigned count = 0;
        int status;

        do {
            entries("", true);
            allow_allocations(count++);
            status = whole_run(io, partial);
            assert_int_equal(entries(".", false), 0);
        } while (status);
        assert_true(count > 3);
    }
    cosend_set_allocator(NULL, NULL, NULL);
    entries("", true);
    cosend_io_free(io);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_atomic_file_changes_at_the_commit),
        cmocka_unit_test(test_an_atomic_file_that_is_abandoned_leaves_nothing),
        cmocka_unit_test(test_an_atomic_file_can_be_kept_as_partial),
        cmocka_unit_test(test_an_atomic_file_keeps_mode_and_link),
        cmocka_unit_test(test_a_name_as_long_as_allowed_can_be_atomic),
        cmocka_unit_test(test_a_file_is_in_place_beside_an_endless_input),
        cmocka_unit_test(test_append_adds_to_what_is_there),
        cmocka_unit_test(test_an_input_is_refused_as_output),
        cmocka_unit_test(test_what_cannot_be_opened_is_named),
        cmocka_unit_test(test_a_very_long_path_leaves_room_for_the_reason),
        cmocka_unit_test(test_short_writes_lose_nothing),
        cmocka_unit_test(test_interrupts_lose_nothing),
        cmocka_unit_test(test_a_failed_write_is_told_and_stays),
        cmocka_unit_test(test_a_write_that_takes_nothing_is_an_error),
        cmocka_unit_test(test_errors_at_the_end_leave_the_target_as_it_was),
        cmocka_unit_test(
            test_files_that_belong_together_are_all_prepared_first),
        cmocka_unit_test(test_a_file_in_place_is_emptied_by_the_first_write),
        cmocka_unit_test(test_a_rename_that_was_not_synced_is_an_error),
        cmocka_unit_test(test_closing_reports_what_was_put_off),
        cmocka_unit_test(test_a_file_over_its_limit_is_an_error),
        cmocka_unit_test(test_a_killed_run_leaves_the_old_file_or_the_new),
        cmocka_unit_test(test_a_non_blocking_pipe_gets_every_line),
        cmocka_unit_test(test_a_reader_that_is_gone_is_no_error),
        cmocka_unit_test(
            test_a_flush_of_nothing_notices_that_the_reader_is_gone),
        cmocka_unit_test(test_a_kill_ends_the_wait_for_a_reader),
        cmocka_unit_test(test_a_fifo_is_waited_for),
        cmocka_unit_test(test_a_path_of_a_descriptor_is_the_descriptor),
        cmocka_unit_test(test_only_a_terminal_is_shown_escapes),
        cmocka_unit_test(test_an_output_survives_want_of_memory),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
