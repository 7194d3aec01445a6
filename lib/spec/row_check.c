/* SPDX-License-Identifier: MIT */
#include "spec/row_check.h"

#include "base/base.h"
#include "plan/option_rows.h"

#include <stdalign.h>
#include <string.h>

/* The rows of a filter, or of an item of one of its lists. */
struct table {
    const struct cosend_filter *filter;
    const struct cosend_option *rows;
    size_t size; /* of the struct that they fill */
    struct cosend_error *error;
    bool is_item, has_main, has_steps;
};

/* What a type is stored as. */
static const struct {
    size_t size, align;
} stored[] = {
#define STORED(type)                                                           \
    {                                                                          \
        sizeof(type), alignof(type)                                            \
    }
    [COSEND_OPTION_BOOL] = STORED(bool),
    [COSEND_OPTION_INT] = STORED(int64_t),
    [COSEND_OPTION_STRING] = STORED(struct cosend_string),
    [COSEND_OPTION_STRINGS] = STORED(struct cosend_strings),
    [COSEND_OPTION_PATH] = STORED(struct cosend_string),
    [COSEND_OPTION_PATHS] = STORED(struct cosend_strings),
    [COSEND_OPTION_PATTERN] = STORED(struct cosend_string),
    [COSEND_OPTION_ENUM] = STORED(int),
    [COSEND_OPTION_FIELD] = STORED(struct cosend_field),
    [COSEND_OPTION_FIELDS] = STORED(struct cosend_fields),
    [COSEND_OPTION_CONDITION] = STORED(struct cosend_condition *),
    [COSEND_OPTION_HEADER] = STORED(struct cosend_header),
    [COSEND_OPTION_BRANCHES] = {0, 1},
    [COSEND_OPTION_GROUP] = {0, 1},
    [COSEND_OPTION_NUMBER] = STORED(double),
    [COSEND_OPTION_DURATION] = STORED(int64_t),
    [COSEND_OPTION_SIZE] = STORED(int64_t),
    [COSEND_OPTION_TIME] = STORED(int64_t),
    [COSEND_OPTION_EXPRESSION] = STORED(struct cosend_expression *),
    [COSEND_OPTION_TEMPLATE] = STORED(struct cosend_template *),
    [COSEND_OPTION_LIST] = STORED(struct cosend_list),
    [COSEND_OPTION_MAP] = STORED(struct cosend_list),
    [COSEND_OPTION_STEPS] = STORED(struct cosend_steps)
#undef STORED
};

enum {
    TYPES = sizeof(stored) / sizeof(stored[0]),
    FLAGS = COSEND_REQUIRED | COSEND_MAIN | COSEND_ONLY_COLUMN |
            COSEND_SIDE_BRANCH | COSEND_SEPARATOR | COSEND_SECOND |
            COSEND_REST | COSEND_PATTERNS
};

static int wrong(struct table *table, const struct cosend_option *option,
                 const char *why)
{
    return cosend_error_set(table->error, COSEND_E_USAGE,
                            "%.48s: the row of option \"%.48s\" %s",
                            table->filter->name, option->name, why);
}

/* Whether what the row says of its type makes sense; NULL where it does. */
static const char *what_is_wrong(const struct table *table,
                                 const struct cosend_option *option)
{
    bool is_string = option->type == COSEND_OPTION_STRING;
    bool is_steps = option->type == COSEND_OPTION_STEPS;

    if (option->flags & ~(unsigned)FLAGS)
        return "has flags that there are not";
    if (option->type == COSEND_OPTION_ENUM &&
        (!option->choices || !option->choices[0]))
        return "has no choices";
    if (option->type != COSEND_OPTION_ENUM && option->describe)
        return "describes choices, and has none";
    if (option->flags & COSEND_ONLY_COLUMN &&
        option->type != COSEND_OPTION_FIELD)
        return "is no field's, and cannot be the only column's";
    if (option->flags & COSEND_PATTERNS && option->type != COSEND_OPTION_FIELDS)
        return "is not of fields, and cannot have patterns of them";
    if (option->flags & COSEND_SIDE_BRANCH &&
        option->type != COSEND_OPTION_BRANCHES)
        return "is not of branches, and cannot be of a side branch";
    if (option->flags & COSEND_SEPARATOR && !is_string)
        return "is no string's, and cannot be a separator's";
    if (is_string && (option->minimum < 0 || option->maximum < option->minimum))
        return "has a length below nothing, or none at all";
    if (is_steps && (option->fallback || !table->filter->fans_out))
        return "is of steps, which what fans out has, and without a default";
    if (option->type == COSEND_OPTION_BRANCHES && table->is_item)
        return "is of branches, and stands in an item";
    return NULL;
}

/* Whether a row of that name stands before row `at`. */
static bool is_repeated(const struct table *table, const char *name, size_t at)
{
    struct cosend_option row;

    for (size_t i = 0; i < at; i++)
        if (cosend_option_at(table->rows, i, &row) &&
            strcmp(row.name, name) == 0)
            return true;
    return false;
}

static int check_items(struct table *table, const struct cosend_option *option);

/* A row as cosend_option_at has it. */
static int check_row(struct table *table, const struct cosend_option *option,
                     size_t at)
{
    size_t size = table->size;
    const char *why = what_is_wrong(table, option);

    if (why)
        return wrong(table, option, why);
    if (option->offset % stored[option->type].align || option->offset > size ||
        stored[option->type].size > size - option->offset)
        return wrong(table, option,
                     table->is_item ? "lies outside of the item's struct"
                                    : "lies outside of the filter's struct");
    if (is_repeated(table, option->name, at))
        return wrong(table, option, "is there twice");
    if (option->flags & COSEND_MAIN && table->has_main)
        return wrong(table, option, "is a second main option's");
    table->has_main |= (option->flags & COSEND_MAIN) != 0;
    table->has_steps |= option->type == COSEND_OPTION_STEPS;
    if (option->type == COSEND_OPTION_LIST || option->type == COSEND_OPTION_MAP)
        return check_items(table, option);
    return COSEND_OK;
}

static int check_rows(struct table *table)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(table->rows, i, &row); i++) {
        int status = check_row(table, &row, i);

        if (status < 0)
            return status;
    }
    return COSEND_OK;
}

/* The rows of a list's or map's items, by themselves. */
static int check_items(struct table *table, const struct cosend_option *option)
{
    struct table item = {.filter = table->filter,
                         .rows = option->group,
                         .size = option->item_size,
                         .error = table->error,
                         .is_item = true};
    int status = check_rows(&item);

    table->has_steps |= item.has_steps;
    return status;
}

/* Types and groups first: walking through the rows relies on them. */
static int check_types(struct table *table, const struct cosend_option *rows,
                       unsigned depth)
{
    for (; rows && rows->name; rows++) {
        int status;

        if ((int)rows->type < 0 || (int)rows->type >= (int)TYPES)
            return wrong(table, rows, "has a type that there is not");
        if (rows->type != COSEND_OPTION_GROUP &&
            rows->type != COSEND_OPTION_LIST && rows->type != COSEND_OPTION_MAP)
            continue;
        if (!rows->group || depth == CSI_OPTION_DEPTH)
            return wrong(table, rows, "has no group, or one that is too deep");
        status = check_types(table, rows->group, depth + 1);
        if (status < 0)
            return status;
    }
    return COSEND_OK;
}

static int check_branches(const struct table *table)
{
    const struct cosend_filter *filter = table->filter;
    struct cosend_option main = {.type = COSEND_OPTION_BOOL};

    csi_option_main(filter, &main);
    if (filter->fans_out ==
        ((main.type == COSEND_OPTION_BRANCHES) != table->has_steps))
        return COSEND_OK;
    return cosend_error_set(table->error, COSEND_E_USAGE,
                            "%.48s: what fans out, and nothing else, has "
                            "branches as its main option, or steps in options",
                            filter->name);
}

int csi_row_check(const struct cosend_filter *filter,
                  struct cosend_error *error)
{
    struct table table = {.filter = filter,
                          .rows = filter->options,
                          .size = filter->options_size,
                          .error = error};
    int status;

    if ((int)filter->role < COSEND_FILTER || (int)filter->role > COSEND_SINK ||
        (int)filter->parallel < COSEND_SERIAL ||
        (int)filter->parallel > COSEND_MERGES)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%.48s: a role or parallel that there is not",
                                filter->name);
    if (filter->parallel == COSEND_MERGES && (!filter->save || !filter->merge))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%.48s: what merges has save and merge",
                                filter->name);
    status = check_types(&table, filter->options, 0);
    if (status == COSEND_OK)
        status = check_rows(&table);
    return status < 0 ? status : check_branches(&table);
}
