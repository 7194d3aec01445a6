/* SPDX-License-Identifier: MIT */
/* Reading those lines of a log alone that are of a span of time. */
#ifndef CSI_READ_SPAN_H
#define CSI_READ_SPAN_H

#include "cosend/endpoint.h"
#include "io/input.h"
#include "read/feed.h"

/* Whether the span is one of times in lines of text, and not in a field. */
bool csi_span_is_of_lines(const struct cosend_read_options *options,
                          const struct csi_format *format);

/* Whether a step behind makes a field of the time, if lines do not begin with
   it. */
bool csi_span_may_be_parsed(const struct csi_stage *stage);

/* That span. */
struct csi_time_span
csi_span_of_lines(const struct cosend_read_options *options);

/*
 * The feed has learnt where the lines' times are: pass over what of the input
 * is surely not of the span, where that can be told without reading it.
 *
 * Returns false, with the stage failed, without memory.
 */
bool csi_span_skip(struct csi_stage *stage, struct csi_feed *feed,
                   struct cosend_input *input);

/* Whether the lines of the file at hand have times, or error says what that
   makes impossible, and the way out, in the words of `without`. */
bool csi_span_has_times(const struct csi_feed *feed, const char *name,
                        const char *without, struct cosend_error *error);

#endif
