/* SPDX-License-Identifier: MIT */
#include "io/changes.h"

#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
    REST = 5,    /* milliseconds in which all that comes is one change */
    REFUSED = -2 /* in the place of a descriptor: do not ask again */
};

int csi_changes_watch(struct cosend_io *io, int fd)
{
    char path[48];

    if (io->changes_fd == -1) {
        io->changes_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (io->changes_fd < 0)
            io->changes_fd = REFUSED;
    }
    if (io->changes_fd < 0)
        return -1;
    /* Its name may be another file's by now. */
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return inotify_add_watch(io->changes_fd, path, IN_MODIFY);
}

void csi_changes_unwatch(const struct cosend_io *io, int number)
{
    if (number >= 0)
        inotify_rm_watch(io->changes_fd, number);
}

/* What changed is not asked: all files are looked at. */
static void drop_events(const struct cosend_io *io)
{
    char events[4096];

    while (read(io->changes_fd, events, sizeof(events)) > 0)
        continue;
}

int csi_changes_poll(struct cosend_io *io, struct pollfd *fds, nfds_t count,
                     int timeout, struct cosend_error *error)
{
    bool rests = io->ops->now() - io->changed_at < REST;
    int status;

    fds[count] =
        (struct pollfd){.fd = rests ? -1 : io->changes_fd, .events = POLLIN};
    if (rests && io->changes_fd >= 0 && (timeout < 0 || timeout > REST))
        timeout = REST;
    status = csi_io_poll(io, fds, count + 1, timeout, error);
    if (fds[count].revents) {
        drop_events(io);
        io->changed_at = io->ops->now();
    }
    return status;
}
