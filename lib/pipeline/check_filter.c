/* SPDX-License-Identifier: MIT */
/*
 * What is checked, on what, and with which options: a step after the other,
 * each over inputs of each format that have the fields which its options name.
 * How it runs is filter_ways.c's, what its row says filter_claims.c's; what is
 * found is told by findings.c.
 */
#include "cosend/check_filter.h"

#include "base/base.h"
#include "base/sized.h"
#include "base/text.h"
#include "endpoint/callback.h"
#include "pipeline/filter_claims.h"
#include "pipeline/filter_memory.h"
#include "pipeline/filter_row.h"
#include "pipeline/filter_ways.h"
#include "pipeline/option_spec.h"
#include "pipeline/pipeline.h"
#include "spec/registry.h"
#include "spec/step_keys.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { FEW = 24, MANY = 500, SITES = 2000, COLUMNS = 40 };

/* The check at work. */
struct checking {
    struct cosend_filter_check asked;
    struct csi_findings findings;
    const struct cosend_filter *filter;
    const char *spec; /* of the pipeline with the step as it is now */
    const char *columns[COLUMNS];
    size_t column_count;
    bool brief;
    bool ran;      /* over at least one input, */
    char why[256]; /* or why not */
    struct cosend_error *error;
};

/* ---- One input ----------------------------------------------------------- */

static void run_whole(struct checking *all, const struct csi_trial_input *input,
                      struct csi_trial_result *result)
{
    struct csi_trial trial = {
        .spec = all->spec, .input = input, .count = input->count};

    csi_tell_trial(&all->findings, input, "one push");
    csi_trial_run(&trial, result);
}

/* An input that the step cannot be run over: columns that it does not have, or
   a file. */
static bool is_unfit(const struct csi_trial_result *result)
{
    switch (result->error.kind) {
    case COSEND_E_COLUMN:
    case COSEND_E_INPUT:
    case COSEND_E_SPEC:
    case COSEND_E_USAGE:
        return true;
    default:
        return false;
    }
}

static int check_input(struct checking *all,
                       const struct csi_trial_input *input,
                       const struct csi_trial_result *none)
{
    struct csi_trial_result whole;
    int status;

    run_whole(all, input, &whole);
    status = csi_filter_ways(&all->findings, all->spec, input, &whole,
                             all->brief, all->error);
    if (status == COSEND_OK)
        csi_filter_claims(&all->findings, all->spec, all->filter, input, &whole,
                          none, all->brief);
    if (status == COSEND_OK && !all->brief && input->count == FEW &&
        !all->asked.keep_allocator)
        csi_filter_memory(&all->findings, all->spec, input, &whole, SITES);
    csi_trial_result_free(&whole);
    return status;
}

/* ---- The inputs ---------------------------------------------------------- */

struct made {
    size_t count;
    bool torn, brief;
};

static int check_made(struct checking *all, int format, const struct made *made,
                      const struct csi_trial_result *none)
{
    struct csi_trial_input input;
    int status;

    if (csi_trial_input_make(&input, format, all->columns, all->column_count,
                             made->count, made->torn))
        status = check_input(all, &input, none);
    else
        status = csi_no_memory(all->error);
    csi_trial_input_free(&input);
    return status;
}

/* Whether the step can run over inputs of the format; *none is what came of one
   without records. */
static bool fits(struct checking *all, int format,
                 struct csi_trial_result *none)
{
    struct csi_trial_input input;
    struct csi_trial_result few = {.opened = false};
    bool fit = false;

    if (csi_trial_input_make(&input, format, all->columns, all->column_count,
                             FEW, false)) {
        run_whole(all, &input, &few);
        input.count = 0;
        run_whole(all, &input, none);
        fit = !is_unfit(&few);
        if (!fit)
            snprintf(all->why, sizeof(all->why), "%.255s", few.error.message);
    }
    csi_trial_result_free(&few);
    csi_trial_input_free(&input);
    return fit;
}

static int check_format(struct checking *all, int format)
{
    static const struct made inputs[] = {{0, false, false},
                                         {1, false, false},
                                         {FEW, false, true},
                                         {FEW + 1, true, false},
                                         {MANY, false, true}};
    struct csi_trial_result none = {.opened = false};
    int status = COSEND_OK;

    if (fits(all, format, &none)) {
        all->ran = true;
        for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
            if (status == COSEND_OK && (inputs[i].brief || !all->brief))
                status = check_made(all, format, &inputs[i], &none);
    }
    csi_trial_result_free(&none);
    return status;
}

static int check_given(struct checking *all)
{
    const struct cosend_filter_check *asked = &all->asked;
    struct csi_trial_result none = {.opened = false};
    struct csi_trial_input input;
    int status = COSEND_E_MEMORY;

    if (csi_trial_input_take(&input, asked->input_format, asked->input,
                             asked->input_length)) {
        size_t count = input.count;

        input.count = 0;
        run_whole(all, &input, &none);
        input.count = count;
        all->ran = true;
        status = check_input(all, &input, &none);
    } else {
        csi_no_memory(all->error);
    }
    csi_trial_result_free(&none);
    csi_trial_input_free(&input);
    return status;
}

/* ---- The step ------------------------------------------------------------ */

static void add_column_name(struct checking *all, const char *name)
{
    for (size_t i = 0; i < all->column_count; i++)
        if (strcmp(all->columns[i], name) == 0)
            return;
    if (all->column_count < COLUMNS)
        all->columns[all->column_count++] = name;
}

static void add_plan_fields(struct checking *all, const struct csi_plan *plan)
{
    all->column_count = 0;
    for (uint32_t i = 0; i < plan->node_count; i++)
        for (uint32_t j = 0; j < plan->nodes[i].field_count; j++) {
            const struct csi_field_name *field = &plan->nodes[i].fields[j];

            if (field->name && !field->pattern)
                add_column_name(all, field->name);
        }
    add_column_name(all, "alpha");
    add_column_name(all, "beta");
    if (all->column_count < 3)
        add_column_name(all, "gamma");
}

/* Whether it would write to somebody's files or screen: then it is not run. */
static bool has_output(const struct csi_plan *plan)
{
    for (uint32_t i = 0; i < plan->node_count; i++)
        if (plan->nodes[i].filter->role == COSEND_SINK &&
            plan->nodes[i].filter != &csi_callback_sink)
            return true;
    return false;
}

static int ignore_record(const struct cosend_record *record, void *context)
{
    (void)record;
    (void)context;
    return COSEND_OK;
}

/* With the pipeline that the step makes at hand: its fields' names are its. */
static int check_with(struct checking *all, const struct csi_plan *plan)
{
    int status = COSEND_OK;

    if (has_output(plan)) {
        snprintf(all->why, sizeof(all->why),
                 "it has an output of its own, which would be written");
        return COSEND_OK;
    }
    add_plan_fields(all, plan);
    for (int format = COSEND_FORMAT_TEXT; format <= COSEND_FORMAT_JSONL;
         format++)
        if (status == COSEND_OK && format != COSEND_FORMAT_TSV)
            status = check_format(all, format);
    if (status == COSEND_OK && all->asked.input && !all->brief)
        status = check_given(all);
    return status;
}

/* The step, whose spec ends in a NUL; error is for what is wrong with it. */
static int check_spec(struct checking *all, const char *spec,
                      struct cosend_error *error)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .quiet = true,
                                     .no_environment = true,
                                     .record = ignore_record};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_json(spec, strlen(spec), &options, error);
    char shown[300];
    int status;

    if (!pipeline)
        return COSEND_E_SPEC;
    /* Behind {"cosend": 1, "steps": [, and before ]}. */
    snprintf(shown, sizeof(shown), "%.*s", (int)(strlen(spec) - 26), spec + 24);
    all->spec = spec;
    all->findings.stage = shown;
    status = check_with(all, pipeline->plan);
    all->findings.stage = all->filter->name;
    cosend_pipeline_free(pipeline);
    return status;
}

/* ---- Which steps --------------------------------------------------------- */

/* The stages of a line. */
struct stages {
    const struct cosend_filter *filter; /* of these alone */
    struct csi_text options; /* of each, as JSON, and a NUL; empty: none */
    size_t count, others;
    bool failed;
};

static void take_stage(int role, const char *name, const char *options,
                       void *context)
{
    struct stages *stages = context;
    const char *text = options ? options : "";

    if (role == COSEND_SOURCE || !stages->filter ||
        !csi_filter_is_called(stages->filter, name)) {
        stages->others++;
        return;
    }
    stages->count++;
    stages->failed |= !csi_text_add(&stages->options, text, strlen(text) + 1);
}

/* A step as a spec has it. */
static int check_step(struct checking *all, const char *step,
                      struct cosend_error *error)
{
    struct csi_text spec = {0};
    int status = COSEND_E_MEMORY;

    if (csi_text_string(&spec, "{\"cosend\": 1, \"steps\": [") &&
        csi_text_string(&spec, step) && csi_text_string(&spec, "]}") &&
        csi_text_add(&spec, "", 1))
        status = check_spec(all, spec.data, error);
    csi_text_free(&spec);
    return status == COSEND_E_MEMORY ? csi_no_memory(error) : status;
}

static int check_stage(struct checking *all, const char *options,
                       struct cosend_error *error)
{
    struct csi_text step = {0};
    int status = COSEND_E_MEMORY;

    if (csi_text_string(&step, "{\"") &&
        csi_text_string(&step, all->filter->name) &&
        csi_text_string(&step, "\": ") &&
        csi_text_string(&step, *options ? options : "{}") &&
        csi_text_string(&step, "}") && csi_text_add(&step, "", 1))
        status = check_step(all, step.data, error);
    csi_text_free(&step);
    return status == COSEND_E_MEMORY ? csi_no_memory(error) : status;
}

/* As the row's example has it. */
static int check_example(struct checking *all)
{
    struct stages stages = {.filter = all->filter};
    struct cosend_error error = {0};
    const char *options;
    int status = COSEND_OK;

    if (!all->filter->example)
        return COSEND_OK;
    if (cosend_line_calls(all->filter->example, NULL, take_stage, &stages,
                          &error) < 0)
        csi_find(&all->findings, CSI_RULE_EXAMPLE,
                 "its example, %.200s, is not a pipeline: %s",
                 all->filter->example, error.message);
    else if (!stages.count)
        csi_find(&all->findings, CSI_RULE_EXAMPLE,
                 "its example, %.200s, does not have it", all->filter->example);
    options = stages.options.data;
    for (size_t i = 0; i < stages.count && !error.kind; i++) {
        status = stages.failed ? csi_no_memory(all->error)
                               : check_stage(all, options, &error);
        if (status != COSEND_E_SPEC && status < 0)
            break;
        options += strlen(options) + 1;
        status = COSEND_OK;
    }
    if (error.kind == COSEND_E_SPEC)
        csi_find(&all->findings, CSI_RULE_EXAMPLE,
                 "its example, %.200s, is not accepted: %s",
                 all->filter->example, error.message);
    csi_text_free(&stages.options);
    return status;
}

/* With each option's example, in short. */
static int check_options(struct checking *all)
{
    struct csi_text spec = {0};
    struct cosend_option option;
    int status = COSEND_OK;

    all->brief = true;
    for (size_t i = 0; status == COSEND_OK &&
                       cosend_option_at(all->filter->options, i, &option);
         i++)
        if (csi_option_spec(all->filter, &option, &spec))
            status = check_spec(all, spec.data, NULL);
    all->brief = false;
    csi_text_free(&spec);
    return status == COSEND_E_SPEC ? COSEND_OK : status;
}

static void check_published(struct checking *all)
{
    if (all->findings.merging && !all->findings.published)
        csi_find(&all->findings, CSI_RULE_MERGES,
                 "the row says COSEND_MERGES, and the body never published a "
                 "state: cosend_publish, before the first receive");
}

static int check_name_alone(struct checking *all)
{
    struct cosend_error ignored = {0};
    int status = check_stage(all, "", &ignored);

    if (status == COSEND_OK || status == COSEND_E_SPEC)
        status = check_example(all);
    if (status == COSEND_OK)
        status = check_options(all);
    if (status == COSEND_OK && !all->ran)
        csi_find(&all->findings, CSI_RULE_EXAMPLE,
                 "nothing of it could be run, as its examples stand: %s. Check "
                 "it with options of your own",
                 *all->why ? all->why : ignored.message);
    check_published(all);
    return status;
}

/* With options as JSON, or a step as it is; with neither by the name alone. */
static int check_all(struct checking *all, const char *options,
                     const char *step)
{
    int status;

    all->findings.stage = all->filter->name;
    csi_filter_row(&all->findings, all->filter);
    if (!options && !step)
        return check_name_alone(all);
    status = step ? check_step(all, step, all->error)
                  : check_stage(all, options, all->error);
    if (status == COSEND_OK && !all->ran)
        return cosend_error_set(all->error, COSEND_E_USAGE,
                                "it could not be run: %s", all->why);
    check_published(all);
    return status;
}

/* A line that is one stage. */
static int check_line(struct checking *all)
{
    struct stages stages = {.filter = all->filter};
    int status = cosend_line_calls(all->asked.stage, NULL, take_stage, &stages,
                                   all->error);

    if (status == COSEND_OK && stages.failed)
        status = csi_no_memory(all->error);
    else if (status == COSEND_OK && (stages.count != 1 || stages.others))
        status = cosend_error_set(all->error, COSEND_E_USAGE,
                                  "\"%.200s\" is not one filter alone",
                                  all->asked.stage);
    if (status == COSEND_OK)
        status = check_all(all, stages.options.data, NULL);
    csi_text_free(&stages.options);
    return status;
}

/* The filter's name in a step as a spec has it; "" where it is none. */
static void step_name(const char *stage, char *name, size_t room)
{
    json_t *step = json_loads(stage, 0, NULL), *value;
    const char *key;

    *name = '\0';
    json_object_foreach(step, key, value)
    {
        if (!csi_step_is_key(key))
            snprintf(name, room, "%s", key);
    }
    json_decref(step);
}

/* Which filter a line, or a step, begins with; of no other than these it is
   known how they are to be tried. */
static int find_filter(struct checking *all)
{
    const char *line = all->asked.stage;
    size_t length = line ? strcspn(line, " |") : 0;
    char name[64], step[sizeof(name) + 1];

    if (length && *line == '{') {
        step_name(line, step, sizeof(step));
        line = step;
        length = strlen(step);
    }
    if (!length || length >= sizeof(name))
        return cosend_error_set(all->error, COSEND_E_USAGE,
                                "which filter? Its name, \"top 3 size\", or, "
                                "as in a spec, {\"top\": {\"by\": \"size\"}}");
    memcpy(name, line, length);
    name[length] = '\0';
    all->filter = cosend_find_filter(name);
    if (all->filter && all->filter->role == COSEND_FILTER)
        return COSEND_OK;
    return cosend_error_set(
        all->error, COSEND_E_USAGE,
        all->filter ? "%s is a source or a sink; filters can be checked"
                    : "there is no filter \"%s\": register it before",
        name);
}

int cosend_check_filter(const struct cosend_filter_check *check,
                        struct cosend_error *error)
{
    struct cosend_error own = {0};
    struct checking all = {.error = error ? error : &own};
    int status = CSI_TAKE(cosend_filter_check, &all.asked, check, error);

    if (status == COSEND_OK)
        status = find_filter(&all);
    if (status < 0)
        return status;
    all.findings.check = &all.asked;
    if (*all.asked.stage == '{')
        status = check_all(&all, NULL, all.asked.stage);
    else if (strpbrk(all.asked.stage, " |"))
        status = check_line(&all);
    else
        status = check_all(&all, NULL, NULL);
    return status < 0 ? status : all.findings.count;
}
