/* SPDX-License-Identifier: MIT */
/*
 * A step's options: from JSON, through the rows of its filter's table, into the
 * struct that the filter's body is handed.
 *
 * A filter describes each of its options by a row (struct cosend_option): the
 * option's name, its type, where in the struct it is stored, its default as
 * JSON, and what help says of it. That row is all there is: this file reads
 * values by it, oneline.c tells by it which words of a line are options,
 * expand.c writes the struct as JSON again by it, and the command line prints
 * it. A group row stands for the rows of another table, so that all sources
 * take what readers take. `rows` below is the flat list, with offsets in the
 * filter's own struct.
 *
 *     {"grep": {"pattern": "x", "invert": true}, "id": "a"}
 *               |  divide_value(): a value for each row, or none
 *               v
 *     rows      pattern   invert    field
 *     given     "x"       true      NULL        from the spec
 *     set       true      true      false       given, or overridden
 *               |         |         |
 *               v         v         v
 *     struct    "x"       true      default     csi_option_value()
 *               |
 *               v  the filter's check() completes it: compiles the pattern
 *
 * A value comes from the first of: the command line (an override: -f, -t, -o),
 * the spec, the row's default; without any it is all zero, or no field. A line
 * `grep x invert=true` has become the same JSON by then. So has a value that
 * is not an object, which is the main option's: {"grep": "x"}. Where the main
 * option is itself an object (a condition, branches), the value always is it,
 * and such a filter has no other options; where it is a map, an object is that
 * map unless one of its keys is an option's name.
 *
 * A problem is reported at its value, one of a default or of a required option
 * that is missing at the step. The filter's check runs only where all values
 * were right, so that one mistake is reported once; the struct is freed in
 * either case, and a filter's release must therefore take one that its check
 * has not seen: all zero but for what the rows filled.
 */
#include "spec/option.h"

#include "format/format_options.h"
#include "spec/check.h"
#include "spec/jansson.h"
#include "spec/option_items.h"
#include "spec/registry.h"
#include "spec/step_keys.h"

#include <string.h>

static const char *option_name(const void *rows, size_t i)
{
    return ((const struct cosend_option *)rows)[i].name;
}

/* ---- All options --------------------------------------------------------- */

/* Another filter for the same place that has an option of that name: whoever
   gives `input` a path means `file`. NULL for a step's, where any could be. */
static const struct cosend_filter *
whose_option(const struct cosend_check *check, const char *name)
{
    const struct cosend_filter *filter;
    struct cosend_option option;

    if (check->filter->role == COSEND_FILTER)
        return NULL;
    for (size_t i = 0; (filter = csi_registry_at(i)); i++)
        if (filter->role == check->filter->role &&
            csi_option_find(filter, name, strlen(name), &option))
            return filter;
    return NULL;
}

static void unknown_option(struct cosend_check *check,
                           const struct csi_value *value)
{
    const char *filter = check->filter->name;
    const char *near = csi_spec_did_you_mean(
        check->spec, value->key, check->count, option_name, check->rows);
    const struct cosend_filter *other = whose_option(check, value->key);

    if (*near)
        csi_spec_key_problem(check->spec, value,
                             "\"%.80s\" is not an option of %s%s", value->key,
                             filter, near);
    else if (other)
        csi_spec_key_problem(check->spec, value,
                             "\"%.80s\" is not an option of %s, but of %s",
                             value->key, filter, other->name);
    else
        csi_spec_key_problem(check->spec, value,
                             "\"%.80s\" is not an option of %s; `cosend help "
                             "%s` lists those it has",
                             value->key, filter, filter);
}

static void divide_object(struct cosend_check *check,
                          const struct csi_value *object)
{
    const struct csi_value *value = csi_value_first(object);

    for (; value; value = csi_value_next(value)) {
        size_t row = csi_check_row(check, value->key);

        if (row != SIZE_MAX)
            check->given[row] = value;
        else if (csi_step_is_key(value->key))
            csi_spec_key_problem(
                check->spec, value,
                "\"%s\" is the step's, and stands beside the filter's name: "
                "{\"%s\": {...}, \"%s\": ...}",
                value->key, check->filter->name, value->key);
        else
            unknown_option(check, value);
    }
}

/* Whether an object is the map that the main option is: none of its keys is an
   option's name. */
static bool is_main_map(const struct cosend_check *check,
                        const struct cosend_option *main,
                        const struct csi_value *object)
{
    const struct csi_value *value = csi_value_first(object);

    if (main->type != COSEND_OPTION_MAP || !value)
        return false;
    for (; value; value = csi_value_next(value))
        if (csi_check_row(check, value->key) != SIZE_MAX)
            return false;
    return true;
}

/* What the step's value means: all options by name, or the main one. */
static void divide_value(struct cosend_check *check,
                         const struct csi_value *value)
{
    struct cosend_option main;
    bool has_main = csi_option_main(check->filter, &main);
    bool whole = has_main && (main.type == COSEND_OPTION_CONDITION ||
                              main.type == COSEND_OPTION_BRANCHES);

    if (!whole && json_is_object(value->json) &&
        !(has_main && is_main_map(check, &main, value)))
        divide_object(check, value);
    else if (has_main)
        check->given[csi_check_row(check, main.name)] = value;
    else
        csi_check_problem(check, value,
                          "%s takes its options as an object, not %s",
                          check->filter->name, csi_json_type(value->json));
}

static void override(struct cosend_check *check,
                     const struct csi_override *with)
{
    size_t row = with->option ? csi_check_row(check, with->option) : SIZE_MAX;
    struct cosend_string *string;
    void *slot;

    if (row == SIZE_MAX)
        return;
    slot = csi_check_slot(check, &check->rows[row]);
    if (check->rows[row].type == COSEND_OPTION_ENUM) {
        *(int *)slot = with->number;
    } else if (check->rows[row].type == COSEND_OPTION_TEMPLATE) {
        *(const struct cosend_template **)slot = cosend_check_template(
            check, with->option, with->text, strlen(with->text));
    } else if (with->text) {
        string = slot;
        string->length = strlen(with->text);
        string->data = csi_spec_copy(check->spec, with->text, string->length);
    }
    check->set[row] = true;
}

static bool is_overridden(const struct cosend_option *option,
                          const struct csi_override *overrides, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (overrides[i].option &&
            strcmp(overrides[i].option, option->name) == 0)
            return true;
    return false;
}

/* What a spec says of its format is not for one that the command line has in
   its place: `round` of a table is nothing that -t csv could be told. */
static void leave_out_idle(struct cosend_check *check,
                           const struct csi_override *with)
{
    const struct csi_option_use *use = csi_option_uses();

    if (!with->option || strcmp(with->option, "format") != 0)
        return;
    for (; use->name; use++) {
        size_t row = csi_check_row(check, use->name);

        if (row != SIZE_MAX && check->given[row] && !check->given[row]->bare &&
            !(use->formats & 1U << with->number))
            check->given[row] = NULL;
    }
}

static void read_all(struct cosend_check *check,
                     const struct csi_override *overrides, size_t count)
{
    for (size_t i = 0; i < count; i++)
        leave_out_idle(check, &overrides[i]);
    for (size_t i = 0; i < check->count; i++) {
        check->set[i] = check->given[i];
        if (check->given[i])
            csi_option_value(check, &check->rows[i], check->given[i],
                             csi_check_slot(check, &check->rows[i]));
        else if (!is_overridden(&check->rows[i], overrides, count))
            csi_option_default(check, &check->rows[i], NULL,
                               csi_check_slot(check, &check->rows[i]));
    }
    for (size_t i = 0; i < count; i++)
        override(check, &overrides[i]);
}

/* Room for the rows and what goes with each; false without memory. */
static bool make_rows(struct cosend_check *check)
{
    size_t count = csi_option_count(check->filter);

    check->rows = csi_calloc(count + 1, sizeof(*check->rows));
    check->given = csi_calloc(count + 1, sizeof(*check->given));
    check->set = csi_calloc(count + 1, sizeof(*check->set));
    if (!check->rows || !check->given || !check->set)
        return false;
    while (cosend_option_at(check->filter->options, check->count,
                            &check->rows[check->count]))
        check->count++;
    return true;
}

void csi_options_parse(struct csi_spec *spec, uint32_t node,
                       const struct csi_value *value,
                       const struct csi_place *place,
                       const struct csi_override *overrides, size_t count)
{
    struct csi_node *of = &spec->plan->nodes[node];
    struct cosend_check check = {
        .spec = spec, .node = node, .filter = of->filter, .place = place};
    size_t before;

    spec->inner_of_node = 0;
    of->options = csi_calloc(1, of->filter->options_size);
    if (!make_rows(&check) || !of->options) {
        spec->no_memory = true;
    } else if (value && value->unknown) {
        spec->hidden++;
    } else {
        if (value)
            divide_value(&check, value);
        /* What is wrong with the values hides what check would say of them;
           an option that does not exist does not. */
        before = spec->problem_count + spec->hidden;
        read_all(&check, overrides, count);
        if (of->filter->check && spec->problem_count + spec->hidden == before &&
            !spec->no_memory)
            of->filter->check(&check, of->options);
    }
    csi_free(check.rows);
    csi_free(check.given);
    csi_free(check.set);
}
