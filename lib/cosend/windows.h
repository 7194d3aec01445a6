/* SPDX-License-Identifier: MIT */
/*
 * Aggregates by window and group: windows that are open, each from a start to
 * an end, which are times, or numbers of records. The filter says which window
 * a record is in, and when windows are closed; each is then emitted, with
 *
 *     window_start, window_end, the fields of the group, the uses of the
 *     aggregates, partial
 *
 * in the order of their ends, and those that end together in that of their
 * groups' first records. One without a record is not emitted.
 *
 * Its struct is stamped (cosend/version.h).
 */
#ifndef COSEND_WINDOWS_H
#define COSEND_WINDOWS_H

#include "cosend/aggregate.h"
#include "cosend/time.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_windows;

/* A group's windows. They live as long as the stage. */
struct cosend_window_group {
    int64_t closed;  /* the greatest end of one that was closed */
    int64_t records; /* the filter's own: 0 at first */
    /* Nobody else's: */
    uint64_t number;
    const void *key;
    size_t length;
    struct csi_window **open;
    size_t count, capacity;
};

/*
 * Before the first receive: declare the output's columns, which are all that it
 * has. The aggregates are by no fields. Starts and ends are told as times of a
 * zone, or, where it is NULL, as numbers: of a window from its first to its
 * last record.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API struct cosend_windows *
cosend_windows_new(struct cosend_stage *self, struct cosend_fields by,
                   struct cosend_aggregates *all,
                   const struct cosend_zone *zone);

/* A record's group, one of at most `most`, which is any number where it is 0.
   NULL with the step failed. */
COSEND_API struct cosend_window_group *
cosend_windows_group(struct cosend_windows *windows,
                     const struct cosend_record *record, uint64_t most);

/*
 * Add a record to a group's window of those bounds, which is opened if it is
 * not: one of a start has one end.
 *
 * Returns whether it was added: else it was bad, or the step has failed.
 */
COSEND_API bool cosend_window_add(struct cosend_windows *windows,
                                  struct cosend_window_group *group,
                                  int64_t start, int64_t end,
                                  const struct cosend_record *record);

/* The same for a session: what that window and those of the group that it meets
   are together is one window then. */
COSEND_API bool cosend_window_extend(struct cosend_windows *windows,
                                     struct cosend_window_group *group,
                                     int64_t start, int64_t end,
                                     const struct cosend_record *record);

/* Whether a session of those bounds would meet one of the group's that is open:
   have a time in common. */
COSEND_API bool cosend_window_meets(const struct cosend_window_group *group,
                                    int64_t start, int64_t end);

/*
 * Close the windows of times that end at a time or before; those that end
 * behind `known` are partial.
 *
 * Returns false, with the step failed, without memory.
 */
COSEND_API bool cosend_windows_close(struct cosend_windows *windows,
                                     int64_t time, int64_t known);

/* Close a group's windows of numbers that end at a number or before. */
COSEND_API void cosend_windows_close_group(struct cosend_windows *windows,
                                           struct cosend_window_group *group,
                                           int64_t number);

/* The end: close all, those that end behind `known`, or are of numbers, as
   partial ones, and tell what must be known of answers that are not exact. */
COSEND_API void cosend_windows_end(struct cosend_windows *windows,
                                   int64_t known);

#ifdef __cplusplus
}
#endif

#endif
