/* SPDX-License-Identifier: MIT */
/*
 * What came of aggregates: a record for each group. Many groups go out in
 * pieces, of which several threads make batches (stage/pieces.h): a row's `set`
 * is called for groups that are different ones, but in any thread.
 */
#include "stage/aggregates_inside.h"

#include "cosend/fields.h"

#include "stage/emit.h"
#include "stage/groups.h"
#include "stage/open_fields.h"
#include "stage/pen.h"
#include "stage/pieces.h"

/* Groups in a piece, at most; of how many a batch is worth while, since fewer
   wait for those that are emitted next; with how many several threads are worth
   their start; and how many pieces a thread should have where they are slow. */
enum { PIECE = 2048, FEW = 128, MANY = 8192, SHARE = 8 };

void cosend_aggregates_set(const struct cosend_aggregates *all,
                           const void *states)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct csi_use *use = &all->uses[i];

        if (use->as)
            use->aggregate->set((const char *)states + use->offset,
                                &all->stage->face, use->column, use->parameter);
    }
}

/* ---- Doubts -------------------------------------------------------------- */

static void find_doubts(struct cosend_aggregates *all, const void *states)
{
    for (size_t i = 0; all->doubtful && i < all->count; i++) {
        struct csi_use *use = &all->uses[i];
        const char *doubt =
            use->as && use->aggregate->doubt
                ? use->aggregate->doubt((const char *)states + use->offset)
                : NULL;

        if (!doubt)
            continue;
        use->doubt = doubt;
        use->doubts++;
    }
}

static void tell_doubts(struct cosend_aggregates *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct csi_use *use = &all->uses[i];

        if (!use->doubt)
            continue;
        if (all->only)
            cosend_warn(&all->stage->face, "%s: %s", use->as, use->doubt);
        else
            cosend_warn(&all->stage->face, "%s of %zu %s: %s", use->as,
                        use->doubts, use->doubts == 1 ? "group" : "groups",
                        use->doubt);
        use->doubt = NULL;
        use->doubts = 0;
    }
}

static void tell_others(const struct cosend_aggregates *all)
{
    if (all->others)
        cosend_warn(&all->stage->face,
                    "%llu records of more groups than %llu are all in one, "
                    "(other)",
                    (unsigned long long)all->others,
                    (unsigned long long)all->most);
}

void cosend_aggregates_tell(struct cosend_aggregates *all)
{
    if (all)
        tell_doubts(all);
}

/* ---- States of a filter's own -------------------------------------------- */

void *cosend_aggregates_make(struct cosend_aggregates *all)
{
    void *states = all ? csi_calloc(1, all->size) : NULL;

    if (all && !states)
        csi_stage_no_memory(all->stage);
    return states;
}

void cosend_aggregates_free(struct cosend_aggregates *all, void *states,
                            bool told)
{
    if (!all || !states)
        return;
    if (told)
        find_doubts(all, states);
    csi_aggregates_release(all, states);
    csi_free(states);
}

/* ---- In pieces ----------------------------------------------------------- */

struct piece {
    uint32_t count;
    struct cosend_group groups[];
};

struct walk {
    struct cosend_aggregates *all;
    struct cosend_group next;
    uint32_t most; /* groups in a piece */
};

static bool take_groups(void *context, void *memory)
{
    struct walk *walk = context;
    struct piece *piece = memory;

    piece->count = 0;
    while (piece->count < walk->most &&
           cosend_groups_next(walk->all->groups, &walk->next)) {
        find_doubts(walk->all, walk->next.value);
        piece->groups[piece->count++] = walk->next;
    }
    return piece->count;
}

/* Whether what comes of a row's state is the count in it. */
static bool is_count(const struct cosend_aggregate *row)
{
    return row->set == cosend_find_aggregate("count")->set;
}

/* A column of counts, which are there as they are. False without memory. */
static bool write_counts(const struct csi_use *use, const struct piece *piece,
                         struct csi_stage *stage)
{
    union cosend_number *numbers =
        csi_pen_integers(stage, use->column, piece->count);

    for (uint32_t at = 0; numbers && at < piece->count; at++) {
        const struct cosend_count *count =
            (const void *)((const char *)piece->groups[at].value + use->offset);

        numbers[at].integer = (int64_t)count->count;
    }
    return numbers;
}

/* Write down a column. Returns behind which record: all, or those before the
   one at which the stage failed. */
static uint32_t write_use(const struct csi_use *use, const struct piece *piece,
                          uint32_t count, struct csi_stage *stage)
{
    uint32_t at = 0;

    if (is_count(use->aggregate))
        return write_counts(use, piece, stage) ? count : 0;
    for (; at < count; at++) {
        const char *states = piece->groups[at].value;

        use->aggregate->set(states + use->offset, &stage->face, use->column,
                            use->parameter);
        if (stage->end == COSEND_END_FAILED)
            break;
        csi_pen_put(stage, use->column, at);
    }
    csi_pen_forget(stage);
    return at;
}

static bool make_records(void *context, const void *memory,
                         struct csi_stage *stage)
{
    const struct cosend_aggregates *all = ((const struct walk *)context)->all;
    const struct piece *piece = memory;
    uint32_t count = piece->count;

    if (!csi_pen_reserve(stage, count) ||
        !csi_groups_write(all->groups, piece->groups, count, stage))
        return false;
    for (size_t i = 0; i < all->count; i++)
        if (all->uses[i].as)
            count = write_use(&all->uses[i], piece, count, stage);
    return csi_stage_set_pending(stage, count);
}

/* Whether groups can go in pieces: all that they are is in columns that were
   added, and nothing else was set for the first one. */
static bool are_plain(const struct cosend_aggregates *all)
{
    const struct csi_stage *stage = all->stage;
    size_t added = stage->recipe.added_count;
    bool plain = !stage->open && !stage->remakes && !stage->adds_fields &&
                 !stage->pen_used && csi_groups_are_columns(all->groups);

    for (size_t i = 0; i < all->count; i++)
        plain &= !all->uses[i].as || all->uses[i].column.index < added;
    return plain;
}

/* Whether several threads may set columns to what comes of so many groups, and
   should. */
static bool are_for_threads(const struct cosend_aggregates *all, size_t count)
{
    bool ours = all->stage->shared->crew;

    for (size_t i = 0; i < all->count; i++) {
        const struct cosend_aggregate *row = all->uses[i].aggregate;

        ours &= cosend_find_aggregate(row->name) == row;
    }
    return ours &&
           (count >= MANY || (csi_aggregates_are_slow(all) && count > 1));
}

static uint32_t piece_of(const struct cosend_aggregates *all, size_t count,
                         bool together)
{
    const struct csi_shared *shared = all->stage->shared;
    uint32_t most =
        shared->batch_size < PIECE ? shared->batch_size : (uint32_t)PIECE;

    if (together && count / shared->crew->threads / SHARE < most)
        most = (uint32_t)(count / shared->crew->threads / SHARE);
    return most ? most : 1;
}

static int emit_pieces(struct cosend_aggregates *all, size_t count,
                       bool together)
{
    struct walk walk = {.all = all, .most = piece_of(all, count, together)};
    const struct csi_pieces pieces = {
        .context = &walk,
        .size = sizeof(struct piece) + walk.most * sizeof(struct cosend_group),
        .take = take_groups,
        .make = make_records};

    return csi_groups_make_order(all->groups)
               ? csi_stage_emit_pieces(all->stage, &pieces, together)
               : COSEND_E_MEMORY;
}

/* ---- One by one ---------------------------------------------------------- */

static int emit_each_group(struct cosend_aggregates *all)
{
    struct cosend_group group = {0};
    int status = COSEND_OK;

    while (status == COSEND_OK && cosend_groups_next(all->groups, &group)) {
        cosend_groups_set_columns(all->groups, &group);
        cosend_aggregates_set(all, group.value);
        find_doubts(all, group.value);
        status = cosend_emit_new(&all->stage->face);
    }
    return status;
}

static int emit_groups(struct cosend_aggregates *all)
{
    size_t count = csi_groups_count(all->groups);
    bool together = are_for_threads(all, count);

    return (together || count >= FEW) && are_plain(all)
               ? emit_pieces(all, count, together)
               : emit_each_group(all);
}

int cosend_aggregates_emit(struct cosend_aggregates *all)
{
    int status;

    if (!all)
        return COSEND_E_USAGE;
    status = emit_groups(all);
    if (all->others && status == COSEND_OK) {
        csi_groups_set_other(all->groups, cosend_text("(other)", 7));
        cosend_aggregates_set(all, all->other);
        find_doubts(all, all->other);
        tell_others(all);
        status = cosend_emit_new(&all->stage->face);
    }
    tell_doubts(all);
    return status;
}

/* Whether the uses' columns are all new to a record; it is bad otherwise. */
static bool are_names_free(struct cosend_aggregates *all,
                           const struct cosend_record *record,
                           const char *way_out)
{
    const struct cosend_fields none = {0, 0};

    for (size_t i = 0; i < all->count; i++)
        if (all->uses[i].as &&
            !cosend_name_free(&all->stage->face, record, all->uses[i].as, none,
                              way_out))
            return false;
    return true;
}

void cosend_aggregates_emit_each(struct cosend_aggregates *all,
                                 const char *way_out)
{
    struct cosend_stage *self = &all->stage->face;
    struct cosend_record record;
    struct cosend_group group = {0};

    while (cosend_receive(self, &record)) {
        const void *states = are_names_free(all, &record, way_out)
                                 ? cosend_aggregates_add(all, &record)
                                 : NULL;

        if (!states)
            continue;
        cosend_aggregates_set(all, states);
        cosend_emit(self, &record);
    }
    while (cosend_groups_next(all->groups, &group))
        find_doubts(all, group.value);
    if (all->others)
        find_doubts(all, all->other);
    tell_others(all);
    tell_doubts(all);
}

static int64_t due_in(const struct cosend_stage *self, int64_t interval)
{
    int64_t now = cosend_now(self);

    return interval && interval < INT64_MAX - now ? now + interval : INT64_MAX;
}

void cosend_aggregates_emit_often(struct cosend_aggregates *all, int64_t every,
                                  int64_t interval)
{
    struct cosend_stage *self = &all->stage->face;
    int64_t due = due_in(self, interval), count = 0;
    enum cosend_event event;
    struct cosend_record record;
    bool news = true;

    while ((event = cosend_receive_until(self, &record, due)) !=
           COSEND_EVENT_END) {
        bool is_time = event == COSEND_EVENT_TICK;

        if (event == COSEND_EVENT_RECORD) {
            cosend_aggregates_add(all, &record);
            count++;
            is_time = every && count % every == 0;
            news = true;
        }
        if (is_time)
            due = due_in(self, interval);
        if (is_time && news && count) {
            cosend_aggregates_emit(all);
            news = false;
        }
    }
    if (news)
        cosend_aggregates_emit(all);
}
