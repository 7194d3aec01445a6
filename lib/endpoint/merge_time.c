/* SPDX-License-Identifier: MIT */
#include "endpoint/merge_time.h"

#include "record/record.h"

#include <string.h>

/* Names that logs have for it, as `between` has them. */
static const char *const names[] = {"time", "timestamp", "@timestamp",
                                    "ts",   "datetime",  "date"};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

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

static bool is_named(const struct cosend_item *item, const char *name)
{
    return item->name_length == strlen(name) &&
           memcmp(item->name, name, item->name_length) == 0;
}

/* The cell of the field with the time; false, with the stage failed, where two
   may be it. *cell is absent where there is none. */
static bool find_cell(const struct csi_logs *all,
                      const struct cosend_record *record,
                      struct cosend_cell *cell)
{
    const struct cosend_string *field = &all->options->read.span.field;
    struct csi_stage *stage = all->stage;
    struct cosend_error error = {0};
    struct cosend_item item = {0};
    const char *found = NULL;

    *cell = csi_absent;
    while (cosend_next_item(record, &item, &error)) {
        for (int i = 0; i < (field->length ? 1 : NAMES); i++) {
            const char *name = field->length ? field->data : names[i];

            if (item.cell.kind == COSEND_ABSENT || !is_named(&item, name))
                continue;
            if (found) {
                cosend_fail(&stage->face, COSEND_E_COLUMN,
                            "both %.100s and %.100s may be the time; "
                            "time_field= says which is",
                            found, name);
                return false;
            }
            found = name;
            *cell = item.cell;
        }
    }
    if (error.kind)
        csi_stage_fail(stage, &error);
    return !error.kind;
}

static enum csi_merge_time time_of_field(const struct csi_logs *all,
                                         const struct cosend_batch *batch,
                                         uint32_t position,
                                         int64_t *nanoseconds, const char **why)
{
    const struct cosend_record record = cosend_batch_record(batch, position);
    struct cosend_cell cell;
    struct cosend_time time;

    if (!find_cell(all, &record, &cell))
        return CSI_MERGE_FAILS;
    if (cell.kind == COSEND_ABSENT) {
        *why = "no field time, timestamp, @timestamp, ts, datetime or date; "
               "time_field= says which has the time";
        if (all->options->read.span.field.length)
            *why = "the field of time_field is not there";
        return CSI_MERGE_NO_TIME;
    }
    if (!cosend_parse_time(NULL, cell.data, cell.length, &all->span.context,
                           &time)) {
        *why = "the field with the time has none";
        return CSI_MERGE_NO_TIME;
    }
    *nanoseconds = time.nanoseconds;
    return CSI_MERGE_TIME;
}

enum csi_merge_time csi_merge_time(const struct csi_logs *all,
                                   const struct csi_feed *feed,
                                   const struct cosend_batch *batch,
                                   uint32_t position, int64_t *nanoseconds,
                                   const char **why)
{
    return all->of_lines
               ? time_of_line(feed, batch, position, nanoseconds)
               : time_of_field(all, batch, position, nanoseconds, why);
}
