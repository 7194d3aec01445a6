/* SPDX-License-Identifier: MIT */
/* From a path, or a descriptor, to an output. */
#include "io/output.h"
#include "io/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct cosend_output *new_output(struct cosend_io *io, const char *name)
{
    struct cosend_output *output = csi_calloc(1, sizeof(*output));

    if (!output)
        return NULL;
    output->io = io;
    output->fd = -1;
    output->name = csi_strndup(name, strlen(name));
    output->buffer = csi_malloc(CSI_OUTPUT_BUFFER);
    if (!output->name || !output->buffer) {
        cosend_output_free(output);
        return NULL;
    }
    return output;
}

static int refuse_input(const struct cosend_output *output,
                        struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_USAGE,
                            "%s: the output is one of the inputs: write to "
                            "another file, and rename that",
                            output->name);
}

static int output_error(const struct cosend_output *output, int number,
                        struct cosend_error *error)
{
    errno = number;
    return csi_io_error(error, COSEND_E_OUTPUT, output->name);
}

static int attach_output(struct cosend_output *output, int fd, bool owned,
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
    int answer = attach_output(output, fd, owned, &status, error);

    if (!answer && output->regular && status.st_size > 0 &&
        csi_io_is_input(output->io, &status))
        return refuse_input(output, error);
    return answer;
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
        io->ops->poll(NULL, 0, CSI_OUTPUT_PATIENCE);
    }
}

static int open_in_place(struct cosend_output *output,
                         enum cosend_output_mode mode,
                         const struct stat *existing,
                         struct cosend_error *error)
{
    bool append = mode == COSEND_OUTPUT_APPEND;
    int fd =
        open_patiently(output, O_WRONLY | O_CREAT | (append ? O_APPEND : 0),
                       existing && S_ISFIFO(existing->st_mode));
    struct stat status;
    int answer;

    if (fd < 0 && errno == EINTR)
        return cosend_error_set(error, COSEND_E_ABORTED,
                                "%s: stopped before anybody read it",
                                output->name);
    if (fd < 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    answer = attach_output(output, fd, true, &status, error);
    if (answer || !output->regular)
        return answer;
    if (csi_io_is_input(output->io, &status))
        return refuse_input(output, error);
    output->created = !existing;
    output->stale = !append && status.st_size;
    if (!append)
        return COSEND_OK;
    return csi_append_look(output->io, output->name, &status,
                           csi_magic_by_path(output->name), &output->append,
                           error);
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
    return attach_output(output, fd, true, &status, error);
}

static int open_descriptor(struct cosend_output *output, int fd,
                           struct cosend_error *error)
{
    if (!csi_path_is_inherited(fd))
        return output_error(output, EBADF, error);
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    return attach_descriptor(output, fd, true, error);
}

static int open_output_file(struct cosend_output *output,
                            enum cosend_output_mode mode,
                            struct cosend_error *error)
{
    struct stat status;
    bool exists = output->io->ops->stat(output->name, &status) == 0;
    char link;

    if (!exists && errno != ENOENT)
        return csi_io_error(error, COSEND_E_OUTPUT, output->name);
    if (!exists && csi_path_lacks_folder(output->name, error))
        return error->kind;
    if (!exists && readlink(output->name, &link, 1) >= 0)
        return cosend_error_set(error, COSEND_E_OUTPUT,
                                "%s: a link that leads nowhere", output->name);
    if (mode == COSEND_OUTPUT_ATOMIC && !output->io->streaming &&
        (!exists || S_ISREG(status.st_mode)))
        return open_atomic(output, exists ? &status : NULL, error);
    return open_in_place(output, mode, exists ? &status : NULL, error);
}

/* What is written to a file of that name is compressed as its name says. */
static int begin_packing(struct cosend_output *output,
                         struct cosend_error *error)
{
    output->packs = csi_magic_by_path(output->name);
    return csi_output_pack(output) ? COSEND_OK : csi_no_memory(error);
}

static int open_output_path(struct cosend_output *output,
                            enum cosend_output_mode mode,
                            struct cosend_error *error)
{
    int fd = csi_path_descriptor(output->name);
    int status;

    if (csi_magic_by_path(output->name) == CSI_PACKED_OTHERWISE)
        return cosend_error_set(error, COSEND_E_OUTPUT,
                                "%s: of compressed files only .gz and .zst are "
                                "written",
                                output->name);
    status = fd >= 0 ? open_descriptor(output, fd, error)
                     : open_output_file(output, mode, error);

    return status == COSEND_OK ? begin_packing(output, error) : status;
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
    if (strcmp(path, "-") == 0)
        return cosend_output_descriptor(io, 1, "stdout", output, error);
    *output = new_output(io, path);
    if (!*output)
        return csi_no_memory(error);
    return made(output, open_output_path(*output, mode, error));
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
