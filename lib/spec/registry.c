/* SPDX-License-Identifier: MIT */
#include "spec/registry.h"

#include "base/base.h"
#include "spec/row_check.h"

#include <stdatomic.h>
#include <string.h>

static const struct cosend_filter **registered;
static size_t registered_count, registered_capacity;

/* ---- Looking up ---------------------------------------------------------- */

/* Counted once: the table does not change, and whoever counts it at the same
   time finds the same. */
static size_t builtin_count(void)
{
    static _Atomic size_t known;
    size_t count = atomic_load_explicit(&known, memory_order_relaxed);

    if (count)
        return count;
    while (cosend_builtin_filters()[count])
        count++;
    atomic_store_explicit(&known, count, memory_order_relaxed);
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
    return name ? csi_registry_find(name, CSI_ALL_ROLES) : NULL;
}

/* Whether filter a comes before filter b: by name, then in the order of the
   table. */
static bool is_filter_before(size_t a, size_t b)
{
    int order = strcmp(csi_registry_at(a)->name, csi_registry_at(b)->name);

    return order < 0 || (order == 0 && a < b);
}

/* The first filter behind `last`, SIZE_MAX for the first of all; SIZE_MAX where
   there is none. */
static size_t next_by_name(size_t last)
{
    size_t count = csi_registry_count(), next = SIZE_MAX;

    for (size_t i = 0; i < count; i++)
        if ((last == SIZE_MAX || is_filter_before(last, i)) &&
            (next == SIZE_MAX || is_filter_before(i, next)))
            next = i;
    return next;
}

/* Lists ask for one behind the other: where the last one was is kept, by
   thread, while nothing was registered. */
const struct cosend_filter *cosend_filter_at(size_t i)
{
    static _Thread_local size_t asked, found = SIZE_MAX, count;

    if (found == SIZE_MAX || asked > i || count != csi_registry_count()) {
        asked = 0;
        found = next_by_name(SIZE_MAX);
        count = csi_registry_count();
    }
    for (; asked < i && found != SIZE_MAX; asked++)
        found = next_by_name(found);
    return found == SIZE_MAX ? NULL : csi_registry_at(found);
}

/* ---- Registering --------------------------------------------------------- */

/* Words that mean something else where a filter's name may stand. */
static const char *const reserved[] = {
    "run",  "check", "test",   "graph",   "trace", "replay", "list",
    "help", "show",  "schema", "version", "id",    "note",   "on_error",
    "use",  "steps", "to",     "from",    NULL};

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

int cosend_register(const struct cosend_filter *filter,
                    struct cosend_error *error)
{
    int status;

    /* What else it has may be anywhere in one of another ABI. */
    if (filter && filter->abi != COSEND_ABI)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a filter's row is of ABI %u, and this cosend "
                                "%s of %u: make it with {.abi = COSEND_ABI}, "
                                "and compile it with this cosend's headers",
                                filter->abi, cosend_version(), COSEND_ABI);
    if (!filter || !filter->name || !filter->body == !filter->callbacks)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a filter has a name and a body, or callbacks "
                                "in its place");
    if (filter->callbacks && !filter->callbacks->batch)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%s: callbacks have a `batch`", filter->name);
    status = CSI_CHECK_RESERVED(filter, filter->name, error);
    if (status == COSEND_OK)
        status = check_names(filter, error);
    if (status == COSEND_OK)
        status = csi_row_check(filter, error);
    if (status < 0)
        return status;
    if (!csi_grow(&registered, &registered_capacity, registered_count + 1,
                  sizeof(*registered)))
        return csi_no_memory(error);
    registered[registered_count++] = filter;
    return COSEND_OK;
}

int csi_register_all(const struct cosend_filter *const *filters,
                     struct cosend_error *error)
{
    size_t before = registered_count;
    int status = COSEND_OK;

    for (; status == COSEND_OK && *filters; filters++)
        status = cosend_register(*filters, error);
    if (status < 0)
        registered_count = before;
    return status;
}
