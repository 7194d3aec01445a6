/* SPDX-License-Identifier: MIT */
/* What an option's value may be, as JSON Schema. */
#ifndef CSI_CLI_OPTION_SCHEMA_H
#define CSI_CLI_OPTION_SCHEMA_H

#include "cosend.h"
#include "text.h"

/* Append the schema of an option's values, those inside of others included. */
void csi_cli_option_schema(struct csi_cli_text *text,
                           const struct cosend_option *option);

#endif
