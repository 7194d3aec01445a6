/* SPDX-License-Identifier: MIT */
#include "stage/pair_rows.h"

#include "format/jsonl_read.h"
#include "format/pair_json.h"
#include "stage/made_rows.h"
#include "stage/open_fields.h"
#include "stage/pair_fields.h"

#include <string.h>

struct csi_pair_rows {
    struct csi_stage *stage;
    struct cosend_field field;
    struct csi_reader *reader;
    struct csi_pair_fields fields;
    struct cosend_schema *taken; /* names that no text may have */
    struct csi_rows *texts;      /* of the batch in hand, ... */
    bool whole;                  /* which are all there is of its records */
};

/* ---- Names --------------------------------------------------------------- */

/* What a text has to call a field that is asked for by this name; NULL: it
   cannot have it. */
static const char *name_in_text(struct cosend_string prefix, const char *name)
{
    if (strncmp(name, prefix.length ? prefix.data : "", prefix.length) != 0)
        return NULL;
    return name + prefix.length;
}

/* The fields that records have beside the text, and that it may not have. */
static bool find_own(struct csi_pair_rows *pairs,
                     const struct cosend_pair_lines *lines)
{
    const struct cosend_schema *schema = pairs->stage->schema;
    struct csi_pair_fields *fields = &pairs->fields;
    uint32_t dropped =
        lines->drops ? pairs->stage->map[lines->field.slot] : CSI_NO_COLUMN;
    bool ok = true;

    fields->own = csi_schema_new();
    pairs->taken = csi_schema_new();
    if (!fields->own || !pairs->taken)
        return false;
    for (uint32_t i = 0; ok && i < schema->count; i++) {
        const struct csi_schema_column *column = &schema->columns[i];
        const char *name = name_in_text(fields->prefix, column->name);

        if (i == dropped)
            continue;
        ok = csi_schema_add(fields->own, column->name, column->length, i) &&
             (!name || csi_schema_add(pairs->taken, name, strlen(name), 0));
    }
    return ok && csi_schema_index(fields->own) &&
           csi_schema_index(pairs->taken);
}

/* The fields that steps ask for, of which the reader takes what texts have. */
static bool ask_reader(struct csi_pair_rows *pairs)
{
    const struct cosend_schema *names = csi_open_names(pairs->stage);
    struct csi_pair_fields *fields = &pairs->fields;
    uint32_t count = 0;
    bool ok = names != NULL;

    fields->asked = csi_schema_new();
    ok = ok && fields->asked;
    for (uint32_t i = 0; ok && i < names->count; i++) {
        const struct csi_schema_column *column = &names->columns[i];
        const char *name = name_in_text(fields->prefix, column->name);

        ok = csi_schema_add(fields->asked, column->name, column->length,
                            name ? count++ : CSI_NO_COLUMN) &&
             (!name || pairs->reader->ops->declare(pairs->reader, name));
    }
    return ok;
}

/* A path with a prefix is no path into what a text has: "r.a.b" is in a field
   "r", not in one that was called "a". */
static bool asks_for_path(struct csi_stage *stage, struct cosend_string prefix)
{
    const struct cosend_schema *names = csi_open_names(stage);

    for (uint32_t i = 0; prefix.length && names && i < names->count; i++) {
        const char *name = name_in_text(prefix, names->columns[i].name);

        if (name && strchr(name, '.'))
            return true;
    }
    return false;
}

/* ---- Making -------------------------------------------------------------- */

bool csi_pair_rows_new(struct csi_stage *stage,
                       const struct cosend_pair_lines *lines,
                       struct csi_pair_rows **made)
{
    static const struct cosend_format_options options = {0};
    struct csi_pair_rows *pairs;
    struct cosend_error error = {0};

    *made = NULL;
    if (lines->form->ops != &csi_pair_json || stage->schema->open ||
        (lines->types && lines->types->count) ||
        asks_for_path(stage, lines->prefix))
        return true;
    pairs = *made = csi_calloc(1, sizeof(*pairs));
    if (!pairs)
        return false;
    pairs->stage = stage;
    pairs->field = lines->field;
    pairs->fields.prefix = lines->prefix;
    pairs->reader = csi_jsonl_reader(&options, &error);
    if (!pairs->reader || !find_own(pairs, lines) || !ask_reader(pairs))
        return false;
    if (pairs->taken->count)
        csi_jsonl_refuse(pairs->reader, pairs->taken);
    return true;
}

void csi_pair_rows_free(struct csi_pair_rows *pairs)
{
    if (!pairs)
        return;
    csi_rows_unref(pairs->texts);
    csi_schema_unref(pairs->fields.own);
    csi_schema_unref(pairs->fields.asked);
    csi_schema_unref(pairs->taken);
    if (pairs->reader)
        pairs->reader->ops->free(pairs->reader);
    csi_free(pairs);
}

/* ---- Reading ------------------------------------------------------------- */

/* Whether texts are all of their records, which were read one behind the
   other. */
static bool are_whole(const struct csi_pair_rows *pairs,
                      const struct cosend_batch *batch,
                      const struct cosend_cells *cells)
{
    const struct csi_rows *rows = batch->rows;

    if (pairs->fields.own->count || pairs->fields.prefix.length || !rows ||
        rows->places || rows->made || batch->ordinals)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        struct cosend_cell cell = cosend_cell_at(cells, i);
        const char *data;
        size_t length;

        csi_rows_content(rows, csi_batch_row(batch, i), &data, &length);
        if (cell.length != length || (length && cell.data != data))
            return false;
    }
    return true;
}

/* NULL without memory. */
static struct csi_rows *whole_texts(const struct cosend_batch *batch)
{
    const struct csi_rows *from = batch->rows;
    struct csi_rows *texts = csi_rows_new(from->block);

    if (!texts || !csi_rows_reserve(texts, batch->count)) {
        csi_rows_unref(texts);
        return NULL;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t row = csi_batch_row(batch, i);

        texts->starts[i] = from->starts[row];
        texts->ends[i] = from->ends[row];
    }
    texts->count = batch->count;
    csi_rows_place(texts, from);
    return texts;
}

/* The same, each a line of a block of their own. */
static struct csi_rows *copied_texts(const struct cosend_batch *batch,
                                     const struct cosend_cells *cells)
{
    struct csi_rows *texts = NULL;
    struct csi_block *block;
    size_t size = 0, at = 0;

    for (uint32_t i = 0; i < batch->count; i++)
        size += (size_t)cosend_cell_at(cells, i).length + 1;
    block = csi_block_new(size);
    if (block)
        texts = csi_rows_new(block);
    csi_block_unref(block);
    if (!texts || !csi_rows_reserve(texts, batch->count)) {
        csi_rows_unref(texts);
        return NULL;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        struct cosend_cell cell = cosend_cell_at(cells, i);

        if (cell.length)
            memcpy(block->data + at, cell.data, cell.length);
        texts->starts[i] = (uint32_t)at;
        at += cell.length;
        block->data[at++] = '\n';
        texts->ends[i] = (uint32_t)at;
    }
    texts->count = batch->count;
    memset(block->data + at, 0, CSI_BLOCK_SLACK);
    block->length = at;
    return texts;
}

bool csi_pair_rows_read(struct csi_pair_rows *pairs,
                        const struct cosend_batch *batch, bool *repeats)
{
    struct cosend_cells cells =
        cosend_column_of(&pairs->stage->face, pairs->field);

    csi_rows_unref(pairs->texts);
    pairs->whole = are_whole(pairs, batch, &cells);
    pairs->texts =
        pairs->whole ? whole_texts(batch) : copied_texts(batch, &cells);
    if (!pairs->texts || !csi_jsonl_parse(pairs->reader, pairs->texts))
        return false;
    *repeats = atomic_load_explicit(&pairs->reader->schema->repeats,
                                    memory_order_relaxed);
    return true;
}

bool csi_pair_rows_has(const struct csi_pair_rows *pairs, uint32_t position)
{
    return !csi_pair_is_fault(pairs->texts, position);
}

/* ---- What is sent -------------------------------------------------------- */

/* The rows, of which these are the batch's. False without memory. */
static bool put_rows(struct csi_rows *rows, struct cosend_batch *batch,
                     const uint32_t *positions)
{
    size_t size = batch->count * sizeof(uint32_t);
    uint32_t *selection = csi_arena_get(&batch->arena, size);

    if (!selection)
        return false;
    memcpy(selection, positions, size);
    csi_rows_unref(batch->rows);
    batch->rows = csi_rows_ref(rows);
    batch->first_row = 0;
    batch->selection = selection;
    batch->complete = false;
    for (uint32_t i = 0; i < batch->schema->count; i++)
        batch->columns[i] = (struct cosend_column_cells){NULL, UINT32_MAX, 0};
    return true;
}

struct cosend_batch *csi_pair_rows_batch(struct csi_stage *stage,
                                         const uint32_t *positions,
                                         uint32_t count, void *own)
{
    const struct csi_pair_rows *pairs = own;
    const struct cosend_batch *base = stage->face.batch;
    struct cosend_schema *names =
        (struct cosend_schema *)(uintptr_t)csi_open_names(stage);
    struct cosend_batch *batch = csi_batch_derive(
        base, stage->out_schema, stage->out_map, positions, count);
    struct csi_rows *rows =
        pairs->whole ? csi_rows_ref(pairs->texts)
                     : csi_pair_fields_rows(&pairs->fields, base, pairs->texts);
    bool ok = batch && rows && csi_made_ordinals(batch) &&
              put_rows(rows, batch, positions) &&
              csi_seen_note(csi_open_seen(stage), stage, names, batch);

    csi_rows_unref(rows);
    if (ok)
        return batch;
    csi_batch_unref(batch);
    return NULL;
}
