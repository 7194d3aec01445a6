/* SPDX-License-Identifier: MIT */
/*
 * From bytes to batches: the half of a source that does not care where the
 * bytes are from. It owns the block that is being filled; a reader cuts
 * records from it, and what is left of an unfinished one moves to the front of
 * the next block.
 */
#include "read/workers.h"

#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t csi_block_bytes = 256 * 1024;

/* With less room a block is not read into any more. */
static size_t least_room(void)
{
    return csi_block_bytes / 16;
}

static void heed_environment(void)
{
#ifdef CSI_SIMD_FROM_ENV
    const char *bytes = getenv("COSEND_BLOCK");

    if (bytes && atoi(bytes) >= 16)
        csi_block_bytes = (size_t)atoi(bytes);
#endif
}

static void warn(void *context, const char *message)
{
    struct csi_feed *feed = context;

    if (!feed->stage->run->options->quiet)
        csi_run_warn(feed->stage->run, "%s: %s",
                     feed->at.source ? feed->at.source : "input", message);
}

/* A reader of an open format extracts what some step names, and no more. */
static bool declare(struct csi_feed *feed)
{
    const struct csi_plan *plan = feed->stage->run->plan;

    for (uint32_t i = 0; i < plan->node_count; i++)
        for (uint32_t j = 0; j < plan->nodes[i].field_count; j++)
            if (plan->nodes[i].fields[j].name &&
                !csi_reader_declare(feed->reader,
                                    plan->nodes[i].fields[j].name))
                return false;
    return true;
}

struct csi_feed *csi_feed_new(struct csi_stage *stage,
                              const struct cosend_format_options *options,
                              const struct csi_format *format)
{
    struct csi_feed *feed = csi_calloc(1, sizeof(*feed));
    struct cosend_error error = {0};

    if (!stage->run->worker)
        heed_environment();
    if (feed) {
        feed->stage = stage;
        feed->options = options;
        feed->format = format;
        feed->max_record = options->max_record_bytes > 0
                               ? (size_t)options->max_record_bytes
                               : 16U << 20;
        feed->at.line = 1;
        feed->reader = format->reader(options, &error);
    }
    if (!feed || !feed->reader || !declare(feed)) {
        if (error.kind)
            csi_stage_fail(stage, &error);
        else
            cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
        csi_feed_free(feed);
        return NULL;
    }
    feed->reader->warn = warn;
    feed->reader->context = feed;
    return feed;
}

void csi_feed_free(void *argument)
{
    struct csi_feed *feed = argument;

    if (!feed)
        return;
    csi_team_free(feed->team);
    if (feed->stage->run->feed == feed)
        feed->stage->run->feed = NULL;
    if (feed->reader) {
        feed->stage->run->reader_records += feed->reader->records;
        feed->stage->run->reader_boundaries += feed->reader->boundaries;
        feed->reader->ops->free(feed->reader);
    }
    csi_block_unref(feed->at.block);
    csi_rows_unref(feed->spare);
    csi_free(feed);
}

void csi_feed_file(struct csi_feed *feed, const char *name, uint64_t offset)
{
    struct csi_cut *at = &feed->at;

    if (at->source)
        feed->reader->ops->next_file(feed->reader);
    feed->begun = false;
    feed->threads = 1;
    at->source = name;
    at->offset = offset;
    at->line = 1;
    at->from = 0;
    if (at->block && csi_is_sole(&at->block->refs))
        at->block->length = 0;
    else if (at->block) {
        csi_block_unref(at->block);
        at->block = NULL;
    }
}

void csi_feed_threads(struct csi_feed *feed, uint32_t threads)
{
    feed->threads = threads;
}

/* ---- Room ---------------------------------------------------------------- */

static void drop_cut(struct csi_cut *at, struct csi_block *to)
{
    struct csi_block *from = at->block;
    size_t left = from->length - at->from;

    memmove(to->data, from->data + at->from, left);
    to->length = left;
    at->offset += at->from;
    at->from = 0;
}

char *csi_cut_room(struct csi_cut *at, size_t *room)
{
    struct csi_block *block = at->block;
    size_t left = block ? block->length - at->from : 0;
    size_t wanted = csi_block_bytes;

    if (block && csi_is_sole(&block->refs) && at->from &&
        left + least_room() <= block->capacity)
        drop_cut(at, block);
    if (!block || !csi_is_sole(&block->refs) ||
        block->capacity - block->length < least_room()) {
        while (wanted < left + left / 2 + least_room())
            wanted *= 2;
        block = csi_block_new(wanted);
        if (!block)
            return NULL;
        if (at->block)
            drop_cut(at, block);
        csi_block_unref(at->block);
        at->block = block;
    }
    *room = block->capacity - block->length;
    return block->data + block->length;
}

void csi_cut_filled(struct csi_cut *at, size_t length)
{
    struct csi_block *block = at->block;

    block->length += length;
    memset(block->data + block->length, 0, CSI_BLOCK_SLACK);
}

char *csi_feed_room(struct csi_feed *feed, size_t *room)
{
    char *data = csi_cut_room(&feed->at, room);

    if (!data)
        cosend_fail(&feed->stage->face, COSEND_E_MEMORY, "out of memory");
    return data;
}

/* ---- Cutting ------------------------------------------------------------- */

static void reject_fault(struct csi_feed *feed, struct csi_rows *rows,
                         const struct csi_fault *fault)
{
    struct csi_stage *stage = feed->stage;
    struct csi_provenance place = {.source = rows->source,
                                   .offset =
                                       rows->offset + rows->starts[fault->row],
                                   .line = csi_rows_line(rows, fault->row)};

    csi_rows_content(rows, fault->row, &place.raw, &place.raw_length);
    if (fault->skip) {
        stage->skipped++;
        stage->run->errors++;
        return;
    }
    csi_reject(stage, NULL, &place, csi_rows_ordinal(rows, fault->row),
               fault->kind, fault->reason, fault->truncated);
}

/* Under fail what came before the bad record is still sent on. */
static uint32_t first_fatal(const struct csi_feed *feed,
                            const struct csi_rows *rows)
{
    if (feed->stage->node->on_error == CSI_FAIL)
        for (size_t i = 0; i < rows->fault_count; i++)
            if (!rows->faults[i].skip)
                return rows->faults[i].row;
    return rows->count;
}

static int send_rows(struct csi_feed *feed, struct csi_rows *rows,
                     uint32_t first, uint32_t count)
{
    struct csi_stage *stage = feed->stage;
    struct cosend_batch *batch =
        csi_batch_of_rows(rows, feed->reader->schema, first, count);
    int status = COSEND_OK;

    if (!batch)
        return cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
    stage->created += batch->count;
    if (batch->count)
        status = csi_stage_dispatch(stage, batch);
    csi_batch_unref(batch);
    return status;
}

/*
 * The pattern by which the one stage that gets the records drops most: it need
 * not get those. What it has in an overlong line is told as for every stage.
 */
static const struct cosend_regex *sieve_for(const struct csi_feed *feed)
{
    const struct csi_stage *stage = feed->stage;
    const struct csi_edge *edge = stage->targets;

    if (stage->target_count != 1 || stage->join || !stage->out_schema ||
        edge->join || edge->done || edge->crosses ||
        feed->at.block->length - feed->at.from > feed->max_record)
        return NULL;
    return edge->stage->sieve;
}

/* They count as if they had been sent, received and dropped. */
static void count_left_out(struct csi_stage *stage, uint64_t count)
{
    struct csi_edge *edge = stage->targets;

    if (!count)
        return;
    stage->created += count;
    stage->out += count;
    edge->sent += count;
    edge->stage->in += count;
    edge->stage->face.dropped += count;
}

static int emit_rows(struct csi_feed *feed, struct csi_rows *rows)
{
    uint32_t fatal = first_fatal(feed, rows),
             step = feed->stage->run->batch_size;
    size_t fault = 0;
    int status = COSEND_OK;

    for (uint32_t at = 0; status == COSEND_OK && at < fatal; at += step) {
        uint32_t count = fatal - at < step ? fatal - at : step;

        for (;
             fault < rows->fault_count && rows->faults[fault].row < at + count;
             fault++) {
            feed->stage->created++;
            reject_fault(feed, rows, &rows->faults[fault]);
        }
        status = send_rows(feed, rows, at, count);
    }
    if (status == COSEND_OK && fatal < rows->count) {
        feed->stage->created++;
        reject_fault(feed, rows, &rows->faults[fault]);
        status = COSEND_E_DATA;
    }
    if (status == COSEND_OK)
        count_left_out(feed->stage, rows->left_out);
    return status;
}

static int announce(struct csi_feed *feed)
{
    struct csi_stage *stage = feed->stage;

    if (!feed->reader->schema || stage->out_schema)
        return COSEND_OK;
    return csi_stage_announce_first(stage, feed->reader->schema);
}

static struct csi_rows *new_rows(struct csi_feed *feed)
{
    struct csi_rows *rows = csi_rows_renew(feed->spare, feed->at.block);

    feed->spare = NULL;
    if (!rows)
        return NULL;
    rows->source = feed->at.source;
    rows->offset = feed->at.offset;
    rows->first_line = feed->at.line;
    rows->base = feed->at.from;
    rows->ordinal = feed->stage->run->position;
    return rows;
}

/*
 * Whether a record that is complete was too long all the same must not depend
 * on how it came: in one read, or in several. It is rare, so it may be slow.
 */
static bool fault_long_rows(struct csi_feed *feed, struct csi_rows *rows)
{
    for (uint32_t row = 0; row < rows->count; row++) {
        const char *data;
        size_t length;

        csi_rows_content(rows, row, &data, &length);
        if (length > feed->max_record && !csi_rows_fault_at(rows, row))
            return false;
    }
    return true;
}

static int cut(struct csi_feed *feed, struct csi_rows *rows, bool final,
               size_t *consumed)
{
    const struct csi_reader_ops *ops = feed->reader->ops;
    struct cosend_error error = {0};
    size_t left = feed->at.block->length - feed->at.from;
    int status;

    feed->reader->sieve = sieve_for(feed);
    status = ops->cut(feed->reader, rows, final, consumed, &error);

    if (status == COSEND_OK && !*consumed && !rows->count &&
        left > feed->max_record) {
        /* What comes next is the rest of it: no border can be found there. */
        feed->threads = 1;
        status = ops->overflow(feed->reader, rows, consumed, &error);
    }
    if (status == COSEND_OK && *consumed > feed->max_record &&
        !fault_long_rows(feed, rows))
        status = cosend_error_set(&error, COSEND_E_MEMORY, "out of memory");
    if (status < 0) {
        snprintf(error.source, sizeof(error.source), "%s", feed->at.source);
        error.line = feed->at.line;
        return csi_stage_fail(feed->stage, &error);
    }
    return announce(feed);
}

/* Newlines in what was consumed. */
static uint64_t line_ends(const struct csi_rows *rows, size_t consumed)
{
    if (rows->line_ends != CSI_NOT_COUNTED)
        return rows->line_ends;
    return csi_scan_count(rows->block->data + rows->base, consumed, '\n');
}

/*
 * Done with rows that are cut and sent on. What a chunk of several threads has
 * captured of them, it lets go later. Memory for records of unusual length is
 * not kept.
 */
static void drop_rows(struct csi_feed *feed, struct csi_rows *rows)
{
    struct csi_chunk *chunk = feed->stage->run->chunk;

    if (rows->block->capacity > csi_block_bytes || feed->spare) {
        csi_rows_unref(rows);
    } else if (chunk && !csi_is_sole(&rows->refs)) {
        csi_rows_unref(chunk->rows);
        chunk->rows = rows;
    } else {
        feed->spare = csi_rows_recycle(rows);
    }
}

int csi_feed_cut(struct csi_feed *feed, bool final)
{
    struct csi_cut *at = &feed->at;
    int status = COSEND_OK;
    size_t consumed = 1;

    while (status == COSEND_OK && consumed &&
           (at->from < at->block->length || final)) {
        struct csi_rows *rows = new_rows(feed);

        if (!rows)
            return cosend_fail(&feed->stage->face, COSEND_E_MEMORY,
                               "out of memory");
        status = cut(feed, rows, final, &consumed);
        if (status == COSEND_OK) {
            at->line += line_ends(rows, consumed);
            at->from += consumed;
            feed->stage->run->position += consumed;
            status = emit_rows(feed, rows);
        }
        drop_rows(feed, rows);
    }
    return status;
}

/* Not at a file's start, where the header is. */
bool csi_feed_has_team(struct csi_feed *feed)
{
    if (feed->threads < 2 || !feed->begun || !feed->reader->schema)
        return false;
    if (!feed->team) {
        feed->team = csi_team_new(feed);
        feed->stage->run->feed = feed;
    }
    if (!feed->team)
        feed->threads = 1;
    return feed->team != NULL;
}

int csi_feed_take(struct csi_feed *feed, size_t length)
{
    int status;

    csi_cut_filled(&feed->at, length);
    feed->stage->bytes += length;
    status = csi_feed_cut(feed, false);
    if (!feed->begun && feed->at.from && feed->team)
        csi_team_begin_file(feed->team);
    feed->begun |= feed->at.from > 0;
    return status;
}

int csi_feed_drain(struct csi_feed *feed, struct cosend_input *input, int *read,
                   struct cosend_error *error)
{
    int status = csi_team_drain(feed->team, input, read, error);

    /* A record too long for a block is cut by this thread alone. */
    return status == COSEND_OK && feed->threads == 1 ? csi_feed_cut(feed, false)
                                                     : status;
}

int csi_feed_settle(struct csi_feed *feed)
{
    return feed->team ? csi_team_settle(feed->team) : COSEND_OK;
}

int csi_feed_end(struct csi_feed *feed)
{
    size_t room;

    if (!feed->at.block && !csi_feed_room(feed, &room))
        return COSEND_E_MEMORY;
    return csi_feed_cut(feed, true);
}

int csi_feed_finish(struct csi_feed *feed)
{
    return feed->team ? csi_team_finish(feed->team) : COSEND_OK;
}
