/* SPDX-License-Identifier: MIT */
/* The command line, taken apart. */
#ifndef CSI_CLI_OPTIONS_H
#define CSI_CLI_OPTIONS_H

#include "text.h"

/* What takes options. A bit each: an option says where it makes sense. */
enum csi_cli_where {
    CSI_CLI_RUN = 1, /* run, and one-liners */
    CSI_CLI_CHECK = 2,
    CSI_CLI_HELP = 4,
    CSI_CLI_ELSE = 8,
    CSI_CLI_SHOW = 16,
    CSI_CLI_TRY = 32 /* check-filter */
};

enum csi_cli_stats { CSI_CLI_NO_STATS, CSI_CLI_TABLE, CSI_CLI_JSON };

enum csi_cli_color { CSI_CLI_AUTO, CSI_CLI_ALWAYS, CSI_CLI_NEVER };

/* A command line, taken apart. Strings are argv's, but for the names of
   parameters. */
struct csi_cli_command {
    const char **operands; /* the subcommand or the one-liner first */
    size_t operand_count;
    struct cosend_parameter *parameters;
    struct cosend_options options;
    enum csi_cli_stats stats;
    enum csi_cli_color color;
    bool exit_status, results, expand, json, json_errors, as_c, help, version;
    bool lines;             /* --lines was given */
    bool watch;             /* --watch was, ... */
    int64_t watch_interval; /* ... with this, in nanoseconds; 0: without */
    bool unquoted;   /* more operands than the first seem to be the pipeline */
    uint32_t given;  /* options seen: a bit per row of the table */
    size_t problems; /* of the spec, printed so far */
};

/*
 * Take a command line apart. command is overwritten.
 *
 * Returns CSI_CLI_DONE; CSI_CLI_USAGE after telling; CSI_CLI_IO without
 * memory. csi_cli_command_free is due after each.
 */
int csi_cli_parse(struct csi_cli_command *command, int argc, char **argv);
void csi_cli_command_free(struct csi_cli_command *command);

/* Whether all options given make sense there; tells of the first that does
   not. */
bool csi_cli_allowed(const struct csi_cli_command *command,
                     enum csi_cli_where where, const char *name);

/* How cosend is used, with every option. */
void csi_cli_usage(struct csi_cli_text *text);

#endif
