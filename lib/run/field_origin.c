/* SPDX-License-Identifier: MIT */
#include "run/field_origin.h"

#include "stage/open_fields.h"

#include <string.h>

/* One question, of all stages on the way. */
struct question {
    const struct csi_run *run;
    const char *name;
    const struct csi_stage *dropper;
    bool *asked; /* by stage */
};

static bool sends_to(const struct csi_run *run, uint32_t from, uint32_t to)
{
    const struct csi_node *node = &run->shared.plan->nodes[from];

    for (uint32_t i = 0; i < node->target_count; i++)
        if (csi_plan_follow(run->shared.plan, &node->targets[i]) == to)
            return true;
    return false;
}

static uint32_t find_name(const struct cosend_schema *schema, const char *name)
{
    return csi_schema_find(schema, name, strlen(name));
}

/* The column of the input that one of the output is; none: it was made. */
static uint32_t input_column(const struct csi_stage *stage, uint32_t column)
{
    if (stage->out_schema == stage->schema || !stage->out_map)
        return column;
    return stage->out_map[column];
}

/* Whether a name a.b is a path into a column that a stage made, of which
   nothing is known. */
static bool is_in_made(const struct csi_stage *stage, const char *name)
{
    const char *dot = strchr(name, '.');
    uint32_t column =
        dot ? csi_schema_find(stage->out_schema, name, (size_t)(dot - name))
            : CSI_NO_COLUMN;

    return column != CSI_NO_COLUMN &&
           stage->out_schema->columns[column].origin == CSI_DENSE;
}

/* Whether the source's records had it: an open schema with a sample is of a
   reader that noted it. */
static bool was_read(const struct csi_stage *source, const char *name)
{
    const struct cosend_schema *schema = source->out_schema;
    uint32_t column = find_name(schema, name);

    if (!schema->open)
        return column != CSI_NO_COLUMN;
    return !schema->sample || column == CSI_NO_COLUMN ||
           atomic_load_explicit(&schema->columns[column].seen,
                                memory_order_relaxed);
}

/* Whether a stage drops a field, or what it is in. */
static bool drops(const struct csi_stage *stage, const char *name)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->dropped_count; i++) {
        const char *dropped = stage->node->fields[recipe->dropped[i]].name;
        size_t length = dropped ? strlen(dropped) : 0;

        if (length && strncmp(name, dropped, length) == 0 &&
            (!name[length] || name[length] == '.'))
            return true;
    }
    return false;
}

static bool was_sent(struct question *question, uint32_t to);

/* The column of an output that a field is or, where columns are all there is,
   that it is in; or none. */
static uint32_t output_column(const struct cosend_schema *out, const char *name)
{
    uint32_t column = find_name(out, name);
    const char *dot = strchr(name, '.');

    if (column != CSI_NO_COLUMN || !dot || out->open)
        return column;
    return csi_schema_find(out, name, (size_t)(dot - name));
}

/* Whether a stage had it of a column that it passes on. One that goes by
   another name now is there, whatever is in it. */
static bool had_passed(struct question *question, uint32_t at, uint32_t column)
{
    const struct csi_stage *stage = &question->run->stages[at];
    const struct cosend_schema *in = stage->schema, *out = stage->out_schema;
    uint32_t from = input_column(stage, column);

    if (from >= in->count ||
        strcmp(in->columns[from].name, out->columns[column].name) != 0)
        return true;
    return was_sent(question, at);
}

static bool gave(struct question *question, uint32_t at)
{
    const struct csi_stage *stage = &question->run->stages[at];
    const struct cosend_schema *out = stage->out_schema;
    const struct csi_seen *seen = csi_open_seen(stage);
    uint32_t column;

    if (!out || is_in_made(stage, question->name))
        return true;
    column = output_column(out, question->name);
    if (column != CSI_NO_COLUMN && out->columns[column].origin == CSI_DENSE)
        return true;
    if (drops(stage, question->name))
        question->dropper = stage;
    if (seen)
        return csi_seen_has(seen, question->name);
    if (at == 0)
        return was_read(stage, question->name);
    return column != CSI_NO_COLUMN && had_passed(question, at, column);
}

static bool was_sent(struct question *question, uint32_t to)
{
    bool sent = false;

    if (question->asked[to])
        return false;
    question->asked[to] = true;
    for (uint32_t i = 0; i < to && !sent; i++)
        sent = sends_to(question->run, i, to) && gave(question, i);
    return sent;
}

bool csi_field_was_sent(const struct csi_run *run, uint32_t stage,
                        const char *name, const struct csi_stage **dropper)
{
    struct question question = {.run = run, .name = name};
    bool sent;

    question.asked = csi_calloc(run->stage_count, sizeof(*question.asked));
    sent = !question.asked || was_sent(&question, stage);
    csi_free(question.asked);
    *dropper = sent ? NULL : question.dropper;
    return sent;
}

/* ---- Names --------------------------------------------------------------- */

static bool names_sent(const struct csi_run *run, uint32_t to, bool *asked,
                       struct cosend_schema *names);

static bool names_given(const struct csi_run *run, uint32_t at, bool *asked,
                        struct cosend_schema *names)
{
    const struct csi_stage *stage = &run->stages[at];
    const struct cosend_schema *out = stage->out_schema;
    const struct csi_seen *seen = csi_open_seen(stage);
    bool ok = true;

    if (!out)
        return true;
    if (!out->open)
        return csi_schema_unite(names, out);
    if (seen)
        ok = csi_seen_sample(seen, names);
    else if (at)
        ok = names_sent(run, at, asked, names);
    else if (out->sample)
        ok = csi_schema_unite(names, out->sample);
    for (uint32_t i = 0; ok && i < out->count; i++)
        if (out->columns[i].origin == CSI_DENSE)
            ok = csi_schema_add_new(names, out->columns[i].name,
                                    out->columns[i].length);
    return ok;
}

static bool names_sent(const struct csi_run *run, uint32_t to, bool *asked,
                       struct cosend_schema *names)
{
    bool ok = true;

    if (asked[to])
        return true;
    asked[to] = true;
    for (uint32_t i = 0; i < to && ok; i++)
        if (sends_to(run, i, to))
            ok = names_given(run, i, asked, names);
    return ok;
}

static bool is_hidden(const struct cosend_schema *hidden,
                      const struct csi_schema_column *name)
{
    return hidden &&
           csi_schema_find(hidden, name->name, name->length) != CSI_NO_COLUMN;
}

struct cosend_schema *csi_field_names_sent(const struct csi_run *run,
                                           uint32_t stage)
{
    struct cosend_schema *names = csi_schema_new(), *all = csi_schema_new();
    bool *asked = csi_calloc(run->stage_count, sizeof(*asked));
    bool ok = names && all && asked && names_sent(run, stage, asked, all);

    for (uint32_t i = 0; ok && i < all->count; i++)
        if (!is_hidden(run->stages[stage].schema->hidden, &all->columns[i]))
            ok = csi_schema_add_new(names, all->columns[i].name,
                                    all->columns[i].length);
    csi_free(asked);
    csi_schema_unref(all);
    if (ok)
        return names;
    csi_schema_unref(names);
    return NULL;
}
