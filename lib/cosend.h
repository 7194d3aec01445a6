/* SPDX-License-Identifier: MIT */
/*
 * The public face of cosend: everything a filter or a host program needs.
 *
 * A host makes a pipeline of a line or of a JSON spec, and runs it, or pushes
 * bytes into it and takes records out (cosend/pipeline.h):
 *
 *     struct cosend_options options = {.size = sizeof(options)};
 *     struct cosend_error error = {0};
 *     struct cosend_pipeline *pipeline =
 *         cosend_pipeline_from_line("grep ERROR | count", &options, &error);
 *
 *     if (!pipeline || cosend_pipeline_run(pipeline, &error) < 0)
 *         fprintf(stderr, "%s\n", error.message);
 *     cosend_pipeline_free(pipeline);
 *
 * A filter is a row (cosend/filter.h) with a body, which takes records and
 * sends them on (cosend/receive.h). It is made known by cosend_register, or
 * loaded from a plug-in (cosend/plugin.h):
 *
 *     static int run_blank(struct cosend_stage *self, void *options)
 *     {
 *         struct blank *blank = options;
 *         struct cosend_record record;
 *
 *         while (cosend_receive(self, &record))
 *             if (cosend_is_blank(cosend_field(&record, blank->field)))
 *                 cosend_emit(self, &record);
 *         return 0;
 *     }
 *
 * Beneath both are coroutines, which can be had by themselves
 * (cosend/coroutine.h). A program is compiled, and linked with the shared
 * object or the archive, by
 *
 *     cc -o host host.c $(pkg-config --cflags --libs cosend)
 *     cc -o host host.c $(pkg-config --static --cflags --libs cosend)
 *
 * What a call answers is in cosend/base.h: outcomes are not negative, errors
 * are, and explained in a struct cosend_error of the caller's. What a program
 * that was compiled with one version may rely on with a later one is in
 * cosend/version.h.
 */
#ifndef COSEND_H
#define COSEND_H

#include "cosend/access_log.h"
#include "cosend/aggregate.h"
#include "cosend/aggregate_options.h"
#include "cosend/around.h"
#include "cosend/bar.h"
#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/check_filter.h"
#include "cosend/choose_form.h"
#include "cosend/conversion.h"
#include "cosend/coroutine.h"
#include "cosend/cut_fields.h"
#include "cosend/digest.h"
#include "cosend/encoder.h"
#include "cosend/expression.h"
#include "cosend/event_lines.h"
#include "cosend/events.h"
#include "cosend/field_types.h"
#include "cosend/find.h"
#include "cosend/grok.h"
#include "cosend/grok_options.h"
#include "cosend/group.h"
#include "cosend/groups.h"
#include "cosend/index.h"
#include "cosend/io.h"
#include "cosend/line_form.h"
#include "cosend/line_pattern.h"
#include "cosend/log_forms.h"
#include "cosend/log_lines.h"
#include "cosend/match.h"
#include "cosend/nested.h"
#include "cosend/number.h"
#include "cosend/pair_form.h"
#include "cosend/pair_lines.h"
#include "cosend/pipeline.h"
#include "cosend/plugin.h"
#include "cosend/profile.h"
#include "cosend/program_options.h"
#include "cosend/recognize.h"
#include "cosend/record.h"
#include "cosend/stage.h"
#include "cosend/template.h"
#include "cosend/store.h"
#include "cosend/tables.h"
#include "cosend/taker.h"
#include "cosend/tally.h"
#include "cosend/text.h"
#include "cosend/time.h"
#include "cosend/value.h"
#include "cosend/version.h"
#include "cosend/windows.h"

#endif
