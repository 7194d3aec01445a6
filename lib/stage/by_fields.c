/* SPDX-License-Identifier: MIT */
/* Records by their fields: which are the same, and whose a name is. */
#include "cosend/groups.h"
#include "stage/stage.h"

#include <string.h>

static struct cosend_cell plain(struct cosend_cell cell)
{
    if (cell.kind > COSEND_TEXT)
        cell.kind = COSEND_TEXT;
    return cell;
}

bool cosend_is_among(const struct cosend_stage *self,
                     struct cosend_fields fields,
                     const struct cosend_item *item)
{
    for (uint32_t i = 0; i < fields.count; i++) {
        const char *name = cosend_field_name(self, cosend_nth(fields, i));

        if (!name || (strlen(name) == item->name_length &&
                      memcmp(name, item->name, item->name_length) == 0))
            return true;
    }
    return false;
}

bool cosend_record_key(struct cosend_stage *self,
                       const struct cosend_record *record,
                       struct cosend_fields fields, struct cosend_fields but,
                       struct cosend_bytes *key)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    bool open = cosend_schema_open(cosend_batch_schema(record->batch));

    cosend_bytes_clear(key);
    for (uint32_t i = 0; i < fields.count; i++)
        cosend_key_add(key, plain(cosend_field(record, cosend_nth(fields, i))));
    while (!fields.count && cosend_next_item(record, &item, &error)) {
        if (cosend_is_among(self, but, &item))
            continue;
        if (open)
            cosend_key_add(key, cosend_text(item.name, item.name_length));
        cosend_key_add(key, plain(item.cell));
    }
    if (!key->failed && !error.kind)
        return true;
    csi_stage_no_memory(csi_stage_of(self));
    return false;
}

/* The same for a name. */
static bool is_name_among(const struct cosend_stage *self,
                          struct cosend_fields fields, const char *name)
{
    const struct cosend_item item = {.name = name,
                                     .name_length = (uint32_t)strlen(name)};

    return cosend_is_among(self, fields, &item);
}

static bool has_field(struct cosend_stage *self,
                      const struct cosend_record *record, const char *name)
{
    size_t length = strlen(name);
    struct cosend_item item = {0};

    while (cosend_walk(self, record, &item))
        if (item.name_length == length && memcmp(item.name, name, length) == 0)
            return item.cell.kind != COSEND_ABSENT;
    return false;
}

/* Of a batch that was received as a whole the records before that are sent on
   all the same. */
static void fail_at(struct cosend_stage *self,
                    const struct cosend_record *record)
{
    if (record->batch == self->batch && self->next == self->count)
        csi_stage_of(self)->bad_at = record->position + 1;
}

bool cosend_name_free(struct cosend_stage *self,
                      const struct cosend_record *record, const char *name,
                      struct cosend_fields but, const char *way_out)
{
    const struct cosend_schema *schema = cosend_input_schema(self);

    if (cosend_schema_open(schema)) {
        if (!has_field(self, record, name) || is_name_among(self, but, name))
            return true;
        cosend_bad(self, record, "name_taken", "it has a field \"%.100s\"; %s",
                   name, way_out);
        return false;
    }
    for (size_t i = 0; i < cosend_schema_count(schema); i++) {
        if (strcmp(cosend_schema_name(schema, i), name) != 0 ||
            is_name_among(self, but, name))
            continue;
        cosend_fail(self, COSEND_E_COLUMN, "there is a column \"%.100s\"; %s",
                    name, way_out);
        fail_at(self, record);
        return false;
    }
    return true;
}

bool cosend_columns_free(struct cosend_stage *self,
                         const struct cosend_record *record,
                         const struct cosend_column *columns, size_t count,
                         struct cosend_fields but, const char *way_out)
{
    char **added = csi_stage_of(self)->recipe.added;

    for (size_t i = 0; i < count; i++)
        if (!cosend_name_free(self, record, added[columns[i].index], but,
                              way_out))
            return false;
    return true;
}

bool cosend_groups_limit(struct cosend_stage *self, uint64_t count,
                         uint64_t most)
{
    if (!most || count <= most)
        return true;
    cosend_fail(self, COSEND_E_LIMIT, "there are more than %llu groups",
                (unsigned long long)most);
    return false;
}
