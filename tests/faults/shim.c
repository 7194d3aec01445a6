/* SPDX-License-Identifier: MIT */
/*
 * Faults for a whole program, by LD_PRELOAD:
 *
 *     cc -shared -fPIC -o shim.so tests/faults/shim.c -ldl
 *     COSEND_FAIL=write:ENOSPC:3 LD_PRELOAD=./shim.so cosend ...
 *
 * COSEND_FAIL holds faults with spaces between them, each
 *
 *     CALL:ERROR:K          the K-th CALL fails with ERROR
 *     CALL:ERROR:K:sticky   and so do all after it
 *     CALL:EINTR:every:K    the K-th, 2K-th ... fails; for storms
 *     read:SHORT:N          no read gives more than N bytes; write alike
 *     read:SHORT:N:C        none of the first C does
 *
 * CALL is read, write, open, fsync, rename or close; pread counts as read,
 * openat as open. ERROR is a name from the table below. Calls are counted from
 * 1 in the whole process; standard error and descriptors that are no files,
 * pipes or terminals (an eventfd) are left alone.
 */
#undef _GNU_SOURCE
#undef _FILE_OFFSET_BITS /* would make open and open64 one name */
#undef _FORTIFY_SOURCE   /* would make them inline */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum call { READ, WRITE, OPEN, FSYNC, RENAME, CLOSE, CALLS };

static const char *const call_names[CALLS] = {"read",  "write",  "open",
                                              "fsync", "rename", "close"};

static const struct {
    const char *name;
    int number;
} errors[] = {
    {"EIO", EIO},       {"EINTR", EINTR},   {"ENOSPC", ENOSPC},
    {"EDQUOT", EDQUOT}, {"EFBIG", EFBIG},   {"EROFS", EROFS},
    {"EPIPE", EPIPE},   {"EAGAIN", EAGAIN}, {"EACCES", EACCES},
    {"ENOENT", ENOENT}, {"EMFILE", EMFILE}, {"EISDIR", EISDIR},
};

/* What happens to one call. */
static struct {
    int error;        /* 0: nothing */
    unsigned long at; /* 0: never */
    bool sticky, every;
    size_t most;          /* bytes a time; 0: any */
    unsigned long shorts; /* calls of which that holds; 0: of all */
    atomic_ulong count, shortened;
} faults[CALLS];

static int error_number(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (strlen(errors[i].name) == length &&
            strncmp(errors[i].name, name, length) == 0)
            return errors[i].number;
    return 0;
}

/* One fault; a word that is none ends the program, lest a test test nothing. */
static void parse_fault(const char *text)
{
    size_t call = 0, length = strcspn(text, ":");
    const char *what, *value;
    char *end;

    while (call < CALLS && (strlen(call_names[call]) != length ||
                            strncmp(call_names[call], text, length) != 0))
        call++;
    if (call == CALLS || text[length] != ':')
        abort();
    what = text + length + 1;
    length = strcspn(what, ":");
    if (what[length] != ':')
        abort();
    value = what + length + 1;
    if (strncmp(what, "SHORT:", 6) == 0) {
        faults[call].most = strtoul(value, &end, 10);
        if (*end == ':')
            faults[call].shorts = strtoul(end + 1, &end, 10);
        if (!faults[call].most || (*end && *end != ' '))
            abort();
        return;
    }
    faults[call].error = error_number(what, length);
    faults[call].every = strncmp(value, "every:", 6) == 0;
    faults[call].at = strtoul(faults[call].every ? value + 6 : value, &end, 10);
    faults[call].sticky = strncmp(end, ":sticky", 7) == 0;
    if (!faults[call].error || !faults[call].at)
        abort();
}

__attribute__((constructor)) static void parse_faults(void)
{
    const char *text = getenv("COSEND_FAIL");

    while (text && *text) {
        text += strspn(text, " ");
        if (*text)
            parse_fault(text);
        text += strcspn(text, " ");
    }
}

/* Whether this call is to fail, errno set. */
static bool fails(enum call call)
{
    unsigned long at = faults[call].at, count;

    if (!at)
        return false;
    count = ++faults[call].count;
    if (faults[call].every ? count % at != 0
                           : count < at || (count > at && !faults[call].sticky))
        return false;
    errno = faults[call].error;
    return true;
}

static bool spared(int fd)
{
    struct stat status;

    return fd == 2 || fstat(fd, &status) != 0 || !(status.st_mode & S_IFMT);
}

static size_t shorter(enum call call, int fd, size_t size)
{
    size_t most = faults[call].most;

    if (!most || size <= most || spared(fd))
        return size;
    if (faults[call].shorts && ++faults[call].shortened > faults[call].shorts)
        return size;
    return most;
}

/* The function that this one stands before. */
#define NEXT(name) (__extension__(__typeof__(&(name))) dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to);

ssize_t read(int fd, void *buffer, size_t size)
{
    if (!spared(fd) && fails(READ))
        return -1;
    return NEXT(read)(fd, buffer, shorter(READ, fd, size));
}

ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
    if (!spared(fd) && fails(READ))
        return -1;
    return NEXT(pread)(fd, buffer, shorter(READ, fd, size), offset);
}

ssize_t pread64(int fd, void *buffer, size_t size, off64_t offset)
    __attribute__((alias("pread")));

ssize_t write(int fd, const void *data, size_t size)
{
    if (!spared(fd) && fails(WRITE))
        return -1;
    return NEXT(write)(fd, data, shorter(WRITE, fd, size));
}

int fsync(int fd)
{
    return fails(FSYNC) ? -1 : NEXT(fsync)(fd);
}

int rename(const char *from, const char *to)
{
    return fails(RENAME) ? -1 : NEXT(rename)(from, to);
}

/* As Linux does it: closed, whatever is answered. */
int close(int fd)
{
    bool fail = !spared(fd) && fails(CLOSE);
    int number = errno, answer = NEXT(close)(fd);

    if (!fail)
        return answer;
    errno = number;
    return -1;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails(OPEN) ? -1 : NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));
