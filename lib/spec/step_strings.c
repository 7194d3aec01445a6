/* SPDX-License-Identifier: MIT */
/*
 * A step may be a string in the grammar of one line. What it says is put in its
 * place before anything else reads the document, so that nobody else knows:
 *
 *     steps            steps
 *     |- "grep x"  ->  |- {}            at the string's first character
 *     `- {}            |  `- "grep": {}
 *        `- "head"     |     `- "pattern": "x"   at its x
 *                      `- {} ...
 *
 * Which strings are steps is told by where they stand: in `steps`, in the
 * branches of filters that fan out, and in the pipelines inside of theirs.
 * Values are in one array, each behind its container, so the document is copied
 * with the new ones in between. The JSON below them stays what it was.
 */
#include "spec/step_strings.h"

#include "plan/option_rows.h"
#include "spec/oneline.h"
#include "spec/registry.h"
#include "spec/string_spots.h"

#include <string.h>

/* Which values of the document are such steps. */
struct marks {
    const struct csi_value *values;
    bool *is_step;
    size_t count;
};

/* ---- Finding them -------------------------------------------------------- */

static void mark_steps(struct marks *marks, const struct csi_value *steps);

/* Whether branches are a list of steps, {"steps": [...]}, or one step. */
static void mark_branch(struct marks *marks, const struct csi_value *branch)
{
    const struct csi_value *steps =
        json_is_object(branch->json) ? csi_value_get(branch, "steps") : branch;

    if (steps)
        mark_steps(marks, steps);
}

static void mark_branches(struct marks *marks, const struct csi_value *value)
{
    if (!json_is_object(value->json) && !json_is_array(value->json))
        return;
    value = csi_value_first(value);
    for (; value; value = csi_value_next(value))
        mark_branch(marks, value);
}

static void mark_side_branch(struct marks *marks, const struct csi_value *value)
{
    const struct csi_value *to =
        json_is_object(value->json) ? csi_value_get(value, "to") : NULL;

    mark_branch(marks, to ? to : value);
}

/* The pipelines inside of a filter's options, and of their items. */
static void mark_options(struct marks *marks, const struct cosend_option *table,
                         const struct csi_value *object)
{
    const struct csi_value *value = csi_value_first(object), *item;

    for (; value; value = csi_value_next(value)) {
        struct cosend_option row;
        size_t i = 0;

        while (cosend_option_at(table, i, &row) &&
               !(value->key && strcmp(row.name, value->key) == 0))
            i++;
        if (!cosend_option_at(table, i, &row))
            continue;
        if (row.type == COSEND_OPTION_STEPS)
            mark_branch(marks, value);
        if (row.type != COSEND_OPTION_LIST && row.type != COSEND_OPTION_MAP)
            continue;
        for (item = csi_value_first(value); item; item = csi_value_next(item))
            if (json_is_object(item->json))
                mark_options(marks, row.group, item);
    }
}

static void mark_in_step(struct marks *marks, const struct csi_value *step)
{
    const struct csi_value *value = csi_value_first(step);

    for (; value; value = csi_value_next(value)) {
        const struct cosend_filter *filter =
            csi_registry_find(value->key, CSI_STEP_ROLES);
        struct cosend_option main;

        if (!filter || !filter->fans_out)
            continue;
        if (!csi_option_main(filter, &main) ||
            main.type != COSEND_OPTION_BRANCHES)
            mark_options(marks, filter->options, value);
        else if (main.flags & COSEND_SIDE_BRANCH)
            mark_side_branch(marks, value);
        else
            mark_branches(marks, value);
    }
}

static void mark_steps(struct marks *marks, const struct csi_value *steps)
{
    const struct csi_value *step;

    if (!json_is_array(steps->json))
        return;
    for (step = csi_value_first(steps); step; step = csi_value_next(step)) {
        if (json_is_object(step->json))
            mark_in_step(marks, step);
        if (!json_is_string(step->json) || step->unknown)
            continue;
        marks->is_step[step - marks->values] = true;
        marks->count++;
    }
}

/* ---- Putting them in ----------------------------------------------------- */

static void put_step(struct csi_spec *spec, struct csi_document *to,
                     size_t container, const struct csi_value *value)
{
    struct csi_spot *spots = csi_string_spots(&spec->document, value);

    if (spots)
        csi_oneline_step(spec, to, container, NULL,
                         json_string_value(value->json),
                         json_string_length(value->json), spots,
                         csi_spec_place(spec, value).path);
    else
        spec->no_memory = true;
    csi_free(spots);
}

/* Append a copy of a value; what it owns is moved. Its number, or SIZE_MAX. */
static size_t move_value(struct csi_document *to, size_t container,
                         struct csi_value *value)
{
    struct csi_value *made = csi_document_add(to, container);
    struct csi_value copy;

    if (!made)
        return SIZE_MAX;
    copy = *value;
    copy.size = made->size;
    copy.up = made->up;
    copy.index = made->index;
    copy.count = made->count;
    *made = copy;
    value->exact = NULL;
    return to->count - 1;
}

/* Sizes, when all values are there: a container's come behind it. */
static void set_sizes(struct csi_document *document)
{
    for (size_t i = 0; i < document->count; i++)
        document->values[i].size = 1;
    for (size_t i = document->count; i-- > 1;)
        document->values[i - document->values[i].up].size +=
            document->values[i].size;
}

/* `moved`, by value, is where it is in `to`. */
static bool copy_all(struct csi_spec *spec, const struct marks *marks,
                     struct csi_document *to, size_t *moved)
{
    struct csi_document *from = &spec->document;

    for (size_t i = 0; i < from->count; i++) {
        struct csi_value *value = &from->values[i];
        size_t container = value->up ? moved[i - value->up] : SIZE_MAX;

        if (marks->is_step[i])
            put_step(spec, to, container, value);
        else if ((moved[i] = move_value(to, container, value)) == SIZE_MAX)
            return false;
        if (spec->no_memory)
            return false;
    }
    set_sizes(to);
    return true;
}

static void copy_document(struct csi_spec *spec, const struct marks *marks)
{
    struct csi_document to = {0};
    size_t *moved = csi_calloc(spec->document.count, sizeof(*moved));

    if (!moved || !copy_all(spec, marks, &to, moved))
        spec->no_memory = true;
    csi_free(moved);
    /* The new document owns what the old one was part of, too. */
    to.json = spec->document.json;
    to.text = spec->document.text;
    spec->document.json = NULL;
    csi_document_free(&spec->document);
    spec->document = to;
}

void csi_spec_expand_strings(struct csi_spec *spec)
{
    const struct csi_value *steps = csi_value_get(spec->root, "steps");
    struct marks marks = {.values = spec->document.values};

    if (!steps || spec->is_line)
        return;
    marks.is_step = csi_calloc(spec->document.count, sizeof(*marks.is_step));
    if (marks.is_step) {
        mark_steps(&marks, steps);
        if (marks.count)
            copy_document(spec, &marks);
    } else {
        spec->no_memory = true;
    }
    csi_free(marks.is_step);
    spec->root = spec->document.values;
}
