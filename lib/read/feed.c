/* SPDX-License-Identifier: MIT */
/*
 * Which thread cuts what.
 *
 *     source -- csi_feed_take  --> chunker   the start of a file, records too
 *        |                                   long for a block, the file's end;
 *        |                                   all of it with one thread
 *        +----- csi_feed_drain --> workers   what is between
 *
 * A file's start is cut by the run's own chunker, up to the first record: the
 * columns come from there, and what there is to warn of. From then on
 * csi_feed_has_workers is true where several threads would help; it starts them
 * when it is asked for the first time. A drain goes on as long as input is
 * there at once. What it leaves, which is less than a record, is the chunker's
 * again, and csi_feed_end cuts it as the last record of the file.
 */
#include "read/feed.h"

#include "io/follow.h"
#include "read/last_records.h"
#include "read/sift.h"
#include "read/workers.h"

#include <string.h>

/* Of a file that several threads read one alone takes so much, which is to have
   the first record: it is more than a header, and much less than a block. */
enum { START_BYTES = 16 * 1024 };

/* Of a file whose lines' times are to be found so much is looked at, or so many
   lines. */
enum { LEARN_BYTES = 64 * 1024, LEARN_LINES = 64 };

struct csi_feed {
    struct csi_chunker *chunker;
    uint32_t threads;                  /* that may work on this file */
    bool begun;                        /* the file's first records are behind */
    uint64_t begun_at;                 /* when it was made */
    struct csi_workers *workers;       /* NULL before there was need of them */
    struct csi_sift sift;              /* where there are none */
    const struct csi_time_span *asked; /* NULL: all lines are wanted */
    bool all;
    struct csi_time_span span; /* of this file */
    enum csi_feed_times times;
    bool whole;    /* of this file: see csi_feed_learned */
    int64_t first; /* time of a line */
};

struct csi_feed *csi_feed_new(struct csi_stage *stage,
                              const struct cosend_format_options *options,
                              const struct csi_format *format)
{
    struct csi_feed *feed = csi_calloc(1, sizeof(*feed));

    if (!feed) {
        csi_stage_no_memory(stage);
        return NULL;
    }
    feed->threads = 1;
    feed->begun_at = csi_monotonic_ns();
    feed->chunker = csi_chunker_new(stage, options, format);
    if (feed->chunker)
        return feed;
    csi_free(feed);
    return NULL;
}

void csi_feed_free(void *argument)
{
    struct csi_feed *feed = argument;
    struct csi_run *run;

    if (!feed)
        return;
    run = csi_run_of(feed->chunker->stage);
    csi_workers_free(feed->workers);
    csi_sift_free(&feed->sift);
    run->reader_records += feed->chunker->reader->records;
    run->reader_boundaries += feed->chunker->reader->boundaries;
    csi_chunker_free(feed->chunker);
    csi_free(feed);
}

void csi_feed_file(struct csi_feed *feed, const char *name, uint64_t offset)
{
    feed->begun = false;
    feed->threads = 1;
    feed->times = feed->asked ? CSI_FEED_LEARNING : CSI_FEED_UNASKED;
    csi_sift_end_file(&feed->sift);
    csi_chunker_file(feed->chunker, name, offset);
}

void csi_feed_skip(struct csi_feed *feed, uint64_t count)
{
    feed->chunker->at.skip = count;
}

/* Have the chunker read what is at the start of a file and is no record. */
static int take_start(struct csi_feed *feed, struct cosend_input *input,
                      size_t length)
{
    int status = COSEND_OK;

    while (status == COSEND_OK && length) {
        size_t room, got;
        char *to = csi_feed_room(feed, &room);

        if (!to)
            return COSEND_E_MEMORY;
        got = csi_follow_read_at(
            input, feed->chunker->at.block->length + feed->chunker->at.offset,
            to, length < room ? length : room);
        if (!got)
            break;
        length -= got;
        status = csi_feed_take(feed, got);
    }
    return status;
}

int csi_feed_last_records(struct csi_feed *feed, struct cosend_input *input,
                          uint64_t count, bool *skipped,
                          struct cosend_error *error)
{
    const struct csi_cut *at = &feed->chunker->at;
    struct csi_last_records found;
    int status = csi_find_last_records(feed->chunker, input, count, &found);

    *skipped = status == COSEND_OK && found.at > found.first;
    if (status == COSEND_E_MEMORY)
        return csi_stage_no_memory(feed->chunker->stage);
    if (!*skipped)
        return COSEND_OK;
    status = take_start(feed, input, (size_t)found.first);
    /* Bytes that do not say without others that they are no record. */
    *skipped = !at->block || at->from == at->block->length;
    if (status == COSEND_OK)
        status =
            csi_follow_seek(input, *skipped ? found.at : found.first, error);
    if (status == COSEND_OK && *skipped)
        csi_chunker_skip_to(feed->chunker, found.at);
    return status;
}

void csi_feed_threads(struct csi_feed *feed, uint32_t threads)
{
    feed->threads = threads;
}

bool csi_feed_share(struct csi_feed *feed, const struct csi_feed *other)
{
    struct csi_reader *reader = feed->chunker->reader;
    const struct csi_reader *known = other->chunker->reader;

    if (reader->schema || !known->schema || reader->ops->share(reader, known))
        return true;
    csi_stage_no_memory(feed->chunker->stage);
    return false;
}

char *csi_feed_room(struct csi_feed *feed, size_t *room)
{
    struct csi_cut *at = &feed->chunker->at;
    char *data = csi_cut_room(at, room);

    if (!data)
        csi_stage_no_memory(feed->chunker->stage);
    else if (feed->threads > 1 && !feed->begun && !at->block->length &&
             *room > START_BYTES)
        *room = START_BYTES;
    return data;
}

/* Whether what is left of a file is less than it takes to start a thread for.
 */
static bool is_nearly_over(struct cosend_input *input, size_t block_bytes)
{
    uint64_t size;

    return csi_input_is_seekable(input, &size) &&
           size < cosend_input_offset(input) + block_bytes;
}

/* Not at a file's start, where the header is. */
bool csi_feed_has_workers(struct csi_feed *feed, struct cosend_input *input)
{
    const struct csi_chunker *chunker = feed->chunker;

    if (feed->threads < 2 || !feed->begun || chunker->whole_only ||
        chunker->at.skip || !chunker->reader->schema)
        return false;
    if (!feed->workers && is_nearly_over(input, chunker->at.block_bytes))
        return false;
    if (!feed->workers)
        feed->workers = csi_workers_new(feed->chunker, feed->threads);
    if (!feed->workers)
        feed->threads = 1;
    return feed->workers;
}

/* ---- Times --------------------------------------------------------------- */

void csi_feed_span(struct csi_feed *feed, const struct csi_time_span *span,
                   bool all)
{
    feed->asked = span;
    feed->all = all;
}

enum csi_feed_times csi_feed_times(const struct csi_feed *feed)
{
    return feed->times;
}

const struct csi_time_span *csi_feed_learned(const struct csi_feed *feed,
                                             bool *whole)
{
    *whole = feed->whole || feed->chunker->at.skip;
    return &feed->span;
}

int64_t csi_feed_first(const struct csi_feed *feed)
{
    return feed->first;
}

bool csi_feed_has_columns(const struct csi_feed *feed)
{
    return feed->chunker->reader->schema;
}

void csi_feed_divert(struct csi_feed *feed,
                     int (*take)(void *context, struct cosend_batch *batch),
                     void *context)
{
    feed->chunker->divert = take;
    feed->chunker->divert_context = context;
}

uint64_t csi_feed_offset(const struct csi_feed *feed)
{
    const struct csi_cut *at = &feed->chunker->at;

    return at->offset + (at->block ? at->block->length : 0);
}

uint64_t csi_feed_done(const struct csi_feed *feed)
{
    const struct csi_cut *at = &feed->chunker->at;

    return at->offset + at->from;
}

void csi_feed_jump(struct csi_feed *feed, uint64_t offset)
{
    feed->chunker->reader->ops->restart(feed->chunker->reader);
    csi_chunker_skip_to(feed->chunker, offset);
    feed->chunker->at.out = true;
    feed->chunker->at.last = INT64_MIN;
}

/* The lines that have come, whole ones unless `final`: where they end. *enough
   says whether they are as many as are looked at. */
static const char *lines_at_hand(const struct csi_feed *feed, const char *start,
                                 const char *end, bool final, bool *enough)
{
    const char *p = start, *behind = start;
    int lines = 0;

    while (lines < LEARN_LINES && p < end &&
           (p = memchr(p, feed->span.end, (size_t)(end - p)))) {
        behind = ++p;
        lines++;
    }
    *enough = final || lines == LEARN_LINES || end - start >= LEARN_BYTES;
    return final || behind == start ? end : behind;
}

/* Whether there are times that are not of it. */
static bool is_bounded(const struct csi_time_span *span)
{
    return span->from > INT64_MIN || span->to < INT64_MAX;
}

/* See where the lines have their times, once enough have come, or all that
   will. */
static void learn(struct csi_feed *feed, bool settle, bool final)
{
    static const char bom[] = "\xef\xbb\xbf";
    struct csi_cut *at = &feed->chunker->at;
    const char *start, *end;
    enum csi_log_time found;
    bool enough;

    if (feed->times != CSI_FEED_LEARNING || !at->block ||
        at->from == at->block->length)
        return;
    start = at->block->data + at->from;
    end = at->block->data + at->block->length;
    if (end - start > 3 && memcmp(start, bom, 3) == 0)
        start += 3;
    feed->span = *feed->asked;
    end = lines_at_hand(feed, start, end, final, &enough);
    if (!enough && !settle)
        return;
    found = csi_time_span_learn(&feed->span, start, end, &feed->first);
    if (found == CSI_LOG_TIMED) {
        feed->times = CSI_FEED_LEARNED;
        feed->whole = csi_is_directive(start, (size_t)(end - start));
        at->span = is_bounded(&feed->span) ? &feed->span : NULL;
        /* Lines before the first that has a time go with it. */
        at->out = feed->first < feed->span.from || feed->first >= feed->span.to;
    } else if (enough && feed->all) {
        feed->times = CSI_FEED_UNASKED;
    } else if (enough) {
        feed->times =
            found == CSI_LOG_LETTERS ? CSI_FEED_LETTERS : CSI_FEED_UNTIMED;
    }
}

/* Whether what has come is to stay as it is. */
static bool is_held_back(const struct csi_feed *feed)
{
    return feed->times == CSI_FEED_LEARNING || feed->times >= CSI_FEED_UNTIMED;
}

static int cut_taken(struct csi_feed *feed)
{
    struct csi_chunker *chunker = feed->chunker;
    int status;

    if (is_held_back(feed))
        return COSEND_OK;
    status = csi_chunker_cut(chunker, false);
    if (feed->begun || !chunker->reader->begun)
        return status;
    feed->begun = true;
    if (feed->workers && !csi_workers_begin_file(feed->workers))
        feed->threads = 1;
    return status;
}

int csi_feed_settle(struct csi_feed *feed)
{
    if (feed->times != CSI_FEED_LEARNING || !feed->chunker->at.block)
        return COSEND_OK;
    learn(feed, true, false);
    return cut_taken(feed);
}

int csi_feed_take(struct csi_feed *feed, size_t length)
{
    csi_cut_filled(&feed->chunker->at, length);
    feed->chunker->stage->counts.bytes += length;
    learn(feed, false, false);
    return cut_taken(feed);
}

/* ---- Reading on ---------------------------------------------------------- */

int csi_feed_drain(struct csi_feed *feed, struct cosend_input *input, int *read,
                   struct cosend_error *error)
{
    int status = csi_workers_drain(feed->workers, input, read, error);

    /* A record too long for a block is cut by this thread alone. */
    return status == COSEND_OK && feed->chunker->whole_only
               ? csi_chunker_cut(feed->chunker, false)
               : status;
}

int csi_feed_sift(struct csi_feed *feed, struct cosend_input *input,
                  bool *sifted)
{
    *sifted = false;
    /* What is at a file's start is to be read. */
    return feed->begun && feed->threads < 2 && !is_held_back(feed)
               ? csi_sift_next(&feed->sift, feed->chunker, input, sifted)
               : COSEND_OK;
}

bool csi_feed_is_blank(const struct csi_feed *feed)
{
    const struct csi_chunker *chunker = feed->chunker;

    return chunker->format->number == COSEND_FORMAT_TEXT &&
           !chunker->reader->schema && !csi_feed_offset(feed);
}

int csi_feed_end(struct csi_feed *feed)
{
    size_t room;

    if (!feed->chunker->at.block && !csi_feed_room(feed, &room))
        return COSEND_E_MEMORY;
    learn(feed, false, true);
    if (feed->times >= CSI_FEED_UNTIMED)
        return COSEND_OK;
    return csi_chunker_cut(feed->chunker, true);
}

int csi_feed_tear(struct csi_feed *feed, enum csi_torn why)
{
    int status;

    learn(feed, false, true);
    if (feed->times >= CSI_FEED_UNTIMED)
        return COSEND_OK;
    status = csi_chunker_tear(feed->chunker, why);
    if (status != COSEND_OK || feed->chunker->reader->schema)
        return status;
    /* Without a header, or a record, the columns are those of an empty file. */
    return csi_feed_end(feed);
}

int csi_feed_finish(struct csi_feed *feed)
{
    int status;

    if (!feed->workers)
        return COSEND_OK;
    status = csi_workers_finish(feed->workers);
    feed->chunker->stage->sequential =
        csi_workers_sequential(feed->workers, feed->begun_at);
    feed->chunker->stage->alone_since = csi_monotonic_ns();
    return status;
}
