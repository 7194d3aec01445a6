/* SPDX-License-Identifier: MIT */
/*
 * A pipeline of one step is made anew for each run, and is pushed into, or run
 * over a file. Its records are written down as text, so that two runs can be
 * compared, and shown: absent fields are left out, null is null, and bytes that
 * are no UTF-8 are \xNN. What else is to be known of the step is read off the
 * stage, which a program could not.
 */
#include "pipeline/trial.h"

#include "pipeline/pipeline.h"
#include "read/chunker.h"

#include <stdio.h>
#include <string.h>

/* Behind every record of the other run. */
static const uint64_t later_place = UINT64_C(1) << 32;

/* ---- Records as text ----------------------------------------------------- */

static void put_visible(struct cosend_bytes *to, const char *data,
                        size_t length)
{
    static const char digits[] = "0123456789abcdef";
    struct csi_text text = {0};

    if (csi_text_utf8(&text, data, length))
        for (size_t i = 0; i < text.length; i++) {
            unsigned char c = (unsigned char)text.data[i];
            char escape[4] = {'\\', 'x', digits[c >> 4], digits[c & 15]};

            if (c < ' ' || c == 0x7F)
                cosend_put_raw(to, escape, sizeof(escape));
            else
                cosend_put_raw(to, &text.data[i], 1);
        }
    else
        to->failed = true;
    csi_text_free(&text);
}

static void put_cell_shown(struct cosend_bytes *to, const char *name,
                           size_t name_length, struct cosend_cell cell)
{
    bool quoted = cell.kind == COSEND_TEXT;

    cosend_put_raw(to, "\"", 1);
    put_visible(to, name, name_length);
    cosend_put_raw(to, "\": ", 3);
    if (cell.kind == COSEND_NULL)
        cosend_put_raw(to, "null", 4);
    cosend_put_raw(to, "\"", quoted);
    put_visible(to, cell.data, cell.length);
    cosend_put_raw(to, "\"", quoted);
}

static int write_record(const struct cosend_record *record, void *context)
{
    struct csi_trial_result *result = context;
    struct cosend_error error = {0};
    struct cosend_item item = {0};
    const char *before = "{";

    while (cosend_next_item(record, &item, &error)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        cosend_put_raw(&result->text, before, strlen(before));
        put_cell_shown(&result->text, item.name, item.name_length, item.cell);
        before = ", ";
    }
    result->text.failed |= error.kind != 0;
    cosend_put_raw(&result->text, "{}", before[0] == '{' ? 2 : 0);
    cosend_put_raw(&result->text, "}", before[0] == ',');
    if (csi_grow(&result->ends, &result->capacity, result->count + 1,
                 sizeof(size_t)))
        result->ends[result->count++] = result->text.length;
    else
        result->text.failed = true;
    return result->count == result->enough ? COSEND_DONE : COSEND_OK;
}

/* But where it stood: that depends on how it came. */
static int write_reject(const struct cosend_reject *reject, void *context)
{
    struct csi_trial_result *result = context;
    struct cosend_bytes *to = &result->rejects;

    put_visible(to, reject->kind, strlen(reject->kind));
    cosend_put_raw(to, ": ", 2);
    put_visible(to, reject->reason, strlen(reject->reason));
    cosend_put_raw(to, ": ", 2);
    put_visible(to, reject->raw, reject->raw ? reject->raw_length : 0);
    cosend_put_raw(to, "\n", 1);
    return COSEND_OK;
}

static void write_values(const struct cosend_pipeline *pipeline,
                         struct csi_trial_result *result)
{
    struct cosend_cell cell;
    const char *name;

    for (size_t i = 0; cosend_pipeline_result(pipeline, 1, i, &name, &cell);
         i++) {
        cosend_put_raw(&result->values, ", ", i ? 2 : 0);
        put_cell_shown(&result->values, name, strlen(name), cell);
    }
}

/* ---- Pushing ------------------------------------------------------------- */

/* Save, and throw away: what a snapshot does to the step. */
static void look_at_state(struct cosend_pipeline *pipeline,
                          struct csi_trial_result *result)
{
    struct cosend_bytes bytes = {0};

    result->saved = cosend_pipeline_save(pipeline, &bytes);
    cosend_bytes_free(&bytes);
}

static int push_part(struct cosend_pipeline *pipeline,
                     const struct csi_trial *trial, const char *data,
                     size_t length, struct csi_trial_result *result)
{
    int status = COSEND_OK;

    while (status == COSEND_OK && length) {
        size_t piece =
            trial->piece && trial->piece < length ? trial->piece : length;

        status = cosend_pipeline_push(pipeline, data, piece, &result->error);
        if (status == COSEND_OK && trial->flush)
            status = cosend_pipeline_flush(pipeline, &result->error);
        if (status == COSEND_OK && trial->look)
            look_at_state(pipeline, result);
        data += piece;
        length -= piece;
    }
    return status;
}

static void push_records(struct cosend_pipeline *pipeline,
                         const struct csi_trial *trial,
                         struct csi_trial_result *result)
{
    const struct csi_trial_input *input = trial->input;
    const char *data = (const char *)input->text.data;
    size_t from = trial->first ? input->ends[trial->first - 1] : input->header;
    size_t to =
        trial->count ? input->ends[trial->first + trial->count - 1] : from;
    int status;

    if (trial->first == 0 && !trial->piece)
        push_part(pipeline, trial, data, to, result);
    else {
        status = push_part(pipeline, trial, data, input->header, result);
        if (status == COSEND_OK)
            push_part(pipeline, trial, to > from ? data + from : data,
                      to - from, result);
    }
}

static void merge_states(struct cosend_pipeline *pipeline,
                         const struct csi_trial *trial,
                         struct csi_trial_result *result)
{
    for (size_t i = 0; i < trial->merged_count; i++) {
        const struct cosend_bytes *bytes = &trial->merged[i];
        struct cosend_reader_bytes from =
            cosend_read_bytes(bytes->data, bytes->length);
        int status = cosend_pipeline_merge(pipeline, &from);

        if (status < 0)
            cosend_error_set(&result->error, status, "%s",
                             cosend_pipeline_refusal(pipeline));
    }
}

static void push_all(struct cosend_pipeline *pipeline,
                     const struct csi_trial *trial,
                     struct csi_trial_result *result)
{
    int status = cosend_pipeline_open(pipeline, &result->error);

    if (status < 0)
        return;
    result->opened = true;
    if (trial->later)
        pipeline->run->shared.position = later_place;
    merge_states(pipeline, trial, result);
    push_records(pipeline, trial, result);
    result->published = pipeline->run->stages[1].state != NULL;
    if (trial->saved)
        result->saved = cosend_pipeline_save(pipeline, trial->saved);
    cosend_pipeline_finish(pipeline, &result->error);
}

/* ---- The run ------------------------------------------------------------- */

static void read_stage(const struct cosend_pipeline *pipeline,
                       struct csi_trial_result *result)
{
    const struct csi_stage *stage;

    if (!pipeline->run || pipeline->run->stage_count < 2)
        return;
    stage = &pipeline->run->stages[1];
    result->parallel = stage->parallel;
    result->on_error = (int)stage->node->on_error;
    result->forgotten = stage->kept_forgotten;
    result->lost = stage->kept_lost;
    result->refused = stage->refused;
    result->balanced = cosend_pipeline_balanced(pipeline);
    result->ended_early =
        cosend_pipeline_ended_early(pipeline) || stage->end == COSEND_NOT_ENDED;
    result->ledger.size = sizeof(result->ledger);
    cosend_pipeline_ledger(pipeline, 1, &result->ledger);
    write_values(pipeline, result);
}

/* The options struct of the step, as its check has left it. */
static void run_watched(struct cosend_pipeline *pipeline,
                        const struct csi_trial *trial,
                        struct csi_trial_result *result)
{
    const struct csi_node *node = &pipeline->plan->nodes[1];
    size_t size = node->filter->options_size;
    void *before = csi_malloc(size);

    if (!before) {
        csi_no_memory(&result->error);
        return;
    }
    if (size)
        memcpy(before, node->options, size);
    if (trial->path) {
        cosend_pipeline_run(pipeline, &result->error);
        result->opened = pipeline->run != NULL;
    } else {
        push_all(pipeline, trial, result);
    }
    result->changed = size && memcmp(before, node->options, size) != 0;
    csi_free(before);
    read_stage(pipeline, result);
}

void csi_trial_run(const struct csi_trial *trial,
                   struct csi_trial_result *result)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = !trial->path,
                                     .quiet = true,
                                     .no_environment = true,
                                     .input_format = trial->input->format,
                                     .files = &trial->path,
                                     .file_count = trial->path != NULL,
                                     .batch_size = trial->batch_size,
                                     .threads = trial->threads,
                                     .on_error = trial->on_error,
                                     .record = write_record,
                                     .reject = write_reject,
                                     .context = result};
    struct cosend_pipeline *pipeline;
    size_t usual = csi_block_bytes;

    *result = (struct csi_trial_result){.saved = COSEND_E_USAGE,
                                        .enough = trial->enough};
    if (trial->block_bytes)
        csi_block_bytes = trial->block_bytes;
    pipeline = cosend_pipeline_from_json(trial->spec, strlen(trial->spec),
                                         &options, &result->error);
    if (trial->made)
        trial->made();
    if (pipeline)
        run_watched(pipeline, trial, result);
    cosend_pipeline_free(pipeline);
    csi_block_bytes = usual;
    if (result->text.failed || result->values.failed || result->rejects.failed)
        csi_no_memory(&result->error);
}

void csi_trial_result_free(struct csi_trial_result *result)
{
    cosend_bytes_free(&result->text);
    cosend_bytes_free(&result->values);
    cosend_bytes_free(&result->rejects);
    csi_free(result->ends);
    *result = (struct csi_trial_result){0};
}

/* ---- Comparing ----------------------------------------------------------- */

static bool same_bytes(const struct cosend_bytes *a,
                       const struct cosend_bytes *b)
{
    return a->length == b->length &&
           (!a->length || memcmp(a->data, b->data, a->length) == 0);
}

/* What a step that had enough did not look at depends on batches. */
static bool same_counts(const struct csi_trial_result *a,
                        const struct csi_trial_result *b)
{
    const struct cosend_ledger *x = &a->ledger, *y = &b->ledger;

    if (x->out != y->out || x->created != y->created)
        return false;
    return a->ended_early || a->error.kind ||
           (x->dropped == y->dropped && x->absorbed == y->absorbed &&
            x->skipped == y->skipped && x->rejected == y->rejected);
}

bool csi_trial_same(const struct csi_trial_result *a,
                    const struct csi_trial_result *b, size_t *at)
{
    size_t from = 0;

    for (size_t i = 0; i < a->count || i < b->count; i++) {
        *at = i;
        if (i >= a->count || i >= b->count || a->ends[i] != b->ends[i] ||
            (a->ends[i] > from &&
             memcmp(a->text.data + from, b->text.data + from,
                    a->ends[i] - from) != 0))
            return false;
        from = a->ends[i];
    }
    *at = SIZE_MAX;
    return a->error.kind == b->error.kind &&
           strcmp(a->error.message, b->error.message) == 0 &&
           same_bytes(&a->values, &b->values) && same_counts(a, b) &&
           (a->ended_early || a->error.kind ||
            same_bytes(&a->rejects, &b->rejects));
}
