/* SPDX-License-Identifier: MIT */
#include "spec/option.h"

#include "match/condition.h"
#include "spec/condition_json.h"
#include "spec/document.h"
#include "spec/jansson.h"

#include <inttypes.h>
#include <string.h>

struct cosend_check {
    struct csi_spec *spec;
    uint32_t node;
    const struct cosend_filter *filter;
    const struct csi_place *place;  /* of the step */
    const struct csi_value **given; /* by row; NULL: not in the spec */
    bool *set;                      /* by row: in the spec, or overridden */
    bool fallback; /* what is parsed is a default: it has no place */
    const struct cosend_option *option; /* being parsed */
};

/* ---- Rows ---------------------------------------------------------------- */

static size_t option_count(const struct cosend_filter *filter)
{
    size_t count = 0;

    while (filter->options && filter->options[count].name)
        count++;
    return count;
}

const struct cosend_option *csi_option_find(const struct cosend_filter *filter,
                                            const char *name)
{
    const struct cosend_option *option = filter->options;

    for (; option && option->name; option++)
        if (strcmp(option->name, name) == 0)
            return option;
    return NULL;
}

const struct cosend_option *csi_option_main(const struct cosend_filter *filter)
{
    const struct cosend_option *option = filter->options;

    for (; option && option->name; option++)
        if (option->flags & COSEND_MAIN)
            return option;
    return NULL;
}

static const char *option_name(const void *options, size_t i)
{
    return ((const struct cosend_option *)options)[i].name;
}

static void *slot(const struct cosend_check *check,
                  const struct cosend_option *option)
{
    char *options = check->spec->plan->nodes[check->node].options;

    return options + option->offset;
}

/* ---- Places -------------------------------------------------------------- */

static struct csi_place place_of(const struct cosend_check *check,
                                 const struct csi_value *value)
{
    if (check->fallback || !value)
        return *check->place;
    return csi_spec_place(check->spec, value);
}

COSEND_PRINTF(3, 4)
static void bad(const struct cosend_check *check, const struct csi_value *value,
                const char *format, ...)
{
    struct csi_place place = place_of(check, value);
    va_list arguments;

    if (value && value->unknown) {
        check->spec->hidden++;
        return;
    }
    va_start(arguments, format);
    csi_spec_place_vproblem(check->spec, &place, format, arguments);
    va_end(arguments);
}

static void wrong_type(const struct cosend_check *check,
                       const struct csi_value *value, const char *wanted)
{
    if (check->spec->is_line && json_is_string(value->json))
        bad(check, value, "must be %s, not \"%.80s\"", wanted,
            json_string_value(value->json));
    else
        bad(check, value, "must be %s, not %s", wanted,
            csi_json_type(value->json));
}

/* ---- Fields -------------------------------------------------------------- */

/* A slot of the node's for a field; name NULL: the only column. */
static struct cosend_field add_field(struct cosend_check *check,
                                     const char *name, size_t length,
                                     const struct csi_place *place,
                                     const char *option)
{
    struct csi_node *node = &check->spec->plan->nodes[check->node];
    struct cosend_field field = {COSEND_NO_FIELD};
    struct csi_field_name *made;

    if (!csi_grow(&node->fields, &node->field_capacity, node->field_count + 1,
                  sizeof(*node->fields))) {
        check->spec->no_memory = true;
        return field;
    }
    made = &node->fields[node->field_count];
    *made = (struct csi_field_name){NULL, *place, option};
    if (name && !(made->name = csi_spec_copy(check->spec, name, length)))
        return field;
    field.slot = node->field_count++;
    return field;
}

static struct cosend_field value_field(struct cosend_check *check,
                                       const struct csi_value *value)
{
    struct csi_place place = place_of(check, value);
    struct cosend_field field = {COSEND_NO_FIELD};

    if (!json_is_string(value->json)) {
        wrong_type(check, value, "a field's name");
        return field;
    }
    return add_field(check, json_string_value(value->json),
                     json_string_length(value->json), &place,
                     check->option->name);
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
            bad(check, value, "\"%.80s\" is in the list twice",
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
        wrong_type(check, value, "a field's name or an array of them");
    }
    fields->count =
        check->spec->plan->nodes[check->node].field_count - fields->first;
}

/* ---- Scalars and lists --------------------------------------------------- */

static void parse_bool(struct cosend_check *check,
                       const struct csi_value *value, void *to)
{
    if (json_is_boolean(value->json))
        *(bool *)to = json_is_true(value->json);
    else
        wrong_type(check, value, "true or false");
}

static void parse_int(struct cosend_check *check, const struct csi_value *value,
                      void *to)
{
    const struct cosend_option *option = check->option;
    int64_t number = json_integer_value(value->json);

    if (!json_is_integer(value->json)) {
        if (json_is_real(value->json))
            bad(check, value, "must be a whole number");
        else
            wrong_type(check, value, "a whole number");
    } else if (option->minimum < option->maximum &&
               (number < option->minimum || number > option->maximum)) {
        if (option->maximum == INT64_MAX)
            bad(check, value, "must be %" PRId64 " or more", option->minimum);
        else
            bad(check, value, "must be between %" PRId64 " and %" PRId64,
                option->minimum, option->maximum);
    } else {
        *(int64_t *)to = number;
    }
}

static void check_length(const struct cosend_check *check,
                         const struct csi_value *value, size_t length)
{
    const struct cosend_option *option = check->option;
    bool is_path = option->type == COSEND_OPTION_PATH ||
                   option->type == COSEND_OPTION_PATHS;

    if (is_path && !length)
        bad(check, value, "must not be empty");
    else if (option->maximum && (length < (uint64_t)option->minimum ||
                                 length > (uint64_t)option->maximum))
        bad(check, value,
            option->maximum == 1 ? "must be one byte" : "has a wrong length");
}

static void parse_string(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    struct cosend_string *string = to;

    if (!json_is_string(value->json)) {
        wrong_type(check, value, "a string");
        return;
    }
    string->length = json_string_length(value->json);
    check_length(check, value, string->length);
    string->data = csi_spec_copy(check->spec, json_string_value(value->json),
                                 string->length);
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
        wrong_type(check, value, "a string or an array of strings");
    } else if ((item = csi_spec_get(check->spec, sizeof(*item)))) {
        parse_string(check, value, item);
        strings->items = item;
        strings->count = 1;
    }
}

static void parse_header(struct cosend_check *check,
                         const struct csi_value *value, void *to)
{
    struct cosend_header *header = to;

    if (json_is_boolean(value->json))
        header->first_record = json_is_true(value->json);
    else if (json_is_array(value->json))
        parse_array(check, value, &header->names);
    else
        wrong_type(check, value, "true, false or an array of names");
}

static const char *list_choices(struct csi_spec *spec,
                                const char *const *choices)
{
    char text[256] = "";
    size_t length = 0;

    for (size_t i = 0; choices[i] && length < sizeof(text) - 64; i++) {
        const char *before = !i ? "" : choices[i + 1] ? ", " : " or ";
        size_t more = strlen(before), word = strlen(choices[i]);

        if (more + word > 63)
            break;
        memcpy(text + length, before, more);
        memcpy(text + length + more, choices[i], word);
        length += more + word;
    }
    return csi_spec_copy(spec, text, length);
}

static void parse_enum(struct cosend_check *check,
                       const struct csi_value *value, void *to)
{
    const char *const *choices = check->option->choices;
    const char *word = json_string_value(value->json);
    const char *all;

    for (int i = 0; word && choices[i]; i++)
        if (strcmp(choices[i], word) == 0) {
            *(int *)to = i;
            return;
        }
    all = list_choices(check->spec, choices);
    if (!all)
        return;
    if (!word)
        wrong_type(check, value, all);
    else
        bad(check, value, "must be %s, not \"%.80s\"%s", all, word,
            csi_spec_did_you_mean_of(check->spec, word, choices));
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

static void parse_condition(struct cosend_check *check,
                            const struct csi_value *value, void *to)
{
    struct csi_condition_hooks hooks = {condition_field, condition_problem,
                                        check};
    struct cosend_error error = {0};

    *(struct cosend_condition **)to =
        csi_condition_parse(value, &hooks, &error);
    if (error.kind == COSEND_E_MEMORY)
        check->spec->no_memory = true;
}

/* ---- One option ---------------------------------------------------------- */

static void parse_branches(struct cosend_check *check,
                           const struct csi_value *value, void *to)
{
    (void)check;
    (void)value;
    (void)to;
}

static void parse_value(struct cosend_check *check,
                        const struct cosend_option *option,
                        const struct csi_value *value)
{
    static void (*const parsers[])(struct cosend_check *,
                                   const struct csi_value *, void *) = {
        [COSEND_OPTION_BOOL] = parse_bool,
        [COSEND_OPTION_INT] = parse_int,
        [COSEND_OPTION_STRING] = parse_string,
        [COSEND_OPTION_STRINGS] = parse_strings,
        [COSEND_OPTION_PATH] = parse_string,
        [COSEND_OPTION_PATHS] = parse_strings,
        [COSEND_OPTION_PATTERN] = parse_string,
        [COSEND_OPTION_ENUM] = parse_enum,
        [COSEND_OPTION_FIELD] = parse_field,
        [COSEND_OPTION_FIELDS] = parse_fields,
        [COSEND_OPTION_CONDITION] = parse_condition,
        [COSEND_OPTION_HEADER] = parse_header,
        [COSEND_OPTION_BRANCHES] = parse_branches};

    check->option = option;
    parsers[option->type](check, value, slot(check, option));
}

static void ignore_text(void *context, uint32_t line, uint32_t column,
                        const char *text)
{
    (void)line;
    (void)column;
    *(const char **)context = text;
}

static void ignore_duplicate(void *context, const struct csi_value *value,
                             const struct csi_value *earlier)
{
    (void)earlier;
    *(const char **)context = value->key;
}

static void ignore_large(void *context, const struct csi_value *value)
{
    *(const char **)context = value->key;
}

static void parse_fallback(struct cosend_check *check,
                           const struct cosend_option *option)
{
    const char *wrong = NULL;
    struct csi_document_report report = {ignore_text, ignore_duplicate,
                                         ignore_large, &wrong};
    struct csi_document document = {0};
    int status = csi_document_parse(&document, option->fallback,
                                    strlen(option->fallback), false, &report);

    check->fallback = true;
    if (status == COSEND_E_MEMORY)
        check->spec->no_memory = true;
    else if (status < 0)
        bad(check, NULL, "the default of \"%s\" is not JSON", option->name);
    else
        parse_value(check, option, document.values);
    check->fallback = false;
    csi_document_free(&document);
}

static void set_default(struct cosend_check *check,
                        const struct cosend_option *option)
{
    struct cosend_field *field = slot(check, option);

    if (option->fallback) {
        parse_fallback(check, option);
    } else if (option->type == COSEND_OPTION_FIELD) {
        field->slot = COSEND_NO_FIELD;
        if (option->flags & COSEND_ONLY_COLUMN)
            *field = add_field(check, NULL, 0, check->place, option->name);
    }
    if (option->flags & COSEND_REQUIRED)
        bad(check, NULL, "%s needs \"%s\"", check->filter->name, option->name);
}

/* ---- All options --------------------------------------------------------- */

static void find_given(struct cosend_check *check,
                       const struct csi_value *object)
{
    const struct cosend_option *rows = check->filter->options;
    const struct csi_value *value = csi_value_first(object);
    size_t count = option_count(check->filter);

    for (; value; value = csi_value_next(value)) {
        const struct cosend_option *option =
            csi_option_find(check->filter, value->key);

        if (option)
            check->given[option - rows] = value;
        else
            csi_spec_key_problem(
                check->spec, value, "\"%.80s\" is not an option of %s%s",
                value->key, check->filter->name,
                csi_spec_did_you_mean(check->spec, value->key, count,
                                      option_name, rows));
    }
}

/* What the step's value means: all options by name, or the main one. */
static void divide(struct cosend_check *check, const struct csi_value *value)
{
    const struct cosend_option *main = csi_option_main(check->filter);
    bool whole = main && (main->type == COSEND_OPTION_CONDITION ||
                          main->type == COSEND_OPTION_BRANCHES);

    if (!whole && json_is_object(value->json))
        find_given(check, value);
    else if (main)
        check->given[main - check->filter->options] = value;
    else
        bad(check, value, "%s takes its options as an object, not %s",
            check->filter->name, csi_json_type(value->json));
}

static void override(struct cosend_check *check,
                     const struct csi_override *with)
{
    const struct cosend_option *option =
        with->option ? csi_option_find(check->filter, with->option) : NULL;
    struct cosend_string *string;

    if (!option)
        return;
    if (option->type == COSEND_OPTION_ENUM) {
        *(int *)slot(check, option) = with->number;
    } else if (with->text) {
        string = slot(check, option);
        string->length = strlen(with->text);
        string->data = csi_spec_copy(check->spec, with->text, string->length);
    }
    check->set[option - check->filter->options] = true;
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

static void parse_all(struct cosend_check *check,
                      const struct csi_override *overrides, size_t count)
{
    const struct cosend_option *option = check->filter->options;

    for (size_t i = 0; option && option->name; i++, option++) {
        check->set[i] = check->given[i];
        if (check->given[i])
            parse_value(check, option, check->given[i]);
        else if (!is_overridden(option, overrides, count))
            set_default(check, option);
    }
    for (size_t i = 0; i < count; i++)
        override(check, &overrides[i]);
}

void csi_options_parse(struct csi_spec *spec, uint32_t node,
                       const struct csi_value *value,
                       const struct csi_place *place,
                       const struct csi_override *overrides, size_t count)
{
    struct csi_node *of = &spec->plan->nodes[node];
    struct cosend_check check = {
        .spec = spec, .node = node, .filter = of->filter, .place = place};
    size_t rows = option_count(of->filter);
    size_t before;

    of->options = csi_calloc(1, of->filter->options_size);
    check.given = csi_calloc(rows, sizeof(*check.given));
    check.set = csi_calloc(rows, sizeof(*check.set));
    if (!of->options || !check.given || !check.set) {
        spec->no_memory = true;
    } else {
        if (value)
            divide(&check, value);
        /* What is wrong with the values hides what check would say of them;
           an option that does not exist does not. */
        before = spec->problem_count + spec->hidden;
        parse_all(&check, overrides, count);
        if (of->filter->check && spec->problem_count + spec->hidden == before &&
            !spec->no_memory)
            of->filter->check(&check, of->options);
    }
    csi_free(check.given);
    csi_free(check.set);
}

/* ---- The filter's own check ---------------------------------------------- */

static const struct csi_value *given_value(const struct cosend_check *check,
                                           const char *option)
{
    const struct cosend_option *row =
        option ? csi_option_find(check->filter, option) : NULL;

    return row ? check->given[row - check->filter->options] : NULL;
}

void cosend_check_error(struct cosend_check *check, const char *option,
                        const char *format, ...)
{
    struct csi_place place = place_of(check, given_value(check, option));
    va_list arguments;

    va_start(arguments, format);
    csi_spec_place_vproblem(check->spec, &place, format, arguments);
    va_end(arguments);
}

void cosend_check_failed(struct cosend_check *check, const char *option,
                         const struct cosend_error *error)
{
    if (error->kind == COSEND_E_MEMORY)
        check->spec->no_memory = true;
    else
        cosend_check_error(check, option, "%s", error->message);
}

bool cosend_check_given(const struct cosend_check *check, const char *option)
{
    const struct cosend_option *row = csi_option_find(check->filter, option);

    return row && check->set[row - check->filter->options];
}

struct cosend_field cosend_check_field(struct cosend_check *check,
                                       const char *option, const char *name,
                                       size_t length)
{
    struct csi_place place = place_of(check, given_value(check, option));

    return add_field(check, name, length, &place, option);
}

const char *cosend_check_field_name(const struct cosend_check *check,
                                    struct cosend_field field)
{
    const struct csi_node *node = &check->spec->plan->nodes[check->node];

    return field.slot < node->field_count ? node->fields[field.slot].name
                                          : NULL;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

void cosend_check_format(struct cosend_check *check,
                         const struct cosend_format_options *options)
{
    char delimiter = options->delimiter.length ? *options->delimiter.data : ',';
    char quote = options->quote.length ? *options->quote.data : '"';

    if (options->name == COSEND_FORMAT_TSV && options->delimiter.length)
        cosend_check_error(check, "delimiter",
                           "is a tab in tsv; csv can have another");
    if (options->name == COSEND_FORMAT_TSV && options->quote.length)
        cosend_check_error(check, "quote",
                           "there are no quotes in tsv; csv has them");
    if (is_line_end(delimiter))
        cosend_check_error(check, "delimiter", "must not be a line end");
    if (is_line_end(quote))
        cosend_check_error(check, "quote", "must not be a line end");
    if (delimiter == quote)
        cosend_check_error(
            check, cosend_check_given(check, "quote") ? "quote" : "delimiter",
            "must not be the %s",
            cosend_check_given(check, "quote") ? "delimiter" : "quote");
}
