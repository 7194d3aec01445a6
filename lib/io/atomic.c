/* SPDX-License-Identifier: MIT */
/*
 * The life of a file that appears whole or not at all.
 *
 *     open      .NAME.abcdef is made beside NAME, with NAME's owner and mode
 *     write     into that; NAME is as it was
 *     sync      fsync, close: the bytes are on the disk, or an error says no
 *     publish   rename: whoever opens NAME gets the old file, or all of the new
 *     settle    fsync of the folder: the rename is on the disk
 *
 * A run with several such files does each step for all of them before the next
 * step: what can fail for want of room or by a disk's fault comes before the
 * first rename, and then no file is replaced. A rename that fails by itself
 * (somebody took the folder's write permission away meanwhile) can still leave
 * some replaced and others not; the run says which.
 *
 * A link is followed: the file that it leads to is replaced, in its folder. Not
 * kept are further hard links, extended attributes and access lists. A program
 * that is killed outright leaves .NAME.abcdef behind; nothing reads it.
 */
#include "io/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { ATTEMPTS = 100, NAME_KEPT = NAME_MAX - 16 };

static size_t directory_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* DIRECTORY/.NAME.XXXXXX: hidden, beside the target, hard to foretell.
   Returns 0, or -1 with errno. */
static int name_temporary(char *out, size_t size, const char *target)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    size_t directory = directory_length(target);
    unsigned char random[6];
    char suffix[7] = {0};

    if (getrandom(random, sizeof(random), 0) < 0)
        return -1;
    for (size_t i = 0; i < sizeof(random); i++)
        suffix[i] = letters[random[i] % 32];
    snprintf(out, size, "%.*s.%.*s.%s", (int)directory, target, (int)NAME_KEPT,
             target + directory, suffix);
    return 0;
}

/* Owner first: a change of owner clears mode bits. Where the group can't be
   kept its rights would go to another group, so they go. */
static int copy_rights(int fd, const struct stat *existing)
{
    mode_t mode = existing->st_mode & 0777;

    if (fchown(fd, existing->st_uid, existing->st_gid) != 0 &&
        fchown(fd, (uid_t)-1, existing->st_gid) != 0)
        mode &= (mode_t)~070;
    return fchmod(fd, mode);
}

static int open_temporary(const struct cosend_io *io, struct csi_atomic *atomic,
                          const struct stat *existing)
{
    size_t size = strlen(atomic->target) + 16;
    int fd = -1;

    atomic->temporary = csi_malloc(size);
    if (!atomic->temporary) {
        errno = ENOMEM;
        return -1;
    }
    for (int i = 0; i < ATTEMPTS; i++) {
        if (name_temporary(atomic->temporary, size, atomic->target) != 0)
            break;
        fd = csi_io_open(io, atomic->temporary,
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
                         existing ? 0600 : 0666);
        if (fd >= 0 || errno != EEXIST)
            break;
    }
    if (fd < 0) {
        csi_free(atomic->temporary);
        atomic->temporary = NULL;
    }
    return fd;
}

int csi_atomic_open(const struct cosend_io *io, struct csi_atomic *atomic,
                    const char *path, const struct stat *existing)
{
    char real[PATH_MAX];
    int fd;

    if (existing) {
        if (!realpath(path, real))
            return -1;
        path = real;
    }
    atomic->target = csi_strndup(path, strlen(path));
    if (!atomic->target) {
        errno = ENOMEM;
        return -1;
    }
    fd = open_temporary(io, atomic, existing);
    if (fd >= 0 && existing && copy_rights(fd, existing) != 0) {
        int saved = errno;

        csi_io_close(io, fd);
        errno = saved;
        fd = -1;
    }
    if (fd < 0)
        csi_atomic_abandon(io, atomic);
    return fd;
}

static int sync_file(const struct cosend_io *io, int fd)
{
    int failed;

    do
        failed = io->ops->fsync(fd);
    while (failed && errno == EINTR);
    return failed;
}

/* A directory that may not be read, or a file system that syncs none, is as
   good as it gets. */
static int sync_directory(const struct cosend_io *io, const char *target)
{
    size_t length = directory_length(target);
    char *name = length ? csi_strndup(target, length) : csi_strndup(".", 1);
    int fd, failed, saved;

    if (!name) {
        errno = ENOMEM;
        return -1;
    }
    fd = csi_io_open(io, name, O_RDONLY | O_DIRECTORY, 0);
    csi_free(name);
    if (fd < 0)
        return errno == EACCES ? 0 : -1;
    failed = sync_file(io, fd);
    saved = errno;
    csi_io_close(io, fd);
    errno = saved;
    return failed && errno != EINVAL ? -1 : 0;
}

static int rename_to(const struct cosend_io *io, struct csi_atomic *atomic,
                     const char *name)
{
    int failed;

    do
        failed = io->ops->rename(atomic->temporary, name);
    while (failed && errno == EINTR);
    if (failed)
        return -1;
    csi_free(atomic->temporary);
    atomic->temporary = NULL;
    return 0;
}

int csi_atomic_sync(const struct cosend_io *io, struct csi_atomic *atomic,
                    int fd)
{
    int failed = sync_file(io, fd), saved = errno;

    if (csi_io_close(io, fd) != 0 && !failed)
        failed = -1;
    else
        errno = saved;
    if (failed)
        csi_atomic_abandon(io, atomic);
    return failed;
}

int csi_atomic_publish(const struct cosend_io *io, struct csi_atomic *atomic)
{
    int failed = rename_to(io, atomic, atomic->target);

    if (failed)
        csi_atomic_abandon(io, atomic);
    return failed;
}

int csi_atomic_sync_folder(const struct cosend_io *io,
                           struct csi_atomic *atomic)
{
    int failed = sync_directory(io, atomic->target);

    csi_atomic_abandon(io, atomic);
    return failed;
}

int csi_atomic_keep(const struct cosend_io *io, struct csi_atomic *atomic,
                    int fd, char **name)
{
    static const char suffix[] = ".partial";
    size_t length = strlen(atomic->target);
    int failed = csi_io_close(io, fd);

    *name = NULL;
    if (!failed) {
        *name = csi_malloc(length + sizeof(suffix));
        failed = *name ? 0 : -1;
        errno = ENOMEM;
    }
    if (!failed) {
        memcpy(*name, atomic->target, length);
        memcpy(*name + length, suffix, sizeof(suffix));
        failed = rename_to(io, atomic, *name);
    }
    if (failed) {
        csi_free(*name);
        *name = NULL;
    }
    csi_atomic_abandon(io, atomic);
    return failed;
}

void csi_atomic_abandon(const struct cosend_io *io, struct csi_atomic *atomic)
{
    int saved = errno;

    if (atomic->temporary)
        io->ops->unlink(atomic->temporary);
    csi_free(atomic->temporary);
    csi_free(atomic->target);
    *atomic = (struct csi_atomic){NULL, NULL};
    errno = saved;
}
