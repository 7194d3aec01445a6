/* SPDX-License-Identifier: MIT */
#ifndef CSI_GROK_EXPAND_H
#define CSI_GROK_EXPAND_H

#include "cosend/grok.h"
#include "match/grok_fields.h"

/*
 * Append to a pattern what a text stands for, with the names of patterns that
 * the caller has; `name` is its own, or NULL.
 *
 * Returns COSEND_OK, or as cosend_grok_new says.
 */
int csi_grok_expand(struct csi_grok_fields *fields, const char *name,
                    struct cosend_string text,
                    const struct cosend_grok_name *own, size_t own_count,
                    struct csi_text *pattern, struct cosend_error *error);

#endif
