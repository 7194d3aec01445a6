/* SPDX-License-Identifier: MIT */
#include "endpoint/merge_time.h"

#include "cosend/text.h"
#include "record/record.h"

#include <stdio.h>
#include <string.h>

static enum csi_merge_time time_of_line(const struct csi_feed *feed,
                                        const struct cosend_batch *batch,
                                        uint32_t position, int64_t *nanoseconds)
{
    const struct csi_time_span *span;
    const char *data;
    size_t length;
    bool whole;

    span = csi_feed_learned(feed, &whole);
    csi_rows_content(batch->rows, csi_batch_row(batch, position), &data,
                     &length);
    return csi_log_time(data, length, span->place, &span->context,
                        nanoseconds) == CSI_LOG_TIMED
               ? CSI_MERGE_TIME
               : CSI_MERGE_AS_BEFORE;
}

static bool is_named(const char *name, size_t length, const char *other)
{
    return length == strlen(other) && memcmp(name, other, length) == 0;
}

/* Which of the names that the time may have it is; NULL: none. */
static const char *name_of_time(const struct csi_logs *all, const char *name,
                                size_t length)
{
    const struct cosend_string *field = &all->options->read.span.field;

    if (field->length)
        return is_named(name, length, field->data) ? field->data : NULL;
    for (int i = 0; cosend_time_names[i]; i++)
        if (is_named(name, length, cosend_time_names[i]))
            return cosend_time_names[i];
    return NULL;
}

static bool fail(const struct csi_logs *all, const struct cosend_record *record,
                 const char *one, const char *other)
{
    struct csi_stage *stage = all->stage;
    struct cosend_error error = {0};
    const char *source = NULL;
    uint64_t line = 0;

    if (other)
        cosend_error_set(&error, COSEND_E_COLUMN,
                         "both %.100s and %.100s may be the time; time_field= "
                         "says which is",
                         one, other);
    else
        cosend_error_set(&error, COSEND_E_COLUMN, "%s", one);
    if (cosend_record_place(record, &source, &line))
        snprintf(error.source, sizeof(error.source), "%s", source);
    error.line = line;
    stage->cause = cosend_record_ordinal(record);
    csi_stage_fail(stage, &error);
    return false;
}

static const char *none_of(const struct csi_logs *all)
{
    return all->options->read.span.field.length
               ? "the field of time_field is not there"
               : "there is no field time, timestamp, @timestamp, ts, datetime "
                 "or date; time_field= says which has the time";
}

/* Whether all records have the same columns, and none of these is the time. */
static bool none_has_it(const struct csi_logs *all,
                        const struct cosend_schema *schema)
{
    for (size_t i = 0; i < cosend_schema_count(schema); i++)
        if (name_of_time(all, cosend_schema_name(schema, i),
                         strlen(cosend_schema_name(schema, i))))
            return false;
    return !cosend_schema_open(schema);
}

/* Where a record has its time; without a name, nowhere. */
struct found {
    struct cosend_cell cell;
    const char *name;
    char both[COSEND_JOINED_MAX]; /* what the cell is of two */
};

static bool is_called(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

/* Have a date and a time of day, in two fields, be one. False where they are
   not. */
static bool join_cells(struct found *found, const char *name,
                       struct cosend_cell cell)
{
    struct cosend_cell first = found->cell, *date = &first, *clock = &cell;
    size_t length;

    if (is_called(found->name, "time") && is_called(name, "date")) {
        date = &cell;
        clock = &first;
    } else if (!is_called(found->name, "date") || !is_called(name, "time")) {
        return false;
    }
    length = cosend_join_time(date->data, date->length, clock->data,
                              clock->length, found->both);
    if (!length)
        return false;
    found->cell = cosend_text(found->both, length);
    found->name = "date and time";
    return true;
}

/* Find the cell with the time; false, with the stage failed, where two may be
   it, or none will. */
static bool find_cell(const struct csi_logs *all,
                      const struct cosend_record *record, struct found *time)
{
    struct cosend_error error = {0};
    struct cosend_item item = {0};

    time->name = NULL;
    while (cosend_next_item(record, &item, &error)) {
        const char *found =
            item.cell.kind == COSEND_ABSENT
                ? NULL
                : name_of_time(all, item.name, item.name_length);

        if (!found)
            continue;
        if (!time->name) {
            time->name = found;
            time->cell = item.cell;
        } else if (!join_cells(time, found, item.cell)) {
            return fail(all, record, time->name, found);
        }
    }
    if (error.kind)
        csi_stage_fail(all->stage, &error);
    else if (!time->name && none_has_it(all, record->batch->schema))
        return fail(all, record, none_of(all), NULL);
    return !error.kind;
}

static enum csi_merge_time time_of_field(const struct csi_logs *all,
                                         const struct cosend_batch *batch,
                                         uint32_t position,
                                         int64_t *nanoseconds,
                                         struct csi_merge_fault *fault)
{
    const struct cosend_record record = cosend_batch_record(batch, position);
    const struct cosend_time_context *context = &all->span.context;
    struct cosend_cell cell;
    struct cosend_time time;
    struct found found;
    const char *why;

    if (!find_cell(all, &record, &found))
        return CSI_MERGE_FAILS;
    cell = found.cell;
    if (!found.name) {
        fault->kind = "no_time";
        snprintf(fault->reason, sizeof(fault->reason), "%s", none_of(all));
        return CSI_MERGE_BAD;
    }
    if (cosend_parse_time(NULL, cell.data, cell.length, context, &time)) {
        *nanoseconds = time.nanoseconds;
        return CSI_MERGE_TIME;
    }
    why = cosend_time_problem(NULL, cell.data, cell.length, context);
    fault->kind = "not_a_time";
    snprintf(fault->reason, sizeof(fault->reason), "field %.100s: \"%.*s\" %s",
             found.name, cosend_shown(cell.data, cell.length, 60),
             cell.length ? cell.data : "", why ? why : "is no time");
    return CSI_MERGE_BAD;
}

enum csi_merge_time csi_merge_time(const struct csi_logs *all,
                                   const struct csi_feed *feed,
                                   const struct cosend_batch *batch,
                                   uint32_t position, int64_t *nanoseconds,
                                   struct csi_merge_fault *fault)
{
    return all->of_lines
               ? time_of_line(feed, batch, position, nanoseconds)
               : time_of_field(all, batch, position, nanoseconds, fault);
}
