/* SPDX-License-Identifier: MIT */
/*
 * A daemon that ships a log: follows FILE by inotify and poll(), puts what a
 * pipeline leaves of it behind OUT, and keeps in CHECKPOINT how far both are.
 * Killed at any time, it goes on there: nothing is lost or doubled.
 *
 *     cc -o ship ship.c $(pkg-config --cflags --libs cosend)
 *     ./ship 'grep ERROR' FILE OUT CHECKPOINT
 */
#include <cosend.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct shipper {
    struct cosend_pipeline *pipeline;
    const char *checkpoint;
    struct cosend_bytes pending; /* taken out, and not written yet */
    uint64_t read, written;      /* offsets in FILE and OUT */
    int in, out, changes;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

static int fail(const char *what)
{
    perror(what);
    return -1;
}

/* A line that nobody changed as it was, anything else as JSON. */
static int take(const struct cosend_record *record, void *context)
{
    struct shipper *shipper = context;
    const char *data;
    size_t length;

    if (cosend_record_raw(record, &data, &length))
        cosend_put_raw(&shipper->pending, data, length);
    else
        cosend_put_json_record(&shipper->pending, record);
    cosend_put_raw(&shipper->pending, "\n", 1);
    return shipper->pending.failed ? COSEND_E_MEMORY : COSEND_OK;
}

static int write_all(int file, const unsigned char *data, size_t length)
{
    while (length) {
        ssize_t count = write(file, data, length);

        if (count < 0 && errno != EINTR)
            return fail("write");
        if (count > 0) {
            data += count;
            length -= (size_t)count;
        }
    }
    return 0;
}

static int save_checkpoint(const struct shipper *shipper)
{
    char name[4096];
    FILE *file;

    snprintf(name, sizeof(name), "%s.new", shipper->checkpoint);
    file = fopen(name, "w");
    if (!file)
        return fail(name);
    fprintf(file, "%" PRIu64 " %" PRIu64 "\n", shipper->read, shipper->written);
    if (fflush(file) || fsync(fileno(file)) || fclose(file) ||
        rename(name, shipper->checkpoint))
        return fail(shipper->checkpoint);
    return 0;
}

/* The input is idle: have all whole lines go through, and to the disk, and note
   only then how far that is. */
static int settle(struct shipper *shipper)
{
    struct cosend_position position = {.size = sizeof(position)};
    struct cosend_error error = {0};

    if (cosend_pipeline_flush(shipper->pipeline, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    cosend_pipeline_position(shipper->pipeline, &position);
    if (position.held) {
        fprintf(stderr, "a step holds records back, which would be lost\n");
        return -1;
    }
    if (position.done == shipper->read)
        return 0;
    if (write_all(shipper->out, shipper->pending.data,
                  shipper->pending.length) ||
        fdatasync(shipper->out))
        return -1;
    shipper->read = position.done;
    shipper->written += shipper->pending.length;
    cosend_bytes_clear(&shipper->pending);
    return save_checkpoint(shipper);
}

static int ship(struct shipper *shipper)
{
    struct pollfd changes = {.fd = shipper->changes, .events = POLLIN};
    struct cosend_error error = {0};
    char piece[4096];
    ssize_t count;

    while (!stopped) {
        count = read(shipper->in, piece, sizeof(piece));
        if (count < 0 && errno != EINTR)
            return fail("read");
        if (count > 0 && cosend_pipeline_push(shipper->pipeline, piece,
                                              (size_t)count, &error) < 0) {
            fprintf(stderr, "%s\n", error.message);
            return -1;
        }
        if (count > 0)
            continue;
        if (settle(shipper))
            return -1;
        if (poll(&changes, 1, 1000) > 0 &&
            read(shipper->changes, piece, sizeof(piece)) < 0)
            return fail("inotify");
    }
    return settle(shipper);
}

static int open_all(struct shipper *shipper, const char *in, const char *out)
{
    FILE *checkpoint = fopen(shipper->checkpoint, "r");

    if (checkpoint) {
        if (fscanf(checkpoint, "%" SCNu64 " %" SCNu64, &shipper->read,
                   &shipper->written) != 2)
            return fail(shipper->checkpoint);
        fclose(checkpoint);
    }
    shipper->in = open(in, O_RDONLY | O_CLOEXEC);
    shipper->out = open(out, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    shipper->changes = inotify_init1(IN_CLOEXEC);
    if (shipper->in < 0 || shipper->out < 0 || shipper->changes < 0 ||
        inotify_add_watch(shipper->changes, in, IN_MODIFY) < 0)
        return fail(in);
    /* What was written behind the last checkpoint will be written again. */
    if (ftruncate(shipper->out, (off_t)shipper->written) ||
        lseek(shipper->out, 0, SEEK_END) < 0 ||
        lseek(shipper->in, (off_t)shipper->read, SEEK_SET) < 0)
        return fail(out);
    return 0;
}

int main(int argc, char **argv)
{
    struct shipper shipper = {.checkpoint = argv[argc - 1]};
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = take,
                                     .context = &shipper};
    struct cosend_error error = {0};
    int failed;

    if (argc != 5)
        return fprintf(stderr, "ship PIPELINE FILE OUT CHECKPOINT\n"), 2;
    signal(SIGTERM, stop);
    if (open_all(&shipper, argv[2], argv[3]))
        return 1;
    shipper.pipeline = cosend_pipeline_from_line(argv[1], &options, &error);
    failed = !shipper.pipeline ||
             cosend_pipeline_open(shipper.pipeline, &error) < 0 ||
             cosend_pipeline_begin_file(shipper.pipeline, argv[2], shipper.read,
                                        &error) < 0;
    if (failed)
        fprintf(stderr, "%s\n", error.message);
    else
        failed = ship(&shipper) < 0;
    /* Without finish: half a line that is there is no record yet. */
    cosend_pipeline_free(shipper.pipeline);
    cosend_bytes_free(&shipper.pending);
    return failed;
}
