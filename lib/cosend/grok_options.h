/* SPDX-License-Identifier: MIT */
/* The options by which a filter is told patterns that take text apart. Its
   struct is stamped (cosend/version.h). */
#ifndef COSEND_GROK_OPTIONS_H
#define COSEND_GROK_OPTIONS_H

#include "cosend/filter.h"
#include "cosend/grok.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_grok_options {
    struct cosend_string regex, grok, pattern;
    struct cosend_strings any, names;
    struct cosend_list patterns;
};

/* A group for such a struct: regex, grok, any and pattern, of which one is
   given, patterns, which grok and any may name, and names, those of pattern. */
COSEND_API extern const struct cosend_option cosend_grok_options[];

/*
 * Compile what one of them was given: a filter's check. It is the filter's to
 * free (cosend_grok_free).
 *
 * Returns NULL, with what is wrong reported, where it is none; of one that
 * makes no field the problem is reported, too.
 */
COSEND_API struct cosend_grok *
cosend_check_grok(struct cosend_check *check, const char *option,
                  const struct cosend_grok_options *options);

#ifdef __cplusplus
}
#endif

#endif
