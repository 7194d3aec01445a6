/* SPDX-License-Identifier: MIT */
/* Specs in which an option has the example that its row gives. */
#ifndef CSI_OPTION_SPEC_H
#define CSI_OPTION_SPEC_H

#include "base/text.h"
#include "cosend/filter.h"

/*
 * Write, ended by a NUL, a spec that is accepted, of a pipeline that has the
 * filter, source or sink with an option's example, and with those of such
 * options as it cannot do without: the required ones, and up to three others
 * beside which it makes sense.
 *
 * Returns false where there is none, or without memory.
 */
bool csi_option_spec(const struct cosend_filter *filter,
                     const struct cosend_option *shown, struct csi_text *spec);

#endif
