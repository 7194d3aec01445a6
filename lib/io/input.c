/* SPDX-License-Identifier: MIT */
/*
 * Bytes from one file, pipe or descriptor, as they are or unpacked.
 *
 *     read(2) -> held, while the first bytes may be compressed data's -> caller
 *             -> unpack, where they are                               -> caller
 *     pread(2), by follow.c, where the file is followed               -> caller
 *     pread(2), from any place, of a regular file as it is            -> caller
 *
 * Three ends are told apart, because a record that is not whole means another
 * thing at each. COSEND_DONE: there is no more, and what came last is whole. An
 * error: there may be more, but it cannot be read. COSEND_CLOSING: a wake came
 * (io.c), and there may be more later. Of a followed file there is a fourth,
 * COSEND_YIELD: here another file begins.
 *
 * Whatever may block is preceded by a poll that a wake ends, and nothing is
 * read while a wake is not taken; so a signal is answered within one read. A
 * FIFO is opened without waiting for a writer, for the same reason.
 */
#include "io/input.h"

#include "io/changes.h"
#include "io/follow.h"
#include "io/path.h"
#include "io/path_pattern.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct cosend_input *new_input(struct cosend_io *io, const char *name)
{
    struct cosend_input *input = csi_calloc(1, sizeof(*input));

    if (!input)
        return NULL;
    input->io = io;
    input->fd = -1;
    input->limit = UINT64_MAX;
    csi_input_lines_end_in(input, '\n');
    input->name = csi_strndup(name, strlen(name));
    if (!input->name) {
        cosend_input_free(input);
        return NULL;
    }
    return input;
}

/* Read from fd. A directory can be opened, but not be read; say so now. */
static int attach_input(struct cosend_input *input, int fd, bool owned,
                        struct cosend_error *error)
{
    struct stat status;

    input->fd = fd;
    input->owned = owned;
    if (input->io->ops->fstat(fd, &status) != 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    }
    input->regular = S_ISREG(status.st_mode);
    input->fifo = S_ISFIFO(status.st_mode);
    return COSEND_OK;
}

/* A path of a descriptor that this program has opened for itself leads to
   nothing that its user knows. */
static bool is_hidden(const char *path)
{
    int descriptor = csi_path_descriptor(path);

    return descriptor >= 0 && !csi_path_is_inherited(descriptor);
}

/*
 * O_NONBLOCK keeps the opening of a FIFO from waiting for a writer; a read is
 * preceded by a poll, which does wait for one and can be woken.
 */
static int open_input_path(struct cosend_input *input, unsigned flags,
                           struct cosend_error *error)
{
    bool follow = flags & COSEND_INPUT_FOLLOW;
    int fd, status;

    if (is_hidden(input->name)) {
        errno = EBADF;
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    }
    fd = csi_io_open(input->io, input->name, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0) {
        if (errno == ENOENT && csi_path_is_pattern(input->name))
            return csi_path_fits_none(input->name, error);
        if (follow && (flags & COSEND_INPUT_WAIT) &&
            (errno == ENOENT || errno == EACCES || errno == ENOTDIR))
            return csi_follow_start(input, -1, flags, error);
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    }
    status = attach_input(input, fd, true, error);
    input->reopens = follow && input->fifo;
    if (status || !follow || !input->regular)
        return status;
    input->fd = -1;
    return csi_follow_start(input, fd, flags, error);
}

/* Follow standard input, which stays open for others. */
static int follow_stdin(struct cosend_input *input, struct cosend_error *error)
{
    int fd = fcntl(input->fd, F_DUPFD_CLOEXEC, 3);

    if (fd < 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    input->fd = -1;
    return csi_follow_start(input, fd, CSI_FOLLOW_NAMELESS, error);
}

int cosend_input_open(struct cosend_io *io, const char *path, unsigned flags,
                      struct cosend_input **input, struct cosend_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int status;

    *input = new_input(io, is_stdin ? "stdin" : path);
    if (!*input)
        return csi_no_memory(error);
    if (!is_stdin)
        status = open_input_path(*input, flags, error);
    else
        status = attach_input(*input, 0, false, error);
    if (is_stdin && !status && (*input)->regular && flags & COSEND_INPUT_FOLLOW)
        status = follow_stdin(*input, error);
    if (status) {
        cosend_input_free(*input);
        *input = NULL;
    }
    return status;
}

int cosend_input_descriptor(struct cosend_io *io, int descriptor,
                            const char *name, struct cosend_input **input,
                            struct cosend_error *error)
{
    int status;

    *input = new_input(io, name);
    if (!*input)
        return csi_no_memory(error);
    status = attach_input(*input, descriptor, false, error);
    if (status) {
        cosend_input_free(*input);
        *input = NULL;
    }
    return status;
}

static int wait_readable(struct cosend_input *input, struct cosend_error *error)
{
    struct pollfd fds[3] = {{.fd = input->fd, .events = POLLIN}};
    int status;

    do
        status = csi_io_poll(input->io, fds, 1, -1, error);
    while (status == COSEND_OK && !fds[0].revents);
    return status;
}

/* The writers of a followed FIFO have gone. Open it again, to wait for others,
   and only then close the old descriptor, so that a writer that comes meanwhile
   finds a reader. */
static int reopen(struct cosend_input *input, struct cosend_error *error)
{
    int fd = csi_io_open(input->io, input->name, O_RDONLY | O_NONBLOCK, 0);

    if (fd < 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    csi_io_close(input->io, input->fd);
    input->fd = fd;
    if (!input->reported)
        csi_io_notify(input->io, "%s: nobody writes to it any more; waiting",
                      input->name);
    input->reported = true;
    return COSEND_OK;
}

static bool reopens(const struct cosend_input *input)
{
    return input->reopens && !input->unpack;
}

/* A writer has left a line without its end. Make one, or the next writer's
   first line would be taken for the rest of it. */
static bool end_line(const struct cosend_input *input, char *buffer,
                     size_t *length)
{
    if (input->last == input->end)
        return false;
    *buffer = input->end;
    *length = 1;
    return true;
}

/* Read some bytes, or 0 at the end, into *length. */
static int read_input(struct cosend_input *input, void *buffer, size_t capacity,
                      size_t *length, struct cosend_error *error)
{
    bool wait = !input->regular;

    for (;;) {
        int status = csi_io_is_closing(input->io) ? COSEND_CLOSING : COSEND_OK;
        ssize_t got;

        if (wait && status == COSEND_OK)
            status = wait_readable(input, error);
        if (status)
            return status;
        got = input->io->ops->read(input->fd, buffer, capacity);
        if (got > 0 || (got == 0 && !reopens(input))) {
            *length = (size_t)got;
            return COSEND_OK;
        }
        if (got == 0) {
            status = reopen(input, error);
            if (status || end_line(input, buffer, length))
                return status;
            wait = true;
            continue;
        }
        if (errno != EINTR && errno != EAGAIN)
            return csi_io_error(error, COSEND_E_INPUT, input->name);
        wait = errno == EAGAIN;
    }
}

/* Hand out the first bytes, which were held and are not compressed. */
static int hand_out(struct cosend_input *input, void *buffer, size_t capacity,
                    size_t *length)
{
    size_t left = input->held_length - input->held_at;

    *length = left < capacity ? left : capacity;
    memcpy(buffer, input->held + input->held_at, *length);
    input->held_at += *length;
    return COSEND_OK;
}

static int begin_unpacking(struct cosend_input *input, const void *data,
                           size_t length, struct cosend_error *error)
{
    size_t room;

    if (input->packed == CSI_PACKED_OTHERWISE) {
        input->ended = true;
        return csi_magic_refuse(data, length, input->name,
                                "which is not unpacked here", error);
    }
    input->unpack = csi_unpack_new(input->packed, input->name, error);
    if (!input->unpack)
        return COSEND_E_MEMORY;
    memcpy(csi_unpack_room(input->unpack, &room), data, length);
    csi_unpack_fed(input->unpack, length);
    return COSEND_OK;
}

/* All that there is are bytes with which compressed data may begin. Under a
   name that says so they are such data, cut short; else they are text. */
static enum csi_packed kind_at_end(const struct cosend_input *input)
{
    enum csi_packed kind = csi_magic_by_path(input->name);

    return kind == CSI_PACKED_GZIP || kind == CSI_PACKED_ZSTD ? kind
                                                              : CSI_PACKED_NOT;
}

/* The first bytes may be those of compressed data: hold them until there are
   enough to know. */
static int hold_start(struct cosend_input *input, const void *data,
                      size_t length, struct cosend_error *error)
{
    memmove(input->held, data, length);
    input->held_length = length;
    while (input->packed == CSI_PACKED_UNKNOWN) {
        size_t got;
        int status =
            read_input(input, input->held + input->held_length,
                       sizeof(input->held) - input->held_length, &got, error);

        if (status)
            return status;
        input->held_length += got;
        input->packed = got ? csi_magic_of(input->held, input->held_length)
                            : kind_at_end(input);
    }
    if (input->packed == CSI_PACKED_NOT)
        return COSEND_OK;
    input->held_at = input->held_length;
    return begin_unpacking(input, input->held, input->held_length, error);
}

/* Read for the first time. *length is 0 where what was read is held, or went to
   the unpacker. */
static int read_start(struct cosend_input *input, void *buffer, size_t capacity,
                      size_t *length, struct cosend_error *error)
{
    size_t got;
    int status;

    if (input->held_length)
        return hold_start(input, input->held, input->held_length, error);
    if (capacity > CSI_UNPACK_ROOM)
        capacity = CSI_UNPACK_ROOM;
    status = read_input(input, buffer, capacity, &got, error);
    if (status)
        return status;
    input->packed = got ? csi_magic_of(buffer, got) : CSI_PACKED_NOT;
    switch (input->packed) {
    case CSI_PACKED_NOT:
        *length = got;
        input->ended = got == 0;
        return COSEND_OK;
    case CSI_PACKED_UNKNOWN:
        return hold_start(input, buffer, got, error);
    default:
        return begin_unpacking(input, buffer, got, error);
    }
}

static int feed(struct cosend_input *input, struct cosend_error *error)
{
    size_t room, length = 0;
    void *to = csi_unpack_room(input->unpack, &room);
    int status;

    if (!room)
        return COSEND_OK;
    status = read_input(input, to, room, &length, error);
    if (status == COSEND_OK)
        csi_unpack_fed(input->unpack, length);
    return status;
}

static int read_unpacked(struct cosend_input *input, void *buffer,
                         size_t capacity, size_t *length,
                         struct cosend_error *error)
{
    int status = COSEND_OK;

    while (status == COSEND_OK && !*length) {
        status =
            csi_unpack_read(input->unpack, buffer, capacity, length, error);
        if (status == COSEND_OK && !*length)
            status = feed(input, error);
    }
    if (status < 0)
        input->ended = true;
    return status == COSEND_DONE ? COSEND_OK : status;
}

static int read_on(struct cosend_input *input, void *buffer, size_t capacity,
                   size_t *length, struct cosend_error *error)
{
    if (input->unpack)
        return read_unpacked(input, buffer, capacity, length, error);
    if (input->held_at < input->held_length)
        return hand_out(input, buffer, capacity, length);
    return read_input(input, buffer, capacity, length, error);
}

int cosend_input_read(struct cosend_input *input, void *buffer, size_t capacity,
                      size_t *length, struct cosend_error *error)
{
    int status = COSEND_OK;

    *length = 0;
    if (input->follow)
        return csi_follow_read(input, buffer, capacity, length, error);
    if (input->ended || input->offset >= input->limit)
        return COSEND_DONE;
    if (capacity > input->limit - input->offset)
        capacity = (size_t)(input->limit - input->offset);
    if (input->packed == CSI_PACKED_UNKNOWN)
        status = read_start(input, buffer, capacity, length, error);
    if (!status && !*length && !input->ended)
        status = read_on(input, buffer, capacity, length, error);
    if (status)
        return status;
    input->ended = *length == 0;
    input->offset += *length;
    if (*length)
        input->last = ((const char *)buffer)[*length - 1];
    return input->ended ? COSEND_DONE : COSEND_OK;
}

bool cosend_input_ready(struct cosend_input *input)
{
    struct pollfd readable = {.fd = input->fd, .events = POLLIN};

    if (input->follow)
        return csi_follow_ready(input);
    if (input->regular || input->ended || input->held_at < input->held_length)
        return true;
    if (input->unpack && csi_unpack_pending(input->unpack))
        return true;
    if (input->io->ops->poll(&readable, 1, 0) <= 0)
        return false;
    /* Readable may mean only that the writers have gone: reopen, and wait. */
    return !(reopens(input) && readable.revents == POLLHUP &&
             input->last == input->end && reopen(input, NULL) == COSEND_OK);
}

/* ---- From any place ------------------------------------------------------ */

bool csi_input_is_seekable(struct cosend_input *input, uint64_t *size)
{
    struct stat status;
    off_t at;

    if (!input->regular || input->follow || input->unpack || input->ended ||
        input->packed != CSI_PACKED_NOT || input->held_at < input->held_length)
        return false;
    at = input->io->ops->lseek(input->fd, 0, SEEK_CUR);
    if (at < (off_t)input->offset ||
        input->io->ops->fstat(input->fd, &status) != 0 || status.st_size < at)
        return false;
    input->origin = at - (off_t)input->offset;
    *size = (uint64_t)(status.st_size - input->origin);
    if (*size > input->limit)
        *size = input->limit;
    return true;
}

size_t csi_input_read_at(const struct cosend_input *input, uint64_t offset,
                         void *buffer, size_t capacity)
{
    off_t at = input->origin + (off_t)offset;
    size_t length = 0;
    ssize_t got;

    while (length < capacity) {
        got = input->io->ops->pread(input->fd, (char *)buffer + length,
                                    capacity - length, at + (off_t)length);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        length += got > 0 ? (size_t)got : 0;
    }
    return length;
}

bool csi_input_seek(struct cosend_input *input, uint64_t offset)
{
    off_t at = input->origin + (off_t)offset;

    if (input->io->ops->lseek(input->fd, at, SEEK_SET) != at)
        return false;
    input->offset = offset;
    input->last = input->end;
    input->packed = CSI_PACKED_NOT;
    return true;
}

void csi_input_end_at(struct cosend_input *input, uint64_t offset)
{
    input->limit = offset;
}

void csi_input_lines_end_in(struct cosend_input *input, char byte)
{
    input->end = input->last = byte;
}

/* ---- Several at once ----------------------------------------------------- */

static bool any_ready(struct cosend_input *const *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cosend_input_ready(inputs[i]))
            return true;
    return false;
}

/* Wait until an input is ready or the time is over; fds has room for count + 3.
 */
static int wait_turn(struct cosend_io *io, struct cosend_input *const *inputs,
                     size_t count, int timeout, struct pollfd *fds,
                     struct cosend_error *error)
{
    int64_t start = io->ops->now(), left = timeout;
    bool follow = false;
    int status;

    for (size_t i = 0; i < count; i++)
        follow = follow || inputs[i]->follow;
    do {
        if (any_ready(inputs, count))
            return COSEND_OK;
        if (csi_io_is_closing(io))
            return COSEND_CLOSING;
        /* Which descriptors they have may have changed. */
        for (size_t i = 0; i < count; i++)
            fds[i] = (struct pollfd){.fd = inputs[i]->fd, .events = POLLIN};
        if (timeout >= 0)
            left = start + timeout - io->ops->now();
        if (timeout >= 0 && left <= 0)
            return COSEND_DONE;
        if (follow && (left < 0 || left > io->interval))
            left = io->interval;
        status = csi_changes_poll(io, fds, count, (int)left, error);
    } while (status == COSEND_OK);
    return status;
}

int cosend_input_wait(struct cosend_io *io, struct cosend_input *const *inputs,
                      size_t count, int timeout, struct cosend_error *error)
{
    struct pollfd *fds;
    int status;

    if (csi_io_is_closing(io))
        return COSEND_CLOSING;
    fds = csi_calloc(count + 3, sizeof(*fds));
    if (!fds)
        return csi_no_memory(error);
    status = wait_turn(io, inputs, count, timeout, fds, error);
    csi_free(fds);
    return status;
}

bool cosend_input_live(const struct cosend_input *input)
{
    return input->follow || !input->regular;
}

uint64_t cosend_input_offset(const struct cosend_input *input)
{
    return input->offset;
}

const char *cosend_input_name(const struct cosend_input *input)
{
    return input->name;
}

void cosend_input_free(struct cosend_input *input)
{
    if (!input)
        return;
    csi_follow_free(input);
    if (input->owned && input->fd >= 0)
        csi_io_close(input->io, input->fd);
    csi_unpack_free(input->unpack);
    csi_free(input->name);
    csi_free(input);
}
