/* SPDX-License-Identifier: MIT */
#include "spec/check.h"

#include "cosend/time.h"
#include "spec/jansson.h"

#include <stdlib.h>
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

void csi_check_wrong_type(const struct cosend_check *check,
                          const struct csi_value *value, const char *wanted)
{
    if (value->bare && json_is_string(value->json))
        csi_check_problem(check, value, "must be %s, not \"%.80s\"", wanted,
                          json_string_value(value->json));
    else
        csi_check_problem(check, value, "must be %s, not %s", wanted,
                          csi_json_type(value->json));
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
    *made = (struct csi_field_name){.place = *place};
    if (name && !(made->name = csi_spec_copy(check->spec, name, length)))
        return field;
    /* Where it is of[2] a filter made it, for the time of its check. */
    if (option &&
        !(made->option = csi_spec_copy(check->spec, option, strlen(option))))
        return field;
    field.slot = node->field_count++;
    return field;
}

int csi_check_read_pattern(struct cosend_check *check,
                           struct cosend_field field,
                           struct cosend_error *error)
{
    struct csi_node *node = &check->spec->plan->nodes[check->node];
    struct csi_field_pattern *pattern;
    struct csi_field_name *named;
    int status;

    if (!cosend_has_field(field))
        return COSEND_E_MEMORY;
    named = &node->fields[field.slot];
    status = csi_field_pattern_new(named->name, strlen(named->name),
                                   &named->pattern, error);
    if (status == COSEND_E_MEMORY)
        check->spec->no_memory = true;
    pattern = named->pattern;
    if (!pattern || pattern->kind != CSI_FIELD_NAME || pattern->negated)
        return status;
    /* In backquotes it is a name like any. */
    named->name =
        csi_spec_copy(check->spec, pattern->text.data, pattern->text.length);
    named->pattern = NULL;
    csi_field_pattern_free(pattern);
    return named->name ? COSEND_OK : COSEND_E_MEMORY;
}

void csi_check_note_list(struct cosend_check *check,
                         struct cosend_fields fields)
{
    struct csi_node *node = &check->spec->plan->nodes[check->node];
    uint32_t at = fields.first, end = fields.first + fields.count;

    while (at < end && !node->fields[at].pattern)
        at++;
    if (at == end)
        return;
    if (csi_grow(&node->lists, &node->list_capacity, node->list_count + 1,
                 sizeof(*node->lists)))
        node->lists[node->list_count++] = fields;
    else
        check->spec->no_memory = true;
}

/* ---- The filter's own check ---------------------------------------------- */

/* Among a container's values the one of a key, or of a number for an array; its
   name's length is given, since more may follow. */
static const struct csi_value *value_in(const struct csi_value *container,
                                        const char *name, size_t length)
{
    const struct csi_value *value = csi_value_first(container);
    unsigned long number = strtoul(name, NULL, 10);

    for (; value; value = csi_value_next(value))
        if (value->key
                ? strncmp(value->key, name, length) == 0 && !value->key[length]
                : value->index == number)
            return value;
    return NULL;
}

const struct csi_value *csi_check_given(const struct cosend_check *check,
                                        const char *option)
{
    size_t length = option ? strcspn(option, ".[") : 0;
    const struct csi_value *value = NULL, *inner;

    for (size_t i = 0; length && i < check->count; i++)
        if (strncmp(check->rows[i].name, option, length) == 0 &&
            !check->rows[i].name[length])
            value = check->given[i];
    for (; value && option[length]; value = inner) {
        option += length + 1;
        length = strcspn(option, ".[]");
        inner = value_in(value, option, length);
        if (!inner)
            break;
        length += option[length] == ']';
    }
    return value;
}

void cosend_check_error(struct cosend_check *check, const char *option,
                        const char *format, ...)
{
    struct csi_place place =
        csi_check_place(check, csi_check_given(check, option));
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

struct cosend_zone *cosend_check_zone(struct cosend_check *check,
                                      const char *option,
                                      const struct cosend_string *name)
{
    struct cosend_error error = {0};
    struct cosend_zone *zone =
        cosend_zone_new(name->data, name->length, &error);

    if (!zone)
        cosend_check_failed(check, option, &error);
    return zone;
}

void cosend_check_slices(struct cosend_check *check, const char *option,
                         const struct cosend_string *text,
                         struct cosend_slices *slices)
{
    struct cosend_time start;

    if (!cosend_parse_period(text->data, text->length, &slices->period))
        cosend_check_error(check, option,
                           "must be a period, as 30s, 5m, 1h, 1d, 1w, 1mo or "
                           "1y, not \"%.80s\"",
                           text->data);
    else if (slices->has_origin && (!cosend_slice_start(slices, 0, &start) ||
                                    start.nanoseconds != slices->origin))
        cosend_check_error(check, "origin", "no %.80s can begin there: %s",
                           text->data,
                           slices->period.months
                               ? "months begin on their first day at midnight"
                               : "clocks that are set back show the same time "
                                 "of day before, and it begins then");
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
    struct csi_place place =
        csi_check_place(check, csi_check_given(check, option));

    return csi_check_add_field(check, name, length, &place, option);
}

void cosend_check_on_error(struct cosend_check *check, int on_error)
{
    static const enum csi_on_error kinds[] = {
        [COSEND_ON_ERROR_REJECT] = CSI_REJECT,
        [COSEND_ON_ERROR_SKIP] = CSI_SKIP,
        [COSEND_ON_ERROR_FAIL] = CSI_FAIL};

    if (on_error > COSEND_ON_ERROR_DEFAULT && on_error <= COSEND_ON_ERROR_FAIL)
        check->spec->plan->nodes[check->node].on_error = kinds[on_error];
}

struct cosend_fields cosend_check_fields(struct cosend_check *check,
                                         const char *option,
                                         const struct cosend_string *names,
                                         size_t count)
{
    struct csi_node *node = &check->spec->plan->nodes[check->node];
    struct cosend_fields fields = {node->field_count, 0};
    struct cosend_error error = {0};

    for (size_t i = 0; i < count; i++) {
        struct cosend_field field =
            cosend_check_field(check, option, names[i].data, names[i].length);

        if (csi_check_read_pattern(check, field, &error) == COSEND_E_SPEC)
            cosend_check_error(check, option, "%s", error.message);
    }
    fields.count = node->field_count - fields.first;
    csi_check_note_list(check, fields);
    return fields;
}

void cosend_check_missing(struct cosend_check *check,
                          struct cosend_fields fields,
                          enum cosend_missing missing)
{
    const struct csi_node *node = &check->spec->plan->nodes[check->node];

    for (uint32_t i = 0; i < fields.count; i++) {
        uint32_t slot = cosend_nth(fields, i).slot;
        struct csi_field_name *field;

        if (slot >= node->field_count)
            return;
        field = &node->fields[slot];
        field->missing = missing;
        if (missing == COSEND_MISSING_EMPTY && field->name &&
            !csi_field_has_name(field))
            csi_spec_place_problem(check->spec, &field->place,
                                   "\"%s\" is a pattern, and only names make "
                                   "empty columns",
                                   field->name);
    }
}

const char *cosend_check_field_name(const struct cosend_check *check,
                                    struct cosend_field field)
{
    const struct csi_node *node = &check->spec->plan->nodes[check->node];

    return field.slot < node->field_count ? node->fields[field.slot].name
                                          : NULL;
}
