/* SPDX-License-Identifier: MIT */
/*
 * A table is read by a pipeline of its own, of a source and a callback, inside
 * the step that asks for it: so it has all that sources can do, and no other
 * reader is needed. It runs in the step's thread, on the step's stack.
 */
#include "endpoint/callback.h"
#include "pipeline/pipeline.h"
#include "spec/spec.h"

#include <string.h>

/* What the pipeline's callbacks get. */
struct table {
    const struct cosend_read_options *options;
    int (*each)(const struct cosend_record *record, void *context);
    void *context;
    int status; /* of `each`: COSEND_OK, or the first error */
};

static int table_body(struct cosend_stage *self, void *unused)
{
    const struct table *table = csi_stage_of(self)->shared->options->context;

    (void)unused;
    return cosend_read(self, table->options);
}

static const struct cosend_option table_option_rows[] = {{.name = NULL}};

static const struct cosend_filter table_source = {
    .name = "table",
    .role = COSEND_SOURCE,
    .summary = "a table that a step reads",
    .options = table_option_rows,
    .body = table_body};

static void take_record(const struct cosend_record *record, void *context)
{
    struct table *table = context;

    if (table->status == COSEND_OK)
        table->status = table->each(record, table->context);
}

/* A pipeline that reads the table; NULL with error set. */
static struct cosend_pipeline *new_reader(struct table *table,
                                          struct cosend_error *error)
{
    static const char spec[] = "{\"cosend\":1,\"steps\":[]}";
    static const struct csi_ends ends = {&table_source, &csi_callback_sink};
    struct cosend_options options = {.on_error = COSEND_ON_ERROR_FAIL,
                                     .quiet = true,
                                     .push = true,
                                     .record = take_record,
                                     .context = table};
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&options, error);

    if (!pipeline)
        return NULL;
    pipeline->plan = csi_plan_from_json(spec, sizeof(spec) - 1,
                                        &pipeline->options, &ends, error);
    pipeline->options.push = false; /* it has a source */
    if (pipeline->plan)
        return pipeline;
    cosend_pipeline_free(pipeline);
    return NULL;
}

static int fail_for(struct cosend_stage *self, const struct cosend_error *error)
{
    if (error->line && error->source[0])
        return cosend_fail(self, error->kind, "%s:%llu: %s", error->source,
                           (unsigned long long)error->line, error->message);
    return cosend_fail(self, error->kind, "%s", error->message);
}

int cosend_read_table(struct cosend_stage *self,
                      const struct cosend_read_options *options,
                      int (*each)(const struct cosend_record *record,
                                  void *context),
                      void *context)
{
    struct table table = {.options = options, .each = each, .context = context};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    if (csi_stage_of(self)->out_schema)
        return cosend_fail(self, COSEND_E_USAGE,
                           "it reads a table after its first receive or emit");
    if (!options->paths.count || options->follow)
        return cosend_fail(self, COSEND_E_USAGE,
                           options->follow ? "a table cannot be followed"
                                           : "a table has no file");
    pipeline = new_reader(&table, &error);
    if (pipeline)
        cosend_pipeline_run(pipeline, &error);
    cosend_pipeline_free(pipeline);
    if (error.kind)
        return fail_for(self, &error);
    if (table.status != COSEND_OK)
        return cosend_fail(self, table.status,
                           "a table's record was not taken");
    return COSEND_OK;
}
