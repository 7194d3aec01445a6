/* SPDX-License-Identifier: MIT */
/* One output of a sink, and what records are written as. */
#ifndef CSI_SINK_H
#define CSI_SINK_H

#include "format/format.h"
#include "stage/stage.h"

struct csi_sink {
    struct csi_stage *stage;
    const struct cosend_write_options *options;
    const char *path; /* in place of the options', of a partition; or NULL */
    /* Of a batch that is part of the one in hand: its positions there. */
    const uint32_t *positions;
    struct cosend_format_options format; /* the options, made definite */
    struct csi_writer *writer;           /* NULL before the schema is known */
    struct cosend_output *output;        /* the run's, for its end */
    struct csi_paint *paint; /* what paints the lines; NULL: nobody does */
    bool on_screen; /* which shows snapshots until the run writes to it */
};

/* Whether a sink's path, or descriptor, is standard output. */
bool csi_sink_goes_to_stdout(const struct cosend_write_options *options);

/* Open the output, of a sink with its first three members set, and hand it to
   the run. Returns COSEND_OK or what is wrong. */
int csi_sink_open(struct csi_sink *sink, struct cosend_error *error);

/* Write a batch; what cannot be written is bad. Returns COSEND_OK or what must
   stop the sink. */
int csi_sink_write(struct csi_sink *sink, const struct cosend_batch *batch,
                   struct cosend_error *error);

/* Write what was kept back; `last`: all of it, the header at least. Returns as
   csi_sink_write. */
int csi_sink_flush(struct csi_sink *sink, bool last,
                   struct cosend_error *error);

/* Tell of records whose bytes were replaced, so many. */
void csi_sink_warn_replaced(struct csi_stage *stage, uint64_t replaced);
/* Tell of records that are blank lines, behind the last flush. */
void csi_sink_warn_blank(const struct csi_sink *sink);

/* Free what writes; the output is the run's. */
void csi_sink_close(struct csi_sink *sink);

#endif
