/* SPDX-License-Identifier: MIT */
/*
 * What sources of one's own are made of, beside cosend_emit_new: waiting,
 * flushing, and bytes that become records; and what sinks need as well.
 *
 *     static int from_socket(struct cosend_stage *self, void *options)
 *     {
 *         struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
 *         struct cosend_feed *feed = cosend_feed_new(self, &text);
 *         struct pollfd socket = {.fd = my_socket, .events = POLLIN};
 *         char bytes[4096];
 *         ssize_t got = 1;
 *
 *         while (feed && got > 0 &&
 *                cosend_poll(self, &socket, 1, INT64_MAX) == COSEND_OK) {
 *             got = read(my_socket, bytes, sizeof(bytes));
 *             if (got > 0 && cosend_feed_bytes(feed, bytes, got) != COSEND_OK)
 *                 break;
 *         }
 *         return got ? 0 : cosend_feed_end(feed);
 *     }
 *
 * A source is at work until it returns, and nobody calls it: it lets the run
 * act in what it calls. Each emit that sends a batch, each flush, each piece of
 * a feed and each wait heeds requests (cosend_pipeline_request); a wait gives
 * steps their ticks, too. Once one of them has said that the source is to end,
 * the others say so as well, at once.
 */
#ifndef COSEND_SOURCE_H
#define COSEND_SOURCE_H

#include "cosend/endpoint.h"
#include "cosend/io.h"
#include "cosend/receive.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pollfd; /* <poll.h> */

/* ---- Waiting ------------------------------------------------------------- */

/*
 * poll(2) for a source: wait until one of `count` descriptors has one of its
 * events, which its revents says, or until a time by cosend_now; INT64_MAX: for
 * ever. Where none is ready at once, what was emitted goes out and is written
 * first (cosend_flush). While it waits, steps have their ticks, and what the
 * run is asked for, from a signal handler or another thread, is done: a
 * snapshot or the ledger without ending the wait, a stop by ending it. With no
 * descriptors it only waits. The array is read and written during the call.
 *
 * A step, or a sink, may wait for descriptors as well: see cosend_wait_until
 * for what that means to the run. In a snapshot (cosend_is_snapshot) nothing
 * waits, and no descriptor is looked at: COSEND_DONE.
 *
 * Returns COSEND_OK, with revents; COSEND_DONE when the time has come, with no
 * revents; COSEND_CLOSING where the run is to stop, and the source is to return
 * (a step: see cosend_wait_until); an error, which the step has failed with.
 */
COSEND_API int cosend_poll(struct cosend_stage *self,
                           struct pollfd *descriptors, size_t count,
                           int64_t until);

/*
 * The same, of a source, for inputs that were opened with cosend_stage_io, of
 * which it leaves out those that have ended: files that are followed, say.
 * COSEND_OK: cosend_input_ready says which.
 */
COSEND_API int cosend_wait_inputs(struct cosend_stage *self,
                                  struct cosend_input *const *inputs,
                                  size_t count, int64_t until);

/*
 * What was emitted goes out, through all steps, and every sink writes what it
 * has kept back (see cosend_tell_flushes): when a source of its own knows that
 * nothing more comes for a while. Waits do it by themselves. A step may, too.
 *
 * Returns COSEND_OK; COSEND_CLOSING where the source is to return, for nobody
 * wants more, or the run is to stop; or an error of a step's, which the run
 * knows: return then as well.
 */
COSEND_API int cosend_flush(struct cosend_stage *self);

/* Whether a source is to return, for the run is to stop, or wants no more; of a
   step, whether the run was asked to stop, of which it otherwise hears by the
   end of its input. For work that is long between two emits. */
COSEND_API bool cosend_stopping(const struct cosend_stage *self);

/*
 * Whether this instance is a copy that is made for a snapshot and closed at
 * once: what its input has been so far comes to it from saved states. A sink of
 * one's own that is to have no part in that receives all, and does nothing.
 */
COSEND_API bool cosend_is_snapshot(const struct cosend_stage *self);

/* ---- Input and output ---------------------------------------------------- */

/* The run's context, with which inputs and outputs are opened (cosend/io.h):
   their waits end when the run is asked for something. Borrowed; it lives as
   long as the pipeline. */
COSEND_API struct cosend_io *cosend_stage_io(const struct cosend_stage *self);

/*
 * An input cannot be read: tell the user, as of a file that is missing, and go
 * on with the others. The run ends with that error, COSEND_E_INPUT where it is
 * of no kind, after all else is done. A step that is no source fails.
 */
COSEND_API void cosend_unreadable(struct cosend_stage *self,
                                  const struct cosend_error *error);

/*
 * Leave an output that a sink has opened to the run, which settles those of all
 * sinks together once everything has ended: all files appear whole, or, after
 * an error, none. The sink writes to it until it returns, and frees it never.
 *
 * Returns false, with the output freed and the step failed, in a step that is
 * no sink, for a second output of a file that appears whole, or without memory;
 * and, with the step failed, for one that was left before.
 */
COSEND_API bool cosend_leave_output(struct cosend_stage *self,
                                    struct cosend_output *output);

/*
 * A sink cannot write: `status` is what a call on its output answered, with its
 * error. COSEND_DONE, that nobody reads it any more, ends this sink, and with
 * the last one the run; so does an error where its on_error is skip, which is
 * told at the end. Else the step has failed with the error, or with `status`
 * where that is of no kind.
 *
 * Returns what the body is to return now.
 */
COSEND_API int cosend_give_up(struct cosend_stage *self, int status,
                              const struct cosend_error *error);

/* ---- Bytes to records ---------------------------------------------------- */

/* Bytes that come in pieces become the source's records, by a format, each with
   its source's name, line and offset. */
struct cosend_feed;

/*
 * A source's feed, which lives until the stage ends. `options` are those of a
 * reader (cosend_reader_options), which are copied, their strings borrowed as
 * long; of name COSEND_FORMAT_AUTO it is text. Several feeds of one source, one
 * a connection, say, have the columns of the one that knew its own first. A
 * source that has a feed makes no records by cosend_emit_new.
 *
 * Returns NULL, with the step failed, where an option will not do, or without
 * memory.
 */
COSEND_API struct cosend_feed *
cosend_feed_new(struct cosend_stage *self,
                const struct cosend_format_options *options);

/* What comes now is of that file, stream or peer (copied), from that byte of it
   on, and from its line 1; before that it is of "feed". Behind cosend_feed_end,
   or before the first piece; else the step fails. */
COSEND_API int cosend_feed_file(struct cosend_feed *feed, const char *name,
                                uint64_t offset);

/* Room for the next bytes, some KiB at least, so many as *room says, in which
   they stay; for cosend_feed_take. NULL, with the step failed, without memory.
 */
COSEND_API char *cosend_feed_room(struct cosend_feed *feed, size_t *room);

/*
 * `length` bytes were put into the room: records that are whole go on. A part
 * of one waits for more. More than there was room for, or without a room asked
 * for since the last take, fail the step; and so does a file that starts as
 * compressed ones do (COSEND_E_INPUT), as nothing is unpacked here.
 *
 * Returns COSEND_OK; COSEND_CLOSING where the source is to return; or an error,
 * which the run knows: return then as well.
 */
COSEND_API int cosend_feed_take(struct cosend_feed *feed, size_t length);

/* The same for bytes that are elsewhere, any number of them; copied. */
COSEND_API int cosend_feed_bytes(struct cosend_feed *feed, const char *data,
                                 size_t length);

/*
 * The file is over: what it ends in is a record though no line end came. More
 * may follow, of another. What is left in a feed that was not ended when the
 * source returns, because it was stopped, is a reject, truncated: half a record
 * is none. As cosend_feed_take.
 */
COSEND_API int cosend_feed_end(struct cosend_feed *feed);

#ifdef __cplusplus
}
#endif

#endif
