/* SPDX-License-Identifier: MIT */
/*
 * What the sanitizers and Valgrind must be told of stacks and switches; in a
 * plain build nothing at all (Valgrind's requests are a few nops a mapping).
 *
 * ASan: start_switch_fiber before leaving a stack, finish_switch_fiber first
 * thing on arriving at one. Three precautions, each found by failing without:
 * the functions that switch are CSI_SWITCHES (not instrumented, not inlined)
 * and keep the fake stack of where they left in the coroutine, not in a local;
 * a stack is unpoisoned before it is reused or unmapped; the #ifs are nested,
 * as `defined(x) && x(y)` on one line is a syntax error where x is unknown.
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

/* What is remembered of a coroutine and of whom it was resumed by. */
struct csi_sanitizer {
#if defined(CSI_ASAN)
    void *fake, *resumer_fake;
    const void *resumer_low;
    size_t resumer_size;
#elif defined(CSI_TSAN)
    void *fiber, *resumer_fiber;
    int over;
#else
    char none;
#endif
};

/* A coroutine gets a stack, which may have been another's. */
CSI_ALWAYS_INLINE void csi_san_birth(struct csi_sanitizer *san, const char *low,
                                     size_t size)
{
    (void)san, (void)low, (void)size;
#ifdef CSI_ASAN
    __asan_unpoison_memory_region(low, size);
#endif
#ifdef CSI_TSAN
    san->fiber = __tsan_create_fiber(0);
#endif
#ifdef CSI_MSAN
    __msan_unpoison(low, size);
#endif
}

/* A coroutine is over. Called from another stack than its own. */
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

/* The resumer is about to switch to the coroutine on [low, low + size). */
CSI_ALWAYS_INLINE void csi_san_resume(struct csi_sanitizer *san,
                                      const char *low, size_t size)
{
    (void)san, (void)low, (void)size;
#ifdef CSI_ASAN
    __sanitizer_start_switch_fiber(&san->resumer_fake, low, size);
#endif
#ifdef CSI_TSAN
    san->resumer_fiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(san->fiber, 0);
#endif
}

/* The resumer is back. */
CSI_ALWAYS_INLINE void csi_san_resumed(struct csi_sanitizer *san)
{
    (void)san;
#ifdef CSI_ASAN
    __sanitizer_finish_switch_fiber(san->resumer_fake, NULL, NULL);
#endif
#ifdef CSI_TSAN
    if (san->over)
        csi_san_bury(san);
#endif
}

/* The coroutine runs, for the first time or again. */
CSI_ALWAYS_INLINE void csi_san_arrive(struct csi_sanitizer *san)
{
    (void)san;
#ifdef CSI_ASAN
    __sanitizer_finish_switch_fiber(san->fake, &san->resumer_low,
                                    &san->resumer_size);
#endif
}

/* The coroutine is about to switch to its resumer. */
CSI_ALWAYS_INLINE void csi_san_leave(struct csi_sanitizer *san)
{
    (void)san;
#ifdef CSI_ASAN
    __sanitizer_start_switch_fiber(&san->fake, san->resumer_low,
                                   san->resumer_size);
#endif
#ifdef CSI_TSAN
    __tsan_switch_to_fiber(san->resumer_fiber, 0);
#endif
}

/* The same, never to come back. */
CSI_ALWAYS_INLINE void csi_san_leave_for_good(struct csi_sanitizer *san)
{
    (void)san;
#ifdef CSI_ASAN
    __sanitizer_start_switch_fiber(NULL, san->resumer_low, san->resumer_size);
#endif
#ifdef CSI_TSAN
    san->over = 1;
    __tsan_switch_to_fiber(san->resumer_fiber, 0);
#endif
}

#endif
