/* SPDX-License-Identifier: MIT */
/*
 * Colour for people, put on the bytes that a writer made and nobody reads
 * again: what patterns matched, levels, and the names in JSON and logfmt.
 */
#ifndef CSI_PAINT_H
#define CSI_PAINT_H

#include "cosend/endpoint.h"
#include "cosend/io.h"
#include "stage/stage.h"

struct csi_paint;

/* For what a sink writes in that format. NULL without memory. */
struct csi_paint *csi_paint_new(struct csi_stage *stage, int format,
                                struct cosend_output *output);
void csi_paint_free(struct csi_paint *paint);

/* Write bytes, each line as soon as it is whole. Answers as
   cosend_output_write. */
int csi_paint_put(void *paint, const char *data, size_t length,
                  struct cosend_error *error);
/* Write what is no whole line yet. */
int csi_paint_flush(struct csi_paint *paint, struct cosend_error *error);

#endif
