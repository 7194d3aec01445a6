/* SPDX-License-Identifier: MIT */
#include "stage/no_column.h"

#include "plan/option_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What to do about text that has no column, by how it begins. */
static const char *text_remedy(const struct cosend_schema *schema)
{
    switch (schema->first) {
    case '{':
        return "it begins as JSON does: -f jsonl, or -f json where an object "
               "has several lines";
    case '[':
        return "it begins as a JSON array does, which -f json reads";
    default:
        return "did you mean `-f csv` or a `parse` step?";
    }
}

/* The names of the columns, as far as they fit: `; there are: a, b`. */
static void list_columns(const struct cosend_schema *schema, char *list,
                         size_t room)
{
    size_t length = 0;

    *list = '\0';
    for (uint32_t i = 0; i < schema->count; i++) {
        const struct csi_schema_column *column = &schema->columns[i];
        bool fits = length + column->length + 24 < room;

        length += (size_t)snprintf(
            list + length, room - length, "%s%s",
            i ? ", " : "; there are: ", fits ? column->name : "...");
        if (!fits)
            return;
    }
}

/* For cosend_suggest. The row's name outlives the row. */
static const char *option_name(const void *rows, size_t i)
{
    struct cosend_option row;

    return cosend_option_at(rows, i, &row) ? row.name : NULL;
}

/* Whether a name `zzz=true` may have been meant as an option. hint: `count has
   no option "zzz"; ...`. */
static bool is_meant_as_option(const struct csi_stage *stage, const char *name,
                               char *hint, size_t room)
{
    const struct cosend_filter *filter = stage->node->filter;
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");
    char word[40];
    const char *near;

    if (!length || name[length] != '=' || length >= sizeof(word))
        return false;
    snprintf(word, sizeof(word), "%.*s", (int)length, name);
    near = cosend_suggest(word, csi_option_count(filter), option_name,
                          filter->options);
    snprintf(hint, room, "%s has no option \"%s\"; %s%s%s", filter->name, word,
             near ? "did you mean \"" : "`cosend help ",
             near ? near : filter->name, near ? "\"?" : "` lists those it has");
    return true;
}

/* Whether a name is that of an option, as true and false are its values, or
   that of one of its choices, so that it may have been meant as one. hint: as
   an option of sort it is written unique=true. */
static bool is_bare_option(const struct cosend_filter *filter, const char *name,
                           char *hint, size_t room)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(filter->options, i, &row); i++) {
        bool meant =
            row.type == COSEND_OPTION_BOOL && strcmp(row.name, name) == 0;

        for (size_t k = 0; row.choices && row.choices[k] && !meant; k++)
            meant = strcmp(row.choices[k], name) == 0;
        if (meant) {
            snprintf(hint, room, "; as an option of %s it is written %s=%s",
                     filter->name, row.name, row.choices ? name : "true");
            return true;
        }
    }
    return false;
}

/* Whether a name is 3, or 3-5, and there are so many columns. */
static bool is_numbers(const char *name, const struct cosend_schema *schema)
{
    return *name >= '1' && *name <= '9' && !name[strspn(name, "0123456789-")] &&
           strtoul(name, NULL, 10) <= schema->count;
}

static bool takes_patterns(const struct cosend_filter *filter,
                           const struct csi_field_name *field)
{
    struct cosend_option row;

    return field->option &&
           csi_option_find(filter, field->option, strlen(field->option),
                           &row) &&
           row.flags & COSEND_PATTERNS;
}

/* What a name that no column has looks like. hint: the way to that, or nothing.
 */
static bool is_no_name(const struct csi_stage *stage,
                       const struct csi_field_name *field, char *hint,
                       size_t room)
{
    const struct cosend_filter *filter = stage->node->filter;
    const char *name = field->name;
    size_t length = strlen(name);
    struct cosend_option row;

    if (field->is_operand)
        return false;
    if (is_bare_option(filter, name, hint, room))
        return true;
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") ==
            strcspn(name, "(") &&
        *name != '(' && length && name[length - 1] == ')') {
        snprintf(hint, room,
                 "; here stand names, and `set x = %.80s` before it gives one "
                 "to what is computed",
                 name);
        return true;
    }
    if (stage->schema->text)
        return false;
    if (takes_patterns(filter, field)) {
        snprintf(hint, room, "; by number it is #%.20s", name);
        return is_numbers(name, stage->schema);
    }
    snprintf(hint, room, "; this option takes names, and no patterns%s",
             csi_option_find(filter, "regex", 5, &row) ? ", which regex= does"
                                                       : "");
    return strchr(name, '*') || *name == '!' || *name == '#';
}

/* Whether a slot before it is of the same name at the same place: one that the
   filter's check made of an option's. */
static bool is_told(const struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];

    for (const struct csi_field_name *other = stage->node->fields;
         other < field; other++)
        if (other->name && strcmp(other->name, field->name) == 0 &&
            strcmp(other->place.path, field->place.path) == 0)
            return true;
    return false;
}

/* Whether a name a.b may be meant as a path into a column. */
static bool is_path(const struct cosend_schema *schema, const char *name,
                    char *hint, size_t room)
{
    const char *dot = strchr(name, '.');

    if (!dot ||
        csi_schema_find(schema, name, (size_t)(dot - name)) == CSI_NO_COLUMN)
        return false;
    snprintf(hint, room, "; what is in \"%.*s\" becomes one by set NAME = %s",
             (int)(dot - name), name, name);
    return true;
}

void csi_tell_unknown_column(struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];
    const struct cosend_schema *schema = stage->schema;
    const char *near = csi_schema_suggest(schema, field->name);
    char list[240], hint[240];

    if (is_told(stage, slot))
        return;
    if (is_no_name(stage, field, hint, sizeof(hint)) ||
        (!near && is_path(schema, field->name, hint, sizeof(hint)))) {
        csi_shared_problem(stage->shared, &field->place,
                           "there is no column \"%s\"%s", field->name, hint);
        return;
    }
    if (!near && is_meant_as_option(stage, field->name, hint, sizeof(hint))) {
        csi_shared_problem(stage->shared, &field->place,
                           "there is no column \"%s\", and %s", field->name,
                           hint);
        return;
    }
    if (schema->text) {
        csi_shared_problem(stage->shared, &field->place,
                           "the input is text and has no column \"%s\"; %s",
                           field->name, text_remedy(schema));
        return;
    }
    list_columns(schema, list, sizeof(list));
    csi_shared_problem(stage->shared, &field->place,
                       "there is no column \"%s\"%s%s%s%s", field->name,
                       csi_field_number_hint(field, schema),
                       near ? "; did you mean \"" : "", near ? near : list,
                       near                ? "\"?"
                       : field->is_operand ? "; text stands in quotes"
                                           : "");
}

void csi_tell_which_column(struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];
    const char *name = stage->node->filter->name;
    char list[240];

    list_columns(stage->schema, list, sizeof(list));
    if (stage->schema->open)
        csi_shared_problem(stage->shared, &field->place,
                           "%s needs `%s`: each record names its own fields",
                           name, field->option);
    else
        csi_shared_problem(stage->shared, &field->place,
                           "%s needs `%s`: the records have %u columns%s", name,
                           field->option, stage->schema->count, list);
}

void csi_tell_unmatched(struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];
    const struct cosend_schema *schema = stage->schema;
    enum csi_field_kind kind = field->pattern->kind;
    const char *near;
    char list[240];

    if (schema->text) {
        csi_shared_problem(stage->shared, &field->place,
                           "the input is text and has no columns for \"%s\"; "
                           "%s",
                           field->name, text_remedy(schema));
        return;
    }
    if (kind == CSI_FIELD_RANGE && is_numbers(field->name, schema)) {
        csi_shared_problem(stage->shared, &field->place,
                           "there is no column for \"%s\"; by number it is "
                           "#%s",
                           field->name, field->name);
        return;
    }
    near = csi_schema_suggest(schema, field->pattern->text.data);
    list_columns(schema, list, sizeof(list));
    csi_shared_problem(
        stage->shared, &field->place, "there is no column for \"%s\"%s%s%s%s",
        field->name,
        kind == CSI_FIELD_RANGE ? ", neither of that name nor from and to" : "",
        near ? "; did you mean \"" : "", near ? near : list, near ? "\"?" : "");
}
