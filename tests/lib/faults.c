/* SPDX-License-Identifier: MIT */
/*
 * Faults, preloaded into the program: what COSEND_FAULT says.
 *
 *   short              reads and writes move from 1 to 13 bytes
 *   interrupted        every other call fails with EINTR, having done nothing
 *   CALL:ERROR:N       the Nth call of CALL fails with ERROR, once; CALL is
 *                      read, write, open, fsync, close or rename
 *   malloc:N           the Nth allocation from now on fails, once
 *   malloc:N+          it and all after it
 *
 * Where COSEND_FAULT_MARK is a path, that file is made when a counted fault
 * happens, so that a loop over N knows when it is through.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool shorter, interrupted;
static char call[16];
static int error;
static bool on, sticky;
static unsigned long countdown;
static unsigned long turn;

static int error_number(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } errors[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT},
                  {"EACCES", EACCES}, {"EMFILE", EMFILE}, {"EPIPE", EPIPE},
                  {"EROFS", EROFS},   {"EFBIG", EFBIG}};
    size_t i;

    for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (strcmp(name, errors[i].name) == 0)
            return errors[i].number;
    return EIO;
}

__attribute__((constructor)) static void configure(void)
{
    const char *text = getenv("COSEND_FAULT");
    const char *first, *second;
    char name[16];

    if (!text)
        return;
    shorter = strcmp(text, "short") == 0;
    interrupted = strcmp(text, "interrupted") == 0;
    first = strchr(text, ':');
    if (!first || (size_t)(first - text) >= sizeof(call))
        return;
    memcpy(call, text, (size_t)(first - text));
    second = strchr(first + 1, ':');
    if (second && (size_t)(second - first - 1) < sizeof(name)) {
        memcpy(name, first + 1, (size_t)(second - first - 1));
        name[second - first - 1] = '\0';
        error = error_number(name);
        first = second;
    }
    countdown = strtoul(first + 1, NULL, 10);
    sticky = text[strlen(text) - 1] == '+';
    on = countdown > 0;
}

static void mark(void)
{
    const char *path = getenv("COSEND_FAULT_MARK");

    if (path)
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, path,
                                   O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/* Whether this call is the one that fails. */
static bool hit(const char *name)
{
    if (!on || strcmp(call, name) != 0)
        return false;
    if (countdown > 1) {
        countdown--;
        return false;
    }
    on = sticky;
    mark();
    return true;
}

/* Whether this call fails; errno is set then. */
static bool fails(const char *name)
{
    if (interrupted && turn++ % 2 == 0) {
        errno = EINTR;
        return true;
    }
    if (hit(name)) {
        errno = error;
        return true;
    }
    return false;
}

static size_t shortened(size_t size)
{
    size_t most = 1 + turn++ % 13;

    return shorter && size > most ? most : size;
}

ssize_t read(int fd, void *buffer, size_t size)
{
    if (fails("read"))
        return -1;
    return syscall(SYS_read, fd, buffer, shortened(size));
}

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room)
{
    return read(fd, buffer, size < room ? size : room);
}

ssize_t write(int fd, const void *buffer, size_t size)
{
    if (fails("write"))
        return -1;
    return syscall(SYS_write, fd, buffer, shortened(size));
}

static int open_file(int directory, const char *path, int flags, mode_t mode)
{
    if (fails("open"))
        return -1;
    return (int)syscall(SYS_openat, directory, path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments)
{
    if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))
        return va_arg(arguments, mode_t);
    return 0;
}

#define DEFINE_OPEN(name)                                                      \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        va_list arguments;                                                     \
        mode_t mode;                                                           \
                                                                               \
        va_start(arguments, flags);                                            \
        mode = mode_of(flags, arguments);                                      \
        va_end(arguments);                                                     \
        return open_file(AT_FDCWD, path, flags, mode);                         \
    }

#define DEFINE_OPENAT(name)                                                    \
    int name(int directory, const char *path, int flags, ...)                  \
    {                                                                          \
        va_list arguments;                                                     \
        mode_t mode;                                                           \
                                                                               \
        va_start(arguments, flags);                                            \
        mode = mode_of(flags, arguments);                                      \
        va_end(arguments);                                                     \
        return open_file(directory, path, flags, mode);                        \
    }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open_file(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
    return open_file(AT_FDCWD, path, flags, 0);
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    struct timespec limit = {timeout / 1000, timeout % 1000 * 1000000L};

    if (fails("poll"))
        return -1;
    return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &limit,
                        NULL, 0);
}

int fsync(int fd)
{
    if (fails("fsync"))
        return -1;
    return (int)syscall(SYS_fsync, fd);
}

/* Linux closes the descriptor even where it says EINTR, so that this one is
   not interrupted. */
int close(int fd)
{
    int result = (int)syscall(SYS_close, fd);

    if (hit("close")) {
        errno = error;
        return -1;
    }
    return result;
}

int rename(const char *from, const char *to)
{
    if (hit("rename")) {
        errno = error;
        return -1;
    }
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

void *malloc(size_t size)
{
    if (hit("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (hit("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    if (hit("malloc")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(old, size);
}
