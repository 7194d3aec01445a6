/* SPDX-License-Identifier: MIT */
/* The names that fields of a record have by now, each behind a byte that says
   whether it is a new one, are in `names`; the one that a rule makes is in
   `one`. */
#include "cosend/fields.h"
#include "stage/stage.h"

#include <string.h>

struct taken {
    struct cosend_bytes names, one;
};

enum { NOT_MET = -1, MET, MET_RENAMED };

static int find_met(const struct taken *taken, const char *name, size_t length)
{
    struct cosend_reader_bytes from =
        cosend_read_bytes(taken->names.data, taken->names.length);

    while (from.next < from.end) {
        int renamed = cosend_get_u8(&from) ? MET_RENAMED : MET;
        size_t met_length;
        const char *met = cosend_get_bytes(&from, &met_length);

        if (met_length == length && memcmp(met, name, length) == 0)
            return renamed;
    }
    return NOT_MET;
}

/* Set one field. Returns false where its name is taken, and the record bad. */
static bool set_named(struct cosend_stage *self,
                      const struct cosend_record *record, struct taken *taken,
                      const struct cosend_item *item, bool renamed,
                      bool overwrite)
{
    const char *name = renamed ? (const char *)taken->one.data : item->name;
    size_t length = renamed ? taken->one.length : item->name_length;
    int met = find_met(taken, name, length);

    if (met != NOT_MET && !overwrite) {
        cosend_bad(self, record, "name_taken",
                   "two fields would be \"%.*s\"; overwrite=true keeps the one "
                   "that is renamed",
                   length < 100 ? (int)length : 100, name);
        return false;
    }
    /* The field that is renamed is the one that stays, or the first. */
    if (met == MET_RENAMED || (met == MET && !renamed))
        return true;
    cosend_put_u8(&taken->names, renamed);
    cosend_put_bytes(&taken->names, name, length);
    cosend_set_item(self, name, length, item);
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
        if (!taken.names.failed && !taken.one.failed)
            continue;
        error.kind = COSEND_E_MEMORY;
        break;
    }
    if (error.kind)
        csi_stage_no_memory(csi_stage_of(self));
    cosend_bytes_free(&taken.names);
    cosend_bytes_free(&taken.one);
    return good && !error.kind;
}
