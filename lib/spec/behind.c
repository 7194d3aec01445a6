/* SPDX-License-Identifier: MIT */
/*
 * {"input": {"add_path": "file"}} is {"input": {}} and {"origin": {"path":
 * "file"}}: what a filter does is done by it alone, so that both say the same.
 * Which options stand for which step the source's row says (struct
 * cosend_behind). A step of these is a node like any; who names the source, or
 * the step in front of it, in a `from` gets what leaves it.
 */
#include "spec/behind.h"

#include "plan/option_rows.h"
#include "spec/loose_end.h"
#include "spec/registry.h"
#include "spec/step.h"

#include <string.h>

enum { OPTIONS_MOST = 8 };

/* The option's value, of the source; NULL where it is not given. */
static const char *value_of(const struct csi_node *source, const char *name)
{
    struct cosend_option row;
    const struct cosend_string *text;

    if (!source->options || /* without memory */
        !csi_option_find(source->filter, name, strlen(name), &row))
        return NULL;
    text = (const void *)((const char *)source->options + row.offset);
    return text->length ? text->data : NULL;
}

bool csi_behind_is_due(const struct csi_spec *spec)
{
    const struct csi_node *source = spec->plan->nodes;
    const struct cosend_behind *row =
        spec->plan->node_count ? source->filter->behind : NULL;

    for (; row && row->option; row++)
        if (row->parsed && value_of(source, row->option))
            return true;
    return false;
}

/* Add a step of a filter, behind `node`. */
static uint32_t add_one(struct csi_spec *spec, uint32_t node,
                        const struct cosend_behind *rows,
                        const struct csi_override *overrides, bool goes_on)
{
    const struct csi_node *source = spec->plan->nodes;
    struct csi_step step = {.filter =
                                csi_registry_find(rows->filter, CSI_STEP_ROLES),
                            .place = source->place};
    enum csi_on_error on_error = source->on_error;
    uint32_t added = csi_step_add(spec, &step, overrides, OPTIONS_MOST);

    if (added == CSI_NOWHERE)
        return node;
    spec->plan->nodes[added].of_source = true;
    spec->plan->nodes[added].on_error = on_error;
    csi_end_connect(spec, csi_end_of(spec, node), added);
    spec->notes[node].untaken = false;
    spec->notes[node].behind = added;
    spec->notes[added].untaken = !goes_on;
    return added;
}

uint32_t csi_behind_add(struct csi_spec *spec, uint32_t node, bool parsed,
                        bool goes_on)
{
    const struct cosend_behind *row = spec->plan->nodes[0].filter->behind;

    if (spec->problem_count || spec->hidden || spec->no_memory)
        return node;
    while (row && row->option) {
        const struct cosend_behind *first = row;
        struct csi_override overrides[OPTIONS_MOST] = {{NULL, 0, NULL}};
        bool needed = false;

        for (int i = 0; row->option && i < OPTIONS_MOST &&
                        strcmp(row->filter, first->filter) == 0;
             row++, i++) {
            const char *text = value_of(spec->plan->nodes, row->option);

            overrides[i].option = text ? row->its : NULL;
            overrides[i].text = text;
            needed |= text && !row->alone;
        }
        if (needed && first->parsed == parsed)
            node = add_one(spec, node, first, overrides, goes_on);
    }
    return node;
}

uint32_t csi_behind_last(const struct csi_spec *spec, uint32_t node)
{
    while (spec->notes[node].behind)
        node = spec->notes[node].behind;
    return node;
}
