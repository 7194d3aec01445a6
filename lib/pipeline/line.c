/* SPDX-License-Identifier: MIT */
/* What a one-line pipeline stands for: a spec, or calls. */
#include "cosend/pipeline.h"

#include "cosend/filter.h"
#include "pipeline/host_options.h"
#include "spec/line_json.h"
#include "spec/registry.h"
#include "spec/spec.h"

/* What a line says is read without files, and with the ends that it names: *own
   is what the host gave, without these. */
static json_t *read_line(const char *line, const struct cosend_options *options,
                         struct cosend_options *own, struct cosend_error *error)
{
    if (csi_host_string_check(line, "the line", error) < 0 ||
        csi_host_options_take(options, own, error) < 0)
        return NULL;
    own->files = NULL;
    own->file_count = 0;
    own->push = false;
    own->record = NULL;
    own->taker = NULL;
    return csi_json_from_line(line, own, error);
}

char *cosend_line_to_json(const char *line,
                          const struct cosend_options *options,
                          struct cosend_error *error)
{
    struct cosend_options own;
    struct cosend_error refused = {0};
    json_t *spec = read_line(line, options, &own, error);
    char *text = NULL;

    if (!spec)
        return NULL;
    if (csi_line_json_ends(spec, &own, &refused))
        text = csi_line_json_text(spec);
    if (refused.kind && error)
        *error = refused;
    else if (!text)
        csi_no_memory(error);
    json_decref(spec);
    return text;
}

/* What one call says. */
struct calls {
    void (*call)(int role, const char *name, const char *options,
                 void *context);
    void *context;
};

/* False without memory. */
static bool call_for(const struct calls *calls, json_t *step, unsigned roles)
{
    const char *name = json_object_iter_key(json_object_iter(step));
    const struct cosend_filter *filter = csi_registry_find(name, roles);
    char *options = csi_line_json_options(step, roles);

    if (options)
        calls->call((int)filter->role, name, options, calls->context);
    csi_free(options);
    return options;
}

int cosend_line_calls(const char *line, const struct cosend_options *options,
                      void (*call)(int role, const char *name,
                                   const char *options, void *context),
                      void *context, struct cosend_error *error)
{
    const struct calls calls = {call, context};
    struct cosend_error unasked = {0};
    struct cosend_options own;
    json_t *spec, *from, *steps;
    bool ok;

    if (!error)
        error = &unasked;
    spec = read_line(line, options, &own, error);
    if (!spec)
        return error->kind;
    from = json_object_get(spec, "from");
    steps = json_object_get(spec, "steps");
    ok = !from || call_for(&calls, from, CSI_ROLE(COSEND_SOURCE));
    for (size_t i = 0; ok && i < json_array_size(steps); i++)
        ok = call_for(&calls, json_array_get(steps, i), CSI_STEP_ROLES);
    json_decref(spec);
    return ok ? COSEND_OK : csi_no_memory(error);
}
