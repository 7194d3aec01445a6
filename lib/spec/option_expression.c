/* SPDX-License-Identifier: MIT */
#include "spec/option_expression.h"

#include "spec/jansson.h"
#include "spec/string_spots.h"

#include <string.h>

/* What the compiler's hooks are about. */
struct compiling {
    struct cosend_check *check;
    const char *option;
    const struct csi_value *value;
    uint32_t from;         /* where in the value's text the expression begins */
    struct csi_spot *made; /* of this value alone; or NULL */
};

/* The place of a byte of the expression. A parameter's text, and a default's,
   has none of its own. */
static struct csi_place place_of(struct compiling *compiling, uint32_t at)
{
    const struct csi_value *value = compiling->value;
    struct csi_spec *spec = compiling->check->spec;
    struct csi_place place = csi_check_place(compiling->check, value);
    const struct csi_spot *spots;

    if (!value || !json_is_string(value->json) || value->filled ||
        compiling->check->fallback)
        return place;
    at += compiling->from;
    spots = value->spots;
    if (!spots && !value->bare) {
        if (!compiling->made)
            compiling->made = csi_string_spots(&spec->document, value);
        spots = compiling->made;
    }
    if (spots) {
        place.line = spots[at].line;
        place.column = spots[at].column;
    }
    return place;
}

static struct cosend_field find_field(void *context, const char *name,
                                      size_t length, uint32_t at, unsigned use)
{
    struct compiling *compiling = context;
    struct cosend_check *check = compiling->check;
    struct csi_place place = place_of(compiling, at);
    struct cosend_field field =
        csi_check_add_field(check, name, length, &place, compiling->option);

    if (cosend_has_field(field)) {
        struct csi_field_name *made =
            &check->spec->plan->nodes[check->node].fields[field.slot];

        made->is_operand = true;
        made->is_optional = use & CSI_FIELD_WHOLE;
        made->or_before = use & CSI_FIELD_BASE;
        if (use & CSI_FIELD_SPARED)
            made->missing = COSEND_MISSING_SKIP;
    }
    return field;
}

static void note_path(void *context, struct cosend_field field,
                      const char *path, uint32_t length)
{
    const struct cosend_check *check = ((struct compiling *)context)->check;
    struct csi_field_name *base =
        &check->spec->plan->nodes[check->node].fields[field.slot];

    base->path = path;
    base->path_length = length;
}

/* In a map of expressions a name that an earlier one has is what that is. */
static const struct csi_term *find_named(void *context, const char *name,
                                         size_t length)
{
    const struct cosend_check *check = ((struct compiling *)context)->check;
    const struct cosend_list *map = check->map;
    const struct cosend_expression *found = NULL;

    for (size_t i = 0; map && i + 1 < map->count; i++) {
        const char *item = (const char *)map->items +
                           i * check->map_option->item_size +
                           check->option->offset;

        if (map->keys[i].length == length &&
            memcmp(map->keys[i].data, name, length) == 0)
            memcpy(&found, item, sizeof(found));
    }
    return found ? found->root : NULL;
}

static void report_problem(void *context, uint32_t at, const char *text)
{
    struct compiling *compiling = context;
    struct csi_place place = place_of(compiling, at);

    if (!compiling->value || !compiling->value->unknown)
        csi_spec_place_problem(compiling->check->spec, &place, "%s", text);
}

static void report_warning(void *context, uint32_t at, bool minor,
                           const char *text)
{
    struct compiling *compiling = context;
    struct csi_place place = place_of(compiling, at);

    if (!minor || compiling->check->spec->options->only_check)
        csi_spec_place_warn(compiling->check->spec, &place, text);
}

static struct cosend_expression *compile_text(struct compiling *compiling,
                                              const char *text, size_t length,
                                              bool is_condition)
{
    struct csi_compile_hooks hooks = {find_field,     find_named,
                                      report_problem, report_warning,
                                      compiling,      note_path};
    struct cosend_error error = {0};
    struct cosend_expression *made =
        csi_expression_compile(text, length, is_condition, &hooks, &error);

    if (error.kind == COSEND_E_MEMORY)
        compiling->check->spec->no_memory = true;
    csi_free(compiling->made);
    return made;
}

struct cosend_expression *csi_option_compile(struct cosend_check *check,
                                             const struct csi_value *value,
                                             bool is_condition)
{
    struct compiling compiling = {
        .check = check, .option = check->option->name, .value = value};

    return compile_text(&compiling, json_string_value(value->json),
                        json_string_length(value->json), is_condition);
}

struct cosend_expression *cosend_check_expression(struct cosend_check *check,
                                                  const char *option,
                                                  const char *text,
                                                  size_t length, size_t from)
{
    struct compiling compiling = {.check = check,
                                  .option = option,
                                  .value = csi_check_given(check, option),
                                  .from = (uint32_t)from};

    return compile_text(&compiling, text, length, false);
}

void csi_option_expression(struct cosend_check *check,
                           const struct csi_value *value, void *to)
{
    if (json_is_string(value->json))
        *(struct cosend_expression **)to =
            csi_option_compile(check, value, false);
    else
        csi_check_wrong_type(check, value, "an expression, a string");
}
