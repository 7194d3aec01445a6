/* SPDX-License-Identifier: MIT */
/* Times in lines of text, as logs have them. */
#ifndef CSI_LOG_TIME_H
#define CSI_LOG_TIME_H

#include "cosend/time.h"

/* Where lines have their time. */
enum csi_time_place {
    CSI_TIME_NOWHERE,
    CSI_TIME_FIRST,  /* they begin with it, but for what is often before it: a
                        priority <13>, a bracket, glog's letter, redis' pid, or
                        "# Time: " */
    CSI_TIME_SECOND, /* behind one word, */
    CSI_TIME_THIRD,  /* two, */
    CSI_TIME_FOURTH, /* or three */
    CSI_TIME_BRACKET /* in [brackets], which an access log's lines have behind
                        a few words */
};

/* As a message names it: "at the start". */
const char *csi_time_place_name(enum csi_time_place place);

enum csi_log_time {
    CSI_LOG_UNTIMED,
    CSI_LOG_TIMED,
    CSI_LOG_LETTERS /* a time in a zone that letters name, which several zones
                        have: nobody knows which */
};

/*
 * The time that a line, without its end, has at a place. What a line leaves
 * open the context says; a year that is not written is the last one by which
 * the time is not later than a day behind context->now (is_past), always.
 */
enum csi_log_time csi_log_time(const char *line, size_t length,
                               enum csi_time_place place,
                               const struct cosend_time_context *context,
                               int64_t *nanoseconds);

#endif
