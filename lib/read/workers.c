/* SPDX-License-Identifier: MIT */
#include "read/workers.h"

#include "read/parallel_region.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

/* Chunks under way for each thread: one that it works on, and one that waits,
   so that nobody does. */
enum { CHUNKS_A_THREAD = 2, THREADS_MAX = 256, SPINS = 2000 };

struct worker {
    struct csi_team *team;
    pthread_t thread;
    struct csi_run *run;   /* made by the thread itself, with its first chunk */
    struct csi_feed *feed; /* its reader */
    unsigned file;         /* whose columns the reader knows */
    uint64_t reader_records, reader_boundaries;
};

struct csi_team {
    struct csi_feed *feed;
    struct csi_run *run; /* the feed's */
    struct csi_inside inside;
    unsigned file; /* number of the file that the feed is at */

    /* For who has the turn to read; between drains, nobody. */
    struct cosend_input *input;
    struct csi_reader *reader; /* finds borders; cuts nothing */
    struct csi_cut at;
    uint64_t bytes; /* read */
    int read;       /* what cosend_input_read said last */
    struct cosend_error read_error;

    pthread_mutex_t lock;      /* for all that follows */
    pthread_cond_t turn, done; /* the turn is free; a chunk is done */
    /* A ring: the chunks under way are those from `oldest` on. */
    struct csi_chunk *chunks;
    uint32_t chunk_count;
    uint32_t oldest, under_way;
    bool reading; /* somebody has the turn */
    bool held;    /* nobody is to take it, until the drain goes on */
    bool over;    /* what there is at once has been read */
    bool failed;  /* a chunk did, or all is over: nothing is begun */
    bool quit;
    atomic_uint changes; /* how often somebody was notified */

    struct worker *workers;
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
static void notify(struct csi_team *team, pthread_cond_t *of)
{
    atomic_fetch_add_explicit(&team->changes, 1, memory_order_relaxed);
    pthread_cond_signal(of);
}

static void notify_all(struct csi_team *team, pthread_cond_t *of)
{
    atomic_fetch_add_explicit(&team->changes, 1, memory_order_relaxed);
    pthread_cond_broadcast(of);
}

/*
 * Wait to be notified, or perhaps not so long. Others are at work for some ten
 * microseconds, which is less than it takes to fall asleep and be woken: so
 * look on for a while first.
 */
static void await(struct csi_team *team, pthread_cond_t *what)
{
    unsigned seen = atomic_load_explicit(&team->changes, memory_order_relaxed);
    unsigned now = seen;

    pthread_mutex_unlock(&team->lock);
    for (int i = 0; i < SPINS && now == seen; i++) {
        pause_briefly();
        now = atomic_load_explicit(&team->changes, memory_order_relaxed);
    }
    pthread_mutex_lock(&team->lock);
    now = atomic_load_explicit(&team->changes, memory_order_relaxed);
    if (now == seen)
        pthread_cond_wait(what, &team->lock);
}

/* ---- A chunk's results --------------------------------------------------- */

int csi_chunk_capture(struct csi_chunk *chunk, const struct csi_edge *edge,
                      const struct csi_stage *from,
                      const struct cosend_batch *batch)
{
    if (!csi_grow(&chunk->captured, &chunk->captured_capacity,
                  chunk->captured_count + 1, sizeof(*chunk->captured)))
        return COSEND_E_MEMORY;
    chunk->captured[chunk->captured_count++] =
        (struct csi_captured){edge ? edge->number : 0, from->index,
                              batch ? csi_batch_ref(batch) : NULL};
    return COSEND_OK;
}

/* Forget what was not sent on. */
static void empty_chunk(struct csi_chunk *chunk)
{
    for (size_t i = 0; i < chunk->captured_count; i++)
        csi_batch_unref(chunk->captured[i].batch);
    for (size_t i = 0; i < chunk->reject_count; i++) {
        csi_text_free(&chunk->rejects[i].text);
        csi_text_free(&chunk->rejects[i].summary);
    }
    chunk->captured_count = chunk->reject_count = 0;
    chunk->rows = csi_rows_recycle(chunk->rows);
    chunk->errors = 0;
    chunk->ended = false;
    chunk->error.kind = COSEND_OK;
    chunk->state = CSI_CHUNK_FREE;
}

static void free_chunk(struct csi_chunk *chunk)
{
    empty_chunk(chunk);
    csi_free(chunk->captured);
    csi_free(chunk->rejects);
    csi_rows_unref(chunk->rows);
    csi_block_unref(chunk->at.block);
}

/* Rejects are collected in a run; exchange its list for the chunk's. */
static void swap_rejects(struct csi_run *run, struct csi_chunk *chunk)
{
    struct csi_reject *rejects = run->rejects;
    size_t count = run->reject_count, capacity = run->reject_capacity;

    run->rejects = chunk->rejects;
    run->reject_count = chunk->reject_count;
    run->reject_capacity = chunk->reject_capacity;
    chunk->rejects = rejects;
    chunk->reject_count = count;
    chunk->reject_capacity = capacity;
}

/* ---- Working on a chunk -------------------------------------------------- */

static int not_whole(struct csi_feed *feed)
{
    return cosend_fail(&feed->stage->face, COSEND_E_LEDGER,
                       "a block does not end where its last record does; "
                       "please report this");
}

/*
 * Have a run's stages work on a chunk; what the run itself was at stays as it
 * is.
 */
static void work(struct csi_run *run, struct csi_feed *feed,
                 struct csi_chunk *chunk)
{
    struct csi_stage *back = csi_run_enter(run, csi_run_source(run));
    struct csi_cut at = feed->at;
    uint64_t position = run->position, errors = run->errors;
    int status;

    swap_rejects(run, chunk);
    run->chunk = chunk;
    run->position = chunk->at.ordinal;
    feed->at = chunk->at;
    if (!feed->spare) {
        feed->spare = chunk->rows;
        chunk->rows = NULL;
    }
    status = csi_feed_cut(feed, false);
    if (status == COSEND_OK && feed->at.from < feed->at.block->length)
        status = not_whole(feed);
    feed->at = at;
    run->position = position;
    run->chunk = NULL;
    swap_rejects(run, chunk);
    chunk->errors = run->errors - errors;
    run->errors = errors;
    chunk->error = run->error;
    chunk->error_ordinal = run->error_ordinal;
    if (status < 0 && !chunk->error.kind)
        cosend_error_set(&chunk->error, status, "a stage failed with %d",
                         status);
    chunk->ended = status == COSEND_DONE;
    memset(&run->error, 0, sizeof(run->error));
    csi_run_leave(run, back);
}

/* A run, and a reader, of one's own. */
static int prepare(struct worker *worker, struct cosend_error *error)
{
    struct csi_team *team = worker->team;
    const struct csi_run *run = team->run;
    const struct csi_feed *feed = team->feed;
    int status;

    worker->run = csi_run_new(run->plan, run->options, run->io,
                              team->inside.nodes, error);
    if (!worker->run)
        return error->kind;
    worker->run->worker = true;
    csi_inside_mark(&team->inside, worker->run);
    worker->feed =
        csi_feed_new(csi_run_source(worker->run), feed->options, feed->format);
    status = worker->feed ? csi_run_prime(worker->run) : COSEND_E_MEMORY;
    if (status >= 0)
        status = csi_stage_announce_first(csi_run_source(worker->run),
                                          feed->reader->schema);
    if (status < 0)
        *error = worker->run->error;
    return status < 0 ? status : COSEND_OK;
}

static int ready_worker(struct worker *worker, struct cosend_error *error)
{
    const struct csi_team *team = worker->team;
    int status = COSEND_OK;

    if (!worker->run)
        status = prepare(worker, error);
    if (status == COSEND_OK && worker->file != team->file &&
        !worker->feed->reader->ops->adopt(worker->feed->reader,
                                          team->feed->reader))
        status = cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
    worker->file = team->file;
    return status;
}

static void work_as(struct worker *worker, struct csi_chunk *chunk)
{
    if (ready_worker(worker, &chunk->error) == COSEND_OK) {
        work(worker->run, worker->feed, chunk);
        return;
    }
    chunk->error_ordinal = chunk->at.ordinal;
    if (!chunk->error.kind)
        cosend_error_set(&chunk->error, COSEND_E_MEMORY, "out of memory");
}

/* With the lock held. */
static void put_done(struct csi_team *team, struct csi_chunk *chunk)
{
    chunk->state = CSI_CHUNK_DONE;
    team->failed |= chunk->error.kind || chunk->ended;
    notify(team, &team->done);
}

/* Coroutines end in the thread that they ran in. */
static void release_worker(struct worker *worker)
{
    csi_feed_free(worker->feed);
    if (worker->run) {
        worker->reader_records = worker->run->reader_records;
        worker->reader_boundaries = worker->run->reader_boundaries;
    }
    csi_run_free(worker->run);
}

/* ---- Reading ------------------------------------------------------------- */

/* A block for what is not whole yet: a chunk's old one, if it is of use. */
static struct csi_block *next_block(struct csi_chunk *chunk, size_t left)
{
    struct csi_block *block = chunk->at.block;
    size_t wanted = csi_block_bytes;

    chunk->at.block = NULL;
    if (block && block->capacity == csi_block_bytes && left < wanted / 2 &&
        csi_is_sole(&block->refs)) {
        block->length = 0;
        return block;
    }
    csi_block_unref(block);
    while (wanted < left + left / 2 + csi_block_bytes / 2)
        wanted *= 2;
    return csi_block_new(wanted);
}

/* The block up to `border` becomes a chunk; the rest, a new block. False
   without memory. */
static bool cut_off(struct csi_team *team, struct csi_chunk *chunk,
                    const char *border, uint64_t newlines)
{
    struct csi_cut *at = &team->at;
    const char *start = at->block->data + at->from;
    size_t left = (size_t)(at->block->data + at->block->length - border);
    struct csi_block *next = next_block(chunk, left);

    if (!next)
        return false;
    memcpy(next->data, border, left);
    next->length = left;
    chunk->at = *at;
    chunk->at.block->length = (size_t)(border - at->block->data);
    at->ordinal += (uint64_t)(border - start);
    at->line += newlines;
    at->offset += chunk->at.block->length;
    at->from = 0;
    at->block = next;
    return true;
}

/* As much as there is room for, or there is at once. */
static int fill_block(struct csi_team *team)
{
    size_t room, length = 0;
    int status;

    do {
        char *to = csi_cut_room(&team->at, &room);

        if (!to)
            return COSEND_E_MEMORY;
        status = cosend_input_read(team->input, to, room, &length,
                                   &team->read_error);
        if (status == COSEND_OK)
            csi_cut_filled(&team->at, length);
        team->bytes += length;
    } while (status == COSEND_OK && length < room &&
             cosend_input_ready(team->input));
    return status;
}

/*
 * Having the turn, read a chunk. *over: what there is at once has been read, or
 * the rest is for one thread alone.
 *
 * Returns false where no record is whole.
 */
static bool read_chunk(struct csi_team *team, struct csi_chunk *chunk,
                       bool *over)
{
    const struct csi_cut *at = &team->at;
    const char *start, *end, *border;
    uint64_t newlines;
    bool whole = false;

    *over = true;
    do {
        team->read = fill_block(team);
        if (!at->block)
            return false;
        start = at->block->data + at->from;
        end = at->block->data + at->block->length;
        border = team->reader->ops->border(team->reader, start, end, &newlines);
        whole = border > start;
        *over = team->read != COSEND_OK || !cosend_input_ready(team->input) ||
                (!whole && (size_t)(end - start) > team->feed->max_record);
    } while (!whole && !*over);
    if (!whole || cut_off(team, chunk, border, newlines))
        return whole;
    team->read = COSEND_E_MEMORY;
    *over = true;
    return false;
}

/* With the lock held. */
static bool may_read(const struct csi_team *team)
{
    return team->input && !team->reading && !team->held && !team->over &&
           !team->failed && !team->quit && team->under_way < team->chunk_count;
}

/* Take the turn, and work on what is read then; NULL is the run's own thread.
   With the lock held before and after. */
static void read_and_work(struct csi_team *team, struct worker *worker)
{
    struct csi_chunk *chunk =
        &team->chunks[(team->oldest + team->under_way) % team->chunk_count];
    bool found, over;

    team->reading = true;
    pthread_mutex_unlock(&team->lock);
    found = read_chunk(team, chunk, &over);
    pthread_mutex_lock(&team->lock);
    team->reading = false;
    team->over |= over;
    notify(team, &team->turn);
    notify(team, &team->done);
    if (!found)
        return;
    chunk->state = CSI_CHUNK_TAKEN;
    team->under_way++;
    pthread_mutex_unlock(&team->lock);
    if (worker)
        work_as(worker, chunk);
    else
        work(team->run, team->feed, chunk);
    pthread_mutex_lock(&team->lock);
    put_done(team, chunk);
}

static void *live(void *argument)
{
    struct worker *worker = argument;
    struct csi_team *team = worker->team;

    pthread_mutex_lock(&team->lock);
    while (!team->quit)
        if (may_read(team))
            read_and_work(team, worker);
        else
            await(team, &team->turn);
    pthread_mutex_unlock(&team->lock);
    release_worker(worker);
    return NULL;
}

/* ---- Retiring ------------------------------------------------------------ */

static bool is_edge_alive(const struct csi_team *team,
                          const struct csi_edge *edge,
                          const struct csi_link *link);

/* Whether anything still comes of what a stage inside would get. */
static bool is_alive(const struct csi_team *team, uint32_t node)
{
    const struct csi_stage *stage = &team->run->stages[node];
    const struct csi_node *of = &team->run->plan->nodes[node];
    bool alive = !stage->target_count || (node > 0 && !csi_stage_passes(stage));

    for (uint32_t i = 0; !alive && i < stage->target_count; i++)
        alive = is_edge_alive(team, &stage->targets[i], &of->targets[i]);
    return alive;
}

static bool is_edge_alive(const struct csi_team *team,
                          const struct csi_edge *edge,
                          const struct csi_link *link)
{
    const struct csi_run *run = team->run;

    /* Others say nothing: an error of a later chunk may have ended them. */
    if (edge->crosses)
        return !edge->done;
    if (link->node != CSI_NOWHERE)
        return is_alive(team, link->node);
    return is_edge_alive(team, csi_join_target(run->joins[link->join]),
                         &run->plan->joins[link->join].target);
}

/* A batch of a worker's has the schema that its stage has there. */
static void change_schema(const struct cosend_batch *batch,
                          struct cosend_schema *schema)
{
    struct cosend_batch *own = csi_batch_ref(batch);

    if (own->schema != schema) {
        csi_schema_unref(own->schema);
        own->schema = csi_schema_ref(schema);
    }
    csi_batch_unref(own);
}

static struct cosend_schema *schema_of(const struct csi_team *team,
                                       const struct csi_captured *captured)
{
    struct csi_run *run = team->run;
    const struct csi_edge *edge = run->edges[captured->edge];

    for (uint32_t i = 0; i < run->plan->join_count; i++)
        if (csi_join_target(run->joins[i]) == edge)
            return csi_join_schema(run->joins[i]);
    return run->stages[captured->from].out_schema;
}

static int send_on(struct csi_team *team, const struct csi_captured *captured)
{
    struct csi_run *run = team->run;
    struct csi_stage *from = &run->stages[captured->from];
    struct csi_edge *edge = run->edges[captured->edge];
    struct cosend_batch *rest;
    int status = COSEND_OK;

    if (!captured->batch)
        return csi_join_release(from->join, from);
    if (edge->done)
        return COSEND_OK;
    change_schema(captured->batch, schema_of(team, captured));
    if (!run->error.kind)
        return csi_edge_send(from, edge, captured->batch);
    rest = csi_batch_before_error(from, captured->batch);
    if (rest && rest->count)
        status = csi_edge_send(from, edge, rest);
    csi_batch_unref(rest);
    return status;
}

static bool take_rejects(struct csi_run *run, struct csi_chunk *chunk)
{
    if (!csi_grow(&run->rejects, &run->reject_capacity,
                  run->reject_count + chunk->reject_count,
                  sizeof(*run->rejects)))
        return false;
    for (size_t i = 0; i < chunk->reject_count; i++) {
        struct csi_reject *reject = &run->rejects[run->reject_count++];

        *reject = chunk->rejects[i];
        reject->number = (uint32_t)run->reject_count;
    }
    chunk->reject_count = 0;
    return true;
}

/* The oldest chunk is done: what came of it becomes the run's. */
static int retire(struct csi_team *team)
{
    struct csi_run *run = team->run;
    struct csi_chunk *chunk = &team->chunks[team->oldest];
    struct csi_stage *source = csi_run_source(run);
    bool ended = chunk->ended;
    int status = COSEND_OK;

    for (size_t i = 0; i < chunk->captured_count; i++)
        if (send_on(team, &chunk->captured[i]) < 0)
            status = COSEND_E_ABORTED;
    run->errors += chunk->errors;
    if (chunk->error.kind)
        csi_run_fail(run, &chunk->error, chunk->error_ordinal);
    if (!take_rejects(run, chunk))
        cosend_fail(&source->face, COSEND_E_MEMORY, "out of memory");
    empty_chunk(chunk);
    pthread_mutex_lock(&team->lock);
    team->oldest = (team->oldest + 1) % team->chunk_count;
    team->under_way--;
    notify(team, &team->turn);
    pthread_mutex_unlock(&team->lock);
    csi_run_block_over(run);
    if (status < 0 || run->error.kind) {
        csi_stage_stop(source, COSEND_END_ABORTED);
        return csi_run_error(run);
    }
    if (!ended && is_alive(team, 0))
        return COSEND_OK;
    source->end = COSEND_END_DONE;
    return COSEND_DONE;
}

/* Wait for the oldest chunk, and read and work meanwhile, if that may be.
   Returns false when none is under way, and none will be. */
static bool await_oldest(struct csi_team *team)
{
    const struct csi_chunk *oldest = &team->chunks[team->oldest];
    bool done = false, none = false;

    pthread_mutex_lock(&team->lock);
    while (!done && !none) {
        done = team->under_way && oldest->state == CSI_CHUNK_DONE;
        none = !team->under_way && !team->reading && !may_read(team);
        if (!done && may_read(team))
            read_and_work(team, NULL);
        else if (!done && !none)
            await(team, &team->done);
    }
    pthread_mutex_unlock(&team->lock);
    return done;
}

static void hold(struct csi_team *team, bool held)
{
    pthread_mutex_lock(&team->lock);
    team->held = held;
    while (held && team->reading)
        pthread_cond_wait(&team->done, &team->lock);
    notify_all(team, &team->turn);
    pthread_mutex_unlock(&team->lock);
}

int csi_team_settle(struct csi_team *team)
{
    int status = COSEND_OK;

    hold(team, true);
    while (status == COSEND_OK && await_oldest(team))
        status = retire(team);
    return status;
}

/* ---- Draining ------------------------------------------------------------ */

void csi_team_begin_file(struct csi_team *team)
{
    team->file++;
}

static void begin_drain(struct csi_team *team, struct cosend_input *input)
{
    struct csi_feed *feed = team->feed;

    /* It may have seen the start of a record that now comes with a chunk. */
    feed->reader->ops->restart(feed->reader);
    team->at = feed->at;
    team->at.ordinal = team->run->position;
    feed->at.block = NULL;
    team->bytes = 0;
    pthread_mutex_lock(&team->lock);
    team->input = input;
    team->over = team->held = false;
    notify_all(team, &team->turn);
    pthread_mutex_unlock(&team->lock);
}

/* Nobody reads on. What was read, and is not whole, is the feed's again. */
static void end_drain(struct csi_team *team)
{
    struct csi_feed *feed = team->feed;
    size_t left;

    hold(team, true);
    pthread_mutex_lock(&team->lock);
    team->input = NULL;
    pthread_mutex_unlock(&team->lock);
    feed->at = team->at;
    team->at.block = NULL;
    team->run->position = feed->at.ordinal;
    feed->stage->bytes += team->bytes;
    left = feed->at.block ? feed->at.block->length - feed->at.from : 0;
    if (left > feed->max_record)
        feed->threads = 1;
}

int csi_team_drain(struct csi_team *team, struct cosend_input *input, int *read,
                   struct cosend_error *error)
{
    int status = COSEND_OK;

    begin_drain(team, input);
    while (status == COSEND_OK && await_oldest(team)) {
        status = retire(team);
        if (status == COSEND_OK && !csi_stage_pause(team->feed->stage))
            status = COSEND_DONE;
        else if (status == COSEND_OK && team->held)
            hold(team, false);
    }
    end_drain(team);
    *read = team->read;
    *error = team->read_error;
    return status;
}

/* ---- The end ------------------------------------------------------------- */

static int merge_state(const struct csi_stage *stage, struct csi_stage *into)
{
    const struct cosend_filter *filter = stage->node->filter;
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes reader;
    int status = filter->save(stage->state, &bytes);

    if (status >= 0 && bytes.failed)
        status = COSEND_E_MEMORY;
    reader = cosend_read_bytes(bytes.data, bytes.length);
    if (status >= 0)
        status = filter->merge(into->state, &reader);
    cosend_bytes_free(&bytes);
    return status < 0 ? status : COSEND_OK;
}

/* What was merged is created a second time by whom it is merged into. */
static int merge_states(const struct csi_run *run, struct csi_run *into)
{
    int status = COSEND_OK;

    for (uint32_t i = 1; i < run->stage_count && status == COSEND_OK; i++)
        if (run->stages[i].state && into->stages[i].state)
            status = merge_state(&run->stages[i], &into->stages[i]);
    return status;
}

int csi_team_show(struct csi_team *team, struct csi_run *scratch)
{
    int status = COSEND_OK;

    for (uint32_t i = 0; i < team->worker_count && status == COSEND_OK; i++)
        if (team->workers[i].run)
            status = merge_states(team->workers[i].run, scratch);
    return status;
}

static void add_counts(struct csi_stage *to, struct csi_stage *from)
{
    to->in += from->in;
    to->created += from->created;
    to->out += from->out;
    to->face.dropped += from->face.dropped;
    to->skipped += from->skipped;
    to->rejected += from->rejected;
    to->unread += from->unread;
    to->ns += from->ns;
    from->in = from->created = from->out = from->skipped = 0;
    from->rejected = from->unread = from->ns = from->face.dropped = 0;
}

static void collect(struct csi_run *to, struct csi_run *from)
{
    for (uint32_t i = 0; i < to->stage_count; i++)
        add_counts(&to->stages[i], &from->stages[i]);
    for (uint32_t i = 0; i < to->edge_count; i++) {
        to->edges[i]->sent += from->edges[i]->sent;
        from->edges[i]->sent = 0;
    }
}

void csi_team_collect(struct csi_team *team)
{
    for (uint32_t i = 0; i < team->worker_count; i++)
        if (team->workers[i].run)
            collect(team->run, team->workers[i].run);
}

/* Records that a worker's stage held are held by the run's own now, which
   counted them as its creation. */
static void move_held(struct csi_team *team, const struct csi_run *worker)
{
    for (uint32_t i = 1; i < worker->stage_count; i++) {
        uint64_t held = worker->stages[i].held;

        if (team->run->stages[i].state)
            team->run->stages[i].created -= held;
        else
            team->run->stages[i].face.dropped += held;
    }
}

static int merge_workers(struct csi_team *team)
{
    int status = COSEND_OK;

    for (uint32_t i = 0; i < team->worker_count && status == COSEND_OK; i++) {
        struct csi_run *run = team->workers[i].run;

        if (!run)
            continue;
        status = merge_states(run, team->run);
        move_held(team, run);
    }
    if (status < 0 && !team->run->error.kind)
        status = cosend_fail(&csi_run_source(team->run)->face, status,
                             "the threads' results could not be merged");
    return status;
}

/* Nothing new is begun; what is under way is waited for, and dropped. */
static void stop(struct csi_team *team)
{
    pthread_mutex_lock(&team->lock);
    team->failed = true;
    while (team->reading)
        pthread_cond_wait(&team->done, &team->lock);
    while (team->under_way) {
        struct csi_chunk *chunk = &team->chunks[team->oldest];

        while (chunk->state == CSI_CHUNK_TAKEN)
            pthread_cond_wait(&team->done, &team->lock);
        empty_chunk(chunk);
        team->oldest = (team->oldest + 1) % team->chunk_count;
        team->under_way--;
    }
    pthread_mutex_unlock(&team->lock);
}

/* The threads free what is theirs. */
static void join_threads(struct csi_team *team)
{
    pthread_mutex_lock(&team->lock);
    team->quit = true;
    notify_all(team, &team->turn);
    pthread_mutex_unlock(&team->lock);
    for (uint32_t i = 0; i < team->worker_count; i++) {
        pthread_join(team->workers[i].thread, NULL);
        team->run->reader_records += team->workers[i].reader_records;
        team->run->reader_boundaries += team->workers[i].reader_boundaries;
    }
    team->worker_count = 0;
}

int csi_team_finish(struct csi_team *team)
{
    int status = COSEND_OK;

    if (csi_run_source(team->run)->end != COSEND_END_DONE &&
        !team->run->error.kind)
        status = csi_team_settle(team);
    if (status >= 0 && !team->run->error.kind) {
        int merged;

        stop(team);
        csi_team_collect(team);
        merged = merge_workers(team);
        if (merged < 0)
            status = merged;
    }
    return status;
}

void csi_team_free(struct csi_team *team)
{
    if (!team)
        return;
    stop(team);
    csi_team_collect(team);
    join_threads(team);
    for (uint32_t i = 0; team->chunks && i < team->chunk_count; i++)
        free_chunk(&team->chunks[i]);
    pthread_cond_destroy(&team->turn);
    pthread_cond_destroy(&team->done);
    pthread_mutex_destroy(&team->lock);
    csi_block_unref(team->at.block);
    if (team->reader)
        team->reader->ops->free(team->reader);
    csi_free(team->workers);
    csi_free(team->chunks);
    csi_free(team->inside.nodes);
    csi_free(team->inside.joins);
    csi_free(team);
}

/* ---- The beginning ------------------------------------------------------- */

/* Signals are for the run's own thread. */
static void start_threads(struct csi_team *team, uint32_t count)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    for (uint32_t i = 0; i < count; i++) {
        struct worker *worker = &team->workers[i];

        worker->team = team;
        if (pthread_create(&worker->thread, NULL, live, worker) != 0)
            break;
        team->worker_count++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

struct csi_team *csi_team_new(struct csi_feed *feed)
{
    struct csi_run *run = feed->stage->run;
    uint32_t threads =
        feed->threads < THREADS_MAX ? feed->threads : THREADS_MAX;
    struct csi_team *team = csi_calloc(1, sizeof(*team));
    bool ready;

    if (!team)
        return NULL;
    team->feed = feed;
    team->run = run;
    team->inside.run = run;
    team->file = 1;
    team->chunk_count = CHUNKS_A_THREAD * threads;
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->turn, NULL);
    pthread_cond_init(&team->done, NULL);
    team->inside.nodes =
        csi_calloc(run->plan->node_count, sizeof(*team->inside.nodes));
    team->inside.joins =
        csi_calloc((size_t)run->plan->join_count + 1, sizeof(bool));
    team->chunks = csi_calloc(team->chunk_count, sizeof(*team->chunks));
    team->workers = csi_calloc(threads, sizeof(*team->workers));
    team->reader = feed->format->reader(feed->options, NULL);
    ready = team->reader && team->inside.nodes && team->inside.joins &&
            team->chunks && team->workers;
    if (ready)
        csi_inside_find(&team->inside);
    if (ready && csi_inside_has_work(&team->inside)) {
        csi_inside_mark(&team->inside, run);
        start_threads(team, threads - 1);
    }
    if (team->worker_count)
        return team;
    csi_team_free(team);
    return NULL;
}
