/* SPDX-License-Identifier: MIT */
/*
 * What the tests of lib/io share: a directory of their own, files in it, and
 * stand-ins for the system's calls that fail, count short or are interrupted.
 */
#ifndef TEST_IO_H
#define TEST_IO_H

#include "io/io.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- A directory, entered -------------------------------------------------*/

static char test_directory[64];

static inline int enter_directory(void **state)
{
    (void)state;
    strcpy(test_directory, "/tmp/cosend-test-XXXXXX");
    return !mkdtemp(test_directory) || chdir(test_directory) != 0;
}

/* How many entries the directory has whose names begin so. */
static inline int entries(const char *prefix, bool removed)
{
    DIR *directory = opendir(test_directory);
    struct dirent *entry;
    int count = 0;

    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0 ||
            strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        count++;
        if (removed && unlink(entry->d_name) != 0)
            rmdir(entry->d_name);
    }
    closedir(directory);
    return count;
}

static inline int leave_directory(void **state)
{
    (void)state;
    entries("", true);
    return chdir("/") != 0 || rmdir(test_directory) != 0;
}

static inline void spit(const char *path, const char *text, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), length);
    close(fd);
}

static inline void spit_text(const char *path, const char *text)
{
    spit(path, text, strlen(text));
}

/* A file's bytes; its length is put into *length. To be freed. */
static inline char *slurp(const char *path, size_t *length)
{
    struct stat status;
    char *text;
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    *length = (size_t)status.st_size;
    text = malloc(*length + 1);
    assert_non_null(text);
    assert_int_equal(read(fd, text, *length), *length);
    text[*length] = '\0';
    close(fd);
    return text;
}

static inline void assert_holds(const char *path, const char *expected)
{
    size_t length;
    char *text = slurp(path, &length);

    assert_string_equal(text, expected);
    free(text);
}

/* ---- Calls that fail ------------------------------------------------------*/

enum call { NO_CALL, OPEN, READ, WRITE, CLOSE, FSYNC, RENAME, FSTAT, POLL };

/* Set by a test before it acts. */
static struct {
    enum call fail;      /* this call */
    unsigned at;         /* fails from its at-th time on, from 1, ... */
    unsigned times;      /* ... as many times */
    int error;           /* with this errno */
    size_t most;         /* a read or write counts at most so many; 0: any */
    unsigned interrupts; /* every so-manieth call that can be says EINTR */
    unsigned kill;       /* the process dies before the kill-th call */
    unsigned calls;      /* of any kind, so far */
    unsigned seen;       /* of the failing kind, so far */
} plan;

static inline bool planned(enum call call)
{
    if (++plan.calls == plan.kill)
        raise(SIGKILL);
    if (plan.interrupts && call != FSTAT && plan.calls % plan.interrupts == 0) {
        errno = EINTR;
        return true;
    }
    if (plan.fail != call)
        return false;
    plan.seen++;
    errno = plan.error;
    return plan.seen >= plan.at && plan.seen - plan.at < plan.times;
}

static inline size_t shorter(size_t size)
{
    return plan.most && size > plan.most ? plan.most : size;
}

static inline int fake_open(const char *path, int flags, mode_t mode)
{
    return planned(OPEN) ? -1 : open(path, flags, mode);
}

static inline ssize_t fake_read(int fd, void *buffer, size_t size)
{
    return planned(READ) ? -1 : read(fd, buffer, shorter(size));
}

static inline ssize_t fake_pread(int fd, void *buffer, size_t size, off_t at)
{
    return planned(READ) ? -1 : pread(fd, buffer, size, at);
}

static inline ssize_t fake_write(int fd, const void *data, size_t size)
{
    return planned(WRITE) ? -1 : write(fd, data, shorter(size));
}

/* As Linux does it: the descriptor is closed, whatever is answered. */
static inline int fake_close(int fd)
{
    int failed = close(fd);

    return planned(CLOSE) ? -1 : failed;
}

static inline int fake_fsync(int fd)
{
    return planned(FSYNC) ? -1 : fsync(fd);
}

static inline int fake_rename(const char *from, const char *to)
{
    return planned(RENAME) ? -1 : rename(from, to);
}

static inline int fake_fstat(int fd, struct stat *status)
{
    return planned(FSTAT) ? -1 : csi_io_system.fstat(fd, status);
}

static inline int fake_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    return planned(POLL) ? -1 : poll(fds, count, timeout);
}

/* A context whose calls go by the plan, which is reset. */
static inline struct cosend_io *planned_io(void)
{
    static struct csi_io_ops ops;
    struct cosend_io *io = cosend_io_new(NULL);

    assert_non_null(io);
    memset(&plan, 0, sizeof(plan));
    ops = csi_io_system;
    ops.open = fake_open;
    ops.read = fake_read;
    ops.pread = fake_pread;
    ops.write = fake_write;
    ops.close = fake_close;
    ops.fsync = fake_fsync;
    ops.rename = fake_rename;
    ops.fstat = fake_fstat;
    ops.poll = fake_poll;
    io->ops = &ops;
    return io;
}

static inline void plan_failure(enum call call, unsigned at, unsigned times,
                                int error)
{
    plan.fail = call;
    plan.at = at;
    plan.times = times;
    plan.error = error;
    plan.seen = 0;
}

/* ---- Memory that runs out -------------------------------------------------*/

static unsigned allocations_left;

static inline void *scarce_malloc(size_t size)
{
    return allocations_left && allocations_left-- ? malloc(size) : NULL;
}

static inline void *scarce_realloc(void *old, size_t size)
{
    return allocations_left && allocations_left-- ? realloc(old, size) : NULL;
}

static inline void allow_allocations(unsigned count)
{
    allocations_left = count;
    cosend_set_allocator(scarce_malloc, scarce_realloc, free);
}

#endif
