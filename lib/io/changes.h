/* SPDX-License-Identifier: MIT */
/* Files that are written to end a wait, where the system can tell (inotify). */
#ifndef CSI_CHANGES_H
#define CSI_CHANGES_H

#include "io/io.h"

/* End waits when the file behind fd is written to, until that is over. Returns
   a number for csi_changes_unwatch, or -1 where there is no telling. */
int csi_changes_watch(struct cosend_io *io, int fd);
void csi_changes_unwatch(const struct cosend_io *io, int number);

/* As csi_io_poll, with room for three more, which also ends when a watched file
   is written to: not sooner than some milliseconds after it did so last, so
   that what is written line by line is read many lines at a time. */
int csi_changes_poll(struct cosend_io *io, struct pollfd *fds, nfds_t count,
                     int timeout, struct cosend_error *error);

#endif
