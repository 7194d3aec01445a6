/* SPDX-License-Identifier: MIT */
/* From the command line to a pipeline, and what was wrong with it. */
#ifndef CSI_CLI_SPEC_H
#define CSI_CLI_SPEC_H

#include "options.h"

/*
 * Make the pipeline of a spec's file ("-" is standard input), or of one line,
 * and print every problem. command must outlive it.
 *
 * Returns NULL, after telling, with the exit status in *status: CSI_CLI_WRONG
 * where there were problems, CSI_CLI_USAGE where the file cannot be read, else
 * what csi_cli_status_of says.
 */
struct cosend_pipeline *csi_cli_pipeline(struct csi_cli_command *command,
                                         const char *spec, bool is_line,
                                         int *status);

/* Append what a file has, "-" being standard input, of at most as many bytes as
   a spec may have. Returns COSEND_DONE, or an error. */
int csi_cli_read_file(const char *path, struct csi_cli_text *text,
                      struct cosend_error *error);

/* Have what is made of the command's options print its problems and warnings,
   and count the first. command must outlive it. */
void csi_cli_hooks(struct csi_cli_command *command);

/* Print what ended a run. */
void csi_cli_print_error(const struct cosend_error *error, bool json);

/* The exit status for an error's kind. */
int csi_cli_status_of(int kind);

#endif
