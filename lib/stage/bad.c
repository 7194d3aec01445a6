/* SPDX-License-Identifier: MIT */
#include "stage/bad.h"

#include "cosend/text.h"
#include "stage/kept.h"
#include "stage/open_fields.h"
#include "stage/pen.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void fail_for(struct csi_stage *stage, const struct csi_bad_record *bad)
{
    const struct cosend_record *record = bad->record;
    const struct csi_provenance *place = bad->place;
    struct cosend_error error = {0};

    cosend_error_set(&error, COSEND_E_DATA, "%s", bad->reason);
    snprintf(error.step, sizeof(error.step), "%s", stage->node->id);
    if (place->source)
        snprintf(error.source, sizeof(error.source), "%s", place->source);
    error.line = place->line;
    error.offset = place->offset;
    csi_shared_fail(stage->shared, &error, bad->ordinal);
    csi_stage_stop(stage, COSEND_END_FAILED);
    if (record && record->batch == stage->face.batch)
        stage->bad_at = record->position + 1;
}

static void skip_bad(struct csi_stage *stage)
{
    stage->counts.skipped++;
    stage->shared->bad++;
}

void csi_stage_skip(struct csi_stage *stage)
{
    csi_counts_note_bad(&stage->counts, "", true);
    skip_bad(stage);
}

void csi_stage_bad(struct csi_stage *stage, const struct csi_bad_record *bad)
{
    struct csi_shared *shared = stage->shared;

    csi_counts_note_bad(&stage->counts, bad->kind, false);
    switch (stage->node->on_error) {
    case CSI_SKIP:
        skip_bad(stage);
        return;
    case CSI_REJECT:
        stage->counts.rejected++;
        shared->bad++;
        if (!shared->scratch && !shared->owner->reject(stage, bad))
            csi_stage_no_memory(stage);
        return;
    case CSI_FAIL:
        stage->counts.rejected++;
        fail_for(stage, bad);
        return;
    }
}

/* Whether anybody is told of a bad record at that ordinal. Most are only
   counted, and it takes longer to say why one is bad than to find that out. */
static bool is_told(const struct csi_stage *stage, uint64_t ordinal)
{
    const struct csi_shared *shared = stage->shared;

    return stage->node->on_error == CSI_FAIL ||
           (stage->node->on_error == CSI_REJECT && !shared->scratch &&
            shared->owner->wants(stage, ordinal));
}

/* Of a record that is bad: its own where it is in hand, or that of the one that
   is. */
static uint64_t bad_ordinal(struct csi_stage *stage,
                            const struct cosend_record *record)
{
    return record && record->batch == stage->face.batch
               ? csi_batch_ordinal(record->batch, record->position)
               : csi_stage_cause(stage);
}

bool cosend_bad_is_told(struct cosend_stage *self,
                        const struct cosend_record *record)
{
    struct csi_stage *stage = csi_stage_of(self);

    return is_told(stage, bad_ordinal(stage, record));
}

void cosend_bad(struct cosend_stage *self, const struct cosend_record *record,
                const char *kind, const char *format, ...)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_provenance place = {0};
    char reason[512];
    struct csi_bad_record bad = {
        .record = record, .place = &place, .kind = kind, .reason = reason};
    va_list arguments;

    if (stage->end == COSEND_END_FAILED || stage->end == COSEND_END_ABORTED ||
        !csi_stage_given(stage, kind, "kind of a bad record"))
        return;
    bad.ordinal = bad_ordinal(stage, record);
    reason[0] = '\0';
    if (is_told(stage, bad.ordinal)) {
        va_start(arguments, format);
        vsnprintf(reason, sizeof(reason), format, arguments);
        va_end(arguments);
        if (record)
            csi_record_provenance(record, &place);
    }
    if (record && record->batch == self->batch && self->unsettled)
        self->unsettled--;
    else if (!record || !csi_kept_count(stage, record))
        stage->counts.created++;
    csi_open_forget(stage);
    csi_pen_forget(stage);
    csi_stage_bad(stage, &bad);
}

void cosend_bad_cell(struct cosend_stage *self,
                     const struct cosend_record *record, const char *kind,
                     const char *name, size_t name_length,
                     struct cosend_cell cell, const char *why)
{
    int length = cosend_shown(cell.data, cell.length, 60);

    cosend_bad(self, record, kind, "field %.*s: \"%.*s%s\" %s",
               cosend_shown(name, name_length, 100), name, length,
               length ? cell.data : "",
               (uint32_t)length < cell.length ? "..." : "", why);
}

/* The same of a declared field. */
static void bad_field(struct cosend_stage *self,
                      const struct cosend_record *record,
                      struct cosend_field field, const char *kind,
                      const char *why)
{
    const char *name = cosend_field_name(self, field);

    if (!name)
        name = cosend_schema_name(cosend_input_schema(self), 0);
    cosend_bad_cell(self, record, kind, name, name ? strlen(name) : 0,
                    cosend_field(record, field), why);
}

void cosend_bad_number(struct cosend_stage *self,
                       const struct cosend_record *record,
                       struct cosend_field field)
{
    if (csi_stage_has_field(csi_stage_of(self), field))
        bad_field(self, record, field, "not_a_number", "is not a number");
}

enum { WHY_MOST = 256 };

/* With a context without now. */
static bool read_time(struct cosend_stage *self,
                      const struct cosend_record *record,
                      struct cosend_field field,
                      struct cosend_time_context context,
                      struct cosend_time *time)
{
    struct cosend_cell cell;
    struct timespec now;
    char room[WHY_MOST];
    const char *why;

    if (!csi_stage_has_field(csi_stage_of(self), field))
        return false;
    cell = cosend_field(record, field);
    clock_gettime(CLOCK_REALTIME, &now);
    context.now = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
    if (cosend_parse_time(NULL, cell.data, cell.length, &context, time))
        return true;
    why = cosend_time_problem(NULL, cell.data, cell.length, &context);
    /* Only a format can say which of two it is. */
    if (why && strchr(why, '%')) {
        snprintf(room, sizeof(room), "%s; a step `date` before says which",
                 why);
        why = room;
    }
    bad_field(self, record, field, "not_a_time",
              why                     ? why
              : cosend_is_blank(cell) ? "is no time: it is empty"
              : cell.kind == COSEND_NESTED
                  ? "is an array or object"
                  : "is no time in one of the usual ways; "
                    "a step `date` before reads others");
    return false;
}

bool cosend_time_of(struct cosend_stage *self,
                    const struct cosend_record *record,
                    struct cosend_field field, const struct cosend_zone *zone,
                    struct cosend_time *time)
{
    struct cosend_time_context context = {.zone = zone};

    return read_time(self, record, field, context, time);
}

bool cosend_past_time_of(struct cosend_stage *self,
                         const struct cosend_record *record,
                         struct cosend_field field,
                         const struct cosend_zone *zone,
                         struct cosend_time *time)
{
    struct cosend_time_context context = {.zone = zone, .is_past = true};

    return read_time(self, record, field, context, time);
}
