/* SPDX-License-Identifier: MIT */
#include "endpoint/sink.h"

#include "cosend/source.h"
#include "endpoint/given_error.h"
#include "endpoint/header.h"
#include "endpoint/paint.h"
#include "format/write.h"
#include "io/output.h"
#include "io/path.h"
#include "run/run.h"
#include "run/screen.h"

#include <stdio.h>
#include <string.h>

void csi_sink_close(struct csi_sink *sink)
{
    if (sink->writer)
        sink->writer->ops->free(sink->writer);
    sink->writer = NULL;
    csi_paint_free(sink->paint);
    sink->paint = NULL;
}

static int put_bytes(void *context, const char *data, size_t length,
                     struct cosend_error *error)
{
    return cosend_output_write(context, data, length, error);
}

/* ---- On a terminal that is watched --------------------------------------- */

/* Records of the run itself, and not of a snapshot. */
static int put_behind_screen(void *context, const char *data, size_t length,
                             struct cosend_error *error)
{
    struct csi_sink *sink = context;
    int status = csi_screen_leave(sink->stage->shared->screen, error);

    if (status != COSEND_OK)
        return status;
    return sink->paint ? csi_paint_put(sink->paint, data, length, error)
                       : cosend_output_write(sink->output, data, length, error);
}

static int put_on_screen(void *context, const char *data, size_t length,
                         struct cosend_error *error)
{
    return csi_screen_add(context, data, length, error);
}

/* Have the writer put what it makes where it belongs. */
static void aim_writer(struct csi_sink *sink)
{
    struct csi_shared *shared = sink->stage->shared;

    if (!sink->on_screen && sink->paint) {
        sink->writer->put = csi_paint_put;
        sink->writer->context = sink->paint;
    } else if (!sink->on_screen) {
        sink->writer->put = put_bytes;
        sink->writer->context = sink->output;
    } else if (shared->scratch) {
        sink->writer->put = put_on_screen;
        sink->writer->context = shared->screen;
    } else {
        sink->writer->put = put_behind_screen;
        sink->writer->context = sink;
    }
}

static void free_screen(void *argument)
{
    struct csi_shared *shared = argument;

    csi_screen_free(shared->screen);
    shared->screen = NULL;
}

/* Standard output is a screen on which snapshots are drawn over one another.
   False without memory. */
static bool watch(struct csi_sink *sink)
{
    struct csi_shared *shared = sink->stage->shared;

    if (!shared->options->watch || !cosend_output_is_tty(sink->output) ||
        !cosend_terminal_moves() || (shared->scratch && !shared->screen))
        return true;
    sink->on_screen = true;
    if (shared->screen)
        return true;
    shared->screen = csi_screen_new(sink->output);
    return shared->screen &&
           cosend_stage_defer(&sink->stage->face, free_screen, shared);
}

static bool is_sink(struct csi_stage *stage)
{
    if (stage->node->filter->role == COSEND_SINK)
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE, "only a sink has outputs");
    return false;
}

bool cosend_leave_output(struct cosend_stage *self,
                         struct cosend_output *output)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_stage_given(stage, output, "output"))
        return false;
    if (is_sink(stage))
        return csi_outputs_add(&csi_run_of(stage)->outputs, stage, output);
    cosend_output_free(output);
    return false;
}

/* ---- The output ---------------------------------------------------------- */

bool csi_sink_goes_to_stdout(const struct cosend_write_options *options)
{
    return options->path.length ? csi_path_is_stdout(options->path.data)
                                : options->descriptor == 1;
}

int csi_sink_open(struct csi_sink *sink, struct cosend_error *error)
{
    const struct cosend_write_options *options = sink->options;
    struct csi_stage *stage = sink->stage;
    const char *path = sink->path ? sink->path : options->path.data;
    int status;

    if (options->path.length &&
        strlen(options->path.data) != options->path.length)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "a path ends at a NUL: \"%s\"",
                                options->path.data);
    if (options->path.length)
        status = cosend_output_open(stage->shared->io, path,
                                    options->append ? COSEND_OUTPUT_APPEND
                                                    : COSEND_OUTPUT_ATOMIC,
                                    &sink->output, error);
    else
        status = cosend_output_descriptor(
            stage->shared->io, options->descriptor,
            options->descriptor == 2 ? "stderr" : "stdout", &sink->output,
            error);
    if (status < 0)
        return status;
    if (sink->path)
        csi_output_leave_sync(sink->output);
    /* The run decides what becomes of the output, when it has ended. */
    if (!cosend_leave_output(&stage->face, sink->output)) {
        sink->output = NULL;
        return COSEND_E_MEMORY;
    }
    if (!sink->path && csi_sink_goes_to_stdout(options))
        cosend_io_watch(stage->shared->io,
                        cosend_output_watchable(sink->output));
    if (!sink->path && csi_sink_goes_to_stdout(options) && !watch(sink))
        return csi_no_memory(error);
    return COSEND_OK;
}

/* ---- The writer ---------------------------------------------------------- */

/* The format asked for, else the path's, else the input's; columns that were
   made from text are CSV. */
static enum cosend_format_name choose_format(const struct csi_sink *sink,
                                             const struct cosend_schema *schema)
{
    const struct csi_format *by_path = NULL;

    if (sink->options->format.name != COSEND_FORMAT_AUTO)
        return (enum cosend_format_name)sink->options->format.name;
    if (sink->options->format.text)
        return COSEND_FORMAT_TEMPLATE;
    if (sink->options->path.length)
        by_path = csi_format_by_path(sink->options->path.data);
    if (by_path)
        return by_path->number;
    if (schema->text)
        return COSEND_FORMAT_TEXT;
    if (schema->format >= COSEND_FORMAT_TSV &&
        schema->format != COSEND_FORMAT_COLUMNS &&
        schema->format != COSEND_FORMAT_NIDX)
        return (enum cosend_format_name)schema->format;
    return COSEND_FORMAT_CSV;
}

/* Who names a file so expects that format of it; lines of text may have it. */
static void warn_of_name(const struct csi_sink *sink)
{
    const struct csi_shared *shared = sink->stage->shared;
    const char *path = sink->options->path.data, *name;

    if (shared->options->quiet || shared->scratch || sink->path ||
        sink->options->format.name != COSEND_FORMAT_AUTO ||
        !sink->options->path.length ||
        sink->format.name == COSEND_FORMAT_TEXT ||
        sink->format.name == COSEND_FORMAT_TEMPLATE ||
        !csi_format_is_of_others(path))
        return;
    name = cosend_format_names[sink->format.name];
    csi_shared_warn(sink->stage->shared,
                    "%.200s: it is written as %s, and not as its name says; "
                    "-t %s, or format=%s, says that this is meant",
                    path, name, name, name);
}

static int make_writer(struct csi_sink *sink, struct cosend_schema *schema,
                       struct cosend_error *error)
{
    const struct csi_format *format =
        csi_format_get(choose_format(sink, schema));

    if (!format->writer)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%s is a format for input only",
                                cosend_format_names[format->number]);
    sink->format = sink->options->format;
    sink->format.name = (int)format->number;
    sink->format.headless = !sink->options->format.header.first_record &&
                            !sink->options->format.header.names.count;
    if (sink->options->format.name == COSEND_FORMAT_AUTO &&
        csi_writer_check(&sink->format, sink->format.name, error) != COSEND_OK)
        return error->kind;
    sink->writer = format->writer(&sink->format, error);
    if (!sink->writer)
        return error->kind;
    warn_of_name(sink);
    sink->output->nul = sink->format.name == COSEND_FORMAT_TEXT &&
                        (sink->format.nul || schema->nul);
    if (sink->stage->shared->options->color && !sink->path &&
        csi_sink_goes_to_stdout(sink->options)) {
        sink->paint =
            csi_paint_new(sink->stage, sink->format.name, sink->output);
        if (!sink->paint)
            return csi_no_memory(error);
    }
    aim_writer(sink);
    sink->writer->escape = cosend_output_is_tty(sink->output);
    sink->writer->width = sink->format.width
                              ? (size_t)sink->format.width
                              : cosend_output_width(sink->output);
    return COSEND_OK;
}

static int put_header(void *context, const char *data, size_t length,
                      struct cosend_error *error)
{
    return csi_text_add(context, data, length) ? COSEND_OK
                                               : csi_no_memory(error);
}

static bool has_names(const struct csi_sink *sink)
{
    return sink->format.name == COSEND_FORMAT_CSV ||
           sink->format.name == COSEND_FORMAT_TSV ||
           sink->format.name == COSEND_FORMAT_COLUMNS;
}

/* The names that the header option gives are those that the file has. */
static int compare_given(struct csi_sink *sink,
                         const struct cosend_schema *columns,
                         struct cosend_error *error)
{
    const struct cosend_strings *names = &sink->format.header.names;
    size_t same = 0;

    while (same < names->count && same < columns->count &&
           names->items[same].length == columns->columns[same].length &&
           memcmp(names->items[same].data, columns->columns[same].name,
                  names->items[same].length) == 0)
        same++;
    if (same == names->count && same == columns->count)
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_OUTPUT,
                            "%.200s: the names of header are not those that it "
                            "has: append to another file, or say header=false",
                            cosend_output_name(sink->output));
}

/* Records that name their fields themselves get the columns that the file
   has. */
static int begin_open_behind(struct csi_sink *sink, const char *start,
                             size_t length, struct cosend_error *error)
{
    struct csi_writer *writer = sink->writer;
    struct cosend_schema *columns = NULL;
    int status = COSEND_OK;

    if (start && !sink->format.headless)
        status = csi_header_columns(&sink->format,
                                    (struct cosend_string){start, length},
                                    &columns, error);
    writer->behind = true;
    if (columns && sink->format.header.names.count)
        status = compare_given(sink, columns, error);
    else
        writer->columns = columns;
    if (status == COSEND_OK)
        status = writer->ops->begin(writer, sink->stage->schema, error);
    csi_schema_unref(columns);
    return status;
}

/* Behind what the file holds no header and no BOM is written. */
static int begin_behind(struct csi_sink *sink, const char *start, size_t length,
                        struct cosend_error *error)
{
    struct csi_writer *writer = sink->writer;
    struct csi_text header = {0};
    int status;

    if (sink->format.name == COSEND_FORMAT_JSON)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%s: nothing can be appended to a JSON array, "
                                "which is closed; format=jsonl can be",
                                cosend_output_name(sink->output));
    if (sink->format.name == COSEND_FORMAT_MARKDOWN &&
        sink->stage->schema->open)
        return cosend_error_set(
            error, COSEND_E_USAGE,
            "%s: whether the records have the columns of the table that it is "
            "is not known; a step `select` before, with their names, says so",
            cosend_output_name(sink->output));
    sink->format.bom = false;
    if (sink->stage->schema->open && has_names(sink)) {
        status = begin_open_behind(sink, start, length, error);
    } else {
        writer->put = put_header;
        writer->context = &header;
        status = writer->ops->begin(writer, sink->stage->schema, error);
        writer->behind = true;
        writer->put = put_bytes;
        writer->context = sink->output;
    }
    if (!start)
        csi_shared_warn(sink->stage->shared,
                        "%s: it may not be read: whether it has the same "
                        "columns, and its last line an end, is not known",
                        cosend_output_name(sink->output));
    else if (status == COSEND_OK && header.length &&
             (has_names(sink) || sink->format.name == COSEND_FORMAT_MARKDOWN))
        status = csi_header_compare(
            &sink->format, cosend_output_name(sink->output),
            (struct cosend_string){start, length},
            (struct cosend_string){header.data, header.length}, error);
    csi_text_free(&header);
    return status;
}

/* The header, as soon as it is known what it is. */
static int begin_writing(struct csi_sink *sink, struct cosend_error *error)
{
    struct cosend_schema *schema = sink->stage->schema;
    const char *start;
    size_t length;
    int status = COSEND_OK;

    if (!schema || schema->unknown)
        return COSEND_OK;
    if (!sink->writer)
        status = make_writer(sink, schema, error);
    if (status != COSEND_OK || sink->writer->began)
        return status;
    sink->writer->began = true;
    if (cosend_output_appends(sink->output, &start, &length))
        return begin_behind(sink, start, length, error);
    return sink->writer->ops->begin(sink->writer, schema, error);
}

/* Of an input of nothing nobody knows the columns; an array of none is an array
   all the same. */
static int end_array(struct csi_sink *sink, struct cosend_error *error)
{
    static struct cosend_schema none;
    const char *start;
    size_t length;
    int status;

    if (sink->writer || choose_format(sink, &none) != COSEND_FORMAT_JSON)
        return COSEND_OK;
    status = make_writer(sink, &none, error);
    if (status != COSEND_OK ||
        !cosend_output_appends(sink->output, &start, &length))
        return status;
    return begin_behind(sink, start, length, error);
}

int csi_sink_flush(struct csi_sink *sink, bool last, struct cosend_error *error)
{
    /* A header by itself waits for the end, so that a snapshot's comes first.
     */
    int status = last ? begin_writing(sink, error) : COSEND_OK;

    if (status == COSEND_OK && last)
        status = end_array(sink, error);
    if (status == COSEND_OK && sink->writer)
        status = sink->writer->ops->flush(sink->writer, last, error);
    if (status == COSEND_OK && last && sink->on_screen &&
        sink->stage->shared->scratch)
        status = csi_screen_draw(sink->stage->shared->screen, error);
    if (status == COSEND_OK)
        status = csi_paint_flush(sink->paint, error);
    if (status == COSEND_OK)
        status = cosend_output_flush(sink->output, error);
    return status;
}

static void reject(struct csi_sink *sink, uint32_t position,
                   const struct cosend_error *error)
{
    struct cosend_record record = cosend_record_at(
        &sink->stage->face,
        sink->positions ? sink->positions[position] : position);

    cosend_bad(&sink->stage->face, &record, sink->writer->bad_kind, "%s",
               error->message);
}

/* The first records were written: others are as well written by other threads,
   where each is by itself. */
static void share_encoding(struct csi_sink *sink)
{
    int format = sink->format.name;
    struct cosend_schema *columns = sink->writer->columns;
    bool needs_columns =
        sink->stage->schema->open && csi_format_is_of_cells(format);

    if (!sink->writer->records || sink->stage->encodes ||
        sink->writer->escape || sink->paint || format >= COSEND_FORMAT_TABLE ||
        (needs_columns && !columns))
        return;
    sink->stage->encoding = (struct csi_encoding){
        .format = csi_format_get((enum cosend_format_name)format),
        .options = sink->format,
        .open = !needs_columns || columns,
        .columns = columns ? csi_schema_ref(columns) : NULL};
    atomic_store_explicit(&sink->stage->encodes, true, memory_order_release);
}

static int write_encoded(struct csi_sink *sink,
                         const struct csi_encoded *encoded,
                         struct cosend_error *error)
{
    sink->writer->records += encoded->records;
    sink->writer->replaced += encoded->replaced;
    return cosend_output_write(sink->output, encoded->data, encoded->length,
                               error);
}

int csi_sink_write(struct csi_sink *sink, const struct cosend_batch *batch,
                   struct cosend_error *error)
{
    uint32_t at = 0;
    int status = begin_writing(sink, error);

    if (status == COSEND_OK && batch->encoded)
        return write_encoded(sink, batch->encoded, error);
    if (status == COSEND_OK)
        sink->writer->map = sink->stage->face.map;
    while (status == COSEND_OK && at < batch->count) {
        status = sink->writer->ops->write(sink->writer, batch, &at, error);
        if (status != COSEND_E_DATA)
            continue;
        reject(sink, at++, error);
        memset(error, 0, sizeof(*error));
        status =
            sink->stage->end == COSEND_END_FAILED ? COSEND_E_DATA : COSEND_OK;
    }
    if (status == COSEND_OK && !sink->path)
        share_encoding(sink);
    return status;
}

/* What keeps bytes apart that JSON cannot hold. An output that the command line
   names has no options there: a last step with them takes its place. */
static const char *advice(const struct csi_stage *stage, char *text,
                          size_t room)
{
    const struct cosend_options *options = stage->shared->options;
    bool is_output = stage->index == stage->shared->plan->output;
    const char *instead = options->output_path     ? "-o"
                          : options->output_format ? "-t"
                                                   : NULL;

    if (is_output && instead)
        snprintf(text, room,
                 "instead of %s a last step `%s format=jsonl "
                 "invalid_utf8=escape`, or =reject,",
                 options->output_format && options->output_path ? "-o and -t"
                                                                : instead,
                 options->output_path ? "file PATH" : "stdout");
    else
        snprintf(text, room, "%s invalid_utf8=escape, or reject,",
                 stage->node->filter->name);
    return text;
}

/* Bytes that the format cannot say are told of once, at the end. */
void csi_sink_warn_replaced(struct csi_stage *stage, uint64_t replaced)
{
    char text[128];

    if (!replaced)
        return;
    stage->replaced = replaced;
    if (stage->shared->options->quiet)
        return;
    csi_shared_warn(
        stage->shared,
        "%s: %llu record%s with bytes that are no UTF-8: JSON has "
        "U+FFFD in their place, and what differed may be the same; %s "
        "keeps them apart",
        stage->node->id, (unsigned long long)stage->replaced,
        stage->replaced == 1 ? "" : "s", advice(stage, text, sizeof(text)));
}

/* No reader takes blank lines for the records that they stand for. */
void csi_sink_warn_blank(const struct csi_sink *sink)
{
    const struct csi_stage *stage = sink->stage;
    unsigned long long blank = sink->writer ? sink->writer->blank : 0;

    if (blank && !stage->shared->options->quiet)
        csi_shared_warn(stage->shared,
                        "step %s: %llu record%s of no field: a blank line "
                        "stands for each, which readers pass over; json and "
                        "jsonl can hold them",
                        stage->node->id, blank, blank == 1 ? "" : "s");
}

/* ---- The end ------------------------------------------------------------- */

/* A reader that is gone ends this branch only; so does an error where it may
   be skipped, but the run tells of it. */
int cosend_give_up(struct cosend_stage *self, int status,
                   const struct cosend_error *error)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_error own;

    if (!is_sink(stage))
        return COSEND_E_USAGE;
    if (status == COSEND_DONE) {
        csi_outputs_gone(&csi_run_of(stage)->outputs, stage);
        return COSEND_OK;
    }
    if (status >= 0 || stage->end == COSEND_END_FAILED)
        return status < 0 ? status : COSEND_OK;
    if (!csi_stage_given(stage, error, "error"))
        return COSEND_E_USAGE;
    own = csi_given_error(error, status, "it cannot write");
    if ((status == COSEND_E_OUTPUT || status == COSEND_E_ABORTED) &&
        csi_outputs_may_lose(stage, status)) {
        csi_outputs_lose(&csi_run_of(stage)->outputs, stage, status, &own);
        return COSEND_OK;
    }
    return csi_stage_fail(stage, &own);
}
