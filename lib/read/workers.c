/* SPDX-License-Identifier: MIT */
/*
 * How a block becomes batches in several threads, and why the output is in
 * order.
 *
 * A regular file is there as a whole: each thread reads a part of it, an
 * extent, by itself (extent.h). Bytes that come one after the other, from a
 * pipe or out of compressed data, threads read in turns: the thread that has
 * the turn (turn.h) reads a block, finds where its last whole record ends, and
 * leaves what is behind that to the next thread. Either way whole records that
 * are next to each other become a chunk (chunk.h). As a rule the same thread
 * then works on it, so that its bytes stay in that processor's cache: it cuts
 * the records as one thread would (chunker.c) and runs them through the stages
 * that may run in parallel (parallel_region.h). Each thread has its own
 * instances of these, in a run of its own (worker.h); the run's own thread is
 * one of them, with the run's own stages. A batch for a stage that runs once is
 * captured with the chunk instead of being sent; where that stage is a sink,
 * its bytes are encoded then and there (encode.h).
 *
 *     thread A:  read 1 | work 1 ------ | read 3 | work 3 ------ |
 *     thread B:    read 2 | work 2 ------ | read 4 | work 4 ------ |
 *     places:           1  2                     3  4        in order
 *     the run:                          | retire 1 | retire 2 | ...   in order
 *
 * Chunks under way stand in a ring (ring.h) in the order of the input. An
 * extent is READING while its bytes come, and then READ; once all extents
 * before it have their places it gets its own, and is READY. (A chunk that was
 * read in turn is READY at once.) It is TAKEN while a thread works on it, and
 * then DONE. Only the run's own thread retires chunks, and always the oldest:
 * it sends on what was captured, and takes over rejects and errors (retire.h).
 * So each stage that runs once gets all records in the order of the input,
 * whichever thread worked on them, and the output does not depend on the number
 * of threads. Stages that merge have a state in each thread; at the end all are
 * merged into the run's own stage, whose groups remember where their first
 * records stood.
 *
 * Chunks are taken in order. So when one fails, all before it are worked on
 * already, and the first error of the input is found, whichever thread found
 * one first.
 *
 * What is done in sequence is small: to hand out an extent, to compare its
 * place, and to retire its chunk, which for a sink is one write(2). `csi_ring`
 * adds up how long that takes (sequential). What steps do when the input has
 * ended, such as to emit groups, is added at the run's end.
 *
 * No record is counted twice. It is in one chunk, and the thread that works on
 * that chunk counts it, in its own run. Counts are moved to the run, not copied
 * (workers_merge.h), when all threads are at rest: after a settle, or at the
 * end. A captured batch was counted as `out` by the thread that captured it;
 * the edge, and the stage behind it, count it when the chunk is retired. "At
 * rest" is: no thread reads, none may (`held` or `stopped`), and no chunk is
 * under way.
 *
 * A worker's run reports no warnings and no problems (run/run.c drops them), so
 * that none comes once for each thread. None is lost: readers warn of a file's
 * start, which the run's own chunker cuts; sources, outputs and the run's end
 * warn, and only the run has these; and a column that is unknown was reported
 * when the same schema was announced to the run's own stages. What filters
 * report of records, rejects and errors, travels with the chunk.
 *
 * Who may touch what. What ring.h says is guarded by the lock is. The turn
 * belongs to the thread that set `turn_taken`, else to none; a chunk's other
 * members, to the thread that reads it or took it, while it does, and once it
 * is DONE to the run's thread. A worker's run and chunker are its thread's; the
 * run's thread may look at them at rest. The run's own stages and chunker are
 * the run's thread's alone, except that workers read its reader's columns when
 * `file` has changed, which happens between drains only, and what a sink says
 * of its format, which does not change once it `encodes`.
 *
 * Why one signal is enough. Something to read or to work on is of use to one
 * thread, so one that waits for `task` is woken; when it has done that, it
 * wakes the next one. Only the run's own thread waits for `news`, which is
 * signalled for each chunk that is DONE, and whenever there is a task, since
 * that thread may take one as well. What concerns all threads (a hold that is
 * over, the end) is broadcast.
 */
#include "read/workers.h"

#include "coroutine/signal_stack.h"
#include "read/retire.h"
#include "read/ring.h"
#include "read/workers_merge.h"
#include "run/state_transfer.h"
#include "stage/pieces.h"
#include "stage/source.h"

#include <signal.h>

/* So many that a thread that is not running for some milliseconds, because
   others have its processor, does not stop the rest; of larger blocks fewer, as
   many bytes. */
enum { CHUNKS_A_THREAD = 8, THREADS_MAX = 256 };

struct thread {
    struct csi_workers *of;
    pthread_t id;
};

struct csi_workers {
    struct csi_chunker *chunker; /* the run's */
    struct csi_run *run;
    struct csi_region region;
    unsigned file; /* number of the file that the chunker is at */
    struct csi_ring ring;
    uint64_t drained;             /* ns in drains */
    struct csi_encoders encoders; /* of the run's own thread */
    struct csi_crew crew;         /* at the end, of as many threads */
    struct csi_encoders *rest;    /* what each of them encodes by */

    struct thread *threads; /* by number, as: */
    struct csi_worker *workers;
    uint32_t worker_count;
};

/* ---- Tasks --------------------------------------------------------------- */

/*
 * Work on a chunk, or else read one; without a worker, as the run's own thread.
 * With the lock held, which it lets go of meanwhile.
 *
 * Returns false when there is neither to be done.
 */
static bool do_task(struct csi_workers *all, struct csi_worker *worker)
{
    struct csi_ring *ring = &all->ring;
    struct csi_chunk *chunk = csi_ring_take(ring);

    if (!chunk && !csi_ring_may_read(ring))
        return false;
    if (!chunk) {
        csi_ring_read(ring, worker ? csi_worker_reader(worker, all->file)
                                   : all->chunker->reader);
        return true;
    }
    pthread_mutex_unlock(&ring->lock);
    if (worker)
        csi_worker_work(worker, chunk, &all->region, all->chunker, all->file);
    else
        csi_chunk_work(chunk, all->run, all->chunker, &all->encoders);
    pthread_mutex_lock(&ring->lock);
    csi_ring_put_back(ring, chunk);
    return true;
}

static void *run_thread(void *argument)
{
    struct thread *thread = argument;
    struct csi_workers *all = thread->of;
    struct csi_ring *ring = &all->ring;
    struct csi_worker *worker = &all->workers[thread - all->threads];
    void *signal_stack = csi_signal_stack_begin();

    pthread_mutex_lock(&ring->lock);
    while (!ring->quit)
        if (!do_task(all, worker))
            csi_ring_await(ring, &ring->task);
    pthread_mutex_unlock(&ring->lock);
    csi_worker_release(worker);
    csi_signal_stack_end(signal_stack);
    return NULL;
}

/* ---- Rest ---------------------------------------------------------------- */

/* Wait until the oldest chunk is done; meanwhile read and work, as other
   threads do. Returns false when none is under way, and none will be. The lock
   is free. */
static bool await_oldest(struct csi_workers *all)
{
    struct csi_ring *ring = &all->ring;
    const struct csi_chunk *oldest = &ring->chunks[ring->oldest];
    bool done = false, none = false;

    pthread_mutex_lock(&ring->lock);
    while (!done && !none) {
        done = ring->under_way && oldest->state == CSI_CHUNK_DONE;
        if (done || do_task(all, NULL))
            continue;
        none = !ring->under_way && !ring->reading && !csi_ring_may_read(ring);
        if (!none && !(ring->under_way && oldest->state == CSI_CHUNK_DONE))
            csi_ring_await(ring, &ring->news);
    }
    pthread_mutex_unlock(&ring->lock);
    return done;
}

/* The oldest chunk, which is done, leaves the ring. The lock is free. */
static int retire_oldest(struct csi_workers *all)
{
    struct csi_ring *ring = &all->ring;
    uint64_t start = csi_monotonic_ns();
    int status = csi_chunk_retire(&ring->chunks[ring->oldest], all->run);

    pthread_mutex_lock(&ring->lock);
    ring->sequential += csi_monotonic_ns() - start;
    csi_ring_drop_oldest(ring);
    pthread_mutex_unlock(&ring->lock);
    return status;
}

/* The lock is free. */
static void hold(struct csi_workers *all, bool held)
{
    struct csi_ring *ring = &all->ring;

    pthread_mutex_lock(&ring->lock);
    ring->held = held;
    while (held && ring->reading)
        pthread_cond_wait(&ring->news, &ring->lock);
    csi_ring_notify_all(ring, &ring->task);
    pthread_mutex_unlock(&ring->lock);
}

/* No chunk is begun any more. Those under way are waited for and dropped; their
   rejects are counted already, so they are kept. The lock is free. */
static void stop_workers(struct csi_workers *all)
{
    struct csi_ring *ring = &all->ring;

    pthread_mutex_lock(&ring->lock);
    ring->stopped = true;
    while (ring->reading)
        pthread_cond_wait(&ring->news, &ring->lock);
    while (ring->under_way) {
        struct csi_chunk *chunk = &ring->chunks[ring->oldest];

        while (chunk->state == CSI_CHUNK_TAKEN)
            pthread_cond_wait(&ring->news, &ring->lock);
        if (!csi_rejects_move(&all->run->rejects.waiting, &chunk->rejects))
            csi_stage_no_memory(csi_run_source(all->run));
        csi_chunk_empty(chunk);
        csi_ring_drop_oldest(ring);
    }
    pthread_mutex_unlock(&ring->lock);
}

/* All that was read is sent on, and no thread reads before the drain that is
   under way, if any, goes on: the workers are at rest, whatever is returned. */
static int settle_workers(struct csi_workers *all)
{
    int status = COSEND_OK;

    hold(all, true);
    while (status == COSEND_OK && await_oldest(all))
        status = retire_oldest(all);
    if (status != COSEND_OK)
        stop_workers(all);
    return status;
}

/* ---- What the run asks at a pause ---------------------------------------- */

static int settle_for_run(void *workers)
{
    return settle_workers(workers);
}

static void count_bytes(struct csi_workers *all)
{
    struct csi_ring *ring = &all->ring;

    csi_run_source(all->run)->counts.bytes +=
        ring->turn.bytes + ring->extents.bytes;
    ring->turn.bytes = ring->extents.bytes = 0;
}

static void collect_counts(void *workers)
{
    struct csi_workers *all = workers;

    count_bytes(all);
    csi_workers_add_counts(all->workers, all->worker_count, all->run);
}

static int merge_into(void *workers, struct csi_run *run)
{
    const struct csi_workers *all = workers;

    return csi_workers_merge_states(all->workers, all->worker_count, run);
}

static const struct csi_workers_ops ops = {settle_for_run, collect_counts,
                                           merge_into};

/* ---- Draining ------------------------------------------------------------ */

bool csi_workers_begin_file(struct csi_workers *all)
{
    struct csi_reader *reader = all->ring.turn.reader;

    all->file++;
    return reader->ops->copy_state(reader, all->chunker->reader);
}

static void begin_drain(struct csi_workers *all, struct cosend_input *input)
{
    struct csi_chunker *chunker = all->chunker;
    struct csi_cut at = chunker->at;

    /* The chunker's reader may have seen the start of a record. That record is
       part of the first chunk now. */
    chunker->reader->ops->restart(chunker->reader);
    at.ordinal = all->run->shared.position;
    chunker->at.block = NULL;
    pthread_mutex_lock(&all->ring.lock);
    csi_ring_begin(&all->ring, input, &at);
    pthread_mutex_unlock(&all->ring.lock);
}

/* No thread reads any more. The record that is not whole is the chunker's
   again. */
static void end_drain(struct csi_workers *all)
{
    struct csi_chunker *chunker = all->chunker;
    struct csi_turn *turn = &all->ring.turn;
    size_t left;

    hold(all, true);
    pthread_mutex_lock(&all->ring.lock);
    csi_ring_end(&all->ring);
    pthread_mutex_unlock(&all->ring.lock);
    chunker->at = turn->at;
    turn->at.block = NULL;
    all->run->shared.position = chunker->at.ordinal;
    count_bytes(all);
    left = chunker->at.block ? chunker->at.block->length - chunker->at.from : 0;
    if (left > chunker->reader->hold)
        chunker->whole_only = true;
}

int csi_workers_drain(struct csi_workers *all, struct cosend_input *input,
                      int *read, struct cosend_error *error)
{
    uint64_t start = csi_monotonic_ns();
    int status = COSEND_OK;

    begin_drain(all, input);
    while (status == COSEND_OK && await_oldest(all)) {
        status = retire_oldest(all);
        if (status == COSEND_OK && !csi_source_pause(all->chunker->stage))
            status = COSEND_DONE;
        else if (status == COSEND_OK && all->ring.held)
            hold(all, false);
    }
    end_drain(all);
    all->drained += csi_monotonic_ns() - start;
    *read = all->ring.turn.read;
    *error = all->ring.turn.error;
    return status;
}

uint64_t csi_workers_sequential(const struct csi_workers *all, uint64_t since)
{
    return csi_monotonic_ns() - since - all->drained + all->ring.sequential;
}

/* ---- The crew ------------------------------------------------------------ */

static bool encode_for(void *context, uint32_t thread,
                       const struct csi_edge *edge,
                       const struct cosend_batch *batch, struct csi_text *text,
                       struct csi_encoded *encoded)
{
    const struct csi_workers *all = context;

    return csi_encode(&all->rest[thread], edge, batch, text, encoded);
}

/* The input has ended, and these threads are at rest: as many can do what is
   left, those that wait and new ones being alike. */
static void offer_crew(struct csi_workers *all)
{
    uint32_t threads = all->worker_count + 1;

    all->rest = csi_calloc(threads, sizeof(*all->rest));
    if (!all->rest)
        return;
    for (uint32_t i = 0; i < threads; i++)
        all->rest[i].run = all->run;
    all->crew = (struct csi_crew){threads, encode_for, all};
    all->run->shared.crew = &all->crew;
}

static void dismiss_crew(struct csi_workers *all)
{
    for (uint32_t i = 0; all->rest && i < all->crew.threads; i++)
        csi_encoders_free(&all->rest[i]);
    csi_free(all->rest);
    all->run->shared.crew = NULL;
}

/* ---- The end ------------------------------------------------------------- */

/* What workers hold becomes the run's, by all threads where there is much. */
static int move_states(struct csi_workers *all)
{
    int status =
        csi_workers_move_states(all->workers, all->worker_count, all->run);

    return status == COSEND_OK
               ? csi_states_unite(all->run, all->worker_count + 1)
               : status;
}

int csi_workers_finish(struct csi_workers *all)
{
    const struct csi_stage *source = csi_run_source(all->run);
    const struct cosend_error *error = &all->run->shared.error;
    int status = COSEND_OK, merged;

    if (source->end != COSEND_END_DONE && !error->kind)
        status = settle_workers(all);
    if (status < 0 || error->kind)
        return status;
    stop_workers(all);
    collect_counts(all);
    merged = move_states(all);
    if (merged >= 0)
        offer_crew(all);
    csi_workers_move_held(all->workers, all->worker_count, all->run);
    if (merged >= 0)
        return status;
    return error->kind
               ? merged
               : cosend_fail(&csi_run_source(all->run)->face, merged,
                             "the threads' results could not be merged");
}

/* The threads free what is theirs. */
static void join_threads(struct csi_workers *all)
{
    pthread_mutex_lock(&all->ring.lock);
    all->ring.quit = true;
    csi_ring_notify_all(&all->ring, &all->ring.task);
    pthread_mutex_unlock(&all->ring.lock);
    for (uint32_t i = 0; i < all->worker_count; i++) {
        pthread_join(all->threads[i].id, NULL);
        all->run->reader_records += all->workers[i].reader_records;
        all->run->reader_boundaries += all->workers[i].reader_boundaries;
    }
    all->worker_count = 0;
}

void csi_workers_free(struct csi_workers *all)
{
    if (!all)
        return;
    stop_workers(all);
    collect_counts(all);
    csi_workers_move_held(all->workers, all->worker_count, all->run);
    dismiss_crew(all);
    join_threads(all);
    all->run->workers = NULL;
    csi_ring_free(&all->ring);
    csi_encoders_free(&all->encoders);
    csi_free(all->threads);
    csi_free(all->workers);
    csi_free(all->region.nodes);
    csi_free(all->region.joins);
    csi_free(all);
}

/* ---- The beginning ------------------------------------------------------- */

/* Signals are for the run's own thread; but what a processor finds wrong with
   a thread's own instruction is that thread's. */
static void start_threads(struct csi_workers *all, uint32_t count)
{
    sigset_t blocked, old;

    sigfillset(&blocked);
    sigdelset(&blocked, SIGSEGV);
    sigdelset(&blocked, SIGBUS);
    sigdelset(&blocked, SIGFPE);
    sigdelset(&blocked, SIGILL);
    pthread_sigmask(SIG_SETMASK, &blocked, &old);
    for (uint32_t i = 0; i < count; i++) {
        all->threads[i].of = all;
        if (pthread_create(&all->threads[i].id, NULL, run_thread,
                           &all->threads[i]) != 0)
            break;
        all->worker_count++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static uint32_t chunks_a_thread(const struct csi_chunker *chunker)
{
    size_t bytes = CHUNKS_A_THREAD * csi_block_least(chunker->format);

    return (uint32_t)(bytes / chunker->at.block_bytes);
}

static bool make_parts(struct csi_workers *all, uint32_t threads)
{
    const struct csi_plan *plan = all->run->shared.plan;
    const struct csi_chunker *chunker = all->chunker;
    struct csi_reader *reader;

    all->region.nodes = csi_calloc(plan->node_count, sizeof(bool));
    all->region.joins = csi_calloc((size_t)plan->join_count + 1, sizeof(bool));
    all->workers = csi_calloc(threads, sizeof(*all->workers));
    all->threads = csi_calloc(threads, sizeof(*all->threads));
    reader = chunker->format->reader(chunker->options, NULL);
    all->ring.turn.reader = reader;
    return csi_ring_init(&all->ring, chunks_a_thread(chunker) * threads) &&
           reader && all->region.nodes && all->region.joins && all->workers &&
           all->threads && reader->ops->copy_state(reader, chunker->reader);
}

struct csi_workers *csi_workers_new(struct csi_chunker *chunker,
                                    uint32_t threads)
{
    struct csi_workers *all = csi_calloc(1, sizeof(*all));

    if (!all)
        return NULL;
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    all->chunker = chunker;
    all->run = csi_run_of(chunker->stage);
    all->region.run = all->encoders.run = all->run;
    all->file = 1;
    if (make_parts(all, threads)) {
        csi_region_find(&all->region);
        if (csi_region_has_work(&all->region)) {
            csi_region_mark(&all->region, all->run);
            start_threads(all, threads - 1);
        }
    }
    if (all->worker_count) {
        all->run->workers_ops = &ops;
        all->run->workers = all;
        return all;
    }
    csi_workers_free(all);
    return NULL;
}
