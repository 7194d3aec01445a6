/* SPDX-License-Identifier: MIT */
/*
 * Events: one record made of several, the first of them, with the text of a
 * field of all of them. Who decides which belong together is the filter.
 *
 *     while (cosend_receive_batch_until(self, &batch,
 *                                       cosend_events_due(events)) ...) {
 *         cosend_events_begin(events, true);
 *         for (i = 0; i < cosend_batch_count(batch) && good; i++)
 *             good = cosend_events_take(events, &event, i, line(i), joins(i));
 *         good = cosend_events_leave(events) && good;
 *     }
 *     cosend_events_finish(events);
 *
 * An event goes on when a line comes that does not belong to it: that line is
 * what caused it, and where it stands among other records.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_EVENTS_H
#define COSEND_EVENTS_H

#include "cosend/bytes.h"
#include "cosend/receive.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_events;

struct cosend_events_options {
    struct cosend_field field;      /* with the lines */
    struct cosend_string separator; /* between two of them */
    struct cosend_string part; /* a field for the number of the part, ... */
    int64_t max_lines;         /* ... of an event that has more lines, ... */
    int64_t max_bytes;         /* ... or bytes; 0: any number, of either */
    int64_t
        timeout; /* ns without a line after which one goes on; 0: for ever */
    /* A field that says whether its text is whole, and what it becomes of an
       event that is, and of one that is not; NULL: there is none. They are as
       cosend_set_column takes constant cells. */
    struct cosend_field mark;
    const struct cosend_cell *marks;
};

/* What a file, or a group, has open; all zero at first, and where it is. Only
   `unfinished` is anybody else's. */
struct cosend_open_event {
    bool unfinished;   /* with `marks`: it is not whole, by its last line; set
                          behind each cosend_events_take */
    bool open;         /* it has a line, and was not sent */
    bool in_hand;      /* its first record is in the batch in hand */
    bool doubted;      /* it is due, and the input is looked at again */
    bool timed_out;    /* what was sent last, was by the clock */
    uint32_t position; /* of the first record, in hand, ... */
    struct cosend_record first; /* ... or this, kept */
    struct cosend_cell text;    /* all lines: in the batch, or in `bytes` */
    struct cosend_bytes bytes;
    int64_t lines, part, due;
    uint64_t batch; /* the last that had a line of it */
    uint64_t begun; /* its number, of all that ever were open */
    struct cosend_open_event *before,
        *behind; /* open ones, by `batch` and `due` */
};

/*
 * Declare that the step puts the field's text together, before the first
 * receive. The options must live as long as the stage; so do the events.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API struct cosend_events *
cosend_events_new(struct cosend_stage *self,
                  const struct cosend_events_options *options);

/* Release what an event holds that is not open any more, or whose stage ends.
 */
COSEND_API void cosend_open_event_free(struct cosend_open_event *event);

/*
 * A batch is in hand. `ordered`: there is one event after the other in it, so
 * that they can go on together. False, with the step failed, without memory.
 */
COSEND_API bool cosend_events_begin(struct cosend_events *events, bool ordered);

/*
 * Take the line of the record at a position of the batch, which ascend: it
 * belongs to the event, which then goes on in parts where it would be too
 * large, or it is the first of another one, before which the event goes on.
 *
 * Returns false where the step has failed.
 */
COSEND_API bool cosend_events_take(struct cosend_events *events,
                                   struct cosend_open_event *event,
                                   uint32_t position, struct cosend_cell line,
                                   bool belongs);

/* What is open goes on, because of the record at a position of the batch, which
   is of another event. */
COSEND_API void cosend_events_end(struct cosend_events *events,
                                  struct cosend_open_event *event,
                                  uint32_t position);

/* Done with the batch, before the next receive: what is open is kept. False
   where the step has failed. */
COSEND_API bool cosend_events_leave(struct cosend_events *events);

/* When a tick is wanted, and what is done at one. */
COSEND_API int64_t cosend_events_due(const struct cosend_events *events);
COSEND_API void cosend_events_tick(struct cosend_events *events);

/* At the end of the input: what is open goes on, in the order of the first
   lines, and the user is told of what went on in parts. False without memory.
 */
COSEND_API bool cosend_events_finish(struct cosend_events *events);

/* Write down what is open, and take in what was, to which nothing more belongs:
   for the save and merge of a filter that publishes its events. */
COSEND_API int cosend_events_save(const struct cosend_events *events,
                                  struct cosend_bytes *to);
COSEND_API int cosend_events_merge(struct cosend_events *events,
                                   struct cosend_reader_bytes *from);

#ifdef __cplusplus
}
#endif

#endif
