/* SPDX-License-Identifier: MIT */
/*
 * Rejects of one block of input are written together, ordered by record and
 * then by step, so that their order does not depend on how the records were
 * batched, or on which thread had them. Rejects of records behind the one at
 * which a run fails are left out: had records come one by one, these would not
 * have been read.
 */
#include "run/rejects.h"

#include "cosend/coroutine.h"
#include "run/reject_text.h"

#include <stdlib.h>

enum { MOST_WARNINGS = 5 };

/* ---- Keeping them -------------------------------------------------------- */

static int by_order(const void *left, const void *right)
{
    const struct csi_reject *a = left, *b = right;

    if (a->ordinal != b->ordinal)
        return a->ordinal < b->ordinal ? -1 : 1;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

/* The one that comes last in the input. */
static struct csi_reject *find_last(const struct csi_reject_list *waiting)
{
    struct csi_reject *last = waiting->items;

    for (size_t i = 1; i < waiting->count; i++)
        if (by_order(&waiting->items[i], last) > 0)
            last = &waiting->items[i];
    return last;
}

static struct csi_reject new_reject(const struct csi_rejects *rejects,
                                    const struct csi_stage *stage,
                                    uint64_t ordinal)
{
    return (struct csi_reject){.ordinal = ordinal,
                               .step = stage->index,
                               .number = (uint32_t)rejects->waiting.count};
}

bool csi_rejects_want(const struct csi_rejects *rejects,
                      const struct csi_stage *stage, uint64_t ordinal)
{
    const struct csi_reject_list *waiting = &rejects->waiting;
    struct csi_reject reject = new_reject(rejects, stage, ordinal);

    if (stage->shared->plan->rejects_path || stage->shared->options->reject)
        return true;
    if (stage->shared->options->quiet)
        return false;
    if (rejects->warned + waiting->count < MOST_WARNINGS)
        return true;
    return rejects->warned < MOST_WARNINGS &&
           by_order(&reject, find_last(waiting)) <= 0;
}

static void free_texts(struct csi_reject *reject)
{
    csi_text_free(&reject->text);
    csi_text_free(&reject->summary);
    csi_text_free(&reject->pieces);
}

/* The place of one that is wanted: a new one, or, where not `all` are and there
   are enough, that of the last. NULL without memory. */
static struct csi_reject *place_reject(struct csi_rejects *rejects, bool all)
{
    struct csi_reject_list *waiting = &rejects->waiting;
    struct csi_reject *last;

    if (all || rejects->warned + waiting->count < MOST_WARNINGS)
        return csi_grow(&waiting->items, &waiting->capacity, waiting->count + 1,
                        sizeof(*waiting->items))
                   ? &waiting->items[waiting->count++]
                   : NULL;
    last = find_last(waiting);
    free_texts(last);
    return last;
}

/* Say what is wrong to whoever is to be told. False without memory. */
static bool describe(struct csi_reject *to, const struct csi_stage *stage,
                     const struct csi_bad_record *bad)
{
    bool file = stage->shared->plan->rejects_path;
    bool host = stage->shared->options->reject;

    if (!file && !host)
        return csi_reject_summarise(&to->summary, stage, bad);
    return (!file || csi_reject_describe(&to->text, stage, bad)) &&
           (!host || csi_reject_tell(&to->told, &to->pieces, stage, bad));
}

bool csi_rejects_keep(struct csi_rejects *rejects,
                      const struct csi_stage *stage,
                      const struct csi_bad_record *bad)
{
    struct csi_reject reject = new_reject(rejects, stage, bad->ordinal);
    struct csi_reject *to;

    if (!csi_rejects_want(rejects, stage, bad->ordinal))
        return true;
    to = place_reject(rejects, stage->shared->plan->rejects_path ||
                                   stage->shared->options->reject);
    if (!to)
        return false;
    *to = reject;
    if (describe(to, stage, bad))
        return true;
    /* A part of a line must not be written as if it were the reject. */
    free_texts(to);
    return false;
}

bool csi_rejects_move(struct csi_reject_list *to, struct csi_reject_list *from)
{
    if (!csi_grow(&to->items, &to->capacity, to->count + from->count,
                  sizeof(*to->items)))
        return false;
    for (size_t i = 0; i < from->count; i++) {
        struct csi_reject *reject = &to->items[to->count++];

        *reject = from->items[i];
        reject->number = (uint32_t)to->count;
    }
    from->count = 0;
    return true;
}

void csi_rejects_empty(struct csi_reject_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free_texts(&list->items[i]);
    list->count = 0;
}

void csi_rejects_free(struct csi_rejects *rejects)
{
    csi_rejects_empty(&rejects->waiting);
    csi_free(rejects->waiting.items);
    cosend_output_free(rejects->output);
}

/* ---- Writing them -------------------------------------------------------- */

/* For a call on the host's stack. */
struct telling_reject {
    const struct cosend_options *options;
    const struct cosend_reject *told;
};

static int tell_reject(void *argument)
{
    const struct telling_reject *telling = argument;
    const struct cosend_options *options = telling->options;

    return options->reject ? options->reject(telling->told, options->context)
                           : COSEND_OK;
}

static int tell_host(const struct csi_shared *shared,
                     const struct cosend_reject *told,
                     struct cosend_error *error)
{
    struct telling_reject telling = {shared->options, told};
    int answer = cosend_call_outside(tell_reject, &telling);

    if (answer == COSEND_OK)
        return answer;
    return cosend_error_set(error, answer < 0 ? answer : COSEND_E_USAGE,
                            "the host program's callback for rejects answered "
                            "%d",
                            answer);
}

static int write_reject(struct csi_rejects *rejects, struct csi_shared *shared,
                        const struct csi_reject *reject,
                        struct cosend_error *error)
{
    int status = COSEND_OK;

    if (reject->text.length)
        status = cosend_output_write(rejects->output, reject->text.data,
                                     reject->text.length, error);
    if (status == COSEND_OK && reject->pieces.length)
        status = tell_host(shared, &reject->told, error);
    if (reject->summary.length && rejects->warned < MOST_WARNINGS) {
        rejects->warned++;
        csi_shared_warn(shared, "%s", reject->summary.data);
    }
    return status;
}

static int open_output(struct csi_rejects *rejects, struct csi_shared *shared,
                       struct cosend_error *error)
{
    if (rejects->output || !shared->plan->rejects_path)
        return COSEND_OK;
    return cosend_output_open(shared->io, shared->plan->rejects_path,
                              COSEND_OUTPUT_PLAIN, &rejects->output, error);
}

int csi_rejects_open(struct csi_rejects *rejects, struct csi_shared *shared)
{
    struct cosend_error error = {0};
    int status = open_output(rejects, shared, &error);

    if (status < 0)
        csi_shared_fail(shared, &error, 0);
    return status;
}

/* Not all rejects could be written, so the run fails. */
static int fail_rejects(struct csi_rejects *rejects, struct csi_shared *shared,
                        int status, struct cosend_error *error)
{
    if (status == COSEND_DONE)
        status =
            cosend_error_set(error, COSEND_E_OUTPUT,
                             "%s: rejects were lost: nobody reads it any more",
                             cosend_output_name(rejects->output));
    if (error->kind)
        csi_shared_fail(shared, error, CSI_ORDINAL_END);
    return status;
}

int csi_rejects_begin(struct csi_rejects *rejects, struct csi_shared *shared)
{
    struct cosend_error error = {0};
    int status = COSEND_OK;

    if (rejects->output && !cosend_output_has_begun(rejects->output))
        status = cosend_output_begin(rejects->output, &error);
    return status == COSEND_OK ? status
                               : fail_rejects(rejects, shared, status, &error);
}

int csi_rejects_flush(struct csi_rejects *rejects, struct csi_shared *shared)
{
    struct csi_reject_list *waiting = &rejects->waiting;
    struct cosend_error error = {0};
    int status = COSEND_OK;

    if (!waiting->count)
        return COSEND_OK;
    qsort(waiting->items, waiting->count, sizeof(*waiting->items), by_order);
    for (size_t i = 0; i < waiting->count && status == COSEND_OK; i++)
        if (waiting->items[i].ordinal <= csi_shared_error_ordinal(shared))
            status = write_reject(rejects, shared, &waiting->items[i], &error);
    csi_rejects_empty(waiting);
    if (status == COSEND_OK && rejects->output)
        status = cosend_output_flush(rejects->output, &error);
    return status == COSEND_OK ? status
                               : fail_rejects(rejects, shared, status, &error);
}

int csi_rejects_finish(struct csi_rejects *rejects, struct csi_shared *shared)
{
    struct cosend_error error = {0};
    int status = csi_rejects_flush(rejects, shared);

    /* A run that failed before it began leaves the rejects of an earlier one.
     */
    if (status == COSEND_OK && rejects->output &&
        (!shared->error.kind || cosend_output_has_begun(rejects->output)))
        status = cosend_output_commit(rejects->output, &error);
    return status == COSEND_OK ? status
                               : fail_rejects(rejects, shared, status, &error);
}
