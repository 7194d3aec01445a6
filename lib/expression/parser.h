/* SPDX-License-Identifier: MIT */
/* From an expression's text to its term. */
#ifndef CSI_PARSER_H
#define CSI_PARSER_H

#include "expression/builder.h"

/* The term that builder->made->text is; NULL with the problem reported. */
struct csi_term *csi_parse_expression(struct csi_builder *builder);

#endif
