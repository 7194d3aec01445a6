/* SPDX-License-Identifier: MIT */
#include "test_io.h"

#include <sys/wait.h>
#include <time.h>

/* ---- A reader of numbered lines -------------------------------------------*/

struct reader {
    unsigned long next; /* the number that is due */
    char line[32];
    size_t length;
};

/* Take bytes and hold every whole line against the count. */
static void take(struct reader *reader, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\n') {
            assert_true(reader->length < sizeof(reader->line) - 1);
            reader->line[reader->length++] = text[i];
            continue;
        }
        reader->line[reader->length] = '\0';
        if (strtoul(reader->line, NULL, 10) != reader->next)
            fail_msg("line %lu came as \"%s\"", reader->next, reader->line);
        reader->next++;
        reader->length = 0;
    }
}

/* ---- A simulated world: the test is the clock and the writer --------------*/

enum { ROTATIONS = 100, GRACE = 1000 };

static struct {
    struct cosend_io *io;
    struct csi_io_ops ops;
    int64_t clock;
    long ticks; /* of file times */
    uint64_t random;
    int fd;          /* the writer's */
    int old_fd;      /* still written to after its rotation, or -1 */
    bool used;       /* fd has a line */
    int64_t reopens; /* when the writer notices the rotation */
    unsigned long lines;
    size_t written; /* of the current line */
    int rotations;
    int goal;
    int idle;
    bool shifts; /* log.1 becomes log.2, ... */
    bool deletes;
    unsigned long last[ROTATIONS]; /* one behind a rotated file's last line */
    int deleted;
    const struct reader *reader;
} world;

static unsigned chance(unsigned below)
{
    world.random = world.random * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(world.random >> 33) % below;
}

/* File times that only ever grow, however coarse the system's are. */
static void stamp(int fd)
{
    struct timespec times[2] = {{1000000, world.ticks}, {1000000, world.ticks}};

    world.ticks++;
    futimens(fd, times);
}

static void write_some(void)
{
    int fd = world.old_fd >= 0 ? world.old_fd : world.fd;
    char line[32];
    size_t length = (size_t)snprintf(line, sizeof(line), "%lu\n", world.lines);
    size_t count = 1 + chance((unsigned)(length - world.written));

    if (write(fd, line + world.written, count) != (ssize_t)count)
        abort();
    stamp(fd);
    world.used = world.old_fd < 0;
    world.written += count;
    if (world.written == length) {
        world.lines++;
        world.written = 0;
    }
}

static void shift_names(void)
{
    char from[32], to[32];

    for (int i = world.rotations; i > 0; i--) {
        snprintf(from, sizeof(from), "log.%d", i);
        snprintf(to, sizeof(to), "log.%d", i + 1);
        rename(from, to);
    }
}

static void rotate(void)
{
    char name[32] = "log.1";

    if (world.shifts)
        shift_names();
    else
        snprintf(name, sizeof(name), "log-%04d", world.rotations);
    rename("log", name);
    world.old_fd = world.fd;
    world.used = false;
    world.fd = open("log", O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0666);
    stamp(world.fd);
    world.reopens = world.clock + chance(GRACE / 2);
}

static void end_rotation(void)
{
    close(world.old_fd);
    world.old_fd = -1;
    world.last[world.rotations++] = world.lines;
}

static void delete_read(void)
{
    char name[32];

    if (world.deleted < world.rotations &&
        world.last[world.deleted] <= world.reader->next) {
        snprintf(name, sizeof(name), "log-%04d", world.deleted++);
        unlink(name);
    }
}

/* The writer does something, or nothing. */
static void live(void)
{
    unsigned what = chance(16);

    if (world.rotations >= world.goal)
        return;
    if (world.old_fd >= 0 && world.clock >= world.reopens && !world.written)
        end_rotation();
    else if (what < 8)
        write_some();
    else if (what < 10 && world.used && !world.written)
        rotate();
    else if (what == 10 && world.deletes)
        delete_read();
}

static int world_open(const char *path, int flags, mode_t mode)
{
    live();
    return csi_io_system.open(path, flags, mode);
}

static ssize_t world_pread(int fd, void *buffer, size_t size, off_t offset)
{
    live();
    return pread(fd, buffer, size, offset);
}

static int world_stat(const char *path, struct stat *status)
{
    live();
    return csi_io_system.stat(path, status);
}

static int world_fstat(int fd, struct stat *status)
{
    live();
    return csi_io_system.fstat(fd, status);
}

/* Time passes here and nowhere else; a lot of it now and then, as for a reader
   that is held up. */
static int world_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    world.clock += timeout;
    for (unsigned i = chance(32) ? 2 : 200; i > 0; i--)
        live();
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = 0;
    if (world.rotations >= world.goal && world.idle++ > 20)
        cosend_io_wake(world.io, COSEND_WAKE_STOP);
    return 0;
}

static int64_t world_now(void)
{
    return world.clock;
}

static void begin_world(uint64_t seed, const struct reader *reader)
{
    memset(&world, 0, sizeof(world));
    world.io = cosend_io_new(NULL);
    world.io->interval = 100;
    world.io->grace = GRACE;
    world.ops = csi_io_system;
    world.ops.open = world_open;
    world.ops.pread = world_pread;
    world.ops.stat = world_stat;
    world.ops.fstat = world_fstat;
    world.ops.poll = world_poll;
    world.ops.now = world_now;
    world.io->ops = &world.ops;
    world.random = seed;
    world.reader = reader;
    world.old_fd = -1;
    world.shifts = seed % 3 == 0;
    world.deletes = seed % 3 == 1;
    world.fd = open("log", O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0666);
    stamp(world.fd);
}

static void test_no_line_is_lost_or_doubled_in_any_order_of_events(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        struct reader reader = {0};
        struct cosend_input *input;
        struct cosend_error error = {0};
        char buffer[512];
        size_t length;
        int status;

        begin_world(seed, &reader);
        assert_int_equal(cosend_input_open(world.io, "log", COSEND_INPUT_FOLLOW,
                                           &input, &error),
                         COSEND_OK);
        assert_true(cosend_input_live(input));
        world.goal = ROTATIONS;
        while ((status =
                    cosend_input_read(input, buffer, 1 + chance(sizeof(buffer)),
                                      &length, &error)) == COSEND_OK ||
               status == COSEND_YIELD) {
            take(&reader, buffer, length);
            if (status == COSEND_YIELD)
                assert_int_equal(reader.length, 0);
        }
        assert_int_equal(status, COSEND_CLOSING);
        if (reader.next != world.lines)
            fail_msg("seed %d: %lu of %lu lines", (int)seed, reader.next,
                     world.lines);
        assert_int_equal(world.rotations, ROTATIONS);
        close(world.fd);
        cosend_input_free(input);
        cosend_io_free(world.io);
        entries("", true);
    }
}

/* ---- A real writer --------------------------------------------------------*/

/* Wait until the system gives files a later time than this one's. */
static void wait_for_tick(int fd)
{
    struct timespec now;
    struct stat status;

    fstat(fd, &status);
    do {
        usleep(500);
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
    } while (now.tv_sec < status.st_mtim.tv_sec ||
             (now.tv_sec == status.st_mtim.tv_sec &&
              now.tv_nsec <= status.st_mtim.tv_nsec));
}

static void write_lines(int fd, unsigned long *number, int count)
{
    for (int i = 0; i < count; i++) {
        char line[32];
        int length = snprintf(line, sizeof(line), "%lu\n", (*number)++);

        if (write(fd, line, (size_t)length) != length)
            _exit(1);
    }
}

enum { REAL_LINES = 100 * (ROTATIONS + 1) };

static void write_and_rotate(void)
{
    unsigned long number = 0;

    for (int i = 0; i <= ROTATIONS; i++) {
        char name[32];
        int fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0666);

        write_lines(fd, &number, 50);
        snprintf(name, sizeof(name), "log.%d", i);
        if (i < ROTATIONS && rename("log", name) != 0)
            _exit(1);
        write_lines(fd, &number, 50);
        wait_for_tick(fd);
        close(fd);
    }
    _exit(0);
}

static void test_a_log_rotated_a_hundred_times_is_read_whole(void **state)
{
    struct reader reader = {0};
    struct cosend_io *io = cosend_io_new(NULL);
    struct cosend_input *input;
    char buffer[4096];
    size_t length;
    int status = COSEND_OK;
    pid_t child;

    (void)state;
    io->interval = 1;
    io->grace = 20;
    spit_text("log", "");
    assert_int_equal(
        cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL),
        COSEND_OK);
    child = fork();
    if (child == 0)
        write_and_rotate();
    while (reader.next < REAL_LINES && status >= 0) {
        status =
            cosend_input_read(input, buffer, sizeof(buffer), &length, NULL);
        take(&reader, buffer, length);
    }
    assert_int_equal(reader.next, REAL_LINES);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_false(cosend_input_ready(input));
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

/* ---- Single events --------------------------------------------------------*/

/* A context whose waits take no time: a read that would wait is CLOSING. */
static struct cosend_io *still_io(void)
{
    struct reader *none = NULL;

    begin_world(0, none);
    close(world.fd);
    unlink("log");
    world.idle = 1000;
    return world.io;
}

/* Read until the input would wait; what came, and a | for every new file. */
static void assert_follows(struct cosend_input *input, const char *expected)
{
    char text[256] = "", buffer[64];
    size_t length;
    int status;

    cosend_io_take(world.io, ~0U);
    while ((status = cosend_input_read(input, buffer, sizeof(buffer), &length,
                                       NULL)) != COSEND_CLOSING) {
        assert_true(status == COSEND_OK || status == COSEND_YIELD);
        if (status == COSEND_YIELD)
            strcat(text, "|");
        strncat(text, buffer, length);
    }
    cosend_io_take(world.io, ~0U);
    assert_string_equal(text, expected);
}

/* The same when the grace of a rotated file is over. */
static void assert_goes_on(struct cosend_input *input, const char *expected)
{
    cosend_input_ready(input);
    world.clock += GRACE;
    assert_follows(input, expected);
}

static struct cosend_input *follow(const char *path, unsigned flags)
{
    struct cosend_input *input;
    struct cosend_error error = {0};

    if (cosend_input_open(world.io, path, flags | COSEND_INPUT_FOLLOW, &input,
                          &error))
        fail_msg("%s", error.message);
    return input;
}

static void append(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND);

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void finish(struct cosend_input *input)
{
    cosend_input_free(input);
    cosend_io_free(world.io);
    entries("", true);
}

static void test_a_file_that_grows_is_followed(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\n");
    input = follow("log", 0);
    assert_true(cosend_input_ready(input));
    assert_follows(input, "one\n");
    assert_false(cosend_input_ready(input));
    append("log", "tw");
    assert_true(cosend_input_ready(input));
    assert_follows(input, "tw");
    append("log", "o\n");
    assert_follows(input, "o\n");
    assert_int_equal(cosend_input_offset(input), 8);
    finish(input);
}

static void test_a_file_can_be_followed_from_its_end(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\n");
    input = follow("log", COSEND_INPUT_FROM_END);
    assert_int_equal(cosend_input_offset(input), 4);
    assert_follows(input, "");
    append("log", "two\n");
    assert_follows(input, "two\n");
    assert_int_equal(rename("log", "log.1"), 0);
    spit_text("log", "three\n");
    assert_goes_on(input, "|three\n");
    finish(input);
}

static void test_a_missing_file_is_waited_for_if_asked(void **state)
{
    struct cosend_input *input;
    struct cosend_error error = {0};

    (void)state;
    still_io();
    assert_int_equal(
        cosend_input_open(world.io, "log", COSEND_INPUT_FOLLOW, &input, &error),
        COSEND_E_INPUT);
    assert_string_equal(error.message, "log: No such file or directory");
    input = follow("log", COSEND_INPUT_WAIT);
    assert_false(cosend_input_ready(input));
    assert_follows(input, "");
    assert_int_equal(mkdir("log", 0777), 0);
    assert_follows(input, "");
    rmdir("log");
    spit_text("log", "one\n");
    assert_true(cosend_input_ready(input));
    assert_follows(input, "one\n");
    finish(input);
}

static void test_a_renamed_file_is_read_until_the_grace_is_over(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\n");
    input = follow("log", 0);
    assert_follows(input, "one\n");
    assert_int_equal(rename("log", "log.1"), 0);
    append("log.1", "two\n");
    assert_follows(input, "two\n");
    spit_text("log", "four\n");
    assert_follows(input, "");
    append("log.1", "three\n");
    assert_follows(input, "three\n");
    assert_goes_on(input, "|four\n");
    assert_int_equal(cosend_input_offset(input), 5);
    finish(input);
}

static void test_a_partial_line_ends_at_the_new_file(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\nhal");
    input = follow("log", 0);
    assert_follows(input, "one\nhal");
    assert_int_equal(rename("log", "log.1"), 0);
    spit_text("log", "two\n");
    assert_goes_on(input, "|two\n");
    finish(input);
}

static void test_a_removed_file_is_read_to_its_end(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\ntwo\n");
    input = follow("log", 0);
    unlink("log");
    assert_follows(input, "one\ntwo\n");
    spit_text("log", "one\ntwo\nthree\n");
    assert_goes_on(input, "|one\ntwo\nthree\n");
    finish(input);
}

static void test_a_truncated_file_is_read_from_its_start(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\ntwo\n");
    input = follow("log", 0);
    assert_follows(input, "one\ntwo\n");
    spit_text("log", "3\n");
    assert_true(cosend_input_ready(input));
    assert_follows(input, "|3\n");
    spit_text("log", "");
    assert_follows(input, "|");
    append("log", "4\n");
    assert_follows(input, "4\n");
    finish(input);
}

static void
test_a_truncated_file_that_grew_again_is_told_by_its_head(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "one\n");
    input = follow("log", 0);
    assert_follows(input, "one\n");
    spit_text("log", "two\n");
    assert_true(cosend_input_ready(input));
    assert_follows(input, "|two\n");
    spit_text("log", "three\nfour\n");
    assert_follows(input, "|three\nfour\n");
    append("log", "five\n");
    assert_follows(input, "five\n");
    finish(input);
}

static void test_a_long_file_that_is_cut_is_read_from_its_start(void **state)
{
    struct cosend_input *input;
    char text[600], buffer[1024];
    size_t length;

    (void)state;
    still_io();
    memset(text, 'x', sizeof(text));
    spit("log", text, sizeof(text));
    input = follow("log", 0);
    cosend_input_read(input, buffer, sizeof(buffer), &length, NULL);
    assert_int_equal(length, 600);
    assert_int_equal(truncate("log", 400), 0);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_YIELD);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_OK);
    assert_int_equal(length, 400);
    finish(input);
}

static void test_files_with_the_same_first_lines_are_two_files(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log", "head\n");
    input = follow("log", 0);
    for (int i = 0; i < 5; i++) {
        assert_goes_on(input, i ? "|head\n" : "head\n");
        unlink("log");
        spit_text("log", "head\n");
    }
    assert_goes_on(input, "|head\n");
    finish(input);
}

static void stamp_file(const char *path)
{
    int fd = open(path, O_WRONLY);

    stamp(fd);
    close(fd);
}

static void test_rotations_that_nobody_saw_are_found(void **state)
{
    struct cosend_input *input;

    (void)state;
    still_io();
    spit_text("log.1", "before\n");
    stamp_file("log.1");
    spit_text("log", "one\n");
    stamp_file("log");
    input = follow("log", 0);
    assert_follows(input, "one\n");
    rename("log.1", "log.4");
    rename("log", "log.3");
    spit_text("log.2", "two\n");
    stamp_file("log.2");
    spit_text("log.1", "three\n");
    stamp_file("log.1");
    spit_text("log.1.gz", "no");
    stamp_file("log.1.gz");
    spit_text("log.pos", "no");
    stamp_file("log.pos");
    spit_text("log", "four\n");
    stamp_file("log");
    assert_goes_on(input, "|two\n|three\n|four\n");
    finish(input);
}

static void test_any_number_of_rotations_can_go_unseen(void **state)
{
    struct reader reader = {0};
    struct cosend_input *input;
    char buffer[64];
    size_t length;
    int status;

    (void)state;
    still_io();
    world.idle = -1000;
    spit_text("log", "0\n");
    stamp_file("log");
    input = follow("log", 0);
    for (int i = 1; i <= 70; i++) {
        char name[32], line[32];

        snprintf(name, sizeof(name), "log.%d", 101 - i);
        snprintf(line, sizeof(line), "%d\n", i);
        rename("log", name);
        spit_text("log", line);
        stamp_file("log");
    }
    while ((status = cosend_input_read(input, buffer, sizeof(buffer), &length,
                                       NULL)) != COSEND_CLOSING) {
        assert_true(status == COSEND_OK || status == COSEND_YIELD);
        take(&reader, buffer, length);
    }
    assert_int_equal(reader.next, 71);
    finish(input);
}

static void test_a_path_with_a_directory_is_followed(void **state)
{
    struct cosend_input *input;
    char path[128], missed[128];

    (void)state;
    still_io();
    snprintf(path, sizeof(path), "%s/log", test_directory);
    snprintf(missed, sizeof(missed), "%s/log-20260101", test_directory);
    spit_text(path, "one\n");
    stamp_file(path);
    input = follow(path, 0);
    assert_follows(input, "one\n");
    unlink(path);
    spit_text(missed, "two\n");
    stamp_file(missed);
    spit_text(path, "three\n");
    stamp_file(path);
    assert_goes_on(input, "|two\n|three\n");
    finish(input);
}

static void test_several_files_are_followed_at_once(void **state)
{
    struct cosend_input *inputs[2];

    (void)state;
    still_io();
    spit_text("a", "");
    spit_text("b", "");
    inputs[0] = follow("a", 0);
    inputs[1] = follow("b", 0);
    assert_int_equal(cosend_input_wait(world.io, inputs, 2, 250, NULL),
                     COSEND_CLOSING);
    cosend_io_take(world.io, ~0U);
    world.idle = -1000;
    assert_int_equal(cosend_input_wait(world.io, inputs, 2, 250, NULL),
                     COSEND_DONE);
    append("b", "x\n");
    assert_int_equal(cosend_input_wait(world.io, inputs, 2, -1, NULL),
                     COSEND_OK);
    assert_false(cosend_input_ready(inputs[0]));
    assert_true(cosend_input_ready(inputs[1]));
    cosend_input_free(inputs[0]);
    finish(inputs[1]);
}

/* It is looked at every hour, and this ends sooner: at once, or never. */
static void test_a_write_ends_the_wait_for_more(void **state)
{
    const struct timespec moment = {0, 50000000};
    struct cosend_io *io = cosend_io_new(NULL);
    struct cosend_input *input;
    char buffer[16];
    size_t length;
    pid_t writer;

    (void)state;
    io->interval = 3600000;
    spit_text("log", "one\n");
    cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL);
    if (io->changes_fd < 0) /* a system without inotify */
        skip();
    cosend_input_read(input, buffer, sizeof(buffer), &length, NULL);
    for (int round = 0; round < 4; round++) {
        writer = fork();
        if (!writer) {
            nanosleep(&moment, NULL);
            append("log", "two\n");
            _exit(0);
        }
        alarm(30);
        if (round % 2)
            cosend_input_wait(io, &input, 1, -1, NULL);
        assert_int_equal(
            cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
            COSEND_OK);
        assert_int_equal(length, 4);
        alarm(0);
        waitpid(writer, NULL, 0);
    }
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

/* ---- Faults ---------------------------------------------------------------*/

static void test_a_failed_read_of_a_followed_file_is_named(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_error error = {0};
    struct cosend_input *input;
    char buffer[16];
    size_t length;

    (void)state;
    spit_text("log", "one\n");
    cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL);
    cosend_input_read(input, buffer, sizeof(buffer), &length, NULL);
    append("log", "two\n");
    plan_failure(READ, 1, 2, EIO);
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, &error),
        COSEND_E_INPUT);
    assert_string_equal(error.message, "log: Input/output error");
    assert_int_equal(
        cosend_input_read(input, buffer, sizeof(buffer), &length, NULL),
        COSEND_OK);
    assert_int_equal(length, 4);
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

static void test_following_survives_interrupts(void **state)
{
    struct cosend_io *io = planned_io();
    struct cosend_input *input;
    struct reader reader = {0};
    char buffer[7];
    size_t length;

    (void)state;
    io->interval = 1;
    io->grace = 0;
    plan.interrupts = 2;
    spit_text("log", "0\n1\n2\n");
    cosend_input_open(io, "log", COSEND_INPUT_FOLLOW, &input, NULL);
    rename("log", "log.1");
    spit_text("log", "3\n4\n5\n");
    while (reader.next < 6) {
        assert_true(cosend_input_read(input, buffer, sizeof(buffer), &length,
                                      NULL) >= 0);
        take(&reader, buffer, length);
    }
    cosend_input_free(input);
    cosend_io_free(io);
    entries("", true);
}

static void test_following_survives_want_of_memory(void **state)
{
    unsigned count = 0;
    bool done = false;

    (void)state;
    while (!done) {
        struct cosend_error error = {0};
        struct cosend_input *input;
        char buffer[16];
        size_t length;
        int status;

        still_io();
        spit_text("log", "one\n");
        stamp_file("log");
        allow_allocations(count++);
        status = cosend_input_open(world.io, "log", COSEND_INPUT_FOLLOW, &input,
                                   &error);
        if (status == COSEND_OK) {
            rename("log", "log.2");
            for (int i = 12; i > 2; i--) {
                char name[32];

                snprintf(name, sizeof(name), "log.%d", i);
                spit_text(name, "more\n");
                stamp_file(name);
            }
            spit_text("log", "last\n");
            stamp_file("log");
            while ((status = cosend_input_read(input, buffer, sizeof(buffer),
                                               &length, &error)) >= 0 &&
                   status != COSEND_CLOSING)
                ;
        }
        done = status == COSEND_CLOSING;
        if (!done)
            assert_int_equal(error.kind, COSEND_E_MEMORY);
        cosend_set_allocator(NULL, NULL, NULL);
        finish(input);
    }
    assert_true(count >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_no_line_is_lost_or_doubled_in_any_order_of_events),
        cmocka_unit_test(test_a_log_rotated_a_hundred_times_is_read_whole),
        cmocka_unit_test(test_a_file_that_grows_is_followed),
        cmocka_unit_test(test_a_file_can_be_followed_from_its_end),
        cmocka_unit_test(test_a_missing_file_is_waited_for_if_asked),
        cmocka_unit_test(test_a_renamed_file_is_read_until_the_grace_is_over),
        cmocka_unit_test(test_a_partial_line_ends_at_the_new_file),
        cmocka_unit_test(test_a_removed_file_is_read_to_its_end),
        cmocka_unit_test(test_a_truncated_file_is_read_from_its_start),
        cmocka_unit_test(
            test_a_truncated_file_that_grew_again_is_told_by_its_head),
        cmocka_unit_test(test_a_long_file_that_is_cut_is_read_from_its_start),
        cmocka_unit_test(test_files_with_the_same_first_lines_are_two_files),
        cmocka_unit_test(test_rotations_that_nobody_saw_are_found),
        cmocka_unit_test(test_any_number_of_rotations_can_go_unseen),
        cmocka_unit_test(test_a_path_with_a_directory_is_followed),
        cmocka_unit_test(test_several_files_are_followed_at_once),
        cmocka_unit_test(test_a_write_ends_the_wait_for_more),
        cmocka_unit_test(test_a_failed_read_of_a_followed_file_is_named),
        cmocka_unit_test(test_following_survives_interrupts),
        cmocka_unit_test(test_following_survives_want_of_memory),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
