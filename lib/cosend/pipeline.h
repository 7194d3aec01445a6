/* SPDX-License-Identifier: MIT */
/*
 * The host program's half: make a pipeline from JSON, from one line or call by
 * call; run it over files, or push bytes and records into it; take records
 * out; read what each stage returned, and the ledger.
 *
 * A pipeline belongs to the thread that opened it, until that has ended; then
 * it can be another's. Any thread may free one that no other is using. Two
 * pipelines in two threads share nothing.
 */
#ifndef COSEND_PIPELINE_H
#define COSEND_PIPELINE_H

#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/record.h"
#include "cosend/stage.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_pipeline;

/* ---- Filters ------------------------------------------------------------- */

/* The built-in filters, sources and sinks; the array ends with NULL. */
COSEND_API const struct cosend_filter *const *cosend_builtin_filters(void);

/*
 * Make a filter of one's own known to every pipeline of the process that is
 * made from now on. The row must stay. Not thread-safe: register at the start.
 *
 * Returns COSEND_OK; COSEND_E_USAGE where a name or alias is taken or is a
 * subcommand's, or the row is not complete; COSEND_E_MEMORY.
 */
COSEND_API int cosend_register(const struct cosend_filter *filter,
                               struct cosend_error *error);

/* The filter of that name or alias, built-in or registered; or NULL. */
COSEND_API const struct cosend_filter *cosend_find_filter(const char *name);

/* What does here what other programs call so, for people: text that begins with
   a filter in backquotes. NULL where that is not known. */
COSEND_API const char *cosend_name_here(const char *name);

/* Filter i, by name, for lists; NULL behind the last. */
COSEND_API const struct cosend_filter *cosend_filter_at(size_t i);

/* ---- Make ---------------------------------------------------------------- */

/* A parameter given from outside: `-p name=value`. */
struct cosend_parameter {
    const char *name;
    const char *value;
};

enum cosend_on_error {
    COSEND_ON_ERROR_DEFAULT = 0,
    COSEND_ON_ERROR_REJECT,
    COSEND_ON_ERROR_SKIP,
    COSEND_ON_ERROR_FAIL
};

/*
 * One problem of a spec. All of them are reported; text and path live until
 * the call returns.
 */
struct cosend_problem {
    const char *name;      /* the spec's file, or "<line>" */
    unsigned line, column; /* from 1; in characters */
    const char *path;      /* steps[2].where.op */
    const char *text;      /* with the way out */
};

/* No spec that a person meant is larger; a larger one is refused. */
enum { COSEND_SPEC_BYTES = 16 * 1024 * 1024 };

/* As many threads as there are processors to run on where regular files are
   read, and one where the input is live. */
#define COSEND_THREADS_AUTO UINT32_MAX

/* What a pipeline is made with, beside its spec. All zero is fine. The strings
   are borrowed and must outlive the pipeline. */
struct cosend_options {
    const char *name; /* of the spec, in problems; NULL: "<spec>" */
    const struct cosend_parameter *parameters;
    size_t parameter_count;
    bool no_environment; /* params do not look at their env */
    int input_format;    /* enum cosend_format_name: over the spec's */
    int output_format;
    int output_numbers; /* enum cosend_json_numbers, of that output_format */
    const char *output_template; /* of output_format template */
    const char *output_path;     /* over the spec's `to` */
    const char *rejects_path;
    const char *const *files; /* what `input` reads */
    size_t file_count;
    bool follow;
    /* Of a file that is there when it is followed only the last so many records
       are read, and what comes. They are found from its end, so that nobody
       knows their lines' numbers; of CSV, by going through it; of JSON values
       that are no lines all are read. */
    bool follow_last;
    bool tell_skipped; /* warn of that, where a step makes results of records */
    uint64_t last_records;
    /* Snapshots are asked for again and again: on a terminal each is drawn over
       the one before, and that there can be none is told once. */
    bool watch;
    bool color;          /* lines on standard output are painted for people */
    int on_error;        /* enum cosend_on_error, where a step has none */
    uint64_t max_errors; /* skipped and rejected together; 0: no limit, but: */
    bool limit_errors;   /* max_errors is meant, even where it is 0 */
    uint32_t batch_size; /* records; 0: the default */
    /* Threads that may work at once, this one included; 0: this one alone. They
       change no output. The callbacks below are called by this one only. */
    uint32_t threads;
    bool quiet;          /* no warnings, no count of rejects */
    bool allow_comments; /* .jsonc: comments and trailing commas */
    bool push;           /* the host pushes; `from` is not read */
    bool only_check;     /* parameters may lack values; it cannot be run */
    /* Called with each problem; NULL: only the first one, in error. */
    void (*problem)(const struct cosend_problem *problem, void *context);
    /* Called with each warning, a line without its end. */
    void (*warning)(const char *text, void *context);
    /* Take out the records that reach the end, instead of `to`. */
    void (*record)(const struct cosend_record *record, void *context);
    void *context;
    /* Over those options of the spec's source; NULL: not. */
    const char *since, *until, *time_field, *tz;
    uint64_t skip_records; /* the first so many of each file are dropped */
    uintptr_t reserved[3]; /* zero */
};

/*
 * Make a pipeline from a JSON spec; from one line (`grep ERROR | count`).
 * Everything is checked, nothing is opened.
 *
 * Returns NULL with COSEND_E_SPEC, COSEND_E_USAGE or COSEND_E_MEMORY in error.
 */
COSEND_API struct cosend_pipeline *
cosend_pipeline_from_json(const char *text, size_t length,
                          const struct cosend_options *options,
                          struct cosend_error *error);
COSEND_API struct cosend_pipeline *
cosend_pipeline_from_line(const char *text,
                          const struct cosend_options *options,
                          struct cosend_error *error);

/*
 * Call by call: begin, add steps, and the first open or run checks it. options
 * is the step's options as JSON, or its main option's value; NULL: none.
 *
 * add returns COSEND_OK, COSEND_E_SPEC where the JSON is not any, or
 * COSEND_E_MEMORY.
 */
COSEND_API struct cosend_pipeline *
cosend_pipeline_new(const struct cosend_options *options,
                    struct cosend_error *error);
COSEND_API int cosend_pipeline_add(struct cosend_pipeline *pipeline,
                                   const char *filter, const char *options,
                                   struct cosend_error *error);
/* What such a pipeline reads from, instead of `input` without options; the
   outcomes are those of add. The last call counts. */
COSEND_API int cosend_pipeline_set_source(struct cosend_pipeline *pipeline,
                                          const char *source,
                                          const char *options,
                                          struct cosend_error *error);

/*
 * The JSON spec that a one-line pipeline stands for, a step a line, of which
 * cosend_pipeline_from_json makes the same pipeline. The formats, output_path
 * and rejects_path of options are put into it; what else they say is no part of
 * a spec. Text that is no UTF-8 has no place in JSON.
 *
 * Returns a string that the caller frees with cosend_release_text; NULL as
 * cosend_pipeline_from_line does.
 */
COSEND_API char *cosend_line_to_json(const char *line,
                                     const struct cosend_options *options,
                                     struct cosend_error *error);

/*
 * The calls that make what a one-line pipeline says: `call` is called for each,
 * in order. role is COSEND_SOURCE, which only the first may be, for
 * cosend_pipeline_set_source; else cosend_pipeline_add is meant, of a filter or
 * a sink (enum cosend_role). The strings live until it returns.
 *
 * Returns COSEND_OK; or an error, as cosend_pipeline_from_line: before the
 * first call, but for COSEND_E_MEMORY.
 */
COSEND_API int
cosend_line_calls(const char *line, const struct cosend_options *options,
                  void (*call)(int role, const char *name, const char *options,
                               void *context),
                  void *context, struct cosend_error *error);

/* Close what is open, as after an error, and free everything. NULL is fine. */
COSEND_API void cosend_pipeline_free(struct cosend_pipeline *pipeline);

/* The canonical form (`check --expand`): a string that the caller frees with
   cosend_release_text; NULL without memory, or with only_check. */
COSEND_API char *cosend_pipeline_expand(const struct cosend_pipeline *pipeline);
COSEND_API void cosend_release_text(char *text);

/* ---- Run ----------------------------------------------------------------- */

/*
 * The calls that drive a pipeline, all of this part but request, may come from
 * one thread at a time, and not from its own callbacks: COSEND_E_USAGE then.
 * All callbacks are called on the stack of whoever drives it, between two
 * batches, or before the call returns.
 *
 * Run the pipeline from its source to the end. An input that cannot be read, or
 * not to its end, is named by a warning; the others are read, all is printed,
 * and then the first such error is what is returned.
 *
 * Returns COSEND_OK; COSEND_DONE where the only sink's reader is gone (a
 * closed pipe behind stdout); or an error: COSEND_E_COLUMN, COSEND_E_DATA,
 * COSEND_E_INPUT, COSEND_E_OUTPUT, COSEND_E_LEDGER, COSEND_E_MEMORY, or a
 * filter's own.
 */
COSEND_API int cosend_pipeline_run(struct cosend_pipeline *pipeline,
                                   struct cosend_error *error);

/*
 * Or drive it: open (sinks first), push any number of times, finish. Bytes are
 * in the input format; cut where you like. push returns COSEND_DONE when
 * nothing downstream wants more; finish must be called all the same. After an
 * error each of them returns that error again.
 */
COSEND_API int cosend_pipeline_open(struct cosend_pipeline *pipeline,
                                    struct cosend_error *error);
COSEND_API int cosend_pipeline_push(struct cosend_pipeline *pipeline,
                                    const char *data, size_t length,
                                    struct cosend_error *error);
/* A record, by columns: the same names in the same order in every call, and
   numbers, booleans and nested values that are such in JSON, without line ends;
   else COSEND_E_USAGE, and nothing was pushed. */
COSEND_API int cosend_pipeline_push_record(struct cosend_pipeline *pipeline,
                                           const char *const *names,
                                           const struct cosend_cell *cells,
                                           size_t count,
                                           struct cosend_error *error);
/* Send what is pending down to the sinks, and have them write it. */
COSEND_API int cosend_pipeline_flush(struct cosend_pipeline *pipeline,
                                     struct cosend_error *error);
COSEND_API int cosend_pipeline_finish(struct cosend_pipeline *pipeline,
                                      struct cosend_error *error);

enum cosend_request {
    COSEND_STOP = 1, /* end the input here; aggregates print what they have */
    COSEND_SNAPSHOT = 2, /* print what the run would print, had it ended here */
    COSEND_LEDGER = 4,   /* call the ledger hook */
    COSEND_GIVE_UP = 1 << 29 /* after a stop: wait for no output's reader */
};

/* Ask a running pipeline for something. Async-signal-safe, and safe from any
   thread. One that is pushed into does it with the next push or flush; once it
   was asked to stop, these return COSEND_DONE. */
COSEND_API void cosend_pipeline_request(struct cosend_pipeline *pipeline,
                                        int request);

/*
 * A number that is another whenever an output has written something, or is on
 * its way to the disk: whether a pipeline that was asked to stop is at it
 * still. Async-signal-safe.
 */
COSEND_API unsigned
cosend_pipeline_progress(const struct cosend_pipeline *pipeline);

/* Called, between two batches, after a snapshot and for COSEND_LEDGER. */
COSEND_API void cosend_pipeline_on_ledger(struct cosend_pipeline *pipeline,
                                          void (*hook)(struct cosend_pipeline *,
                                                       void *),
                                          void *context);

/*
 * What the filters have published so far, as bytes that mean the same on every
 * machine; and such bytes, saved by an open pipeline of the same steps, merged
 * into this one: what no order changes, counts and sums and the like, is then
 * as if one pipeline had been pushed all. What depends on the order (`tail`,
 * `first`, which group comes first) is as if the other's input came before this
 * one's where nothing was pushed into this one, or merged, before; else records
 * of both are taken in the order of their places, each in its own input. Where
 * nothing was pushed into it yet, its columns are those of the other from then
 * on. A ledger hook may save; no other callback may, and none may merge.
 *
 * Save returns COSEND_OK; COSEND_E_USAGE where it is not open, or has a step
 * with a state that cannot be saved (`head`, or a filter of one's own that
 * publishes nothing, unless its row says that it is stateless);
 * COSEND_E_MEMORY.
 *
 * Merge returns COSEND_OK; COSEND_E_USAGE where it is not open; COSEND_E_TYPE
 * for bytes that are not of these steps with these options, are of other
 * columns, or are damaged, and COSEND_E_MEMORY: after these two whatever drives
 * the pipeline returns that error, too.
 */
COSEND_API int cosend_pipeline_save(const struct cosend_pipeline *pipeline,
                                    struct cosend_bytes *to);
COSEND_API int cosend_pipeline_merge(struct cosend_pipeline *pipeline,
                                     struct cosend_reader_bytes *from);
/* Why the last save or merge was refused, naming the step; of no bytes where it
   was not. Lives until the next one. */
COSEND_API const char *
cosend_pipeline_refusal(const struct cosend_pipeline *pipeline);

/* ---- Afterwards ---------------------------------------------------------- */

/* One step's part of the ledger. in + created = out + dropped + absorbed +
   skipped + rejected + unread + held. */
struct cosend_ledger {
    const char *id;
    const char *filter;
    uint64_t in, created, out, dropped, absorbed, skipped, rejected, unread;
    uint64_t held;
    uint64_t bytes;    /* read by a source, written by a sink */
    uint64_t ns;       /* spent in the step itself, by all threads */
    const char *note;  /* how the step works, static; or NULL */
    uint64_t replaced; /* records written with U+FFFD for bytes of theirs */
    /* Of a source that several threads read for: how many ns of the run, up to
       its end, no second thread could have worked. 0: it was read by one. */
    uint64_t sequential;
    /* Of a source, which is told a span of time: bytes that were not read, as
       no line there is of it. */
    uint64_t passed_over;
    /* Of one of text: lines that have no time, and do not begin with a blank;
       of the span, or not, as the line before was. */
    uint64_t untimed_kept, untimed_dropped;
    /* The kind of all that were skipped and rejected ("no_match"), its first 31
       bytes; NULL: there are none, or of several kinds. It lives as long as the
       run. */
    const char *bad_kind;
    uintptr_t reserved[1]; /* zero */
};

/* Step i's ledger; before a run all counts are 0. The source is step 0. False
   behind the last step. */
COSEND_API bool cosend_pipeline_ledger(const struct cosend_pipeline *pipeline,
                                       size_t i, struct cosend_ledger *ledger);
COSEND_API bool
cosend_pipeline_balanced(const struct cosend_pipeline *pipeline);

/*
 * What step i returned: value j of it, by name.
 *
 * Returns false behind the last value.
 */
COSEND_API bool cosend_pipeline_result(const struct cosend_pipeline *pipeline,
                                       size_t i, size_t j, const char **name,
                                       struct cosend_cell *value);

/* Records skipped and rejected, of all steps. */
COSEND_API uint64_t
cosend_pipeline_errors(const struct cosend_pipeline *pipeline);

/* Whether some of them were found by steps above one that had enough before the
   input ended, as `head` has: these may read on for a while, so that how many
   they are depends on batches and threads. */
COSEND_API bool
cosend_pipeline_ended_early(const struct cosend_pipeline *pipeline);

/* Where rejects are written, as the options or the spec say; NULL where they
   are only counted. Lives as long as the pipeline. */
COSEND_API const char *
cosend_pipeline_rejects_path(const struct cosend_pipeline *pipeline);

/* Inputs that could not be read, and were named by a warning. */
COSEND_API uint64_t
cosend_pipeline_unreadable(const struct cosend_pipeline *pipeline);

/* ---- The command line ---------------------------------------------------- */

/*
 * The whole command line, the registered filters included. It may install
 * signal handlers, and has glibc's malloc keep what is freed; returns the exit
 * status.
 */
COSEND_API int cosend_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
