/* SPDX-License-Identifier: MIT */
#include "run/unseen.h"

#include "stage/matches.h"

#include <stdio.h>
#include <string.h>

/* Whether none of the source's records had a field, of those that they might
   have had. */
static bool lacks(const struct csi_stage *stage,
                  const struct cosend_schema *root, uint32_t slot)
{
    uint32_t column = stage->map[slot], origin;

    if (column >= stage->schema->count)
        return false;
    origin = stage->schema->columns[column].origin;
    return origin < root->count &&
           !atomic_load_explicit(&root->columns[origin].seen,
                                 memory_order_relaxed);
}

/* Whether a field is one that the source's records might have had, and none
   had. What a filter made, or a `select` let through, is another matter. */
static bool is_unseen(const struct csi_stage *stage,
                      const struct cosend_schema *root, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];

    if (!field->name || field->may_lack || stage->schema->remade ||
        (field->or_before && slot && !lacks(stage, root, slot - 1)))
        return false;
    return lacks(stage, root, slot);
}

static bool was_warned(const struct csi_stage *stage,
                       const struct cosend_schema *root, uint32_t slot)
{
    for (uint32_t i = 0; i < slot; i++)
        if (stage->map[i] == stage->map[slot] && is_unseen(stage, root, i))
            return true;
    return false;
}

/* The first names that records have; none where there are none. */
static void list_names(const struct cosend_schema *sample, char *list,
                       size_t size)
{
    size_t used = 0;

    list[0] = '\0';
    for (uint32_t i = 0; i < sample->count; i++) {
        const struct csi_schema_column *name = &sample->columns[i];

        if (used + name->length + 8 > size) {
            snprintf(list + used, size - used, ", ...");
            return;
        }
        used += (size_t)snprintf(list + used, size - used, "%s%s",
                                 i ? ", " : "; the first have ", name->name);
    }
}

/* What was meant as a range of fields, and is a name in an open schema. */
static void tell_range(const struct cosend_schema *sample, const char *name,
                       char *text, size_t size)
{
    for (const char *dash = name; (dash = strchr(dash, '-')); dash++) {
        int from = (int)(dash - name);

        if (csi_schema_find(sample, name, (size_t)from) == CSI_NO_COLUMN ||
            csi_schema_find(sample, dash + 1, strlen(dash + 1)) ==
                CSI_NO_COLUMN)
            continue;
        snprintf(text, size, "; those from %.*s to %s are `%.*s`-`%s`", from,
                 name, dash + 1, from, name, dash + 1);
        return;
    }
}

/* No record had a field, or one that a pattern takes. */
static void warn_unseen_field(struct csi_run *run,
                              const struct csi_stage *stage,
                              const struct cosend_schema *sample,
                              const struct csi_field_name *field)
{
    const struct csi_field_pattern *pattern =
        csi_field_has_name(field) ? NULL : field->pattern;
    const char *near =
        csi_schema_suggest(sample, pattern ? pattern->text.data : field->name);
    char list[200] = "";

    if (field->pattern && field->pattern->is_word)
        tell_range(sample, field->pattern->text.data, list, sizeof(list));
    if (!*list && near)
        snprintf(list, sizeof(list), "; did you mean \"%.100s\"?", near);
    else if (!*list)
        list_names(sample, list, sizeof(list));
    csi_shared_warn(&run->shared, "step %s: no record had %s \"%s\"%s",
                    stage->node->id, pattern ? "a field for" : "the field",
                    field->name, list);
}

static void warn_of_stage(struct csi_run *run, const struct csi_stage *stage,
                          const struct cosend_schema *root)
{
    for (uint32_t slot = 0; slot < stage->node->field_count; slot++) {
        const struct csi_field_name *field = &stage->node->fields[slot];

        if (csi_field_has_name(field) || !field->pattern
                ? is_unseen(stage, root, slot) && !was_warned(stage, root, slot)
                : !csi_matches_took(stage, slot))
            warn_unseen_field(run, stage, root->sample, field);
    }
}

void csi_run_warn_unseen(struct csi_run *run)
{
    const struct cosend_schema *root = csi_run_source(run)->out_schema;

    /* A schema with a sample is of records that name their fields. */
    if (!root || !root->sample || run->shared.options->quiet ||
        run->shared.scratch)
        return;
    if (atomic_load_explicit(&root->repeats, memory_order_relaxed))
        csi_shared_warn(&run->shared,
                        "records have a field more than once; its last value "
                        "is taken");
    for (uint32_t i = 1; i < run->stage_count; i++) {
        const struct csi_stage *stage = &run->stages[i];

        if (stage->schema && stage->schema->open && stage->map &&
            stage->counts.in)
            warn_of_stage(run, stage, root);
    }
}
