/* SPDX-License-Identifier: MIT */
/*
 * What a source reads into: bytes become batches in this thread, or, where
 * threads help, in several.
 */
#ifndef CSI_FEED_H
#define CSI_FEED_H

#include "read/chunker.h"
#include "read/torn.h"

struct csi_feed;

/* NULL, with the stage failed. */
struct csi_feed *csi_feed_new(struct csi_stage *stage,
                              const struct cosend_format_options *options,
                              const struct csi_format *format);
void csi_feed_free(void *feed);
/* What comes now is of this file, from that offset on. name outlives the run's
   rows. */
void csi_feed_file(struct csi_feed *feed, const char *name, uint64_t offset);
/*
 * Before the first read of a followed input: begin with its last so many whole
 * records, but for what is at the start of its file, or with all where that
 * cannot be; *skipped says whether it has others.
 *
 * Returns COSEND_OK, COSEND_DONE, or an error; of the input's, with it in error
 * and nothing told, COSEND_E_INPUT.
 */
int csi_feed_last_records(struct csi_feed *feed, struct cosend_input *input,
                          uint64_t count, bool *skipped,
                          struct cosend_error *error);
/* So many threads may work on this file. */
void csi_feed_threads(struct csi_feed *feed, uint32_t threads);
/* The columns are to be those of another feed of the same options, once it
   knows them. False, with the stage failed, without memory. */
bool csi_feed_share(struct csi_feed *feed, const struct csi_feed *other);
/* Room to read into, at least a few KiB. NULL without memory. */
char *csi_feed_room(struct csi_feed *feed, size_t *room);
/* length bytes were read into it. COSEND_OK, COSEND_DONE, or an error. */
int csi_feed_take(struct csi_feed *feed, size_t length);
/* Whether threads would help with what follows in this file. */
bool csi_feed_has_workers(struct csi_feed *feed, struct cosend_input *input);
/*
 * Read on, by all threads, as long as there is something at once. *read is what
 * cosend_input_read said last, with its error, once all is sent on.
 *
 * Returns COSEND_OK, COSEND_DONE, or an error.
 */
int csi_feed_drain(struct csi_feed *feed, struct cosend_input *input, int *read,
                   struct cosend_error *error);
/* The file is over. The same. */
int csi_feed_end(struct csi_feed *feed);
/* The file is over, but not because it ends: as csi_feed_end, but an unfinished
   record is a reject. */
int csi_feed_tear(struct csi_feed *feed, enum csi_torn why);
/* The input is over: other threads' states become the run's. The same. */
int csi_feed_finish(struct csi_feed *feed);

#endif
