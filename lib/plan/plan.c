/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include "plan/options.h"
#include "record/record.h"

#include <string.h>

struct csi_plan *csi_plan_new(void)
{
    struct csi_plan *plan = csi_calloc(1, sizeof(*plan));

    if (plan)
        plan->arena = csi_calloc(1, sizeof(*plan->arena));
    if (!plan || !plan->arena) {
        csi_plan_free(plan);
        return NULL;
    }
    plan->output = CSI_NOWHERE;
    return plan;
}

bool csi_field_has_name(const struct csi_field_name *field)
{
    const struct csi_field_pattern *pattern = field->pattern;

    return field->name && (!pattern || (pattern->is_word && !pattern->negated));
}

static bool is_numeral(const char *name)
{
    return *name && !name[strspn(name, ".0123456789")];
}

const char *csi_field_number_hint(const struct csi_field_name *field,
                                  const struct cosend_schema *names)
{
    if (!is_numeral(field->name))
        return "";
    for (uint32_t i = 0; i < names->count; i++)
        if (is_numeral(names->columns[i].name))
            return "";
    return " (a name here, and no number)";
}

bool csi_plan_is_date(const char *text, size_t length)
{
    static const char form[] = "dddd-dd";

    if (length < sizeof(form) - 1)
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9'
                           : text[i] != form[i])
            return false;
    return true;
}

uint32_t csi_plan_follow(const struct csi_plan *plan,
                         const struct csi_link *link)
{
    while (link->node == CSI_NOWHERE)
        link = &plan->joins[link->join].target;
    return link->node;
}

void csi_plan_free(struct csi_plan *plan)
{
    if (!plan)
        return;
    for (uint32_t i = 0; i < plan->node_count; i++) {
        struct csi_node *node = &plan->nodes[i];

        csi_options_free(node->filter, node->options);
        for (uint32_t f = 0; f < node->field_count; f++)
            csi_field_pattern_free(node->fields[f].pattern);
        csi_free(node->fields);
        csi_free(node->lists);
        csi_free(node->targets);
    }
    csi_free(plan->nodes);
    csi_free(plan->joins);
    if (plan->arena)
        csi_arena_free(plan->arena);
    csi_free(plan->arena);
    csi_free(plan);
}
