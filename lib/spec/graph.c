/* SPDX-License-Identifier: MIT */
/*
 * The graph: nodes and links from `from`, `steps` and `to`.
 *
 * Steps are read in order, and each is linked to what is before it, by a loose
 * end (loose_end.h); or, where it says so, to the steps that its `from` names
 * (inputs.c). The step in front of such a one goes on to nobody then: its end
 * is CSI_END_NONE, and all the same it must be named somewhere.
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
#include "spec/behind.h"
#include "spec/inputs.h"
#include "spec/jansson.h"
#include "spec/loose_end.h"
#include "spec/registry.h"
#include "spec/spec.h"
#include "spec/step.h"
#include "spec/targets.h"
#include "spec/words.h"

#include <stdio.h>
#include <string.h>

/* ---- Branches ------------------------------------------------------------ */

/* `goes_on`: who is behind them takes what comes of the last one. */
static struct csi_loose_end add_steps(struct csi_spec *spec,
                                      const struct csi_value *steps,
                                      struct csi_loose_end end, bool goes_on);
static struct csi_loose_end add_step(struct csi_spec *spec,
                                     const struct csi_value *value,
                                     struct csi_loose_end end, bool goes_on);

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

/* A branch: an array of steps, or {"steps": [...]}. */
static struct csi_loose_end add_branch(struct csi_spec *spec,
                                       const struct csi_value *branch,
                                       struct csi_loose_end end, bool goes_on)
{
    const struct csi_value *steps = NULL, *key;

    if (json_is_object(branch->json))
        steps = csi_value_get(branch, "steps");
    if (json_is_array(branch->json))
        return add_steps(spec, branch, end, goes_on);
    if (!steps) {
        not_a_list(spec, branch, "a branch is a list of steps, also of one");
        return csi_end_lost();
    }
    for (key = csi_value_first(branch); key; key = csi_value_next(key))
        if (key != steps && strcmp(key->key, "note") != 0)
            csi_spec_key_problem(
                spec, key, "\"%.80s\" is not a key of a branch", key->key);
    return add_steps(spec, steps, end, goes_on);
}

/* What leaves a branch, or is never in one. */
static void leave(struct csi_spec *spec, uint32_t node,
                  struct csi_loose_ends *ends, struct csi_loose_end end,
                  bool goes_on)
{
    const struct csi_node *from = &spec->plan->nodes[node];

    if (goes_on || end.kind != CSI_END_TARGET)
        csi_ends_keep(spec, ends, end);
    else
        csi_spec_place_problem(
            spec, &from->place,
            "records leave `%s` by a branch without steps, or its main line, "
            "and the next step does not take them: it has records of its own "
            "`from`",
            from->filter->name);
}

static void add_branches(struct csi_spec *spec, uint32_t node,
                         const struct csi_value *value,
                         struct csi_loose_ends *ends, bool goes_on)
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
        leave(spec, node, ends,
              add_branch(spec, branch, csi_end_of(spec, node), goes_on),
              goes_on);
}

/* The main line is target 0, so that it comes first where both join. */
static void add_side_branch(struct csi_spec *spec, uint32_t node,
                            const struct csi_value *value,
                            struct csi_loose_ends *ends, bool goes_on)
{
    const struct csi_value *to = NULL;
    struct csi_loose_end side;

    leave(spec, node, ends, csi_end_of(spec, node), goes_on);
    if (json_is_object(value->json)) {
        to = csi_value_get(value, "to");
        if (to && value->count > 1)
            csi_spec_problem(spec, value, "\"to\" is the only key of a tee");
    }
    if (to)
        value = to;
    if (json_is_array(value->json) && !csi_value_first(value))
        csi_spec_problem(spec, value, "needs a step");
    if (json_is_object(value->json) && !csi_value_first(value)) {
        csi_spec_problem(spec, value,
                         "needs its branch, a list of steps; in one line, "
                         "the name of a file");
        ends->lost = true;
        return;
    }
    side = csi_end_of(spec, node);
    /* One step where nothing else can be meant. */
    side = json_is_object(value->json) && !csi_value_get(value, "steps")
               ? add_step(spec, value, side, goes_on)
               : add_branch(spec, value, side, goes_on);
    leave(spec, node, ends, side, goes_on);
}

static struct csi_loose_end fan_out(struct csi_spec *spec, uint32_t node,
                                    const struct csi_value *value, bool goes_on)
{
    struct cosend_option main;
    struct csi_loose_ends ends = {0};

    if (value->unknown)
        return csi_end_lost();
    if (csi_option_main(spec->plan->nodes[node].filter, &main) &&
        main.flags & COSEND_SIDE_BRANCH)
        add_side_branch(spec, node, value, &ends, goes_on);
    else
        add_branches(spec, node, value, &ends, goes_on);
    return csi_ends_meet(spec, &ends);
}

/* ---- Pipelines inside ---------------------------------------------------- */

/* Each is a branch of its own; spec->inner grows when they have some, too. */
static struct csi_loose_end fan_out_inner(struct csi_spec *spec, uint32_t node,
                                          size_t from, size_t to, bool goes_on)
{
    struct csi_loose_ends ends = {.lost = from == to};

    for (size_t i = from; i < to; i++) {
        const struct csi_value *value = spec->inner[i];
        struct csi_loose_end end = csi_end_of(spec, node);

        if (value->unknown)
            ends.lost = true;
        else
            leave(spec, node, &ends, add_branch(spec, value, end, goes_on),
                  goes_on);
    }
    return csi_ends_meet(spec, &ends);
}

static bool has_branches(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) &&
           main.type == COSEND_OPTION_BRANCHES;
}

/* ---- Steps --------------------------------------------------------------- */

/* What a step gets: of those that its `from` names, or of what is before it. */
static struct csi_loose_end find_input(struct csi_spec *spec,
                                       const struct csi_step *step,
                                       struct csi_loose_end end)
{
    if (!step->from)
        return end;
    if (end.kind != CSI_END_TARGET)
        return csi_inputs_read(spec, step->from);
    csi_spec_key_problem(spec, step->from,
                         "a branch begins here, and its first step gets the "
                         "branch's records, not others");
    return csi_end_lost();
}

static struct csi_loose_end add_step(struct csi_spec *spec,
                                     const struct csi_value *value,
                                     struct csi_loose_end end, bool goes_on)
{
    size_t before = spec->inner_count, after;
    struct csi_step step;
    const struct csi_loose_end none = {CSI_END_NONE, 0, 0, 0};
    struct csi_loose_end input;
    uint32_t node;

    if (!csi_step_read(spec, value, CSI_STEP_ROLES, &step))
        return end;
    input = find_input(spec, &step, end);
    node = csi_step_add(spec, &step, NULL, 0);
    if (node == CSI_NOWHERE)
        return csi_end_lost();
    after = spec->inner_count;
    csi_end_connect(spec, input, node);
    if (step.filter->role == COSEND_SINK)
        return none;
    if (step.filter->fans_out)
        return has_branches(step.filter)
                   ? fan_out(spec, node, step.value, goes_on)
                   : fan_out_inner(spec, node, before, after, goes_on);
    spec->notes[node].untaken = !goes_on;
    if (spec->behind_parse) {
        spec->behind_parse = false;
        node = csi_behind_add(spec, node, true, goes_on);
    }
    return goes_on ? csi_end_of(spec, node) : none;
}

/* Whether the step says where its records come from. */
static bool has_inputs(const struct csi_value *step)
{
    return json_is_object(step->json) && csi_value_get(step, "from");
}

static struct csi_loose_end add_steps(struct csi_spec *spec,
                                      const struct csi_value *steps,
                                      struct csi_loose_end end, bool goes_on)
{
    const struct csi_value *step, *next;
    bool unreached = false;

    if (!json_is_array(steps->json)) {
        not_a_list(spec, steps, "must be an array of steps");
        return csi_end_lost();
    }
    for (step = csi_value_first(steps); step; step = next) {
        next = csi_value_next(step);
        if (end.kind == CSI_END_NONE && !has_inputs(step)) {
            csi_spec_problem(spec, step,
                             "nothing reaches this step: all before it ends "
                             "in a sink; a `tee` writes and goes on");
            end = csi_end_lost();
            unreached = true;
        }
        end = add_step(spec, step, end, next ? !has_inputs(next) : goes_on);
    }
    return unreached ? csi_end_lost() : end;
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

/* Whether a source reads the run's files, where it has no paths of its own. */
static bool reads_files(const struct cosend_filter *filter)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(filter->options, i, &row); i++)
        if (row.type == COSEND_OPTION_PATHS)
            return !(row.flags & COSEND_REQUIRED);
    return csi_filter_is_called(filter, "input");
}

static void check_source(struct csi_spec *spec,
                         const struct cosend_filter *filter)
{
    const struct cosend_options *options = spec->options;

    if (options->file_count && !options->push && !reads_files(filter))
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

enum { SOURCE_OVERRIDES = 5 };

/* What the command line says of the source, over the spec. */
static void override_source(struct csi_spec *spec,
                            const struct cosend_filter *filter,
                            struct csi_override *overrides)
{
    const struct cosend_options *options = spec->options;
    const struct csi_override over[SOURCE_OVERRIDES] = {
        {"format", options->input_format, NULL},
        {"since", 0, options->since},
        {"until", 0, options->until},
        {"time_field", 0, options->time_field},
        {"tz", 0, options->tz}};
    struct cosend_option row;

    for (size_t i = 0; i < SOURCE_OVERRIDES; i++) {
        overrides[i] = over[i];
        if (!over[i].number && !over[i].text)
            overrides[i].option = NULL;
        else if (over[i].text && !csi_option_find(filter, over[i].option,
                                                  strlen(over[i].option), &row))
            csi_spec_usage(spec, "`%s` takes no %s", filter->name,
                           over[i].option);
    }
    if ((options->skip_records || (options->follow && !options->push)) &&
        !csi_option_find(filter, "since", 5, &row))
        csi_spec_usage(spec, "`%s` reads no lines of files, and %s",
                       filter->name,
                       options->follow ? "--follow reads on where these grow"
                                       : "--lines +N is where these are begun");
}

/* Whether the first of the steps makes columns of lines. */
static bool parses(const struct csi_value *steps)
{
    const struct csi_value *first = steps ? csi_value_first(steps) : NULL;
    const struct csi_value *key =
        first && json_is_object(first->json) ? csi_value_first(first) : NULL;
    const struct cosend_filter *filter;

    for (; key; key = csi_value_next(key)) {
        filter = csi_registry_find(key->key, CSI_STEP_ROLES);
        if (filter && filter->parses)
            return true;
    }
    return false;
}

static struct csi_loose_end
add_source(struct csi_spec *spec, const struct csi_value *from, bool goes_on)
{
    const struct cosend_options *options = spec->options;
    struct csi_override overrides[SOURCE_OVERRIDES];
    struct csi_step step = {
        .filter = csi_registry_find("input", CSI_ROLE(COSEND_SOURCE)),
        .place = {spec->root->line, spec->root->column, "from"}};
    uint32_t node;

    if (from && !csi_step_read(spec, from, CSI_ROLE(COSEND_SOURCE), &step))
        return csi_end_lost();
    if (step.from)
        csi_spec_key_problem(spec, step.from,
                             "no records go to a source: this is a step's");
    if (options->push) {
        if (!csi_filter_is_called(step.filter, "input"))
            step.value = NULL;
        step.filter = spec->ends->source;
    }
    check_source(spec, step.filter);
    override_source(spec, step.filter, overrides);
    node = csi_step_add(spec, &step, overrides, SOURCE_OVERRIDES);
    if (node == CSI_NOWHERE)
        return csi_end_lost();
    spec->notes[node].depth = 1;
    spec->notes[node].untaken = !goes_on;
    node = csi_behind_add(spec, node, false, goes_on);
    if (goes_on && parses(csi_value_get(spec->root, "steps")))
        spec->behind_parse = csi_behind_is_due(spec);
    else
        node = csi_behind_add(spec, node, true, goes_on);
    return goes_on ? csi_end_of(spec, node)
                   : (struct csi_loose_end){CSI_END_NONE, 0, 0, 0};
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
    if (csi_host_takes(options))
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
    else if (options->output_path || options->output_format ||
             csi_host_takes(options))
        csi_spec_usage(spec,
                       "%s: nothing reaches the pipeline's output, "
                       "every way ends in a sink before it",
                       options->output_path     ? "-o"
                       : options->output_format ? "-t"
                                                : "record, or taker");
}

static void add_output(struct csi_spec *spec, const struct csi_value *to,
                       struct csi_loose_end end)
{
    const struct cosend_options *options = spec->options;
    struct csi_override overrides[4] = {{NULL, 0, NULL}};
    struct csi_step step;
    uint32_t node;

    if (end.kind == CSI_END_NONE)
        nothing_reaches(spec, to);
    /* What is lost would have reached it, or not: nothing can be said. */
    if ((end.kind == CSI_END_NONE || end.kind == CSI_END_LOST) && !to)
        return;
    if (!choose_sink(spec, to, &step))
        return;
    if (step.from)
        csi_spec_key_problem(spec, step.from,
                             "\"to\" gets what the last step emits; a last "
                             "step of {\"pass\": {}, \"from\": [...]} "
                             "merges others");
    if (!csi_host_takes(options)) {
        check_format(spec, step.filter);
        if (options->output_format)
            overrides[0] =
                (struct csi_override){"format", options->output_format, NULL};
        if (options->output_numbers)
            overrides[2] =
                (struct csi_override){"numbers", options->output_numbers, NULL};
        if (options->output_template)
            overrides[3] =
                (struct csi_override){"template", 0, options->output_template};
        if (options->output_path)
            overrides[1] =
                (struct csi_override){"path", 0, options->output_path};
    }
    node = csi_step_add(spec, &step, overrides, 4);
    if (node == CSI_NOWHERE)
        return;
    csi_end_connect(spec, end, node);
    spec->plan->output = node;
    spec->plan->reaches_output = true;
}

/* ---- All of it ----------------------------------------------------------- */

void csi_spec_build_graph(struct csi_spec *spec)
{
    const struct csi_value *steps = csi_value_get(spec->root, "steps");
    const struct csi_value *first = steps ? csi_value_first(steps) : NULL;
    struct csi_loose_end end = add_source(
        spec, csi_value_get(spec->root, "from"), !first || !has_inputs(first));

    if (steps)
        end = add_steps(spec, steps, end, true);
    add_output(spec, csi_value_get(spec->root, "to"), end);
    csi_inputs_check(spec);
    csi_spec_check_targets(spec);
}
