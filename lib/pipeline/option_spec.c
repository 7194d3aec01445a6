/* SPDX-License-Identifier: MIT */
#include "pipeline/option_spec.h"

#include "cosend/pipeline.h"

#include <stdio.h>

/* A spec that is tried: further options are the bits of `others`, by their
   numbers. */
struct attempt {
    const struct cosend_filter *filter;
    const struct cosend_option *shown;
    struct cosend_option companion; /* without a name: none */
    uint64_t others;
    struct csi_text *spec;
};

static bool is_called(const struct cosend_option *option, const char *name)
{
    return strcmp(option->name, name) == 0;
}

/* The example an option has in it, or NULL where it is left out. */
static const char *example_of(const struct attempt *attempt, size_t i,
                              const struct cosend_option *option)
{
    if (attempt->companion.name && is_called(option, attempt->companion.name))
        return attempt->companion.example;
    if (is_called(option, attempt->shown->name) ||
        option->flags & COSEND_REQUIRED || (i < 64 && attempt->others >> i & 1))
        return option->example;
    return NULL;
}

static bool write_options(const struct attempt *attempt)
{
    struct csi_text *spec = attempt->spec;
    struct cosend_option option;
    bool ok = csi_text_string(spec, "{"), first = true;

    if (attempt->shown->flags & COSEND_MAIN && !attempt->companion.name &&
        !attempt->others) {
        spec->length--;
        return csi_text_string(spec, attempt->shown->example);
    }
    for (size_t i = 0;
         ok && cosend_option_at(attempt->filter->options, i, &option); i++) {
        const char *example = example_of(attempt, i, &option);

        if (!example)
            continue;
        ok = csi_text_string(spec, first ? "" : ", ") &&
             csi_text_json(spec, option.name, strlen(option.name)) &&
             csi_text_string(spec, ": ") && csi_text_string(spec, example);
        first = false;
    }
    return ok && csi_text_string(spec, "}");
}

static bool write_spec(const struct attempt *attempt)
{
    static const char *const before[] = {
        [COSEND_FILTER] = "{\"cosend\": 1, \"steps\": [{",
        [COSEND_SOURCE] = "{\"cosend\": 1, \"steps\": [], \"from\": {",
        [COSEND_SINK] = "{\"cosend\": 1, \"steps\": [], \"to\": {"};
    const struct cosend_filter *filter = attempt->filter;
    struct csi_text *spec = attempt->spec;

    spec->length = 0;
    return csi_text_string(spec, before[filter->role]) &&
           csi_text_json(spec, filter->name, strlen(filter->name)) &&
           csi_text_string(spec, ": ") && write_options(attempt) &&
           csi_text_string(spec,
                           filter->role == COSEND_FILTER ? "}]}" : "}}") &&
           csi_text_add(spec, "", 1);
}

static bool is_accepted(const struct attempt *attempt)
{
    struct cosend_options options = {.size = sizeof(options), .quiet = true};
    struct cosend_pipeline *pipeline;

    if (!write_spec(attempt))
        return false;
    pipeline = cosend_pipeline_from_json(
        attempt->spec->data, attempt->spec->length - 1, &options, NULL);
    cosend_pipeline_free(pipeline);
    return pipeline != NULL;
}

/* Beside one of another's choices. */
static bool try_choices(struct attempt *attempt,
                        const struct cosend_option *companion)
{
    char example[64];

    attempt->companion = *companion;
    attempt->companion.example = example;
    for (size_t i = 0; companion->choices && companion->choices[i]; i++) {
        snprintf(example, sizeof(example), "\"%s\"", companion->choices[i]);
        if (is_accepted(attempt))
            return true;
    }
    attempt->companion.name = NULL;
    return false;
}

/* By itself, or beside one other. */
static bool try_companions(struct attempt *attempt)
{
    struct cosend_option companion;

    attempt->companion.name = NULL;
    if (is_accepted(attempt))
        return true;
    for (size_t i = 0;
         cosend_option_at(attempt->filter->options, i, &companion); i++) {
        if (!companion.example)
            continue;
        attempt->companion = companion;
        if (is_accepted(attempt) || try_choices(attempt, &companion))
            return true;
    }
    return false;
}

/* Some take two more, as those of windows need what, how long and whose. */
bool csi_option_spec(const struct cosend_filter *filter,
                     const struct cosend_option *shown, struct csi_text *spec)
{
    struct attempt attempt = {.filter = filter, .shown = shown, .spec = spec};
    struct cosend_option option;
    int count = 0;

    if (!shown->example)
        return false;
    if (try_companions(&attempt))
        return true;
    while (cosend_option_at(filter->options, (size_t)count, &option))
        count++;
    for (int i = 0; i < count && i < 64; i++)
        for (int j = 0; j < i; j++) {
            attempt.others = UINT64_C(1) << i | UINT64_C(1) << j;
            if (try_companions(&attempt))
                return true;
        }
    return false;
}
