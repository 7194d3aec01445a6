/* SPDX-License-Identifier: MIT */
/* What the files of lib/io share: the system calls, and the context. */
#ifndef CSI_IO_H
#define CSI_IO_H

#include "base/base.h"
#include "cosend/io.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * Every system call that data or a file's fate depends on, so that tests can
 * stand in for the system. All but now and sync_soon are POSIX's, errno
 * included.
 */
struct csi_io_ops {
    int (*open)(const char *path, int flags, mode_t mode);
    ssize_t (*read)(int fd, void *buffer, size_t size);
    ssize_t (*pread)(int fd, void *buffer, size_t size, off_t offset);
    off_t (*lseek)(int fd, off_t offset, int whence);
    ssize_t (*write)(int fd, const void *data, size_t size);
    int (*close)(int fd);
    int (*fsync)(int fd);
    /* Begin, where the system can, to bring bytes to the disk. Nothing is
       answered: fsync says what failed. */
    void (*sync_soon)(int fd, off_t from, off_t length);
    int (*ftruncate)(int fd, off_t length);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
    int (*stat)(const char *path, struct stat *status);
    int (*fstat)(int fd, struct stat *status);
    int (*poll)(struct pollfd *fds, nfds_t count, int timeout);
    int64_t (*now)(void); /* milliseconds of a clock that is never set */
};

/* The C library's. */
extern const struct csi_io_ops csi_io_system;

struct csi_identity {
    dev_t device;
    ino_t inode;
};

struct cosend_io {
    const struct csi_io_ops *ops;
    atomic_uint woken;     /* enum cosend_wake */
    atomic_uint postponed; /* of these, what waits for the next read */
    atomic_uint progress;  /* how often something was written */
    atomic_bool syncing;
    int wake_fd;        /* an eventfd, readable while a bit of woken is set */
    int watch_fd;       /* or -1 */
    int changes_fd;     /* changes.c's; negative: none */
    int64_t changed_at; /* milliseconds; when that last ended a wait */
    int interval;       /* milliseconds between looks at a followed file */
    int grace; /* milliseconds for which a file is read beyond its rotation */
    bool (*notify)(void *context, const char *message); /* or NULL */
    void *notify_context;
    bool notify_refused; /* it returned false: no input waits any more */
    bool streaming;      /* a declared input is not regular */
    struct csi_identity *inputs; /* declared */
    size_t input_count, input_capacity;
    bool tells_signals; /* the host looks what a signal was, in between */
    bool heeds_signals; /* and this wait is one that a signal may end */
};

/*
 * Poll fds[0] to fds[count - 1], and the context's own descriptors, for which
 * the array must have room for two more.
 *
 * Returns COSEND_CLOSING while woken, and where a signal that is heeded came;
 * else COSEND_OK, after the time as well as after an event or for no reason:
 * the caller looks at revents; or an error.
 */
int csi_io_poll(struct cosend_io *io, struct pollfd *fds, nfds_t count,
                int timeout, struct cosend_error *error);

/*
 * Let these bits, where they are set, wait until something was read, when they
 * are taken with the rest; where there is nothing to be read, csi_io_poll wakes
 * for them. So whoever asks again before it was answered does not keep the
 * input from going on.
 */
void csi_io_postpone(struct cosend_io *io, unsigned bits);

/* Nanoseconds of a clock that is never set. */
int64_t csi_io_now(const struct cosend_io *io);

/* Open, again when interrupted. O_CLOEXEC and O_NOCTTY are added. */
int csi_io_open(const struct cosend_io *io, const char *path, int flags,
                mode_t mode);
/* pread, of all bytes: fewer only at the end of the file, or before what cannot
   be read. Returns how many, or -1 with errno where there are none. */
ssize_t csi_io_read_at(const struct cosend_io *io, int fd, void *buffer,
                       size_t size, off_t offset);

/* Close. Returns 0, or -1 with errno; an interrupted close has closed. */
int csi_io_close(const struct cosend_io *io, int fd);

/* Call the hook, if there is one, with what is no error. Where it returns false
   csi_io_is_closing is true from then on. */
void csi_io_notify(struct cosend_io *io, const char *format, ...)
    COSEND_PRINTF(2, 3);

/* Whether an input has to answer COSEND_CLOSING instead of waiting. */
bool csi_io_is_closing(const struct cosend_io *io);

/* Whether a declared input is this file. */
bool csi_io_is_input(const struct cosend_io *io, const struct stat *status);

/* Set error to `NAME: what errno says`; for ENOMEM the kind is
   COSEND_E_MEMORY. Returns the kind. */
int csi_io_error(struct cosend_error *error, int kind, const char *name);

#endif
