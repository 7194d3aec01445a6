/* SPDX-License-Identifier: MIT */
/*
 * How a block becomes batches in several threads, and why the output is in
 * order.
 *
 * Threads read in turns. The thread that has the turn (turn.h) reads a block,
 * finds where its last whole record ends, and leaves what is behind that to the
 * next thread. The whole records are a chunk (chunk.h). The same thread then
 * works on it, so that its bytes stay in that processor's cache: it cuts the
 * records as one thread would (chunker.c) and runs them through the stages that
 * may run in parallel (parallel_region.h). Each thread has its own instances of
 * these, in a run of its own (worker.h); the run's own thread is one of them,
 * with the run's own stages. A batch for a stage that runs once is captured
 * with the chunk instead of being sent.
 *
 *     turn:      read 1 | read 2 | read 3 | read 4 | ...      one at a time
 *     thread A:         | work 1 ------ | (turn) work 3 --
 *     thread B:                  | work 2 ------ | (turn) work 4 --
 *     the run:                          | retire 1 | retire 2 | ...   in order
 *
 * Chunks under way stand in a ring in the order in which they were read, which
 * is the input's. A chunk is FREE until a thread reads into it, TAKEN while a
 * thread works on it, and then DONE. Only the run's own thread retires chunks,
 * and always the oldest: it sends on what was captured, and takes over rejects
 * and errors (retire.h). So each stage that runs once gets all records in the
 * order of the input, whichever thread worked on them, and the output does not
 * depend on the number of threads. Stages that merge have a state in each
 * thread; at the end all are merged into the run's own stage, whose groups
 * remember where their first records stood.
 *
 * No record is counted twice. It is in one chunk, and the thread that works on
 * that chunk counts it, in its own run. Counts are moved to the run, not copied
 * (workers_merge.h), when all threads are at rest: after a settle, or at the
 * end. A captured batch was counted as `out` by the thread that captured it;
 * the edge, and the stage behind it, count it when the chunk is retired. "At
 * rest" is: no thread has the turn, none may take it (`held` or `stopped`), and
 * no chunk is TAKEN.
 *
 * A worker's run reports no warnings and no problems (run/run.c drops them), so
 * that none comes once for each thread. None is lost: readers warn of a file's
 * start, which the run's own chunker cuts; sources, outputs and the run's end
 * warn, and only the run has these; and a column that is unknown was reported
 * when the same schema was announced to the run's own stages. What filters
 * report of records, rejects and errors, travels with the chunk.
 *
 * Who may touch what. Of the ring, `oldest`, `under_way`, the chunks' `state`
 * and the flags below are guarded by the lock. The turn belongs to whoever set
 * `reading`, else to nobody; a chunk's other members, to the thread that took
 * it until it is DONE, then to the run's thread. A worker's run and chunker are
 * its thread's; the run's thread may look at them at rest. The run's own stages
 * and chunker are the run's thread's alone, except that workers read its
 * reader's columns when `file` has changed, which happens between drains only.
 *
 * Why one signal is enough. A free turn, or a free slot of the ring, is of use
 * to one thread, so one that waits for turn_free is woken; when its turn is
 * over it wakes the next one. Only the run's own thread waits for chunk_done,
 * which is signalled for each chunk that is DONE, and at the end of each turn,
 * since that thread may read as well. What concerns all threads (a hold that is
 * over, the end) is broadcast.
 */
#include "read/workers.h"

#include "coroutine/signal_stack.h"
#include "read/retire.h"
#include "read/turn.h"
#include "read/workers_merge.h"
#include "stage/source.h"

#include <pthread.h>
#include <signal.h>

/* Two chunks a thread: one is worked on while another waits to be retired, so
   that a thread does not wait for the run's. */
enum { CHUNKS_A_THREAD = 2, THREADS_MAX = 256, SPINS = 2000 };

struct thread {
    struct csi_workers *of;
    pthread_t id;
};

struct csi_workers {
    struct csi_chunker *chunker; /* the run's */
    struct csi_run *run;
    struct csi_region region;
    unsigned file; /* number of the file that the chunker is at */
    struct csi_turn turn;

    pthread_mutex_t lock; /* for all that follows */
    pthread_cond_t turn_free, chunk_done;
    struct csi_chunk *chunks; /* a ring: under way are those from `oldest` on */
    uint32_t chunk_count;
    uint32_t oldest, under_way;
    bool reading; /* a thread has the turn */
    bool held;    /* no thread may take it, until the drain goes on */
    bool over;    /* what there is at once has been read */
    bool stopped; /* a chunk failed, or all is over: nothing is begun */
    bool quit;
    atomic_uint changes; /* how often a thread was notified */

    struct thread *threads; /* by number, as: */
    struct csi_worker *workers;
    uint32_t worker_count;
};

/* ---- Waiting --------------------------------------------------------------
 */

/* Let the processor's other half, if it has one, have a moment. */
static inline void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/* All of these with the lock held. */
static void notify(struct csi_workers *all, pthread_cond_t *of)
{
    atomic_fetch_add_explicit(&all->changes, 1, memory_order_relaxed);
    pthread_cond_signal(of);
}

static void notify_all(struct csi_workers *all, pthread_cond_t *of)
{
    atomic_fetch_add_explicit(&all->changes, 1, memory_order_relaxed);
    pthread_cond_broadcast(of);
}

/*
 * Wait to be notified; it may return before that. A chunk takes some ten
 * microseconds, which is less than it takes a thread to fall asleep and be
 * woken, so spin for a while first.
 */
static void await(struct csi_workers *all, pthread_cond_t *what)
{
    unsigned seen = atomic_load_explicit(&all->changes, memory_order_relaxed);
    unsigned now = seen;

    pthread_mutex_unlock(&all->lock);
    for (int i = 0; i < SPINS && now == seen; i++) {
        pause_briefly();
        now = atomic_load_explicit(&all->changes, memory_order_relaxed);
    }
    pthread_mutex_lock(&all->lock);
    now = atomic_load_explicit(&all->changes, memory_order_relaxed);
    if (now == seen)
        pthread_cond_wait(what, &all->lock);
}

/* ---- Turns ---------------------------------------------------------------
 */

/* The lock is held here, and below unless a comment says that it is free. */
static bool may_read(const struct csi_workers *all)
{
    return all->turn.input && !all->reading && !all->held && !all->over &&
           !all->stopped && !all->quit && all->under_way < all->chunk_count;
}

/* Take the turn, and work on what was read; worker is NULL in the run's own
   thread. */
static void read_and_work(struct csi_workers *all, struct csi_worker *worker)
{
    struct csi_chunk *chunk =
        &all->chunks[(all->oldest + all->under_way) % all->chunk_count];
    bool found, over;

    all->reading = true;
    pthread_mutex_unlock(&all->lock);
    found = csi_turn_read(&all->turn, chunk, &over);
    pthread_mutex_lock(&all->lock);
    all->reading = false;
    all->over |= over;
    notify(all, &all->turn_free);
    notify(all, &all->chunk_done);
    if (!found)
        return;
    chunk->state = CSI_CHUNK_TAKEN;
    all->under_way++;
    pthread_mutex_unlock(&all->lock);
    if (worker)
        csi_worker_work(worker, chunk, &all->region, all->chunker, all->file);
    else
        csi_chunk_work(chunk, all->run, all->chunker);
    pthread_mutex_lock(&all->lock);
    chunk->state = CSI_CHUNK_DONE;
    all->stopped |= chunk->error.kind || chunk->ended;
    notify(all, &all->chunk_done);
}

static void *run_thread(void *argument)
{
    struct thread *thread = argument;
    struct csi_workers *all = thread->of;
    struct csi_worker *worker = &all->workers[thread - all->threads];
    void *signal_stack = csi_signal_stack_begin();

    pthread_mutex_lock(&all->lock);
    while (!all->quit)
        if (may_read(all))
            read_and_work(all, worker);
        else
            await(all, &all->turn_free);
    pthread_mutex_unlock(&all->lock);
    csi_worker_release(worker);
    csi_signal_stack_end(signal_stack);
    return NULL;
}

/* ---- Rest ----------------------------------------------------------------
 */

/* Wait until the oldest chunk is done; meanwhile take turns, as other threads
   do. Returns false when none is under way, and none will be. The lock is
   free. */
static bool await_oldest(struct csi_workers *all)
{
    const struct csi_chunk *oldest = &all->chunks[all->oldest];
    bool done = false, none = false;

    pthread_mutex_lock(&all->lock);
    while (!done && !none) {
        done = all->under_way && oldest->state == CSI_CHUNK_DONE;
        none = !all->under_way && !all->reading && !may_read(all);
        if (!done && may_read(all))
            read_and_work(all, NULL);
        else if (!done && !none)
            await(all, &all->chunk_done);
    }
    pthread_mutex_unlock(&all->lock);
    return done;
}

/* The oldest chunk, which is done, leaves the ring. The lock is free. */
static int retire_oldest(struct csi_workers *all)
{
    int status = csi_chunk_retire(&all->chunks[all->oldest], all->run);

    pthread_mutex_lock(&all->lock);
    all->oldest = (all->oldest + 1) % all->chunk_count;
    all->under_way--;
    notify(all, &all->turn_free);
    pthread_mutex_unlock(&all->lock);
    return status;
}

/* The lock is free. */
static void hold(struct csi_workers *all, bool held)
{
    pthread_mutex_lock(&all->lock);
    all->held = held;
    while (held && all->reading)
        pthread_cond_wait(&all->chunk_done, &all->lock);
    notify_all(all, &all->turn_free);
    pthread_mutex_unlock(&all->lock);
}

/* No chunk is begun any more. Those under way are waited for and dropped; their
   rejects are counted already, so they are kept. The lock is free. */
static void stop_workers(struct csi_workers *all)
{
    pthread_mutex_lock(&all->lock);
    all->stopped = true;
    while (all->reading)
        pthread_cond_wait(&all->chunk_done, &all->lock);
    while (all->under_way) {
        struct csi_chunk *chunk = &all->chunks[all->oldest];

        while (chunk->state == CSI_CHUNK_TAKEN)
            pthread_cond_wait(&all->chunk_done, &all->lock);
        if (!csi_rejects_move(&all->run->rejects.waiting, &chunk->rejects))
            csi_stage_no_memory(csi_run_source(all->run));
        csi_chunk_empty(chunk);
        all->oldest = (all->oldest + 1) % all->chunk_count;
        all->under_way--;
    }
    pthread_mutex_unlock(&all->lock);
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

/* ---- What the run asks at a pause ----------------------------------------
 */

static int settle_for_run(void *workers)
{
    return settle_workers(workers);
}

static void collect_counts(void *workers)
{
    struct csi_workers *all = workers;

    csi_run_source(all->run)->counts.bytes += all->turn.bytes;
    all->turn.bytes = 0;
    csi_workers_add_counts(all->workers, all->worker_count, all->run);
}

static int merge_into(void *workers, struct csi_run *run)
{
    const struct csi_workers *all = workers;

    return csi_workers_merge_states(all->workers, all->worker_count, run);
}

static const struct csi_workers_ops ops = {settle_for_run, collect_counts,
                                           merge_into};

/* ---- Draining ------------------------------------------------------------
 */

bool csi_workers_begin_file(struct csi_workers *all)
{
    all->file++;
    return all->turn.reader->ops->copy_state(all->turn.reader,
                                             all->chunker->reader);
}

static void begin_drain(struct csi_workers *all, struct cosend_input *input)
{
    struct csi_chunker *chunker = all->chunker;

    /* The chunker's reader may have seen the start of a record. That record is
       part of the first chunk now. */
    chunker->reader->ops->restart(chunker->reader);
    all->turn.at = chunker->at;
    all->turn.at.ordinal = all->run->shared.position;
    chunker->at.block = NULL;
    pthread_mutex_lock(&all->lock);
    all->turn.input = input;
    all->over = all->held = false;
    notify_all(all, &all->turn_free);
    pthread_mutex_unlock(&all->lock);
}

/* No thread reads any more. The record that is not whole is the chunker's
   again. */
static void end_drain(struct csi_workers *all)
{
    struct csi_chunker *chunker = all->chunker;
    size_t left;

    hold(all, true);
    pthread_mutex_lock(&all->lock);
    all->turn.input = NULL;
    pthread_mutex_unlock(&all->lock);
    chunker->at = all->turn.at;
    all->turn.at.block = NULL;
    all->run->shared.position = chunker->at.ordinal;
    chunker->stage->counts.bytes += all->turn.bytes;
    all->turn.bytes = 0;
    left = chunker->at.block ? chunker->at.block->length - chunker->at.from : 0;
    if (left > chunker->reader->hold)
        chunker->whole_only = true;
}

int csi_workers_drain(struct csi_workers *all, struct cosend_input *input,
                      int *read, struct cosend_error *error)
{
    int status = COSEND_OK;

    begin_drain(all, input);
    while (status == COSEND_OK && await_oldest(all)) {
        status = retire_oldest(all);
        if (status == COSEND_OK && !csi_source_pause(all->chunker->stage))
            status = COSEND_DONE;
        else if (status == COSEND_OK && all->held)
            hold(all, false);
    }
    end_drain(all);
    *read = all->turn.read;
    *error = all->turn.error;
    return status;
}

/* ---- The end -------------------------------------------------------------
 */

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
    merged = merge_into(all, all->run);
    csi_workers_move_held(all->workers, all->worker_count, all->run);
    if (merged >= 0)
        return status;
    return error->kind
               ? merged
               : cosend_fail(&csi_run_source(all->run)->face, merged,
                             "the threads' results could not be merged");
}

/* Each thread frees its own run before it ends. */
static void join_threads(struct csi_workers *all)
{
    pthread_mutex_lock(&all->lock);
    all->quit = true;
    notify_all(all, &all->turn_free);
    pthread_mutex_unlock(&all->lock);
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
    join_threads(all);
    all->run->workers = NULL;
    for (uint32_t i = 0; all->chunks && i < all->chunk_count; i++)
        csi_chunk_free(&all->chunks[i]);
    pthread_cond_destroy(&all->turn_free);
    pthread_cond_destroy(&all->chunk_done);
    pthread_mutex_destroy(&all->lock);
    csi_block_unref(all->turn.at.block);
    if (all->turn.reader)
        all->turn.reader->ops->free(all->turn.reader);
    csi_free(all->threads);
    csi_free(all->workers);
    csi_free(all->chunks);
    csi_free(all->region.nodes);
    csi_free(all->region.joins);
    csi_free(all);
}

/* ---- The beginning -------------------------------------------------------
 */

/* Signals are for the run's own thread, but for faults, which the processor
   raises in the thread whose instruction it was. */
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

static bool make_parts(struct csi_workers *all, uint32_t threads)
{
    const struct csi_plan *plan = all->run->shared.plan;
    const struct csi_chunker *chunker = all->chunker;

    all->region.nodes = csi_calloc(plan->node_count, sizeof(bool));
    all->region.joins = csi_calloc((size_t)plan->join_count + 1, sizeof(bool));
    all->chunks = csi_calloc(all->chunk_count, sizeof(*all->chunks));
    all->workers = csi_calloc(threads, sizeof(*all->workers));
    all->threads = csi_calloc(threads, sizeof(*all->threads));
    all->turn.reader = chunker->format->reader(chunker->options, NULL);
    return all->turn.reader && all->region.nodes && all->region.joins &&
           all->chunks && all->workers && all->threads &&
           all->turn.reader->ops->copy_state(all->turn.reader, chunker->reader);
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
    all->region.run = all->run;
    all->file = 1;
    all->chunk_count = CHUNKS_A_THREAD * threads;
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->turn_free, NULL);
    pthread_cond_init(&all->chunk_done, NULL);
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
