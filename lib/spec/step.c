/* SPDX-License-Identifier: MIT */
#include "spec/step.h"

#include "plan/option_rows.h"
#include "spec/jansson.h"
#include "spec/registry.h"
#include "spec/step_keys.h"

#include <string.h>

/* ---- What is wrong with a name ------------------------------------------- */

static const char *word_for(unsigned roles)
{
    if (roles == CSI_ROLE(COSEND_SOURCE))
        return "source";
    return roles == CSI_ROLE(COSEND_SINK) ? "sink" : "filter";
}

/* Names that may stand in a step: its own keys, then filters. */
static const char *name_at(const void *roles, size_t i)
{
    if (i < CSI_STEP_KEYS)
        return csi_step_keys[i];
    return csi_registry_name(roles, i - CSI_STEP_KEYS);
}

static bool names_a_format(const char *name)
{
    const char *const *known = cosend_format_names;

    while (*known && strcmp(*known, name) != 0)
        known++;
    return *known;
}

/* A word behind a pipe may be no name at all, as in grep ERROR|WARN. */
static const char *names_all(const struct csi_spec *spec,
                             const struct csi_value *value)
{
    return spec->is_line && value[-(ptrdiff_t)value->up].index > 0
               ? "; `cosend list` names all, and a | that is part of a value "
                 "stands in quotes"
               : "; `cosend list` names all";
}

static void unknown_name(struct csi_spec *spec, const struct csi_value *value,
                         unsigned roles, const struct cosend_filter *filter)
{
    struct cosend_option row;
    const struct cosend_filter *other =
        csi_registry_find(value->key, CSI_ALL_ROLES & ~roles);
    const char *here = cosend_name_here(value->key), *near;

    if (other) {
        csi_spec_key_problem(
            spec, value, "\"%s\" is a %s, and this must be a %s%s", value->key,
            word_for(CSI_ROLE(other->role)), word_for(roles),
            other->role == COSEND_SOURCE ? "; sources stand in \"from\"" : "");
        return;
    }
    if (strcmp(value->key, "use") == 0) {
        csi_spec_key_problem(
            spec, value, "`%s` is not supported by this version", value->key);
        return;
    }
    if (filter &&
        csi_option_find(filter, value->key, strlen(value->key), &row)) {
        csi_spec_key_problem(
            spec, value,
            "\"%s\" is an option of %s, and stands with its others: {\"%s\": "
            "{..., \"%s\": ...}}",
            value->key, filter->name, filter->name, value->key);
        return;
    }
    if (!filter && names_a_format(value->key)) {
        csi_spec_key_problem(spec, value,
                             "there is no %s \"%s\": it is a format, for -f "
                             "or -t",
                             word_for(roles), value->key);
        return;
    }
    near = csi_spec_did_you_mean(spec, value->key,
                                 csi_registry_count() + CSI_STEP_KEYS, name_at,
                                 &roles);
    if (filter)
        csi_spec_key_problem(spec, value, "\"%.80s\" is not a key of a step%s",
                             value->key, near);
    else if (here)
        csi_spec_key_problem(spec, value,
                             "there is no %s \"%.80s\"; here it is %s",
                             word_for(roles), value->key, here);
    else
        csi_spec_key_problem(spec, value, "there is no %s \"%.80s\"%s",
                             word_for(roles), value->key,
                             *near ? near : names_all(spec, value));
}

/* ---- Reading ------------------------------------------------------------- */

static void find_filter(const struct csi_value *value, unsigned roles,
                        struct csi_step *step)
{
    for (; value && !step->filter; value = csi_value_next(value)) {
        if (csi_step_is_key(value->key))
            continue;
        step->filter = csi_registry_find(value->key, roles);
        step->value = value;
    }
}

static void read_key(struct csi_spec *spec, const struct csi_value *value,
                     unsigned roles, struct csi_step *step)
{
    if (strcmp(value->key, "id") == 0)
        step->id = value;
    else if (strcmp(value->key, "from") == 0)
        step->from = value;
    else if (strcmp(value->key, "on_error") == 0)
        step->on_error = value;
    else if (strcmp(value->key, "note") == 0) {
        if (!json_is_string(value->json))
            csi_spec_problem(spec, value, "must be a string, not %s",
                             csi_json_type(value->json));
    } else if (step->filter && csi_registry_find(value->key, roles))
        csi_spec_key_problem(spec, value,
                             "a step has one filter, and this one has "
                             "\"%s\" already",
                             step->filter->name);
    else
        unknown_name(spec, value, roles, step->filter);
}

/* {"stdout": {}} for "stdout"; {"file": "a.log"} for "a.log". */
static void not_an_object(struct csi_spec *spec, const struct csi_value *value,
                          unsigned roles)
{
    const char *text = json_string_value(value->json);

    if (text && roles != CSI_STEP_ROLES && *text)
        csi_spec_problem(
            spec, value,
            csi_registry_find(text, roles)
                ? "must be an object with a %s's name as its key: "
                  "{\"%.80s\": {}}"
                : "must be an object with a %s's name as its key: {\"file\": "
                  "\"%.80s\"}",
            word_for(roles), text);
    else
        csi_spec_problem(spec, value,
                         "must be an object with a %s's name as its key, "
                         "not %s",
                         word_for(roles), csi_json_type(value->json));
}

bool csi_step_read(struct csi_spec *spec, const struct csi_value *value,
                   unsigned roles, struct csi_step *step)
{
    const struct csi_value *key;
    size_t before = spec->problem_count;

    *step = (struct csi_step){0};
    if (!json_is_object(value->json)) {
        not_an_object(spec, value, roles);
        return false;
    }
    find_filter(csi_value_first(value), roles, step);
    for (key = csi_value_first(value); key; key = csi_value_next(key))
        if (!step->filter || key != step->value)
            read_key(spec, key, roles, step);
    if (!step->filter) {
        if (spec->problem_count == before)
            csi_spec_problem(spec, value, "needs a %s's name as a key",
                             word_for(roles));
        return false;
    }
    step->place = csi_spec_key_place(spec, step->value);
    return true;
}

/* ---- Adding -------------------------------------------------------------- */

static enum csi_on_error read_on_error(struct csi_spec *spec,
                                       const struct csi_value *value)
{
    static const char *const words[] = {[CSI_REJECT] = "reject",
                                        [CSI_SKIP] = "skip",
                                        [CSI_FAIL] = "fail",
                                        NULL};
    const char *word = value ? json_string_value(value->json) : NULL;

    for (int i = 0; word && words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return (enum csi_on_error)i;
    if (word)
        csi_spec_problem(spec, value,
                         "must be reject, skip or fail, not \"%.80s\"%s", word,
                         csi_spec_did_you_mean_of(spec, word, words));
    else if (value)
        csi_spec_problem(spec, value, "must be reject, skip or fail, not %s",
                         csi_json_type(value->json));
    switch (spec->options->on_error) {
    case COSEND_ON_ERROR_SKIP:
        return CSI_SKIP;
    case COSEND_ON_ERROR_FAIL:
        return CSI_FAIL;
    default:
        return CSI_REJECT;
    }
}

/* Where all its pipelines inside may be left out one of them has to be there:
   what fans out has no other target, and its records would go nowhere. */
static void check_inner(struct csi_spec *spec, const struct csi_step *step)
{
    struct cosend_option main;

    if (step->filter->fans_out && !(csi_option_main(step->filter, &main) &&
                                    main.type == COSEND_OPTION_BRANCHES))
        csi_spec_key_problem(
            spec, step->value,
            "has no steps inside, so that its records would go nowhere; "
            "`cosend help %s` lists the options that have some",
            step->filter->name);
}

uint32_t csi_step_add(struct csi_spec *spec, const struct csi_step *step,
                      const struct csi_override *overrides, size_t count)
{
    struct csi_plan *plan = spec->plan;
    size_t inner = spec->inner_count;
    size_t before = spec->problem_count + spec->hidden;
    uint32_t number = plan->node_count;

    if (!csi_grow(&plan->nodes, &plan->node_capacity, (size_t)number + 1,
                  sizeof(*plan->nodes)) ||
        !csi_grow(&spec->notes, &spec->note_capacity, (size_t)number + 1,
                  sizeof(*spec->notes))) {
        spec->no_memory = true;
        return CSI_NOWHERE;
    }
    plan->node_count++;
    plan->nodes[number] =
        (struct csi_node){.filter = step->filter,
                          .on_error = read_on_error(spec, step->on_error),
                          .place = step->place};
    spec->notes[number] =
        (struct csi_node_note){.id = step->id, .step = step->value};
    csi_options_parse(spec, number, step->value, &step->place, overrides,
                      count);
    if (spec->inner_count == inner && !spec->no_memory &&
        spec->problem_count + spec->hidden == before)
        check_inner(spec, step);
    return number;
}
