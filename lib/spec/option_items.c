/* SPDX-License-Identifier: MIT */
/*
 * A list's or map's items are structs like a step's options, by the rows of a
 * table of their own. So reading them begins here again, at csi_option_value,
 * with the rows and the struct of an item.
 */
#include "spec/option_items.h"

#include "spec/document.h"
#include "spec/jansson.h"
#include "spec/option_scalars.h"

#include <string.h>

/* ---- Defaults ------------------------------------------------------------ */

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

static void ignore_value(void *context, const struct csi_value *value,
                         const char *text)
{
    (void)value;
    *(const char **)context = text;
}

static void read_fallback(struct cosend_check *check,
                          const struct cosend_option *option, void *to)
{
    const char *wrong = NULL;
    struct csi_document_report report = {ignore_text, ignore_duplicate,
                                         ignore_value, &wrong};
    struct csi_document document = {0};
    bool outer = check->fallback;
    int status = csi_document_parse(&document, option->fallback,
                                    strlen(option->fallback), false, &report);

    check->fallback = true;
    if (status == COSEND_E_MEMORY)
        check->spec->no_memory = true;
    else if (status < 0)
        csi_check_problem(check, NULL, "the default of \"%s\" is not JSON",
                          option->name);
    else
        csi_option_value(check, option, document.values, to);
    check->fallback = outer;
    csi_document_free(&document);
}

void csi_option_default(struct cosend_check *check,
                        const struct cosend_option *option,
                        const struct csi_value *holder, void *to)
{
    struct cosend_field *field = to;

    if (option->fallback) {
        read_fallback(check, option, to);
    } else if (option->type == COSEND_OPTION_FIELD) {
        field->slot = COSEND_NO_FIELD;
        if (option->flags & COSEND_ONLY_COLUMN)
            *field =
                csi_check_add_field(check, NULL, 0, check->place, option->name);
    } else if (option->type == COSEND_OPTION_STEPS) {
        ((struct cosend_steps *)to)->target = COSEND_NO_TARGET;
    }
    if (!(option->flags & COSEND_REQUIRED))
        return;
    if (holder)
        csi_check_problem(check, holder, "needs \"%s\"", option->name);
    else
        csi_check_problem(check, NULL, "%s needs \"%s\"", check->filter->name,
                          option->name);
}

/* ---- Items --------------------------------------------------------------- */

static const char *row_name(const void *table, size_t i)
{
    struct cosend_option row;

    return cosend_option_at(table, i, &row) ? row.name : NULL;
}

static bool has_row(const struct cosend_option *table, const char *name,
                    size_t *count)
{
    const char *is;

    for (*count = 0; (is = row_name(table, *count)); ++*count)
        if (strcmp(is, name) == 0)
            return true;
    return false;
}

/* Keys that are no option's. */
static void check_keys(struct cosend_check *check,
                       const struct cosend_option *list,
                       const struct csi_value *item)
{
    const struct csi_value *value = csi_value_first(item);
    const char *near;
    size_t count;

    for (; value; value = csi_value_next(value)) {
        if (has_row(list->group, value->key, &count))
            continue;
        near = csi_spec_did_you_mean(check->spec, value->key, count, row_name,
                                     list->group);
        if (!*near && list->type == COSEND_OPTION_MAP)
            csi_spec_key_problem(
                check->spec, value,
                "\"%.80s\" is not an option of %s; \"%.80s\" is taken for a "
                "name, and what it holds stands without it, or in \"%s\"",
                value->key, list->name, item->key, list->name);
        else
            csi_spec_key_problem(
                check->spec, value, "\"%.80s\" is not an option of %s%s%s%s",
                value->key, list->name, *near ? near : "; see `cosend help ",
                *near ? "" : check->filter->name, *near ? "" : "`");
    }
}

/* The row whose value may stand for the whole item. */
static bool main_row(const struct cosend_option *table,
                     struct cosend_option *row)
{
    for (size_t i = 0; cosend_option_at(table, i, row); i++)
        if (row->flags & COSEND_MAIN)
            return true;
    return false;
}

/* The item's value of a row, or NULL. */
static const struct csi_value *value_of_row(const struct cosend_option *row,
                                            const struct csi_value *item)
{
    if (json_is_object(item->json))
        return csi_value_get(item, row->name);
    return row->flags & COSEND_MAIN ? item : NULL;
}

static void read_item(struct cosend_check *check,
                      const struct cosend_option *list,
                      const struct csi_value *item, char *to)
{
    struct cosend_option row;

    if (json_is_object(item->json)) {
        check_keys(check, list, item);
    } else if (!main_row(list->group, &row)) {
        csi_check_wrong_type(check, item, "an object");
        return;
    }
    for (size_t i = 0; cosend_option_at(list->group, i, &row); i++) {
        const struct csi_value *value = value_of_row(&row, item);

        if (value)
            csi_option_value(check, &row, value, to + row.offset);
        else
            csi_option_default(check, &row, item, to + row.offset);
    }
}

/* The items are counted as they are read, so that they can be freed whatever
   comes. */
static void read_items(struct cosend_check *check,
                       const struct cosend_option *option,
                       const struct csi_value *value, struct cosend_list *list)
{
    bool is_map = option->type == COSEND_OPTION_MAP;
    bool is_one = !is_map && !json_is_array(value->json);
    size_t count = is_one ? 1 : value->count;
    char *items = csi_spec_get(check->spec, (count + 1) * option->item_size);
    struct cosend_string *keys =
        is_map ? csi_spec_get(check->spec, (count + 1) * sizeof(*keys)) : NULL;

    if (!items || (is_map && !keys))
        return;
    list->items = items;
    list->keys = keys;
    for (value = is_one ? value : csi_value_first(value); value;
         value = is_one ? NULL : csi_value_next(value)) {
        if (is_map)
            keys[list->count] = (struct cosend_string){
                csi_spec_copy(check->spec, value->key, strlen(value->key)),
                strlen(value->key)};
        check->map_option = is_map ? option : NULL;
        check->map = is_map ? list : NULL;
        read_item(check, option, value,
                  items + list->count++ * option->item_size);
    }
    check->map_option = NULL;
    check->map = NULL;
}

/* ---- Steps --------------------------------------------------------------- */

/* The graph makes targets of them, in this order. */
static void note_steps(struct cosend_check *check,
                       const struct csi_value *value, struct cosend_steps *to)
{
    struct csi_spec *spec = check->spec;

    to->target = COSEND_NO_TARGET;
    if (!csi_grow(&spec->inner, &spec->inner_capacity, spec->inner_count + 1,
                  sizeof(*spec->inner))) {
        spec->no_memory = true;
        return;
    }
    to->target = spec->inner_of_node++;
    spec->inner[spec->inner_count++] = value;
}

/* ---- By type ------------------------------------------------------------- */

static bool has_unknown(const struct csi_value *value)
{
    for (uint32_t i = 0; i < value->size; i++)
        if (value[i].unknown)
            return true;
    return false;
}

void csi_option_value(struct cosend_check *check,
                      const struct cosend_option *option,
                      const struct csi_value *value, void *to)
{
    switch (option->type) {
    case COSEND_OPTION_BRANCHES:
        return;
    case COSEND_OPTION_STEPS:
        note_steps(check, value, to);
        return;
    case COSEND_OPTION_MAP:
        if (!json_is_object(value->json) && !value->unknown) {
            csi_check_wrong_type(check, value, "an object of names and values");
            return;
        }
        /* fall through */
    case COSEND_OPTION_LIST:
        if (value->unknown)
            check->spec->hidden++;
        else
            read_items(check, option, value, to);
        return;
    default:
        break;
    }
    /* What cannot be told has its problem already. */
    if (option->type != COSEND_OPTION_CONDITION && has_unknown(value)) {
        check->spec->hidden++;
        return;
    }
    check->option = option;
    csi_option_scalar(check, value, to);
}
