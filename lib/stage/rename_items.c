/* SPDX-License-Identifier: MIT */
/* What is known of the fields that are set by now, a byte each by their place,
   is in `met`; the name that a rule makes is in `one`. */
#include "cosend/fields.h"
#include "cosend/text.h"
#include "stage/open_fields.h"
#include "stage/stage.h"

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
