/* SPDX-License-Identifier: MIT */
/*
 * A line has become the values of a JSON spec already (oneline.c), but its
 * words are strings all: `head 3` is {"head": {"n": "3"}}, and whoever reads a
 * value knows that it was a word. In a spec quotes mean text. So each word is
 * written as what its option takes: a number, true or false, a string.
 *
 * A line has no parameters, and `${x}` means itself in it; in a spec that is
 * written `$${x}`.
 */
#include "spec/line_json.h"

#include "base/text.h"
#include "plan/option_rows.h"
#include "spec/condition_words.h"
#include "spec/jansson.h"
#include "spec/number_json.h"
#include "spec/registry.h"

#include <stdlib.h>
#include <string.h>

/* What the words of a value stand for. */
enum meaning { TEXT, BOOL, INT, NUMBER };

static bool put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

/* ---- Strings ------------------------------------------------------------- */

/* Text as a spec has it: a dollar that would begin a parameter is two. NULL
   without memory, or where it is no UTF-8, which *is_utf8 tells apart. */
static json_t *text_json(const char *text, size_t length, bool *is_utf8)
{
    struct csi_text escaped = {0};
    json_t *json = NULL;
    bool ok = true;

    csi_json_failed();

    for (size_t i = 0; ok && i < length; i++) {
        bool doubled = text[i] == '$' && i + 1 < length &&
                       (text[i + 1] == '$' || text[i + 1] == '{');

        ok = csi_text_add(&escaped, "$$", doubled) &&
             csi_text_add(&escaped, text + i, 1);
    }
    if (ok)
        json = json_stringn(escaped.data ? escaped.data : "", escaped.length);
    csi_text_free(&escaped);
    *is_utf8 = json || !ok || csi_json_failed();
    return json;
}

static json_t *string_json(struct csi_spec *spec, const struct csi_value *value)
{
    bool is_utf8;
    json_t *json = text_json(json_string_value(value->json),
                             json_string_length(value->json), &is_utf8);

    if (json)
        return json;
    if (is_utf8)
        spec->no_memory = true;
    else
        csi_spec_problem(spec, value,
                         "JSON holds UTF-8 only, and this is none; in a "
                         "pattern a byte is written \\xNN");
    return json_null();
}

static json_t *word_json(struct csi_spec *spec, const struct csi_value *value,
                         enum meaning meaning)
{
    const char *word = json_string_value(value->json);
    size_t length = json_string_length(value->json);

    if (meaning == BOOL && strcmp(word, "true") == 0)
        return json_true();
    if (meaning == BOOL && strcmp(word, "false") == 0)
        return json_false();
    if (meaning == INT)
        return json_integer(strtoll(word, NULL, 10));
    if (meaning == NUMBER && csi_is_number(word, length))
        return csi_number_json(word, length);
    return string_json(spec, value);
}

/* ---- Values -------------------------------------------------------------- */

static json_t *value_json(struct csi_spec *spec, const struct csi_value *value,
                          enum meaning meaning);

static json_t *array_json(struct csi_spec *spec, const struct csi_value *value,
                          enum meaning meaning)
{
    json_t *array = json_array();

    value = csi_value_first(value);
    for (; value; value = csi_value_next(value))
        if (json_array_append_new(array, value_json(spec, value, meaning)) < 0)
            spec->no_memory = true;
    return array;
}

/* What the words of a condition's value are, by its operator. */
static enum meaning value_meaning(const struct csi_value *test)
{
    const struct csi_value *op = csi_value_get(test, "op");
    enum csi_condition_op which;

    if (!op || !csi_condition_op_of(json_string_value(op->json), &which))
        return TEXT;
    switch (which) {
    case CSI_OP_REGEX:
    case CSI_OP_MATCHES:
    case CSI_OP_CONTAINS:
    case CSI_OP_STARTS_WITH:
    case CSI_OP_ENDS_WITH:
        return TEXT;
    default:
        return NUMBER;
    }
}

/* A condition's list of one item, which in a line is written as that item. */
static bool is_list_of_one(const struct csi_value *test,
                           const struct csi_value *value)
{
    const struct csi_value *op = csi_value_get(test, "op");
    enum csi_condition_op which;

    return value->bare && strcmp(value->key, "value") == 0 && op &&
           csi_condition_op_of(json_string_value(op->json), &which) &&
           (which == CSI_OP_IN || which == CSI_OP_NOT_IN) &&
           !json_is_array(value->json);
}

static json_t *member_json(struct csi_spec *spec,
                           const struct csi_value *object,
                           const struct csi_value *value)
{
    bool is_value = strcmp(value->key, "value") == 0;
    json_t *json =
        value_json(spec, value, is_value ? value_meaning(object) : TEXT);
    json_t *array;

    if (!is_list_of_one(object, value))
        return json;
    array = json_array();
    if (json_array_append_new(array, json) < 0)
        spec->no_memory = true;
    return array;
}

static json_t *object_json(struct csi_spec *spec, const struct csi_value *value)
{
    const struct csi_value *member = csi_value_first(value);
    json_t *object = json_object();

    for (; member; member = csi_value_next(member))
        if (!put(object, member->key, member_json(spec, value, member)))
            spec->no_memory = true;
    return object;
}

static json_t *value_json(struct csi_spec *spec, const struct csi_value *value,
                          enum meaning meaning)
{
    json_t *json = value->exact ? value->exact : value->json;

    if (json_is_object(json))
        return object_json(spec, value);
    if (json_is_array(json))
        return array_json(spec, value, meaning);
    if (value->exact)
        return csi_number_json(json_string_value(json),
                               json_string_length(json));
    if (!json_is_string(json))
        return json_incref(json);
    return value->bare ? word_json(spec, value, meaning)
                       : string_json(spec, value);
}

/* ---- Steps --------------------------------------------------------------- */

static enum meaning option_meaning(const struct cosend_option *option);

/* What stands for an item is the value of its main row. */
static enum meaning item_meaning(const struct cosend_option *rows)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(rows, i, &row); i++)
        if (row.flags & COSEND_MAIN)
            return option_meaning(&row);
    return TEXT;
}

static enum meaning option_meaning(const struct cosend_option *option)
{
    switch (option->type) {
    case COSEND_OPTION_BOOL:
    case COSEND_OPTION_HEADER:
        return BOOL;
    case COSEND_OPTION_INT:
        return INT;
    case COSEND_OPTION_NUMBER:
        return NUMBER;
    case COSEND_OPTION_LIST:
    case COSEND_OPTION_MAP:
        return item_meaning(option->group);
    default:
        return TEXT;
    }
}

/* The members of a map, which were words, name=value. */
static json_t *map_json(struct csi_spec *spec, const struct csi_value *map,
                        enum meaning meaning)
{
    const struct csi_value *value = csi_value_first(map);
    json_t *object = json_object();

    for (; value; value = csi_value_next(value))
        if (!put(object, value->key, value_json(spec, value, meaning)))
            spec->no_memory = true;
    return object;
}

/* Whether a filter's value is its main option's, and has no others. */
static bool is_whole(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) &&
           (main.type == COSEND_OPTION_CONDITION ||
            main.type == COSEND_OPTION_BRANCHES);
}

static json_t *options_json(struct csi_spec *spec,
                            const struct cosend_filter *filter,
                            const struct csi_value *options)
{
    const struct csi_value *value = csi_value_first(options);
    json_t *object = json_object();
    struct cosend_option row;

    for (; value; value = csi_value_next(value)) {
        enum meaning meaning;

        if (!csi_option_find(filter, value->key, strlen(value->key), &row))
            continue;
        meaning = option_meaning(&row);
        if (!put(object, value->key,
                 row.type == COSEND_OPTION_MAP && value->bare
                     ? map_json(spec, value, meaning)
                     : value_json(spec, value, meaning)))
            spec->no_memory = true;
    }
    return object;
}

/* {"head": {"n": 3}} of a step or a source. */
static json_t *step_json(struct csi_spec *spec, const struct csi_value *step,
                         unsigned roles)
{
    const struct csi_value *options = csi_value_first(step);
    const struct cosend_filter *filter = csi_registry_find(options->key, roles);
    json_t *object = json_object();

    if (!put(object, options->key,
             is_whole(filter) ? value_json(spec, options, TEXT)
                              : options_json(spec, filter, options)))
        spec->no_memory = true;
    return object;
}

json_t *csi_line_json(struct csi_spec *spec)
{
    const struct csi_value *from = csi_value_get(spec->root, "from");
    const struct csi_value *step = csi_value_get(spec->root, "steps");
    json_t *json = json_object(), *steps = json_array();
    bool ok = true;

    if (from)
        ok = put(json, "from", step_json(spec, from, CSI_ROLE(COSEND_SOURCE)));
    step = csi_value_first(step);
    for (; step; step = csi_value_next(step))
        ok = json_array_append_new(
                 steps, step_json(spec, step, CSI_STEP_ROLES)) == 0 &&
             ok;
    ok = put(json, "steps", steps) && ok;
    spec->no_memory |= !ok;
    if (!spec->no_memory && !spec->problem_count)
        return json;
    json_decref(json);
    return NULL;
}

/* ---- The ends ------------------------------------------------------------ */

/* The options of {"input": {...}}. */
static json_t *options_of(json_t *step)
{
    return json_object_iter_value(json_object_iter(step));
}

/* The spec's `key`, {"NAME": {}} where it has none. */
static json_t *end_of(json_t *spec, const char *key, const char *name)
{
    json_t *end = json_object_get(spec, key);

    if (!end && put(spec, key, json_object())) {
        end = json_object_get(spec, key);
        if (!put(end, name, json_object()))
            end = NULL;
    }
    return end ? options_of(end) : NULL;
}

static json_t *format_json(int format)
{
    return json_string(cosend_format_names[format]);
}

static bool put_path(json_t *object, const char *key, const char *path,
                     struct cosend_error *error)
{
    bool is_utf8;
    json_t *json = text_json(path, strlen(path), &is_utf8);

    if (!json && !is_utf8)
        cosend_error_set(error, COSEND_E_USAGE,
                         "JSON holds UTF-8 only, and the path \"%.200s\" is "
                         "none",
                         path);
    return json && put(object, key, json);
}

/* What is said of times over the source's options. */
static bool put_span(json_t *spec, const struct cosend_options *options,
                     struct cosend_error *error)
{
    const struct {
        const char *option, *text;
    } rows[] = {{"since", options->since},
                {"until", options->until},
                {"time_field", options->time_field},
                {"tz", options->tz}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *object = rows[i].text ? end_of(spec, "from", "input") : NULL;

        if (rows[i].text &&
            (!object || !put_path(object, rows[i].option, rows[i].text, error)))
            return false;
    }
    return true;
}

bool csi_line_json_ends(json_t *spec, const struct cosend_options *options,
                        struct cosend_error *error)
{
    const char *path = options->output_path, *rejects = options->rejects_path;
    json_t *object;

    if (options->input_format) {
        object = end_of(spec, "from", "input");
        if (!object ||
            !put(object, "format", format_json(options->input_format)))
            return false;
    }
    if (!put_span(spec, options, error))
        return false;
    if (options->output_format || path) {
        object = end_of(spec, "to", path ? "file" : "stdout");
        if (!object || (path && !put_path(object, "path", path, error)) ||
            (options->output_format &&
             !put(object, "format", format_json(options->output_format))) ||
            (options->output_template &&
             !put_path(object, "template", options->output_template, error)) ||
            (options->output_numbers &&
             !put(object, "numbers",
                  json_string(
                      cosend_json_numbers_names[options->output_numbers]))))
            return false;
    }
    if (!rejects)
        return true;
    object = json_object();
    return put(spec, "rejects", object) &&
           put_path(object, "file", rejects, error);
}

/* ---- As text ------------------------------------------------------------- */

/* {"head": {"n": 3}} is {"head": 3}, and a list of one its item, where the
   option takes both. */
static bool shorten(json_t *step, unsigned roles)
{
    void *at = json_object_iter(step);
    const char *name = json_object_iter_key(at), *key;
    const struct cosend_filter *filter = csi_registry_find(name, roles);
    json_t *options = json_object_iter_value(at), *value;
    struct cosend_option main, row;
    void *next;

    if (!filter || is_whole(filter))
        return true;
    for (at = json_object_iter(options); at; at = next) {
        key = json_object_iter_key(at);
        next = json_object_iter_next(options, at);
        value = json_object_iter_value(at);
        if (json_array_size(value) == 1 &&
            csi_option_find(filter, key, strlen(key), &row) &&
            row.type != COSEND_OPTION_HEADER &&
            json_object_iter_set(options, at, json_array_get(value, 0)) < 0)
            return false;
    }
    if (json_object_size(options) != 1 || !csi_option_main(filter, &main))
        return true;
    value = json_object_get(options, main.name);
    /* A map's keys might be taken for options. */
    return !value || main.type == COSEND_OPTION_MAP ||
           json_object_set(step, name, value) == 0;
}

/* With quotes or without, and numbers with all their digits. */
static char *dump(const json_t *json)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY);

    if (text)
        csi_numbers_unquote(text);
    return text;
}

char *csi_line_json_options(json_t *step, unsigned roles)
{
    return shorten(step, roles) ? dump(options_of(step)) : NULL;
}

static bool add_dump(struct csi_text *text, const char *before,
                     const json_t *json)
{
    char *dumped = dump(json);
    bool ok = dumped && csi_text_string(text, before) &&
              csi_text_string(text, dumped);

    csi_free(dumped);
    return ok;
}

/* `  "from": {...}` for a member that there is. */
static bool add_member(struct csi_text *text, const char *key,
                       const json_t *spec, unsigned roles)
{
    json_t *value = json_object_get(spec, key);

    return !value ||
           (csi_text_string(text, ",\n  \"") && csi_text_string(text, key) &&
            shorten(value, roles) && add_dump(text, "\": ", value));
}

static bool add_steps(struct csi_text *text, const json_t *steps)
{
    size_t count = json_array_size(steps);
    bool ok = csi_text_string(text, ",\n  \"steps\": [");

    for (size_t i = 0; ok && i < count; i++)
        ok = shorten(json_array_get(steps, i), CSI_STEP_ROLES) &&
             add_dump(text, i ? ",\n    " : "\n    ", json_array_get(steps, i));
    return ok && csi_text_string(text, count ? "\n  ]" : "]");
}

char *csi_line_json_text(json_t *spec)
{
    struct csi_text text = {0};

    if (csi_text_string(&text, "{\n  \"cosend\": 1") &&
        add_member(&text, "from", spec, CSI_ROLE(COSEND_SOURCE)) &&
        add_steps(&text, json_object_get(spec, "steps")) &&
        add_member(&text, "to", spec, CSI_ROLE(COSEND_SINK)) &&
        add_member(&text, "rejects", spec, 0) &&
        csi_text_add(&text, "\n}\n", 4)) /* with its NUL */
        return text.data;
    csi_text_free(&text);
    return NULL;
}
