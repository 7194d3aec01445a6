/* SPDX-License-Identifier: MIT */
/*
 * For authors of filters: run a filter in every way in which a pipeline may run
 * it, and be told where the results differ, what it holds or leaks, and what of
 * its row is untrue.
 *
 *     static void print(const struct cosend_finding *finding, void *context)
 *     {
 *         fprintf(context, "%s: %s\n", finding->rule, finding->text);
 *     }
 *
 *     struct cosend_filter_check check = {
 *         .size = sizeof(check), .stage = "shout", .finding = print,
 *         .context = stderr};
 *     int findings = cosend_check_filter(&check, &error);
 */
#ifndef COSEND_CHECK_FILTER_H
#define COSEND_CHECK_FILTER_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One thing that is wrong with a filter. Sized. Its strings live until the call
   returns. Made by the library: more may come at its end. */
struct cosend_finding {
    size_t size;       /* of this struct */
    const char *rule;  /* a stable word for tools: see below */
    const char *stage; /* as it ran: {"top": {"n": 3}}; or the filter's name */
    const char *text;  /* what was seen, and what to do: lines of text */
};

/*
 * What is checked. Of each rule but the first two one finding is told: mend it,
 * and check again.
 *
 *     row         name, summary, details, help and examples of the row
 *     example     the row's example, or an option's, is not a pipeline
 *     repeat      the same run twice gives the same
 *     batch_size  so do batches of 1, 2, 7 and many records
 *     cut         ... and input that comes in other pieces, or is flushed
 *     save        ... and a state that is saved in between, as by a snapshot
 *     threads     ... and 1, 2 and 4 threads
 *     stateless   COSEND_STATELESS: each record alone gives what all give
 *     merges      COSEND_MERGES: a state that is saved and merged goes on as
 *                 the one it was; several that are merged are one of all
 *     absorbs     what is neither emitted nor bad went into a state, or not
 *     options     they are the same after a run as before
 *     on_error    reject, skip and fail differ as they must
 *     fails       no record makes the step fail, where bad ones are rejected
 *     done        it does not go on for long where nobody takes its records
 *     ledger      what is counted balances
 *     held        what was kept is emitted, or released
 *     leak        memory: the same at the end as at the beginning
 *     allocation  each allocation may fail
 */
struct cosend_filter_check {
    size_t size; /* sizeof(struct cosend_filter_check) */
    /*
     * A built-in or registered filter with its options, as in one line: "top 3
     * size"; or as in a spec, which a step with steps inside needs:
     * {"tee": [{"grep": "a"}]}. A name alone stands for several: the filter
     * without options where it can be, as its row's example has it, and with
     * the example of each of its options.
     */
    const char *stage;
    /* Beside the inputs that the check makes; NULL: none. */
    const char *input;
    size_t input_length;
    int input_format; /* enum cosend_format_name; 0: lines of text */
    /* Leave the allocator alone: no `leak` and no `allocation`. */
    bool keep_allocator;
    /* Called with each finding. */
    void (*finding)(const struct cosend_finding *finding, void *context);
    /* Called before each run, with what it is, a line: what crashed, or does
       not end, is known by it. NULL: not. */
    void (*trial)(const char *what, void *context);
    void *context;
};

/*
 * Check a filter. It makes lines of text, a table and JSON lines with the
 * fields that the options name: none, one, and many records; numbers, texts,
 * times, addresses, empty, absent and null values, long ones, and bytes that
 * are no UTF-8.
 *
 * It has the process to itself: no other thread may use cosend meanwhile, as
 * the allocator is replaced (cosend_set_allocator) and blocks are made small.
 * What a body takes from malloc itself is seen with glibc, by its mallinfo2,
 * where it runs on the main thread and no sanitizer or valgrind is at work;
 * without, it is not. A body that crashes or does not end does so here too;
 * `cosend check-filter` runs all of it in a process of its own, and tells.
 *
 * Returns how many findings there were, 0 being what is hoped for; or
 * COSEND_E_USAGE for a struct that cannot be, or a stage that is a source, a
 * sink, several stages, or none that is known; COSEND_E_SPEC for options that
 * it does not take; COSEND_E_OUTPUT where there is no room for the temporary
 * file that threads read; COSEND_E_MEMORY.
 */
COSEND_API int cosend_check_filter(const struct cosend_filter_check *check,
                                   struct cosend_error *error);

#ifdef __cplusplus
}
#endif

#endif
