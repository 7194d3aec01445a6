/* SPDX-License-Identifier: MIT */
/* The host program's half: making, running and pushing pipelines. */
#include "pipeline/pipeline.h"

#include "base/sized.h"
#include "endpoint/callback.h"
#include "endpoint/push.h"
#include "pipeline/host_options.h"
#include "spec/expand.h"
#include "spec/spec.h"

#include <jansson.h>
#include <string.h>

static const struct csi_ends ends = {&csi_push_source, &csi_callback_sink};

/* ---- Making -------------------------------------------------------------- */

/* What the host gave becomes the pipeline's own. COSEND_OK or an error. */
static int take_options(struct cosend_pipeline *pipeline,
                        const struct cosend_options *options,
                        struct cosend_error *error)
{
    struct cosend_options *own = &pipeline->options;
    int status = csi_host_options_take(options, own, error);

    if (status != COSEND_OK || !own->taker)
        return status;
    status = csi_host_taker_take(own->taker, &pipeline->taker, error);
    own->taker = &pipeline->taker;
    return status;
}

static struct cosend_pipeline *
new_pipeline(const struct cosend_options *options, struct cosend_error *error)
{
    struct cosend_pipeline *pipeline = csi_calloc(1, sizeof(*pipeline));

    if (!pipeline) {
        csi_no_memory(error);
        return NULL;
    }
    if (take_options(pipeline, options, error) == COSEND_OK)
        pipeline->io = cosend_io_new(error);
    if (pipeline->io)
        return pipeline;
    csi_pipeline_release(pipeline);
    return NULL;
}

static struct cosend_pipeline *with_plan(struct cosend_pipeline *pipeline,
                                         struct csi_plan *plan)
{
    pipeline->plan = plan;
    if (plan)
        return pipeline;
    csi_pipeline_release(pipeline);
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

/* `"name":value` */
static bool put_member(struct csi_text *text, const char *name,
                       const char *value)
{
    return csi_text_json(text, name, strlen(name)) &&
           csi_text_string(text, ":") && csi_text_string(text, value);
}

/* `,"name":"value"`, unless there is no value. */
static bool put_string(struct csi_text *text, const char *name,
                       const char *value)
{
    return !value || (csi_text_string(text, ",") &&
                      csi_text_json(text, name, strlen(name)) &&
                      csi_text_string(text, ":") &&
                      csi_text_json(text, value, strlen(value)));
}

static const char *const on_error_names[] = {[COSEND_ON_ERROR_REJECT] =
                                                 "reject",
                                             [COSEND_ON_ERROR_SKIP] = "skip",
                                             [COSEND_ON_ERROR_FAIL] = "fail"};

/* `{"grep": options, "id": "g", "on_error": "skip"}` */
static bool put_step(struct csi_text *text, const struct cosend_step *step)
{
    return csi_text_string(text, "{") &&
           put_member(text, step->filter,
                      step->options ? step->options : "{}") &&
           put_string(text, "id", step->id) &&
           put_string(text, "on_error", on_error_names[step->on_error]) &&
           csi_text_string(text, "}");
}

/* Whether a call may come that says what the pipeline is, of something by that
   name, with that JSON, which may be NULL: COSEND_OK, or an error. */
static int check_call(const struct cosend_pipeline *pipeline, const char *what,
                      const char *name, const char *json,
                      struct cosend_error *error)
{
    json_error_t wrong;
    json_t *parsed;

    if (csi_host_string_check(name, what, error) < 0)
        return COSEND_E_USAGE;
    if (!pipeline->by_calls || pipeline->plan)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline is complete already");
    if (!json)
        return COSEND_OK;
    parsed = json_loads(json, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &wrong);
    if (!parsed)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "the options of %s are not JSON: %s", name,
                                wrong.text);
    json_decref(parsed);
    return COSEND_OK;
}

/* Without what a call meant to add it is not what the host thinks: it is not
   opened. The first one is told. */
static int keep_refusal(struct cosend_pipeline *pipeline, int status,
                        const struct cosend_error *why,
                        struct cosend_error *error)
{
    if (status == COSEND_OK)
        return status;
    if (!pipeline->plan && !pipeline->lacks) {
        pipeline->refused = *why;
        pipeline->lacks = true;
    }
    if (error && !error->kind)
        *error = *why;
    return status;
}

static int add_step(struct cosend_pipeline *pipeline,
                    const struct cosend_step *step, struct cosend_error *error)
{
    struct csi_text *steps = &pipeline->steps;
    struct cosend_step own;
    int status = CSI_TAKE(cosend_step, &own, step, error);

    if (status == COSEND_OK)
        status = check_call(pipeline, "the filter's name", own.filter,
                            own.options, error);
    if (status != COSEND_OK)
        return status;
    if (own.on_error < COSEND_ON_ERROR_DEFAULT ||
        own.on_error > COSEND_ON_ERROR_FAIL)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "struct cosend_step: on_error is %d, which is "
                                "no enum cosend_on_error",
                                own.on_error);
    if (!csi_text_string(steps, steps->length ? "," : "") ||
        !put_step(steps, &own))
        return csi_no_memory(error);
    return COSEND_OK;
}

int cosend_pipeline_add_step(struct cosend_pipeline *pipeline,
                             const struct cosend_step *step,
                             struct cosend_error *error)
{
    struct cosend_error why = {0};
    int status = add_step(pipeline, step, &why);

    return keep_refusal(pipeline, status, &why, error);
}

int cosend_pipeline_add(struct cosend_pipeline *pipeline, const char *filter,
                        const char *options, struct cosend_error *error)
{
    struct cosend_step step = {
        .size = sizeof(step), .filter = filter, .options = options};

    return cosend_pipeline_add_step(pipeline, &step, error);
}

static int set_source(struct cosend_pipeline *pipeline, const char *source,
                      const char *options, struct cosend_error *error)
{
    struct csi_text *from = &pipeline->from;
    struct cosend_step step = {.filter = source, .options = options};
    int status =
        check_call(pipeline, "the source's name", source, options, error);

    if (status < 0)
        return status;
    from->length = 0;
    if (!csi_text_string(from, "\"from\":") || !put_step(from, &step) ||
        !csi_text_string(from, ","))
        return csi_no_memory(error);
    return COSEND_OK;
}

int cosend_pipeline_set_source(struct cosend_pipeline *pipeline,
                               const char *source, const char *options,
                               struct cosend_error *error)
{
    struct cosend_error why = {0};
    int status = set_source(pipeline, source, options, &why);

    return keep_refusal(pipeline, status, &why, error);
}

static int add_parameter(struct cosend_pipeline *pipeline, const char *name,
                         const char *declared, struct cosend_error *error)
{
    struct csi_text *params = &pipeline->params;
    int status =
        check_call(pipeline, "the parameter's name", name, declared, error);

    if (status < 0)
        return status;
    if (!csi_text_string(params, params->length ? "," : "\"params\":{") ||
        !put_member(params, name,
                    declared ? declared : "{\"type\":\"string\"}"))
        return csi_no_memory(error);
    return COSEND_OK;
}

int cosend_pipeline_add_parameter(struct cosend_pipeline *pipeline,
                                  const char *name, const char *declared,
                                  struct cosend_error *error)
{
    struct cosend_error why = {0};
    int status = add_parameter(pipeline, name, declared, &why);

    return keep_refusal(pipeline, status, &why, error);
}

/* The spec that the calls have said. */
static bool put_spec(struct csi_text *spec,
                     const struct cosend_pipeline *pipeline)
{
    const struct csi_text *params = &pipeline->params;

    return csi_text_string(spec, "{\"cosend\":1,") &&
           csi_text_add(spec, params->data, params->length) &&
           csi_text_string(spec, params->length ? "}," : "") &&
           csi_text_add(spec, pipeline->from.data, pipeline->from.length) &&
           csi_text_string(spec, "\"steps\":[") &&
           csi_text_add(spec, pipeline->steps.data, pipeline->steps.length) &&
           csi_text_string(spec, "]}");
}

static int give_refusal(const struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    if (error && !error->kind)
        *error = pipeline->refused;
    return pipeline->refused.kind;
}

int csi_pipeline_refuse_closed(const struct cosend_pipeline *pipeline,
                               struct cosend_error *error)
{
    if (!pipeline->run && pipeline->refused.kind)
        return give_refusal(pipeline, error);
    return cosend_error_set(error, COSEND_E_USAGE,
                            pipeline->finished ? "the pipeline is finished"
                                               : "the pipeline is not open");
}

int csi_pipeline_complete(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    struct csi_text spec = {0};

    if (pipeline->plan)
        return COSEND_OK;
    if (pipeline->lacks)
        return give_refusal(pipeline, error);
    if (put_spec(&spec, pipeline))
        pipeline->plan = csi_plan_from_json(spec.data, spec.length,
                                            &pipeline->options, &ends, error);
    else
        csi_no_memory(error);
    csi_text_free(&spec);
    return pipeline->plan ? COSEND_OK : error ? error->kind : COSEND_E_SPEC;
}

void csi_pipeline_release(struct cosend_pipeline *pipeline)
{
    csi_run_free(pipeline->run);
    csi_plan_free(pipeline->plan);
    csi_text_free(&pipeline->params);
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
