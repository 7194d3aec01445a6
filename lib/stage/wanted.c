/* SPDX-License-Identifier: MIT */
/*
 * A stage wants the fields that its options name, and what those that it sends
 * to want of what it passes on. It wants all there is where it may look at any
 * field: a sink does, and a filter that has not said otherwise
 * (cosend_only_fields), and one whose bad records are written down as they are.
 *
 *     parse --(status)--> where status --(status, host)--> select host --> ...
 *
 * Names that a `select` keeps are not asked for by it: it looks at none. No
 * more does a `rename`, which is asked for a new name and asks for the old one.
 */
#include "stage/wanted.h"

#include "cosend/columns.h"
#include "stage/edge.h"

#include <string.h>

bool csi_want_all;

static bool has_name(const struct csi_wanted *wanted, const char *name)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (strcmp(wanted->names[i], name) == 0)
            return true;
    return false;
}

/* The name is the plan's. NULL is the only field: whichever it is. */
static void want(struct csi_wanted *wanted, const char *name)
{
    if (wanted->all || (name && has_name(wanted, name)))
        return;
    if (name && csi_grow(&wanted->names, &wanted->capacity, wanted->count + 1,
                         sizeof(*wanted->names)))
        wanted->names[wanted->count++] = name;
    else
        wanted->all = true;
}

/* ---- What targets want --------------------------------------------------- */

/* NULL: all. */
static const struct csi_wanted *wanted_behind(const struct csi_edge *edge)
{
    while (edge->join)
        edge = edge->join_target;
    return edge->stage->wanted;
}

static bool is_wanted(const struct csi_stage *stage, const char *name)
{
    for (uint32_t i = 0; i < stage->target_count; i++) {
        const struct csi_wanted *of = wanted_behind(&stage->targets[i]);

        if (!of || of->all || has_name(of, name))
            return true;
    }
    return false;
}

static bool wants_field(const struct csi_wanted *wanted, const char *name,
                        size_t length)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (strncmp(wanted->names[i], name, length) == 0 &&
            (!wanted->names[i][length] || wanted->names[i][length] == '.'))
            return true;
    return false;
}

bool csi_stage_is_asked(const struct csi_stage *stage, const char *name,
                        size_t length)
{
    if (csi_want_all)
        return true;
    for (uint32_t i = 0; i < stage->target_count; i++) {
        const struct csi_wanted *of = wanted_behind(&stage->targets[i]);

        if (!of || of->all || wants_field(of, name, length))
            return true;
    }
    return false;
}

bool cosend_column_wanted(const struct cosend_stage *self,
                          struct cosend_column column)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;

    return column.index >= stage->recipe.added_count || csi_want_all ||
           is_wanted(stage, stage->recipe.added[column.index]);
}

/* ---- What a stage wants -------------------------------------------------- */

/* Whether a field only passes through. */
static bool only_passes(const struct csi_recipe *recipe, uint32_t slot)
{
    return (recipe->keep && slot - recipe->kept.first < recipe->kept.count) ||
           csi_recipe_is_unread(recipe, slot);
}

static bool is_dropped(const struct csi_recipe *recipe, uint32_t slot)
{
    for (size_t i = 0; i < recipe->dropped_count; i++)
        if (recipe->dropped[i] == slot)
            return true;
    return false;
}

/* Whether a field that only passes through is asked for below. */
static bool passes_wanted(const struct csi_stage *stage, uint32_t slot)
{
    const char *name = csi_recipe_new_name(&stage->recipe, slot);

    if (is_dropped(&stage->recipe, slot))
        return false;
    return is_wanted(stage, name ? name : stage->node->fields[slot].name);
}

/* Whether a field of that name goes on under another. */
static bool is_renamed(const struct csi_stage *stage, const char *name)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->renamed_count; i++) {
        const char *old = stage->node->fields[recipe->renamed[i].slot].name;

        if (old && strcmp(old, name) == 0)
            return true;
    }
    return false;
}

/* Whether it is looked at all the same: whether a record has it decides, with a
   field of its new name, whether that is taken. */
static bool is_in_the_way(const struct csi_stage *stage, uint32_t slot)
{
    const char *name = csi_recipe_new_name(&stage->recipe, slot);

    return stage->recipe.opening == CSI_REMAKES && name &&
           !is_renamed(stage, name);
}

static void pass_on(struct csi_stage *stage, const struct csi_wanted *below)
{
    const struct csi_recipe *recipe = &stage->recipe;
    struct csi_wanted *wanted = &stage->own_wanted;

    if (!below || below->all) {
        wanted->all = true;
        return;
    }
    for (size_t i = 0; i < below->count; i++)
        if (!csi_recipe_adds(recipe, below->names[i]) &&
            !is_renamed(stage, below->names[i]))
            want(wanted, below->names[i]);
}

static bool looks_at_all(const struct csi_stage *stage)
{
    return !stage->only_fields || (stage->shared->plan->rejects_path &&
                                   stage->node->on_error != CSI_SKIP);
}

static void find_wanted(struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    const struct csi_node *node = stage->node;
    struct csi_wanted *wanted = &stage->own_wanted;

    /* Which old name a rule makes the new one of is not known yet, nor what
       patterns take. */
    wanted->all =
        csi_want_all || looks_at_all(stage) || recipe->rule || node->list_count;
    for (uint32_t i = 0; i < node->field_count; i++) {
        const char *name = node->fields[i].name;

        if (!name || !only_passes(recipe, i) || passes_wanted(stage, i) ||
            is_in_the_way(stage, i))
            want(wanted, name);
    }
    if (recipe->drop_all || recipe->keep)
        return;
    for (uint32_t i = 0; i < stage->target_count && !wanted->all; i++)
        pass_on(stage, wanted_behind(&stage->targets[i]));
}

void csi_stage_find_wanted(struct csi_stage *stage)
{
    find_wanted(stage);
    stage->wanted = &stage->own_wanted;
}

void csi_stage_share_wanted(struct csi_stage *stage,
                            const struct csi_stage *from)
{
    stage->wanted = from->wanted;
}

void cosend_only_fields(struct cosend_stage *self)
{
    csi_stage_of(self)->only_fields = true;
}

void csi_wanted_free(struct csi_stage *stage)
{
    csi_free(stage->own_wanted.names);
}
