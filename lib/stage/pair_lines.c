/* SPDX-License-Identifier: MIT */
/*
 * Texts that name their fields, taken apart record by record. What nobody below
 * asks for is checked, and not made. Bytes of the text itself are not copied:
 * the record that they are in lives as long as those it is sent on with.
 */
#include "cosend/pair_lines.h"

#include "cosend/stage.h"
#include "stage/open_fields.h"
#include "stage/wanted.h"

#include <string.h>

/* One body at work. */
struct pair_work {
    const struct cosend_pair_lines *lines;
    struct cosend_stage *self;
    struct csi_stage *stage;
    struct cosend_pair_cutter *cutter;
    struct cosend_cell text; /* at hand */
    bool open;               /* the input's records name their fields, too */
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
    char *copy =
        csi_arena_bytes(csi_open_text(work->stage), prefix.length + length);

    if (copy && prefix.length)
        memcpy(copy, prefix.data, prefix.length);
    if (copy && length)
        memcpy(copy + prefix.length, data, length);
    return copy;
}

static bool set_pair(struct pair_work *work, struct cosend_item *item)
{
    const struct cosend_string none = {NULL, 0};
    bool in_text = is_in_text(work, item->cell.data);

    if (item->raw && !is_in_text(work, item->raw)) {
        item->raw = NULL;
        item->raw_length = 0;
    }
    if (item->cell.length && !in_text)
        item->cell.data =
            keep_bytes(work, none, item->cell.data, item->cell.length);
    if (item->cell.length && !item->cell.data)
        return false;
    return csi_open_add(work->stage, item);
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

/* Set the fields of the text at hand. False where the record is bad, or there
   is no memory. */
static bool set_pairs(struct pair_work *work,
                      const struct cosend_record *record)
{
    struct cosend_item item = {0};
    bool failed = false;

    while (cosend_pair_next(work->cutter, &item, &failed)) {
        struct cosend_item made = item;

        if (!name_pair(work, &made)) {
            failed = true;
            break;
        }
        if (work->others &&
            is_column(work, record, made.name, made.name_length))
            return false;
        if (!work->open &&
            !csi_stage_is_asked(work->stage, made.name, made.name_length))
            continue;
        if (!set_pair(work, &made)) {
            failed = true;
            break;
        }
    }
    if (failed)
        csi_stage_no_memory(work->stage);
    else if (cosend_pair_cutter_repeats(work->cutter))
        csi_open_seen(work->stage)->repeats = true;
    return !failed && (!work->open || !has_set_field(work, record));
}

/* ---- Records ------------------------------------------------------------- */

static const char *source_of(const struct pair_work *work,
                             const struct cosend_record *record)
{
    const char *source = NULL;
    uint64_t line;

    if (work->lines->form->in_order)
        cosend_record_place(record, &source, &line);
    return source;
}

/* Whether the record is sent on. */
static bool take_record(struct pair_work *work,
                        const struct cosend_record *record)
{
    const struct cosend_pair_lines *lines = work->lines;

    work->text = cosend_field(record, lines->field);
    if (work->text.kind == COSEND_ABSENT || work->text.kind == COSEND_NULL)
        return lines->is_other(work->self, record, "it has no text there",
                               lines->own);
    switch (
        cosend_pair_cut(work->cutter, work->text, source_of(work, record))) {
    case COSEND_PAIRS_CUT:
        return set_pairs(work, record);
    case COSEND_PAIRS_NO_LINE:
        break;
    case COSEND_PAIRS_OTHER:
        return lines->is_other(work->self, record,
                               cosend_pair_cutter_problem(work->cutter),
                               lines->own);
    case COSEND_PAIRS_MEMORY:
        csi_stage_no_memory(work->stage);
        break;
    }
    return false;
}

/* What is known of the input once there is a record. */
static void begin_pairs(struct pair_work *work)
{
    const struct cosend_schema *schema = work->stage->schema;

    work->open = schema->open;
    work->others =
        !schema->open && schema->count > (work->lines->drops ? 1u : 0u);
}

int cosend_send_pair_lines(struct cosend_stage *self,
                           const struct cosend_pair_lines *lines)
{
    struct pair_work work = {
        .lines = lines, .self = self, .stage = csi_stage_of(self)};
    struct cosend_error error = {0};
    struct cosend_record record;

    cosend_open_columns(self);
    if (lines->drops)
        cosend_drop_column(self, lines->field);
    if (lines->form->in_order)
        cosend_set_parallel(self, COSEND_SERIAL);
    work.cutter = cosend_pair_cutter_new(lines->form, lines->options, &error);
    if (!work.cutter)
        return cosend_fail(self, error.kind, "%s", error.message);
    while (cosend_receive(self, &record)) {
        begin_pairs(&work);
        if (take_record(&work, &record))
            cosend_emit(self, &record);
    }
    cosend_pair_cutter_free(work.cutter);
    return 0;
}
