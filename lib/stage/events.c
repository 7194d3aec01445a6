/* SPDX-License-Identifier: MIT */
/*
 * Of an event that is open the first record is in the batch in hand, at a
 * position; what is still open when that batch leaves is kept, with its text
 * copied. Lines that lie together in the input, as those of text do, become one
 * cell as they lie.
 *
 * Where there is one event after the other those that begin and end in the
 * batch go on together (is_plain), and are not made one by one. Either way the
 * line that ended an event gives its place in the order, so that this does not
 * depend on where batches end.
 */
#include "cosend/events.h"

#include "base/base.h"
#include "cosend/batches.h"
#include "cosend/columns.h"
#include "cosend/fields.h"
#include "cosend/number.h"
#include "cosend/state.h"
#include "stage/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cosend_events {
    struct cosend_stage *self;
    const struct cosend_events_options *options;
    struct cosend_column column, part, mark;
    struct cosend_open_event *oldest, *newest;
    uint64_t batches, begun;
    uint64_t split, late; /* parts by a limit, and what came behind a timeout */
    /* Of the batch in hand. */
    bool has_batch, is_plain;
    uint32_t position; /* of the line that is looked at */
    struct cosend_cell *cells, *parts, *marks; /* what columns become; NULL: not
                                                  yet */
    uint32_t *positions, *causes, count; /* of those that go on together */
    uint32_t capacity;
};

static void unlink_event(struct cosend_events *events,
                         struct cosend_open_event *event)
{
    *(event->before ? &event->before->behind : &events->oldest) = event->behind;
    *(event->behind ? &event->behind->before : &events->newest) = event->before;
    event->before = event->behind = NULL;
}

static void link_event(struct cosend_events *events,
                       struct cosend_open_event *event)
{
    event->batch = events->batches;
    event->before = events->newest;
    event->behind = NULL;
    *(events->newest ? &events->newest->behind : &events->oldest) = event;
    events->newest = event;
}

/* Those of the batch that are plain go on, before anything else does. */
static void send_plain(struct cosend_events *events)
{
    if (events->cells && events->count)
        cosend_emit_caused(events->self, events->positions, events->causes,
                           events->count);
    events->cells = events->parts = events->marks = NULL;
    events->count = 0;
}

/* The number of an event's part. False without memory. */
static bool add_part(struct cosend_events *events,
                     const struct cosend_open_event *event)
{
    char *digits = cosend_stage_bytes(events->self, COSEND_NUMBER_MAX);
    struct cosend_cell *cell = &events->parts[event->position];

    if (!digits)
        return false;
    *cell = cosend_text(digits,
                        cosend_format_unsigned((uint64_t)event->part, digits));
    cell->kind = COSEND_NUMBER;
    return true;
}

/* Room for what the columns become. False without memory. */
static bool ready_columns(struct cosend_events *events)
{
    bool numbered = events->options->part.length;

    if (!events->cells)
        events->cells = cosend_set_column(events->self, events->column);
    if (events->cells && numbered && !events->parts)
        events->parts = cosend_set_column(events->self, events->part);
    if (events->cells && events->options->marks && !events->marks)
        events->marks = cosend_set_column(events->self, events->mark);
    return events->cells && (!numbered || events->parts) &&
           (!events->options->marks || events->marks);
}

/* An event becomes one of the batch's that go on together. False without
   memory. */
static bool add_plain(struct cosend_events *events,
                      const struct cosend_open_event *event)
{
    struct cosend_cell cell = event->text;
    char *copy;

    if (!ready_columns(events))
        return false;
    if (event->bytes.length) {
        copy = cosend_stage_bytes(events->self, cell.length);
        if (!copy)
            return false;
        memcpy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    events->cells[event->position] = cell;
    if (events->marks)
        events->marks[event->position] =
            events->options->marks[event->unfinished];
    events->positions[events->count] = event->position;
    events->causes[events->count++] = events->position;
    return !events->parts || add_part(events, event);
}

/* The record is kept, if it is not yet. False without memory. */
static bool keep_first(struct cosend_events *events,
                       struct cosend_open_event *event)
{
    struct cosend_record record;

    if (!event->in_hand)
        return true;
    record = cosend_record_at(events->self, event->position);
    event->in_hand = false;
    return cosend_keep(events->self, &record, &event->first);
}

/* One event goes on by itself, behind what is before it. */
static void send_alone(struct cosend_events *events,
                       struct cosend_open_event *event)
{
    send_plain(events);
    if (!keep_first(events, event))
        return;
    cosend_set(events->self, events->column, event->text);
    if (events->options->marks)
        cosend_set(events->self, events->mark,
                   events->options->marks[event->unfinished]);
    if (events->options->part.length)
        cosend_set_integer(events->self, events->part, event->part);
    if (events->has_batch)
        cosend_record_at(events->self, events->position);
    cosend_emit(events->self, &event->first);
    cosend_release(events->self, &event->first);
}

/* Send the open event on. The line at events->position shows that it has ended,
   and where it stands among others; of one that was kept, too. */
static void send_event(struct cosend_events *events,
                       struct cosend_open_event *event)
{
    if (!event->open)
        return;
    event->open = event->doubted = false;
    unlink_event(events, event);
    if (!events->is_plain || !event->in_hand)
        send_alone(events, event);
    else
        add_plain(events, event);
    cosend_bytes_clear(&event->bytes);
}

struct cosend_events *
cosend_events_new(struct cosend_stage *self,
                  const struct cosend_events_options *options)
{
    struct cosend_events *events = cosend_stage_memory(self, sizeof(*events));

    if (!events)
        return NULL;
    events->self = self;
    events->options = options;
    events->column = cosend_replace_column(self, options->field);
    if (options->marks)
        events->mark = cosend_replace_column(self, options->mark);
    csi_stage_of(self)->recipe.joins = true;
    if (options->part.length)
        events->part = cosend_add_column(self, options->part.data);
    return events;
}

void cosend_open_event_free(struct cosend_open_event *event)
{
    cosend_bytes_free(&event->bytes);
}

/* ---- Lines --------------------------------------------------------------- */

/* Whether a line lies behind what there is, with the separator between. */
static bool lies_behind(const struct cosend_events_options *options,
                        const struct cosend_cell *text,
                        const struct cosend_cell *line)
{
    const struct cosend_string *between = &options->separator;
    const char *end = text->data + text->length;

    return text->length && line->length &&
           line->data == end + between->length &&
           memcmp(end, between->data, between->length) == 0;
}

/* False without memory. */
static bool add_text(struct cosend_events *events,
                     struct cosend_open_event *event, struct cosend_cell line)
{
    const struct cosend_string *between = &events->options->separator;
    struct cosend_bytes *bytes = &event->bytes;

    event->lines++;
    event->doubted = false;
    if (event->batch != events->batches) {
        unlink_event(events, event);
        link_event(events, event);
    }
    if (!bytes->length && lies_behind(events->options, &event->text, &line)) {
        event->text.length += (uint32_t)between->length + line.length;
        return true;
    }
    if (!bytes->length)
        cosend_put_raw(bytes, event->text.data, event->text.length);
    cosend_put_raw(bytes, between->data, between->length);
    cosend_put_raw(bytes, line.data, line.length);
    event->text = cosend_text((const char *)bytes->data, bytes->length);
    if (bytes->failed)
        cosend_fail(events->self, COSEND_E_MEMORY, "out of memory");
    return !bytes->failed;
}

/* The line at a position is the first of an event, or of a part of one. */
static void open_event(struct cosend_events *events,
                       struct cosend_open_event *event, uint32_t position,
                       struct cosend_cell line)
{
    event->open = event->in_hand = true;
    event->position = position;
    event->text = line;
    event->lines = 1;
    event->begun = ++events->begun;
    link_event(events, event);
}

static bool is_full(const struct cosend_events_options *options,
                    const struct cosend_open_event *event,
                    struct cosend_cell line)
{
    uint64_t bytes =
        (uint64_t)event->text.length + options->separator.length + line.length;

    return (options->max_lines && event->lines >= options->max_lines) ||
           (options->max_bytes && bytes > (uint64_t)options->max_bytes);
}

/* Whether a record has no field yet that is to number parts; if it has, it is
   bad, or the step has failed. */
static bool is_free(const struct cosend_events *events, uint32_t position)
{
    const struct cosend_fields none = {0, 0};
    struct cosend_record record;

    if (!events->options->part.length)
        return true;
    record = cosend_record_at(events->self, position);
    return cosend_name_free(events->self, &record, events->options->part.data,
                            none, "part=NAME takes another name");
}

bool cosend_events_take(struct cosend_events *events,
                        struct cosend_open_event *event, uint32_t position,
                        struct cosend_cell line, bool belongs)
{
    int64_t part = 1;

    if (!events->has_batch ||
        position >= cosend_batch_count(events->self->batch)) {
        cosend_fail(events->self, COSEND_E_USAGE,
                    "it takes a line that its batch does not have");
        return false;
    }
    if (!is_free(events, position))
        return !cosend_ended(events->self);
    if (belongs && event->open && !is_full(events->options, event, line))
        return add_text(events, event, line);
    if (belongs && event->part) {
        events->split += event->open;
        events->late += !event->open && event->timed_out;
        part = event->part + 1;
    }
    event->timed_out = false;
    cosend_events_end(events, event, position);
    event->part = part;
    open_event(events, event, position, line);
    return true;
}

void cosend_events_end(struct cosend_events *events,
                       struct cosend_open_event *event, uint32_t position)
{
    events->position = position;
    send_event(events, event);
}

/* ---- Batches ------------------------------------------------------------- */

static bool make_room(struct cosend_events *events, uint32_t count)
{
    size_t capacity = 2 * (size_t)count;

    if (count <= events->capacity)
        return true;
    events->positions = cosend_stage_memory(
        events->self, 2 * capacity * sizeof(*events->positions));
    if (!events->positions)
        return false;
    events->causes = events->positions + capacity;
    events->capacity = (uint32_t)capacity;
    return true;
}

bool cosend_events_begin(struct cosend_events *events, bool ordered)
{
    const struct cosend_batch *batch = events->self->batch;

    if (!batch) {
        cosend_fail(events->self, COSEND_E_USAGE, "it has no batch in hand");
        return false;
    }
    events->is_plain = ordered;
    events->has_batch = true;
    events->batches++;
    events->position = 0;
    /* Those that were merged are before all that comes. */
    while (events->oldest && !events->oldest->batch)
        send_event(events, events->oldest);
    return make_room(events, cosend_batch_count(batch));
}

/* What becomes of an event that is open when its batch leaves: it is kept, and
   its text is its own. False without memory. */
static bool keep_event(struct cosend_events *events,
                       struct cosend_open_event *event)
{
    struct cosend_bytes *bytes = &event->bytes;

    if (!event->in_hand)
        return true;
    if (!keep_first(events, event))
        return false;
    if (bytes->length)
        return true;
    cosend_put_raw(bytes, event->text.data, event->text.length);
    event->text.data = (const char *)bytes->data;
    if (bytes->failed)
        cosend_fail(events->self, COSEND_E_MEMORY, "out of memory");
    return !bytes->failed;
}

bool cosend_events_leave(struct cosend_events *events)
{
    int64_t timeout = events->options->timeout;
    int64_t due = timeout ? cosend_now(events->self) + timeout : INT64_MAX;
    struct cosend_open_event *event = events->newest;

    send_plain(events);
    for (; event && event->batch == events->batches; event = event->before) {
        event->due = due;
        if (!keep_event(events, event))
            return false;
    }
    events->has_batch = false;
    return true;
}

/* ---- By the clock -------------------------------------------------------- */

int64_t cosend_events_due(const struct cosend_events *events)
{
    const struct cosend_open_event *event = events->oldest;

    return !event ? INT64_MAX : event->doubted ? 0 : event->due;
}

/*
 * A tick may come late, when the steps behind took long, and with lines of the
 * event waiting to be read. So an event that is due is sent at the next tick,
 * which is asked for at once: what there is to read is read before that.
 */
void cosend_events_tick(struct cosend_events *events)
{
    int64_t now = cosend_now(events->self);
    struct cosend_open_event *event = events->oldest, *behind;

    for (; event && event->due <= now; event = behind) {
        behind = event->behind;
        if (event->doubted) {
            send_event(events, event);
            event->timed_out = true;
        } else {
            event->doubted = true;
        }
    }
}

/* ---- The end ------------------------------------------------------------- */

static int by_begun(const void *left, const void *right)
{
    uint64_t a = (*(struct cosend_open_event *const *)left)->begun,
             b = (*(struct cosend_open_event *const *)right)->begun;

    return (a > b) - (a < b);
}

static size_t count_open(const struct cosend_events *events)
{
    const struct cosend_open_event *event = events->oldest;
    size_t count = 0;

    for (; event; event = event->behind)
        count++;
    return count;
}

/* All that are open, in the order of their first lines. (Ordinals do not tell:
   what a step has put in order, or made, has one for all of it.) */
static void put_in_order(const struct cosend_events *events,
                         struct cosend_open_event **all)
{
    struct cosend_open_event *event = events->oldest;
    size_t count = 0;

    for (; event; event = event->behind)
        all[count++] = event;
    qsort(all, count, sizeof(struct cosend_open_event *), by_begun);
}

static void tell_parts(const struct cosend_events *events)
{
    const struct cosend_events_options *options = events->options;
    const char *numbers = options->part.length || options->marks
                              ? ""
                              : "; part=NAME numbers the parts";
    char lines[48] = "";

    if (options->max_lines)
        snprintf(lines, sizeof(lines), "%lld lines (max_lines) or ",
                 (long long)options->max_lines);
    if (events->split)
        cosend_warn(events->self,
                    "%s were split, %llu time%s, at %s%lld bytes (max_bytes)%s",
                    options->marks ? "lines" : "events",
                    (unsigned long long)events->split,
                    events->split > 1 ? "s" : "", lines,
                    (long long)options->max_bytes, numbers);
    if (events->late)
        cosend_warn(events->self,
                    "more of %s came, %llu time%s, when it had gone on by "
                    "`timeout`, and is a part of its own%s",
                    options->marks ? "a line" : "an event",
                    (unsigned long long)events->late,
                    events->late > 1 ? "s" : "", numbers);
}

bool cosend_events_finish(struct cosend_events *events)
{
    size_t count = count_open(events);
    struct cosend_open_event **all = cosend_stage_memory(
        events->self, (count + 1) * sizeof(struct cosend_open_event *));

    if (!all)
        return false;
    put_in_order(events, all);
    for (size_t i = 0; i < count; i++)
        send_event(events, all[i]);
    tell_parts(events);
    return true;
}

/* ---- States -------------------------------------------------------------- */

int cosend_events_save(const struct cosend_events *events,
                       struct cosend_bytes *to)
{
    size_t count = count_open(events);
    struct cosend_open_event **all =
        csi_malloc((count + 1) * sizeof(struct cosend_open_event *));

    if (!all)
        return COSEND_E_MEMORY;
    put_in_order(events, all);
    cosend_put_varint(to, count);
    for (size_t i = 0; i < count; i++) {
        cosend_put_record(to, &all[i]->first);
        cosend_put_u8(to, (uint8_t)all[i]->text.kind);
        cosend_put_bytes(to, all[i]->text.data, all[i]->text.length);
        cosend_put_varint(to, (uint64_t)all[i]->lines);
        cosend_put_varint(to, (uint64_t)all[i]->part);
        cosend_put_u8(to, all[i]->unfinished);
    }
    csi_free(all);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

static void free_merged(void *event)
{
    cosend_open_event_free(event);
}

/* An event of another run: nothing more belongs to it. */
static int merge_event(struct cosend_events *events,
                       struct cosend_reader_bytes *from)
{
    struct cosend_open_event *event =
        cosend_stage_memory(events->self, sizeof(*event));
    size_t length = 0;
    const char *text;
    uint8_t kind;
    int status;

    if (!event || !cosend_stage_defer(events->self, free_merged, event))
        return COSEND_E_MEMORY;
    status = cosend_get_record(events->self, from, &event->first);
    if (status < 0)
        return status;
    kind = cosend_get_u8(from);
    text = cosend_get_bytes(from, &length);
    event->lines = (int64_t)cosend_get_varint(from);
    event->part = (int64_t)cosend_get_varint(from);
    event->unfinished = cosend_get_u8(from);
    if (from->failed || length > UINT32_MAX || kind > COSEND_NESTED)
        return COSEND_E_TYPE;
    cosend_put_raw(&event->bytes, text, length);
    event->text = cosend_text((const char *)event->bytes.data, length);
    event->text.kind = (enum cosend_kind)kind;
    event->open = true;
    event->begun = ++events->begun;
    link_event(events, event);
    event->batch = 0;
    return event->bytes.failed ? COSEND_E_MEMORY : COSEND_OK;
}

int cosend_events_merge(struct cosend_events *events,
                        struct cosend_reader_bytes *from)
{
    uint64_t count = cosend_get_varint(from);
    int status = COSEND_OK;

    for (; count && status == COSEND_OK && !from->failed; count--)
        status = merge_event(events, from);
    return from->failed ? COSEND_E_TYPE : status;
}
