/* SPDX-License-Identifier: MIT */
/*
 * Following a file by its name: a look every io->interval, and at each write.
 *
 * One file is current and is read at `offset`. Another file under the path is
 * opened as soon as it is seen, so that it cannot get lost any more, and
 * waits in `next`:
 *
 *     past[]          current        next[0] ... next[n - 1]
 *     read and        read until     opened; the last one was under the path
 *     closed          its end        when it was seen
 *
 * Its writer may not know yet that its file was renamed, so the current file is
 * left only when it has been seen to end io->grace after the next was opened.
 *
 * A slow reader may miss a rotation altogether. So when there is a new file
 * under the path, those that were there in between are looked for beside it:
 * files with a name that rotation gives (the path, and digits with dots and
 * dashes) that were written to after the current one.
 *
 * A file is taken for the one that was read so far if it has the same device
 * and inode, at least as many bytes as were read, and the same first bytes. If
 * it has not, it was truncated and is read from its start; an inode that came
 * to be used again for another file is told apart in the same way.
 *
 * A sibling that has been read already is read on from where it was left. Where
 * there are more siblings than WAITING the oldest wait, and the others are
 * looked for again when those have been read.
 *
 * Where the path leads nowhere, to what may not be read, or to a directory or a
 * pipe, for longer than a rotation takes, the io's hook is called, once, and
 * again when there is a file: silence would look like a quiet log. Standard
 * input has no name, and is only read on as it grows.
 *
 * What cannot be seen: that a file was truncated and has grown beyond where it
 * was read, with the same first bytes; what was written between the copy and
 * the truncation of a rotation by copying; a file that was renamed and removed
 * between two looks; what a writer adds to a renamed file after the grace; and
 * a rotation that nobody saw, of a file that had not been written to before.
 */
#include "io/follow.h"

#include "io/changes.h"
#include "io/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    HEAD = 256,  /* first bytes of a file that are remembered */
    PAST = 8,    /* files that are remembered after they were left */
    WAITING = 16 /* files that wait, each with a descriptor */
};
/* Why a path has no file to follow, beside what errno says. */
enum { IS_KNOWN = -1, IS_NO_FILE = -2 };

/* A file, and how far it was read. */
struct generation {
    int fd; /* -1: closed, or none */
    struct csi_identity identity;
    uint64_t offset;
    int64_t seen;            /* when it was opened, in milliseconds */
    uint64_t size;           /* then */
    struct timespec written; /* last, then */
    size_t head_length;
    char head[HEAD];
};

struct csi_follow {
    struct generation current;
    struct generation *next;
    size_t count, capacity;
    bool incomplete; /* there may be files between the current and the last */
    bool nameless;   /* standard input */
    uint64_t start;  /* where that stood, in its file */
    int lost;        /* why there is no file under the path; or 0 */
    int64_t lost_at;
    bool reported;                /* that there is none */
    struct generation past[PAST]; /* a ring */
    size_t left;                  /* files left so far */
    int change;                   /* of csi_changes_watch; of the current */
};

static struct csi_identity identity_of(const struct stat *status)
{
    return (struct csi_identity){status->st_dev, status->st_ino};
}

static bool is_same_file(struct csi_identity a, struct csi_identity b)
{
    return a.device == b.device && a.inode == b.inode;
}

/* Whether the file behind fd still is the one that generation has read. What
   cannot be read is for the next read to report. */
static bool holds(const struct cosend_io *io, int fd, uint64_t size,
                  const struct generation *generation)
{
    char head[HEAD];
    size_t length = generation->head_length;
    ssize_t got;

    if (size < generation->offset)
        return false;
    got = csi_io_read_at(io, fd, head, length, 0);
    return got < 0 || ((size_t)got == length &&
                       memcmp(head, generation->head, length) == 0);
}

static void remember_head(struct generation *generation, const char *bytes,
                          size_t length)
{
    size_t room = HEAD - generation->head_length;

    if (generation->offset != generation->head_length)
        return;
    if (length > room)
        length = room;
    memcpy(generation->head + generation->head_length, bytes, length);
    generation->head_length += length;
}

static void rewind_to_start(struct generation *generation)
{
    generation->offset = 0;
    generation->head_length = 0;
}

/* ---- Finding files ------------------------------------------------------- */

static bool waits(const struct csi_follow *follow, const struct stat *status)
{
    struct csi_identity identity = identity_of(status);

    if (follow->current.fd >= 0 &&
        is_same_file(follow->current.identity, identity))
        return true;
    for (size_t i = 0; i < follow->count; i++)
        if (is_same_file(follow->next[i].identity, identity))
            return true;
    return false;
}

/* Open a regular file that is not known yet. Returns 0; or, with nothing open,
   IS_KNOWN, IS_NO_FILE or what errno is. */
static int open_generation(const struct cosend_input *input, const char *path,
                           struct generation *generation)
{
    struct stat status;
    int why = 0, fd = csi_io_open(input->io, path, O_RDONLY | O_NONBLOCK, 0);

    if (fd < 0)
        return errno;
    if (input->io->ops->fstat(fd, &status) != 0)
        why = errno;
    else if (!S_ISREG(status.st_mode))
        why = IS_NO_FILE;
    else if (waits(input->follow, &status))
        why = IS_KNOWN;
    if (why) {
        csi_io_close(input->io, fd);
        return why;
    }
    rewind_to_start(generation);
    generation->fd = fd;
    generation->identity = identity_of(&status);
    generation->size = (uint64_t)status.st_size;
    generation->written = status.st_mtim;
    generation->seen = input->io->ops->now();
    return 0;
}

static bool earlier(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Insert a generation into `next`. Without memory it is closed, and the answer
   is false. */
static bool insert(struct cosend_input *input, size_t position,
                   const struct generation *generation)
{
    struct csi_follow *follow = input->follow;

    if (!csi_grow(&follow->next, &follow->capacity, follow->count + 1,
                  sizeof(*follow->next))) {
        csi_io_close(input->io, generation->fd);
        return false;
    }
    memmove(&follow->next[position + 1], &follow->next[position],
            (follow->count - position) * sizeof(*follow->next));
    follow->next[position] = *generation;
    follow->count++;
    return true;
}

/* Go on where a file was left that was read before. */
static void recall(const struct cosend_input *input,
                   struct generation *generation)
{
    const struct csi_follow *follow = input->follow;

    for (size_t i = 0; i < PAST && i < follow->left; i++) {
        const struct generation *past = &follow->past[i];

        if (is_same_file(past->identity, generation->identity) &&
            past->offset > generation->offset &&
            holds(input->io, generation->fd, generation->size, past)) {
            generation->offset = past->offset;
            generation->head_length = past->head_length;
            memcpy(generation->head, past->head, past->head_length);
        }
    }
}

/* Where in next a sibling belongs: by the time of the last write, but before
   the file that is under the path, which may not have been written to yet. */
static size_t place_of(const struct cosend_input *input,
                       const struct generation *sibling)
{
    const struct csi_io_ops *ops = input->io->ops;
    const struct csi_follow *follow = input->follow;
    size_t place = 0, limit = follow->count;
    struct stat status;

    if (ops->stat(input->name, &status) == 0 &&
        is_same_file(follow->next[limit - 1].identity, identity_of(&status)))
        limit--;
    while (place < limit && ops->fstat(follow->next[place].fd, &status) == 0 &&
           earlier(status.st_mtim, sibling->written))
        place++;
    return place;
}

/* Make room for a sibling by giving up the newest before the last.
   False if the sibling would be the newest itself. */
static bool make_room_for_sibling(struct cosend_input *input, size_t place)
{
    struct csi_follow *follow = input->follow;

    if (follow->count < WAITING)
        return true;
    follow->incomplete = true;
    if (place >= follow->count - 1)
        return false;
    csi_io_close(input->io, follow->next[follow->count - 2].fd);
    follow->next[follow->count - 2] = follow->next[follow->count - 1];
    follow->count--;
    return true;
}

/* Open a sibling if it was written to after the current file. False without
   memory. */
static bool take_sibling(struct cosend_input *input, const char *path,
                         struct timespec since)
{
    struct generation generation;
    struct stat status;
    size_t place;

    if (input->io->ops->stat(path, &status) != 0 ||
        !earlier(since, status.st_mtim) || waits(input->follow, &status))
        return true;
    if (open_generation(input, path, &generation)) {
        input->follow->incomplete = true;
        return true;
    }
    recall(input, &generation);
    place = place_of(input, &generation);
    if (generation.offset == generation.size ||
        !make_room_for_sibling(input, place)) {
        csi_io_close(input->io, generation.fd);
        return true;
    }
    return insert(input, place, &generation);
}

/*
 * Look for files that were under the path unseen. One that is renamed
 * meanwhile may be passed over; but then the path has another file again, and
 * the next look comes back here.
 */
static bool find_missed(struct cosend_input *input)
{
    const char *slash = strrchr(input->name, '/');
    size_t length = slash ? (size_t)(slash - input->name) + 1 : 0;
    char path[PATH_MAX];
    struct stat status;
    struct dirent *entry;
    bool fine = true;
    DIR *directory;

    if (length >= sizeof(path) ||
        input->io->ops->fstat(input->follow->current.fd, &status) != 0)
        return true;
    snprintf(path, sizeof(path), "%.*s", (int)length, input->name);
    directory = opendir(length ? path : ".");
    if (!directory)
        return true;
    while (fine && (entry = readdir(directory))) {
        if (!csi_path_is_rotated(entry->d_name, input->name + length))
            continue;
        if (snprintf(path + length, sizeof(path) - length, "%s",
                     entry->d_name) < (int)(sizeof(path) - length))
            fine = take_sibling(input, path, status.st_mtim);
    }
    closedir(directory);
    return fine;
}

/* ---- A path without a file ----------------------------------------------- */

static void lose(struct cosend_input *input, int why)
{
    struct csi_follow *follow = input->follow;
    int64_t now = input->io->ops->now();

    if (!follow->lost)
        follow->lost_at = now;
    follow->lost = why;
    if (follow->reported || now - follow->lost_at < input->io->grace)
        return;
    follow->reported = true;
    csi_io_notify(input->io, "%s: %s; waiting for it", input->name,
                  why == IS_NO_FILE ? "Not a regular file" : strerror(why));
}

static void find_again(struct cosend_input *input)
{
    struct csi_follow *follow = input->follow;

    if (follow->reported)
        csi_io_notify(input->io, "%s: it is there, and is followed",
                      input->name);
    follow->lost = 0;
    follow->reported = false;
}

/* See whether the path has another file. False without memory. */
static bool look_at_path(struct cosend_input *input)
{
    struct csi_follow *follow = input->follow;
    struct generation generation;
    struct stat status;
    int why;

    if (follow->nameless)
        return true;
    if (follow->incomplete && follow->count == 1) {
        follow->incomplete = false;
        return find_missed(input);
    }
    if (follow->count >= WAITING)
        return true;
    if (input->io->ops->stat(input->name, &status) != 0) {
        lose(input, errno);
        return true;
    }
    if (waits(follow, &status)) {
        find_again(input);
        return true;
    }
    why = open_generation(input, input->name, &generation);
    if (why) {
        if (why != IS_KNOWN)
            lose(input, why);
        return true;
    }
    find_again(input);
    if (!insert(input, follow->count, &generation))
        return false;
    return follow->current.fd < 0 || find_missed(input);
}

/* ---- Reading ------------------------------------------------------------- */

/* Leave the current file for the next. */
static void switch_to_next(struct cosend_input *input)
{
    struct csi_follow *follow = input->follow;

    if (follow->current.fd >= 0) {
        csi_changes_unwatch(input->io, follow->change);
        csi_io_close(input->io, follow->current.fd);
        follow->current.fd = -1;
        follow->past[follow->left++ % PAST] = follow->current;
    }
    follow->current = follow->next[0];
    follow->count--;
    memmove(follow->next, follow->next + 1,
            follow->count * sizeof(*follow->next));
    input->offset = follow->current.offset;
    follow->change = csi_changes_watch(input->io, follow->current.fd);
}

/* Whether the current file may be left once it has ended. */
static bool grace_is_over(const struct cosend_input *input)
{
    const struct csi_follow *follow = input->follow;

    return follow->count &&
           input->io->ops->now() - follow->next[0].seen >= input->io->grace;
}

/* Read what is there. Returns COSEND_OK with *length 0 if nothing is. */
static int read_followed(struct cosend_input *input, void *buffer,
                         size_t capacity, size_t *length,
                         struct cosend_error *error)
{
    struct csi_follow *follow = input->follow;
    struct generation *current = &follow->current;
    bool last_look = grace_is_over(input);
    struct stat status;
    ssize_t got;

    if (current->fd < 0) {
        if (follow->count)
            switch_to_next(input);
        if (current->fd < 0)
            return COSEND_OK;
    }
    if (input->io->ops->fstat(current->fd, &status) != 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    if (!holds(input->io, current->fd, (uint64_t)status.st_size, current)) {
        rewind_to_start(current);
        input->offset = follow->start = 0;
        csi_io_notify(input->io,
                      "%s: it was cut short, and is read from its start; what "
                      "was written just before may be lost",
                      input->name);
        return COSEND_YIELD;
    }
    got = csi_io_read_at(input->io, current->fd, buffer, capacity,
                         (off_t)current->offset);
    if (got < 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    if (got > 0 && !current->offset &&
        csi_magic_of(buffer, (size_t)got) > CSI_PACKED_NOT)
        return csi_magic_refuse(buffer, (size_t)got, input->name,
                                "and such cannot be followed", error);
    remember_head(current, buffer, (size_t)got);
    current->offset += (uint64_t)got;
    input->offset = current->offset - follow->start;
    *length = (size_t)got;
    if (got == 0 && last_look) {
        switch_to_next(input);
        return COSEND_YIELD;
    }
    return COSEND_OK;
}

int csi_follow_read(struct cosend_input *input, void *buffer, size_t capacity,
                    size_t *length, struct cosend_error *error)
{
    struct pollfd fds[3];
    int status = COSEND_OK;

    while (status == COSEND_OK) {
        if (csi_io_is_closing(input->io))
            return COSEND_CLOSING;
        if (!look_at_path(input))
            return csi_no_memory(error);
        status = read_followed(input, buffer, capacity, length, error);
        if (status || *length)
            break;
        if (csi_io_is_closing(input->io))
            return COSEND_CLOSING;
        status =
            csi_changes_poll(input->io, fds, 0, input->io->interval, error);
    }
    return status;
}

bool csi_follow_ready(struct cosend_input *input)
{
    const struct csi_follow *follow = input->follow;
    struct stat status;

    if (!look_at_path(input) || grace_is_over(input))
        return true;
    if (follow->current.fd < 0)
        return follow->count;
    return input->io->ops->fstat(follow->current.fd, &status) != 0 ||
           (uint64_t)status.st_size != follow->current.offset ||
           !holds(input->io, follow->current.fd, (uint64_t)status.st_size,
                  &follow->current);
}

/* ---- Start and end ------------------------------------------------------- */

/* Start behind so many bytes of the file. */
static int skip_to(struct cosend_input *input, uint64_t offset,
                   struct cosend_error *error)
{
    struct generation *current = &input->follow->current;
    size_t head = offset < HEAD ? (size_t)offset : HEAD;
    ssize_t got =
        csi_io_read_at(input->io, current->fd, current->head, head, 0);

    if (got < 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    current->head_length = (size_t)got;
    current->offset = offset;
    input->offset = offset - input->follow->start;
    return COSEND_OK;
}

/* Start where standard input stands: what is before it is somebody else's. */
static int start_nameless(struct cosend_input *input, uint64_t size,
                          struct cosend_error *error)
{
    struct csi_follow *follow = input->follow;
    off_t at = lseek(follow->current.fd, 0, SEEK_CUR);
    int status = skip_to(input, size, error);

    follow->nameless = true;
    if (at > 0)
        follow->start = (uint64_t)at;
    follow->current.offset = follow->start;
    input->offset = 0;
    return status;
}

int csi_follow_start(struct cosend_input *input, int fd, unsigned flags,
                     struct cosend_error *error)
{
    struct csi_follow *follow = csi_calloc(1, sizeof(*follow));
    struct stat status;

    if (!follow) {
        if (fd >= 0)
            csi_io_close(input->io, fd);
        return csi_no_memory(error);
    }
    input->follow = follow;
    follow->current.fd = fd;
    follow->change = -1;
    if (fd < 0) {
        follow->lost = ENOENT; /* and no rotation: told at the first look */
        follow->lost_at = input->io->ops->now() - input->io->grace;
        return COSEND_OK;
    }
    if (input->io->ops->fstat(fd, &status) != 0)
        return csi_io_error(error, COSEND_E_INPUT, input->name);
    follow->current.identity = identity_of(&status);
    follow->change = csi_changes_watch(input->io, fd);
    if (flags & CSI_FOLLOW_NAMELESS)
        return start_nameless(input, (uint64_t)status.st_size, error);
    if (flags & COSEND_INPUT_FROM_END)
        return skip_to(input, (uint64_t)status.st_size, error);
    return COSEND_OK;
}

uint64_t csi_follow_size(const struct cosend_input *input)
{
    const struct csi_follow *follow = input->follow;
    struct stat status;

    if (!follow || follow->current.fd < 0 ||
        input->io->ops->fstat(follow->current.fd, &status) != 0 ||
        (uint64_t)status.st_size < follow->start)
        return 0;
    return (uint64_t)status.st_size - follow->start;
}

size_t csi_follow_read_at(const struct cosend_input *input, uint64_t offset,
                          void *buffer, size_t capacity)
{
    const struct csi_follow *follow = input->follow;
    ssize_t got = csi_io_read_at(input->io, follow->current.fd, buffer,
                                 capacity, (off_t)(follow->start + offset));

    return got > 0 ? (size_t)got : 0;
}

int csi_follow_seek(struct cosend_input *input, uint64_t offset,
                    struct cosend_error *error)
{
    return skip_to(input, input->follow->start + offset, error);
}

void csi_follow_free(struct cosend_input *input)
{
    struct csi_follow *follow = input->follow;

    if (!follow)
        return;
    if (follow->current.fd >= 0)
        csi_io_close(input->io, follow->current.fd);
    for (size_t i = 0; i < follow->count; i++)
        csi_io_close(input->io, follow->next[i].fd);
    csi_free(follow->next);
    csi_free(follow);
    input->follow = NULL;
}
