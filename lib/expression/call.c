/* SPDX-License-Identifier: MIT */
#include "expression/call.h"

#include "cosend/nested.h"
#include "expression/functions_code.h"
#include "match/regex_find.h"

#include <string.h>

static struct csi_term *wrong_count(struct csi_builder *builder,
                                    const struct csi_function *function,
                                    const struct csi_term *list)
{
    bool few = list->count < function->least;

    return csi_build_problem(
        builder, few ? list->at : list->parts[strlen(function->takes)]->at,
        "%s takes %s arguments: %s(%s)", function->shown.name,
        few ? "more" : "fewer", function->shown.name,
        function->shown.arguments);
}

static struct csi_term *wrong_argument(struct csi_builder *builder,
                                       const struct csi_function *function,
                                       const struct csi_term *part,
                                       const char *wanted)
{
    return csi_build_problem(builder, part->at,
                             "this must be %s, and is %s: %s(%s)", wanted,
                             csi_term_type_name(part->type),
                             function->shown.name, function->shown.arguments);
}

static bool is_string(const struct csi_term *part)
{
    return part->kind == CSI_TERM_CONSTANT && part->type == CSI_TERM_TEXT;
}

/* What is read before the first record: a format of times, or a zone. */
static bool read_constant(struct csi_builder *builder, struct csi_term *call,
                          const struct csi_term *part, char letter)
{
    const char *text = part->value.as.text;
    uint32_t length = part->value.length;
    struct cosend_error error = {0};
    bool made;

    if (!is_string(part)) {
        csi_build_problem(builder, part->at,
                          "%s is a string, which is read before the first "
                          "record",
                          letter == 'z' ? "a zone" : "a format of times");
        return false;
    }
    /* "" is no format: the text says by itself what it is. */
    if (letter == 'f' && !length && call->type == CSI_TERM_TIME)
        return true;
    if (letter == 'z')
        made = (call->zone = cosend_zone_new(text, length, &error));
    else
        made = (call->format = cosend_time_format_new(
                    text, length, call->type == CSI_TERM_TIME, &error));
    if (!made && error.kind != COSEND_E_MEMORY)
        csi_build_problem(builder, part->at, "%s", error.message);
    else if (!made)
        csi_build_no_memory(builder);
    return made;
}

/* The group that extract takes: the first one where none is said. */
static bool read_group(struct csi_builder *builder, struct csi_term *call,
                       const struct csi_term *part)
{
    const struct cosend_value *value = &part->value;
    bool named = is_string(part);

    if (!named && (part->kind != CSI_TERM_CONSTANT ||
                   value->type != COSEND_TYPE_INT || value->as.integer < 0)) {
        csi_build_problem(builder, part->at,
                          "a group is a number, or a name in quotes");
        return false;
    }
    call->group =
        named ? csi_regex_group(call->regex, value->as.text, value->length)
        : csi_regex_has_group(call->regex, value->as.integer)
            ? (uint32_t)value->as.integer
            : CSI_NO_GROUP;
    if (call->group == CSI_NO_GROUP)
        csi_build_problem(builder, part->at, "the pattern has no such group");
    return call->group != CSI_NO_GROUP;
}

/* What replace_all puts in. */
static bool read_replacement(struct csi_builder *builder, struct csi_term *call,
                             const struct csi_term *part)
{
    struct cosend_error error = {0};

    if (!is_string(part)) {
        csi_build_problem(builder, part->at,
                          "what is put in is a string, which is read before "
                          "the first record");
        return false;
    }
    call->replacement = cosend_replacement_new(
        call->regex, part->value.as.text, part->value.length, false, &error);
    if (!call->replacement && error.kind != COSEND_E_MEMORY)
        csi_build_problem(builder, part->at, "%s", error.message);
    else if (!call->replacement)
        csi_build_no_memory(builder);
    return call->replacement;
}

/* A path is checked, and is noted where it leads into a field: that it leads
   nowhere is told then. */
static bool read_path(struct csi_builder *builder, const struct csi_term *call,
                      const struct csi_term *part)
{
    const struct csi_compile_hooks *hooks = builder->hooks;
    const struct csi_term *into = call->parts[0];
    const char *path = part->value.as.text;
    struct cosend_error error = {0};

    if (cosend_check_path(path, part->value.length, &error) != COSEND_OK)
        return csi_build_problem(builder, part->at, "%s", error.message) !=
               NULL;
    if (hooks->path && into->kind == CSI_TERM_FIELD && !into->path)
        hooks->path(hooks->context, into->field, path, part->value.length);
    return true;
}

static bool check_argument(struct csi_builder *builder, struct csi_term *call,
                           uint32_t i)
{
    const struct csi_function *function = call->function;
    const struct csi_term *part = call->parts[i];
    char letter = csi_function_letter(function, i);
    enum csi_term_type type = part->type;
    const char *wanted = NULL;

    if ((letter == 'n' || letter == 'i') && type != CSI_TERM_NUMBER &&
        type != CSI_TERM_ANY && type != CSI_TERM_NOTHING)
        wanted = "a number";
    if (letter == 'i' && part->kind == CSI_TERM_CONSTANT &&
        type == CSI_TERM_NUMBER && part->value.type != COSEND_TYPE_INT)
        return csi_build_problem(
                   builder, part->at, "this must be a whole number: %s(%s)",
                   function->shown.name, function->shown.arguments) != NULL;
    if (letter == 'N' && (type == CSI_TERM_BOOL || type == CSI_TERM_TIME))
        wanted = "a number, or text that is one";
    if ((letter == 's' || letter == 'x') &&
        (type == CSI_TERM_BOOL || type == CSI_TERM_TIME))
        wanted = "text";
    if (letter == 't' && type != CSI_TERM_TIME && type != CSI_TERM_NOTHING)
        wanted = "a time, as time(x) makes it";
    if (letter == 'b' && type != CSI_TERM_BOOL && type != CSI_TERM_ANY)
        wanted = "true or false";
    if (wanted) {
        wrong_argument(builder, function, part, wanted);
        return false;
    }
    if (letter == 'q' && is_string(part))
        return read_path(builder, call, part);
    if (letter == 'p')
        return csi_build_pattern(builder, part, call);
    if (letter == 'g')
        return read_group(builder, call, part);
    if (letter == 'w')
        return read_replacement(builder, call, part);
    if (letter == 'f' || letter == 'z')
        return read_constant(builder, call, part, letter);
    return true;
}

/* What all the parts from `first` on are, or ANY. */
static enum csi_term_type common_type(const struct csi_term *call,
                                      uint32_t first)
{
    enum csi_term_type type = CSI_TERM_NOTHING;

    for (uint32_t i = first; i < call->count; i++) {
        enum csi_term_type is = call->parts[i]->type;

        if (is == CSI_TERM_NOTHING || is == type)
            continue;
        type = type == CSI_TERM_NOTHING ? is : CSI_TERM_ANY;
        if (type == CSI_TERM_ANY)
            break;
    }
    return type;
}

struct csi_term *csi_build_call(struct csi_builder *builder,
                                const struct csi_function *function,
                                struct csi_term *list)
{
    const char *lacks;

    if (!list)
        return NULL;
    lacks = csi_function_lacks(function);
    if (lacks)
        return csi_build_problem(builder, list->at, "%s needs %s",
                                 function->shown.name, lacks);
    if (list->count < function->least ||
        (!function->more && list->count > strlen(function->takes)))
        return wrong_count(builder, function, list);
    list->kind = function->kind;
    list->type = function->gives;
    list->function = function;
    if (function->gives == CSI_TERM_TIME || strpbrk(function->takes, "fz"))
        if (!csi_build_hold(builder, list))
            return NULL;
    for (uint32_t i = 0; i < list->count; i++)
        if (!check_argument(builder, list, i))
            return NULL;
    if (strchr(function->takes, 'g') && list->count < strlen(function->takes))
        list->group = csi_regex_has_group(list->regex, 1);
    if (list->kind == CSI_TERM_IF || list->kind == CSI_TERM_ELSE)
        list->type = common_type(list, list->kind == CSI_TERM_IF);
    return list;
}
