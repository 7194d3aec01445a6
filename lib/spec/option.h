/* SPDX-License-Identifier: MIT */
/* A step's options: from JSON, by the rows of its filter's table, into the
   struct that its body is handed. */
#ifndef CSI_OPTION_H
#define CSI_OPTION_H

#include "spec/problems.h"

/* An option's value from the command line, which wins over the spec's. */
struct csi_override {
    const char *option; /* NULL: none */
    int number;         /* ENUM: the choice */
    const char *text;   /* PATH, TEMPLATE */
};

/*
 * Give a node its options, and have the filter check them. value is what the
 * spec says, NULL where it says nothing; place is the step's, for what is
 * missing. Problems are reported. After it the node has options, all zero where
 * they could not be had, unless there is no memory.
 */
void csi_options_parse(struct csi_spec *spec, uint32_t node,
                       const struct csi_value *value,
                       const struct csi_place *place,
                       const struct csi_override *overrides, size_t count);

#endif
