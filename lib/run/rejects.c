/* SPDX-License-Identifier: MIT */
/*
 * Bad records: what on_error makes of them, and the JSON lines that tell where
 * each came from. Rejects of one block of input are written together, ordered
 * by record and then by step, so that their order does not depend on how the
 * records were batched.
 */
#include "run/run.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD = 5, RAW_MAX = 4096 };

/* ---- A reject as a JSON line --------------------------------------------- */

static bool add_number(struct csi_text *text, const char *key, uint64_t number)
{
    return csi_text_string(text, key) && csi_text_unsigned(text, number);
}

static bool add_string(struct csi_text *text, const char *key,
                       const char *value)
{
    return csi_text_string(text, key) &&
           csi_text_json(text, value, strlen(value));
}

static bool add_base64(struct csi_text *text, const char *data, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)data;

    for (size_t left = length; left; at += 3) {
        size_t take = left < 3 ? left : 3;
        unsigned long bits = (unsigned long)at[0] << 16 |
                             (take > 1 ? (unsigned long)at[1] << 8 : 0) |
                             (take > 2 ? (unsigned long)at[2] : 0);
        char out[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
                       take > 1 ? digits[bits >> 6 & 63] : '=',
                       take > 2 ? digits[bits & 63] : '='};

        if (!csi_text_add(text, out, sizeof(out)))
            return false;
        left -= take;
    }
    return true;
}

static bool add_raw(struct csi_text *text, const struct csi_provenance *place,
                    bool truncated)
{
    size_t length = place->raw_length;
    bool ok;

    if (truncated && length > RAW_MAX)
        length = RAW_MAX;
    if (!place->raw)
        return csi_text_string(text, ",\"raw\":null");
    if (csi_utf8_is_valid(place->raw, length))
        ok = csi_text_string(text, ",\"raw\":") &&
             csi_text_json(text, place->raw, length);
    else
        ok = csi_text_string(text, ",\"raw_base64\":\"") &&
             add_base64(text, place->raw, length) &&
             csi_text_string(text, "\"");
    return ok && (!truncated || csi_text_string(text, ",\"truncated\":true"));
}

/* The record's fields at that step, where the raw bytes do not show them. */
static bool add_fields(struct csi_text *text,
                       const struct cosend_record *record)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    const char *raw;
    size_t length;
    bool first = true;

    if (!record || cosend_record_raw(record, &raw, &length))
        return true;
    if (!csi_text_string(text, ",\"record\":{"))
        return false;
    while (cosend_next_item(record, &item, &error)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        if ((!first && !csi_text_string(text, ",")) ||
            !csi_text_member(text, &item))
            return false;
        first = false;
    }
    return !error.kind && csi_text_string(text, "}");
}

static bool describe(struct csi_text *text, const struct csi_stage *stage,
                     const struct cosend_record *record,
                     const struct csi_provenance *place, const char *kind,
                     const char *reason, bool truncated)
{
    if (place->source) {
        if (!add_string(text, "{\"source\":", place->source) ||
            !add_number(text, ",\"line\":", place->line) ||
            !add_number(text, ",\"offset\":", place->offset))
            return false;
    } else if (!csi_text_string(
                   text, "{\"source\":null,\"line\":null,\"offset\":null")) {
        return false;
    }
    return add_string(text, ",\"step\":", stage->node->id) &&
           add_string(text, ",\"kind\":", kind) &&
           add_string(text, ",\"reason\":", reason) &&
           add_raw(text, place, truncated) && add_fields(text, record) &&
           csi_text_string(text, "}\n");
}

static bool summarise(struct csi_text *text, const struct csi_stage *stage,
                      const struct csi_provenance *place, const char *reason)
{
    if (place->source &&
        (!csi_text_string(text, place->source) ||
         !add_number(text, ":", place->line) || !csi_text_string(text, ": ")))
        return false;
    return csi_text_string(text, "step ") &&
           csi_text_string(text, stage->node->id) &&
           csi_text_string(text, ": ") && csi_text_string(text, reason) &&
           csi_text_add(text, "", 1);
}

/* ---- on_error ------------------------------------------------------------ */

static int by_order(const void *left, const void *right)
{
    const struct csi_reject *a = left, *b = right;

    if (a->ordinal != b->ordinal)
        return a->ordinal < b->ordinal ? -1 : 1;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

/* Where only a few are told, those that come first in the input: a place for
   another reject, that of the last one kept; or NULL where it is behind all. */
static struct csi_reject *replace_last(struct csi_run *run,
                                       const struct csi_reject *reject)
{
    struct csi_reject *last = run->rejects;

    for (size_t i = 1; i < run->reject_count; i++)
        if (by_order(&run->rejects[i], last) > 0)
            last = &run->rejects[i];
    if (run->told >= TOLD || by_order(reject, last) > 0)
        return NULL;
    csi_text_free(&last->text);
    csi_text_free(&last->summary);
    return last;
}

static bool keep(struct csi_stage *stage, const struct cosend_record *record,
                 const struct csi_provenance *place, uint64_t ordinal,
                 const char *kind, const char *reason, bool truncated)
{
    struct csi_run *run = stage->run;
    struct csi_reject reject = {.ordinal = ordinal,
                                .step = stage->index,
                                .number = (uint32_t)run->reject_count};
    bool file = run->plan->rejects_path;
    struct csi_reject *to;

    if (!file && run->options->quiet)
        return true;
    if (!file && run->told + run->reject_count >= TOLD) {
        to = replace_last(run, &reject);
        if (!to)
            return true;
    } else {
        if (!csi_grow(&run->rejects, &run->reject_capacity,
                      run->reject_count + 1, sizeof(reject)))
            return false;
        to = &run->rejects[run->reject_count++];
    }
    *to = reject;
    if (file
            ? describe(&to->text, stage, record, place, kind, reason, truncated)
            : summarise(&to->summary, stage, place, reason))
        return true;
    /* Half a line would be read as something else, or beyond its end. */
    csi_text_free(&to->text);
    csi_text_free(&to->summary);
    return false;
}

static void fail(struct csi_stage *stage, const struct csi_provenance *place,
                 uint64_t ordinal, const char *reason)
{
    struct cosend_error error = {0};

    cosend_error_set(&error, COSEND_E_DATA, "%s", reason);
    snprintf(error.step, sizeof(error.step), "%s", stage->node->id);
    if (place->source)
        snprintf(error.source, sizeof(error.source), "%s", place->source);
    error.line = place->line;
    error.offset = place->offset;
    csi_run_fail(stage->run, &error, ordinal);
    csi_stage_stop(stage, COSEND_END_FAILED);
}

void csi_reject(struct csi_stage *stage, const struct cosend_record *record,
                const struct csi_provenance *place, uint64_t ordinal,
                const char *kind, const char *reason, bool truncated)
{
    struct csi_run *run = stage->run;

    switch (stage->node->on_error) {
    case CSI_SKIP:
        stage->skipped++;
        run->errors++;
        return;
    case CSI_REJECT:
        stage->rejected++;
        run->errors++;
        if (!run->scratch &&
            !keep(stage, record, place, ordinal, kind, reason, truncated))
            cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
        return;
    case CSI_FAIL:
        stage->rejected++;
        fail(stage, place, ordinal, reason);
        return;
    }
}

void cosend_bad(struct cosend_stage *self, const struct cosend_record *record,
                const char *kind, const char *format, ...)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_provenance place = {0};
    uint64_t ordinal = csi_stage_cause(stage);
    char reason[512];
    va_list arguments;

    if (stage->end == COSEND_END_FAILED || stage->end == COSEND_END_ABORTED)
        return;
    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    if (record) {
        csi_record_provenance(record, &place);
        if (record->batch == self->batch)
            ordinal = csi_batch_ordinal(record->batch, record->position);
    }
    if (record && record->batch == self->batch && self->unsettled)
        self->unsettled--;
    else if (!record || !csi_kept_count(stage, record->batch))
        stage->created++;
    csi_reject(stage, record, &place, ordinal, kind, reason, false);
}

/* ---- Writing them -------------------------------------------------------- */

static int write_one(struct csi_run *run, const struct csi_reject *reject,
                     struct cosend_error *error)
{
    if (reject->text.length)
        return cosend_output_write(run->reject_output, reject->text.data,
                                   reject->text.length, error);
    if (reject->summary.length && run->told < TOLD) {
        run->told++;
        csi_run_warn(run, "%s", reject->summary.data);
    }
    return COSEND_OK;
}

static int open_output(struct csi_run *run, struct cosend_error *error)
{
    if (run->reject_output || !run->plan->rejects_path)
        return COSEND_OK;
    return cosend_output_open(run->io, run->plan->rejects_path,
                              COSEND_OUTPUT_PLAIN, &run->reject_output, error);
}

int csi_rejects_open(struct csi_run *run)
{
    struct cosend_error error = {0};
    int status = open_output(run, &error);

    if (status < 0)
        csi_run_fail(run, &error, 0);
    return status;
}

int csi_rejects_flush(struct csi_run *run)
{
    struct cosend_error error = {0};
    int status = COSEND_OK;

    if (!run->reject_count)
        return COSEND_OK;
    qsort(run->rejects, run->reject_count, sizeof(*run->rejects), by_order);
    for (size_t i = 0; i < run->reject_count; i++) {
        if (status >= 0)
            status = write_one(run, &run->rejects[i], &error);
        csi_text_free(&run->rejects[i].text);
        csi_text_free(&run->rejects[i].summary);
    }
    run->reject_count = 0;
    if (status >= 0 && run->reject_output)
        status = cosend_output_flush(run->reject_output, &error);
    if (status < 0)
        csi_run_fail(run, &error, CSI_ORDINAL_END);
    return status;
}
