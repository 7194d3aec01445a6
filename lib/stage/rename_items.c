/* SPDX-License-Identifier: MIT */
/*
 * By a rule fields are renamed one by one. What is known of those that are set
 * by now, a byte each by their place, is in `met`; the name that a rule makes
 * is in `one`.
 *
 * By a list a batch is renamed as a whole, unless two fields of a record may
 * come to be of one name: then its fields are looked at, one by one as well.
 */
#include "cosend/batches.h"
#include "cosend/fields.h"
#include "cosend/text.h"
#include "stage/made_rows.h"
#include "stage/open_fields.h"
#include "stage/renamed_rows.h"
#include "stage/stage.h"
#include "stage/whole_batches.h"

#include <string.h>

struct taken {
    struct cosend_bytes met, one;
};

enum { NOT_MET, MET, MET_RENAMED };

static int find_met(struct csi_stage *stage, const struct taken *taken,
                    const char *name, size_t length)
{
    uint32_t at = csi_open_find(stage, name, length);

    return at < taken->met.length ? taken->met.data[at] : NOT_MET;
}

static void note_met(struct csi_stage *stage, struct taken *taken,
                     const char *name, size_t length, bool renamed)
{
    uint32_t at = csi_open_find(stage, name, length);

    while (at != CSI_NOT_SET && taken->met.length <= at && !taken->met.failed)
        cosend_put_u8(&taken->met, NOT_MET);
    if (at < taken->met.length)
        taken->met.data[at] = renamed ? MET_RENAMED : MET;
}

/* Set one field. Returns false where its name is taken, and the record bad. */
static bool set_named(struct cosend_stage *self,
                      const struct cosend_record *record, struct taken *taken,
                      const struct cosend_item *item, bool renamed,
                      bool overwrite)
{
    const char *name = renamed ? (const char *)taken->one.data : item->name;
    size_t length = renamed ? taken->one.length : item->name_length;
    struct csi_stage *stage = csi_stage_of(self);
    int met = find_met(stage, taken, name, length);

    if (met != NOT_MET && !overwrite) {
        cosend_bad(self, record, "name_taken",
                   "two fields would be \"%.*s\"; overwrite=true keeps the one "
                   "that is renamed",
                   cosend_shown(name, length, 100), name);
        return false;
    }
    /* The field that is renamed is the one that stays, or the first. */
    if (met == MET_RENAMED || (met == MET && !renamed))
        return true;
    cosend_set_item(self, name, length, item);
    note_met(stage, taken, name, length, renamed);
    return true;
}

bool cosend_rename_items(struct cosend_stage *self,
                         const struct cosend_record *record,
                         bool (*rule)(const char *name, size_t length,
                                      struct cosend_bytes *to, const void *own),
                         const void *own, bool overwrite)
{
    struct taken taken = {{0}, {0}};
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    bool good = true;

    while (good && cosend_next_item(record, &item, &error)) {
        bool renamed;

        if (item.cell.kind == COSEND_ABSENT)
            continue;
        cosend_bytes_clear(&taken.one);
        renamed = rule(item.name, item.name_length, &taken.one, own);
        good = set_named(self, record, &taken, &item, renamed, overwrite);
        if (!taken.met.failed && !taken.one.failed)
            continue;
        error.kind = COSEND_E_MEMORY;
        break;
    }
    if (error.kind)
        csi_stage_no_memory(csi_stage_of(self));
    cosend_bytes_free(&taken.met);
    cosend_bytes_free(&taken.one);
    return good && !error.kind;
}

/* ---- By a list ----------------------------------------------------------- */

/* In memory of the caller's, a name for each that the recipe renames. */
static struct csi_new_names new_names(struct csi_stage *stage,
                                      struct csi_new_name *all)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->renamed_count; i++) {
        const struct csi_renaming *renaming = &recipe->renamed[i];
        const char *from = stage->node->fields[renaming->slot].name;

        all[i] = (struct csi_new_name){
            {from, strlen(from)}, {renaming->name, strlen(renaming->name)}};
    }
    return (struct csi_new_names){
        all, recipe->renamed_count,
        (struct cosend_schema *)(uintptr_t)csi_open_names(stage)};
}

static bool by_list(const char *name, size_t length, struct cosend_bytes *to,
                    const void *own)
{
    const struct csi_new_name *found = csi_renamed_from(own, name, length);

    if (found)
        cosend_put_raw(to, found->to.data, found->to.length);
    return found;
}

static int emit_each(struct cosend_stage *self,
                     const struct csi_new_names *names)
{
    bool overwrite = csi_stage_of(self)->recipe.overwrite;
    uint32_t count = cosend_batch_count(self->batch);
    int status = COSEND_OK;

    for (uint32_t i = 0; i < count && !cosend_ended(self); i++) {
        struct cosend_record record = cosend_record_at(self, i);

        if (cosend_rename_items(self, &record, by_list, names, overwrite))
            status = cosend_emit(self, &record);
    }
    return status;
}

static struct cosend_batch *make_renamed(struct csi_stage *stage,
                                         const uint32_t *positions,
                                         uint32_t count, void *own)
{
    const struct csi_new_names *names = own;
    const struct cosend_batch *base = stage->face.batch;
    struct cosend_batch *batch = csi_batch_derive(
        base, stage->out_schema, stage->out_map, positions, count);
    struct csi_rows *rows = batch ? csi_renamed_rows(names, base) : NULL;
    bool ok = rows && csi_made_ordinals(batch) &&
              csi_made_put(rows, batch, positions) &&
              csi_seen_note(csi_open_seen(stage), stage, names->asked, batch);

    csi_rows_unref(rows);
    if (ok)
        return batch;
    csi_batch_unref(batch);
    return NULL;
}

int cosend_emit_renamed(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_new_name *all;
    struct csi_new_names names;
    int status;

    if (!csi_stage_has_batch(stage))
        return COSEND_E_USAGE;
    if (!stage->remakes)
        return cosend_emit_batch(self, self->batch);
    all = csi_calloc(stage->recipe.renamed_count + 1, sizeof(*all));
    if (!all)
        return csi_stage_no_memory(stage);
    names = new_names(stage, all);
    if (!names.asked)
        status = csi_stage_no_memory(stage);
    else if (csi_renamed_apart(&names, self->batch))
        status = csi_whole_emit(stage, NULL, cosend_batch_count(self->batch),
                                make_renamed, &names);
    else
        status = emit_each(self, &names);
    csi_free(all);
    return status;
}
