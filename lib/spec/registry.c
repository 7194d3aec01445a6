/* SPDX-License-Identifier: MIT */
#include "spec/registry.h"

#include "base/base.h"
#include "plan/option_rows.h"

#include <string.h>

static const struct cosend_filter **registered;
static size_t registered_count, registered_capacity;

/* ---- Looking up ---------------------------------------------------------- */

static size_t builtin_count(void)
{
    const struct cosend_filter *const *all = cosend_builtin_filters();
    size_t count = 0;

    while (all[count])
        count++;
    return count;
}

size_t csi_registry_count(void)
{
    return builtin_count() + registered_count;
}

const struct cosend_filter *csi_registry_at(size_t i)
{
    size_t builtin = builtin_count();

    if (i < builtin)
        return cosend_builtin_filters()[i];
    i -= builtin;
    return i < registered_count ? registered[i] : NULL;
}

const char *csi_registry_name(const void *roles, size_t i)
{
    const struct cosend_filter *filter = csi_registry_at(i);
    unsigned set = *(const unsigned *)roles;

    return set & CSI_ROLE(filter->role) ? filter->name : NULL;
}

bool csi_filter_is_called(const struct cosend_filter *filter, const char *name)
{
    size_t length = strlen(name);
    const char *alias = filter->aliases ? filter->aliases : "";

    if (strcmp(filter->name, name) == 0)
        return true;
    while (*alias) {
        size_t span = strcspn(alias, " ");

        if (length && span == length && memcmp(alias, name, length) == 0)
            return true;
        alias += span + strspn(alias + span, " ");
    }
    return false;
}

const struct cosend_filter *csi_registry_find(const char *name, unsigned roles)
{
    const struct cosend_filter *filter;

    for (size_t i = 0; (filter = csi_registry_at(i)); i++)
        if (roles & CSI_ROLE(filter->role) &&
            csi_filter_is_called(filter, name))
            return filter;
    return NULL;
}

const struct cosend_filter *cosend_find_filter(const char *name)
{
    return csi_registry_find(name, CSI_ALL_ROLES);
}

/* How many come before filter i: by name, then in the order of the table. */
static size_t rank(size_t of, size_t count)
{
    const char *name = csi_registry_at(of)->name;
    size_t before = 0;

    for (size_t i = 0; i < count; i++) {
        int order = strcmp(csi_registry_at(i)->name, name);

        before += order < 0 || (order == 0 && i < of);
    }
    return before;
}

const struct cosend_filter *cosend_filter_at(size_t i)
{
    size_t count = csi_registry_count();

    for (size_t j = 0; j < count; j++)
        if (rank(j, count) == i)
            return csi_registry_at(j);
    return NULL;
}

/* ---- Registering --------------------------------------------------------- */

/* Words that mean something else where a filter's name may stand. */
static const char *const reserved[] = {
    "run",  "check",    "test", "graph",  "trace",   "replay",
    "list", "help",     "show", "schema", "version", "id",
    "note", "on_error", "use",  "steps",  "to",      NULL};

static bool is_word(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') &&
            !(name[i] >= '0' && name[i] <= '9') && name[i] != '_')
            return false;
    return length > 0 && length < 48;
}

static int check_name(const char *name, size_t length,
                      struct cosend_error *error)
{
    char word[48];

    if (!is_word(name, length))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "\"%.48s\" is not a filter's name: small "
                                "letters, digits and _ make one",
                                name);
    memcpy(word, name, length);
    word[length] = '\0';
    for (size_t i = 0; reserved[i]; i++)
        if (strcmp(reserved[i], word) == 0)
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "\"%s\" cannot be a filter's name", word);
    if (cosend_find_filter(word))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "there is a filter \"%s\" already", word);
    return COSEND_OK;
}

static int check_names(const struct cosend_filter *filter,
                       struct cosend_error *error)
{
    const char *alias = filter->aliases ? filter->aliases : "";
    int status = check_name(filter->name, strlen(filter->name), error);

    while (status == COSEND_OK && *alias) {
        size_t span = strcspn(alias, " ");

        status = check_name(alias, span, error);
        alias += span + strspn(alias + span, " ");
    }
    return status;
}

/* What an option of each type is stored as. */
static const size_t stored[] = {
    [COSEND_OPTION_BOOL] = sizeof(bool),
    [COSEND_OPTION_INT] = sizeof(int64_t),
    [COSEND_OPTION_STRING] = sizeof(struct cosend_string),
    [COSEND_OPTION_STRINGS] = sizeof(struct cosend_strings),
    [COSEND_OPTION_PATH] = sizeof(struct cosend_string),
    [COSEND_OPTION_PATHS] = sizeof(struct cosend_strings),
    [COSEND_OPTION_PATTERN] = sizeof(struct cosend_string),
    [COSEND_OPTION_ENUM] = sizeof(int),
    [COSEND_OPTION_FIELD] = sizeof(struct cosend_field),
    [COSEND_OPTION_FIELDS] = sizeof(struct cosend_fields),
    [COSEND_OPTION_CONDITION] = sizeof(struct cosend_condition *),
    [COSEND_OPTION_HEADER] = sizeof(struct cosend_header),
    [COSEND_OPTION_BRANCHES] = 0,
    [COSEND_OPTION_GROUP] = 0,
};

/* Whether a row makes sense for a struct of `size` bytes. */
static bool is_sound(const struct cosend_option *row, size_t size, int depth)
{
    if ((size_t)row->type >= sizeof(stored) / sizeof(*stored) ||
        row->offset > size || stored[row->type] > size - row->offset ||
        (row->type == COSEND_OPTION_ENUM && !row->choices))
        return false;
    if (row->type != COSEND_OPTION_GROUP)
        return true;
    if (!row->group || depth == CSI_OPTION_DEPTH)
        return false;
    for (const struct cosend_option *of = row->group; of->name; of++)
        if (!is_sound(of, size - row->offset, depth + 1))
            return false;
    return true;
}

static int check_options(const struct cosend_filter *filter,
                         struct cosend_error *error)
{
    const struct cosend_option *row = filter->options;
    int status = COSEND_OK;

    for (; row && row->name && status == COSEND_OK; row++) {
        if (!is_sound(row, filter->options_size, 0))
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "%s: the row of option \"%s\" is not "
                                    "complete",
                                    filter->name, row->name);
        status = CSI_CHECK_RESERVED(row, row->name, error);
    }
    return status;
}

int cosend_register(const struct cosend_filter *filter,
                    struct cosend_error *error)
{
    int status;

    if (!filter || !filter->name || !filter->body)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a filter has a name and a body");
    status = CSI_CHECK_RESERVED(filter, filter->name, error);
    if (status == COSEND_OK)
        status = check_names(filter, error);
    if (status == COSEND_OK)
        status = check_options(filter, error);
    if (status < 0)
        return status;
    if (!csi_grow(&registered, &registered_capacity, registered_count + 1,
                  sizeof(*registered)))
        return csi_no_memory(error);
    registered[registered_count++] = filter;
    return COSEND_OK;
}
