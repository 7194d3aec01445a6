/* SPDX-License-Identifier: MIT */
/*
 * {"count": {}, "from": ["errors", "slow"]}: a step names those before it whose
 * records it takes, in place of the one in front of it. Whatever a step names,
 * it gets all of: a step may be named by several, and goes on to the next one
 * beside that, where the next one names nobody.
 *
 * The source is named by its id too, or, where it has none, as what it is:
 * "input". Steps with branches are not named: what leaves them is that of the
 * steps in their branches, and those have ids of their own.
 */
#include "spec/inputs.h"

#include "spec/behind.h"
#include "spec/jansson.h"
#include "spec/registry.h"

#include <string.h>

/* ---- Finding ------------------------------------------------------------- */

static const char *id_at(const void *spec, size_t i)
{
    const struct csi_value *id = ((const struct csi_spec *)spec)->notes[i].id;
    const char *text = id ? json_string_value(id->json) : NULL;

    return text ? text : "";
}

/* The id of this name anywhere in the spec, or NULL. */
static const struct csi_value *find_id(const struct csi_spec *spec,
                                       const char *name)
{
    const struct csi_value *values = spec->document.values;

    for (size_t i = 0; i < values->size; i++)
        if (values[i].key && strcmp(values[i].key, "id") == 0 &&
            json_is_string(values[i].json) &&
            strcmp(json_string_value(values[i].json), name) == 0)
            return &values[i];
    return NULL;
}

/* Whether the branch of a broadcast has the name. */
static bool is_branch(const struct csi_spec *spec, const char *name)
{
    const struct csi_value *values = spec->document.values;

    for (size_t i = 0; i < values->size; i++)
        if (values[i].key && strcmp(values[i].key, name) == 0 &&
            json_is_array(values[i].json) && values[i - values[i].up].key &&
            (strcmp(values[i - values[i].up].key, "broadcast") == 0 ||
             strcmp(values[i - values[i].up].key, "branches") == 0))
            return true;
    return false;
}

/* The node that has the id, or CSI_NOWHERE. */
static uint32_t find_node(struct csi_spec *spec, const struct csi_value *value)
{
    const char *name = json_string_value(value->json);
    size_t count = spec->plan->node_count;
    const struct csi_node *nodes = spec->plan->nodes;
    const struct csi_value *later;

    for (size_t i = 0; i < count; i++)
        if (spec->notes[i].id && strcmp(id_at(spec, i), name) == 0)
            return (uint32_t)i;
    if (!spec->notes[0].id && csi_filter_is_called(nodes[0].filter, name))
        return 0;
    later = find_id(spec, name);
    if (later)
        csi_spec_problem(spec, value,
                         "\"%.80s\" stands at %u:%u, not before this step: "
                         "records go forward",
                         name, (unsigned)later->line, (unsigned)later->column);
    else if (is_branch(spec, name))
        csi_spec_problem(spec, value,
                         "\"%.80s\" is a branch, and no step has that id: give "
                         "it to the branch's last step, \"id\": \"%.80s\"",
                         name, name);
    else
        csi_spec_problem(spec, value, "no step has the id \"%.80s\"%s", name,
                         csi_spec_did_you_mean(spec, name, count, id_at, spec));
    return CSI_NOWHERE;
}

static bool may_be_named(struct csi_spec *spec, const struct csi_value *value,
                         const struct cosend_filter *filter)
{
    if (filter->role == COSEND_SINK)
        csi_spec_problem(spec, value,
                         "`%s` is a sink, from which no records come",
                         filter->name);
    else if (filter->fans_out)
        csi_spec_problem(spec, value,
                         "`%s` has branches: name steps in them, or the step "
                         "before it",
                         filter->name);
    else
        return true;
    return false;
}

/* ---- Reading ------------------------------------------------------------- */

static bool is_given_twice(const struct csi_value *from,
                           const struct csi_value *value)
{
    const struct csi_value *other = csi_value_first(from);

    while (other != value && !json_equal(other->json, value->json))
        other = csi_value_next(other);
    return other != value;
}

static struct csi_loose_end read_input(struct csi_spec *spec,
                                       const struct csi_value *value)
{
    uint32_t node;

    if (value->unknown)
        return csi_end_lost();
    if (!json_is_string(value->json)) {
        csi_spec_problem(spec, value,
                         "must be the id of a step before this one, not %s",
                         csi_json_type(value->json));
        return csi_end_lost();
    }
    node = find_node(spec, value);
    if (node == CSI_NOWHERE ||
        !may_be_named(spec, value, spec->plan->nodes[node].filter))
        return csi_end_lost();
    node = csi_behind_last(spec, node);
    spec->notes[node].untaken = false;
    return csi_end_of(spec, node);
}

/* Where it is wrong who takes what, it is not known what is taken by nobody. */
static void forgive(struct csi_spec *spec)
{
    for (uint32_t i = 0; i < spec->plan->node_count; i++)
        spec->notes[i].untaken = false;
}

struct csi_loose_end csi_inputs_read(struct csi_spec *spec,
                                     const struct csi_value *from)
{
    struct csi_loose_ends ends = {0};
    const struct csi_value *value = csi_value_first(from);
    struct csi_loose_end end;

    if (!json_is_array(from->json)) {
        end = read_input(spec, from);
        if (end.kind == CSI_END_LOST)
            forgive(spec);
        return end;
    }
    if (!value) {
        csi_spec_problem(spec, from, "needs the id of a step");
        ends.lost = true;
    }
    for (; value; value = csi_value_next(value)) {
        if (is_given_twice(from, value)) {
            csi_spec_problem(spec, value, "is given twice");
            ends.lost = true;
        } else {
            csi_ends_keep(spec, &ends, read_input(spec, value));
        }
    }
    if (ends.lost)
        forgive(spec);
    return csi_ends_meet(spec, &ends);
}

void csi_inputs_check(struct csi_spec *spec)
{
    for (uint32_t i = 0; i < spec->plan->node_count; i++)
        if (spec->notes[i].untaken)
            csi_spec_place_problem(
                spec, &spec->plan->nodes[i].place,
                "nobody takes what this step emits: the next one has a `from` "
                "in which it is not; name it there, by its id");
}
