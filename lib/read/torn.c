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

#include "read/feed.h"

static const char *reason_of(enum csi_torn why)
{
    return why == CSI_TORN_STOPPED
               ? "the run was stopped in the middle of this record"
               : "the input breaks off in the middle of this record";
}

/* That somebody stops a run is no fault of its data: even under `fail` it goes
   on to its results, and only tells. */
static void leave_out(struct csi_stage *stage,
                      const struct csi_provenance *place, const char *reason)
{
    csi_run_warn(stage->run, "%s:%llu: %s, which is left out", place->source,
                 (unsigned long long)place->line, reason);
    stage->skipped++;
    stage->run->errors++;
}

static void reject_rest(struct csi_feed *feed, enum csi_torn why)
{
    struct csi_cut *at = &feed->at;
    struct csi_stage *stage = feed->stage;
    struct csi_provenance place = {.source = at->source,
                                   .offset = at->offset + at->from,
                                   .line = at->line,
                                   .raw = at->block->data + at->from};

    place.raw_length = at->block->length - at->from;
    stage->created++;
    if (why == CSI_TORN_STOPPED && stage->node->on_error == CSI_FAIL)
        leave_out(stage, &place, reason_of(why));
    else
        csi_reject(stage, NULL, &place, stage->run->position, "truncated",
                   reason_of(why), true);
    stage->run->position += place.raw_length;
    at->from = at->block->length;
}

int csi_feed_tear(struct csi_feed *feed, enum csi_torn why)
{
    const struct csi_cut *at = &feed->at;
    int status = at->block ? csi_feed_cut(feed, false) : COSEND_OK;

    if (status != COSEND_OK)
        return status;
    if (at->block && at->from < at->block->length) {
        reject_rest(feed, why);
        feed->reader->ops->restart(feed->reader);
    }
    if (feed->stage->end == COSEND_END_FAILED)
        return COSEND_E_DATA;
    /* Without a header, or a record, the columns are those of an empty file. */
    return feed->reader->schema ? COSEND_OK : csi_feed_end(feed);
}
