/* SPDX-License-Identifier: MIT */
/*
 * How bytes become batches in one thread.
 *
 *     source          reader->cut          send_rows
 *       |                  |                   |
 *       v                  v                   v
 *     block: bytes  -->  rows: where each  -->  batches of rows, as large as
 *                        record is in it        batch_size says
 *
 * The source reads into the block, where csi_cut_room says. The reader finds
 * the whole records in it and says how many bytes they are (`consumed`). What
 * is left is the start of a record: it stays, and is moved to the front of the
 * block before the next read, or to a new block where batches still refer to
 * the old one. Rows and cells are places in the block; no byte of a record is
 * copied between the read and the output. A block is freed when the last batch
 * that refers to it is.
 *
 * A record's ordinal is the number of bytes of input before it, all files
 * together: shared->position, and its distance from where the cut began. So
 * ordinals rise with the input, and a thread knows them from where its chunk
 * starts, without having seen what is before it. Batches, threads, joins,
 * rejects and errors all order records by them.
 *
 * Each record is counted once, as `created` of the source: when the batch that
 * it is in is made, or when it is found to be bad, or, where the one stage that
 * gets the records would drop it anyway, when the sieve leaves it out.
 */
#include "read/chunker.h"

#include "read/bisect.h"
#include "read/block_size.h"
#include "record/byte_bitmaps.h"
#include "record/schema_bytes.h"
#include "stage/announce.h"
#include "stage/bad.h"
#include "stage/dispatch.h"
#include "stage/edge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void warn_of_input(void *context, const char *message)
{
    const struct csi_chunker *chunker = context;

    if (!chunker->stage->shared->options->quiet)
        csi_shared_warn(chunker->stage->shared, "%s: %s",
                        chunker->at.source ? chunker->at.source : "input",
                        message);
}

/* A reader of an open format extracts what some step names, and no more. */
static bool declare_fields(struct csi_chunker *chunker)
{
    const struct csi_plan *plan = chunker->stage->shared->plan;
    const struct csi_reader_ops *ops = chunker->reader->ops;

    for (uint32_t i = 0; ops->declare && i < plan->node_count; i++)
        for (uint32_t j = 0; j < plan->nodes[i].field_count; j++)
            if (csi_field_has_name(&plan->nodes[i].fields[j]) &&
                !ops->declare(chunker->reader, plan->nodes[i].fields[j].name))
                return false;
    return true;
}

struct csi_chunker *csi_chunker_new(struct csi_stage *stage,
                                    const struct cosend_format_options *options,
                                    const struct csi_format *format)
{
    struct csi_chunker *chunker = csi_calloc(1, sizeof(*chunker));
    struct cosend_error error = {0};

    if (!stage->shared->worker)
        csi_block_size_take();
    if (chunker) {
        chunker->stage = stage;
        chunker->options = options;
        chunker->format = format;
        chunker->max_record = options->max_record_bytes > 0
                                  ? (size_t)options->max_record_bytes
                                  : 16U << 20;
        chunker->at.line = 1;
        chunker->at.block_bytes = csi_block_size(format);
        chunker->reader = format->reader(options, &error);
    }
    if (!chunker || !chunker->reader || !declare_fields(chunker)) {
        if (error.kind)
            csi_stage_fail(stage, &error);
        else
            csi_stage_no_memory(stage);
        csi_chunker_free(chunker);
        return NULL;
    }
    chunker->reader->warn = warn_of_input;
    chunker->reader->context = chunker;
    return chunker;
}

void csi_chunker_free(struct csi_chunker *chunker)
{
    if (!chunker)
        return;
    if (chunker->reader)
        chunker->reader->ops->free(chunker->reader);
    csi_block_unref(chunker->at.block);
    csi_rows_unref(chunker->spare);
    csi_free(chunker->wanted);
    csi_free(chunker);
}

void csi_chunker_skip_to(struct csi_chunker *chunker, uint64_t offset)
{
    struct csi_cut *at = &chunker->at;

    at->offset = offset;
    at->line = 0;
    at->from = 0;
    if (at->block && csi_is_sole(&at->block->refs))
        at->block->length = 0;
    else if (at->block) {
        csi_block_unref(at->block);
        at->block = NULL;
    }
}

void csi_chunker_file(struct csi_chunker *chunker, const char *name,
                      uint64_t offset)
{
    struct csi_cut *at = &chunker->at;

    if (at->source)
        chunker->reader->ops->next_file(chunker->reader);
    chunker->whole_only = false;
    at->source = name;
    csi_chunker_skip_to(chunker, offset);
    at->line = offset == 0;
    at->span = NULL;
    at->out = false;
    at->last = INT64_MIN;
    at->skip = 0;
}

/* ---- Cutting ------------------------------------------------------------- */

static void reject_fault(struct csi_chunker *chunker, struct csi_rows *rows,
                         const struct csi_fault *fault)
{
    struct csi_stage *stage = chunker->stage;
    struct csi_provenance place = {.source = rows->source,
                                   .offset =
                                       rows->offset + rows->starts[fault->row],
                                   .line = csi_rows_line(rows, fault->row)};

    struct csi_bad_record bad = {.place = &place,
                                 .ordinal = csi_rows_ordinal(rows, fault->row),
                                 .kind = fault->kind,
                                 .reason = fault->reason,
                                 .truncated = fault->truncated};

    csi_rows_content(rows, fault->row, &place.raw, &place.raw_length);
    if (fault->skip)
        csi_stage_skip(stage);
    else
        csi_stage_bad(stage, &bad);
}

/* ---- Spans --------------------------------------------------------------- */

/* Whether all records are wanted. */
static bool wants_all(const struct csi_chunker *chunker)
{
    return !chunker->at.span && !chunker->skips;
}

static bool is_wanted(const struct csi_chunker *chunker, uint32_t row)
{
    return wants_all(chunker) || chunker->wanted[row];
}

/* A line's time does not go back; or it is noted that it does. */
static void note_time(struct csi_chunker *chunker, int64_t time)
{
    struct csi_untimed *untimed = &chunker->stage->untimed;
    int64_t last = chunker->at.last;

    untimed->timed++;
    untimed->back +=
        last > INT64_MIN + CSI_BISECT_SLACK && last - CSI_BISECT_SLACK > time;
    chunker->at.last = time;
}

/* One without a time, which goes with the line before: what begins with a blank
   was never meant to have one. */
static void note_untimed(struct csi_chunker *chunker, const char *line,
                         size_t length)
{
    struct csi_untimed *untimed = &chunker->stage->untimed;
    const struct csi_cut *at = &chunker->at;

    if (!length || *line == ' ' || *line == '\t' || *line == '\r')
        return;
    *(at->out ? &untimed->dropped : &untimed->kept) += 1;
    untimed->before += at->last == INT64_MIN;
    untimed->elsewhere += csi_time_span_is_elsewhere(at->span, line, length);
}

/* Whether a row is of the span. */
static bool judge_row(struct csi_chunker *chunker, const struct csi_rows *rows,
                      uint32_t row)
{
    struct csi_cut *at = &chunker->at;
    enum csi_in_span in;
    const char *data;
    size_t length;
    int64_t time;

    csi_rows_content(rows, row, &data, &length);
    in = csi_time_span_judge(at->span, data, length, &time);
    if (in == CSI_SPAN_IN || in == CSI_SPAN_OUT) {
        note_time(chunker, time);
        at->out = in == CSI_SPAN_OUT;
    } else if (in == CSI_SPAN_UNKNOWN) {
        note_untimed(chunker, data, length);
    }
    return in == CSI_SPAN_ALWAYS || !at->out;
}

/* See which rows are wanted: those of the span, behind what is to be skipped.
   False without memory. */
static bool judge_rows(struct csi_chunker *chunker, struct csi_rows *rows)
{
    struct csi_cut *at = &chunker->at;

    rows->timed = at->span;
    chunker->skips = at->skip;
    if (wants_all(chunker))
        return true;
    if (!csi_grow(&chunker->wanted, &chunker->wanted_capacity, rows->count,
                  sizeof(*chunker->wanted)))
        return false;
    for (uint32_t row = 0; row < rows->count; row++) {
        bool is_skipped = at->skip;

        at->skip -= is_skipped;
        chunker->wanted[row] =
            (!at->span || judge_row(chunker, rows, row)) && !is_skipped;
    }
    return true;
}

/* Those records of a batch that are of the span; the others count as dropped.
   NULL without memory. */
static struct cosend_batch *pick_wanted(struct csi_chunker *chunker,
                                        struct cosend_batch *batch)
{
    struct cosend_batch *part;
    uint32_t *positions, count = 0;

    if (wants_all(chunker) || !batch)
        return batch;
    positions = csi_malloc(((size_t)batch->count + 1) * sizeof(*positions));
    for (uint32_t i = 0; positions && i < batch->count; i++)
        if (chunker->wanted[csi_batch_row(batch, i)])
            positions[count++] = i;
    if (positions && count == batch->count) {
        csi_free(positions);
        return batch;
    }
    chunker->stage->face.dropped += positions ? batch->count - count : 0;
    part = positions
               ? csi_batch_derive(batch, batch->schema, NULL, positions, count)
               : NULL;
    csi_free(positions);
    csi_batch_unref(batch);
    return part;
}

/* ---- Sending ------------------------------------------------------------- */

/* Under fail what came before the bad record is still sent on. */
static uint32_t first_fatal(const struct csi_chunker *chunker,
                            const struct csi_rows *rows)
{
    if (chunker->stage->node->on_error == CSI_FAIL)
        for (size_t i = 0; i < rows->fault_count; i++)
            if (!rows->faults[i].skip &&
                is_wanted(chunker, rows->faults[i].row))
                return rows->faults[i].row;
    return rows->count;
}

static int send_rows(struct csi_chunker *chunker, struct csi_rows *rows,
                     uint32_t first, uint32_t count)
{
    struct csi_stage *stage = chunker->stage;
    struct cosend_batch *batch =
        csi_batch_of_rows(rows, chunker->reader->schema, first, count);
    int status = COSEND_OK;

    stage->counts.created += batch ? batch->count : 0;
    batch = pick_wanted(chunker, batch);
    if (!batch)
        return csi_stage_no_memory(stage);
    if (batch->count && chunker->divert)
        status = chunker->divert(chunker->divert_context, batch);
    else if (batch->count)
        status = csi_stage_dispatch(stage, batch);
    csi_batch_unref(batch);
    return status;
}

const struct cosend_regex *csi_chunker_sieve(const struct csi_chunker *chunker)
{
    const struct csi_stage *stage = chunker->stage;
    const struct csi_edge *edge = stage->targets;
    const struct csi_cut *at = &chunker->at;
    size_t length = at->block ? at->block->length - at->from : at->block_bytes;

    if (at->span || at->skip || chunker->divert || stage->target_count != 1 ||
        stage->join_count || !stage->out_schema || edge->join || edge->done ||
        edge->crosses || length > chunker->max_record)
        return NULL;
    return edge->stage->sieve;
}

/* Records that the sieve left out count as if they had been sent, received and
   dropped. */
static void count_left_out(struct csi_stage *stage, uint64_t count)
{
    struct csi_edge *edge = stage->targets;

    if (!count)
        return;
    stage->counts.created += count;
    stage->counts.out += count;
    edge->sent += count;
    edge->stage->counts.in += count;
    edge->stage->face.dropped += count;
}

static int emit_rows(struct csi_chunker *chunker, struct csi_rows *rows)
{
    uint32_t fatal, step = chunker->stage->shared->batch_size;
    size_t fault = 0;
    int status = COSEND_OK;

    if (!judge_rows(chunker, rows))
        return csi_stage_no_memory(chunker->stage);
    fatal = first_fatal(chunker, rows);
    for (uint32_t at = 0; status == COSEND_OK && at < fatal; at += step) {
        uint32_t count = fatal - at < step ? fatal - at : step;

        for (;
             fault < rows->fault_count && rows->faults[fault].row < at + count;
             fault++) {
            chunker->stage->counts.created++;
            if (is_wanted(chunker, rows->faults[fault].row))
                reject_fault(chunker, rows, &rows->faults[fault]);
            else
                chunker->stage->face.dropped++;
        }
        status = send_rows(chunker, rows, at, count);
    }
    if (status == COSEND_OK && fatal < rows->count) {
        chunker->stage->counts.created++;
        reject_fault(chunker, rows, &rows->faults[fault]);
        status = COSEND_E_DATA;
    }
    if (status == COSEND_OK)
        count_left_out(chunker->stage, rows->left_out);
    return status;
}

/* Saved states were merged, and their columns announced, before the input was
   read. The input must have the same columns; its records get that schema. */
static int match_merged(struct csi_chunker *chunker)
{
    struct csi_stage *stage = chunker->stage;
    struct csi_reader *reader = chunker->reader;

    if (!csi_schema_equals(reader->schema, stage->out_schema))
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "the input has other columns than the saved states "
                           "that were merged");
    csi_schema_unref(reader->schema);
    reader->schema = csi_schema_ref(stage->out_schema);
    return COSEND_OK;
}

static int announce_schema(struct csi_chunker *chunker)
{
    struct csi_stage *stage = chunker->stage;

    if (!chunker->reader->schema)
        return COSEND_OK;
    if (!stage->out_schema)
        return csi_stage_announce_first(stage, chunker->reader->schema);
    return stage->merged && chunker->reader->schema != stage->out_schema
               ? match_merged(chunker)
               : COSEND_OK;
}

/* They are where the chunker is. */
static void place_rows(const struct csi_chunker *chunker, struct csi_rows *rows)
{
    rows->source = chunker->at.source;
    rows->offset = chunker->at.offset;
    rows->first_line = chunker->at.line;
    rows->base = chunker->at.from;
    rows->ordinal = chunker->stage->shared->position;
}

/* The next rows: *consumed bytes, where they are cut already, else 0. */
static struct csi_rows *new_rows(struct csi_chunker *chunker, size_t *consumed)
{
    struct csi_rows *rows = NULL;

    *consumed = 0;
    if (chunker->ahead)
        rows = csi_ahead_next(chunker->ahead, chunker->reader, consumed);
    if (!rows) {
        rows = csi_rows_renew(chunker->spare, chunker->at.block);
        chunker->spare = NULL;
    }
    if (rows)
        place_rows(chunker, rows);
    return rows;
}

struct csi_rows *csi_chunker_rows(struct csi_chunker *chunker,
                                  struct csi_block *block)
{
    struct csi_rows *rows = csi_rows_renew(chunker->spare, block);

    chunker->spare = NULL;
    if (!rows)
        return NULL;
    place_rows(chunker, rows);
    rows->offset += rows->base;
    rows->base = 0;
    return rows;
}

/*
 * Whether a record that is complete was too long all the same must not depend
 * on how it came: in one read, or in several. It is rare, so it may be slow.
 */
static bool fault_long_rows(struct csi_chunker *chunker, struct csi_rows *rows)
{
    for (uint32_t row = 0; row < rows->count; row++) {
        const char *data;
        size_t length;

        csi_rows_content(rows, row, &data, &length);
        if (length > chunker->max_record &&
            !csi_rows_overlong(rows, row, (int64_t)chunker->max_record))
            return false;
    }
    return true;
}

/* Unless some bytes of them are cut. */
static int cut_rows(struct csi_chunker *chunker, struct csi_rows *rows,
                    bool final, size_t *consumed)
{
    const struct csi_reader_ops *ops = chunker->reader->ops;
    struct cosend_error error = {0};
    int status = COSEND_OK;

    chunker->reader->sieve = csi_chunker_sieve(chunker);
    if (!*consumed)
        status = ops->cut(chunker->reader, rows, final, consumed, &error);
    /* What comes next is the rest of a record that was given up. */
    chunker->whole_only |= chunker->reader->midway;
    if (status == COSEND_OK && *consumed > chunker->max_record &&
        !fault_long_rows(chunker, rows))
        status = csi_no_memory(&error);
    if (status < 0) {
        snprintf(error.source, sizeof(error.source), "%s", chunker->at.source);
        error.line = chunker->at.line;
        /* What came before it in the input stays: rejects, above all. */
        chunker->stage->cause = chunker->stage->shared->position;
        return csi_stage_fail(chunker->stage, &error);
    }
    return announce_schema(chunker);
}

/* Line ends in what was consumed. */
static uint64_t line_ends(const struct csi_rows *rows, size_t consumed)
{
    if (rows->line_ends != CSI_NOT_COUNTED)
        return rows->line_ends;
    return csi_scan_count(rows->block->data + rows->base, consumed,
                          csi_rows_end_byte(rows));
}

/*
 * Done with rows that are cut and sent on. Their memory is kept for the next
 * cut, but not that of records of unusual length. Where a chunk's captured
 * batches still refer to them, they are kept with the chunk (`aside`), which
 * can recycle them once it is retired.
 */
static void drop_rows(struct csi_chunker *chunker, struct csi_rows *rows)
{
    if (chunker->ahead && csi_ahead_has(chunker->ahead, rows))
        return;
    if (rows->block->capacity > chunker->at.block_bytes || chunker->spare) {
        csi_rows_unref(rows);
    } else if (chunker->aside && !csi_is_sole(&rows->refs)) {
        csi_rows_unref(*chunker->aside);
        *chunker->aside = rows;
    } else {
        chunker->spare = csi_rows_recycle(rows);
    }
}

int csi_chunker_emit(struct csi_chunker *chunker, struct csi_rows *rows,
                     size_t length)
{
    struct csi_cut *at = &chunker->at;
    uint64_t line = at->line ? at->line + line_ends(rows, length) : 0;
    size_t had = at->block ? at->block->length - at->from : 0;
    int status;

    csi_chunker_skip_to(chunker, at->offset + at->from + length);
    at->line = line;
    chunker->stage->shared->position += length;
    chunker->stage->counts.bytes += (uint64_t)length - had;
    status = emit_rows(chunker, rows);
    drop_rows(chunker, rows);
    return status;
}

int csi_chunker_cut(struct csi_chunker *chunker, bool final)
{
    struct csi_cut *at = &chunker->at;
    int status = COSEND_OK;
    size_t consumed = 1;

    while (status == COSEND_OK && consumed &&
           (at->from < at->block->length || final)) {
        struct csi_rows *rows = new_rows(chunker, &consumed);

        if (!rows)
            return csi_stage_no_memory(chunker->stage);
        status = cut_rows(chunker, rows, final, &consumed);
        if (status == COSEND_OK) {
            if (at->line)
                at->line += line_ends(rows, consumed);
            at->from += consumed;
            chunker->stage->shared->position += consumed;
            status = emit_rows(chunker, rows);
        }
        drop_rows(chunker, rows);
    }
    return status;
}
