/* SPDX-License-Identifier: MIT */
#include "record/time_span.h"

#include <string.h>

/* How many lines are enough to see where times are. */
enum { LINES_MOST = 64, PLACES = CSI_TIME_BRACKET + 1 };

bool csi_is_directive(const char *text, size_t length)
{
    size_t i = 1;

    if (length < 3 || text[0] != '#')
        return false;
    while (i < length && ((unsigned)((text[i] | 0x20) - 'a') < 26 ||
                          (i > 1 && text[i] == '-')))
        i++;
    return i > 1 && i < length && text[i] == ':';
}

static bool is_within(const struct csi_time_span *span, int64_t time)
{
    return time >= span->from && time < span->to;
}

/* Whether a line's time is one that clocks show once more, and then of it. */
static bool is_within_again(const struct csi_time_span *span, const char *line,
                            size_t length, int64_t time)
{
    struct cosend_time_context again = span->context;

    if (!again.zone || time >= span->from ||
        (uint64_t)span->from - (uint64_t)time > CSI_SPAN_TWICE)
        return false;
    again.fold = COSEND_FOLD_SECOND;
    return csi_log_time(line, length, span->place, &again, &time) ==
               CSI_LOG_TIMED &&
           is_within(span, time);
}

enum csi_in_span csi_time_span_judge(const struct csi_time_span *span,
                                     const char *line, size_t length,
                                     int64_t *time)
{
    /* A time that it may have is that of none of the lines behind it. */
    if (csi_is_directive(line, length))
        return CSI_SPAN_ALWAYS;
    if (csi_log_time(line, length, span->place, &span->context, time) !=
        CSI_LOG_TIMED)
        return CSI_SPAN_UNKNOWN;
    return is_within(span, *time) || is_within_again(span, line, length, *time)
               ? CSI_SPAN_IN
               : CSI_SPAN_OUT;
}

enum csi_in_span csi_time_span_last(const struct csi_time_span *span,
                                    const char *start, const char *end,
                                    int64_t *time)
{
    while (end > start) {
        const char *line = end - 1;
        enum csi_in_span in;

        while (line > start && line[-1] != span->end)
            line--;
        in = csi_time_span_judge(span, line, (size_t)(end - 1 - line), time);
        if (in == CSI_SPAN_IN || in == CSI_SPAN_OUT)
            return in;
        end = line;
    }
    return CSI_SPAN_UNKNOWN;
}

bool csi_time_span_is_elsewhere(const struct csi_time_span *span,
                                const char *line, size_t length)
{
    int64_t time;

    for (int place = CSI_TIME_FIRST; place < PLACES; place++)
        if (csi_log_time(line, length, (enum csi_time_place)place,
                         &span->context, &time) != CSI_LOG_UNTIMED)
            return true;
    return false;
}

/* ---- Learning ------------------------------------------------------------ */

/* What was seen at a place. */
struct seen {
    unsigned times, letters;
    int64_t first;
};

static void look(struct seen *seen, const char *line, size_t length,
                 const struct cosend_time_context *context)
{
    int64_t time;

    if (csi_is_directive(line, length))
        return;
    for (int place = CSI_TIME_FIRST; place < PLACES; place++)
        switch (csi_log_time(line, length, (enum csi_time_place)place, context,
                             &time)) {
        case CSI_LOG_TIMED:
            if (!seen[place].times++)
                seen[place].first = time;
            break;
        case CSI_LOG_LETTERS:
            seen[place].letters++;
            break;
        case CSI_LOG_UNTIMED:
            break;
        }
}

enum csi_log_time csi_time_span_learn(struct csi_time_span *span,
                                      const char *start, const char *end,
                                      int64_t *first)
{
    struct seen seen[PLACES] = {{0, 0, 0}};
    unsigned lines = 0, letters = 0;
    int best = CSI_TIME_NOWHERE;

    for (; start < end && lines < LINES_MOST; lines++) {
        const char *behind = memchr(start, span->end, (size_t)(end - start));

        if (!behind)
            behind = end;
        look(seen, start, (size_t)(behind - start), &span->context);
        start = behind < end ? behind + 1 : end;
    }
    for (int place = CSI_TIME_FIRST; place < PLACES; place++) {
        if (seen[place].times > seen[best].times)
            best = place;
        if (seen[place].letters > letters)
            letters = seen[place].letters;
    }
    if (letters > seen[best].times)
        return CSI_LOG_LETTERS;
    span->place = (enum csi_time_place)best;
    *first = seen[best].first;
    return best == CSI_TIME_NOWHERE ? CSI_LOG_UNTIMED : CSI_LOG_TIMED;
}
