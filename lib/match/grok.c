/* SPDX-License-Identifier: MIT */
/* A pattern and its fields, or several. */
#include "match/grok.h"

#include "base/base.h"
#include "match/grok_expand.h"

#include <string.h>

struct cosend_grok {
    struct cosend_regex *regex;
    struct csi_grok_fields fields;
    size_t *groups; /* the field of each group of the regex */
    bool direct;    /* which is the group itself, one for each field */
    struct cosend_grok **any; /* those that are tried, whose groups' fields are
                                 these; or NULL: itself */
    size_t any_count;
};

static struct cosend_grok *new_grok(struct cosend_error *error)
{
    struct cosend_grok *grok = csi_calloc(1, sizeof(*grok));

    if (!grok)
        csi_no_memory(error);
    return grok;
}

/* ---- Making -------------------------------------------------------------- */

static int list_groups(struct cosend_grok *grok, struct cosend_error *error)
{
    size_t count = cosend_regex_groups(grok->regex);

    grok->groups = csi_calloc(count + 1, sizeof(*grok->groups));
    if (!grok->groups)
        return csi_no_memory(error);
    for (size_t i = 0; i < count; i++) {
        grok->groups[i] = csi_grok_field_of(&grok->fields,
                                            cosend_regex_group(grok->regex, i));
        if (grok->groups[i] >= grok->fields.count)
            return csi_no_memory(error);
    }
    csi_grok_order(&grok->fields, grok->groups, count);
    grok->direct = count == grok->fields.count;
    for (size_t i = 0; i < count; i++)
        grok->direct &= grok->groups[i] == i;
    if (count > COSEND_GROK_FIELDS)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "the pattern has %zu groups with names; %d is "
                                "the limit",
                                count, COSEND_GROK_FIELDS);
    return COSEND_OK;
}

static int compile_grok(struct cosend_grok *grok,
                        const struct csi_text *pattern, bool is_other,
                        struct cosend_error *error)
{
    struct cosend_error why = {0};

    grok->regex = cosend_regex_new(pattern->data ? pattern->data : "",
                                   pattern->length, NULL, &why);
    if (grok->regex)
        return list_groups(grok, error);
    if (why.kind == COSEND_E_MEMORY || !is_other)
        return cosend_error_set(error, why.kind, "%s", why.message);
    return cosend_error_set(
        error, why.kind, "in what it stands for, %.*s%s: %s",
        (int)(pattern->length < 120 ? pattern->length : 120), pattern->data,
        pattern->length < 120 ? "" : "...", why.message);
}

struct cosend_grok *csi_grok_new(struct csi_grok_fields *fields,
                                 const struct csi_text *pattern, bool is_other,
                                 struct cosend_error *error)
{
    struct cosend_grok *grok = new_grok(error);

    if (!grok) {
        csi_grok_fields_free(fields);
        return NULL;
    }
    grok->fields = *fields;
    if (compile_grok(grok, pattern, is_other, error) == COSEND_OK)
        return grok;
    cosend_grok_free(grok);
    return NULL;
}

/* A pattern in which others are named, which is its own name's if it has one;
   or NULL with an error. */
static struct cosend_grok *make_grok(const char *name,
                                     struct cosend_string text,
                                     const struct cosend_grok_name *own,
                                     size_t own_count,
                                     struct cosend_error *error)
{
    struct csi_grok_fields fields = {0};
    struct csi_text pattern = {0};
    struct cosend_grok *grok = NULL;
    bool is_other;

    if (csi_grok_expand(&fields, name, text, own, own_count, &pattern, error) ==
        COSEND_OK) {
        is_other =
            pattern.length != text.length ||
            (text.length && memcmp(pattern.data, text.data, text.length) != 0);
        grok = csi_grok_new(&fields, &pattern, is_other, error);
    } else {
        csi_grok_fields_free(&fields);
    }
    csi_free(pattern.data);
    return grok;
}

/* Whether each of the caller's own patterns is one, so that what is wrong with
   it is said of it. */
static bool check_own(const struct cosend_grok_name *own, size_t own_count,
                      struct cosend_error *error)
{
    struct cosend_error why = {0};

    for (size_t i = 0; i < own_count; i++) {
        struct cosend_string text = {own[i].pattern, strlen(own[i].pattern)};
        struct cosend_grok *grok =
            make_grok(own[i].name, text, own, own_count, &why);

        if (!grok) {
            cosend_error_set(error, why.kind, "pattern %.80s: %s", own[i].name,
                             why.message);
            return false;
        }
        cosend_grok_free(grok);
    }
    return true;
}

struct cosend_grok *cosend_grok_new(const char *text, size_t length,
                                    const struct cosend_grok_name *own,
                                    size_t own_count,
                                    struct cosend_error *error)
{
    struct cosend_string string = {text, length};

    if (!check_own(own, own_count, error))
        return NULL;
    return make_grok(NULL, string, own, own_count, error);
}

struct cosend_grok *cosend_grok_new_regex(const char *text, size_t length,
                                          struct cosend_error *error)
{
    struct csi_grok_fields none = {0};
    struct csi_text pattern = {0};
    struct cosend_grok *grok = NULL;

    if (csi_text_add(&pattern, text, length))
        grok = csi_grok_new(&none, &pattern, false, error);
    else
        csi_no_memory(error);
    csi_free(pattern.data);
    return grok;
}

/* Take in one that is to be tried: its fields are found among all. */
static int add_choice(struct cosend_grok *all, struct cosend_grok *grok,
                      struct cosend_error *error)
{
    size_t count = cosend_regex_groups(grok->regex);

    for (size_t i = 0; i < count; i++) {
        const char *name = grok->fields.names[grok->groups[i]];
        int type = grok->fields.types[grok->groups[i]];

        grok->groups[i] = csi_grok_find(&all->fields, name, strlen(name));
        if (grok->groups[i] >= all->fields.count)
            return csi_no_memory(error);
        if (!csi_grok_set_type(&all->fields, grok->groups[i], type))
            return cosend_error_set(error, COSEND_E_SPEC,
                                    "another pattern has %.100s be of another "
                                    "type",
                                    all->fields.names[grok->groups[i]]);
    }
    return COSEND_OK;
}

/* Compile pattern after pattern into `all`. */
static int add_choices(struct cosend_grok *all,
                       const struct cosend_string *texts, size_t count,
                       const struct cosend_grok_name *own, size_t own_count,
                       size_t *which, struct cosend_error *error)
{
    all->any = csi_calloc(count + 1, sizeof(*all->any));
    if (!all->any)
        return csi_no_memory(error);
    for (size_t i = 0; i < count; i++) {
        *which = i;
        all->any[i] = make_grok(NULL, texts[i], own, own_count, error);
        if (!all->any[i])
            return COSEND_E_SPEC;
        all->any_count++;
        if (add_choice(all, all->any[i], error) != COSEND_OK)
            return COSEND_E_SPEC;
        if (all->fields.count > COSEND_GROK_FIELDS)
            return cosend_error_set(error, COSEND_E_SPEC,
                                    "with this the fields are more than %d",
                                    COSEND_GROK_FIELDS);
    }
    return COSEND_OK;
}

struct cosend_grok *cosend_grok_new_any(const struct cosend_string *texts,
                                        size_t count,
                                        const struct cosend_grok_name *own,
                                        size_t own_count, size_t *which,
                                        struct cosend_error *error)
{
    struct cosend_grok *all;

    *which = 0;
    if (!check_own(own, own_count, error))
        return NULL;
    all = new_grok(error);
    if (all && add_choices(all, texts, count, own, own_count, which, error) ==
                   COSEND_OK)
        return all;
    cosend_grok_free(all);
    return NULL;
}

void cosend_grok_free(struct cosend_grok *grok)
{
    if (!grok)
        return;
    for (size_t i = 0; i < grok->any_count; i++)
        cosend_grok_free(grok->any[i]);
    csi_free(grok->any);
    csi_grok_fields_free(&grok->fields);
    csi_free(grok->groups);
    cosend_regex_free(grok->regex);
    csi_free(grok);
}

/* ---- Asking -------------------------------------------------------------- */

const struct cosend_regex *csi_grok_regex(const struct cosend_grok *grok)
{
    return grok->regex;
}

size_t cosend_grok_fields(const struct cosend_grok *grok)
{
    return grok->fields.count;
}

const char *cosend_grok_field(const struct cosend_grok *grok, size_t i)
{
    return grok->fields.names[i];
}

int cosend_grok_type(const struct cosend_grok *grok, size_t i)
{
    return grok->fields.types[i];
}

/* Match one of a grok's choices, of which cells has all fields. */
static enum cosend_match match_choice(const struct cosend_grok *choice,
                                      struct cosend_cell cell,
                                      struct cosend_cell *cells)
{
    CSI_UNCLEARED struct cosend_cell groups[COSEND_GROK_FIELDS];
    size_t count = cosend_regex_groups(choice->regex);
    enum cosend_match answer =
        cosend_regex_captures(choice->regex, cell, groups);

    for (size_t i = 0; i < count && answer == COSEND_MATCH; i++)
        if (cells[choice->groups[i]].kind == COSEND_ABSENT)
            cells[choice->groups[i]] = groups[i];
    return answer;
}

enum cosend_match cosend_grok_match(const struct cosend_grok *grok,
                                    struct cosend_cell cell,
                                    struct cosend_cell *cells)
{
    enum cosend_match answer = COSEND_NO_MATCH;

    if (grok->direct)
        return cosend_regex_captures(grok->regex, cell, cells);
    for (size_t i = 0; i < grok->fields.count; i++)
        cells[i] = (struct cosend_cell){NULL, 0, COSEND_ABSENT};
    if (!grok->any)
        return match_choice(grok, cell, cells);
    for (size_t i = 0; i < grok->any_count && answer == COSEND_NO_MATCH; i++)
        answer = match_choice(grok->any[i], cell, cells);
    return answer;
}
