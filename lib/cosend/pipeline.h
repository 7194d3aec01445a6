/* SPDX-License-Identifier: MIT */
/*
 * The host program's half: make a pipeline from JSON, from one line or call by
 * call; run it over files, or push bytes and records into it; take records
 * out; read what each stage returned, and the ledger.
 *
 * A pipeline is used by one thread at a time, whichever that is: a call while
 * another thread is in one that drives it is COSEND_E_THREAD and changes
 * nothing. What one thread wrote must be seen by the next, as a mutex or a join
 * has it. Two pipelines in two threads share nothing.
 */
#ifndef COSEND_PIPELINE_H
#define COSEND_PIPELINE_H

#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/record.h"
#include "cosend/stage.h"
#include "cosend/taker.h"

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
 * Returns COSEND_OK; COSEND_E_USAGE where the row is of another ABI or not
 * complete, or a name or alias is taken or is a subcommand's; COSEND_E_MEMORY.
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

/*
 * What a pipeline is made with, beside its spec. Sized: set `size`, and all
 * else zero is fine. It is copied; what it points at is borrowed and must
 * outlive the pipeline, but for `taker`, which is copied too.
 *
 * The callbacks are called on the stack of whoever drives the pipeline, never
 * on a coroutine's, before the call that drives it returns. They may use other
 * pipelines, and read this one's ledger; a call that drives this one is refused
 * (COSEND_E_USAGE), and cosend_pipeline_free frees it when the driving call
 * returns: no callback is called any more from then on. No C++ exception and no
 * longjmp may leave them. What they are handed lives until they return.
 */
struct cosend_options {
    size_t size;      /* sizeof(struct cosend_options) */
    const char *name; /* of the spec, in problems; NULL: "<spec>" */
    const struct cosend_parameter *parameters;
    size_t parameter_count;
    bool no_environment; /* params do not look at their env */
    int input_format;    /* enum cosend_format_name: over the spec's */
    int output_format;
    int output_numbers; /* enum cosend_json_numbers, of that output_format */
    const char *output_template; /* of output_format template */
    const char *output_path;     /* over the spec's `to`; not with record */
    const char *rejects_path;
    const char *const *files; /* what `input` reads; not with push */
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
    /*
     * Take out the records that reach the end, instead of `to`, one by one; of
     * `record`, `taker` and `output_path` one may be set. Its answer is
     * COSEND_OK; COSEND_DONE where that was the last one that is wanted: the
     * pipeline ends as behind `head`, and push returns COSEND_DONE; or an error
     * (< 0, the host's own are COSEND_E_USER and less), which push, run and
     * finish return. A snapshot's records are none of its.
     */
    int (*record)(const struct cosend_record *record, void *context);
    void *context;
    /* Over those options of the spec's source; NULL: not. */
    const char *since, *until, *time_field, *tz;
    uint64_t skip_records; /* the first so many of each file are dropped */
    /* The same by batches: cosend/taker.h. `context` is its own. */
    const struct cosend_taker *taker;
    /*
     * Take the rejected records, each when its block of input is over, in the
     * order of the input; they are not told as warnings then. With rejects_path
     * they are written there, too. What is not COSEND_OK ends the run: with
     * that error, if it is one (< 0), else with COSEND_E_USAGE.
     */
    int (*reject)(const struct cosend_reject *reject, void *context);
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

/* A step, with what one in a JSON spec may have beside its options. Sized. */
struct cosend_step {
    size_t size;         /* sizeof(struct cosend_step) */
    const char *filter;  /* its name */
    const char *options; /* JSON: all of them, or the main one's value; NULL */
    const char *id;      /* for the ledger, results and rejects; NULL: made of
                            the filter's name */
    int on_error;        /* enum cosend_on_error */
};

/*
 * Call by call: begin, add steps, and the first open or run checks it. Strings
 * are copied. What add is handed is the step's filter and options.
 *
 * add and add_step return COSEND_OK; COSEND_E_SPEC where the JSON is not any;
 * COSEND_E_USAGE where the pipeline is complete, there is no filter's name, or
 * the step's size is none; or COSEND_E_MEMORY. A pipeline that lacks what one
 * of these calls was to add is not opened: open says the first error of theirs.
 */
COSEND_API struct cosend_pipeline *
cosend_pipeline_new(const struct cosend_options *options,
                    struct cosend_error *error);
COSEND_API int cosend_pipeline_add(struct cosend_pipeline *pipeline,
                                   const char *filter, const char *options,
                                   struct cosend_error *error);
COSEND_API int cosend_pipeline_add_step(struct cosend_pipeline *pipeline,
                                        const struct cosend_step *step,
                                        struct cosend_error *error);
/* What such a pipeline reads from, instead of `input` without options; the
   outcomes are those of add. The last call counts. */
COSEND_API int cosend_pipeline_set_source(struct cosend_pipeline *pipeline,
                                          const char *source,
                                          const char *options,
                                          struct cosend_error *error);
/*
 * A parameter of such a pipeline, for ${name} in its steps' options: `declared`
 * is what a spec has of it under "params", as {"type": "int", "default": 10};
 * NULL is a string that must be given. Its value is that of
 * cosend_options.parameters, else of its environment variable, else its
 * default. The outcomes are those of add; of two of a name the pipeline is
 * refused when it is checked.
 */
COSEND_API int cosend_pipeline_add_parameter(struct cosend_pipeline *pipeline,
                                             const char *name,
                                             const char *declared,
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

/* Close what is open, as after an error, and free everything, from whichever
   thread; in a callback of its own, when the call that drives it returns, which
   then is COSEND_E_ABORTED, with no error set. While another thread drives it
   nothing is freed. NULL is fine. */
COSEND_API void cosend_pipeline_free(struct cosend_pipeline *pipeline);

/* The canonical form (`check --expand`): a string that the caller frees with
   cosend_release_text; NULL without memory, or with only_check. */
COSEND_API char *cosend_pipeline_expand(const struct cosend_pipeline *pipeline);
COSEND_API void cosend_release_text(char *text);

/* ---- Run ----------------------------------------------------------------- */

/*
 * The calls that drive a pipeline, all of this part but request, come from one
 * thread at a time (COSEND_E_THREAD), and not from the pipeline's own callbacks
 * (COSEND_E_USAGE).
 *
 * Run the pipeline from its source to the end. An input that cannot be read, or
 * not to its end, is named by a warning; the others are read, all is printed,
 * and then the first such error is what is returned.
 *
 * Returns COSEND_OK; COSEND_DONE where the only sink's reader is gone (a
 * closed pipe behind stdout); or an error: COSEND_E_COLUMN, COSEND_E_DATA,
 * COSEND_E_INPUT, COSEND_E_OUTPUT, COSEND_E_LEDGER, COSEND_E_MEMORY, a
 * filter's own, or a callback's.
 */
COSEND_API int cosend_pipeline_run(struct cosend_pipeline *pipeline,
                                   struct cosend_error *error);

/*
 * The same a part at a time, for a host that has a loop of its own or hands out
 * records as somebody asks for them: each call has the source read on until it
 * has sent about a batch, and waits where the input does, until a signal's
 * handler has returned. What is left half-way is freed as it is, or ended by
 * finish.
 *
 * Returns COSEND_YIELD where it is to be called again; else the run is over,
 * and this is what run returns.
 */
COSEND_API int cosend_pipeline_next(struct cosend_pipeline *pipeline,
                                    struct cosend_error *error);

/*
 * Or drive it: open (sinks first), push any number of times, finish. Bytes are
 * in the input format, cut where you like; what starts as compressed data do is
 * refused (COSEND_E_INPUT), as nothing is unpacked here. They are copied, and
 * go through the pipeline as soon as they are worth it: the first at once, and
 * the more were pushed the more are gathered, up to 32 KiB. So flush where no
 * more come for a while. push returns COSEND_DONE when nothing downstream wants
 * more; finish must be called all the same. After an error each of them returns
 * that error again.
 */
COSEND_API int cosend_pipeline_open(struct cosend_pipeline *pipeline,
                                    struct cosend_error *error);
COSEND_API int cosend_pipeline_push(struct cosend_pipeline *pipeline,
                                    const char *data, size_t length,
                                    struct cosend_error *error);
/* A record, by columns: the same names in the same order in every call, and
   numbers, booleans and nested values that are such in JSON, without line ends,
   and no bytes and no file before it; else COSEND_E_USAGE, and nothing was
   pushed. */
COSEND_API int cosend_pipeline_push_record(struct cosend_pipeline *pipeline,
                                           const char *const *names,
                                           const struct cosend_cell *cells,
                                           size_t count,
                                           struct cosend_error *error);
/*
 * What is pushed from now on is of another file: it has a header of its own,
 * where the format has one, its lines and offsets begin anew, and rejects have
 * its name, which is copied. offset is how many bytes of it are left out before
 * what is pushed first; lines are counted only from 0. The file before is over
 * then, as by end_file: a last line without an end is a record, a quote that is
 * open a reject. Bytes that are pushed before any begin_file are of "push".
 *
 * Both return what push does; COSEND_E_USAGE where records were pushed, where
 * there is no name, and, from end_file, where no file has begun.
 */
COSEND_API int cosend_pipeline_begin_file(struct cosend_pipeline *pipeline,
                                          const char *name, uint64_t offset,
                                          struct cosend_error *error);
COSEND_API int cosend_pipeline_end_file(struct cosend_pipeline *pipeline,
                                        struct cosend_error *error);
/* Send what is pending down to the sinks, and have them write it. What is not a
   whole record yet stays. */
COSEND_API int cosend_pipeline_flush(struct cosend_pipeline *pipeline,
                                     struct cosend_error *error);
COSEND_API int cosend_pipeline_finish(struct cosend_pipeline *pipeline,
                                      struct cosend_error *error);

/* How far a pipeline is that is pushed into. Sized. */
struct cosend_position {
    size_t size;    /* sizeof(struct cosend_position) */
    uint64_t files; /* that have begun */
    uint64_t taken; /* the offset in the file at hand behind what was pushed */
    /* The offset up to which all is done: each record that begins before it
       went through all steps, and, where the sinks' outputs are no regular
       files, was handed to the system; those of `held` apart. It moves with
       flush, end_file and finish, but not where these find that no more is
       wanted: where the host's program or the machine stops it can begin there
       anew, and nothing is lost. */
    uint64_t done;
    uint64_t held; /* records that steps hold back by then, as `multiline` or
                      `sort` does: 0 if done is to be relied on */
};

/*
 * Returns COSEND_OK, also when it is finished; COSEND_E_USAGE where it is not
 * open, or for a size that is none.
 */
COSEND_API int cosend_pipeline_position(const struct cosend_pipeline *pipeline,
                                        struct cosend_position *position);

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
 * The bytes end with a checksum (XXH3-64), by which any that were damaged are
 * refused before one of them is used: give merge all that save wrote, from the
 * first to the last, and nothing behind it. It is no signature: merge takes
 * what somebody else made, if it makes sense.
 *
 * Merge returns COSEND_OK; COSEND_E_USAGE where it is not open; COSEND_E_TYPE
 * for bytes that are damaged, cut short or have others behind them, are of
 * another version of the library, are not of these steps with these options, or
 * are of other columns; COSEND_E_COLUMN where the other's columns, as they
 * become this one's, lack one that a step names; and COSEND_E_MEMORY: after
 * these three whatever drives the pipeline returns that error, too.
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
   skipped + rejected + unread + held. Sized. */
struct cosend_ledger {
    size_t size; /* sizeof(struct cosend_ledger) */
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
};

/* Step i's ledger, whose size the caller has set; before a run all counts are
   0. The source is step 0. False behind the last step, and for a size that is
   none. The strings live as long as the pipeline. */
COSEND_API bool cosend_pipeline_ledger(const struct cosend_pipeline *pipeline,
                                       size_t i, struct cosend_ledger *ledger);
/* That of the step of an id, as `check --expand` shows it. False where there is
   none. */
COSEND_API bool
cosend_pipeline_ledger_of(const struct cosend_pipeline *pipeline,
                          const char *id, struct cosend_ledger *ledger);
/* Whether it balances. In a callback, with a batch on its way, it may not. */
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
/* The value of that name that the step of an id returned. False where there is
   none. It lives as long as the pipeline. */
COSEND_API bool
cosend_pipeline_result_of(const struct cosend_pipeline *pipeline,
                          const char *id, const char *name,
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
