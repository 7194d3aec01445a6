/* SPDX-License-Identifier: MIT */
/*
 * What the sanitizers and Valgrind must be told of stacks and switches; in a
 * plain build nothing at all (Valgrind's requests are a few nops a mapping).
 *
 * Everybody who has a stack, each coroutine and the thread itself, has a
 * struct csi_sanitizer. A switch is csi_san_leave on the old stack, the jump,
 * and csi_san_arrive first thing on the new one.
 *
 * ASan: start_switch_fiber and finish_switch_fiber. Four precautions, each
 * found by failing without: the functions that switch are CSI_SWITCHES (not
 * instrumented, not inlined); they keep the fake stack of where they left in
 * the struct, not in a local; a stack is unpoisoned before it is reused or
 * unmapped; the #ifs are nested, as `defined(x) && x(y)` on one line is a
 * syntax error where x is unknown.
 *
 * TSan: a fiber a coroutine; the thread's own is borrowed, never destroyed.
 * The switch of fibers is the last instrumented thing before the jump.
 */
#ifndef CSI_SANITIZER_H
#define CSI_SANITIZER_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define CSI_ASAN
#endif
#if defined(__SANITIZE_THREAD__)
#define CSI_TSAN
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CSI_ASAN
#endif
#if __has_feature(thread_sanitizer)
#define CSI_TSAN
#endif
#if __has_feature(memory_sanitizer)
#define CSI_MSAN
#endif
#endif

#ifdef CSI_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef CSI_TSAN
#include <sanitizer/tsan_interface.h>
#endif
#ifdef CSI_MSAN
#include <sanitizer/msan_interface.h>
#endif

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(low, high) 0u
#define VALGRIND_STACK_DEREGISTER(id)      ((void)(id))
#define RUNNING_ON_VALGRIND                0
#endif

/* CSI_UNCHECKED: a function that never returns; CSI_SWITCHES: one that does. */
#if defined(CSI_ASAN)
#define CSI_UNCHECKED __attribute__((noinline, no_sanitize("address")))
#define CSI_SWITCHES  CSI_UNCHECKED
#elif defined(CSI_TSAN)
#define CSI_UNCHECKED __attribute__((noinline, no_sanitize("thread")))
#define CSI_SWITCHES  CSI_UNCHECKED
#else
#define CSI_UNCHECKED
#define CSI_SWITCHES inline
#endif

/*
 * Inlined even where nothing is optimised: a call of its own would be entered
 * on one fiber's shadow stack and left on another's.
 */
#define CSI_ALWAYS_INLINE static inline __attribute__((always_inline))

/* What is remembered of a stack's owner. */
struct csi_sanitizer {
#if defined(CSI_ASAN)
    void *fake;
    const void *low;
    size_t size;
#elif defined(CSI_TSAN)
    void *fiber;
#else
    char none;
#endif
};

/* What is remembered of a thread: its own stack, and of the last switch. */
struct csi_sanitizer_thread {
    struct csi_sanitizer own;
#if defined(CSI_ASAN)
    int left;        /* the thread's own stack, just now */
    const void *low; /* no local variables: they would be poisoned on the */
    size_t size;     /* stack of a function that is not instrumented */
#elif defined(CSI_TSAN)
    void *over; /* a fiber to be destroyed on arrival */
#endif
};

/* A coroutine gets a stack, which may have been another's. */
CSI_ALWAYS_INLINE void csi_san_birth(struct csi_sanitizer *san, const char *low,
                                     size_t size)
{
    (void)san, (void)low, (void)size;
#ifdef CSI_ASAN
    __asan_unpoison_memory_region(low, size);
    san->fake = NULL;
    san->low = low;
    san->size = size;
#endif
#ifdef CSI_TSAN
    san->fiber = __tsan_create_fiber(0);
#endif
#ifdef CSI_MSAN
    __msan_unpoison(low, size);
#endif
}

/* A coroutine is over without having ended by itself. */
CSI_ALWAYS_INLINE void csi_san_bury(struct csi_sanitizer *san)
{
    (void)san;
#ifdef CSI_TSAN
    __tsan_destroy_fiber(san->fiber);
    san->fiber = NULL;
#endif
}

/* A stack is about to be unmapped. */
CSI_ALWAYS_INLINE void csi_san_unmap(const char *low, size_t size)
{
    (void)low, (void)size;
#ifdef CSI_ASAN
    __asan_unpoison_memory_region(low, size);
#endif
}

/* The next thing is the jump, to the stack of `to`. */
CSI_ALWAYS_INLINE void csi_san_leave(struct csi_sanitizer_thread *thread,
                                     struct csi_sanitizer *from,
                                     struct csi_sanitizer *to)
{
    (void)thread, (void)from, (void)to;
#ifdef CSI_ASAN
    thread->left = from == &thread->own;
    __sanitizer_start_switch_fiber(&from->fake, to->low, to->size);
#endif
#ifdef CSI_TSAN
    if (from == &thread->own)
        from->fiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
}

/* The same, never to come back. */
CSI_ALWAYS_INLINE void
csi_san_leave_for_good(struct csi_sanitizer_thread *thread,
                       struct csi_sanitizer *from, struct csi_sanitizer *to)
{
    (void)thread, (void)from, (void)to;
#ifdef CSI_ASAN
    thread->left = 0;
    __sanitizer_start_switch_fiber(NULL, to->low, to->size);
#endif
#ifdef CSI_TSAN
    thread->over = from->fiber;
    from->fiber = NULL;
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
}

/* The jump is done, to the stack of `here`. */
CSI_ALWAYS_INLINE void csi_san_arrive(struct csi_sanitizer_thread *thread,
                                      struct csi_sanitizer *here)
{
    (void)thread, (void)here;
#ifdef CSI_ASAN
    __sanitizer_finish_switch_fiber(here->fake, &thread->low, &thread->size);
    if (thread->left) {
        thread->left = 0;
        thread->own.low = thread->low;
        thread->own.size = thread->size;
    }
#endif
#ifdef CSI_TSAN
    if (thread->over) {
        __tsan_destroy_fiber(thread->over);
        thread->over = NULL;
    }
#endif
}

/* Having arrived, something was done before what the jump was for goes on,
   which arrives again. */
CSI_ALWAYS_INLINE void csi_san_go_on(struct csi_sanitizer *here)
{
    (void)here;
#ifdef CSI_ASAN
    __sanitizer_start_switch_fiber(&here->fake, here->low, here->size);
#endif
}

#endif
