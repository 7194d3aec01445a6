/* SPDX-License-Identifier: MIT */
/*
 * An allocator that counts, and fails, is put in front of the one that is set;
 * what cosend and the libraries below it allocate goes through it. What a
 * body takes from malloc by itself is seen in glibc's own books, as far as
 * these tell of more with each run.
 */
#include "pipeline/filter_memory.h"

#include "base/base.h"

#include <limits.h>
#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* The one in front of which it stands; allocations up to one that fails, and
   those that were not freed. The check has the process to itself. */
static struct csi_allocator below;
static long left, live;

/* While a spec is read all fail from there on: jansson 2.14 writes beyond a
   text's end where one allocation fails and the next does not. */
static bool lasting;

static void pipeline_is_made(void)
{
    lasting = false;
}

static bool is_to_fail(void)
{
    if (left-- > 0)
        return false;
    left = lasting ? 0 : LONG_MAX;
    return true;
}

static void *count_malloc(size_t size)
{
    void *memory = is_to_fail() ? NULL : below.allocate(size);

    live += memory != NULL;
    return memory;
}

static void *count_realloc(void *old, size_t size)
{
    void *memory = is_to_fail() ? NULL : below.reallocate(old, size);

    live += memory && !old;
    return memory;
}

static void count_free(void *memory)
{
    live -= memory != NULL;
    below.release(memory);
}

/* ---- Leaks --------------------------------------------------------------- */

/* Bytes in use, or 0 where nobody knows. */
static size_t bytes_in_use(void)
{
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

static void run_and_drop(const struct csi_trial *trial)
{
    struct csi_trial_result result;

    csi_trial_run(trial, &result);
    csi_trial_result_free(&result);
}

/* The first runs fill what is kept for later ones: stacks, caches. */
enum { WARM = 4, RUNS = 8 };

static void check_leaks(struct csi_findings *findings,
                        const struct csi_trial *trial)
{
    size_t first, last, now;
    long before;
    bool grows = true;

    csi_tell_trial(findings, trial->input, "%d times, for leaks", WARM + RUNS);
    for (int i = 0; i < WARM; i++)
        run_and_drop(trial);
    first = last = bytes_in_use();
    before = live;
    for (int i = 0; i < RUNS; i++) {
        run_and_drop(trial);
        now = bytes_in_use();
        grows &= now > last;
        last = now;
    }
    if (live - before >= RUNS)
        csi_find(findings, CSI_RULE_LEAK,
                 "%ld allocations by cosend's calls are left after each run",
                 (live - before) / RUNS);
    else if (grows)
        csi_find(findings, CSI_RULE_LEAK,
                 "about %zu bytes more of malloc's are in use after each run "
                 "over %s, %zu records",
                 (last - first) / RUNS, trial->input->what,
                 trial->input->count);
}

/* ---- Failure ------------------------------------------------------------- */

static void check_failure(struct csi_findings *findings,
                          const struct csi_trial *trial,
                          const struct csi_trial_result *whole, long at)
{
    struct csi_trial_result result;
    long before = live;
    char run[80];

    csi_tell_trial(findings, trial->input, "allocation %ld fails", at);
    left = at;
    lasting = true;
    csi_trial_run(trial, &result);
    left = LONG_MAX;
    /* Why a record was rejected may be told in fewer words. */
    if (result.error.kind != COSEND_E_MEMORY) {
        cosend_bytes_clear(&result.rejects);
        cosend_put_raw(&result.rejects, whole->rejects.data,
                       whole->rejects.length);
    }
    snprintf(run, sizeof(run), "a run whose allocation %ld fails", at);
    if (result.error.kind != COSEND_E_MEMORY)
        csi_compare(findings, CSI_RULE_ALLOCATION, trial->input, "one push",
                    whole, run, &result);
    csi_trial_result_free(&result);
    if (live > before)
        csi_find(findings, CSI_RULE_LEAK,
                 "where allocation %ld of a run over %s, %zu records, fails, "
                 "%ld others are not freed",
                 at, trial->input->what, trial->input->count, live - before);
}

void csi_filter_memory(struct csi_findings *findings, const char *spec,
                       const struct csi_trial_input *input,
                       const struct csi_trial_result *whole, long most)
{
    struct csi_trial trial = {.spec = spec,
                              .input = input,
                              .count = input->count,
                              .made = pipeline_is_made};
    long allocations;

    below = csi_allocator_now();
    left = LONG_MAX;
    cosend_set_allocator(count_malloc, count_realloc, count_free);
    if (!csi_is_told(findings, CSI_RULE_LEAK))
        check_leaks(findings, &trial);
    left = LONG_MAX;
    run_and_drop(&trial);
    allocations = LONG_MAX - left;
    for (long i = 0; i < most && i < allocations; i++)
        if (!csi_is_told(findings, CSI_RULE_ALLOCATION))
            check_failure(findings, &trial, whole,
                          allocations <= most ? i : i * allocations / most);
    cosend_set_allocator(below.allocate, below.reallocate, below.release);
}
