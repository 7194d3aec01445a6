/* SPDX-License-Identifier: MIT */
#include "spec/check.h"

#include <string.h>

/* ---- Rows ---- */

size_t csi_check_row(const struct cosend_check *check, const char *name)
{
    size_t i = 0;

    while (i < check->count && strcmp(check->rows[i].name, name) != 0)
        i++;
    return i < check->count ? i : SIZE_MAX;
}

void *csi_check_slot(const struct cosend_check *check,
                     const struct cosend_option *option)
{
    char *options = check->spec->plan->nodes[check->node].options;

    return options + option->offset;
}

/* ---- Places and fields --------------------------------------------------- */

struct csi_place csi_check_place(const struct cosend_check *check,
                                 const struct csi_value *value)
{
    if (check->fallback || !value)
        return *check->place;
    return csi_spec_place(check->spec, value);
}

void csi_check_problem(const struct cosend_check *check,
                       const struct csi_value *value, const char *format, ...)
{
    struct csi_place place = csi_check_place(check, value);
    va_list arguments;

    if (value && value->unknown) {
        check->spec->hidden++;
        return;
    }
    va_start(arguments, format);
    csi_spec_place_vproblem(check->spec, &place, format, arguments);
    va_end(arguments);
}

struct cosend_field csi_check_add_field(struct cosend_check *check,
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
    *made = (struct csi_field_name){.place = *place, .option = option};
    if (name && !(made->name = csi_spec_copy(check->spec, name, length)))
        return field;
    field.slot = node->field_count++;
    return field;
}

/* ---- The filter's own check ---------------------------------------------- */

static const struct csi_value *given_value(const struct cosend_check *check,
                                           const char *option)
{
    size_t row = option ? csi_check_row(check, option) : SIZE_MAX;

    return row != SIZE_MAX ? check->given[row] : NULL;
}

void cosend_check_error(struct cosend_check *check, const char *option,
                        const char *format, ...)
{
    struct csi_place place = csi_check_place(check, given_value(check, option));
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
    size_t row = csi_check_row(check, option);

    return row != SIZE_MAX && check->set[row];
}

struct cosend_field cosend_check_field(struct cosend_check *check,
                                       const char *option, const char *name,
                                       size_t length)
{
    struct csi_place place = csi_check_place(check, given_value(check, option));

    return csi_check_add_field(check, name, length, &place, option);
}

const char *cosend_check_field_name(const struct cosend_check *check,
                                    struct cosend_field field)
{
    const struct csi_node *node = &check->spec->plan->nodes[check->node];

    return field.slot < node->field_count ? node->fields[field.slot].name
                                          : NULL;
}
