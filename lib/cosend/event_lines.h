/* SPDX-License-Identifier: MIT */
/*
 * Which lines of a log belong to the line before them, by what languages and
 * servers print: stack traces, panics, statements of several lines.
 *
 *     lines = cosend_event_lines_new(&name, 1, &which, &error);
 *     ...
 *     struct cosend_event_state state = {0};
 *
 *     while (next_line(&line))
 *         if (cosend_event_lines_join(lines, &state, line) != COSEND_MATCH)
 *             begin_event(line);
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_EVENT_LINES_H
#define COSEND_EVENT_LINES_H

#include "cosend/match.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_event_lines;

/* How many of them may be known together. */
enum { COSEND_EVENT_LINES = 8 };

/* What the lines so far leave to be known; all zero where there was none. It is
   of this process: no numbers of it mean the same in another release. */
struct cosend_event_state {
    uint8_t begun;
    uint8_t kinds[COSEND_EVENT_LINES]; /* of the last line, for each of them */
};

/* What is known, and what it stands for: "java", ..., ending in one without a
   name. */
struct cosend_event_lines_name {
    const char *name, *help;
};

COSEND_API extern const struct cosend_event_lines_name
    cosend_event_lines_known[];

/*
 * Make what tells lines by the names of some that are known: a line belongs to
 * the one before it where any of them says so. It is constant, and may be
 * shared.
 *
 * Returns NULL with COSEND_E_SPEC (names[*which] is none, or is there twice) or
 * COSEND_E_MEMORY in error. Free it with cosend_event_lines_free.
 */
COSEND_API struct cosend_event_lines *
cosend_event_lines_new(const struct cosend_string *names, size_t count,
                       size_t *which, struct cosend_error *error);
COSEND_API void cosend_event_lines_free(struct cosend_event_lines *lines);

/*
 * Take the next line. Of the first one the answer is no.
 *
 * Returns COSEND_MATCH where it belongs to the line before it; COSEND_NO_MATCH
 * where it begins an event; or why that could not be told, and the line counts
 * as if it was not there.
 */
COSEND_API enum cosend_match
cosend_event_lines_join(const struct cosend_event_lines *lines,
                        struct cosend_event_state *state,
                        struct cosend_cell line);

#ifdef __cplusplus
}
#endif

#endif
