/* SPDX-License-Identifier: MIT */
/*
 * The one-line form: `grep ERROR | count by=status`.
 *
 * It becomes the values of the JSON spec that says the same, with places in
 * the line, and is then read as that spec is.
 */
#ifndef CSI_ONELINE_H
#define CSI_ONELINE_H

#include "spec/problems.h"

/*
 * Read a line into spec->document.
 *
 * Returns COSEND_OK; COSEND_E_SPEC, with a problem reported; COSEND_E_MEMORY.
 */
int csi_oneline_parse(struct csi_spec *spec, const char *text, size_t length);

#endif
