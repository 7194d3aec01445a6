/* SPDX-License-Identifier: MIT */
/* Records in and out: what the loop of a filter's body is made of. Its
   struct is frozen (cosend/version.h). */
#ifndef COSEND_RECEIVE_H
#define COSEND_RECEIVE_H

#include "cosend/filter.h"
#include "cosend/time.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Receive ------------------------------------------------------------- */

/* Why a stage's records came to an end. */
enum cosend_end {
    COSEND_NOT_ENDED = 0,
    COSEND_END_CLOSED,  /* the end of the input */
    COSEND_END_DONE,    /* every target has enough */
    COSEND_END_ABORTED, /* an error elsewhere */
    COSEND_END_FAILED   /* an error of this stage's, by cosend_bad or emit */
};

/* The part of a stage that the inline functions work on. Nobody else's. */
struct cosend_stage {
    const struct cosend_batch *batch;
    const struct cosend_column_cells *columns;
    const uint32_t *map;
    const uint32_t *selection; /* rows by position, or NULL: first_row + i */
    uint32_t first_row;
    uint32_t next;      /* position of the next record in the batch */
    uint32_t count;     /* records in the batch */
    uint32_t unsettled; /* received, and neither emitted nor bad nor kept */
    uint64_t dropped;
    uint32_t *picked; /* positions that leave unchanged */
    uint32_t picked_count;
    bool picking; /* emit may append to picked and do nothing else */
};

/* The slow half of cosend_receive. */
COSEND_API bool cosend_receive_more(struct cosend_stage *self,
                                    struct cosend_record *record);

/*
 * Take the next record. It lives until the next receive.
 *
 * Returns false at the end; cosend_ended says which end it was.
 */
COSEND_INLINE bool cosend_receive(struct cosend_stage *self,
                                  struct cosend_record *record)
{
    if (self->next == self->count)
        return cosend_receive_more(self, record);
    self->dropped += self->unsettled;
    self->unsettled = 1;
    record->batch = self->batch;
    record->columns = self->columns;
    record->map = self->map;
    record->position = self->next;
    record->row = self->selection ? self->selection[self->next]
                                  : self->first_row + self->next;
    self->next++;
    return true;
}

/*
 * Take all records left of the batch in hand, or the next batch. It lives
 * until the next receive. Do not mix with cosend_receive inside one batch.
 *
 * Returns NULL at the end.
 */
COSEND_API const struct cosend_batch *
cosend_receive_batch(struct cosend_stage *self);

/*
 * A declared field's cells in the batch in hand. Without memory the step has
 * failed, and they are absent.
 */
COSEND_API struct cosend_cells cosend_column_of(const struct cosend_stage *self,
                                                struct cosend_field field);

/* ---- Time ---------------------------------------------------------------- */

enum cosend_event {
    COSEND_EVENT_END,    /* cosend_ended says which */
    COSEND_EVENT_RECORD, /* as cosend_receive */
    COSEND_EVENT_TICK,   /* the time asked for has come */
    COSEND_EVENT_FLUSH   /* nothing more comes for a while: only where it was
                            asked for by cosend_tell_flushes */
};

/*
 * Take the next record, or be told that a time has come by which there was
 * none: `until`, by cosend_now; INT64_MAX is for ever. What is emitted then
 * goes out at once.
 *
 *     int64_t due = INT64_MAX;
 *
 *     for (;;)
 *         switch (cosend_receive_until(self, &record, due)) {
 *         case COSEND_EVENT_RECORD:
 *             due = cosend_now(self) + second;
 *             gather(&record);
 *             break;
 *         case COSEND_EVENT_TICK:
 *             due = INT64_MAX;
 *             emit_gathered(self);
 *             break;
 *         default: // COSEND_EVENT_END
 *             emit_gathered(self);
 *             return 0;
 *         }
 *
 * Ticks come where the input is live, a pipe, a terminal or a file that is
 * followed: while it is silent, and between two reads. Of a regular file, and
 * of what a host program pushes, none ever comes. Records in hand come first,
 * and a tick may be as late as what takes them takes.
 */
COSEND_API enum cosend_event cosend_receive_until(struct cosend_stage *self,
                                                  struct cosend_record *record,
                                                  int64_t until);

/* The same for what cosend_receive_batch takes: *batch, or NULL. */
COSEND_API enum cosend_event
cosend_receive_batch_until(struct cosend_stage *self,
                           const struct cosend_batch **batch, int64_t until);

/*
 * Ask, before the first receive, for news of flush: where the input is idle, or
 * whoever pushes it calls cosend_pipeline_flush, cosend_receive_until and
 * cosend_receive_batch_until answer COSEND_EVENT_FLUSH. What a sink has kept
 * back is to be written then; what a step emits then goes out at once, ahead of
 * the news. The sender waits until the next receive: so whoever flushes a
 * pipeline knows, when that returns COSEND_OK, that every sink has dealt with
 * all that came before. A body that returns an error there fails as ever.
 *
 *     cosend_tell_flushes(self);
 *     for (;;)
 *         switch (cosend_receive_until(self, &record, INT64_MAX)) {
 *         case COSEND_EVENT_RECORD:
 *             put(&buffer, &record);
 *             break;
 *         default:
 *             if (!write_out(&buffer))
 *                 return cosend_fail(self, COSEND_E_OUTPUT, "...");
 *             if (cosend_ended(self))
 *                 return 0;
 *         }
 *
 * Plain receives never tell of it; a body that has no other is told by its
 * row's `flush`.
 */
COSEND_API void cosend_tell_flushes(struct cosend_stage *self);

/*
 * For a source that makes records by the clock, and a step that holds back what
 * comes too fast: wait until a time, by cosend_now. What was emitted goes out
 * first, and is written. While a source waits, steps have their ticks. While a
 * step does, in the middle of its input, the whole run waits: nothing is read,
 * whoever writes to it is held up, and what it is asked for, a snapshot say,
 * comes after the batch in hand. In a snapshot nothing waits. A step whose work
 * several threads do fails with COSEND_E_USAGE.
 *
 * Returns false where the run is to stop, without waiting any longer: a source
 * ends then, and so does a step if cosend_ended says so; if it does not, what
 * the step has is still to go on.
 */
COSEND_API bool cosend_wait_until(struct cosend_stage *self, int64_t until);

/* Nanoseconds of a clock that is never set, for cosend_receive_until. */
COSEND_API int64_t cosend_now(const struct cosend_stage *self);

/*
 * Which of the step's inputs a record came by, in hand or kept, from 0: where
 * branches come together before the step, the number of the branch, in the
 * order of the spec. A step that asks says so before its first receive, or
 * fails with COSEND_E_USAGE.
 *
 *     cosend_tell_inputs(self);
 *     while (cosend_receive(self, &record))
 *         if (cosend_input_of(self, &record) == 0)
 *             cosend_emit(self, &record);
 *
 * A record that was taken out of a store, or merged into a state, is of input
 * 0.
 */
COSEND_API void cosend_tell_inputs(struct cosend_stage *self);
COSEND_API uint32_t cosend_input_of(struct cosend_stage *self,
                                    const struct cosend_record *record);

/* Whether several files are followed at once, so that their records alternate,
   and a record of one says nothing of where another ends. After the first
   receive. */
COSEND_API bool cosend_files_alternate(const struct cosend_stage *self);

COSEND_API enum cosend_end cosend_ended(const struct cosend_stage *self);

/*
 * Wait, before all else, until the input's columns are known, for a body that
 * declares others by what they are. Nothing was received by then.
 *
 * Returns false where the body is to return.
 */
COSEND_API bool cosend_await_columns(struct cosend_stage *self);

/* The first line of the input, or its beginning, where lines of text are
   received as they were read, or joined; absent where it has none, where
   records are others, and before the input's schema is known. */
COSEND_API struct cosend_cell
cosend_first_line(const struct cosend_stage *self);

/* The schema of what is received; NULL before the input's is known. */
COSEND_API const struct cosend_schema *
cosend_input_schema(const struct cosend_stage *self);

/* A declared field's name, or NULL where it is the only column's, and of
   COSEND_NO_FIELD. */
COSEND_API const char *cosend_field_name(const struct cosend_stage *self,
                                         struct cosend_field field);

/* ---- Emit ---------------------------------------------------------------- */

/* The slow half of cosend_emit. */
COSEND_API int cosend_emit_more(struct cosend_stage *self,
                                struct cosend_record *record);

/*
 * Send a record on to every target, with the columns set since the last emit.
 * Emitted a second time it counts as a new one.
 *
 * Returns COSEND_OK; COSEND_DONE when no target wants more; or an error. The
 * answer may be ignored: the record is then dropped and the next receive is
 * false.
 */
COSEND_INLINE int cosend_emit(struct cosend_stage *self,
                              struct cosend_record *record)
{
    if (self->picking && record && self->unsettled == 1 &&
        record->batch == self->batch && record->position + 1 == self->next) {
        self->picked[self->picked_count++] = record->position;
        self->unsettled = 0;
        return COSEND_OK;
    }
    return cosend_emit_more(self, record);
}

/*
 * Send a record on to one target alone, from 0 to cosend_targets - 1: what
 * `route` is made of. It counts, and may be ignored, as cosend_emit does; a
 * record for a target that has enough goes nowhere. Emits to one target and to
 * all mix, and each target gets its records in the order of the emits.
 *
 *     while (cosend_receive(self, &record))
 *         cosend_emit_to(self, is_error(&record) ? 0 : 1, &record);
 *
 * The target of an option of type STEPS is its cosend_steps.target. Of a target
 * that there is not the step fails with COSEND_E_USAGE.
 */
COSEND_API int cosend_emit_to(struct cosend_stage *self, uint32_t target,
                              struct cosend_record *record);

/* cosend_pick to one target alone. */
COSEND_API int cosend_pick_to(struct cosend_stage *self, uint32_t target,
                              uint32_t position);

/* The slow half of cosend_pick. */
COSEND_API int cosend_pick_more(struct cosend_stage *self, uint32_t position);

/* Send on the record at `position` of the batch in hand, each once, after
   cosend_receive_batch; positions must ascend. As cosend_emit; of a position
   that the batch does not have the step fails with COSEND_E_USAGE. */
COSEND_INLINE int cosend_pick(struct cosend_stage *self, uint32_t position)
{
    if (!self->picking || position >= self->count || !self->unsettled)
        return cosend_pick_more(self, position);
    self->picked[self->picked_count++] = position;
    self->unsettled--;
    return COSEND_OK;
}

/* The record at `position` of the batch in hand, for cosend_emit,
   cosend_bad and cosend_keep after cosend_receive_batch. Of a position that the
   batch does not have the step fails with COSEND_E_USAGE, and there is none. */
COSEND_API struct cosend_record cosend_record_at(struct cosend_stage *self,
                                                 uint32_t position);

/*
 * cosend_next_item for a step: where there is no memory the step has failed, so
 * that a record's walk never ends early with nobody told.
 *
 *     struct cosend_item item = {0};
 *
 *     while (cosend_walk(self, &record, &item))
 *         if (item.cell.kind != COSEND_ABSENT)
 *             take(item.name, item.name_length, item.cell);
 */
COSEND_API bool cosend_walk(struct cosend_stage *self,
                            const struct cosend_record *record,
                            struct cosend_item *item);

/* Send on every record of a batch, the one in hand, with the columns set by
   cosend_set_column and the like, or an own. As cosend_emit. */
COSEND_API int cosend_emit_batch(struct cosend_stage *self,
                                 const struct cosend_batch *batch);

/* Send a new record that has only the columns set since the last emit. Its
   place in the order is that of the record in hand, which caused it. */
COSEND_API int cosend_emit_new(struct cosend_stage *self);

/* How many targets the stage has. */
COSEND_API unsigned cosend_targets(const struct cosend_stage *self);

/*
 * Apply the step's on_error to a record that will not do. kind is a stable
 * word for tools ("not_a_number"), the text is for people.
 *
 * Under skip and reject the record is counted and the loop goes on; under fail
 * the next receive is false and the step fails with this error. What was set
 * for the next emit is set no more.
 */
COSEND_API void cosend_bad(struct cosend_stage *self,
                           const struct cosend_record *record, const char *kind,
                           const char *format, ...) COSEND_PRINTF(4, 5);

/* The same for one in which the cell of a field will not do: with its name, the
   cell, both cut short where they are long, and `why`, as "is not a number". */
COSEND_API void cosend_bad_cell(struct cosend_stage *self,
                                const struct cosend_record *record,
                                const char *kind, const char *name,
                                size_t name_length, struct cosend_cell cell,
                                const char *why);

/* Whether anybody is told why a record is bad, which of many they are not: what
   takes long to find out about it is worth it. It changes nothing. */
COSEND_API bool cosend_bad_is_told(struct cosend_stage *self,
                                   const struct cosend_record *record);

/*
 * The same for one in which the cell of a declared field must be a number, and
 * is none: not_a_number, with the field's name and the cell.
 */
COSEND_API void cosend_bad_number(struct cosend_stage *self,
                                  const struct cosend_record *record,
                                  struct cosend_field field);

/*
 * Read the cell of a declared field as a time, as cosend_parse_time does by
 * itself: in a zone, or UTC for NULL, where none is written, and in the year
 * that is nearest to now. Where it is none the record is bad, not_a_time, with
 * the field's name, the cell, and what is wrong with it.
 *
 * Returns false where it was bad.
 */
COSEND_API bool cosend_time_of(struct cosend_stage *self,
                               const struct cosend_record *record,
                               struct cosend_field field,
                               const struct cosend_zone *zone,
                               struct cosend_time *time);
/* The same, but in the last year by which the time is not later than 24 hours
   behind now: where it is of what has happened, as a log's. */
COSEND_API bool cosend_past_time_of(struct cosend_stage *self,
                                    const struct cosend_record *record,
                                    struct cosend_field field,
                                    const struct cosend_zone *zone,
                                    struct cosend_time *time);

/*
 * Whether a step that stands for options of the source (struct cosend_behind)
 * need not look at a record's time, as the source has: it read lines of text
 * by the times in them. Of a step that somebody wrote: false.
 */
COSEND_API bool cosend_in_span(const struct cosend_stage *self,
                               const struct cosend_record *record);

/*
 * Fail the step, whatever its on_error: for what is no record's fault. A kind
 * that is not < 0 is COSEND_E_TYPE.
 *
 * Returns kind: `return cosend_fail(self, COSEND_E_LIMIT, ...)`.
 */
COSEND_API int cosend_fail(struct cosend_stage *self, int kind,
                           const char *format, ...) COSEND_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
