/* SPDX-License-Identifier: MIT */
/*
 * What the files of the command line share. It is written on cosend.h alone.
 *
 * Standard output belongs to data, everything else goes to standard error; what
 * goes there is always escaped, so that no text from a spec, a record or a path
 * can play with the terminal.
 */
#ifndef CSI_CLI_H
#define CSI_CLI_H

#include "cosend.h"

/* Exit statuses. A signal's is 128 + its number. */
enum csi_cli_status {
    CSI_CLI_DONE = 0,
    CSI_CLI_WRONG = 1,  /* check found something; -e: no record came out */
    CSI_CLI_USAGE = 2,  /* the command line, or a spec that cannot be run */
    CSI_CLI_DATA = 3,   /* bad data under `fail`, or too much of it */
    CSI_CLI_IO = 4,     /* input or output failed */
    CSI_CLI_LEDGER = 5, /* the ledger does not balance */
    CSI_CLI_PIPE = 141  /* nobody reads standard output any more */
};

/* ---- text.c: text being put together ------------------------------------ */

/* All zero is empty. Without memory it stays as it is, and failed is set. */
struct csi_cli_text {
    char *data;
    size_t length, capacity;
    bool failed;
};

void csi_cli_add(struct csi_cli_text *text, const char *data, size_t length);
void csi_cli_format(struct csi_cli_text *text, const char *format, ...)
    COSEND_PRINTF(2, 3);

/* A JSON string, quotes included; what is no UTF-8 becomes U+FFFD. */
void csi_cli_json(struct csi_cli_text *text, const char *data, size_t length);

/* The same for a string that ends with a NUL; NULL becomes null. */
void csi_cli_json_string(struct csi_cli_text *text, const char *string);

/* string, and spaces up to width characters. */
void csi_cli_pad(struct csi_cli_text *text, const char *string, size_t width);

/* Words in lines of at most 78 characters, each `indent` to the right. An empty
   line, and one that starts with a space, stays as it is. */
void csi_cli_wrap(struct csi_cli_text *text, const char *words, size_t indent);

/* How many characters of UTF-8 a string has. */
size_t csi_cli_width(const char *string);

void csi_cli_free(struct csi_cli_text *text);

/* ---- terminal.c: text going out ----------------------------------------- */

/* Print `cosend: ` and a line on standard error. */
void csi_cli_tell(const char *format, ...) COSEND_PRINTF(1, 2);

/* Print text on standard error, escaped but for its line ends, and free it. */
void csi_cli_show(struct csi_cli_text *text);

/*
 * Print text on standard output, and free it.
 *
 * Returns CSI_CLI_DONE, or CSI_CLI_IO after telling.
 */
int csi_cli_print(struct csi_cli_text *text);

/* ---- options.c ---------------------------------------------------------- */

/* What takes options. A bit each: an option says where it makes sense. */
enum csi_cli_where {
    CSI_CLI_RUN = 1, /* run, and one-liners */
    CSI_CLI_CHECK = 2,
    CSI_CLI_HELP = 4,
    CSI_CLI_ELSE = 8
};

enum csi_cli_stats { CSI_CLI_NO_STATS, CSI_CLI_TABLE, CSI_CLI_JSON };

/* A command line, taken apart. Strings are argv's, but for the names of
   parameters. */
struct csi_cli_command {
    const char **operands; /* the subcommand or the one-liner first */
    size_t operand_count;
    struct cosend_parameter *parameters;
    struct cosend_options options;
    enum csi_cli_stats stats;
    bool exit_status, results, expand, json, json_errors, help, version;
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

/* ---- spec.c: from the command line to a pipeline ------------------------ */

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

/* Print what ended a run. */
void csi_cli_tell_error(const struct cosend_error *error, bool json);

/* The exit status for an error's kind. */
int csi_cli_status_of(int kind);

/* ---- signals.c ---------------------------------------------------------- */

/* Let signals act on a pipeline: the first SIGINT, SIGTERM or SIGHUP stops it,
   SIGUSR1 makes it say where it is. */
void csi_cli_signals_begin(struct cosend_pipeline *pipeline);

/* The pipeline has ended: signals kill from now on. Returns the one that
   stopped the pipeline, or 0. */
int csi_cli_signals_end(void);

/* Put back what begin found; but SIGUSR1, which comes when it comes, does not
   kill a run that is over. */
void csi_cli_signals_restore(void);

/* Die of a signal. Returns 128 + number where that is not to be. */
int csi_cli_die(int number);

/* ---- report.c: what a run says about itself ----------------------------- */

void csi_cli_report_ledger(const struct cosend_pipeline *pipeline, bool json);
void csi_cli_report_results(const struct cosend_pipeline *pipeline);
void csi_cli_report_rejects(const struct cosend_pipeline *pipeline);

/* Whether any record reached an output. */
bool csi_cli_wrote_records(const struct cosend_pipeline *pipeline);

/* ---- The subcommands: one file each; they return the exit status -------- */

int csi_cli_run(struct csi_cli_command *command);
int csi_cli_line(struct csi_cli_command *command);
int csi_cli_check(struct csi_cli_command *command);
int csi_cli_list(struct csi_cli_command *command);
int csi_cli_help(struct csi_cli_command *command);
void csi_cli_help_json(struct csi_cli_text *text);

/* What an option of a filter takes: "field", "end|each", "number". */
void csi_cli_option_type(struct csi_cli_text *text,
                         const struct cosend_option *option);

/* In how many threads a filter may run: "one", "any", "merged". */
const char *csi_cli_threads(const struct cosend_filter *filter);

#endif
