/* SPDX-License-Identifier: MIT */
#include "spec/option_scalars.h"

#include "expression/condition.h"
#include "io/path_pattern.h"
#include "spec/condition_json.h"
#include "spec/jansson.h"
#include "spec/option_choices.h"
#include "spec/option_expression.h"
#include "spec/option_template.h"
#include "spec/option_units.h"

#include <string.h>

/* ---- Fields -------------------------------------------------------------- */

/* See whether a field of a list is a pattern. */
static void read_pattern(struct cosend_check *check,
                         const struct csi_value *value,
                         struct cosend_field field)
{
    struct cosend_error error = {0};

    if (check->option->flags & COSEND_PATTERNS &&
        csi_check_read_pattern(check, field, &error) == COSEND_E_SPEC)
        csi_check_problem(check, value, "%s", error.message);
}

static struct cosend_field value_field(struct cosend_check *check,
                                       const struct csi_value *value)
{
    struct csi_place place = csi_check_place(check, value);
    struct cosend_field field = {COSEND_NO_FIELD};

    if (!json_is_string(value->json)) {
        csi_check_wrong_type(check, value, "a field's name");
        return field;
    }
    field = csi_check_add_field(check, json_string_value(value->json),
                                json_string_length(value->json), &place,
                                check->option->name);
    read_pattern(check, value, field);
    return field;
}

static void parse_field(struct cosend_check *check,
                        const struct csi_value *value, void *to)
{
    *(struct cosend_field *)to = value_field(check, value);
}

/* Whether the last field added has a name that one of `fields` has. */
static bool is_repeated(const struct cosend_check *check,
                        const struct cosend_fields *fields)
{
    const struct csi_node *node = &check->spec->plan->nodes[check->node];
    uint32_t last = node->field_count - 1;

    if (node->field_count == fields->first || !node->fields[last].name)
        return false;
    for (uint32_t i = fields->first; i < last; i++)
        if (node->fields[i].name &&
            strcmp(node->fields[i].name, node->fields[last].name) == 0)
            return true;
    return false;
}

/* Records have each name once. */
static void parse_field_array(struct cosend_check *check,
                              const struct csi_value *value,
                              const struct cosend_fields *fields)
{
    const struct csi_node *node = &check->spec->plan->nodes[check->node];

    for (value = csi_value_first(value); value; value = csi_value_next(value)) {
        uint32_t before = node->field_count;

        value_field(check, value);
        if (node->field_count > before && is_repeated(check, fields))
            csi_check_problem(check, value, "\"%.80s\" is in the list twice",
                              json_string_value(value->json));
    }
}

static void parse_fields(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    struct cosend_fields *fields = to;

    fields->first = check->spec->plan->nodes[check->node].field_count;
    if (json_is_string(value->json)) {
        value_field(check, value);
    } else if (json_is_array(value->json)) {
        parse_field_array(check, value, fields);
    } else {
        csi_check_wrong_type(check, value,
                             "a field's name or an array of them");
    }
    fields->count =
        check->spec->plan->nodes[check->node].field_count - fields->first;
    csi_check_note_list(check, *fields);
}

/* ---- Scalars and lists --------------------------------------------------- */

/* Whether a value is true or false, in JSON or as a word: *is_true. */
static bool read_bool(const struct csi_value *value, bool *is_true)
{
    const char *word = value->bare ? json_string_value(value->json) : NULL;

    *is_true = json_is_true(value->json) || (word && strcmp(word, "true") == 0);
    return *is_true || json_is_boolean(value->json) ||
           (word && strcmp(word, "false") == 0);
}

static void parse_bool(struct cosend_check *check,
                       const struct csi_value *value, void *to)
{
    if (!read_bool(value, to))
        csi_check_wrong_type(check, value, "true or false");
}

static void check_length(const struct cosend_check *check,
                         const struct csi_value *value, size_t length)
{
    const struct cosend_option *option = check->option;
    bool is_path = option->type == COSEND_OPTION_PATH ||
                   option->type == COSEND_OPTION_PATHS;

    if (is_path && !length)
        csi_check_problem(check, value, "must not be empty");
    else if (!option->maximum || (length >= (uint64_t)option->minimum &&
                                  length <= (uint64_t)option->maximum))
        return;
    else if (option->maximum == 1)
        csi_check_problem(check, value, "must be one byte");
    else
        csi_check_problem(check, value, "must have %lld to %lld bytes",
                          (long long)option->minimum,
                          (long long)option->maximum);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The bytes of an escape at data, which a NUL ends, that *byte stands for; 1
   where there is none. */
static size_t read_escape(const char *data, char *byte)
{
    static const char letters[] = "tnr", bytes[] = "\t\n\r";
    const char *letter;

    *byte = *data;
    if (*data != '\\' || !data[1])
        return 1;
    letter = strchr(letters, data[1]);
    if (letter) {
        *byte = bytes[letter - letters];
        return 2;
    }
    if (data[1] != 'x' || hex_digit(data[2]) < 0 || hex_digit(data[3]) < 0)
        return 1;
    *byte = (char)(hex_digit(data[2]) << 4 | hex_digit(data[3]));
    return 4;
}

/* Put bytes in place of what means them in a separator. */
static void replace_escapes(struct cosend_string *string, char *data)
{
    size_t kept = 0;

    if (strcmp(data, "tab") == 0) {
        memcpy(data, "\t", 2);
        string->length = 1;
        return;
    }
    for (size_t i = 0; i < string->length; kept++) {
        char byte;

        i += read_escape(data + i, &byte);
        data[kept] = byte;
    }
    data[kept] = '\0';
    string->length = kept;
}

/* A path of which the shell would make another one, had it seen it. */
static bool is_shells(const char *path)
{
    const char *dollar = strchr(path, '$');

    return strncmp(path, "~/", 2) == 0 ||
           (dollar && strncmp(path, "./", 2) != 0 &&
            ((dollar[1] >= 'A' && dollar[1] <= 'Z') || dollar[1] == '{' ||
             dollar[1] == '('));
}

static void check_path(const struct cosend_check *check,
                       const struct csi_value *value, const char *path)
{
    if (value->filled || !is_shells(path))
        return;
    if (value->bare)
        csi_check_problem(
            check, value,
            "\"%.80s\" is what a shell reads, and none has: "
            "write the path out, or ./%.80s where it is called so",
            path, path);
    else
        csi_check_problem(
            check, value,
            "\"%.80s\" is what a shell reads, and none has; declare a "
            "parameter, "
            "\"params\": {\"home\": {\"type\": \"path\", \"env\": \"HOME\"}}, "
            "and write ${home}",
            path);
}

static void parse_string(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    struct cosend_string *string = to;
    char *data;

    if (!json_is_string(value->json)) {
        csi_check_wrong_type(check, value, "a string");
        return;
    }
    string->length = json_string_length(value->json);
    data = csi_spec_copy(check->spec, json_string_value(value->json),
                         string->length);
    if (data && check->option->flags & COSEND_SEPARATOR)
        replace_escapes(string, data);
    string->data = data;
    check_length(check, value, string->length);
    if (data && (check->option->type == COSEND_OPTION_PATH ||
                 check->option->type == COSEND_OPTION_PATHS))
        check_path(check, value, data);
}

static void parse_array(struct cosend_check *check,
                        const struct csi_value *value,
                        struct cosend_strings *strings)
{
    struct cosend_string *items =
        csi_spec_get(check->spec, value->count * sizeof(*items));

    if (!items)
        return;
    strings->items = items;
    value = csi_value_first(value);
    for (; value; value = csi_value_next(value))
        parse_string(check, value, &items[strings->count++]);
}

static void parse_strings(struct cosend_check *check,
                          const struct csi_value *value, void *to)
{
    struct cosend_strings *strings = to;
    struct cosend_string *item;

    if (json_is_array(value->json)) {
        parse_array(check, value, strings);
    } else if (!json_is_string(value->json)) {
        csi_check_wrong_type(check, value, "a string or an array of strings");
    } else if ((item = csi_spec_get(check->spec, sizeof(*item)))) {
        parse_string(check, value, item);
        strings->items = item;
        strings->count = 1;
    }
}

/* What a list of paths becomes where one of them is a pattern. */
struct fitting {
    struct csi_spec *spec;
    struct cosend_string *items;
    size_t count, capacity;
};

static bool add_fitting(void *context, const char *path)
{
    struct fitting *all = context;
    struct cosend_string *more = all->items;
    size_t length = strlen(path);

    if (all->count == all->capacity) {
        all->capacity = 2 * all->count + 8;
        more = csi_spec_get(all->spec, all->capacity * sizeof(*more));
        if (more && all->count)
            memcpy(more, all->items, all->count * sizeof(*more));
    }
    all->items = more;
    if (more)
        more[all->count++] = (struct cosend_string){
            csi_spec_copy(all->spec, path, length), length};
    return more;
}

/* The files that fit are read in the place of a pattern; one that none fits
   stays, and is told when it is opened. */
static void parse_paths(struct cosend_check *check,
                        const struct csi_value *value, void *to)
{
    struct cosend_strings *paths = to;
    struct fitting all = {.spec = check->spec};
    bool ok = true;

    parse_strings(check, value, to);
    for (size_t i = 0; ok && i < paths->count; i++) {
        const char *path = paths->items[i].data;
        size_t before = all.count;

        if (!path)
            return;
        if (csi_path_is_pattern(path) && strstr(path, "**"))
            csi_check_problem(check, value,
                              "\"%.200s\": ** does not stand for folders in "
                              "folders; give a path for each level, as x/*.log "
                              "and x/*/*.log",
                              path);
        else if (csi_path_is_pattern(path))
            ok = csi_path_each_fitting(path, add_fitting, &all);
        if (ok && all.count == before)
            ok = add_fitting(&all, path);
    }
    if (ok)
        *paths = (struct cosend_strings){all.items, all.count};
    else
        check->spec->no_memory = true;
}

static void parse_header(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    struct cosend_header *header = to;

    bool is_true;

    if (read_bool(value, &is_true))
        header->first_record = is_true;
    else if (json_is_array(value->json))
        parse_array(check, value, &header->names);
    else
        csi_check_wrong_type(check, value, "true, false or an array of names");
}

/* ---- Conditions ---------------------------------------------------------- */

static uint32_t condition_field(void *context, const struct csi_value *name)
{
    return value_field(context, name).slot;
}

static void condition_problem(void *context, const struct csi_value *value,
                              bool of_key, const char *text,
                              const char *const *words)
{
    struct cosend_check *check = context;
    const char *near = "";

    if (words)
        near = csi_spec_did_you_mean_of(
            check->spec, of_key ? value->key : json_string_value(value->json),
            words);
    if (of_key)
        csi_spec_key_problem(check->spec, value, "%s%s", text, near);
    else
        csi_spec_problem(check->spec, value, "%s%s", text, near);
}

static void condition_warning(void *context, const struct csi_value *value,
                              bool minor, const char *text)
{
    const struct cosend_check *check = context;

    if (!minor || check->spec->options->only_check)
        csi_spec_warn(check->spec, value, text);
}

static struct cosend_expression *
condition_expression(void *context, const struct csi_value *value)
{
    return csi_option_compile(context, value, true);
}

static void parse_condition(struct cosend_check *check,
                            const struct csi_value *value, void *to)
{
    struct csi_condition_hooks hooks = {condition_field, condition_problem,
                                        condition_warning, condition_expression,
                                        check};
    struct cosend_error error = {0};

    struct cosend_condition *made = csi_condition_parse(value, &hooks, &error);

    *(struct cosend_condition **)to = made;
    if (made)
        csi_option_condition_beside(check, made);
    if (error.kind == COSEND_E_MEMORY)
        check->spec->no_memory = true;
}

/* ---- By type ------------------------------------------------------------ */

void csi_option_scalar(struct cosend_check *check,
                       const struct csi_value *value, void *to)
{
    static void (*const parsers[])(struct cosend_check *,
                                   const struct csi_value *, void *) = {
        [COSEND_OPTION_BOOL] = parse_bool,
        [COSEND_OPTION_INT] = csi_option_int,
        [COSEND_OPTION_STRING] = parse_string,
        [COSEND_OPTION_STRINGS] = parse_strings,
        [COSEND_OPTION_PATH] = parse_string,
        [COSEND_OPTION_PATHS] = parse_paths,
        [COSEND_OPTION_PATTERN] = parse_string,
        [COSEND_OPTION_ENUM] = csi_option_choose,
        [COSEND_OPTION_FIELD] = parse_field,
        [COSEND_OPTION_FIELDS] = parse_fields,
        [COSEND_OPTION_CONDITION] = parse_condition,
        [COSEND_OPTION_HEADER] = parse_header,
        [COSEND_OPTION_NUMBER] = csi_option_number,
        [COSEND_OPTION_DURATION] = csi_option_duration,
        [COSEND_OPTION_SIZE] = csi_option_size,
        [COSEND_OPTION_TIME] = csi_option_time,
        [COSEND_OPTION_EXPRESSION] = csi_option_expression,
        [COSEND_OPTION_TEMPLATE] = csi_option_template};

    parsers[check->option->type](check, value, to);
}
