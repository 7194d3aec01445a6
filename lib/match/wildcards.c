/* SPDX-License-Identifier: MIT */
/*
 * Wildcards, as angle-grinder's parse has them: they become a pattern with a
 * group for each *, which takes as little as it can, as a person who looks for
 * what comes next does.
 */
#include "match/grok.h"

#include "base/base.h"

#include <string.h>

struct wildcards {
    struct csi_grok_fields fields;
    const char *text, *end;
    const struct cosend_string *names;
    size_t count, used;
    struct csi_text pattern;
};

static bool is_wildcard_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A character that is itself: a backslash takes what it means from any but a
   letter or digit, which mean nothing without. */
static bool add_character(struct csi_text *pattern, char c)
{
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                 (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;

    return (plain || csi_text_string(pattern, "\\")) &&
           csi_text_add(pattern, &c, 1);
}

/* What the * at a place becomes. One too many for the names is no field. */
static bool add_wildcard(struct wildcards *wildcards, const char *at)
{
    static const struct cosend_string none = {"_", 1};
    const struct cosend_string *name = wildcards->used < wildcards->count
                                           ? &wildcards->names[wildcards->used]
                                           : &none;
    struct csi_text *pattern = &wildcards->pattern;
    bool skipped = strcmp(name->data, "_") == 0;

    wildcards->used++;
    if (at == wildcards->text && !csi_text_string(pattern, "^"))
        return false;
    if (skipped ? !csi_text_string(pattern, "(?:")
                : !csi_grok_open(&wildcards->fields, pattern, name->data,
                                 name->length))
        return false;
    return csi_text_string(pattern,
                           at + 1 == wildcards->end ? "(?s:.*))" : "(?s:.*?))");
}

/* Read what stands at *at, which comes to be behind it. */
static bool read_piece(struct wildcards *wildcards, const char **at)
{
    const char *from = *at, *end = wildcards->end;

    if (*from == '*') {
        *at = from + 1;
        return add_wildcard(wildcards, from);
    }
    if (is_wildcard_blank(*from)) {
        while (*at < end && is_wildcard_blank(**at))
            ++*at;
        return csi_text_string(&wildcards->pattern, "[ \\t]+");
    }
    if (*from == '\\' && end - from > 1 && (from[1] == '*' || from[1] == '\\'))
        from++;
    *at = from + 1;
    return add_character(&wildcards->pattern, *from);
}

/* One that stands twice would be of one field, and the other's text lost. */
static int check_wildcard_names(const struct wildcards *wildcards,
                                struct cosend_error *error)
{
    const struct cosend_string *names = wildcards->names;

    for (size_t i = 0; i < wildcards->count; i++)
        for (size_t k = 0; k < i && strcmp(names[i].data, "_") != 0; k++)
            if (strcmp(names[k].data, names[i].data) == 0)
                return cosend_error_set(error, COSEND_E_SPEC,
                                        "\"%.80s\" stands twice among names",
                                        names[i].data);
    return COSEND_OK;
}

static int read_wildcards(struct wildcards *wildcards,
                          struct cosend_error *error)
{
    const char *at = wildcards->text;

    while (at < wildcards->end) {
        bool wild = *at == '*';

        if (!read_piece(wildcards, &at))
            return csi_no_memory(error);
        if (wild && at < wildcards->end && *at == '*')
            return cosend_error_set(error, COSEND_E_SPEC,
                                    "at character %zu: nothing is between two "
                                    "*, so that where the first ends cannot be "
                                    "told",
                                    (size_t)(at - wildcards->text) + 1);
    }
    if (!wildcards->used)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "no * is in the pattern, which would be a "
                                "field");
    if (wildcards->used != wildcards->count)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "the pattern has %zu *, and %zu name%s given; "
                                "_ names one that is no field",
                                wildcards->used, wildcards->count,
                                wildcards->count == 1 ? " is" : "s are");
    return check_wildcard_names(wildcards, error);
}

struct cosend_grok *cosend_wildcards_new(const char *text, size_t length,
                                         const struct cosend_string *names,
                                         size_t count,
                                         struct cosend_error *error)
{
    struct wildcards wildcards = {
        .text = text, .end = text + length, .names = names, .count = count};
    struct cosend_grok *grok = NULL;

    if (read_wildcards(&wildcards, error) == COSEND_OK)
        grok = csi_grok_new(&wildcards.fields, &wildcards.pattern, true, error);
    else
        csi_grok_fields_free(&wildcards.fields);
    csi_free(wildcards.pattern.data);
    return grok;
}
