/* SPDX-License-Identifier: MIT */
#include "read/ring.h"

#include "stage/shared.h"

/* How often a thread looks before it falls asleep: some ten microseconds, lest
   it takes the processor from the thread that it waits for. */
enum { SPINS = 300 };

/* How many extents are cut ahead in vain before no more are. */
enum { IN_VAIN = 8 };

/* A lock that is held for a moment at a time, so that who finds it taken looks
   again before it falls asleep: a few sleeps of some hundred microseconds are a
   twentieth of the time of a run. */
static void init_lock(pthread_mutex_t *lock)
{
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
    pthread_mutexattr_t kind;

    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(lock, &kind);
    pthread_mutexattr_destroy(&kind);
#else
    pthread_mutex_init(lock, NULL);
#endif
}

bool csi_ring_init(struct csi_ring *ring, uint32_t count)
{
    init_lock(&ring->lock);
    pthread_cond_init(&ring->task, NULL);
    pthread_cond_init(&ring->news, NULL);
    ring->chunks = csi_calloc(count, sizeof(*ring->chunks));
    ring->spare = csi_calloc(count, sizeof(struct csi_block *));
    ring->spare_rows = csi_calloc(count, sizeof(struct csi_rows *));
    ring->spare_texts = csi_calloc(count, sizeof(*ring->spare_texts));
    ring->count = ring->chunks ? count : 0;
    return ring->chunks && ring->spare && ring->spare_rows && ring->spare_texts;
}

void csi_ring_free(struct csi_ring *ring)
{
    for (uint32_t i = 0; i < ring->count; i++)
        csi_chunk_free(&ring->chunks[i]);
    while (ring->spare_count)
        csi_block_unref(ring->spare[--ring->spare_count]);
    while (ring->spare_rows_count)
        csi_rows_unref(ring->spare_rows[--ring->spare_rows_count]);
    while (ring->spare_texts_count)
        csi_text_free(&ring->spare_texts[--ring->spare_texts_count]);
    csi_block_unref(ring->turn.at.block);
    if (ring->turn.reader)
        ring->turn.reader->ops->free(ring->turn.reader);
    pthread_cond_destroy(&ring->task);
    pthread_cond_destroy(&ring->news);
    pthread_mutex_destroy(&ring->lock);
    csi_free(ring->spare);
    csi_free(ring->spare_rows);
    csi_free(ring->spare_texts);
    csi_free(ring->chunks);
}

/* ---- Waiting ------------------------------------------------------------- */

void csi_ring_notify(struct csi_ring *ring, pthread_cond_t *of)
{
    atomic_fetch_add_explicit(&ring->changes, 1, memory_order_relaxed);
    pthread_cond_signal(of);
}

void csi_ring_notify_all(struct csi_ring *ring, pthread_cond_t *of)
{
    atomic_fetch_add_explicit(&ring->changes, 1, memory_order_relaxed);
    pthread_cond_broadcast(of);
}

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/*
 * Others are at work for some ten microseconds, which is less than it takes to
 * fall asleep and be woken: so look on for a while first.
 */
void csi_ring_await(struct csi_ring *ring, pthread_cond_t *what)
{
    unsigned seen = atomic_load_explicit(&ring->changes, memory_order_relaxed);
    unsigned now = seen;

    pthread_mutex_unlock(&ring->lock);
    for (int i = 0; i < SPINS && now == seen; i++) {
        pause_briefly();
        now = atomic_load_explicit(&ring->changes, memory_order_relaxed);
    }
    pthread_mutex_lock(&ring->lock);
    now = atomic_load_explicit(&ring->changes, memory_order_relaxed);
    if (now == seen)
        pthread_cond_wait(what, &ring->lock);
}

/* ---- Blocks -------------------------------------------------------------- */

static void spare_block(struct csi_ring *ring, struct csi_block **block)
{
    if (*block && (*block)->capacity == ring->turn.at.block_bytes &&
        ring->spare_count < ring->count && csi_is_sole(&(*block)->refs))
        ring->spare[ring->spare_count++] = *block;
    else
        csi_block_unref(*block);
    *block = NULL;
}

static struct csi_block *take_block(struct csi_ring *ring)
{
    return ring->spare_count ? ring->spare[--ring->spare_count] : NULL;
}

/* A chunk is begun: what others left is its own. */
static void give_memory(struct csi_ring *ring, struct csi_chunk *chunk)
{
    if (!chunk->rows && ring->spare_rows_count)
        chunk->rows = ring->spare_rows[--ring->spare_rows_count];
    if (!chunk->text.data && ring->spare_texts_count)
        chunk->text = ring->spare_texts[--ring->spare_texts_count];
}

static void spare_rows(struct csi_ring *ring, struct csi_rows **rows)
{
    if (!*rows || ring->spare_rows_count == ring->count)
        return;
    ring->spare_rows[ring->spare_rows_count++] = *rows;
    *rows = NULL;
}

/* It is empty, and leaves. */
static void take_memory(struct csi_ring *ring, struct csi_chunk *chunk)
{
    spare_block(ring, &chunk->at.block);
    spare_rows(ring, &chunk->rows);
    for (int i = 0; i < CSI_AHEAD_USUAL; i++)
        spare_rows(ring, &chunk->ahead.rows[i]);
    if (chunk->text.data && ring->spare_texts_count < ring->count) {
        ring->spare_texts[ring->spare_texts_count++] = chunk->text;
        chunk->text = (struct csi_text){0};
    }
}

/* ---- Places -------------------------------------------------------------- */

static struct csi_chunk *chunk_at(struct csi_ring *ring, uint32_t i)
{
    return &ring->chunks[(ring->oldest + i) % ring->count];
}

/* The chunk's extent is right. */
static void place(struct csi_ring *ring, struct csi_chunk *chunk)
{
    chunk->line_ends = csi_extent_line_ends(&chunk->extent);
    csi_extent_place(&ring->extents, &chunk->extent, &chunk->at);
    chunk->state = chunk->at.block ? CSI_CHUNK_READY : CSI_CHUNK_DONE;
    ring->placed++;
    csi_ring_notify(ring, &ring->task);
    csi_ring_notify(ring, &ring->news);
}

static void correct(struct csi_ring *ring, struct csi_chunk *chunk)
{
    bool right;

    if (chunk->extent.cut)
        ring->in_vain++;
    csi_ahead_forget(&chunk->ahead);
    ring->placing = true;
    ring->reading++;
    pthread_mutex_unlock(&ring->lock);
    right = csi_extent_correct(&ring->extents, &chunk->extent);
    pthread_mutex_lock(&ring->lock);
    ring->reading--;
    ring->placing = false;
    csi_ring_notify(ring, &ring->news);
    if (right)
        place(ring, chunk);
    else
        ring->extents.over = true;
}

/* What was read gets its place, in order, as far as it is there. */
static void place_all(struct csi_ring *ring)
{
    while (!ring->placing && !ring->extents.over &&
           ring->placed < ring->under_way) {
        struct csi_chunk *chunk = chunk_at(ring, ring->placed);

        if (chunk->state != CSI_CHUNK_READ)
            return;
        if (csi_extent_is_right(&ring->extents, &chunk->extent))
            place(ring, chunk);
        else
            correct(ring, chunk);
    }
}

/* The rest is read in turns. What has no place comes again. */
static void end_extents(struct csi_ring *ring)
{
    while (ring->under_way > ring->placed) {
        struct csi_chunk *chunk = chunk_at(ring, --ring->under_way);

        csi_ahead_forget(&chunk->ahead);
        spare_block(ring, &chunk->extent.block);
        chunk->state = CSI_CHUNK_FREE;
    }
    ring->turn.bytes += ring->extents.bytes;
    ring->extents.bytes = 0;
    ring->turn.read = COSEND_OK;
    if (!csi_extents_end(&ring->extents, &ring->turn.at)) {
        ring->turn.read =
            cosend_error_set(&ring->turn.error, COSEND_E_INPUT,
                             "%s: it cannot be read on", ring->turn.at.source);
        ring->over = true;
    }
    csi_ring_notify(ring, &ring->task);
    csi_ring_notify(ring, &ring->news);
}

static void advance(struct csi_ring *ring)
{
    if (!ring->extents.input || ring->stopped)
        return;
    if (ring->placed < ring->under_way && !ring->placing) {
        uint64_t start = csi_monotonic_ns();

        place_all(ring);
        ring->sequential += csi_monotonic_ns() - start;
    }
    if (ring->extents.input && !ring->reading && !ring->stopped &&
        csi_extents_is_spent(&ring->extents))
        end_extents(ring);
}

/* ---- Reading ------------------------------------------------------------- */

void csi_ring_begin(struct csi_ring *ring, struct cosend_input *input,
                    const struct csi_cut *at)
{
    ring->turn.at = *at;
    ring->turn.input = input;
    ring->over = ring->held = false;
    ring->in_vain = 0;
    if (csi_extents_begin(&ring->extents, input, ring->turn.reader, at))
        spare_block(ring, &ring->turn.at.block);
    csi_ring_notify_all(ring, &ring->task);
}

void csi_ring_end(struct csi_ring *ring)
{
    do {
        while (ring->reading)
            pthread_cond_wait(&ring->news, &ring->lock);
        if (ring->extents.input && !ring->stopped)
            place_all(ring);
    } while (ring->reading);
    if (ring->extents.input)
        end_extents(ring);
    ring->turn.input = NULL;
}

bool csi_ring_may_read(const struct csi_ring *ring)
{
    if (!ring->turn.input || ring->held || ring->stopped || ring->quit ||
        ring->under_way == ring->count)
        return false;
    if (ring->extents.input)
        return !csi_extents_is_spent(&ring->extents);
    return !ring->turn_taken && !ring->over;
}

/* Memory to cut ahead into. */
static void supply(struct csi_ring *ring, struct csi_ahead *ahead)
{
    for (int i = 0; i < CSI_AHEAD_USUAL; i++)
        if (!ahead->rows[i] && ring->spare_rows_count)
            ahead->rows[i] = ring->spare_rows[--ring->spare_rows_count];
}

static void read_extent(struct csi_ring *ring, struct csi_chunk *chunk,
                        struct csi_reader *reader)
{
    struct csi_block *block = take_block(ring);
    bool cuts = reader && reader->ops->cuts_ahead && ring->in_vain < IN_VAIN;

    if (!csi_extents_hand_out(&ring->extents, &chunk->extent)) {
        spare_block(ring, &block);
        return;
    }
    chunk->state = CSI_CHUNK_READING;
    ring->under_way++;
    ring->reading++;
    if (cuts)
        supply(ring, &chunk->ahead);
    pthread_mutex_unlock(&ring->lock);
    csi_extent_read(&ring->extents, &chunk->extent, block);
    if (!cuts || !csi_extent_cut(&chunk->extent, reader, &chunk->ahead))
        csi_extent_find(&ring->extents, &chunk->extent);
    pthread_mutex_lock(&ring->lock);
    ring->reading--;
    ring->in_vain += cuts && !chunk->extent.cut;
    chunk->state = CSI_CHUNK_READ;
}

static void read_turn(struct csi_ring *ring, struct csi_chunk *chunk)
{
    bool found, over;

    csi_block_unref(chunk->at.block);
    chunk->at.block = take_block(ring);
    ring->turn_taken = true;
    ring->reading++;
    pthread_mutex_unlock(&ring->lock);
    found = csi_turn_read(&ring->turn, chunk, &over);
    pthread_mutex_lock(&ring->lock);
    ring->reading--;
    ring->turn_taken = false;
    ring->over |= over;
    if (!found) {
        spare_block(ring, &chunk->at.block);
        return;
    }
    chunk->state = CSI_CHUNK_READY;
    ring->under_way++;
    ring->placed++;
}

void csi_ring_read(struct csi_ring *ring, struct csi_reader *reader)
{
    struct csi_chunk *chunk = chunk_at(ring, ring->under_way);

    if (ring->extents.input)
        read_extent(ring, chunk, reader);
    else
        read_turn(ring, chunk);
    csi_ring_notify(ring, &ring->task);
    csi_ring_notify(ring, &ring->news);
}

/* ---- Work ---------------------------------------------------------------- */

struct csi_chunk *csi_ring_take(struct csi_ring *ring)
{
    advance(ring);
    while (ring->begun < ring->placed && !ring->stopped) {
        struct csi_chunk *chunk = chunk_at(ring, ring->begun++);

        if (chunk->state == CSI_CHUNK_READY) {
            chunk->state = CSI_CHUNK_TAKEN;
            give_memory(ring, chunk);
            return chunk;
        }
    }
    return NULL;
}

void csi_ring_put_back(struct csi_ring *ring, struct csi_chunk *chunk)
{
    chunk->state = CSI_CHUNK_DONE;
    ring->stopped |= chunk->error.kind || chunk->ended;
    if (!chunk->captured_count)
        spare_block(ring, &chunk->at.block);
    csi_ring_notify(ring, &ring->news);
}

void csi_ring_drop_oldest(struct csi_ring *ring)
{
    struct csi_chunk *chunk = chunk_at(ring, 0);

    take_memory(ring, chunk);
    chunk->state = CSI_CHUNK_FREE;
    ring->oldest = (ring->oldest + 1) % ring->count;
    ring->under_way--;
    ring->placed -= ring->placed > 0;
    ring->begun -= ring->begun > 0;
    csi_ring_notify(ring, &ring->task);
}
