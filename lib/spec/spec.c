/* SPDX-License-Identifier: MIT */
#include "spec/spec.h"

#include "spec/document.h"
#include "spec/endless.h"
#include "spec/graph.h"
#include "spec/ids.h"
#include "spec/jansson.h"
#include "spec/line_json.h"
#include "spec/oneline.h"
#include "spec/params.h"
#include "spec/problems.h"
#include "spec/step_keys.h"
#include "spec/step_strings.h"

#include <string.h>

/* ---- Top-level keys ------------------------------------------------------ */

static const char *const known_keys[] = {"$schema", "cosend",  "note",
                                         "params",  "from",    "steps",
                                         "to",      "rejects", NULL};
static const char *const later_keys[] = {"define", "use",   "tests", "include",
                                         "pipes",  "route", NULL};

static bool is_one_of(const char *word, const char *const *list)
{
    while (*list && strcmp(*list, word) != 0)
        list++;
    return *list;
}

static void check_keys(struct csi_spec *spec)
{
    const struct csi_value *value = csi_value_first(spec->root);

    for (; value; value = csi_value_next(value)) {
        if (is_one_of(value->key, later_keys))
            csi_spec_key_problem(spec, value,
                                 "`%s` is not supported by this version",
                                 value->key);
        else if (is_one_of(value->key, known_keys))
            continue;
        else if (csi_step_is_key(value->key))
            csi_spec_key_problem(spec, value,
                                 "\"%s\" is a step's, and stands beside its "
                                 "filter's name: {\"grep\": ..., \"%s\": ...}",
                                 value->key, value->key);
        else
            csi_spec_key_problem(
                spec, value, "\"%.80s\" is not a key of a spec%s", value->key,
                csi_spec_did_you_mean_of(spec, value->key, known_keys));
    }
}

static void check_version(struct csi_spec *spec)
{
    const struct csi_value *version = csi_value_get(spec->root, "cosend");

    if (!version)
        csi_spec_problem(spec, spec->root,
                         "\"cosend\": 1, the version of the spec, is missing");
    else if (!json_is_integer(version->json) ||
             json_integer_value(version->json) != 1)
        csi_spec_problem(spec, version,
                         "must be 1, the version of specs that this program "
                         "reads");
}

static void check_note(struct csi_spec *spec)
{
    const struct csi_value *note = csi_value_get(spec->root, "note");

    if (note && !json_is_string(note->json))
        csi_spec_problem(spec, note, "must be a string, not %s",
                         csi_json_type(note->json));
}

/* ---- Rejects ------------------------------------------------------------- */

/* {"file": "path"}, {"file": {"path": "path"}}, or the path. */
static const struct csi_value *find_path(struct csi_spec *spec,
                                         const struct csi_value *value,
                                         const char *const *keys)
{
    const struct csi_value *key, *found = NULL;

    if (!json_is_object(value->json) || !*keys)
        return value;
    for (key = csi_value_first(value); key; key = csi_value_next(key)) {
        if (strcmp(key->key, *keys) == 0)
            found = key;
        else
            csi_spec_key_problem(
                spec, key, "\"%.80s\" is not a key of rejects; it is \"%s\"",
                key->key, *keys);
    }
    if (!found && !csi_value_first(value))
        csi_spec_problem(spec, value, "needs \"%s\"", *keys);
    return found ? find_path(spec, found, keys + 1) : NULL;
}

static void read_rejects(struct csi_spec *spec)
{
    static const char *const keys[] = {"file", "path", NULL};
    const char *given = spec->options->rejects_path;
    const struct csi_value *value = csi_value_get(spec->root, "rejects");

    if (value)
        value = find_path(spec, value, keys);
    if (value && !json_is_string(value->json)) {
        csi_spec_problem(spec, value, "must be a path, not %s",
                         csi_json_type(value->json));
        return;
    }
    if (value && !json_string_length(value->json))
        csi_spec_problem(spec, value, "must not be empty");
    if (!given && value)
        given = json_string_value(value->json);
    if (given)
        spec->plan->rejects_path = csi_spec_copy(spec, given, strlen(given));
}

/* ---- All of it ----------------------------------------------------------- */

static void read_root(struct csi_spec *spec)
{
    if (!json_is_object(spec->root->json)) {
        csi_spec_problem(spec, spec->root,
                         "a spec is an object, {\"cosend\": 1, \"steps\": "
                         "[...]}, not %s",
                         csi_json_type(spec->root->json));
        return;
    }
    check_keys(spec);
    check_version(spec);
    check_note(spec);
    if (!csi_value_get(spec->root, "steps"))
        csi_spec_problem(spec, spec->root, "\"steps\" is missing");
    csi_spec_expand_strings(spec);
    if (spec->no_memory) /* the document is not whole */
        return;
    csi_spec_apply_params(spec);
    read_rejects(spec);
    csi_spec_build_graph(spec);
    csi_spec_name_nodes(spec);
    if (!spec->problem_count && !spec->no_memory)
        csi_spec_check_endless(spec);
}

static void report_at(void *context, uint32_t line, uint32_t column,
                      const char *text)
{
    struct csi_place place = {line, column, ""};

    csi_spec_place_problem(context, &place, "%s", text);
}

static void report_duplicate(void *context, const struct csi_value *value,
                             const struct csi_value *earlier)
{
    csi_spec_key_problem(
        context, value, "\"%.80s\" stands here twice; the first is at %u:%u",
        value->key, (unsigned)earlier->key_line, (unsigned)earlier->key_column);
}

static void report_value(void *context, const struct csi_value *value,
                         const char *text)
{
    csi_spec_problem(context, value, "%s", text);
}

/* Read the text with `parse`, and make what it says. */
static struct csi_plan *
make_plan(struct csi_spec *spec, const char *text, size_t length,
          int (*parse)(struct csi_spec *spec, const char *text, size_t length))
{
    static const struct cosend_options none;
    int status;

    if (!spec->options)
        spec->options = &none;
    spec->plan = csi_plan_new();
    if (!spec->plan) {
        csi_no_memory(spec->error);
        return NULL;
    }
    status = parse(spec, text, length);
    spec->no_memory |= status == COSEND_E_MEMORY;
    if (status == COSEND_OK && !spec->no_memory) {
        spec->root = spec->document.values;
        read_root(spec);
        if (spec->shown && !spec->no_memory && !spec->problem_count)
            spec->json = csi_line_json(spec);
    }
    spec->plan->only_check = spec->options->only_check;
    if (csi_spec_report_all(spec) < 0) {
        csi_plan_free(spec->plan);
        spec->plan = NULL;
    }
    csi_document_free(&spec->document);
    csi_free(spec->problems);
    csi_free(spec->notes);
    csi_free(spec->inner);
    return spec->plan;
}

static int parse_json(struct csi_spec *spec, const char *text, size_t length)
{
    struct csi_document_report report = {report_at, report_duplicate,
                                         report_value, spec};

    return csi_document_parse(&spec->document, text, length,
                              spec->options->allow_comments, &report);
}

struct csi_plan *csi_plan_from_json(const char *text, size_t length,
                                    const struct cosend_options *options,
                                    const struct csi_ends *ends,
                                    struct cosend_error *error)
{
    struct csi_spec spec = {.options = options, .ends = ends, .error = error};

    return make_plan(&spec, text, length, parse_json);
}

/* A line is called so, whatever the host calls its specs. */
static struct cosend_options named_line(const struct cosend_options *options)
{
    struct cosend_options named = {0};

    if (options)
        named = *options;
    named.name = "<line>";
    return named;
}

struct csi_plan *csi_plan_from_line(const char *text,
                                    const struct cosend_options *options,
                                    const struct csi_ends *ends,
                                    struct cosend_error *error)
{
    const struct cosend_options named = named_line(options);
    struct csi_spec spec = {.options = &named, .ends = ends, .error = error};

    return make_plan(&spec, text, strlen(text), csi_oneline_parse);
}

json_t *csi_json_from_line(const char *text,
                           const struct cosend_options *options,
                           struct cosend_error *error)
{
    const struct cosend_options named = named_line(options);
    struct csi_spec spec = {.options = &named, .error = error, .shown = true};
    struct csi_plan *plan =
        make_plan(&spec, text, strlen(text), csi_oneline_parse);

    csi_plan_free(plan);
    if (plan)
        return spec.json;
    json_decref(spec.json);
    return NULL;
}
