/* SPDX-License-Identifier: MIT */
/*
 * From bytes to batches: the half of a source that does not care where the
 * bytes are from. It owns the block that is being filled; a reader cuts
 * records from it, and what is left of an unfinished one moves to the front of
 * the next block.
 */
#include "pipeline/run.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 256 * 1024, LEAST_ROOM = 16 * 1024 };

struct csi_feed {
    struct csi_stage *stage;
    struct csi_reader *reader;
    struct csi_block *block;
    const char *source;
    size_t from;     /* first byte of the block that is not cut yet */
    uint64_t offset; /* of block->data[0] in the source */
    uint64_t line;   /* physical line of block->data[from], from 1 */
    size_t max_record;
};

static void warn(void *context, const char *message)
{
    struct csi_feed *feed = context;

    if (!feed->stage->run->options->quiet)
        csi_run_warn(feed->stage->run, "%s: %s",
                     feed->source ? feed->source : "input", message);
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

    if (feed) {
        feed->stage = stage;
        feed->max_record = options->max_record_bytes > 0
                               ? (size_t)options->max_record_bytes
                               : 16U << 20;
        feed->line = 1;
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
    if (feed->reader) {
        feed->stage->run->reader_records += feed->reader->records;
        feed->stage->run->reader_boundaries += feed->reader->boundaries;
        feed->reader->ops->free(feed->reader);
    }
    csi_block_unref(feed->block);
    csi_free(feed);
}

void csi_feed_file(struct csi_feed *feed, const char *name, uint64_t offset)
{
    if (feed->source)
        feed->reader->ops->next_file(feed->reader);
    feed->source = name;
    feed->offset = offset;
    feed->line = 1;
    feed->from = 0;
    if (feed->block && csi_is_sole(&feed->block->refs))
        feed->block->length = 0;
    else if (feed->block) {
        csi_block_unref(feed->block);
        feed->block = NULL;
    }
}

/* ---- Room ---------------------------------------------------------------- */

static void drop_cut(struct csi_feed *feed, struct csi_block *to)
{
    struct csi_block *from = feed->block;
    size_t left = from->length - feed->from;

    memmove(to->data, from->data + feed->from, left);
    to->length = left;
    feed->offset += feed->from;
    feed->from = 0;
}

char *csi_feed_room(struct csi_feed *feed, size_t *room)
{
    struct csi_block *block = feed->block;
    size_t left = block ? block->length - feed->from : 0;
    size_t wanted = BLOCK;

    if (block && csi_is_sole(&block->refs) && feed->from &&
        left <= block->capacity - LEAST_ROOM)
        drop_cut(feed, block);
    if (!block || !csi_is_sole(&block->refs) ||
        block->capacity - block->length < LEAST_ROOM) {
        while (wanted < left + left / 2 + LEAST_ROOM)
            wanted *= 2;
        block = csi_block_new(wanted);
        if (!block) {
            cosend_fail(&feed->stage->face, COSEND_E_MEMORY, "out of memory");
            return NULL;
        }
        if (feed->block)
            drop_cut(feed, block);
        csi_block_unref(feed->block);
        feed->block = block;
    }
    *room = block->capacity - block->length;
    return block->data + block->length;
}

/* ---- Cutting ------------------------------------------------------------- */

static uint64_t count_newlines(const char *data, size_t length)
{
    const char *end = data + length;
    uint64_t lines = 0;

    while ((data = memchr(data, '\n', (size_t)(end - data)))) {
        lines++;
        data++;
    }
    return lines;
}

static void reject_fault(struct csi_feed *feed, struct csi_rows *rows,
                         const struct csi_fault *fault)
{
    struct csi_stage *stage = feed->stage;
    struct csi_provenance place = {
        .source = rows->source,
        .offset = rows->offset + rows->starts[fault->row],
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

static int emit_rows(struct csi_feed *feed, struct csi_rows *rows)
{
    uint32_t fatal = first_fatal(feed, rows), step = feed->stage->run->batch_size;
    size_t fault = 0;
    int status = COSEND_OK;

    for (uint32_t at = 0; status == COSEND_OK && at < fatal; at += step) {
        uint32_t count = fatal - at < step ? fatal - at : step;

        for (; fault < rows->fault_count && rows->faults[fault].row < at + count;
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
    struct csi_rows *rows = csi_rows_new(feed->block);

    if (!rows)
        return NULL;
    rows->source = feed->source;
    rows->offset = feed->offset;
    rows->first_line = feed->line;
    rows->base = feed->from;
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
    size_t left = feed->block->length - feed->from;
    int status = ops->cut(feed->reader, rows, final, consumed, &error);

    if (status == COSEND_OK && !*consumed && !rows->count &&
        left > feed->max_record)
        status = ops->overflow(feed->reader, rows, consumed, &error);
    if (status == COSEND_OK && *consumed > feed->max_record &&
        !fault_long_rows(feed, rows))
        status = cosend_error_set(&error, COSEND_E_MEMORY, "out of memory");
    if (status < 0) {
        snprintf(error.source, sizeof(error.source), "%s", feed->source);
        error.line = feed->line;
        return csi_stage_fail(feed->stage, &error);
    }
    return announce(feed);
}

static int cut_all(struct csi_feed *feed, bool final)
{
    int status = COSEND_OK;
    size_t consumed = 1;

    while (status == COSEND_OK && consumed &&
           (feed->from < feed->block->length || final)) {
        struct csi_rows *rows = new_rows(feed);

        if (!rows)
            return cosend_fail(&feed->stage->face, COSEND_E_MEMORY,
                               "out of memory");
        status = cut(feed, rows, final, &consumed);
        if (status == COSEND_OK) {
            feed->line +=
                count_newlines(feed->block->data + feed->from, consumed);
            feed->from += consumed;
            feed->stage->run->position += consumed;
            status = emit_rows(feed, rows);
        }
        csi_rows_unref(rows);
    }
    return status;
}

int csi_feed_take(struct csi_feed *feed, size_t length)
{
    feed->block->length += length;
    memset(feed->block->data + feed->block->length, 0, CSI_BLOCK_SLACK);
    feed->stage->bytes += length;
    return cut_all(feed, false);
}

int csi_feed_end(struct csi_feed *feed)
{
    size_t room;

    if (!feed->block && !csi_feed_room(feed, &room))
        return COSEND_E_MEMORY;
    return cut_all(feed, true);
}
