/* SPDX-License-Identifier: MIT */
#include "io/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_STEP = 64 * 1024, NAME_TRIES = 100 };

struct csi_spill {
    const struct cosend_io *io;
    int fd;
    uint64_t size; /* bytes that the file has */
    size_t pending;
    unsigned char *buffer; /* NULL once it was ended */
    char directory[256];   /* for messages: the start of a longer one */
};

static int spill_error(const struct csi_spill *spill, int kind,
                       const char *what, struct cosend_error *error)
{
    if (errno == ENOMEM)
        return csi_no_memory(error);
    return cosend_error_set(
        error, kind,
        "cannot %s a temporary file in %s: %s; records that memory is not "
        "allowed for go there: make room, name another directory by TMPDIR, "
        "or allow more memory",
        what, spill->directory, strerror(errno));
}

/* A file that has a name until it is open, where the file system knows of none
   without. */
static int open_and_unlink(const struct cosend_io *io, const char *directory)
{
    static const char form[] = "%s/.cosend-%lx-%x";
    size_t size = strlen(directory) + sizeof(form) + 32;
    char *path = csi_malloc(size);
    int fd = -1;

    if (!path) {
        errno = ENOMEM;
        return -1;
    }
    for (unsigned i = 0; fd < 0 && i < NAME_TRIES; i++) {
        /* Unique among those alive, and another at each try. */
        snprintf(path, size, form, directory,
                 (unsigned long)(uintptr_t)path ^ (unsigned long)io->ops->now(),
                 i);
        fd = csi_io_open(io, path, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd >= 0)
        io->ops->unlink(path);
    csi_free(path);
    return fd;
}

static int open_nameless(const struct cosend_io *io, const char *directory)
{
    int fd = -1;

#ifdef O_TMPFILE
    fd = csi_io_open(io, directory, O_RDWR | O_TMPFILE | O_EXCL, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
#endif
    return open_and_unlink(io, directory);
}

struct csi_spill *csi_spill_new(const struct cosend_io *io,
                                const char *directory,
                                struct cosend_error *error)
{
    struct csi_spill *spill = csi_calloc(1, sizeof(*spill));

    if (!spill) {
        csi_no_memory(error);
        return NULL;
    }
    if (!directory || !*directory)
        directory = getenv("TMPDIR");
    if (!directory || !*directory)
        directory = "/tmp";
    spill->io = io;
    snprintf(spill->directory, sizeof(spill->directory), "%s", directory);
    spill->fd = open_nameless(io, directory);
    if (spill->fd < 0) {
        spill_error(spill, COSEND_E_OUTPUT, "make", error);
        csi_free(spill);
        return NULL;
    }
    spill->buffer = csi_malloc(WRITE_STEP);
    if (spill->buffer)
        return spill;
    csi_no_memory(error);
    csi_spill_free(spill);
    return NULL;
}

void csi_spill_free(struct csi_spill *spill)
{
    if (!spill)
        return;
    if (spill->fd >= 0)
        csi_io_close(spill->io, spill->fd);
    csi_free(spill->buffer);
    csi_free(spill);
}

/* ---- Writing ------------------------------------------------------------- */

static int write_all(struct csi_spill *spill, const unsigned char *data,
                     size_t length, struct cosend_error *error)
{
    while (length) {
        ssize_t count = spill->io->ops->write(spill->fd, data, length);

        if (count < 0 && errno == EINTR)
            continue;
        if (count == 0)
            errno = EIO;
        if (count <= 0)
            return spill_error(spill, COSEND_E_OUTPUT, "write", error);
        data += count;
        length -= (size_t)count;
        spill->size += (size_t)count;
    }
    return COSEND_OK;
}

int csi_spill_write(struct csi_spill *spill, const void *data, size_t length,
                    struct cosend_error *error)
{
    int status = COSEND_OK;

    if (length > WRITE_STEP - spill->pending) {
        status = write_all(spill, spill->buffer, spill->pending, error);
        spill->pending = 0;
    }
    if (status < 0)
        return status;
    if (length > WRITE_STEP)
        return write_all(spill, data, length, error);
    if (length)
        memcpy(spill->buffer + spill->pending, data, length);
    spill->pending += length;
    return COSEND_OK;
}

int csi_spill_end(struct csi_spill *spill, struct cosend_error *error)
{
    int status = write_all(spill, spill->buffer, spill->pending, error);

    spill->pending = 0;
    csi_free(spill->buffer);
    spill->buffer = NULL;
    return status;
}

/* ---- Reading ------------------------------------------------------------- */

static int read_more(struct csi_spill_reader *reader,
                     struct cosend_error *error)
{
    struct csi_spill *spill = reader->spill;
    size_t end = reader->start + reader->length;
    ssize_t count;

    do
        count = spill->io->ops->pread(spill->fd, reader->buffer + end,
                                      reader->capacity - end,
                                      (off_t)reader->offset);
    while (count < 0 && errno == EINTR);
    if (count == 0)
        errno = EIO; /* it was longer when it was written */
    if (count <= 0)
        return spill_error(spill, COSEND_E_INPUT, "read", error);
    reader->offset += (size_t)count;
    reader->length += (size_t)count;
    return COSEND_OK;
}

int csi_spill_peek(struct csi_spill_reader *reader, size_t length,
                   const unsigned char **data, struct cosend_error *error)
{
    size_t room = length > reader->step ? length : reader->step;

    *data = NULL;
    if (!reader->length && reader->offset == reader->spill->size)
        return COSEND_OK;
    if (reader->length < length) {
        if (reader->length)
            memmove(reader->buffer, reader->buffer + reader->start,
                    reader->length);
        reader->start = 0;
        if (!csi_grow(&reader->buffer, &reader->capacity, room, 1))
            return csi_no_memory(error);
    }
    while (reader->length < length) {
        int status = read_more(reader, error);

        if (status < 0)
            return status;
    }
    *data = reader->buffer + reader->start;
    return COSEND_OK;
}

void csi_spill_reader_free(struct csi_spill_reader *reader)
{
    csi_free(reader->buffer);
    reader->buffer = NULL;
    reader->capacity = reader->start = reader->length = 0;
}
