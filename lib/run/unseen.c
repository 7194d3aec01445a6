/* SPDX-License-Identifier: MIT */
#include "run/unseen.h"

#include "run/field_origin.h"
#include "stage/compared_fields.h"
#include "stage/led_paths.h"
#include "stage/matches.h"
#include "stage/open_fields.h"

#include <stdio.h>
#include <string.h>

/* Whether the records that a stage was sent may have had the field of a slot.
 *dropper: what dropped it, or NULL. */
static bool was_sent(const struct csi_run *run, const struct csi_stage *stage,
                     uint32_t slot, const struct csi_stage **dropper)
{
    return csi_field_was_sent(run, stage->index, stage->node->fields[slot].name,
                              dropper);
}

/* Whether a field is one that records might have had, and none had. */
static bool is_unseen(const struct csi_run *run, const struct csi_stage *stage,
                      uint32_t slot, const struct csi_stage **dropper)
{
    const struct csi_field_name *field = &stage->node->fields[slot];
    const struct csi_stage *none;

    if (!field->name || field->missing ||
        (!field->is_optional && !stage->schema->open) ||
        (field->is_optional && field[1].or_before &&
         csi_led_has(stage, slot + 1)) ||
        was_sent(run, stage, slot, dropper))
        return false;
    /* Of a.b and a, which it is in, one is told. */
    if (field->is_optional)
        return was_sent(run, stage, slot + 1, &none);
    return !field->or_before || !was_sent(run, stage, slot - 1, &none);
}

static bool was_warned(const struct csi_run *run, const struct csi_stage *stage,
                       uint32_t slot)
{
    const struct csi_field_name *fields = stage->node->fields;
    const struct csi_stage *dropper;

    for (uint32_t i = 0; i < slot; i++)
        if (fields[i].name && strcmp(fields[i].name, fields[slot].name) == 0 &&
            is_unseen(run, stage, i, &dropper))
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

/* Those of the names that stand where a path leads, a.c for a.b. NULL without
   memory. */
static struct cosend_schema *names_beside(const struct cosend_schema *names,
                                          const char *path)
{
    struct cosend_schema *beside = csi_schema_new();
    const char *dot = strchr(path, '.');
    size_t length = dot ? (size_t)(dot - path) + 1 : 0;
    bool ok = beside;

    for (uint32_t i = 0; ok && length && i < names->count; i++) {
        const struct csi_schema_column *name = &names->columns[i];

        ok = strncmp(name->name, path, length) != 0 ||
             csi_schema_add_new(beside, name->name, name->length);
    }
    if (ok)
        return beside;
    csi_schema_unref(beside);
    return NULL;
}

/* What to do about it: *names are those to look among. */
static void advise(const struct cosend_schema *names,
                   const struct csi_field_name *field,
                   const struct csi_stage *dropper, char *text, size_t size)
{
    const struct csi_field_pattern *pattern = field->pattern;
    const char *near =
        csi_schema_suggest(names, pattern ? pattern->text.data : field->name);

    text[0] = '\0';
    if (dropper)
        snprintf(text, size, "; step %.100s leaves it out", dropper->node->id);
    else if (pattern && pattern->is_word)
        tell_range(names, pattern->text.data, text, size);
    if (!*text && near)
        snprintf(text, size, "; did you mean \"%.100s\"?", near);
    else if (!*text)
        list_names(names, text, size);
}

/* No record had a field, or one that a pattern takes. */
static void warn_unseen_field(struct csi_run *run,
                              const struct csi_stage *stage,
                              const struct csi_field_name *field,
                              const struct csi_stage *dropper)
{
    struct cosend_schema *names = csi_field_names_sent(run, stage->index);
    const char *path = field[field->or_before ? -1 : 0].name;
    struct cosend_schema *beside = names ? names_beside(names, path) : NULL;
    char advice[200];

    /* Neither a.b nor a, and there is a field a.c. */
    if (beside && beside->count && field->or_before)
        field--;
    if (beside) {
        advise(beside->count ? beside : names, field, dropper, advice,
               sizeof(advice));
        csi_shared_warn(&run->shared, "step %s: no record had %s \"%s\"%s%s",
                        stage->node->id,
                        csi_field_has_name(field) ? "the field" : "a field for",
                        field->name, csi_field_number_hint(field, names),
                        advice);
    }
    csi_schema_unref(beside);
    csi_schema_unref(names);
}

/* ---- Paths that are noted by a stage itself ------------------------------ */

/* Whether the path of a slot has led nowhere, and what it begins with is there.
 */
static bool is_lost(const struct csi_run *run, const struct csi_stage *stage,
                    uint32_t slot)
{
    const struct csi_stage *none;

    return csi_led_nowhere(stage, slot) &&
           !is_unseen(run, stage, slot, &none) &&
           !(slot && stage->node->fields[slot - 1].is_optional &&
             is_unseen(run, stage, slot - 1, &none));
}

static bool was_lost(const struct csi_run *run, const struct csi_stage *stage,
                     uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];

    for (uint32_t i = 0; i < slot; i++) {
        const struct csi_field_name *other = &stage->node->fields[i];

        if (is_lost(run, stage, i) && csi_led_is_same(other, field))
            return true;
    }
    return false;
}

static void warn_lost_path(struct csi_run *run, const struct csi_stage *stage,
                           uint32_t slot)
{
    const struct csi_field_name *base = &stage->node->fields[slot];
    const struct cosend_schema *beside = csi_led_beside(stage, slot);
    struct csi_field_name field = {0};
    struct cosend_bytes path = {0};
    char advice[200];

    csi_led_print(base, &path);
    cosend_put_raw(&path, "", 1);
    if (!path.failed) {
        field.name = (const char *)path.data;
        if (beside)
            advise(beside, &field, NULL, advice, sizeof(advice));
        else
            snprintf(advice, sizeof(advice),
                     "; select %.100s | head 1 shows what is there",
                     base->name);
        csi_shared_warn(&run->shared,
                        "step %s: no record had the field \"%s\"%s",
                        stage->node->id, field.name, advice);
    }
    cosend_bytes_free(&path);
}

/* ---- What is compared with constants ------------------------------------- */

static bool is_otherwise(const struct csi_stage *stage, uint32_t slot)
{
    return csi_compared_otherwise(stage, slot);
}

/* Say once of a field that it is never as it is to be for what it is compared
   with. */
static void warn_otherwise(struct csi_run *run, const struct csi_stage *stage,
                           uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];
    const char *first = csi_compared_otherwise(stage, slot);
    int length = field->beside_length < 40 ? (int)field->beside_length : 40;
    struct cosend_bytes path = {0};

    for (uint32_t i = 0; i < slot; i++)
        if (is_otherwise(stage, i) &&
            csi_led_is_same(&stage->node->fields[i], field))
            return;
    csi_led_print(field, &path);
    cosend_put_raw(&path, "", 1);
    if (!path.failed && field->beside_date)
        csi_shared_warn(&run->shared,
                        "step %s: field %.100s is compared with %.*s as text, "
                        "and is never written so: \"%s\"; time(x) in place of "
                        "x compares times",
                        stage->node->id, (const char *)path.data, length,
                        field->beside, first);
    else if (!path.failed)
        csi_shared_warn(
            &run->shared,
            "step %s: field %.100s is compared with %.*s, and is "
            "always an %s: %s; %s",
            stage->node->id, (const char *)path.data, length, field->beside,
            *first == '[' ? "array" : "object", first,
            *first == '[' ? "contains(x, element) looks into it, "
                            "and x[0] takes the first"
                          : "x.name takes what it has by that name");
    cosend_bytes_free(&path);
}

/* ---- Types --------------------------------------------------------------- */

/* Say of each type that it is for a field which no record had. */
static void warn_untyped(struct csi_run *run, const struct csi_stage *stage,
                         const struct csi_seen *seen)
{
    struct cosend_schema *names = csi_schema_new();
    bool good = names && csi_seen_sample(seen, names);
    struct cosend_string name;

    for (size_t i = 0; (i = csi_seen_untyped(seen, i, &name)) != SIZE_MAX;
         i++) {
        size_t before = seen->prefix.length;
        char full[512];
        const char *near;

        snprintf(full, sizeof(full), "%.*s%s", (int)before,
                 before ? seen->prefix.data : "", name.data);
        near = good ? csi_schema_suggest(names, full) : NULL;
        if (near && strncmp(near, full, before) != 0)
            near = NULL;
        csi_shared_warn(
            &run->shared,
            "step %s: types: no record had the field \"%.100s\"%s%.100s%s",
            stage->node->id, name.data, near ? "; did you mean \"" : "",
            near ? near + before : "", near ? "\"?" : "");
    }
    csi_schema_unref(names);
}

/* ---- All ----------------------------------------------------------------- */

static void warn_of_stage(struct csi_run *run, const struct csi_stage *stage)
{
    for (uint32_t slot = 0; slot < stage->node->field_count; slot++) {
        const struct csi_field_name *field = &stage->node->fields[slot];
        const struct csi_stage *dropper = NULL;

        if (csi_field_has_name(field) || !field->pattern
                ? is_unseen(run, stage, slot, &dropper) &&
                      !was_warned(run, stage, slot)
                : stage->schema->open && !csi_matches_took(stage, slot))
            warn_unseen_field(run, stage, field, dropper);
        if (is_lost(run, stage, slot) && !was_lost(run, stage, slot))
            warn_lost_path(run, stage, slot);
        if (is_otherwise(stage, slot))
            warn_otherwise(run, stage, slot);
    }
}

void csi_run_warn_unseen(struct csi_run *run)
{
    const struct cosend_schema *root = csi_run_source(run)->out_schema;

    if (!root || run->shared.options->quiet || run->shared.scratch)
        return;
    if (atomic_load_explicit(&root->repeats, memory_order_relaxed))
        csi_shared_warn(&run->shared,
                        "records have a field more than once; its last value "
                        "is taken");
    for (uint32_t i = 1; i < run->stage_count; i++) {
        const struct csi_stage *stage = &run->stages[i];
        const struct csi_seen *seen = csi_open_seen(stage);

        if (seen && seen->repeats)
            csi_shared_warn(&run->shared,
                            "step %s: texts have a field more than once; its "
                            "last value is taken",
                            stage->node->id);
        if (seen && stage->counts.out)
            warn_untyped(run, stage, seen);
        if (stage->schema && stage->map && stage->counts.in)
            warn_of_stage(run, stage);
    }
}
