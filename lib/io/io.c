/* SPDX-License-Identifier: MIT */
/*
 * The context of a pipeline's input and output.
 *
 * A wake is a bit in `woken` and a count in an eventfd. The invariant: while a
 * bit is set the eventfd is readable. Setters set the bit, then post; whoever
 * drains the eventfd looks at the bits afterwards and posts again if there are
 * any. So a wait that looks at the bits and then polls cannot sleep through a
 * wake, and a wake wakes every thread that waits.
 *
 * An input that is woken reads nothing. So a report that is asked for while one
 * is made is put off, `postponed`, until something was read or nothing can be:
 * else a run that is asked all the time would stand still.
 */
#include "io/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static int system_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

static int system_stat(const char *path, struct stat *status)
{
    return stat(path, status);
}

static int system_fstat(int fd, struct stat *status)
{
    return fstat(fd, status);
}

static void system_sync_soon(int fd, off_t from, off_t length)
{
#ifdef SYNC_FILE_RANGE_WRITE
    sync_file_range(fd, from, length, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
    (void)from;
    (void)length;
#endif
}

static int64_t system_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const struct csi_io_ops csi_io_system = {
    .open = system_open,
    .read = read,
    .pread = pread,
    .lseek = lseek,
    .write = write,
    .close = close,
    .fsync = fsync,
    .sync_soon = system_sync_soon,
    .ftruncate = ftruncate,
    .rename = rename,
    .unlink = unlink,
    .stat = system_stat,
    .fstat = system_fstat,
    .poll = poll,
    .now = system_now,
};

struct cosend_io *cosend_io_new(struct cosend_error *error)
{
    struct cosend_io *io = csi_calloc(1, sizeof(*io));

    if (!io) {
        csi_no_memory(error);
        return NULL;
    }
    io->ops = &csi_io_system;
    atomic_init(&io->woken, 0);
    atomic_init(&io->postponed, 0);
    atomic_init(&io->progress, 0);
    atomic_init(&io->syncing, false);
    io->watch_fd = -1;
    io->changes_fd = -1;
    io->interval = 100;
    io->grace = 1000;
    io->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (io->wake_fd < 0) {
        csi_io_error(error, COSEND_E_LIMIT, "eventfd");
        cosend_io_free(io);
        return NULL;
    }
    return io;
}

void cosend_io_free(struct cosend_io *io)
{
    if (!io)
        return;
    if (io->wake_fd >= 0)
        close(io->wake_fd);
    if (io->changes_fd >= 0)
        close(io->changes_fd);
    csi_free(io->inputs);
    csi_free(io);
}

static void post(const struct cosend_io *io)
{
    const uint64_t one = 1;
    ssize_t ignored = write(io->wake_fd, &one, sizeof(one));

    (void)ignored; /* it fails only when it is readable as can be */
}

/* Make the eventfd readable if and only if a bit is set. */
static void update_eventfd(const struct cosend_io *io)
{
    uint64_t count;
    ssize_t ignored = read(io->wake_fd, &count, sizeof(count));

    (void)ignored;
    if (atomic_load(&io->woken))
        post(io);
}

void cosend_io_wake(struct cosend_io *io, unsigned bits)
{
    int saved = errno;

    atomic_fetch_or(&io->woken, bits);
    post(io);
    errno = saved;
}

unsigned cosend_io_woken(const struct cosend_io *io)
{
    return atomic_load(&io->woken);
}

unsigned cosend_io_take(struct cosend_io *io, unsigned bits)
{
    unsigned taken;

    /* A count that no bit stands for is no harm: whoever polls sees to it. */
    if (!((atomic_load(&io->woken) | atomic_load(&io->postponed)) & bits))
        return 0;
    taken = atomic_fetch_and(&io->woken, ~bits) |
            atomic_fetch_and(&io->postponed, ~bits);
    update_eventfd(io);
    return taken & bits;
}

void csi_io_postpone(struct cosend_io *io, unsigned bits)
{
    unsigned taken = cosend_io_take(io, bits);

    atomic_fetch_or(&io->postponed, taken);
}

/* Nothing is to be read: what was postponed is woken for. */
static void recall(struct cosend_io *io, const struct pollfd *fds, nfds_t count)
{
    for (nfds_t i = 0; i < count; i++)
        if (fds[i].revents)
            return;
    cosend_io_wake(io, atomic_exchange(&io->postponed, 0));
}

unsigned cosend_io_progress(struct cosend_io *io)
{
    if (atomic_load(&io->syncing))
        return atomic_fetch_add(&io->progress, 1);
    return atomic_load(&io->progress);
}

void cosend_io_watch(struct cosend_io *io, int descriptor)
{
    io->watch_fd = descriptor;
}

void cosend_io_on_news(struct cosend_io *io,
                       bool (*notify)(void *context, const char *message),
                       void *context)
{
    io->notify_refused = false;
    io->notify = notify;
    io->notify_context = context;
}

void csi_io_notify(struct cosend_io *io, const char *format, ...)
{
    char message[512];
    va_list arguments;

    if (!io->notify)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (!io->notify(io->notify_context, message))
        io->notify_refused = true;
}

int64_t csi_io_now(const struct cosend_io *io)
{
    return io->ops->now() * 1000000;
}

bool csi_io_is_closing(const struct cosend_io *io)
{
    return io->notify_refused || cosend_io_woken(io);
}

int csi_io_poll(struct cosend_io *io, struct pollfd *fds, nfds_t count,
                int timeout, struct cosend_error *error)
{
    struct pollfd *wake = &fds[count], *watch = &fds[count + 1];
    bool postponed = atomic_load(&io->postponed);
    int ready;

    if (cosend_io_woken(io))
        return COSEND_CLOSING;
    *wake = (struct pollfd){.fd = io->wake_fd, .events = POLLIN};
    *watch = (struct pollfd){.fd = io->watch_fd};
    ready = io->ops->poll(fds, count + 2, postponed ? 0 : timeout);
    if (ready < 0) {
        if (errno != EINTR && errno != EAGAIN)
            return csi_io_error(error, COSEND_E_INPUT, "poll");
        if (io->heeds_signals && errno == EINTR)
            return COSEND_CLOSING;
        for (nfds_t i = 0; i < count + 2; i++)
            fds[i].revents = 0;
    }
    if (watch->revents) {
        io->watch_fd = -1;
        if (watch->revents & (POLLERR | POLLHUP))
            cosend_io_wake(io, COSEND_WAKE_GONE);
    }
    if (postponed)
        recall(io, fds, count);
    if (wake->revents && !cosend_io_woken(io))
        update_eventfd(io);
    return cosend_io_woken(io) ? COSEND_CLOSING : COSEND_OK;
}

int csi_io_open(const struct cosend_io *io, const char *path, int flags,
                mode_t mode)
{
    int fd;

    do
        fd = io->ops->open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t csi_io_read_at(const struct cosend_io *io, int fd, void *buffer,
                       size_t size, off_t offset)
{
    size_t length = 0;

    while (length < size) {
        ssize_t got = io->ops->pread(fd, (char *)buffer + length, size - length,
                                     offset + (off_t)length);

        if (got == 0)
            break;
        if (got > 0)
            length += (size_t)got;
        else if (errno != EINTR && errno != EAGAIN)
            return length ? (ssize_t)length : -1;
    }
    return (ssize_t)length;
}

int csi_io_close(const struct cosend_io *io, int fd)
{
    return io->ops->close(fd) == 0 || errno == EINTR ? 0 : -1;
}

static bool declare_file(struct cosend_io *io, const struct stat *status)
{
    if (!csi_grow(&io->inputs, &io->input_capacity, io->input_count + 1,
                  sizeof(*io->inputs)))
        return false;
    io->inputs[io->input_count++] =
        (struct csi_identity){status->st_dev, status->st_ino};
    return true;
}

int cosend_io_declare_input(struct cosend_io *io, const char *path,
                            unsigned flags, struct cosend_error *error)
{
    struct stat status;
    int failed = strcmp(path, "-") == 0 ? io->ops->fstat(0, &status)
                                        : io->ops->stat(path, &status);

    if (flags & COSEND_INPUT_FOLLOW)
        io->streaming = true;
    if (failed)
        return COSEND_OK;
    if (!S_ISREG(status.st_mode))
        io->streaming = true;
    if (!declare_file(io, &status))
        return csi_no_memory(error);
    return COSEND_OK;
}

bool csi_io_is_input(const struct cosend_io *io, const struct stat *status)
{
    for (size_t i = 0; i < io->input_count; i++)
        if (io->inputs[i].device == status->st_dev &&
            io->inputs[i].inode == status->st_ino)
            return true;
    return false;
}

bool cosend_io_reserve_standard(void)
{
    int opened;

    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        do
            opened = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        while (opened < 0 && errno == EINTR);
        if (opened != fd)
            return false;
    }
    return true;
}

int csi_io_error(struct cosend_error *error, int kind, const char *name)
{
    const char *reason = strerror(errno);
    const char *way_out = errno == EMFILE ? "; `ulimit -n` allows more" : "";
    size_t length = strlen(name), limit = 400;

    if (errno == ENOMEM)
        kind = COSEND_E_MEMORY;
    if (length <= limit)
        return cosend_error_set(error, kind, "%s: %s%s", name, reason, way_out);
    return cosend_error_set(error, kind, "...%s: %s%s", name + length - limit,
                            reason, way_out);
}
