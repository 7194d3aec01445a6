/* SPDX-License-Identifier: MIT */
/*
 * A table is read by a run of its own, of a source and a sink, inside the step
 * that asks for it: so it has all that sources can do, and no other reader is
 * needed. It runs in the step's thread, on the step's stack. Its plan is made
 * here, since filters that have tables are what specs are made of.
 */
#include "cosend/tables.h"

#include "base/text.h"
#include "run/finish.h"
#include "run/pause.h"

#include <string.h>

/* What source and sink get. */
struct table {
    struct cosend_stage *step;
    const struct cosend_read_options *options;
    const struct cosend_table_reader *reader;
    struct csi_text warnings; /* each with a NUL behind it */
    int status;               /* of the reader: COSEND_OK, or the first error */
};

static struct table *table_of(struct cosend_stage *self)
{
    return csi_stage_of(self)->shared->options->context;
}

static int source_body(struct cosend_stage *self, void *unused)
{
    (void)unused;
    return cosend_read(self, table_of(self)->options);
}

static int sink_body(struct cosend_stage *self, void *unused)
{
    struct table *table = table_of(self);
    const struct cosend_table_reader *reader = table->reader;
    struct cosend_record record;
    bool more = cosend_receive(self, &record);

    (void)unused;
    if (cosend_ended(self) > COSEND_END_CLOSED)
        return COSEND_OK;
    if (reader->columns)
        table->status =
            reader->columns(cosend_input_schema(self), reader->context);
    for (; more && table->status == COSEND_OK;
         more = cosend_receive(self, &record))
        table->status = reader->each(&record, reader->context);
    return table->status;
}

static const struct cosend_filter table_source = {
    .abi = COSEND_ABI,
    .name = "table",
    .role = COSEND_SOURCE,
    .summary = "a table that a step reads",
    .body = source_body};

static const struct cosend_filter table_sink = {
    .abi = COSEND_ABI,
    .name = "reader",
    .role = COSEND_SINK,
    .summary = "what a step reads a table into",
    .body = sink_body};

static void take_warning(const char *text, void *context)
{
    struct table *table = context;

    csi_text_add(&table->warnings, text, strlen(text) + 1);
}

/* Of a table that was not read the error is told alone. */
static void pass_warnings(const struct table *table)
{
    const char *text = table->warnings.data;
    const char *end = text ? text + table->warnings.length : text;

    for (; text < end; text += strlen(text) + 1)
        csi_shared_warn(csi_stage_of(table->step)->shared, "%s", text);
}

/* Until the source has ended, or something has failed. */
static void drive_source(struct csi_run *run)
{
    struct csi_stage *source = csi_run_source(run);
    struct cosend_error error = {0};
    int status = csi_run_prime(run);

    csi_shared_clock(&run->shared, &source->counts);
    if (status >= 0)
        status = cosend_prime(source->coroutine, NULL, &error);
    while (status == COSEND_YIELD) {
        csi_deliveries_make(&run->deliveries, &run->shared);
        status = csi_run_pause(run);
        if (status >= 0)
            status = cosend_next(source->coroutine, NULL, &error);
    }
    if (status < 0 && !run->shared.error.kind)
        csi_shared_fail(&run->shared, &error, 0);
}

/* The run's error, if any, is *error. */
static void run_table(struct table *table, struct cosend_io *io,
                      struct cosend_error *error)
{
    struct csi_link link = {1, CSI_NOWHERE, 0};
    struct csi_node nodes[] = {
        {.filter = &table_source,
         .id = "table",
         .on_error = CSI_FAIL,
         .targets = &link,
         .target_count = 1},
        {.filter = &table_sink, .id = "reader", .on_error = CSI_FAIL}};
    const struct csi_plan plan = {
        .nodes = nodes, .node_count = 2, .reaches_output = true, .output = 1};
    const struct cosend_options options = {
        .quiet = csi_stage_of(table->step)->shared->options->quiet,
        .warning = take_warning,
        .context = table};
    struct csi_run *run = csi_run_new(&plan, &options, io, NULL, error);

    if (!run)
        return;
    drive_source(run);
    csi_run_finish(run);
    csi_deliveries_make(&run->deliveries, &run->shared);
    *error = run->shared.error;
    csi_run_free(run);
}

/* What `input` would be told, "; input ragged=pad | fills it up", the step that
   reads the table is told itself. */
static void turn_advice(char *message)
{
    char *advice = strstr(message, "input "), *pipe;

    if (!advice || !(pipe = strstr(advice, " | ")))
        return;
    memmove(pipe, pipe + 2, strlen(pipe + 2) + 1);
    memmove(advice, advice + strlen("input "),
            strlen(advice + strlen("input ")) + 1);
}

static int fail_for(struct cosend_stage *self, struct cosend_error *error)
{
    turn_advice(error->message);
    if (error->line && error->source[0])
        return cosend_fail(self, error->kind, "%s:%llu: %s", error->source,
                           (unsigned long long)error->line, error->message);
    return cosend_fail(self, error->kind, "%s", error->message);
}

int cosend_read_table(struct cosend_stage *self,
                      const struct cosend_read_options *options,
                      const struct cosend_table_reader *reader)
{
    struct table table = {.step = self, .options = options, .reader = reader};
    struct cosend_error error = {0};
    struct cosend_io *io;

    if (csi_stage_of(self)->out_schema)
        return cosend_fail(self, COSEND_E_USAGE,
                           "it reads a table after its first receive or emit");
    if (!csi_stage_given(csi_stage_of(self), options, "options to read by") ||
        !csi_stage_given(csi_stage_of(self),
                         reader && reader->each ? reader : NULL,
                         "function for each record of a table"))
        return COSEND_E_USAGE;
    if (!options->paths.count || options->follow)
        return cosend_fail(self, COSEND_E_USAGE,
                           options->follow ? "a table cannot be followed"
                                           : "a table has no file");
    io = cosend_io_new(&error);
    if (io)
        run_table(&table, io, &error);
    cosend_io_free(io);
    if (table.status == COSEND_OK && !error.kind)
        pass_warnings(&table);
    csi_text_free(&table.warnings);
    if (table.status != COSEND_OK)
        return cosend_fail(self, table.status,
                           "a table's record was not taken");
    return error.kind ? fail_for(self, &error) : COSEND_OK;
}
