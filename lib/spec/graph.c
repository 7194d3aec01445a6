/* SPDX-License-Identifier: MIT */
/*
 * The graph: nodes and links from `from`, `steps` and `to`.
 *
 * Steps are read in order, and each is linked to what is before it. Between two
 * steps there is a loose end (struct end): the link that the next step will
 * complete. It is one of these:
 *
 *     END_TARGET   a target of a node that leads nowhere yet
 *     END_JOIN     what leaves a join, the same
 *     END_NONE     none, as behind a sink: a step here would get no records
 *     END_LOST     unknown, since a step before was wrong: what follows is
 *                  checked all the same, but linked to nothing
 *
 * A step that fans out has a target for each of its branches, which are lists
 * of steps that begin there. Of the loose ends behind the branches one goes on
 * by itself; several become the ports of a join, whose loose end goes on:
 *
 *     tee --0----------------> port 0 \
 *       |                             join --> the next step
 *       +--1--> a branch -----> port 1 /
 *
 * Ports are in the order of the branches; of a tee the main line is the first.
 * Nodes are numbered as they are added, so links lead forward only: a node has
 * a higher number than all from which records come to it. Many passes over the
 * graph rely on that and look at each node once, in order.
 *
 * `depth` counts the stages of the longest path, which is limited, since each
 * of them is resumed from within the one before it.
 */
#include "spec/graph.h"

#include "base/text.h"
#include "plan/option_rows.h"
#include "spec/jansson.h"
#include "spec/registry.h"
#include "spec/spec.h"
#include "spec/step.h"
#include "spec/targets.h"
#include "spec/words.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_PATH = 1000 };

enum end_kind {
    END_NONE,   /* a sink took it */
    END_TARGET, /* target of a node */
    END_JOIN,   /* what leaves a join */
    END_LOST    /* of a step that is not right */
};

struct end {
    enum end_kind kind;
    uint32_t index, target;
    unsigned depth;
};

static const struct csi_link nowhere = {CSI_NOWHERE, CSI_NOWHERE, 0};

/* ---- Links --------------------------------------------------------------- */

/* Give a node a target more; its number, or CSI_NOWHERE without memory. */
static uint32_t add_target(struct csi_spec *spec, uint32_t number)
{
    struct csi_node *node = &spec->plan->nodes[number];

    if (!csi_grow(&node->targets, &node->target_capacity,
                  (size_t)node->target_count + 1, sizeof(*node->targets))) {
        spec->no_memory = true;
        return CSI_NOWHERE;
    }
    node->targets[node->target_count] = nowhere;
    return node->target_count++;
}

static struct end lost(void)
{
    return (struct end){END_LOST, 0, 0, 0};
}

/* The loose end of a node that sends to one target. */
static struct end open_end_of(struct csi_spec *spec, uint32_t node)
{
    uint32_t target;

    if (node == CSI_NOWHERE)
        return lost();
    target = add_target(spec, node);
    if (target == CSI_NOWHERE)
        return lost();
    return (struct end){END_TARGET, node, target, spec->notes[node].depth};
}

static void connect_end(struct csi_spec *spec, struct end end,
                        struct csi_link link)
{
    if (end.kind == END_TARGET)
        spec->plan->nodes[end.index].targets[end.target] = link;
    else if (end.kind == END_JOIN)
        spec->plan->joins[end.index].target = link;
}

static void connect_node(struct csi_spec *spec, struct end end, uint32_t node)
{
    struct csi_node_note *note = &spec->notes[node];

    connect_end(spec, end, (struct csi_link){node, CSI_NOWHERE, 0});
    note->depth = end.depth + 1;
    if (note->depth == LONGEST_PATH + 1)
        csi_spec_place_problem(spec, &spec->plan->nodes[node].place,
                               "a path of more than 1,000 stages ends here");
}

/* ---- Joins --------------------------------------------------------------- */

static struct end join(struct csi_spec *spec, uint32_t owner,
                       const struct end *ends, uint32_t count)
{
    struct csi_plan *plan = spec->plan;
    uint32_t number = plan->join_count;
    struct end joined = {END_JOIN, number, 0, 0};

    if (!csi_grow(&plan->joins, &plan->join_capacity, (size_t)number + 1,
                  sizeof(*plan->joins))) {
        spec->no_memory = true;
        return lost();
    }
    plan->join_count++;
    plan->joins[number] = (struct csi_join_plan){count, nowhere};
    plan->nodes[owner].join = number;
    for (uint32_t i = 0; i < count; i++) {
        connect_end(spec, ends[i], (struct csi_link){CSI_NOWHERE, number, i});
        if (ends[i].depth > joined.depth)
            joined.depth = ends[i].depth;
    }
    return joined;
}

/* The loose ends of a node's branches, as far as they have any. */
struct ends {
    struct end *list;
    size_t count, capacity;
    bool lost;
};

static void keep_end(struct csi_spec *spec, struct ends *ends, struct end end)
{
    if (end.kind == END_NONE)
        return;
    if (end.kind == END_LOST)
        ends->lost = true;
    if (csi_grow(&ends->list, &ends->capacity, ends->count + 1,
                 sizeof(*ends->list)))
        ends->list[ends->count++] = end;
    else
        spec->no_memory = true;
}

static struct end bring_together(struct csi_spec *spec, uint32_t owner,
                                 struct ends *ends)
{
    struct end end = {END_NONE, 0, 0, 0};

    if (ends->lost || spec->no_memory)
        end = lost();
    else if (ends->count == 1)
        end = ends->list[0];
    else if (ends->count > 1)
        end = join(spec, owner, ends->list, (uint32_t)ends->count);
    csi_free(ends->list);
    return end;
}

/* ---- Branches ------------------------------------------------------------ */

static struct end add_steps(struct csi_spec *spec,
                            const struct csi_value *steps, struct end end);
static struct end add_step(struct csi_spec *spec, const struct csi_value *value,
                           struct end end);

/* `"grep a", "count"` for the stages of a line: a string each. */
static bool add_strings(struct csi_text *list, const char *text)
{
    size_t length = strlen(text);
    bool ok = true;

    for (;;) {
        size_t stage, used;

        while (length && strchr(" \t\n", *text))
            text++, length--;
        stage = used = csi_words_stage(text, length);
        while (used && strchr(" \t\n", text[used - 1]))
            used--;
        ok = ok && csi_text_json(list, text, used);
        if (stage == length)
            return ok;
        ok = ok && csi_text_string(list, ", ");
        text += stage + 1;
        length -= stage + 1;
    }
}

static void line_is_no_list(struct csi_spec *spec,
                            const struct csi_value *value, const char *problem,
                            const char *text)
{
    struct csi_text list = {0};

    if (add_strings(&list, text))
        csi_spec_problem(spec, value, "%s: [%.*s]", problem, (int)list.length,
                         list.data);
    else
        spec->no_memory = true;
    csi_text_free(&list);
}

/* Say that a value is no list of steps, and what it would be as one. */
static void not_a_list(struct csi_spec *spec, const struct csi_value *value,
                       const char *problem)
{
    const struct csi_value *key =
        json_is_object(value->json) ? csi_value_first(value) : NULL;
    const char *text = json_string_value(value->json);
    size_t word = text ? strcspn(text, " ") : 0;
    char name[64];

    snprintf(name, sizeof(name), "%.*s", (int)word, text ? text : "");
    if (key)
        csi_spec_problem(spec, value, "%s: [{\"%.40s\": ...}]", problem,
                         key->key);
    else if (text && !csi_registry_find(name, CSI_STEP_ROLES))
        csi_spec_problem(spec, value, "%s: [{\"file\": \"%.80s\"}]", problem,
                         text);
    else if (text)
        line_is_no_list(spec, value, problem, text);
    else
        csi_spec_problem(spec, value, "%s, not %s", problem,
                         csi_json_type(value->json));
}

/* A branch: an array of steps, {"steps": [...]}, or, where nothing else can be
   meant, one step. */
static struct end add_branch(struct csi_spec *spec,
                             const struct csi_value *branch, struct end end,
                             bool may_be_step)
{
    const struct csi_value *steps = NULL, *key;

    if (json_is_object(branch->json))
        steps = csi_value_get(branch, "steps");
    if (json_is_array(branch->json))
        return add_steps(spec, branch, end);
    if (!steps && may_be_step && json_is_object(branch->json))
        return add_step(spec, branch, end);
    if (!steps) {
        not_a_list(spec, branch, "a branch is a list of steps, also of one");
        return lost();
    }
    for (key = csi_value_first(branch); key; key = csi_value_next(key))
        if (key != steps && strcmp(key->key, "note") != 0)
            csi_spec_key_problem(
                spec, key, "\"%.80s\" is not a key of a branch", key->key);
    return add_steps(spec, steps, end);
}

static void add_branches(struct csi_spec *spec, uint32_t node,
                         const struct csi_value *value, struct ends *ends)
{
    const struct csi_value *branch;

    if (!json_is_object(value->json) && !json_is_array(value->json)) {
        csi_spec_problem(spec, value,
                         "must be an object or an array of branches, not %s",
                         csi_json_type(value->json));
        ends->lost = true;
        return;
    }
    branch = csi_value_first(value);
    if (!branch) {
        csi_spec_problem(spec, value, "needs a branch");
        ends->lost = true;
    }
    for (; branch; branch = csi_value_next(branch))
        keep_end(spec, ends,
                 add_branch(spec, branch, open_end_of(spec, node), false));
}

/* The main line is target 0, so that it comes first where both join. */
static void add_side_branch(struct csi_spec *spec, uint32_t node,
                            const struct csi_value *value, struct ends *ends)
{
    const struct csi_value *to = NULL;

    keep_end(spec, ends, open_end_of(spec, node));
    if (json_is_object(value->json)) {
        to = csi_value_get(value, "to");
        if (to && value->count > 1)
            csi_spec_problem(spec, value, "\"to\" is the only key of a tee");
    }
    if (to)
        value = to;
    if (json_is_array(value->json) && !csi_value_first(value))
        csi_spec_problem(spec, value, "needs a step");
    keep_end(spec, ends,
             add_branch(spec, value, open_end_of(spec, node), true));
}

static struct end fan_out(struct csi_spec *spec, uint32_t node,
                          const struct csi_value *value)
{
    struct cosend_option main;
    struct ends ends = {0};

    if (value->unknown)
        return lost();
    if (csi_option_main(spec->plan->nodes[node].filter, &main) &&
        main.flags & COSEND_SIDE_BRANCH)
        add_side_branch(spec, node, value, &ends);
    else
        add_branches(spec, node, value, &ends);
    return bring_together(spec, node, &ends);
}

/* ---- Pipelines inside ---------------------------------------------------- */

/* Each is a branch of its own; spec->inner grows when they have some, too. */
static struct end fan_out_inner(struct csi_spec *spec, uint32_t node,
                                size_t from, size_t to)
{
    struct ends ends = {.lost = from == to};

    for (size_t i = from; i < to; i++) {
        const struct csi_value *value = spec->inner[i];
        struct end end = open_end_of(spec, node);

        keep_end(spec, &ends,
                 value->unknown ? lost() : add_branch(spec, value, end, false));
    }
    return bring_together(spec, node, &ends);
}

static bool has_branches(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) &&
           main.type == COSEND_OPTION_BRANCHES;
}

/* ---- Steps --------------------------------------------------------------- */

static struct end add_step(struct csi_spec *spec, const struct csi_value *value,
                           struct end end)
{
    size_t before = spec->inner_count, after;
    struct csi_step step;
    uint32_t node;

    if (!csi_step_read(spec, value, CSI_STEP_ROLES, &step))
        return end;
    node = csi_step_add(spec, &step, NULL, 0);
    if (node == CSI_NOWHERE)
        return lost();
    after = spec->inner_count;
    connect_node(spec, end, node);
    if (step.filter->role == COSEND_SINK)
        return (struct end){END_NONE, 0, 0, 0};
    if (step.filter->fans_out)
        return has_branches(step.filter)
                   ? fan_out(spec, node, step.value)
                   : fan_out_inner(spec, node, before, after);
    return open_end_of(spec, node);
}

static struct end add_steps(struct csi_spec *spec,
                            const struct csi_value *steps, struct end end)
{
    const struct csi_value *step;
    bool unreached = false;

    if (!json_is_array(steps->json)) {
        not_a_list(spec, steps, "must be an array of steps");
        return lost();
    }
    for (step = csi_value_first(steps); step; step = csi_value_next(step)) {
        if (end.kind == END_NONE) {
            csi_spec_problem(spec, step,
                             "nothing reaches this step: all before it ends "
                             "in a sink; a `tee` writes and goes on");
            end = lost();
            unreached = true;
        }
        end = add_step(spec, step, end);
    }
    return unreached ? lost() : end;
}

/* ---- The source ---------------------------------------------------------- */

static bool has_choice(const struct cosend_filter *filter, int number)
{
    struct cosend_option format;

    if (number < 0 || !csi_option_find(filter, "format", 6, &format) ||
        format.type != COSEND_OPTION_ENUM)
        return false;
    for (int i = 0; i <= number; i++)
        if (!format.choices[i])
            return false;
    return true;
}

/* Whether a source that stands alone has the name of a sink. */
static bool is_meant_as_sink(const struct csi_spec *spec,
                             const struct cosend_filter *filter)
{
    const struct csi_value *steps = csi_value_get(spec->root, "steps");

    return steps && !csi_value_first(steps) &&
           csi_registry_find(filter->name, CSI_ROLE(COSEND_SINK));
}

static void check_source(struct csi_spec *spec,
                         const struct cosend_filter *filter)
{
    const struct cosend_options *options = spec->options;

    if (options->file_count && !options->push &&
        !csi_filter_is_called(filter, "input"))
        csi_spec_usage(spec,
                       "the pipeline reads from `%s` and takes no files%s%s%s",
                       filter->name,
                       is_meant_as_sink(spec, filter)
                           ? "; a sink has a source in front: `input | "
                           : "",
                       is_meant_as_sink(spec, filter) ? filter->name : "",
                       is_meant_as_sink(spec, filter) ? " ...`" : "");
    if (options->input_format && !has_choice(filter, options->input_format))
        csi_spec_usage(spec, "-f: `%s` does not read that format",
                       filter->name);
}

static struct end add_source(struct csi_spec *spec,
                             const struct csi_value *from)
{
    const struct cosend_options *options = spec->options;
    struct csi_override format = {"format", options->input_format, NULL};
    struct csi_step step = {
        .filter = csi_registry_find("input", CSI_ROLE(COSEND_SOURCE)),
        .place = {spec->root->line, spec->root->column, "from"}};
    uint32_t node;

    if (from && !csi_step_read(spec, from, CSI_ROLE(COSEND_SOURCE), &step))
        return lost();
    if (options->push) {
        if (!csi_filter_is_called(step.filter, "input"))
            step.value = NULL;
        step.filter = spec->ends->source;
    }
    check_source(spec, step.filter);
    node = csi_step_add(spec, &step, &format, options->input_format ? 1 : 0);
    if (node != CSI_NOWHERE)
        spec->notes[node].depth = 1;
    return open_end_of(spec, node);
}

/* ---- The output ---------------------------------------------------------- */

static void check_format(struct csi_spec *spec,
                         const struct cosend_filter *filter)
{
    if (spec->options->output_format &&
        !has_choice(filter, spec->options->output_format))
        csi_spec_usage(spec, "-t: `%s` does not write that format",
                       filter->name);
}

static bool choose_sink(struct csi_spec *spec, const struct csi_value *to,
                        struct csi_step *step)
{
    const struct cosend_options *options = spec->options;
    const char *name = options->output_path ? "file" : "stdout";

    *step = (struct csi_step){
        .filter = csi_registry_find(name, CSI_ROLE(COSEND_SINK)),
        .place = {spec->root->line, spec->root->column, "to"}};
    if (options->record)
        step->filter = spec->ends->sink;
    else if (to && !options->output_path)
        return csi_step_read(spec, to, CSI_ROLE(COSEND_SINK), step);
    return true;
}

/* The last sink that takes a format, or NULL. */
static const struct cosend_filter *find_sink(const struct csi_plan *plan,
                                             int format)
{
    const struct cosend_filter *sink = NULL;

    for (uint32_t i = 0; i < plan->node_count; i++)
        if (plan->nodes[i].filter->role == COSEND_SINK &&
            has_choice(plan->nodes[i].filter, format))
            sink = plan->nodes[i].filter;
    return sink;
}

static void nothing_reaches(struct csi_spec *spec, const struct csi_value *to)
{
    const struct cosend_options *options = spec->options;
    const struct cosend_filter *sink =
        options->output_path ? NULL
                             : find_sink(spec->plan, options->output_format);

    if (to)
        csi_spec_key_problem(spec, to,
                             "nothing reaches \"to\": every way ends in a "
                             "sink before it");
    else if (options->output_format && sink)
        csi_spec_usage(spec,
                       "-t: nothing reaches the pipeline's output, every way "
                       "ends in a sink before it; write `%s format=%s` instead",
                       sink->name, cosend_format_names[options->output_format]);
    else if (options->output_path || options->output_format || options->record)
        csi_spec_usage(spec,
                       "%s: nothing reaches the pipeline's output, "
                       "every way ends in a sink before it",
                       options->output_path     ? "-o"
                       : options->output_format ? "-t"
                                                : "record");
}

static void add_output(struct csi_spec *spec, const struct csi_value *to,
                       struct end end)
{
    const struct cosend_options *options = spec->options;
    struct csi_override overrides[3] = {{NULL, 0, NULL}};
    struct csi_step step;
    uint32_t node;

    if (end.kind == END_NONE)
        nothing_reaches(spec, to);
    /* What is lost would have reached it, or not: nothing can be said. */
    if ((end.kind == END_NONE || end.kind == END_LOST) && !to)
        return;
    if (!choose_sink(spec, to, &step))
        return;
    if (!options->record) {
        check_format(spec, step.filter);
        if (options->output_format)
            overrides[0] =
                (struct csi_override){"format", options->output_format, NULL};
        if (options->output_numbers)
            overrides[2] =
                (struct csi_override){"numbers", options->output_numbers, NULL};
        if (options->output_path)
            overrides[1] =
                (struct csi_override){"path", 0, options->output_path};
    }
    node = csi_step_add(spec, &step, overrides, 3);
    if (node == CSI_NOWHERE)
        return;
    connect_node(spec, end, node);
    spec->plan->output = node;
    spec->plan->reaches_output = true;
}

/* ---- All of it ----------------------------------------------------------- */

void csi_spec_build_graph(struct csi_spec *spec)
{
    const struct csi_value *steps = csi_value_get(spec->root, "steps");
    struct end end = add_source(spec, csi_value_get(spec->root, "from"));

    if (steps)
        end = add_steps(spec, steps, end);
    add_output(spec, csi_value_get(spec->root, "to"), end);
    csi_spec_check_targets(spec);
}
