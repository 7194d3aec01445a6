/* SPDX-License-Identifier: MIT */
/*
 * What a record boundary is at the end of an input.
 *
 * A file that ends, and a pipe whose writers have gone, end their last record,
 * with a line end or without. Nothing else does: behind a read error, behind
 * compressed data that is damaged or cut short, and where the run was stopped
 * while a live stream was in the middle of a line, nobody knows how the record
 * would have gone on. `12` may be the start of `123456`, and counting it would
 * print a number that the input does not hold.
 *
 *     one whole record \n another \n half of a thi
 *                                    ^ cut ends    ^ what could be read
 *
 * So what the reader leaves when it is told that more may come is one reject,
 * whatever the format. It may hold line ends, where a CSV cell's quote is open:
 * those lines are as likely a part of that cell as records, and are not made
 * records of either.
 */
#include "read/torn.h"

#include "format/line_reader.h"
#include "stage/bad.h"

static const char *reason_of(enum csi_torn why)
{
    return why == CSI_TORN_STOPPED
               ? "the run was stopped in the middle of this record"
               : "the input breaks off in the middle of this record";
}

/* That a run is stopped is no fault of its data: even under `fail` the run goes
   on to its results, with a warning. */
static void leave_out(struct csi_stage *stage,
                      const struct csi_provenance *place, const char *reason)
{
    csi_shared_warn(stage->shared, "%s:%llu: %s, which is left out",
                    place->source, (unsigned long long)place->line, reason);
    csi_stage_skip(stage);
}

/* Whether it is not of the span that was asked for. */
static bool is_out(const struct csi_cut *at, const char *raw, size_t length)
{
    enum csi_in_span in = CSI_SPAN_UNKNOWN;
    int64_t time;

    if (at->span)
        in = csi_time_span_judge(at->span, raw, length, &time);
    if (at->skip)
        return true;
    return in == CSI_SPAN_UNKNOWN ? at->out : in == CSI_SPAN_OUT;
}

static void reject_rest(struct csi_chunker *chunker, enum csi_torn why)
{
    struct csi_cut *at = &chunker->at;
    struct csi_stage *stage = chunker->stage;
    struct csi_provenance place = {.source = at->source,
                                   .offset = at->offset + at->from,
                                   .line = at->line,
                                   .raw = at->block->data + at->from};
    struct csi_bad_record bad = {.place = &place,
                                 .ordinal = stage->shared->position,
                                 .kind = "truncated",
                                 .reason = reason_of(why),
                                 .truncated = true};

    place.raw_length = at->block->length - at->from;
    stage->counts.created++;
    if (is_out(at, place.raw, place.raw_length))
        stage->face.dropped++;
    else if (why == CSI_TORN_STOPPED && stage->node->on_error == CSI_FAIL)
        leave_out(stage, &place, reason_of(why));
    else
        csi_stage_bad(stage, &bad);
    stage->shared->position += place.raw_length;
    at->from = at->block->length;
}

int csi_chunker_tear(struct csi_chunker *chunker, enum csi_torn why)
{
    const struct csi_cut *at = &chunker->at;
    int status = COSEND_OK;

    if (at->block) {
        char *data = at->block->data;

        /* A CR that ends a line does so whether an LF follows it or not. */
        csi_lines_translate(chunker->reader, data + at->from,
                            data + at->block->length, true);
        status = csi_chunker_cut(chunker, false);
    }
    if (status != COSEND_OK)
        return status;
    if (at->block && at->from < at->block->length) {
        reject_rest(chunker, why);
        chunker->reader->ops->restart(chunker->reader);
    }
    return chunker->stage->end == COSEND_END_FAILED ? COSEND_E_DATA : COSEND_OK;
}
