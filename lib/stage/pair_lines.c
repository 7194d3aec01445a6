/* SPDX-License-Identifier: MIT */
/*
 * Texts that name their fields, taken apart record by record. What nobody below
 * asks for is checked, and not made, but while it is to be seen whether it is
 * there at all. Bytes of the text itself are not copied: the record that they
 * are in lives as long as those it is sent on with.
 *
 * Objects of JSON are read as their reader would, a batch at a time
 * (pair_rows.h).
 */
#include "cosend/pair_lines.h"

#include "cosend/stage.h"
#include "format/pair_cutter.h"
#include "stage/open_fields.h"
#include "stage/pair_rows.h"
#include "stage/wanted.h"
#include "stage/whole_batches.h"

#include <string.h>

/* One body at work. */
struct pair_work {
    const struct cosend_pair_lines *lines;
    struct cosend_stage *self;
    struct csi_stage *stage;
    struct cosend_pair_cutter *cutter;
    struct cosend_cell text;    /* at hand */
    struct csi_pair_rows *rows; /* NULL: records are taken one by one */
    struct cosend_bytes *bytes;
    bool begun;
    bool open;   /* the input's records name their fields, too */
    bool others; /* it has other columns than the one that is dropped */
};

/* ---- Names --------------------------------------------------------------- */

static bool name_is_taken(struct pair_work *work,
                          const struct cosend_record *record, const char *name,
                          size_t length)
{
    int shown = length < 100 ? (int)length : 100;

    cosend_bad(work->self, record, "name_taken",
               "it has a field \"%.*s\" already, which would be lost; "
               "into=NAME puts NAME. in front of what is parsed",
               shown, name);
    return true;
}

/* Whether a column of the input has that name, which the record is bad for. */
static bool is_column(struct pair_work *work,
                      const struct cosend_record *record, const char *name,
                      size_t length)
{
    const struct csi_stage *stage = work->stage;
    uint32_t column = csi_schema_find(stage->schema, name, length);

    if (column == CSI_NO_COLUMN ||
        (work->lines->drops && column == stage->map[work->lines->field.slot]))
        return false;
    return name_is_taken(work, record, name, length);
}

/* Whether the record has a field of its own that is set, which it is bad for.
 */
static bool has_set_field(struct pair_work *work,
                          const struct cosend_record *record)
{
    const char *dropped =
        work->lines->drops ? cosend_field_name(work->self, work->lines->field)
                           : NULL;
    size_t dropped_length = dropped ? strlen(dropped) : 0;
    struct cosend_item item = {0};

    while (cosend_walk(work->self, record, &item)) {
        if (item.cell.kind == COSEND_ABSENT ||
            (dropped && item.name_length == dropped_length &&
             memcmp(item.name, dropped, dropped_length) == 0) ||
            csi_open_find(work->stage, item.name, item.name_length) ==
                CSI_NOT_SET)
            continue;
        return name_is_taken(work, record, item.name, item.name_length);
    }
    return false;
}

/* ---- Fields -------------------------------------------------------------- */

/* Whether bytes are the text's own. */
static bool is_in_text(const struct pair_work *work, const char *data)
{
    uintptr_t at = (uintptr_t)data, start = (uintptr_t)work->text.data;

    return at >= start && at <= start + work->text.length;
}

/* Bytes that live as long as what is set; a prefix is put in front. NULL
   without memory. */
static const char *keep_bytes(struct pair_work *work,
                              struct cosend_string prefix, const char *data,
                              size_t length)
{
    struct csi_arena *text;
    char *copy;

    csi_open_fields(work->stage, &text);
    copy = csi_arena_bytes(text, prefix.length + length);
    if (copy && prefix.length)
        memcpy(copy, prefix.data, prefix.length);
    if (copy && length)
        memcpy(copy + prefix.length, data, length);
    return copy;
}

/* Give a field its name. False without memory. */
static bool name_pair(struct pair_work *work, struct cosend_item *item)
{
    struct cosend_string prefix = work->lines->prefix;

    if (!prefix.length && is_in_text(work, item->name))
        return true;
    item->name = keep_bytes(work, prefix, item->name, item->name_length);
    item->name_length += (uint32_t)prefix.length;
    return item->name != NULL;
}

/* Set a field that is not set yet. False without memory. */
static bool set_pair(struct pair_work *work, const struct cosend_item *item)
{
    const struct cosend_string none = {NULL, 0};
    struct csi_arena *text;
    struct cosend_item *to = csi_set_add(csi_open_fields(work->stage, &text),
                                         item->name, item->name_length);

    if (!to)
        return false;
    to->cell = item->cell;
    if (item->raw && is_in_text(work, item->raw)) {
        to->raw = item->raw;
        to->raw_length = item->raw_length;
    }
    if (item->cell.length && !is_in_text(work, item->cell.data))
        to->cell.data =
            keep_bytes(work, none, item->cell.data, item->cell.length);
    return !to->cell.length || to->cell.data;
}

/* Whether a field is what it is to be, which it becomes; the record is bad if
   not. */
static bool convert_pair(struct pair_work *work,
                         const struct cosend_record *record,
                         struct cosend_item *item)
{
    const struct cosend_list *types = work->lines->types;
    const int *codes = types->items;

    for (size_t i = 0; i < types->count; i++) {
        const struct cosend_field_type type = {
            .name = types->keys[i],
            .type = (enum cosend_conversion_type)codes[i]};

        if (type.name.length != item->name_length ||
            memcmp(type.name.data, item->name, item->name_length) != 0)
            continue;
        if (i < 64)
            csi_open_seen(work->stage)->typed |= UINT64_C(1) << i;
        item->raw = NULL;
        return cosend_convert_field(work->self, record, &type, &item->cell,
                                    work->bytes);
    }
    return true;
}

enum set_result { SET, SET_BAD, SET_NO_MEMORY };

/* A field of the text at hand; what nobody asks for is checked alone. */
static enum set_result take_pair(struct pair_work *work,
                                 const struct cosend_record *record,
                                 struct cosend_item *item)
{
    if (work->lines->types && !convert_pair(work, record, item))
        return SET_BAD;
    if (!name_pair(work, item))
        return SET_NO_MEMORY;
    if (work->others && is_column(work, record, item->name, item->name_length))
        return SET_BAD;
    if (!work->open &&
        !csi_stage_is_asked(work->stage, item->name, item->name_length) &&
        !csi_seen_awaits(csi_open_seen(work->stage), item->name,
                         item->name_length))
        return SET;
    return set_pair(work, item) ? SET : SET_NO_MEMORY;
}

/* Set the fields of the text at hand. False where the record is bad, or there
   is no memory. */
static bool set_pairs(struct pair_work *work,
                      const struct cosend_record *record)
{
    struct cosend_item item = {0};
    enum set_result result = SET;
    bool failed = false;

    while (result == SET && cosend_pair_next(work->cutter, &item, &failed)) {
        struct cosend_item made = item;

        result = take_pair(work, record, &made);
    }
    if (failed || result == SET_NO_MEMORY || work->bytes->failed)
        csi_stage_no_memory(work->stage);
    if (failed || result != SET || work->bytes->failed)
        return false;
    if (cosend_pair_cutter_repeats(work->cutter))
        csi_open_seen(work->stage)->repeats = true;
    return !work->open || !has_set_field(work, record);
}

/* ---- Records ------------------------------------------------------------- */

/* Of a form that goes by the order of lines, which a step may have changed that
   kept them. */
static const char *source_of(const struct pair_work *work,
                             const struct cosend_record *record)
{
    const struct csi_rows *rows = record->batch->rows;
    const char *source = NULL;
    uint64_t line = 0;

    if (work->lines->form->in_order)
        cosend_record_place(record, &source, &line);
    work->cutter->kept_line = rows && rows->places ? line : 0;
    return source;
}

/* A record that is of no form is sent on as it is, or not at all. */
static bool take_other(struct pair_work *work,
                       const struct cosend_record *record, const char *why)
{
    return work->lines->is_other(work->self, record, why, work->lines->own) &&
           !work->lines->drops;
}

/* Whether the record is sent on. */
static bool take_record(struct pair_work *work,
                        const struct cosend_record *record)
{
    work->text = cosend_field(record, work->lines->field);
    if (work->text.kind == COSEND_ABSENT || work->text.kind == COSEND_NULL)
        return take_other(work, record, "there is no such field");
    switch (
        cosend_pair_cut(work->cutter, work->text, source_of(work, record))) {
    case COSEND_PAIRS_CUT:
        return set_pairs(work, record);
    case COSEND_PAIRS_NO_LINE:
        break;
    case COSEND_PAIRS_OTHER:
        return take_other(work, record,
                          cosend_pair_cutter_problem(work->cutter));
    case COSEND_PAIRS_MEMORY:
        csi_stage_no_memory(work->stage);
        break;
    }
    return false;
}

/* One by one. */
static void take_records(struct pair_work *work, uint32_t count)
{
    for (uint32_t i = 0; i < count && !cosend_ended(work->self); i++) {
        struct cosend_record record = cosend_record_at(work->self, i);

        if (take_record(work, &record))
            cosend_emit(work->self, &record);
    }
}

static bool take_position(struct pair_work *work, uint32_t position)
{
    struct cosend_record record = cosend_record_at(work->self, position);

    return take_record(work, &record);
}

/* All at once, as lines of JSON are read. */
static void take_texts(struct pair_work *work, uint32_t count)
{
    struct csi_stage *stage = work->stage;
    uint32_t *positions =
        cosend_stage_bytes(work->self, count * sizeof(*positions));
    uint32_t kept = 0;
    bool repeats = false;

    if (!positions ||
        !csi_pair_rows_read(work->rows, stage->face.batch, &repeats)) {
        csi_stage_no_memory(stage);
        return;
    }
    for (uint32_t i = 0; i < count && !cosend_ended(work->self); i++) {
        if (csi_pair_rows_has(work->rows, i) || take_position(work, i))
            positions[kept++] = i;
    }
    if (repeats && !cosend_ended(work->self))
        csi_open_seen(stage)->repeats = true;
    csi_whole_emit(stage, positions, kept, csi_pair_rows_batch, work->rows);
}

/* What is known of the input once there is a batch. False without memory. */
static bool begin_pairs(struct pair_work *work)
{
    const struct cosend_pair_lines *lines = work->lines;
    const struct cosend_schema *schema = work->stage->schema;

    work->begun = true;
    work->open = schema->open;
    if (lines->types && lines->types->count) {
        csi_open_seen(work->stage)->types = *lines->types;
        csi_open_seen(work->stage)->prefix = lines->prefix;
    }
    work->others = !schema->open && schema->count > (lines->drops ? 1u : 0u);
    return csi_pair_rows_new(work->stage, lines, &work->rows);
}

static void run_pairs(struct pair_work *work)
{
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(work->self))) {
        uint32_t count = cosend_batch_count(batch);

        if (!work->begun && !begin_pairs(work))
            csi_stage_no_memory(work->stage);
        else if (work->rows)
            take_texts(work, count);
        else
            take_records(work, count);
    }
}

int cosend_send_pair_lines(struct cosend_stage *self,
                           const struct cosend_pair_lines *lines)
{
    struct pair_work work = {.lines = lines,
                             .self = self,
                             .stage = csi_stage_of(self),
                             .bytes = cosend_stage_text(self)};
    struct cosend_error error = {0};

    if (!work.bytes)
        return COSEND_E_MEMORY;
    cosend_open_columns(self);
    if (lines->drops)
        cosend_drop_column(self, lines->field);
    if (lines->form->in_order)
        cosend_set_parallel(self, COSEND_SERIAL);
    work.cutter = cosend_pair_cutter_new(lines->form, lines->options, &error);
    if (!work.cutter)
        return cosend_fail(self, error.kind, "%s", error.message);
    run_pairs(&work);
    csi_pair_rows_free(work.rows);
    cosend_pair_cutter_free(work.cutter);
    return 0;
}
