/* SPDX-License-Identifier: MIT */
#ifndef CSI_GROK_H
#define CSI_GROK_H

#include "cosend/grok.h"
#include "match/grok_fields.h"

/*
 * Compile a pattern that was written with its fields, which become its own,
 * also where it fails; is_other says that it is not as it was given.
 *
 * Returns as cosend_grok_new does.
 */
struct cosend_grok *csi_grok_new(struct csi_grok_fields *fields,
                                 const struct csi_text *pattern, bool is_other,
                                 struct cosend_error *error);

/* The pattern that every text that it matches matches, or NULL. */
const struct cosend_regex *csi_grok_regex(const struct cosend_grok *grok);

#endif
