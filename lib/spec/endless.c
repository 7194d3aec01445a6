/* SPDX-License-Identifier: MIT */
#include "spec/endless.h"

#include "cosend/filter.h"
#include "spec/check.h"

void cosend_check_endless(struct cosend_check *check, enum cosend_endless what,
                          const char *remedy)
{
    struct csi_node_note *note = &check->spec->notes[check->node];

    note->endless = what;
    note->remedy = remedy;
}

static bool is_source_endless(const struct csi_spec *spec)
{
    return !spec->options->push &&
           (spec->options->follow ||
            spec->notes[0].endless == COSEND_NEVER_ENDS);
}

static void refuse(struct csi_spec *spec, uint32_t number)
{
    const struct csi_node_note *note = &spec->notes[number];

    csi_spec_place_problem(
        spec, &spec->plan->nodes[number].place,
        "would hold more and more, since what is followed (--follow) has no "
        "end; %s%sput before it a step whose records do end, as those of head, "
        "count or top",
        note->remedy ? note->remedy : "", note->remedy ? ", or " : "");
}

void csi_spec_check_endless(struct csi_spec *spec)
{
    const struct csi_plan *plan = spec->plan;

    spec->notes[0].unending = is_source_endless(spec);
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct csi_node *node = &plan->nodes[i];
        const struct csi_node_note *note = &spec->notes[i];

        if (!note->unending || note->endless == COSEND_COMES_TO_AN_END)
            continue;
        if (note->endless == COSEND_GROWS)
            refuse(spec, i);
        for (uint32_t j = 0;
             note->endless != COSEND_GROWS && j < node->target_count; j++)
            spec->notes[csi_plan_follow(plan, &node->targets[j])].unending =
                true;
    }
}
