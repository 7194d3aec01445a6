/* SPDX-License-Identifier: MIT */
/* The JSON spec that a one-line pipeline stands for. */
#ifndef CSI_LINE_JSON_H
#define CSI_LINE_JSON_H

#include "spec/problems.h"

/*
 * The spec of a line that was read without a problem into spec->document: an
 * object with `from`, where the line begins with a source, and `steps`, all
 * options by name. Bytes that JSON cannot hold are reported, and
 * spec->no_memory is set without memory. A new reference, or NULL.
 */
json_t *csi_line_json(struct csi_spec *spec);

/* Put what the command line says of the ends into it: the formats, the output's
   and the rejects' paths. False without memory; or with an error, where one of
   them is no UTF-8. */
bool csi_line_json_ends(json_t *spec, const struct cosend_options *options,
                        struct cosend_error *error);

/* The text of a step's options, the value alone where it is the main option's,
   of a filter in one of these roles; of a whole spec, a step a line. Free it
   with csi_free; NULL without memory. Both change what they write. */
char *csi_line_json_options(json_t *step, unsigned roles);
char *csi_line_json_text(json_t *spec);

#endif
