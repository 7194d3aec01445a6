/* SPDX-License-Identifier: MIT */
/*
 * A buffered writer. stdio's would not do: an interrupted or refused write
 * drops what its buffer held, and only ferror remembers.
 *
 * The first answer that is not COSEND_OK is kept in `status` and is every later
 * call's answer; what is buffered then is never written.
 */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER = 1 << 16,
    PATIENCE = 100 /* milliseconds between looks at COSEND_WAKE_KILL */
};

struct cosend_output {
    struct cosend_io *io;
    char *name;
    int fd; /* -1 once it is closed */
    bool owned;
    bool regular;
    bool tty;
    int status; /* the answer of every call from now on */
    struct cosend_error error;
    struct csi_atomic atomic;
    uint64_t bytes;
    size_t used;
    char buffer[BUFFER];
};

static struct cosend_output *new_output(struct cosend_io *io, const char *name)
{
    struct cosend_output *output = csi_malloc(sizeof(*output));

    if (!output)
        return NULL;
    memset(output, 0, offsetof(struct cosend_output, buffer));
    output->io = io;
    output->fd = -1;
    output->name = csi_strndup(name, strlen(name));
    if (!output->name) {
        cosend_output_free(output);
        return NULL;
    }
    return output;
}

/* ---- Opening ------------------------------------------------------------- */

static int refuse_input(const struct cosend_output *output,
                        struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_USAGE,
                            "%s: the output is one of the inputs",
                            output->name);
}

static int output_error(const struct cosend_output *output, int number,
                        struct cosend_error *error)
{
    errno = number;
    return csi_io_error(error, COSEND_E_OUTPUT, output->name);
}

static int attach(struct cosend_output *output, int fd, bool owned,
                  struct stat *status, struct cosend_error *error)
{
    int flags = fcntl(fd, F_GETFL);

    output->fd = fd;
    output->owned = owned;
    if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY)
        return output_error(output, EBADF, error);
    if (flags < 0 || output->io->ops->fstat(fd, status) != 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    output->regular = S_ISREG(status->st_mode);
    output->tty = S_ISCHR(status->st_mode) && isatty(fd);
    return COSEND_OK;
}

/* As cat does: what the shell has just emptied (`< f > f`) can't grow by
   reading itself; a file that is appended to can. */
static int attach_descriptor(struct cosend_output *output, int fd, bool owned,
                             struct cosend_error *error)
{
    struct stat status;
    int answer = attach(output, fd, owned, &status, error);

    if (!answer && output->regular && status.st_size > 0 &&
        csi_io_is_input(output->io, &status))
        return refuse_input(output, error);
    return answer;
}

/* The descriptor that a path like /dev/fd/5 stands for, or -1. */
static int descriptor_of(const char *path)
{
    static const char directory[] = "/dev/fd/";
    char *end;
    long number;

    if (strcmp(path, "/dev/stdout") == 0)
        return 1;
    if (strcmp(path, "/dev/stderr") == 0)
        return 2;
    if (strncmp(path, directory, sizeof(directory) - 1) != 0)
        return -1;
    path += sizeof(directory) - 1;
    number = strtol(path, &end, 10);
    return *path >= '0' && *path <= '9' && !*end && number < 1 << 20
               ? (int)number
               : -1;
}

/*
 * A FIFO without a reader refuses O_NONBLOCK with ENXIO. That is better than a
 * wait in open, which a wake could not end.
 */
static int open_patiently(struct cosend_output *output, int flags, bool fifo)
{
    struct cosend_io *io = output->io;

    for (;;) {
        int fd = csi_io_open(io, output->name, flags | O_NONBLOCK, 0666);

        if (fd >= 0 || errno != ENXIO || !fifo)
            return fd;
        if (cosend_io_woken(io) & (COSEND_WAKE_STOP | COSEND_WAKE_KILL)) {
            errno = EINTR;
            return -1;
        }
        io->ops->poll(NULL, 0, PATIENCE);
    }
}

static int open_in_place(struct cosend_output *output,
                         enum cosend_output_mode mode, bool fifo,
                         struct cosend_error *error)
{
    bool append = mode == COSEND_OUTPUT_APPEND;
    int fd = open_patiently(output,
                            O_WRONLY | O_CREAT | (append ? O_APPEND : 0), fifo);
    struct stat status;
    int answer;

    if (fd < 0 && errno == EINTR)
        return cosend_error_set(error, COSEND_E_ABORTED,
                                "%s: stopped before anybody read it",
                                output->name);
    if (fd < 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    answer = attach(output, fd, true, &status, error);
    if (answer || !output->regular)
        return answer;
    if (csi_io_is_input(output->io, &status))
        return refuse_input(output, error);
    if (!append && status.st_size && output->io->ops->ftruncate(fd, 0) != 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    return COSEND_OK;
}

static int open_atomic(struct cosend_output *output,
                       const struct stat *existing, struct cosend_error *error)
{
    struct stat status;
    int fd;

    if (existing && csi_io_is_input(output->io, existing))
        return refuse_input(output, error);
    if (existing && faccessat(AT_FDCWD, output->name, W_OK, AT_EACCESS) != 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    fd = csi_atomic_open(output->io, &output->atomic, output->name, existing);
    if (fd < 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    return attach(output, fd, true, &status, error);
}

static int open_path(struct cosend_output *output, enum cosend_output_mode mode,
                     struct cosend_error *error)
{
    struct stat status;
    int fd = descriptor_of(output->name);
    char link;
    bool exists;

    if (fd >= 0) {
        fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (fd < 0)
            return csi_io_error(error, COSEND_E_OUTPUT, output->name);
        return attach_descriptor(output, fd, true, error);
    }
    exists = output->io->ops->stat(output->name, &status) == 0;
    if (!exists && errno != ENOENT)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    if (!exists && readlink(output->name, &link, 1) >= 0)
        return cosend_error_set(error, COSEND_E_OUTPUT,
                                "%s: a link that leads nowhere", output->name);
    if (mode == COSEND_OUTPUT_ATOMIC && !output->io->streaming &&
        (!exists || S_ISREG(status.st_mode)))
        return open_atomic(output, exists ? &status : NULL, error);
    return open_in_place(output, mode, exists && S_ISFIFO(status.st_mode),
                         error);
}

static int made(struct cosend_output **output, int status)
{
    if (status) {
        cosend_output_free(*output);
        *output = NULL;
    }
    return status;
}

int cosend_output_open(struct cosend_io *io, const char *path,
                       enum cosend_output_mode mode,
                       struct cosend_output **output,
                       struct cosend_error *error)
{
    *output = new_output(io, path);
    if (!*output)
        return csi_no_memory(error);
    return made(output, open_path(*output, mode, error));
}

int cosend_output_descriptor(struct cosend_io *io, int descriptor,
                             const char *name, struct cosend_output **output,
                             struct cosend_error *error)
{
    *output = new_output(io, name);
    if (!*output)
        return csi_no_memory(error);
    return made(output, attach_descriptor(*output, descriptor, false, error));
}

/* ---- Writing ------------------------------------------------------------- */

/* The answer of every call after the first that was not COSEND_OK. */
static int settled(const struct cosend_output *output,
                   struct cosend_error *error)
{
    if (output->status < 0)
        cosend_error_set(error, output->status, "%s", output->error.message);
    return output->status;
}

/* What errno says becomes the answer. */
static int fail(struct cosend_output *output, struct cosend_error *error)
{
    output->used = 0;
    output->status =
        errno == EPIPE
            ? COSEND_DONE
            : csi_io_error(&output->error, COSEND_E_OUTPUT, output->name);
    return settled(output, error);
}

static int killed(struct cosend_output *output, struct cosend_error *error)
{
    output->used = 0;
    output->status =
        cosend_error_set(&output->error, COSEND_E_ABORTED,
                         "%s: given up before all was written", output->name);
    return settled(output, error);
}

static void wait_writable(const struct cosend_output *output)
{
    struct pollfd writable = {.fd = output->fd, .events = POLLOUT};

    output->io->ops->poll(&writable, 1, PATIENCE);
}

static int write_all(struct cosend_output *output, const char *data,
                     size_t length, struct cosend_error *error)
{
    while (length) {
        ssize_t written;

        if (cosend_io_woken(output->io) & COSEND_WAKE_KILL)
            return killed(output, error);
        written = output->io->ops->write(output->fd, data, length);
        if (written > 0) {
            data += written;
            length -= (size_t)written;
            output->bytes += (uint64_t)written;
        } else if (written == 0) {
            errno = ENOSPC;
            return fail(output, error);
        } else if (errno == EAGAIN) {
            wait_writable(output);
        } else if (errno != EINTR) {
            return fail(output, error);
        }
    }
    return COSEND_OK;
}

static int empty_buffer(struct cosend_output *output,
                        struct cosend_error *error)
{
    size_t used = output->used;

    output->used = 0;
    return write_all(output, output->buffer, used, error);
}

int cosend_output_write(struct cosend_output *output, const void *data,
                        size_t length, struct cosend_error *error)
{
    int status;

    if (output->status)
        return settled(output, error);
    if (length > BUFFER - output->used) {
        status = empty_buffer(output, error);
        if (status)
            return status;
        if (length >= BUFFER)
            return write_all(output, data, length, error);
    }
    if (length)
        memcpy(output->buffer + output->used, data, length);
    output->used += length;
    return COSEND_OK;
}

static bool reader_gone(const struct cosend_output *output)
{
    struct pollfd end = {.fd = cosend_output_watchable(output)};

    return end.fd >= 0 && output->io->ops->poll(&end, 1, 0) > 0 &&
           (end.revents & (POLLERR | POLLHUP));
}

int cosend_output_flush(struct cosend_output *output,
                        struct cosend_error *error)
{
    if (output->status)
        return settled(output, error);
    if (output->used)
        return empty_buffer(output, error);
    if (reader_gone(output)) {
        errno = EPIPE;
        return fail(output, error);
    }
    return COSEND_OK;
}

/* ---- The end ------------------------------------------------------------- */

/* Closing a copy of a descriptor that is not ours reports what closing it
   would: a write that a network file system put off and could not do. */
static int close_plain(struct cosend_output *output)
{
    int fd = output->fd;

    output->fd = -1;
    if (!output->owned) {
        fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (fd < 0)
            return errno == EMFILE ? 0 : -1;
    }
    return csi_io_close(output->io, fd);
}

int cosend_output_commit(struct cosend_output *output,
                         struct cosend_error *error)
{
    int failed, fd = output->fd;

    if (fd < 0)
        return settled(output, error);
    if (!output->status && output->used)
        empty_buffer(output, error);
    if (!output->atomic.temporary) {
        failed = close_plain(output);
    } else if (output->status) {
        return settled(output, error);
    } else {
        output->fd = -1;
        failed = csi_atomic_commit(output->io, &output->atomic, fd);
    }
    if (failed && !output->status)
        return fail(output, error);
    return settled(output, error);
}

int cosend_output_keep_partial(struct cosend_output *output,
                               struct cosend_error *error)
{
    char *name;
    int status, fd = output->fd;

    if (fd < 0 || !output->atomic.temporary)
        return cosend_output_commit(output, error);
    status =
        output->status ? settled(output, error) : empty_buffer(output, error);
    if (status)
        return status;
    output->fd = -1;
    if (csi_atomic_keep(output->io, &output->atomic, fd, &name) != 0)
        return fail(output, error);
    csi_free(output->name);
    output->name = name;
    return COSEND_OK;
}

void cosend_output_free(struct cosend_output *output)
{
    if (!output)
        return;
    if (output->owned && output->fd >= 0)
        csi_io_close(output->io, output->fd);
    csi_atomic_abandon(output->io, &output->atomic);
    csi_free(output->name);
    csi_free(output);
}

/* ---- Questions ----------------------------------------------------------- */

uint64_t cosend_output_bytes(const struct cosend_output *output)
{
    return output->bytes;
}

bool cosend_output_is_tty(const struct cosend_output *output)
{
    return output->tty;
}

bool cosend_output_is_atomic(const struct cosend_output *output)
{
    return output->atomic.temporary;
}

const char *cosend_output_name(const struct cosend_output *output)
{
    return output->name;
}

int cosend_output_watchable(const struct cosend_output *output)
{
    return output->regular ? -1 : output->fd;
}
