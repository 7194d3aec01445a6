/* SPDX-License-Identifier: MIT */
/* The host program's half: making, running and pushing pipelines. */
#include "pipeline/pipeline.h"

#include "endpoint/callback.h"
#include "endpoint/push.h"
#include "pipeline/host_options.h"
#include "spec/expand.h"
#include "spec/spec.h"

#include <jansson.h>
#include <string.h>

static const struct csi_ends ends = {&csi_push_source, &csi_callback_sink};

/* ---- Making -------------------------------------------------------------- */

static struct cosend_pipeline *
new_pipeline(const struct cosend_options *options, struct cosend_error *error)
{
    struct cosend_pipeline *pipeline;

    if (csi_host_options_check(options, error) < 0)
        return NULL;
    pipeline = csi_calloc(1, sizeof(*pipeline));
    if (!pipeline) {
        csi_no_memory(error);
        return NULL;
    }
    if (options)
        pipeline->options = *options;
    pipeline->io = cosend_io_new(error);
    if (!pipeline->io) {
        cosend_pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

static struct cosend_pipeline *with_plan(struct cosend_pipeline *pipeline,
                                         struct csi_plan *plan)
{
    pipeline->plan = plan;
    if (plan)
        return pipeline;
    cosend_pipeline_free(pipeline);
    return NULL;
}

struct cosend_pipeline *
cosend_pipeline_from_json(const char *text, size_t length,
                          const struct cosend_options *options,
                          struct cosend_error *error)
{
    struct cosend_pipeline *pipeline = new_pipeline(options, error);

    if (!pipeline)
        return NULL;
    return with_plan(
        pipeline,
        csi_plan_from_json(text, length, &pipeline->options, &ends, error));
}

struct cosend_pipeline *
cosend_pipeline_from_line(const char *text,
                          const struct cosend_options *options,
                          struct cosend_error *error)
{
    struct cosend_pipeline *pipeline;

    if (csi_host_string_check(text, "the line", error) < 0)
        return NULL;
    pipeline = new_pipeline(options, error);
    if (!pipeline)
        return NULL;
    return with_plan(
        pipeline, csi_plan_from_line(text, &pipeline->options, &ends, error));
}

struct cosend_pipeline *
cosend_pipeline_new(const struct cosend_options *options,
                    struct cosend_error *error)
{
    struct cosend_pipeline *pipeline = new_pipeline(options, error);

    if (pipeline)
        pipeline->by_calls = true;
    return pipeline;
}

/* `{"grep": options}` */
static bool add_step(struct csi_text *text, const char *filter,
                     const char *options)
{
    return csi_text_string(text, "{") &&
           csi_text_json(text, filter, strlen(filter)) &&
           csi_text_string(text, ":") && csi_text_string(text, options) &&
           csi_text_string(text, "}");
}

/* Whether a call that says what the pipeline is may come, with these options:
   COSEND_OK, or an error. */
static int check_call(const struct cosend_pipeline *pipeline,
                      const char *filter, const char *options,
                      struct cosend_error *error)
{
    json_error_t wrong;
    json_t *parsed;

    if (csi_host_string_check(filter, "the filter's name", error) < 0)
        return COSEND_E_USAGE;
    if (!pipeline->by_calls || pipeline->plan)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline is complete already");
    parsed =
        json_loads(options, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &wrong);
    if (!parsed)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "the options of %s are not JSON: %s", filter,
                                wrong.text);
    json_decref(parsed);
    return COSEND_OK;
}

int cosend_pipeline_add(struct cosend_pipeline *pipeline, const char *filter,
                        const char *options, struct cosend_error *error)
{
    struct csi_text *steps = &pipeline->steps;
    int outcome;

    if (!options)
        options = "{}";
    outcome = check_call(pipeline, filter, options, error);
    if (outcome < 0)
        return outcome;
    if (!csi_text_string(steps, steps->length ? "," : "") ||
        !add_step(steps, filter, options))
        return csi_no_memory(error);
    return COSEND_OK;
}

int cosend_pipeline_set_source(struct cosend_pipeline *pipeline,
                               const char *source, const char *options,
                               struct cosend_error *error)
{
    struct csi_text *from = &pipeline->from;
    int outcome;

    if (!options)
        options = "{}";
    outcome = check_call(pipeline, source, options, error);
    if (outcome < 0)
        return outcome;
    from->length = 0;
    if (!csi_text_string(from, "\"from\":") ||
        !add_step(from, source, options) || !csi_text_string(from, ","))
        return csi_no_memory(error);
    return COSEND_OK;
}

/* The spec that the calls have said. */
static bool add_spec(struct csi_text *spec,
                     const struct cosend_pipeline *pipeline)
{
    return csi_text_string(spec, "{\"cosend\":1,") &&
           csi_text_add(spec, pipeline->from.data, pipeline->from.length) &&
           csi_text_string(spec, "\"steps\":[") &&
           csi_text_add(spec, pipeline->steps.data, pipeline->steps.length) &&
           csi_text_string(spec, "]}");
}

int csi_pipeline_complete(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    struct csi_text spec = {0};

    if (pipeline->plan)
        return COSEND_OK;
    if (add_spec(&spec, pipeline))
        pipeline->plan = csi_plan_from_json(spec.data, spec.length,
                                            &pipeline->options, &ends, error);
    else
        csi_no_memory(error);
    csi_text_free(&spec);
    return pipeline->plan ? COSEND_OK : error ? error->kind : COSEND_E_SPEC;
}

void cosend_pipeline_free(struct cosend_pipeline *pipeline)
{
    if (!pipeline)
        return;
    csi_run_free(pipeline->run);
    csi_plan_free(pipeline->plan);
    csi_text_free(&pipeline->from);
    csi_text_free(&pipeline->steps);
    cosend_io_free(pipeline->io);
    csi_free(pipeline);
}

char *cosend_pipeline_expand(const struct cosend_pipeline *pipeline)
{
    const struct csi_plan *plan = pipeline->plan;

    return plan && !plan->only_check ? csi_plan_expand(plan) : NULL;
}

void cosend_release_text(char *text)
{
    csi_free(text);
}
