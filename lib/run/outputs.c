/* SPDX-License-Identifier: MIT */
/*
 * Nothing is decided of an output before the run has ended. Then each of them
 * has a fate:
 *
 *     COMMITTED        it is what the run was to write
 *     KEPT_AS_PARTIAL  a signal stopped the run: it becomes NAME.partial
 *     DROPPED          the run failed, or an input could not be read
 *
 * and all of them go through the steps of a commit together (io/atomic.c), so
 * that no file is replaced where another cannot be written. A file that is
 * written in place cannot be dropped once it was begun.
 */
#include "run/outputs.h"

#include "cosend/bytes.h"
#include "cosend/group.h"
#include "io/output.h"
#include "io/path.h"

#include <string.h>

/* ---- One writer a file --------------------------------------------------- */

/* A file by its name in its folder, as that may be written otherwise. False
   without memory. */
static bool put_file(struct cosend_bytes *key, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    struct csi_path file = csi_path_of(path);

    cosend_put_u64(key, (uint64_t)file.folder.device);
    cosend_put_u64(key, (uint64_t)file.folder.inode);
    cosend_put_raw(key, name, strlen(name));
    return !key->failed;
}

/* Of two outputs of a file that appears whole the last one would be left. */
static bool add_writer(struct csi_outputs *outputs, struct csi_stage *sink,
                       const struct cosend_output *output)
{
    const char *path = cosend_output_name(output);
    struct cosend_bytes key = {0};
    struct csi_stage **writer = NULL;

    if (!outputs->writers)
        outputs->writers = cosend_table_new(sizeof(*writer), NULL);
    if (outputs->writers && put_file(&key, path))
        writer = cosend_table_get(outputs->writers, key.data, key.length, NULL);
    cosend_bytes_free(&key);
    if (!writer) {
        csi_stage_no_memory(sink);
        return false;
    }
    if (*writer && cosend_output_is_atomic(output)) {
        cosend_fail(&sink->face, COSEND_E_USAGE,
                    "%.300s: step %s writes to it as well", path,
                    (*writer)->node->id);
        return false;
    }
    if (!*writer)
        *writer = sink;
    return true;
}

/* Room for one more, which is the only one of its file. */
static bool make_place(struct csi_outputs *outputs, struct csi_stage *sink,
                       const struct cosend_output *output)
{
    if (csi_grow(&outputs->items, &outputs->capacity, outputs->count + 1,
                 sizeof(*outputs->items)))
        return add_writer(outputs, sink, output);
    csi_stage_no_memory(sink);
    return false;
}

const struct csi_stage *csi_outputs_writer(const struct csi_outputs *outputs,
                                           const char *path)
{
    struct cosend_bytes key = {0};
    struct csi_stage **writer = NULL;

    if (outputs->writers && put_file(&key, path))
        writer = cosend_table_find(outputs->writers, key.data, key.length);
    cosend_bytes_free(&key);
    return writer ? *writer : NULL;
}

bool csi_outputs_add(struct csi_outputs *outputs, struct csi_stage *sink,
                     struct cosend_output *output)
{
    if (output->left) {
        cosend_fail(&sink->face, COSEND_E_USAGE,
                    "it leaves an output to the run twice");
        return false;
    }
    if (!make_place(outputs, sink, output)) {
        cosend_output_free(output);
        return false;
    }
    output->left = true;
    outputs->items[outputs->count] = (struct csi_output_at_end){
        .output = output,
        .stage = sink,
        .is_further = output->together && outputs->count &&
                      outputs->items[outputs->count - 1].stage == sink};
    outputs->count++;
    return true;
}

void csi_outputs_gone(struct csi_outputs *outputs, const struct csi_stage *sink)
{
    const struct csi_plan *plan = sink->shared->plan;
    uint32_t sinks = 0;

    for (uint32_t i = 0; i < plan->node_count; i++)
        sinks += plan->nodes[i].filter->role == COSEND_SINK;
    outputs->gone |= sinks == 1;
}

bool csi_outputs_may_lose(const struct csi_stage *sink, int status)
{
    return status == COSEND_E_ABORTED || sink->node->on_error == CSI_SKIP;
}

void csi_outputs_lose(struct csi_outputs *outputs, const struct csi_stage *sink,
                      int status, const struct cosend_error *error)
{
    cosend_error_set(&outputs->lost, status, "%s", error->message);
    for (size_t i = 0; i < outputs->count; i++)
        outputs->items[i].lost |= outputs->items[i].stage == sink;
}

void csi_outputs_free(struct csi_outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        cosend_output_free(outputs->items[i].output);
    csi_free(outputs->items);
    cosend_table_free(outputs->writers);
}

/* ---- The end ------------------------------------------------------------- */

/* Where a stage before the sink had enough, and ended the branch, the sink's
   file is complete, whatever happens to the rest of the run. */
static bool stands(const struct csi_stage *sink)
{
    return sink->end == COSEND_END_CLOSED && sink->closed_early &&
           !sink->shared->scratch;
}

enum fate { DROPPED, KEPT_AS_PARTIAL, COMMITTED };

static enum fate fate_of(const struct csi_output_at_end *at_end,
                         const struct csi_outputs_end *end)
{
    const struct csi_stage *sink = at_end->stage;
    bool failed = sink->shared->error.kind;

    if (stands(sink))
        return COMMITTED;
    if (at_end->lost && cosend_output_is_atomic(at_end->output))
        return DROPPED;
    if (!cosend_output_is_atomic(at_end->output))
        return failed && !cosend_output_has_begun(at_end->output) ? DROPPED
                                                                  : COMMITTED;
    /* A file that lacks a whole input must not look complete either. */
    return failed || end->incomplete ? DROPPED
           : end->interrupted        ? KEPT_AS_PARTIAL
                                     : COMMITTED;
}

/* Of a file for each value nobody wants to read all names. */
static const char *others_of(const struct csi_output_at_end *at_end)
{
    return at_end->output->together ? ", and likewise each file of that step"
                                    : "";
}

static int keep_partial(struct csi_output_at_end *at_end,
                        struct cosend_error *error)
{
    int status = cosend_output_keep_partial(at_end->output, error);

    if (status == COSEND_OK && !at_end->is_further)
        csi_shared_warn(at_end->stage->shared,
                        "interrupted: what was written is in %s%s",
                        cosend_output_name(at_end->output), others_of(at_end));
    return status;
}

/* The steps of a commit: each is taken for all outputs before the next, so that
   none is replaced where another cannot be written. */
enum step { PREPARE, PUBLISH, SETTLE };

static int take_step(struct csi_output_at_end *at_end,
                     const struct csi_outputs_end *end, enum step step,
                     struct cosend_error *error)
{
    static int (*const steps[])(struct cosend_output *,
                                struct cosend_error *) = {
        cosend_output_prepare, cosend_output_publish, cosend_output_settle};
    enum fate fate = fate_of(at_end, end);
    bool atomic = cosend_output_is_atomic(at_end->output);
    int status = COSEND_OK;

    if (fate == COMMITTED)
        status = steps[step](at_end->output, error);
    else if (fate == KEPT_AS_PARTIAL && step == PUBLISH)
        status = keep_partial(at_end, error);
    at_end->stage->counts.bytes +=
        cosend_output_bytes(at_end->output) - at_end->bytes;
    at_end->bytes = cosend_output_bytes(at_end->output);
    at_end->replaced |=
        fate == COMMITTED && atomic && step == PUBLISH && status == COSEND_OK;
    return status;
}

/* Report an output's failure once: it is the answer of all later steps too. */
static void record_end(struct csi_outputs *outputs,
                       struct csi_output_at_end *at_end, int status,
                       const struct cosend_error *error)
{
    struct csi_stage *sink = at_end->stage;

    if (at_end->failed || status == COSEND_OK)
        return;
    at_end->failed = true;
    if (status == COSEND_DONE)
        csi_outputs_gone(outputs, sink);
    else if (csi_outputs_may_lose(sink, status))
        cosend_error_set(&outputs->lost, status, "%s", error->message);
    else
        csi_stage_fail(sink, error);
}

/* Warn of files that a failed run has replaced all the same, and of those that
   were not written: the user has to know which are new. */
static void warn_of_outputs(const struct csi_outputs *outputs,
                            const struct csi_outputs_end *end)
{
    for (size_t i = 0; i < outputs->count; i++) {
        const struct csi_output_at_end *at_end = &outputs->items[i];
        struct csi_shared *shared = at_end->stage->shared;
        const char *name = cosend_output_name(at_end->output);

        if (at_end->is_further)
            continue;
        if (end->incomplete && !shared->error.kind &&
            cosend_output_is_atomic(at_end->output) && !stands(at_end->stage))
            csi_shared_warn(shared,
                            "%s: not written, because not every input could "
                            "be read%s",
                            name, others_of(at_end));
        if (shared->error.kind && at_end->replaced && !stands(at_end->stage))
            csi_shared_warn(shared, "%s: was replaced, although the run failed",
                            name);
    }
}

/* What prepare, or publish, has left to be synced: once for each sink. */
static void sync_together(struct csi_outputs *outputs,
                          const struct csi_outputs_end *end)
{
    const struct csi_stage *last = NULL;

    for (size_t i = 0; i < outputs->count; i++) {
        struct csi_output_at_end *at_end = &outputs->items[i];
        struct cosend_error error = {0};

        if (!at_end->output->together || at_end->stage == last ||
            fate_of(at_end, end) != COMMITTED)
            continue;
        last = at_end->stage;
        record_end(outputs, at_end,
                   csi_output_sync_together(at_end->output, &error), &error);
    }
}

void csi_outputs_settle(struct csi_outputs *outputs,
                        const struct csi_outputs_end *end)
{
    for (size_t i = 0; i < outputs->count; i++)
        csi_output_sync_soon(outputs->items[i].output);
    for (enum step step = PREPARE; step <= SETTLE; step++) {
        for (size_t i = 0; i < outputs->count; i++) {
            struct cosend_error error = {0};
            int status = take_step(&outputs->items[i], end, step, &error);

            record_end(outputs, &outputs->items[i], status, &error);
        }
        if (step != SETTLE)
            sync_together(outputs, end);
    }
    warn_of_outputs(outputs, end);
    for (size_t i = 0; i < outputs->count; i++)
        cosend_output_free(outputs->items[i].output);
    outputs->count = 0;
}
