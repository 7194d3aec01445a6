/* SPDX-License-Identifier: MIT */
#include "endpoint/read_names.h"

#include "cosend/source.h"
#include "endpoint/given_error.h"
#include "format/format_options.h"
#include "run/run.h"
#include "stage/source.h"

#include <string.h>

const char *csi_read_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "stdin" : path;
}

static bool find_paths(struct csi_stage *stage,
                       const struct cosend_read_options *options,
                       struct csi_read_names *names)
{
    const struct cosend_options *run = stage->shared->options;

    names->count = options->paths.count ? options->paths.count
                   : run->file_count    ? run->file_count
                                        : 1;
    names->paths = csi_calloc(names->count, sizeof(*names->paths));
    if (!names->paths) {
        csi_stage_no_memory(stage);
        return false;
    }
    for (size_t i = 0; i < names->count; i++)
        names->paths[i] = options->paths.count ? options->paths.items[i].data
                          : run->file_count    ? run->files[i]
                                               : "-";
    return cosend_stage_defer(&stage->face, csi_free, names->paths);
}

static const struct csi_format *
format_of(const struct cosend_read_options *options, const char *path)
{
    const struct csi_format *format;

    if (options->format.name != COSEND_FORMAT_AUTO)
        return csi_format_get((enum cosend_format_name)options->format.name);
    format = csi_format_by_path(path);
    return format && format->reader ? format
                                    : csi_format_get(COSEND_FORMAT_TEXT);
}

static int agree_on_format(struct csi_stage *stage,
                           const struct cosend_read_options *options,
                           struct csi_read_names *names)
{
    names->format = format_of(options, names->paths[0]);
    for (size_t i = 1; i < names->count; i++) {
        const struct csi_format *other = format_of(options, names->paths[i]);

        if (other != names->format)
            return cosend_fail(
                &stage->face, COSEND_E_USAGE,
                "%s is %s and %s is %s; all files of a run must "
                "agree (or say which with -f)",
                names->paths[0], cosend_format_names[names->format->number],
                names->paths[i], cosend_format_names[other->number]);
    }
    return COSEND_OK;
}

/* Where the format is the path's: refuse options that it does not have. (Of one
   that was named the check of the spec says so.) */
static int check_format(struct csi_stage *stage,
                        const struct cosend_format_options *options,
                        const struct csi_read_names *names)
{
    const struct csi_option_use *idle = csi_idle_option(
        cosend_reader_options, options, (int)names->format->number);

    if (options->name != COSEND_FORMAT_AUTO || !idle)
        return COSEND_OK;
    return cosend_fail(&stage->face, COSEND_E_USAGE,
                       "%s: %s is read as %s, where it does nothing; say what "
                       "it is with format= or -f",
                       idle->name, csi_read_name(names->paths[0]),
                       cosend_format_names[names->format->number]);
}

int csi_read_begin(struct csi_stage *stage,
                   const struct cosend_read_options *options,
                   struct csi_read_names *names)
{
    struct cosend_error error = {0};
    int status;

    if (!csi_stage_is_source(stage))
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "only a source can read");
    if (csi_format_options_check(&options->format, COSEND_FORMAT_TABLE - 1,
                                 &error) < 0 ||
        CSI_CHECK_RESERVED(options, "read options", &error) < 0)
        return csi_stage_fail(stage, &error);
    if (!find_paths(stage, options, names))
        return COSEND_E_MEMORY;
    status = agree_on_format(stage, options, names);
    return status < 0 ? status : check_format(stage, &options->format, names);
}

void cosend_unreadable(struct cosend_stage *self,
                       const struct cosend_error *error)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_run *run;
    struct cosend_error own;

    if (!csi_stage_is_source(stage)) {
        cosend_fail(self, COSEND_E_USAGE,
                    "only a source goes on without an input: warn by "
                    "cosend_warn, or fail by cosend_fail");
        return;
    }
    if (!csi_stage_given(stage, error, "error"))
        return;
    own = csi_given_error(error, COSEND_E_INPUT, "an input cannot be read");
    csi_shared_warn(stage->shared, "%s", own.message);
    run = csi_run_of(stage);
    if (!run->unreadable++)
        run->first_unreadable = own;
    csi_source_pause(stage);
}
