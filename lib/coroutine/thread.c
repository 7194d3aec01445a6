/* SPDX-License-Identifier: MIT */
/*
 * Threads and their coroutines. A coroutine belongs to the thread that made it,
 * by the thread's id, until that has ended or cosend_adopt is called; then it
 * can belong to another.
 *
 * An id is a count of threads, times SLOTS, plus a slot. The slot holds the id
 * while its thread lives, so whether a thread has ended is one look, without a
 * lock. Threads beyond SLOTS at a time have no slot: their coroutines are never
 * inherited.
 */
#include "coroutine/thread.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SLOTS = 1024 };

#define WITHOUT_SLOT ((uint64_t)1 << 63)

CSI_TLS _Thread_local struct csi_thread csi_thread;

static _Atomic uint64_t alive[SLOTS];
static atomic_uint_fast64_t threads;
static pthread_key_t ending;
static bool ending_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The thread ends. A destructor after this one may begin it anew. */
static void end_thread(void *argument)
{
    struct csi_thread *thread = argument;
    uint64_t id = thread->id;

    thread->id = 0;
    csi_pool_empty(&thread->pool);
    if (!(id & WITHOUT_SLOT))
        atomic_store(&alive[id % SLOTS], 0);
}

static void make_thread_key(void)
{
    ending_made = pthread_key_create(&ending, end_thread) == 0;
}

static uint64_t take_id(uint64_t count)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        uint64_t slot = (count + i) % SLOTS, id = count * SLOTS + slot;
        uint64_t nobody = 0;

        if (atomic_compare_exchange_strong(&alive[slot], &nobody, id))
            return id;
    }
    return count | WITHOUT_SLOT;
}

void csi_thread_begin(void)
{
    uint64_t count = atomic_fetch_add(&threads, 1) + 1;

    pthread_once(&once, make_thread_key);
    if (ending_made && pthread_setspecific(ending, &csi_thread) == 0)
        csi_thread.id = take_id(count);
    else
        csi_thread.id = count | WITHOUT_SLOT;
}

static bool has_ended(uint64_t id)
{
    return !(id & WITHOUT_SLOT) && atomic_load(&alive[id % SLOTS]) != id;
}

static bool inherit_one(struct cosend_coroutine *co)
{
    uint64_t owner = __atomic_load_n(&co->owner, __ATOMIC_ACQUIRE);

    if (!has_ended(owner))
        return owner == csi_thread.id;
    if (!__atomic_compare_exchange_n(&co->owner, &owner, csi_thread.id, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return false;
    co->target = &csi_nowhere;
    return true;
}

bool csi_thread_inherit(struct cosend_coroutine *co)
{
    bool ours;

    if (csi_thread.id == 0)
        csi_thread_begin();
    ours = inherit_one(co);
    for (co = co->delegate; ours && co && inherit_one(co);)
        co = co->delegate;
    return ours;
}
