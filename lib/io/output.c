/* SPDX-License-Identifier: MIT */
/*
 * A buffered writer. stdio's would not do: an interrupted or refused write
 * drops what its buffer held, and only ferror remembers.
 *
 *     cosend_output_write -> buffer -> (pack -> packed) -> write(2)
 *
 * The first answer that is not COSEND_OK is kept in `status` and is every later
 * call's answer; what is buffered then is never written.
 *
 * A file that is written in place keeps what it holds until there is something
 * to write, or the end: a run that is refused, because its columns are unknown,
 * destroys nothing.
 */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    BUFFER = CSI_OUTPUT_BUFFER,
    AT_ONCE = 512 * 1024, /* bytes that are brought to the disk together */
};

int csi_output_settled(const struct cosend_output *output,
                       struct cosend_error *error)
{
    if (output->status < 0)
        cosend_error_set(error, output->status, "%s", output->error.message);
    return output->status;
}

static int end_write(struct cosend_output *output, int status,
                     struct cosend_error *error)
{
    output->used = 0;
    output->status = status;
    return csi_output_settled(output, error);
}

int csi_output_fail(struct cosend_output *output, struct cosend_error *error)
{
    if (errno == EPIPE)
        return end_write(output, COSEND_DONE, error);
    return end_write(
        output, csi_io_error(&output->error, COSEND_E_OUTPUT, output->name),
        error);
}

static int killed(struct cosend_output *output, struct cosend_error *error)
{
    cosend_error_set(&output->error, COSEND_E_ABORTED,
                     "%s: given up before all was written", output->name);
    return end_write(output, COSEND_E_ABORTED, error);
}

static void wait_writable(const struct cosend_output *output)
{
    struct pollfd writable = {.fd = output->fd, .events = POLLOUT};

    output->io->ops->poll(&writable, 1, CSI_OUTPUT_PATIENCE);
}

void csi_output_sync_soon(struct cosend_output *output)
{
    uint64_t more = output->bytes - output->sync_begun;

    if (!output->atomic.temporary || output->fd < 0 || !more)
        return;
    output->io->ops->sync_soon(output->fd, (off_t)output->sync_begun,
                               (off_t)more);
    output->sync_begun = output->bytes;
}

static int write_all(struct cosend_output *output, const char *data,
                     size_t length, struct cosend_error *error)
{
    while (length) {
        ssize_t written;

        /* A regular file has no reader to wait for. */
        if (!output->regular && cosend_io_woken(output->io) & COSEND_WAKE_KILL)
            return killed(output, error);
        written = output->io->ops->write(output->fd, data, length);
        if (written > 0) {
            data += written;
            length -= (size_t)written;
            output->bytes += (uint64_t)written;
            atomic_fetch_add_explicit(&output->io->progress, 1,
                                      memory_order_relaxed);
        } else if (written == 0) {
            errno = ENOSPC;
            return csi_output_fail(output, error);
        } else if (errno == EAGAIN) {
            wait_writable(output);
        } else if (errno != EINTR) {
            return csi_output_fail(output, error);
        }
    }
    if (output->bytes - output->sync_begun >= AT_ONCE)
        csi_output_sync_soon(output);
    return COSEND_OK;
}

static int write_packed(struct cosend_output *output, const char *data,
                        size_t length, enum csi_pack_until until,
                        struct cosend_error *error)
{
    int more, status;
    size_t made;

    do {
        more = csi_pack_some(output->pack, &data, &length, until,
                             output->packed, BUFFER, &made);
        if (more < 0) {
            csi_no_memory(&output->error);
            return end_write(output, COSEND_E_MEMORY, error);
        }
        status = write_all(output, output->packed, made, error);
    } while (status == COSEND_OK && more);
    output->keeps = until == CSI_PACK_GO_ON;
    return status;
}

bool csi_output_pack(struct cosend_output *output)
{
    if (output->packs <= CSI_PACKED_NOT || output->pack)
        return true;
    output->pack = csi_pack_new(output->packs);
    output->packed = csi_malloc(BUFFER);
    return output->pack && output->packed;
}

static int hand_on(struct cosend_output *output, const char *data,
                   size_t length, enum csi_pack_until until,
                   struct cosend_error *error)
{
    if (length && !csi_output_pack(output)) {
        csi_no_memory(&output->error);
        return end_write(output, COSEND_E_MEMORY, error);
    }
    return output->pack ? write_packed(output, data, length, until, error)
                        : write_all(output, data, length, error);
}

int csi_output_empty(struct cosend_output *output, enum csi_pack_until until,
                     struct cosend_error *error)
{
    size_t used = output->used;

    output->used = 0;
    return hand_on(output, output->buffer, used, until, error);
}

int cosend_output_begin(struct cosend_output *output,
                        struct cosend_error *error)
{
    char end = output->nul ? '\0' : '\n';

    if (output->status || output->begun)
        return csi_output_settled(output, error);
    output->begun = true;
    if (output->stale && output->io->ops->ftruncate(output->fd, 0) != 0)
        return csi_output_fail(output, error);
    if (output->append.looked && output->append.last != end)
        output->buffer[output->used++] = end;
    return COSEND_OK;
}

/* ---- Closed between two writes ------------------------------------------- */

/* Where the bytes are: an atomic file's, until it is published. */
static const char *bytes_path(const struct cosend_output *output)
{
    return output->atomic.temporary ? output->atomic.temporary : output->name;
}

int csi_output_park(struct cosend_output *output, struct cosend_error *error)
{
    int fd = output->fd;

    if (output->status || fd < 0)
        return csi_output_settled(output, error);
    if (cosend_output_begin(output, error) ||
        csi_output_empty(output, CSI_PACK_END, error))
        return csi_output_settled(output, error);
    output->fd = -1;
    output->parked = true;
    output->keeps = false;
    csi_pack_free(output->pack);
    csi_free(output->packed);
    csi_free(output->buffer);
    output->pack = NULL;
    output->packed = output->buffer = NULL;
    if (csi_io_close(output->io, fd) != 0)
        return csi_output_fail(output, error);
    return COSEND_OK;
}

void csi_output_leave_sync(struct cosend_output *output)
{
    output->together = true;
}

int csi_output_sync_together(struct cosend_output *output,
                             struct cosend_error *error)
{
    const char *slash = strrchr(output->name, '/');
    char *folder =
        slash ? csi_strndup(output->name, (size_t)(slash - output->name) + 1)
              : csi_strndup(".", 1);
    int fd, failed;

    if (!folder)
        return csi_no_memory(error);
    fd = csi_io_open(output->io, folder, O_RDONLY | O_DIRECTORY, 0);
    csi_free(folder);
    /* A folder that may not be read is as good as it gets. */
    if (fd < 0 && errno == EACCES)
        return COSEND_OK;
    atomic_store(&output->io->syncing, true);
    failed = fd < 0 || syncfs(fd) != 0;
    atomic_store(&output->io->syncing, false);
    if (failed)
        csi_io_error(error, COSEND_E_OUTPUT, output->name);
    if (fd >= 0)
        csi_io_close(output->io, fd);
    return failed ? error->kind : COSEND_OK;
}

/* What packs comes with the first bytes: without any there is no member. */
int csi_output_wake(struct cosend_output *output, struct cosend_error *error)
{
    if (output->status || !output->parked)
        return csi_output_settled(output, error);
    output->buffer = csi_malloc(CSI_OUTPUT_BUFFER);
    if (!output->buffer) {
        csi_no_memory(&output->error);
        output->status = COSEND_E_MEMORY;
        return csi_output_settled(output, error);
    }
    output->parked = false;
    output->fd = csi_io_open(output->io, bytes_path(output),
                             O_WRONLY | O_APPEND | O_NOFOLLOW, 0);
    return output->fd < 0 ? csi_output_fail(output, error) : COSEND_OK;
}

/* ---- Writing ------------------------------------------------------------- */

int cosend_output_write(struct cosend_output *output, const void *data,
                        size_t length, struct cosend_error *error)
{
    int status;

    if (!output->begun && length)
        cosend_output_begin(output, error);
    if (output->parked && length)
        csi_output_wake(output, error);
    if (output->status)
        return csi_output_settled(output, error);
    if (output->fd < 0 && length)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%s: it was committed, or kept, already",
                                output->name);
    if (length > BUFFER - output->used) {
        status = csi_output_empty(output, CSI_PACK_GO_ON, error);
        if (status)
            return status;
        if (length >= BUFFER)
            return hand_on(output, data, length, CSI_PACK_GO_ON, error);
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
    if (output->status || output->parked)
        return csi_output_settled(output, error);
    if (output->used || output->keeps)
        return csi_output_empty(output, CSI_PACK_FLUSH, error);
    if (reader_gone(output)) {
        errno = EPIPE;
        return csi_output_fail(output, error);
    }
    return COSEND_OK;
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

bool cosend_terminal_moves(void)
{
    const char *terminal = getenv("TERM");

    return terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

unsigned cosend_output_width(const struct cosend_output *output)
{
    struct winsize size;

    if (!output->tty || ioctl(output->fd, TIOCGWINSZ, &size) < 0)
        return 0;
    return size.ws_col;
}

void csi_output_size(const struct cosend_output *output, unsigned *columns,
                     unsigned *rows)
{
    struct winsize size = {0};

    if (!output->tty || ioctl(output->fd, TIOCGWINSZ, &size) < 0)
        size.ws_col = size.ws_row = 0;
    *columns = size.ws_col > 2 ? size.ws_col : size.ws_col ? 3 : 80;
    *rows = size.ws_row > 2 ? size.ws_row : size.ws_row ? 3 : 24;
}

bool cosend_output_is_atomic(const struct cosend_output *output)
{
    return output->atomic.temporary;
}

bool cosend_output_has_begun(const struct cosend_output *output)
{
    return output->begun;
}

bool cosend_output_appends(const struct cosend_output *output,
                           const char **start, size_t *length)
{
    *start = output->append.start;
    *length = output->append.length;
    return output->append.any;
}

const char *cosend_output_name(const struct cosend_output *output)
{
    return output->name;
}

int cosend_output_watchable(const struct cosend_output *output)
{
    return output->regular ? -1 : output->fd;
}
