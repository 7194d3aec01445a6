/* SPDX-License-Identifier: MIT */
/* The body of sinks: one output, or one for each value of a field. */
#include "cosend/source.h"
#include "endpoint/partitions.h"
#include "endpoint/sink.h"
#include "format/format_options.h"
#include "run/run.h"

/* Whether lines of text are written as such. */
static bool writes_text(const struct cosend_write_options *options)
{
    const struct csi_format *by_path =
        options->path.length ? csi_format_by_path(options->path.data) : NULL;

    return options->format.name == COSEND_FORMAT_TEXT ||
           (options->format.name == COSEND_FORMAT_AUTO && !by_path);
}

static void free_sink(void *argument)
{
    csi_sink_close(argument);
    csi_free(argument);
}

static struct csi_sink *new_sink(struct csi_stage *stage,
                                 const struct cosend_write_options *options)
{
    struct csi_sink *sink = csi_calloc(1, sizeof(*sink));
    struct cosend_error error = {0};

    if (!sink) {
        csi_stage_no_memory(stage);
        return NULL;
    }
    sink->stage = stage;
    sink->options = options;
    if (!cosend_stage_defer(&stage->face, free_sink, sink))
        return NULL;
    if (csi_sink_open(sink, &error) == COSEND_OK)
        return sink;
    csi_stage_fail(stage, &error);
    return NULL;
}

/* A snapshot goes to terminals and pipes, not to files. */
static int absorb(struct cosend_stage *self)
{
    while (cosend_receive_batch(self))
        continue;
    return COSEND_OK;
}

static int write_all(struct csi_stage *stage,
                     const struct cosend_write_options *options)
{
    struct csi_sink *sink = new_sink(stage, options);
    struct cosend_error error = {0};
    const struct cosend_batch *batch;
    enum cosend_event event;
    int status = COSEND_OK;
    bool any = false;

    if (!sink)
        return COSEND_E_OUTPUT;
    stage->writes_text = writes_text(options);
    cosend_tell_flushes(&stage->face);
    while (status == COSEND_OK &&
           (event = cosend_receive_batch_until(
                &stage->face, &batch, INT64_MAX)) != COSEND_EVENT_END) {
        any |= event == COSEND_EVENT_RECORD;
        status = event == COSEND_EVENT_RECORD
                     ? csi_sink_write(sink, batch, &error)
                     : csi_sink_flush(sink, false, &error);
    }
    if (sink->writer)
        csi_sink_warn_replaced(stage, sink->writer->replaced);
    if (status != COSEND_OK)
        return cosend_give_up(&stage->face, status, &error);
    if (stage->end != COSEND_END_CLOSED || (stage->shared->scratch && !any))
        return COSEND_OK;
    status = csi_sink_flush(sink, true, &error);
    if (status != COSEND_OK)
        return cosend_give_up(&stage->face, status, &error);
    csi_sink_warn_blank(sink);
    /* What the stage took in, and what the writer says that it wrote. */
    stage->miscounted =
        stage->face.dropped != (sink->writer ? sink->writer->records : 0);
    return COSEND_OK;
}

int cosend_write(struct cosend_stage *self,
                 const struct cosend_write_options *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_error error = {0};

    if (stage->node->filter->role != COSEND_SINK)
        return cosend_fail(self, COSEND_E_USAGE, "only a sink can write");
    if (csi_format_options_check(&options->format, COSEND_FORMAT_TEMPLATE,
                                 &error) < 0 ||
        CSI_CHECK_RESERVED(options, "write options", &error) < 0)
        return csi_stage_fail(stage, &error);
    if (options->format.name == COSEND_FORMAT_TEMPLATE && !options->format.text)
        return cosend_fail(self, COSEND_E_USAGE,
                           "format: template needs a template");
    if (options->format.text)
        cosend_only_fields(self);
    if (stage->shared->scratch && options->path.length &&
        !csi_sink_goes_to_stdout(options))
        return absorb(self);
    return options->partition ? csi_partitions_write(stage, options)
                              : write_all(stage, options);
}
