/* SPDX-License-Identifier: MIT */
/*
 * Parameters: declared in `params`, given by -p, the environment or a default,
 * and put in place of ${name} in the strings of the rest of the spec.
 */
#include "spec/params.h"

#include "base/text.h"
#include "cosend/number.h"
#include "record/arena.h"
#include "spec/jansson.h"
#include "spec/number_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type { TYPE_STRING, TYPE_INT, TYPE_NUMBER, TYPE_BOOL, TYPE_PATH };

static const char *const type_names[] = {"string", "int",  "number",
                                         "bool",   "path", NULL};
static const char *const type_words[] = {"a string", "a whole number",
                                         "a number", "true or false", "a path"};

static const char *const param_keys[] = {"type", "default", "env", "help",
                                         NULL};

struct params {
    struct csi_spec *spec;
    const struct csi_value *declared; /* an object, or NULL */
    json_t *values; /* by name; null for one that has a problem */
    json_t *exact;  /* by name: the digits of numbers that values rounds */
};

/* ---- Values of a type ---------------------------------------------------- */

static json_t *read_int(const char *text)
{
    char *end;
    long long number;

    if (strspn(text, "+-0123456789") != strlen(text) || !*text)
        return NULL;
    errno = 0;
    number = strtoll(text, &end, 10);
    return *end || errno ? NULL : json_integer(number);
}

/* A whole one is as JSON has it, and may stand where only such will do. */
static json_t *read_number(const char *text)
{
    json_t *whole = read_int(text);
    double number;

    if (whole)
        return whole;
    return cosend_parse_double(text, strlen(text), &number) ? json_real(number)
                                                            : NULL;
}

/* Text from outside as a value; NULL where it is not of that type. */
static json_t *read_text(enum type type, const char *text)
{
    switch (type) {
    case TYPE_INT:
        return read_int(text);
    case TYPE_NUMBER:
        return read_number(text);
    case TYPE_BOOL:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return NULL;
        return json_boolean(*text == 't');
    default:
        return json_string_nocheck(text);
    }
}

static bool is_of_type(enum type type, const json_t *json)
{
    switch (type) {
    case TYPE_INT:
        return json_is_integer(json);
    case TYPE_NUMBER:
        return json_is_number(json);
    case TYPE_BOOL:
        return json_is_boolean(json);
    default:
        return json_is_string(json);
    }
}

/* ---- One parameter ------------------------------------------------------- */

static bool read_type(struct csi_spec *spec, const struct csi_value *param,
                      enum type *type)
{
    const struct csi_value *value = csi_value_get(param, "type");
    const char *word = value ? json_string_value(value->json) : NULL;

    for (int i = 0; word && type_names[i]; i++)
        if (strcmp(type_names[i], word) == 0) {
            *type = (enum type)i;
            return true;
        }
    if (word)
        csi_spec_problem(spec, value,
                         "must be string, int, number, bool or path, not "
                         "\"%.80s\"%s",
                         word,
                         csi_spec_did_you_mean_of(spec, word, type_names));
    else
        csi_spec_problem(spec, value ? value : param,
                         value ? "must be a type's name"
                               : "a parameter needs a \"type\"");
    return false;
}

static void check_param_keys(struct csi_spec *spec,
                             const struct csi_value *param)
{
    const struct csi_value *value = csi_value_first(param);

    for (; value; value = csi_value_next(value)) {
        size_t i = 0;

        while (param_keys[i] && strcmp(param_keys[i], value->key) != 0)
            i++;
        if (!param_keys[i])
            csi_spec_key_problem(
                spec, value, "\"%.80s\" is not a key of a parameter%s",
                value->key,
                csi_spec_did_you_mean_of(spec, value->key, param_keys));
        else if (i >= 2 && !json_is_string(value->json))
            csi_spec_problem(spec, value, "must be a string, not %s",
                             csi_json_type(value->json));
    }
}

static const char *given_text(const struct csi_spec *spec, const char *name)
{
    const struct cosend_options *options = spec->options;
    const char *text = NULL;

    for (size_t i = 0; i < options->parameter_count; i++)
        if (strcmp(options->parameters[i].name, name) == 0)
            text = options->parameters[i].value;
    return text;
}

static json_t *outside_value(struct csi_spec *spec,
                             const struct csi_value *param, enum type type,
                             const char *text, const char *from)
{
    json_t *json = read_text(type, text);

    if (csi_json_failed())
        spec->no_memory = true;
    else if (!json)
        csi_spec_key_problem(spec, param, "%s: must be %s, not \"%.80s\"", from,
                             type_words[type], text);
    return json;
}

static json_t *default_value(struct csi_spec *spec,
                             const struct csi_value *param, enum type type,
                             const char *variable)
{
    const struct csi_value *value = csi_value_get(param, "default");

    if (!value && spec->options->only_check)
        return NULL;
    if (!value)
        csi_spec_key_problem(
            spec, param, "has no value; give it with -p %s=...%s%s", param->key,
            variable ? " or in $" : "", variable ? variable : "");
    else if (!is_of_type(type, value->json))
        csi_spec_problem(spec, value, "must be %s, not %s", type_words[type],
                         csi_json_type(value->json));
    else
        return json_incref(value->json);
    return NULL;
}

/* The text that -p or, where it is declared, the environment has; or NULL. */
static const char *outside_text(const struct csi_spec *spec,
                                const struct csi_value *param,
                                const char *variable, const char **from)
{
    const char *text = given_text(spec, param->key);

    *from = "-p";
    if (text || !variable || spec->options->no_environment)
        return text;
    *from = variable;
    return getenv(variable);
}

/* *digits: those of a number that JSON rounds; else it stays. */
static json_t *param_value(struct csi_spec *spec, const struct csi_value *param,
                           enum type type, json_t **digits)
{
    const struct csi_value *env = csi_value_get(param, "env");
    const struct csi_value *fallback = csi_value_get(param, "default");
    const char *variable = env ? json_string_value(env->json) : NULL, *from;
    const char *text = outside_text(spec, param, variable, &from);
    json_t *json;

    if (!text) {
        if (fallback)
            *digits = json_incref(fallback->exact);
        return default_value(spec, param, type, variable);
    }
    json = outside_value(spec, param, type, text, from);
    if (json_is_number(json) &&
        csi_number_is_rounded(json, text, strlen(text)) &&
        !(*digits = json_string_nocheck(text)))
        spec->no_memory = true;
    return json;
}

static void read_param(struct params *params, const struct csi_value *param)
{
    struct csi_spec *spec = params->spec;
    json_t *json = NULL, *digits = NULL;
    enum type type;

    if (!json_is_object(param->json)) {
        csi_spec_problem(spec, param, "must be an object with a \"type\"");
    } else {
        check_param_keys(spec, param);
        if (read_type(spec, param, &type))
            json = param_value(spec, param, type, &digits);
    }
    if (json_object_set_new_nocheck(params->values, param->key,
                                    json ? json : json_null()) < 0 ||
        (digits &&
         json_object_set_new_nocheck(params->exact, param->key, digits) < 0))
        spec->no_memory = true;
}

/* ---- All parameters ------------------------------------------------------ */

static const char *declared_name(const void *params, size_t i)
{
    const struct csi_value *value =
        csi_value_first(((const struct params *)params)->declared);

    while (i--)
        value = csi_value_next(value);
    return value->key;
}

static const char *did_you_mean(const struct params *params, const char *name)
{
    size_t count = json_object_size(params->values);

    if (!count)
        return "; parameters are declared in \"params\"";
    return csi_spec_did_you_mean(params->spec, name, count, declared_name,
                                 params);
}

static void check_given(struct params *params)
{
    struct csi_spec *spec = params->spec;
    const struct csi_value *place =
        params->declared ? params->declared : spec->root;

    for (size_t i = 0; i < spec->options->parameter_count; i++) {
        const char *name = spec->options->parameters[i].name;

        if (!json_object_get(params->values, name))
            csi_spec_problem(spec, place,
                             "-p: there is no parameter "
                             "\"%.80s\"%s",
                             name, did_you_mean(params, name));
    }
}

static void read_params(struct params *params)
{
    const struct csi_value *declared =
        csi_value_get(params->spec->root, "params");
    const struct csi_value *param;

    if (declared && !json_is_object(declared->json)) {
        csi_spec_problem(params->spec, declared,
                         "must be an object of parameters, not %s",
                         csi_json_type(declared->json));
        return;
    }
    params->declared = declared;
    param = declared ? csi_value_first(declared) : NULL;
    for (; param; param = csi_value_next(param))
        read_param(params, param);
    check_given(params);
}

/* ---- Putting them in ----------------------------------------------------- */

/* exact: the digits of a number that json rounds, or NULL. */
static bool append_json(struct csi_text *text, const json_t *json,
                        const json_t *exact)
{
    char number[COSEND_NUMBER_MAX];

    if (exact)
        json = exact;
    switch (json_typeof(json)) {
    case JSON_STRING:
        return csi_text_add(text, json_string_value(json),
                            json_string_length(json));
    case JSON_INTEGER:
        return csi_text_add(
            text, number,
            cosend_format_integer(json_integer_value(json), number));
    case JSON_REAL:
        return csi_text_add(
            text, number, cosend_format_double(json_real_value(json), number));
    default:
        return json_is_true(json) ? csi_text_add(text, "true", 4)
                                  : csi_text_add(text, "false", 5);
    }
}

/* A name in capitals is meant to be of the environment. */
static bool is_environments(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    return *name >= 'A' && *name <= 'Z' && !name[strspn(name, letters)];
}

/* ${2} is no parameter's name, but may stand in a pattern; ${HOME} is what a
   shell reads. */
static const char *did_you_mean_or_dollar(const struct params *params,
                                          const char *name)
{
    const char *near = did_you_mean(params, name);
    char text[320];

    if (is_environments(name))
        snprintf(text, sizeof(text),
                 "%s; one of the environment is {\"%.80s\": {\"type\": "
                 "\"string\", \"env\": \"%.80s\"}}",
                 near, name, name);
    else if (*name >= '0' && *name <= '9')
        snprintf(text, sizeof(text),
                 "%s; a dollar that means itself is written $$", near);
    else
        return near;
    near = csi_spec_copy(params->spec, text, strlen(text));
    return near ? near : "";
}

/* The parameter that ${ at `dollar` names; NULL where that is reported. */
static json_t *named(struct params *params, const struct csi_value *value,
                     const char *dollar, const char *end, const char **behind,
                     json_t **exact)
{
    const char *close = memchr(dollar, '}', (size_t)(end - dollar));
    json_t *json;
    char *name;

    if (!close) {
        csi_spec_problem(params->spec, value,
                         "\"${\" without a \"}\"; a dollar is written $$");
        return NULL;
    }
    *behind = close + 1;
    name =
        csi_spec_copy(params->spec, dollar + 2, (size_t)(close - dollar) - 2);
    json = name ? json_object_get(params->values, name) : NULL;
    *exact = name ? json_object_get(params->exact, name) : NULL;
    if (!json && name)
        csi_spec_problem(params->spec, value,
                         "there is no parameter \"%.80s\"%s", name,
                         did_you_mean_or_dollar(params, name));
    return json;
}

/* Remember of a text that parameters were put into what the last one, which is
   text, has put at its end. */
static bool add_piece(struct params *params, struct csi_value *value,
                      const struct csi_text *text, size_t length)
{
    struct csi_piece *pieces = csi_arena_get(
        params->spec->plan->arena, (value->piece_count + 1) * sizeof(*pieces));

    if (!pieces)
        return false;
    if (value->piece_count)
        memcpy(pieces, value->pieces, value->piece_count * sizeof(*pieces));
    pieces[value->piece_count++] =
        (struct csi_piece){(uint32_t)(text->length - length), (uint32_t)length};
    value->pieces = pieces;
    return true;
}

/* The text with all parameters in; false where it has a problem. */
static bool fill_params(struct params *params, struct csi_value *value,
                        struct csi_text *text)
{
    const char *at = json_string_value(value->json);
    const char *end = at + json_string_length(value->json);

    while (at < end) {
        const char *dollar = memchr(at, '$', (size_t)(end - at));
        json_t *json, *exact = NULL;
        bool ok;

        if (!dollar || dollar + 1 == end)
            dollar = end;
        ok = csi_text_add(text, at, (size_t)(dollar - at));
        at = dollar;
        if (dollar < end && dollar[1] == '{') {
            json = named(params, value, dollar, end, &at, &exact);
            if (!json || json_is_null(json))
                return false;
            ok = ok && append_json(text, json, exact) &&
                 (!json_is_string(json) ||
                  add_piece(params, value, text, json_string_length(json)));
        } else if (dollar < end) {
            ok = ok && csi_text_add(text, dollar, 1);
            at += dollar[1] == '$' ? 2 : 1;
        }
        if (!ok) {
            params->spec->no_memory = true;
            return false;
        }
    }
    return true;
}

/* What a string becomes: a new reference, or NULL where it stays. */
static json_t *replacement(struct params *params, struct csi_value *value,
                           json_t **exact)
{
    const char *string = json_string_value(value->json);
    size_t length = json_string_length(value->json);
    const char *behind = NULL;
    struct csi_text text = {0};
    json_t *json = NULL;

    if (length > 2 && memcmp(string, "${", 2) == 0 &&
        memchr(string, '}', length) == string + length - 1) {
        json = named(params, value, string, string + length, &behind, exact);
        return json_is_null(json) ? NULL : json_incref(json);
    }
    if (fill_params(params, value, &text)) {
        json = json_stringn_nocheck(text.data ? text.data : "", text.length);
        params->spec->no_memory |= !json;
    }
    csi_text_free(&text);
    return json;
}

static void replace(struct params *params, struct csi_value *value)
{
    json_t *json, *exact = NULL;

    if (!memchr(json_string_value(value->json), '$',
                json_string_length(value->json)))
        return;
    json = replacement(params, value, &exact);
    value->unknown = !json;
    if (!json)
        return;
    value->filled = !json_equal(json, value->json);
    if (!csi_document_hold(&params->spec->document, json)) {
        params->spec->no_memory = true;
    } else {
        value->json = json;
        value->exact = json_is_number(json) ? json_incref(exact) : NULL;
    }
}

/* Every string below a top-level value, or it itself; notes are for people. */
static void replace_in(struct params *params, const char *key)
{
    struct csi_spec *spec = params->spec;
    const struct csi_value *top = csi_value_get(spec->root, key);
    struct csi_value *value, *end;

    if (!top)
        return;
    value = &spec->document.values[top - spec->root];
    for (end = value + value->size; value < end;) {
        bool skip =
            value->ignored || (value->key && strcmp(value->key, "note") == 0);

        if (!skip && json_is_string(value->json))
            replace(params, value);
        value += skip ? value->size : 1;
    }
}

void csi_spec_apply_params(struct csi_spec *spec)
{
    static const char *const places[] = {"from", "steps", "to", "rejects",
                                         NULL};
    struct params params = {spec, NULL, json_object(), json_object()};

    if (params.values && params.exact) {
        csi_json_failed();
        read_params(&params);
        for (size_t i = 0; !spec->is_line && places[i]; i++)
            replace_in(&params, places[i]);
    } else {
        spec->no_memory = true;
    }
    json_decref(params.values);
    json_decref(params.exact);
}
