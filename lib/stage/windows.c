/* SPDX-License-Identifier: MIT */
/*
 * Each group has its open windows in the order of their starts; those of times
 * are in a heap too, by when they end. A session's end moves on while it is in
 * the heap, which finds out when it comes to it; and one that became a part of
 * another stays there until its turn comes, and is freed then.
 */
#include "cosend/windows.h"

#include "base/heap.h"
#include "stage/stage.h"

#include <string.h>

struct csi_window {
    int64_t start, end;
    uint64_t many; /* records */
    void *states;
    struct cosend_window_group *group;
    bool is_part; /* of another; the group has it no more */
};

/* In the heap: a window, and when it ended when it was put there. */
struct window_due {
    int64_t end;
    struct csi_window *window;
};

struct cosend_windows {
    struct cosend_stage *self;
    struct cosend_aggregates *all;
    struct cosend_groups *groups;
    const struct cosend_zone *zone; /* NULL: of numbers */
    struct cosend_column start, end, partial;
    uint64_t group_count;
    struct window_due *heap;
    size_t count, capacity;
};

/* ---- The heap ------------------------------------------------------------ */

static bool is_due_before(const void *own, const void *a, const void *b)
{
    const struct window_due *one = a, *other = b;

    (void)own;
    if (one->end != other->end)
        return one->end < other->end;
    return one->window->group->number < other->window->group->number;
}

static bool push_due(struct cosend_windows *windows, struct csi_window *window)
{
    size_t at = windows->count;

    if (!csi_grow(&windows->heap, &windows->capacity, at + 1,
                  sizeof(*windows->heap))) {
        csi_stage_no_memory(csi_stage_of(windows->self));
        return false;
    }
    windows->heap[windows->count++] = (struct window_due){window->end, window};
    csi_heap_rise(windows->heap, sizeof(*windows->heap), at, is_due_before,
                  NULL);
    return true;
}

static struct window_due pop_due(struct cosend_windows *windows)
{
    struct window_due first = windows->heap[0];

    windows->heap[0] = windows->heap[--windows->count];
    if (windows->count)
        csi_heap_sink(windows->heap, sizeof(*windows->heap), windows->count, 0,
                      is_due_before, NULL);
    return first;
}

/* ---- A group's windows --------------------------------------------------- */

/* How many of them begin at a start or before. */
static size_t begun_by(const struct cosend_window_group *group, int64_t start)
{
    size_t low = 0, high = group->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (group->open[middle]->start <= start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void free_window(struct cosend_windows *windows,
                        struct csi_window *window, bool told)
{
    if (window)
        cosend_aggregates_free(windows->all, window->states, told);
    csi_free(window);
}

/* A window that is in no group yet. NULL, with the step failed, without memory.
 */
static struct csi_window *make_window(struct cosend_windows *windows,
                                      int64_t start, int64_t end)
{
    struct csi_window *window = csi_calloc(1, sizeof(*window));

    if (!window) {
        csi_stage_no_memory(csi_stage_of(windows->self));
        return NULL;
    }
    window->start = start;
    window->end = end;
    window->states = cosend_aggregates_make(windows->all);
    if (window->states)
        return window;
    csi_free(window);
    return NULL;
}

/* Put it among a group's, at its place. False, with the step failed and the
   window freed, without memory. */
static bool put_in(struct cosend_windows *windows,
                   struct cosend_window_group *group, struct csi_window *window)
{
    size_t at = begun_by(group, window->start);

    if (!csi_grow(&group->open, &group->capacity, group->count + 1,
                  sizeof(struct csi_window *))) {
        csi_stage_no_memory(csi_stage_of(windows->self));
        free_window(windows, window, false);
        return false;
    }
    window->group = group;
    memmove(group->open + at + 1, group->open + at,
            (group->count - at) * sizeof(struct csi_window *));
    group->open[at] = window;
    group->count++;
    return !windows->zone || push_due(windows, window);
}

static void take_out(const struct csi_window *window)
{
    struct cosend_window_group *group = window->group;
    size_t at = begun_by(group, window->start) - 1;

    group->count--;
    memmove(group->open + at, group->open + at + 1,
            (group->count - at) * sizeof(struct csi_window *));
}

/* ---- From making to freeing ---------------------------------------------- */

static void free_windows(void *memory)
{
    struct cosend_windows *windows = memory;
    struct cosend_group at = {0};

    for (size_t i = 0; i < windows->count; i++)
        if (windows->heap[i].window->is_part)
            free_window(windows, windows->heap[i].window, false);
    csi_free(windows->heap);
    while (cosend_groups_next(windows->groups, &at)) {
        struct cosend_window_group *group = at.value;

        for (size_t i = 0; i < group->count; i++)
            free_window(windows, group->open[i], false);
        csi_free(group->open);
    }
}

struct cosend_windows *cosend_windows_new(struct cosend_stage *self,
                                          struct cosend_fields by,
                                          struct cosend_aggregates *all,
                                          const struct cosend_zone *zone)
{
    struct cosend_windows *windows =
        cosend_stage_memory(self, sizeof(*windows));

    if (!windows || !csi_stage_given(csi_stage_of(self), all, "aggregates"))
        return NULL;
    windows->self = self;
    windows->all = all;
    windows->zone = zone;
    cosend_drop_columns(self);
    windows->start = cosend_add_column(self, "window_start");
    windows->end = cosend_add_column(self, "window_end");
    windows->groups =
        cosend_groups_new(self, by, sizeof(struct cosend_window_group), NULL);
    if (!windows->groups || !cosend_stage_defer(self, free_windows, windows))
        return NULL;
    cosend_groups_add_columns(windows->groups);
    cosend_aggregates_add_columns(all);
    windows->partial = cosend_add_column(self, "partial");
    return windows;
}

struct cosend_window_group *
cosend_windows_group(struct cosend_windows *windows,
                     const struct cosend_record *record, uint64_t most)
{
    struct cosend_window_group *group;
    struct cosend_group made;

    if (!windows || !csi_stage_given(csi_stage_of(windows->self),
                                     record ? record->batch : NULL, "record"))
        return NULL;
    group = cosend_group_of(windows->groups, record);
    if (!group || group->number)
        return group;
    cosend_group_latest(windows->groups, &made);
    group->number = ++windows->group_count;
    group->closed = INT64_MIN;
    group->key = made.key;
    group->length = made.length;
    return cosend_groups_limit(windows->self, windows->group_count, most)
               ? group
               : NULL;
}

/* ---- Add ----------------------------------------------------------------- */

static bool add_to_window(struct cosend_windows *windows,
                          struct csi_window *window,
                          const struct cosend_record *record)
{
    bool added = cosend_aggregates_add_to(windows->all, record, window->states);

    window->many += added;
    return added;
}

bool cosend_window_add(struct cosend_windows *windows,
                       struct cosend_window_group *group, int64_t start,
                       int64_t end, const struct cosend_record *record)
{
    size_t at = group ? begun_by(group, start) : 0;
    struct csi_window *window = at ? group->open[at - 1] : NULL;

    if (!windows || !group)
        return false;
    if (!window || window->start != start) {
        window = make_window(windows, start, end);
        if (!window || !put_in(windows, group, window))
            return false;
    }
    return add_to_window(windows, window, record);
}

/* The first record of a session. */
static bool begin_session(struct cosend_windows *windows,
                          struct cosend_window_group *group, int64_t start,
                          int64_t end, const struct cosend_record *record)
{
    struct csi_window *window = make_window(windows, start, end);

    if (!window)
        return false;
    if (add_to_window(windows, window, record))
        return put_in(windows, group, window);
    free_window(windows, window, false);
    return false;
}

/* The second becomes a part of the first. */
static bool join_windows(struct cosend_windows *windows,
                         struct csi_window *window, struct csi_window *next)
{
    if (!cosend_aggregates_join(windows->all, window->states, next->states))
        return false;
    window->many += next->many;
    if (next->end > window->end)
        window->end = next->end;
    take_out(next);
    next->is_part = true;
    if (!windows->zone)
        free_window(windows, next, false);
    return true;
}

/* The sessions that one of those bounds meets: one that begins by its start,
   and one that begins later; or NULL. */
static void find_met(const struct cosend_window_group *group, int64_t start,
                     int64_t end, struct csi_window **before,
                     struct csi_window **behind)
{
    size_t at = begun_by(group, start);

    *before =
        at && group->open[at - 1]->end > start ? group->open[at - 1] : NULL;
    *behind = at < group->count && group->open[at]->start < end
                  ? group->open[at]
                  : NULL;
}

bool cosend_window_meets(const struct cosend_window_group *group, int64_t start,
                         int64_t end)
{
    struct csi_window *before = NULL, *behind = NULL;

    if (group)
        find_met(group, start, end, &before, &behind);
    return before || behind;
}

bool cosend_window_extend(struct cosend_windows *windows,
                          struct cosend_window_group *group, int64_t start,
                          int64_t end, const struct cosend_record *record)
{
    struct csi_window *before, *behind, *window;

    if (!windows || !group)
        return false;
    find_met(group, start, end, &before, &behind);
    window = before ? before : behind;
    if (!window)
        return begin_session(windows, group, start, end, record);
    if (!add_to_window(windows, window, record))
        return false;
    if (start < window->start)
        window->start = start;
    if (end > window->end)
        window->end = end;
    return !before || !behind || join_windows(windows, before, behind);
}

/* ---- Emit ---------------------------------------------------------------- */

static void set_bound(const struct cosend_windows *windows,
                      struct cosend_column column, int64_t bound)
{
    struct cosend_value value = {.type = COSEND_TYPE_TIME};

    value.as.integer = bound;
    value.offset = cosend_zone_offset(windows->zone, bound);
    cosend_set_value(windows->self, column, &value);
}

static void emit_window(struct cosend_windows *windows,
                        const struct csi_window *window, bool partial)
{
    const struct cosend_value truth = {.type = COSEND_TYPE_BOOL,
                                       .as.truth = partial};
    const struct cosend_group at = {.value = window->group,
                                    .key = window->group->key,
                                    .length = window->group->length};

    if (windows->zone) {
        set_bound(windows, windows->start, window->start);
        set_bound(windows, windows->end, window->end);
    } else {
        cosend_set_integer(windows->self, windows->start, window->start);
        cosend_set_integer(windows->self, windows->end,
                           window->start + (int64_t)window->many - 1);
    }
    cosend_groups_set_columns(windows->groups, &at);
    cosend_aggregates_set(windows->all, window->states);
    cosend_set_value(windows->self, windows->partial, &truth);
    cosend_emit_new(windows->self);
}

static void close_window(struct cosend_windows *windows,
                         struct csi_window *window, bool partial)
{
    struct cosend_window_group *group = window->group;
    bool told = window->many > 0;

    take_out(window);
    if (window->end > group->closed)
        group->closed = window->end;
    if (told)
        emit_window(windows, window, partial);
    free_window(windows, window, told);
}

bool cosend_windows_close(struct cosend_windows *windows, int64_t time,
                          int64_t known)
{
    while (windows && windows->count && windows->heap[0].end <= time) {
        struct window_due due = pop_due(windows);

        if (due.window->is_part)
            free_window(windows, due.window, false);
        else if (due.window->end == due.end)
            close_window(windows, due.window, due.end > known);
        else if (!push_due(windows, due.window))
            return false;
    }
    return true;
}

void cosend_windows_close_group(struct cosend_windows *windows,
                                struct cosend_window_group *group,
                                int64_t number)
{
    while (windows && group && group->count && group->open[0]->end <= number)
        close_window(windows, group->open[0], false);
}

void cosend_windows_end(struct cosend_windows *windows, int64_t known)
{
    struct cosend_group at = {0};

    if (!windows)
        return;
    cosend_windows_close(windows, INT64_MAX, known);
    while (!windows->zone && cosend_groups_next(windows->groups, &at)) {
        struct cosend_window_group *group = at.value;

        while (group->count)
            close_window(windows, group->open[0], true);
    }
    cosend_aggregates_tell(windows->all);
}
