/* SPDX-License-Identifier: MIT */
/*
 * Where bytes come from and go to. Nothing here knows of records.
 *
 * An I/O context belongs to one pipeline. Whoever runs the pipeline can be
 * asked, from a signal handler or another thread, to look up from its work:
 * cosend_io_wake ends any wait for input at once, with COSEND_CLOSING.
 *
 * Short counts, interrupted calls and descriptors that somebody made
 * non-blocking are dealt with; O_NONBLOCK of an inherited descriptor is never
 * changed, because others share it. Errors read `PATH: No such file or
 * directory`; standard input and output are called stdin and stdout there.
 *
 * A write to a pipe without a reader raises SIGPIPE, which a library cannot
 * prevent: a program that wants COSEND_DONE instead ignores the signal. The
 * same holds for SIGXFSZ and a limit on the size of files.
 *
 * A context may be woken from anywhere; everything else about it, its inputs
 * and its outputs is for one thread at a time.
 */
#ifndef COSEND_IO_H
#define COSEND_IO_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_io;     /* what the inputs and outputs of a pipeline share */
struct cosend_input;  /* one file, pipe or descriptor that is read */
struct cosend_output; /* one that is written, through a buffer */

/* ---- The context --------------------------------------------------------- */

/* Why somebody woke the context. Bits without a name here are the caller's. */
enum cosend_wake {
    COSEND_WAKE_STOP = 1,       /* the input is to end here */
    COSEND_WAKE_GONE = 1 << 28, /* nobody reads the watched descriptor now */
    COSEND_WAKE_KILL = 1 << 29  /* outputs do not wait for their readers */
};

/* Returns NULL, with COSEND_E_MEMORY or COSEND_E_LIMIT in error. */
COSEND_API struct cosend_io *cosend_io_new(struct cosend_error *error);

/* After all its inputs and outputs. NULL is fine. */
COSEND_API void cosend_io_free(struct cosend_io *io);

/*
 * Set bits of enum cosend_wake. They stay until they are taken, and while one
 * is set no input waits or reads. Async-signal-safe, and safe from any thread.
 */
COSEND_API void cosend_io_wake(struct cosend_io *io, unsigned bits);

/* The bits that are set. */
COSEND_API unsigned cosend_io_woken(const struct cosend_io *io);

/* Clear these bits. Returns those of them that were set. */
COSEND_API unsigned cosend_io_take(struct cosend_io *io, unsigned bits);

/*
 * Say whether this process has a handler of SIGBUS that hands
 * cosend_mapped_fault the address (si_addr) of each: then a large regular file
 * may be searched where the system has it in memory, which is faster than to
 * read it. At first it has none, and files are read. What comes out is the
 * same. Nothing else may be said while a run is under way.
 */
COSEND_API void cosend_map_files(bool handled);

/*
 * A byte of a file was to be looked at, and somebody has cut the file short:
 * zeros are put in its place, and the run will read the file from there, as it
 * is now. Async-signal-safe.
 *
 * Returns false where the address is none of a file that is searched so: then
 * the fault is somebody else's.
 */
COSEND_API bool cosend_mapped_fault(const void *address);

/* A number that is another whenever an output has written something, and at any
   time while one is being synced. Async-signal-safe. */
COSEND_API unsigned cosend_io_progress(struct cosend_io *io);

/*
 * While waiting for input also watch a descriptor that is written to, stdout
 * say: once its last reader has gone COSEND_WAKE_GONE is set, so that an
 * endless input is not waited for in vain. Told once. -1 ends the watch.
 */
COSEND_API void cosend_io_watch(struct cosend_io *io, int descriptor);

/*
 * Be told, while inputs are waited for and read, what is no error but should
 * not pass in silence: that a followed file is not there (any more), and when
 * it is again; that a followed FIFO has no writer. Where notify returns false,
 * inputs are waited for no more: COSEND_CLOSING. NULL: not at all.
 */
COSEND_API void cosend_io_on_news(struct cosend_io *io,
                                  bool (*notify)(void *context,
                                                 const char *message),
                                  void *context);

/*
 * Declare an input ahead of the outputs, which are opened first: an output
 * that is one of the inputs is refused, and none is atomic unless every input
 * is a regular file read to its end. What cannot be found is passed over.
 * flags are those of cosend_input_open.
 *
 * Returns COSEND_OK or COSEND_E_MEMORY.
 */
COSEND_API int cosend_io_declare_input(struct cosend_io *io, const char *path,
                                       unsigned flags,
                                       struct cosend_error *error);

/*
 * Open /dev/null in place of those of descriptors 0, 1 and 2 that are closed,
 * the wrong way round, so that no file gets their numbers and that reading and
 * writing them are still errors. For a program's first line.
 *
 * Returns false where even that fails.
 */
COSEND_API bool cosend_io_reserve_standard(void);

/* ---- Input --------------------------------------------------------------- */

enum cosend_input_flags {
    COSEND_INPUT_FOLLOW = 1,   /* never ends; the path, not the file, counts */
    COSEND_INPUT_FROM_END = 2, /* with FOLLOW: only what is yet to come */
    COSEND_INPUT_WAIT = 4      /* with FOLLOW: a file that is missing, or that
                                  may not be read, is waited for */
};

/*
 * Open a file for reading; "-" is standard input, which FOLLOW reads on as it
 * grows where it is a regular file, from where it stands.
 *
 * FOLLOW holds for regular files, and for FIFOs by name, which are waited for
 * when their writers have gone (an unfinished line ends then); others are read
 * to their end. What is compressed cannot be followed. A followed
 * file that is renamed, removed and made anew, or truncated is followed on: the
 * old file is read to its end, and for a second longer, because its writer may
 * not have noticed; then the new one from its start.
 *
 * Returns COSEND_OK, COSEND_E_INPUT or COSEND_E_MEMORY.
 */
COSEND_API int cosend_input_open(struct cosend_io *io, const char *path,
                                 unsigned flags, struct cosend_input **input,
                                 struct cosend_error *error);

/* The same for a descriptor, which stays the caller's. name is copied. */
COSEND_API int cosend_input_descriptor(struct cosend_io *io, int descriptor,
                                       const char *name,
                                       struct cosend_input **input,
                                       struct cosend_error *error);

/*
 * Read 1 to capacity bytes; *length says how many. Waits for the first.
 *
 * Returns COSEND_OK; COSEND_DONE at the end; COSEND_YIELD where a followed
 * path has another file from here on, and what came before it is complete
 * (nothing was read; cosend_input_offset has been set back); COSEND_CLOSING
 * while cosend_io_woken is not 0; COSEND_E_INPUT or COSEND_E_MEMORY.
 */
COSEND_API int cosend_input_read(struct cosend_input *input, void *buffer,
                                 size_t capacity, size_t *length,
                                 struct cosend_error *error);

/* Whether a read would answer without waiting for somebody. */
COSEND_API bool cosend_input_ready(struct cosend_input *input);

/*
 * Wait until one of several inputs is ready, for at most `timeout`
 * milliseconds; -1 is for ever. Leave out those that have ended.
 *
 * Returns COSEND_OK when one is, COSEND_DONE when the time is up,
 * COSEND_CLOSING while cosend_io_woken is not 0; or COSEND_E_INPUT,
 * COSEND_E_MEMORY.
 */
COSEND_API int cosend_input_wait(struct cosend_io *io,
                                 struct cosend_input *const *inputs,
                                 size_t count, int timeout,
                                 struct cosend_error *error);

/* Whether more may come later: anything but a regular file read to its end. */
COSEND_API bool cosend_input_live(const struct cosend_input *input);

/* Bytes from the start of the file (for a descriptor, from where it stood) to
   what the next read gives. */
COSEND_API uint64_t cosend_input_offset(const struct cosend_input *input);

/* The path, or stdin. */
COSEND_API const char *cosend_input_name(const struct cosend_input *input);

/* Close it. NULL is fine. */
COSEND_API void cosend_input_free(struct cosend_input *input);

/* ---- Output -------------------------------------------------------------- */

enum cosend_output_mode {
    COSEND_OUTPUT_PLAIN,  /* written in place; see cosend_output_begin */
    COSEND_OUTPUT_APPEND, /* made, or written to the end of */
    COSEND_OUTPUT_ATOMIC  /* the path changes at the commit, all or nothing */
};

/*
 * Open a file for writing. A link is followed; one that leads nowhere is an
 * error. "-" is standard output; /dev/stdout, /dev/stderr and /dev/fd/N are the
 * descriptors themselves, but those that this program has opened (EBADF). A
 * FIFO is waited for until it has a reader, or COSEND_WAKE_STOP. What is
 * written to a path that ends in .gz, .zst or .zstd is compressed; a flush
 * makes all that was written readable.
 *
 * APPEND writes a newline first where the file holds bytes and does not end in
 * one, and a new member, or frame, where it is compressed. Compressed data that
 * is damaged is not appended to.
 *
 * ATOMIC holds where the target is absent or a regular file and every declared
 * input is regular; elsewhere it is PLAIN. It writes to a temporary file beside
 * the target, which gets the target's owner and mode (not its other hard links
 * or extended attributes).
 *
 * Returns COSEND_OK; COSEND_E_USAGE for a target that is an input;
 * COSEND_E_OUTPUT; COSEND_E_MEMORY; COSEND_E_ABORTED for a FIFO given up.
 */
COSEND_API int cosend_output_open(struct cosend_io *io, const char *path,
                                  enum cosend_output_mode mode,
                                  struct cosend_output **output,
                                  struct cosend_error *error);

/* The same for a descriptor, which stays the caller's. One that cannot be
   written to is an error here already. name is copied. */
COSEND_API int cosend_output_descriptor(struct cosend_io *io, int descriptor,
                                        const char *name,
                                        struct cosend_output **output,
                                        struct cosend_error *error);

/*
 * Something is going to be written: a file that is written in place is emptied.
 * The first write does that by itself, and so does a commit; before, the file
 * is as it was, and a file that was not there is removed by cosend_output_free.
 * Answers as write does.
 */
COSEND_API int cosend_output_begin(struct cosend_output *output,
                                   struct cosend_error *error);
COSEND_API bool cosend_output_has_begun(const struct cosend_output *output);

/*
 * Whether the file holds bytes that it is appended to; *start, and *length, are
 * the first 64 KiB of them, unpacked, and more, 16 MiB at most, where these
 * hold no whole line; NULL where they may not be read.
 */
COSEND_API bool cosend_output_appends(const struct cosend_output *output,
                                      const char **start, size_t *length);

/*
 * Write bytes, sooner or later.
 *
 * Returns COSEND_OK; COSEND_DONE when nobody reads the pipe any more;
 * COSEND_E_OUTPUT; COSEND_E_ABORTED after COSEND_WAKE_KILL, but for
 * regular files. What is not
 * COSEND_OK stays: every later call gives the same answer and does nothing.
 * Once the output was committed, prepared or kept it is COSEND_E_USAGE.
 */
COSEND_API int cosend_output_write(struct cosend_output *output,
                                   const void *data, size_t length,
                                   struct cosend_error *error);

/* Write what a terminal is safe from: cosend_escape's form if the output is
   one, lines kept; else the bytes as they are. Answers as write does. */
COSEND_API int cosend_output_print(struct cosend_output *output,
                                   const char *text, size_t length,
                                   struct cosend_error *error);

/* Hand everything written so far to the system. Notices that nobody reads a
   pipe any more even with nothing to hand over. Answers as write does. */
COSEND_API int cosend_output_flush(struct cosend_output *output,
                                   struct cosend_error *error);

/*
 * Flush and close, and make an atomic file what the path names: synced,
 * renamed, the rename synced. After an error an atomic file's target is as it
 * was (but for an error syncing the rename itself). A descriptor of the
 * caller's stays open, what closing it would report is reported. Answers as
 * write does.
 */
COSEND_API int cosend_output_commit(struct cosend_output *output,
                                    struct cosend_error *error);

/*
 * The steps of a commit, for several files that belong together: all of them
 * are prepared (flushed, synced and closed), then all are published (renamed),
 * then all are settled (their folders synced). What is not atomic is done with
 * when it is prepared. Each answers as write does.
 */
COSEND_API int cosend_output_prepare(struct cosend_output *output,
                                     struct cosend_error *error);
COSEND_API int cosend_output_publish(struct cosend_output *output,
                                     struct cosend_error *error);
COSEND_API int cosend_output_settle(struct cosend_output *output,
                                    struct cosend_error *error);

/* Flush and close, but let an atomic file become PATH.partial, which is then
   also its name. The target is as it was. Answers as write does. */
COSEND_API int cosend_output_keep_partial(struct cosend_output *output,
                                          struct cosend_error *error);

/* Close without a flush; an atomic file that was neither committed nor kept is
   removed. NULL is fine. */
COSEND_API void cosend_output_free(struct cosend_output *output);

/* Bytes the system has taken, compressed ones where it compresses. */
COSEND_API uint64_t cosend_output_bytes(const struct cosend_output *output);
COSEND_API bool cosend_output_is_tty(const struct cosend_output *output);
/* Whether the terminal that TERM names moves its cursor: one that is not
   "dumb". */
COSEND_API bool cosend_terminal_moves(void);
/* How many columns a terminal has; 0 for anything else, or where it does not
   say. */
COSEND_API unsigned cosend_output_width(const struct cosend_output *output);
COSEND_API bool cosend_output_is_atomic(const struct cosend_output *output);
COSEND_API const char *cosend_output_name(const struct cosend_output *output);

/* What cosend_io_watch takes: the descriptor if its reader can go away (a
   pipe, a terminal), else -1. */
COSEND_API int cosend_output_watchable(const struct cosend_output *output);

/* ---- Text for a terminal ------------------------------------------------- */

/*
 * Write text so that a terminal only shows it: control bytes and bytes that are
 * no UTF-8 as \x1b, C1 controls and those that turn the direction of writing as
 * \u202e. A tab stays; newlines stay if `lines`. As many whole characters as
 * fit in capacity are written, and a NUL unless capacity is 0.
 *
 * Returns the length of the whole, without the NUL: at most 4 times length.
 */
COSEND_API size_t cosend_escape(const char *text, size_t length, bool lines,
                                char *out, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
