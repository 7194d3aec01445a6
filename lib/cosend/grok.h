/* SPDX-License-Identifier: MIT */
/*
 * Patterns that take text apart into fields, in three ways to write them: PCRE2
 * with named groups, grok's named patterns, and wildcards. They are constant
 * once made and may be shared.
 *
 * Its struct is stamped (cosend/version.h).
 */
#ifndef COSEND_GROK_H
#define COSEND_GROK_H

#include "cosend/match.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_grok;

/* Most fields that one may have. */
enum { COSEND_GROK_FIELDS = 256 };

/* A pattern that others name. */
struct cosend_grok_name {
    const char *name;    /* letters, digits and _ */
    const char *pattern; /* as cosend_grok_new reads it */
};

/* The patterns that are known by name, ending in one without a name. */
COSEND_API extern const struct cosend_grok_name cosend_grok_known[];

/*
 * Compile a pattern of PCRE2 in which %{NAME} stands for a named pattern,
 * %{NAME:field} for one that becomes a field, %{NAME:field:type} for one that
 * is to be of that type, int, float, bool, string or date; [a][b] as a field is
 * a.b. Groups (?<field>...) are fields too. Names are looked for among the
 * caller's own, and then among those that are known.
 *
 * Returns NULL with COSEND_E_SPEC (the message names the place in the pattern,
 * and the own pattern that it is a place of) or COSEND_E_MEMORY in error. Free
 * it with cosend_grok_free.
 */
COSEND_API struct cosend_grok *
cosend_grok_new(const char *text, size_t length,
                const struct cosend_grok_name *own, size_t own_count,
                struct cosend_error *error);

/* The same of a pattern of PCRE2 in which nothing is named. */
COSEND_API struct cosend_grok *
cosend_grok_new_regex(const char *text, size_t length,
                      struct cosend_error *error);

/*
 * Compile a pattern in which each * is a field, by the names in their order, or
 * none where the name is _; \* is an asterisk, \\ a backslash, and a blank
 * stands for one or more. A field is as short as what follows allows. A * at
 * the beginning begins where the text does, and one at the end is all to its
 * end; where other text stands there, any may be beside it.
 *
 * Returns as cosend_grok_new does.
 */
COSEND_API struct cosend_grok *
cosend_wildcards_new(const char *text, size_t length,
                     const struct cosend_string *names, size_t count,
                     struct cosend_error *error);

/*
 * Compile several, as cosend_grok_new does: the first of them that matches is
 * the one that does, and the fields are those of all.
 *
 * Returns NULL as cosend_grok_new does, with *which the pattern that is not
 * right, from 0.
 */
COSEND_API struct cosend_grok *
cosend_grok_new_any(const struct cosend_string *texts, size_t count,
                    const struct cosend_grok_name *own, size_t own_count,
                    size_t *which, struct cosend_error *error);

COSEND_API void cosend_grok_free(struct cosend_grok *grok);

/* Its fields, each once, in the order in which they first stand. */
COSEND_API size_t cosend_grok_fields(const struct cosend_grok *grok);
COSEND_API const char *cosend_grok_field(const struct cosend_grok *grok,
                                         size_t i);

/* What field i is to be, an enum cosend_conversion_type, as the pattern says;
   -1: what it is. Nothing is converted by cosend_grok_match. */
COSEND_API int cosend_grok_type(const struct cosend_grok *grok, size_t i);

/*
 * Match, and take the fields: cells[i] is a slice of the cell, absent where no
 * group of field i took part; of several it is the first that did. cells has
 * room for cosend_grok_fields.
 */
COSEND_API enum cosend_match cosend_grok_match(const struct cosend_grok *grok,
                                               struct cosend_cell cell,
                                               struct cosend_cell *cells);

#ifdef __cplusplus
}
#endif

#endif
