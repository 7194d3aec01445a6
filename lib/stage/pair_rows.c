/* SPDX-License-Identifier: MIT */
#include "stage/pair_rows.h"

#include "format/fields.h"
#include "format/jsonl_read.h"
#include "format/pair_json.h"
#include "stage/made_rows.h"
#include "stage/open_fields.h"
#include "stage/own_items.h"
#include "stage/pair_fields.h"

#include <string.h>

/* The names that a text has. */
struct text_names {
    struct csi_known_name *names;
    size_t count, capacity;
};

struct csi_pair_rows {
    struct csi_stage *stage;
    struct cosend_field field;
    struct csi_reader *reader;
    struct csi_pair_fields fields;
    struct cosend_schema *taken; /* names that no text may have; or NULL */
    struct csi_rows *texts;      /* of the batch in hand, ... */
    bool whole;                  /* which are all there is of its records */
    struct text_names at_hand;
    /* Names that were compared last: a record's, and its text's. */
    const struct csi_known_names *compared[2];
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

/* The field that is dropped: the only one there is may have been meant without
   a name. */
static struct cosend_string dropped_name(struct csi_stage *stage,
                                         struct cosend_field field)
{
    const struct cosend_schema *schema = stage->schema;
    uint32_t column = stage->map[field.slot];
    const char *name = !schema->open && column < schema->count
                           ? schema->columns[column].name
                           : cosend_field_name(&stage->face, field);

    return (struct cosend_string){name, name ? strlen(name) : 0};
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

    if (lines->drops)
        fields->dropped = dropped_name(pairs->stage, lines->field);
    if (schema->open)
        return true;
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
    if (lines->form->ops != &csi_pair_json ||
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
    if (pairs->taken && pairs->taken->count)
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
    csi_free(pairs->at_hand.names);
    if (pairs->reader)
        pairs->reader->ops->free(pairs->reader);
    csi_free(pairs);
}

/* ---- Reading ------------------------------------------------------------- */

/* Whether texts are all of their records, which were read one behind the other
   and come so: a filter may emit those of a batch in an order of its own. */
static bool are_whole(const struct csi_pair_rows *pairs,
                      const struct cosend_batch *batch,
                      const struct cosend_cells *cells)
{
    const struct csi_rows *rows = batch->rows;

    if (!pairs->fields.own || pairs->fields.own->count ||
        pairs->fields.prefix.length || !rows || rows->places || rows->made ||
        batch->ordinals)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        struct cosend_cell cell = cosend_cell_at(cells, i);
        uint32_t row = csi_batch_row(batch, i);
        const char *data;
        size_t length;

        if (i && row <= csi_batch_row(batch, i - 1))
            return false;
        csi_rows_content(rows, row, &data, &length);
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
    texts->remade = true;
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
    memset(pairs->compared, 0, sizeof(pairs->compared));
    pairs->whole = are_whole(pairs, batch, &cells);
    pairs->texts =
        pairs->whole ? whole_texts(batch) : copied_texts(batch, &cells);
    if (!pairs->texts || !csi_jsonl_parse(pairs->reader, pairs->texts))
        return false;
    *repeats = atomic_load_explicit(&pairs->reader->schema->repeats,
                                    memory_order_relaxed);
    if (!pairs->fields.own) {
        csi_fields_ask(batch);
        atomic_store_explicit(&pairs->reader->schema->fitted, true,
                              memory_order_relaxed);
    }
    return true;
}

/* ---- Names of both ------------------------------------------------------- */

/* The fields of a text, where they are known without a walk. */
static const struct csi_known_names *known_of(const struct csi_rows *texts,
                                              uint32_t position)
{
    return texts->known ? texts->known[position].names : NULL;
}

static bool add_text_name(struct text_names *at_hand, const char *name,
                          uint32_t length)
{
    if (!csi_grow(&at_hand->names, &at_hand->capacity, at_hand->count + 1,
                  sizeof(*at_hand->names)))
        return false;
    at_hand->names[at_hand->count++] = (struct csi_known_name){name, length};
    return true;
}

/* False without memory. */
static bool take_text_names(struct csi_pair_rows *pairs, uint32_t position)
{
    const struct csi_known_names *known = known_of(pairs->texts, position);
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    bool ok = true;

    pairs->at_hand.count = 0;
    for (uint32_t i = 0; ok && known && i < known->count; i++)
        ok = add_text_name(&pairs->at_hand, known->names[i].data,
                           known->names[i].length);
    while (ok && !known &&
           csi_jsonl_walk(pairs->texts, position, &item, &error))
        ok = add_text_name(&pairs->at_hand, item.name, item.name_length);
    return ok && !error.kind;
}

/* Whether the text at hand has a field that is called so, with the prefix. */
static bool text_has(const struct csi_pair_rows *pairs, const char *name,
                     uint32_t length)
{
    struct cosend_string prefix = pairs->fields.prefix;

    if (length < prefix.length ||
        (prefix.length && memcmp(name, prefix.data, prefix.length) != 0))
        return false;
    name += prefix.length;
    length -= (uint32_t)prefix.length;
    for (size_t i = 0; i < pairs->at_hand.count; i++)
        if (pairs->at_hand.names[i].length == length &&
            memcmp(pairs->at_hand.names[i].data, name, length) == 0)
            return true;
    return false;
}

/* Whether a record has a field that its text has. Without memory it may be. */
static bool names_meet(struct csi_pair_rows *pairs, uint32_t position)
{
    const struct cosend_batch *batch = pairs->stage->face.batch;
    struct cosend_record record = cosend_batch_record(batch, position);
    const struct csi_known_fields *fields = csi_fields_known(batch, record.row);
    const struct csi_known_names *known[2] = {fields ? fields->names : NULL,
                                              known_of(pairs->texts, position)};
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    if (known[0] && known[1] &&
        memcmp(known, pairs->compared, sizeof(known)) == 0)
        return false;
    if (!take_text_names(pairs, position))
        return true;
    while (csi_own_item(&record, pairs->fields.dropped, &item, &error))
        if (text_has(pairs, item.name, item.name_length))
            return true;
    memcpy(pairs->compared, known, sizeof(known));
    return error.kind != COSEND_OK;
}

bool csi_pair_rows_has(struct csi_pair_rows *pairs, uint32_t position)
{
    return !csi_pair_is_fault(pairs->texts, position) &&
           (pairs->fields.own || !names_meet(pairs, position));
}

/* ---- What is sent -------------------------------------------------------- */

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
              csi_made_put(rows, batch, positions) &&
              csi_seen_note(csi_open_seen(stage), stage, names, batch);

    csi_rows_unref(rows);
    if (ok)
        return batch;
    csi_batch_unref(batch);
    return NULL;
}
