/* SPDX-License-Identifier: MIT */
/* What becomes of an output when all is written, or when it is given up. */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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

/* The last bytes. A file that nothing was appended to stays as it is. */
static int finish_bytes(struct cosend_output *output,
                        struct cosend_error *error)
{
    if (!output->begun && output->append.any)
        return csi_output_settled(output, error);
    if (cosend_output_begin(output, error))
        return csi_output_settled(output, error);
    return csi_output_empty(output, CSI_PACK_END, error);
}

int cosend_output_prepare(struct cosend_output *output,
                          struct cosend_error *error)
{
    int failed, fd;

    /* What was closed has all its bytes; some are yet to be synced. */
    if (output->atomic.temporary && !output->together)
        csi_output_wake(output, error);
    fd = output->fd;
    if (fd < 0)
        return csi_output_settled(output, error);
    finish_bytes(output, error);
    if (!output->atomic.temporary || (output->together && !output->status)) {
        failed = close_plain(output);
    } else if (output->status) {
        return csi_output_settled(output, error);
    } else {
        output->fd = -1;
        atomic_store(&output->io->syncing, true);
        failed = csi_atomic_sync(output->io, &output->atomic, fd);
        atomic_store(&output->io->syncing, false);
    }
    if (failed && !output->status)
        return csi_output_fail(output, error);
    return csi_output_settled(output, error);
}

int cosend_output_publish(struct cosend_output *output,
                          struct cosend_error *error)
{
    if (!output->status && output->fd < 0 && output->atomic.temporary &&
        csi_atomic_publish(output->io, &output->atomic) != 0)
        return csi_output_fail(output, error);
    return csi_output_settled(output, error);
}

int cosend_output_settle(struct cosend_output *output,
                         struct cosend_error *error)
{
    const struct csi_atomic *atomic = &output->atomic;

    if (!output->status && atomic->target && !atomic->temporary &&
        !output->together &&
        csi_atomic_sync_folder(output->io, &output->atomic) != 0)
        return csi_output_fail(output, error);
    return csi_output_settled(output, error);
}

int cosend_output_commit(struct cosend_output *output,
                         struct cosend_error *error)
{
    int status = cosend_output_prepare(output, error);

    if (status == COSEND_OK)
        status = cosend_output_publish(output, error);
    return status == COSEND_OK ? cosend_output_settle(output, error) : status;
}

int cosend_output_keep_partial(struct cosend_output *output,
                               struct cosend_error *error)
{
    char *name;
    int fd;

    if (output->atomic.temporary)
        csi_output_wake(output, error);
    fd = output->fd;
    if (fd < 0 || !output->atomic.temporary)
        return cosend_output_commit(output, error);
    if (finish_bytes(output, error))
        return csi_output_settled(output, error);
    output->fd = -1;
    if (csi_atomic_keep(output->io, &output->atomic, fd, &name) != 0)
        return csi_output_fail(output, error);
    csi_free(output->name);
    output->name = name;
    return COSEND_OK;
}

/* A file that was not there, and that nothing was to be written to after all.
 */
static void remove_unused(const struct cosend_output *output)
{
    struct stat mine, now;

    if (output->created && !output->begun && output->fd >= 0 &&
        output->io->ops->fstat(output->fd, &mine) == 0 &&
        output->io->ops->stat(output->name, &now) == 0 &&
        mine.st_dev == now.st_dev && mine.st_ino == now.st_ino && !mine.st_size)
        output->io->ops->unlink(output->name);
}

void cosend_output_free(struct cosend_output *output)
{
    if (!output)
        return;
    remove_unused(output);
    if (output->owned && output->fd >= 0)
        csi_io_close(output->io, output->fd);
    csi_atomic_abandon(output->io, &output->atomic);
    csi_append_free(&output->append);
    csi_pack_free(output->pack);
    csi_free(output->packed);
    csi_free(output->buffer);
    csi_free(output->name);
    csi_free(output);
}
