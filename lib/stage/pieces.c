/* SPDX-License-Identifier: MIT */
/*
 * Pieces stand in places, in a ring in their order. A thread takes the next
 * one, with the lock held, and makes its batch without; the stage's own thread
 * sends the oldest on once it is made, and makes others meanwhile.
 *
 *     thread 0:  take 0 | make 0 --- | send 0 | send 1 | take 3 | make 3 ...
 *     thread 1:         | take 1 | make 1 --- | take 2 | make 2 --- | ...
 *
 * What is written down for the next record is not the stage's own meanwhile:
 * each thread has a scribe, a stage that has its columns and nothing else, and
 * whose error goes with the piece.
 */
#include "stage/pieces.h"

#include "base/together.h"
#include "stage/dispatch.h"
#include "stage/edge.h"
#include "stage/emit.h"
#include "stage/pen.h"

#include <pthread.h>
#include <string.h>

/* So many places a thread. */
enum { PLACES = 3 };

struct scribe {
    struct csi_shared shared; /* of no run: for the error */
    struct csi_stage stage;
};

struct place {
    void *piece;
    bool made;
    struct cosend_batch *batch; /* NULL without memory */
    struct csi_text text;
    struct csi_encoded encoded;
    struct cosend_error error; /* behind the batch's records */
};

struct emission {
    struct csi_stage *stage;
    const struct csi_pieces *pieces;
    const struct csi_crew *crew;
    struct scribe *scribes; /* by thread */
    struct place *places;
    size_t place_count;

    pthread_mutex_t lock; /* guards what follows, and `made` */
    pthread_cond_t news;
    size_t taken, sent; /* pieces */
    bool over;          /* none is taken any more */
    uint64_t alone;     /* ns in which pieces were taken or sent */
    int status;
};

/* ---- One piece ----------------------------------------------------------- */

static struct cosend_batch *make(const struct csi_pieces *pieces,
                                 const void *piece, struct csi_stage *stage)
{
    bool made = pieces->make(pieces->context, piece, stage);
    struct cosend_batch *batch = csi_stage_take_pending(stage);

    if (made)
        return batch;
    csi_batch_unref(batch);
    return NULL;
}

/* Send what was made of a piece. As cosend_emit. */
static int send_batch(struct csi_stage *stage, struct cosend_batch *batch,
                      const struct csi_encoded *encoded)
{
    int status = COSEND_OK;

    if (!batch)
        return csi_stage_no_memory(stage);
    stage->counts.created += batch->count;
    batch->encoded = encoded;
    if (batch->count)
        status = csi_stage_dispatch(stage, batch);
    batch->encoded = NULL;
    csi_batch_unref(batch);
    return status;
}

static int send_place(struct csi_stage *stage, struct place *place)
{
    struct cosend_batch *batch = place->batch;
    bool encoded = place->encoded.records > 0;
    int status;

    place->batch = NULL;
    place->made = false;
    place->encoded.data = place->text.data;
    status = send_batch(stage, batch, encoded ? &place->encoded : NULL);
    if (place->error.kind && status == COSEND_OK)
        status = csi_stage_fail(stage, &place->error);
    return status;
}

static bool is_encodable(const struct csi_stage *stage)
{
    return stage->target_count == 1 && !stage->join_count &&
           !stage->one_by_one && stage->targets[0].stage;
}

static void make_place(const struct emission *all, uint32_t thread,
                       struct place *place)
{
    struct scribe *scribe = &all->scribes[thread];
    const struct csi_crew *crew = all->crew;

    place->batch = make(all->pieces, place->piece, &scribe->stage);
    place->text.length = 0;
    place->encoded.records = 0;
    if (place->batch && place->batch->count && is_encodable(all->stage))
        crew->encode(crew->context, thread, &all->stage->targets[0],
                     place->batch, &place->text, &place->encoded);
    place->error = scribe->shared.error;
}

/* ---- Several threads ----------------------------------------------------- */

/* Take a piece and make it, if there is a place for one. With the lock held,
   which it lets go of meanwhile. */
static bool work(struct emission *all, uint32_t thread)
{
    struct place *place = &all->places[all->taken % all->place_count];
    uint64_t start = csi_monotonic_ns();

    if (all->over || all->taken - all->sent == all->place_count)
        return false;
    all->over = !all->pieces->take(all->pieces->context, place->piece);
    all->alone += csi_monotonic_ns() - start;
    if (all->over) {
        pthread_cond_broadcast(&all->news);
        return false;
    }
    all->taken++;
    pthread_mutex_unlock(&all->lock);
    make_place(all, thread, place);
    pthread_mutex_lock(&all->lock);
    place->made = true;
    pthread_cond_broadcast(&all->news);
    return true;
}

/* Send the oldest piece, if it is made. The same. */
static bool send_oldest(struct emission *all)
{
    struct place *place = &all->places[all->sent % all->place_count];
    uint64_t start = csi_monotonic_ns();
    int status;

    if (all->sent == all->taken || !place->made)
        return false;
    pthread_mutex_unlock(&all->lock);
    status = csi_stage_refuses(all->stage) ? csi_stage_refusal(all->stage)
                                           : send_place(all->stage, place);
    pthread_mutex_lock(&all->lock);
    all->sent++;
    all->alone += csi_monotonic_ns() - start;
    if (status != COSEND_OK) {
        all->status = status;
        all->over = true;
    }
    pthread_cond_broadcast(&all->news);
    return true;
}

static void work_together(void *argument, uint32_t thread)
{
    struct emission *all = argument;

    pthread_mutex_lock(&all->lock);
    while (!all->over || (thread == 0 && all->sent < all->taken))
        if (!(thread == 0 && send_oldest(all)) && !work(all, thread) &&
            (!all->over || (thread == 0 && all->sent < all->taken)))
            pthread_cond_wait(&all->news, &all->lock);
    pthread_mutex_unlock(&all->lock);
}

static void init_scribe(struct scribe *scribe, const struct csi_stage *stage)
{
    scribe->shared.plan = stage->shared->plan;
    scribe->shared.options = stage->shared->options;
    scribe->shared.batch_size = stage->shared->batch_size;
    scribe->stage.shared = &scribe->shared;
    scribe->stage.node = stage->node;
    scribe->stage.recipe = stage->recipe;
    scribe->stage.out_schema = stage->out_schema;
    scribe->stage.added_column = stage->added_column;
    scribe->stage.end = stage->end;
    scribe->stage.cause = csi_stage_cause(stage);
    scribe->stage.to = CSI_ALL_TARGETS;
}

static void free_emission(struct emission *all)
{
    for (uint32_t i = 0; all->scribes && i < all->crew->threads; i++) {
        csi_pen_free(&all->scribes[i].stage);
        csi_free(all->scribes[i].stage.causes);
    }
    for (size_t i = 0; all->places && i < all->place_count; i++) {
        csi_batch_unref(all->places[i].batch);
        csi_text_free(&all->places[i].text);
        csi_free(all->places[i].piece);
    }
    csi_free(all->scribes);
    csi_free(all->places);
}

/* False without memory. */
static bool init_emission(struct emission *all)
{
    bool ok;

    all->place_count = (size_t)all->crew->threads * PLACES;
    all->places = csi_calloc(all->place_count, sizeof(*all->places));
    all->scribes = csi_calloc(all->crew->threads, sizeof(*all->scribes));
    ok = all->places && all->scribes;
    for (size_t i = 0; ok && i < all->place_count; i++) {
        all->places[i].piece = csi_malloc(all->pieces->size);
        ok = all->places[i].piece;
    }
    for (uint32_t i = 0; ok && i < all->crew->threads; i++)
        init_scribe(&all->scribes[i], all->stage);
    return ok;
}

static int emit_together(struct csi_stage *stage,
                         const struct csi_pieces *pieces)
{
    struct emission all = {.stage = stage,
                           .pieces = pieces,
                           .crew = stage->shared->crew,
                           .lock = PTHREAD_MUTEX_INITIALIZER,
                           .news = PTHREAD_COND_INITIALIZER};
    uint64_t start = csi_monotonic_ns();

    if (init_emission(&all)) {
        csi_together(all.crew->threads, work_together, &all);
        stage->shared->together += csi_monotonic_ns() - start - all.alone;
    } else {
        all.status = csi_stage_no_memory(stage);
    }
    free_emission(&all);
    return all.status;
}

/* ---- One ----------------------------------------------------------------- */

static int emit_alone(struct csi_stage *stage, const struct csi_pieces *pieces)
{
    void *piece = csi_malloc(pieces->size);
    int status = piece ? COSEND_OK : csi_stage_no_memory(stage);

    while (status == COSEND_OK && pieces->take(pieces->context, piece))
        status = csi_stage_refuses(stage)
                     ? csi_stage_refusal(stage)
                     : send_batch(stage, make(pieces, piece, stage), NULL);
    csi_free(piece);
    return status;
}

int csi_stage_emit_pieces(struct csi_stage *stage,
                          const struct csi_pieces *pieces, bool together)
{
    int status = csi_stage_begin_pieces(stage);

    if (status == COSEND_OK)
        status =
            together ? emit_together(stage, pieces) : emit_alone(stage, pieces);
    csi_stage_start_batch(stage);
    return status;
}
