/* SPDX-License-Identifier: MIT */
/*
 * The chunks of one input that several threads work on, in the order of the
 * input, and the lock for all that they share.
 */
#ifndef CSI_RING_H
#define CSI_RING_H

#include "read/chunk.h"
#include "read/turn.h"

#include <pthread.h>
#include <stdatomic.h>

struct csi_ring {
    struct csi_turn turn;       /* belongs to whoever set `turn_taken` */
    struct csi_extents extents; /* .input is set while it is read so */

    pthread_mutex_t lock; /* for all that follows, and the extents */
    /* There is something to do for one more thread; or for the run's own. */
    pthread_cond_t task, news;
    struct csi_chunk *chunks; /* under way are those from `oldest` on, */
    uint32_t count;
    uint32_t oldest, under_way;
    uint32_t placed; /* of these the first ones have their place, */
    uint32_t begun;  /* and of those the first ones are TAKEN or DONE */
    /* What chunks that are over leave to others, the last one first, as it is
       in some cache: blocks to read into, rows, and texts. */
    struct csi_block **spare;
    struct csi_rows **spare_rows;
    struct csi_text *spare_texts;
    uint32_t spare_count, spare_rows_count, spare_texts_count;
    uint32_t reading; /* threads that read, or find a place */
    bool turn_taken;  /* one of them in order */
    bool placing;     /* one of them finds a place */
    bool held;        /* nobody is to read, until the drain goes on */
    bool over;        /* what there is at once has been read */
    bool stopped;     /* a chunk failed, or all is over: nothing is begun */
    bool quit;
    unsigned in_vain; /* extents of this input that were cut, and forgotten */
    uint64_t sequential; /* ns in which a place was found or a chunk retired */
    atomic_uint changes; /* how often a thread was notified */
};

/* False without memory; csi_ring_free is due all the same. */
bool csi_ring_init(struct csi_ring *ring, uint32_t count);
void csi_ring_free(struct csi_ring *ring);

/* All that follow are called with the lock held; those that say so let go of it
   meanwhile. */

/* Tell one thread that waits for this. */
void csi_ring_notify(struct csi_ring *ring, pthread_cond_t *of);
void csi_ring_notify_all(struct csi_ring *ring, pthread_cond_t *of);
/* Wait to be notified, or perhaps not so long. */
void csi_ring_await(struct csi_ring *ring, pthread_cond_t *what);

/* An input begins behind a cut, whose block is the ring's then. */
void csi_ring_begin(struct csi_ring *ring, struct cosend_input *input,
                    const struct csi_cut *at);
/* Nobody reads on (it is held, or stopped); what is not whole is turn.at's.
   Lets go of the lock. */
void csi_ring_end(struct csi_ring *ring);

/* Whether there is something to read, and it may be read. */
bool csi_ring_may_read(const struct csi_ring *ring);
/* Read, and with a reader of the thread's own cut what can be; lets go of the
   lock. */
void csi_ring_read(struct csi_ring *ring, struct csi_reader *reader);
/* The next chunk to work on, which is TAKEN then; NULL where there is none.
   Lets go of the lock. */
struct csi_chunk *csi_ring_take(struct csi_ring *ring);
/* A chunk was worked on. */
void csi_ring_put_back(struct csi_ring *ring, struct csi_chunk *chunk);
/* The oldest chunk, DONE or never begun, is empty and leaves. */
void csi_ring_drop_oldest(struct csi_ring *ring);

#endif
