/* SPDX-License-Identifier: MIT */
/*
 * Two things of a file decide what is appended: how it begins (has it a header
 * already, and which?), and whether its last line is ended. A plain file tells
 * both in two reads. A compressed one has to be unpacked to its end, which
 * costs as much as reading it; but then what is damaged is known as well, and
 * is not made a file that is whole behind the damage, where nobody would find
 * it.
 */
#include "io/append.h"

#include "io/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* What was there becomes part of the file that is appended to: a message says
   so. */
static int refuse_append(const char *path, const char *what,
                         struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_OUTPUT,
                            "%s: nothing can be appended to it: %s", path,
                            what);
}

/* How many more bytes of the start are wanted, with room for them: none once
   there are enough. False without memory. */
static bool want_start(struct csi_append *append, size_t *wanted)
{
    *wanted = CSI_APPEND_START;
    if (append->length >= CSI_APPEND_START &&
        (append->length >= CSI_APPEND_MOST ||
         memchr(append->start, '\n', append->length)))
        *wanted = 0;
    return csi_grow(&append->start, &append->capacity, append->length + *wanted,
                    1);
}

/* False without memory. */
static bool keep_start(struct csi_append *append, const char *data,
                       size_t length)
{
    size_t wanted;

    if (!want_start(append, &wanted))
        return false;
    if (length > wanted)
        length = wanted;
    if (length)
        memcpy(append->start + append->length, data, length);
    append->length += length;
    return true;
}

/* One call of the unpacker's, and the bytes that it asks for. */
static int unpack_some(struct cosend_io *io, int fd, off_t *offset,
                       struct csi_unpack *unpack, char *buffer, size_t *length,
                       struct cosend_error *error)
{
    int status =
        csi_unpack_read(unpack, buffer, CSI_APPEND_START, length, error);
    size_t room;
    ssize_t got;
    void *to;

    if (status != COSEND_OK || *length)
        return status;
    to = csi_unpack_room(unpack, &room);
    if (!room)
        return COSEND_OK;
    got = csi_io_read_at(io, fd, to, room, *offset);
    if (got < 0)
        return cosend_error_set(error, COSEND_E_INPUT, "%s", strerror(errno));
    csi_unpack_fed(unpack, (size_t)got);
    *offset += got;
    return COSEND_OK;
}

static int unpack_all(struct cosend_io *io, int fd, struct csi_unpack *unpack,
                      struct csi_append *append, char *buffer,
                      struct cosend_error *error)
{
    off_t offset = 0;
    int status = COSEND_OK;

    while (status == COSEND_OK) {
        size_t length = 0;

        if (cosend_io_woken(io) & (COSEND_WAKE_STOP | COSEND_WAKE_KILL))
            return cosend_error_set(error, COSEND_E_ABORTED, "stopped");
        status = unpack_some(io, fd, &offset, unpack, buffer, &length, error);
        if (status != COSEND_OK || !length)
            continue;
        if (!keep_start(append, buffer, length))
            return COSEND_E_MEMORY;
        append->any = true;
        append->looked = true;
        append->last = buffer[length - 1];
    }
    return status == COSEND_DONE ? COSEND_OK : status;
}

static int look_packed(struct cosend_io *io, int fd, const char *path,
                       enum csi_packed kind, struct csi_append *append,
                       struct cosend_error *error)
{
    struct cosend_error own = {0};
    char *buffer = csi_malloc(CSI_APPEND_START);
    struct csi_unpack *unpack = csi_unpack_new(kind, path, &own);
    size_t named = strlen(path);
    int status = COSEND_E_MEMORY;

    if (buffer && unpack)
        status = unpack_all(io, fd, unpack, append, buffer, &own);
    csi_unpack_free(unpack);
    csi_free(buffer);
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    if (status >= 0)
        return COSEND_OK;
    /* What the unpacker says begins with the path, as this refusal does. */
    if (strncmp(own.message, path, named) != 0 ||
        strncmp(own.message + named, ": ", 2) != 0)
        return refuse_append(path, own.message, error);
    return refuse_append(path, own.message + named + 2, error);
}

/* COSEND_OK, COSEND_E_INPUT where it cannot be read, or COSEND_E_MEMORY. */
static int read_start(const struct cosend_io *io, int fd,
                      struct csi_append *append)
{
    size_t wanted;
    ssize_t got;

    do {
        if (!want_start(append, &wanted))
            return COSEND_E_MEMORY;
        got = wanted ? csi_io_read_at(io, fd, append->start + append->length,
                                      wanted, (off_t)append->length)
                     : 0;
        if (got > 0)
            append->length += (size_t)got;
    } while (got > 0);
    return got < 0 ? COSEND_E_INPUT : COSEND_OK;
}

/* Who may only write to it is spared what follows from what it holds. */
static int look_plain(const struct cosend_io *io, int fd, off_t size,
                      struct csi_append *append, struct cosend_error *error)
{
    int status = read_start(io, fd, append);

    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    append->any = true;
    append->looked = status == COSEND_OK &&
                     csi_io_read_at(io, fd, &append->last, 1, size - 1) == 1;
    if (!append->looked) {
        csi_free(append->start);
        append->start = NULL;
        append->length = append->capacity = 0;
    }
    return COSEND_OK;
}

static int look_into(struct cosend_io *io, int fd, const char *path, off_t size,
                     enum csi_packed kind, struct csi_append *append,
                     struct cosend_error *error)
{
    unsigned char magic[CSI_MAGIC_MAX];
    ssize_t got;

    if (kind == CSI_PACKED_NOT)
        return look_plain(io, fd, size, append, error);
    got = csi_io_read_at(io, fd, magic, sizeof(magic), 0);
    if (got > 0 && csi_magic_of(magic, (size_t)got) == kind)
        return look_packed(io, fd, path, kind, append, error);
    return refuse_append(path,
                         kind == CSI_PACKED_GZIP ? "it holds no gzip data"
                                                 : "it holds no zstd data",
                         error);
}

int csi_append_look(struct cosend_io *io, const char *path,
                    const struct stat *status, enum csi_packed kind,
                    struct csi_append *append, struct cosend_error *error)
{
    int fd, answer;

    if (!status->st_size)
        return COSEND_OK;
    fd = csi_io_open(io, path, O_RDONLY | O_NONBLOCK, 0);
    append->any = fd < 0;
    if (fd < 0)
        return COSEND_OK;
    answer = look_into(io, fd, path, status->st_size, kind, append, error);
    csi_io_close(io, fd);
    return answer;
}

void csi_append_free(struct csi_append *append)
{
    csi_free(append->start);
    *append = (struct csi_append){0};
}
