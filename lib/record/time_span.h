/* SPDX-License-Identifier: MIT */
/*
 * Which lines of a log are of a span of time. A line without a time, as those
 * of a stack trace, is of that of the line before it.
 */
#ifndef CSI_TIME_SPAN_H
#define CSI_TIME_SPAN_H

#include "record/log_time.h"

struct csi_time_span {
    int64_t from, to; /* from the first on, and before the second */
    struct cosend_time_context context;
    enum csi_time_place place; /* of a file's lines */
    char end;                  /* what they end in */
};

enum csi_in_span {
    CSI_SPAN_UNKNOWN, /* it has no time */
    CSI_SPAN_OUT,
    CSI_SPAN_IN,
    CSI_SPAN_ALWAYS /* "#Fields: ...", without which others are not read */
};

/* How much later, in nanoseconds, the second of two times is that a zone's
   clocks show alike. */
#define CSI_SPAN_TWICE (INT64_C(3) * 3600 * 1000000000)

/* A line without its end; *time, where it has one, becomes that. Of an hour
   that the zone's clocks show twice it is the first, and the line is of the
   span if either is. */
enum csi_in_span csi_time_span_judge(const struct csi_time_span *span,
                                     const char *line, size_t length,
                                     int64_t *time);

/* What a line without a time is behind these lines, each with its end, and the
   time of the last that has one; CSI_SPAN_UNKNOWN, with *time as it was, where
   none has. */
enum csi_in_span csi_time_span_last(const struct csi_time_span *span,
                                    const char *start, const char *end,
                                    int64_t *time);

/* Whether a line that has no time in its place has one elsewhere, or one there
   in a zone that is not known. */
bool csi_time_span_is_elsewhere(const struct csi_time_span *span,
                                const char *line, size_t length);

/* Whether a text begins with a directive, as the files of W3C's form do. */
bool csi_is_directive(const char *text, size_t length);

/*
 * Find where lines have their time: at the place at which most of those at hand
 * have one; of several the first. *first becomes the time of the first that
 * has one there.
 *
 * Returns CSI_LOG_TIMED; CSI_LOG_UNTIMED where none has any;
 * CSI_LOG_LETTERS where its zone is not known.
 */
enum csi_log_time csi_time_span_learn(struct csi_time_span *span,
                                      const char *start, const char *end,
                                      int64_t *first);

#endif
