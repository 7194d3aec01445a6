/* SPDX-License-Identifier: MIT */
/* A one-line pipeline as a program in C. */
#ifndef CSI_CLI_PROGRAM_H
#define CSI_CLI_PROGRAM_H

#include "options.h"

/* Append the program that builds what operand 1 says with the library, call by
   call. False with an error. */
bool csi_cli_program(const struct csi_cli_command *command,
                     struct csi_cli_text *text, struct cosend_error *error);

#endif
