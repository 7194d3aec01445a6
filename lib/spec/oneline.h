/* SPDX-License-Identifier: MIT */
/*
 * The one-line form: `grep ERROR | count by=status`.
 *
 * It becomes the values of the JSON spec that says the same, with places in
 * the line, and is then read as that spec is.
 */
#ifndef CSI_ONELINE_H
#define CSI_ONELINE_H

#include "spec/words.h"

/*
 * Read a line into spec->document.
 *
 * Returns COSEND_OK; COSEND_E_SPEC, with a problem reported; COSEND_E_MEMORY.
 */
int csi_oneline_parse(struct csi_spec *spec, const char *text, size_t length);

/*
 * Read one stage, a step that a JSON spec has as a string, into a container of
 * a document. Where it cannot be read, that is reported, and the step is an
 * unknown value. Without memory, spec->no_memory is set.
 */
void csi_oneline_step(struct csi_spec *spec, struct csi_document *document,
                      size_t container, const char *key, const char *text,
                      size_t length, const struct csi_spot *spots,
                      const char *path);

#endif
