/* SPDX-License-Identifier: MIT */
#include "endpoint/read_span.h"

#include "format/line_reader.h"
#include "read/bisect.h"

#include <time.h>

bool csi_span_is_of_lines(const struct cosend_read_options *options,
                          const struct csi_format *format)
{
    const struct cosend_span *span = &options->span;

    return (span->since.length || span->until.length) && !span->field.length &&
           format->number == COSEND_FORMAT_TEXT;
}

bool csi_span_may_be_parsed(const struct csi_stage *stage)
{
    const struct csi_plan *plan = stage->shared->plan;

    for (uint32_t i = 1; i + 1 < plan->node_count; i++)
        if (!plan->nodes[i].of_source)
            return plan->nodes[i].filter->parses &&
                   plan->nodes[i + 1].of_source;
    return false;
}

struct csi_time_span
csi_span_of_lines(const struct cosend_read_options *options)
{
    return (struct csi_time_span){
        .from = options->span.from,
        .to = options->span.to,
        .context = {.zone = options->span.zone,
                    .now = (int64_t)time(NULL) * 1000000000,
                    .is_past = true},
        .end = csi_end_byte(&options->format)};
}

bool csi_span_skip(struct csi_stage *stage, struct csi_feed *feed,
                   struct cosend_input *input)
{
    uint64_t at = csi_feed_offset(feed), size;
    const struct csi_time_span *span;
    struct csi_part part;
    bool whole;

    span = csi_feed_learned(feed, &whole);
    if (whole || !csi_input_is_seekable(input, &size) || size <= at)
        return true;
    if (!csi_bisect(input, span, 0, size, &part)) {
        csi_stage_no_memory(stage);
        return false;
    }
    stage->counts.bytes += part.read;
    if (!part.ascends)
        stage->note = "lines' times, which do not ascend";
    if (part.to < size) {
        csi_input_end_at(input, part.to > at ? part.to : at);
        stage->passed_over += size - (part.to > at ? part.to : at);
    }
    if (part.from > at && csi_input_seek(input, part.from)) {
        csi_feed_jump(feed, part.from);
        stage->passed_over += part.from - at;
    }
    if (stage->passed_over)
        stage->note = "bisection";
    return true;
}

bool csi_span_has_times(const struct csi_feed *feed, const char *name,
                        const char *without, struct cosend_error *error)
{
    enum csi_feed_times times = csi_feed_times(feed);

    if (times == CSI_FEED_LETTERS)
        cosend_error_set(error, COSEND_E_INPUT,
                         "%.200s: its times are in a zone whose letters "
                         "several have, as CET and EST are: --tz, or tz=, says "
                         "which it is",
                         name);
    else if (times == CSI_FEED_UNTIMED)
        cosend_error_set(error, COSEND_E_INPUT,
                         "%.200s: its lines do not begin with a time, nor have "
                         "one in brackets, so that %s",
                         name, without);
    return times < CSI_FEED_UNTIMED;
}
