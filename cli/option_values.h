/* SPDX-License-Identifier: MIT */
/* The values that options of the command line take. */
#ifndef CSI_CLI_OPTION_VALUES_H
#define CSI_CLI_OPTION_VALUES_H

#include "cosend.h"

/* The index of value in a list that ends with NULL, or -1 after telling. */
int csi_cli_choose(const char *option, const char *value,
                   const char *const *names);

/* A number in decimal from minimum on; false after telling. */
bool csi_cli_number(const char *option, const char *value, uint64_t minimum,
                    uint64_t maximum, uint64_t *out);

/* The number of a format, by its name or another program's. CSI_CLI_DONE, or
   CSI_CLI_USAGE after telling. */
int csi_cli_format_of(const char *option, const char *value, int *format);

/* Whether there is a reader of a format, and not a writer alone. */
bool csi_cli_is_readable(int format);

/* Whether a value is a length of time, in nanoseconds, and more than none. */
bool csi_cli_is_interval(const char *value, int64_t *interval);

/* Where files are begun: 10 are the last ten lines, +1 is all of them, and +3
   all but two. CSI_CLI_DONE, or CSI_CLI_USAGE after telling. */
int csi_cli_take_lines(const char *value, struct cosend_options *options);

/* Text that is not empty. The same. */
int csi_cli_take_text(const char *option, const char *value, const char **text);

/* The output's format, and what may stand behind it: jsonl:auto,
   template:{host}. The same. */
int csi_cli_take_output_format(const char *value,
                               struct cosend_options *options);

/* Load a plug-in, at once: what follows may name its filters. CSI_CLI_DONE, or
   what to exit with, after telling. */
int csi_cli_load_plugin(const char *value);

#endif
