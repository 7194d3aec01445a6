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

/* Where the lines of a file have their time. */
enum csi_feed_times {
    CSI_FEED_UNASKED,
    CSI_FEED_LEARNING, /* too few lines have come to see it: none is cut */
    CSI_FEED_LEARNED,
    CSI_FEED_UNTIMED, /* nowhere: none is cut, and the file is to be left */
    CSI_FEED_LETTERS  /* the same, for they are of a zone that is not known */
};

/* NULL, with the stage failed. */
struct csi_feed *csi_feed_new(struct csi_stage *stage,
                              const struct cosend_format_options *options,
                              const struct csi_format *format);
void csi_feed_free(void *feed);
/* What comes now is of this file, from that offset on. name outlives the run's
   rows. */
void csi_feed_file(struct csi_feed *feed, const char *name, uint64_t offset);
/* Its first so many records are dropped; before it is read. */
void csi_feed_skip(struct csi_feed *feed, uint64_t count);
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
/* Of each file from the next on only the lines of a span are wanted, which
   outlives the feed; where nobody says more, `all` are, of a file whose lines
   have no times. Of a span without bounds: all, but their times are learnt. */
void csi_feed_span(struct csi_feed *feed, const struct csi_time_span *span,
                   bool all);
/* What is known of the times of the file at hand. */
enum csi_feed_times csi_feed_times(const struct csi_feed *feed);
/* The span, of a file that has LEARNED; and whether a line that is not of it
   may be needed to read the others. */
const struct csi_time_span *csi_feed_learned(const struct csi_feed *feed,
                                             bool *whole);
/* The time of the first line that has one, of such a file. */
int64_t csi_feed_first(const struct csi_feed *feed);
/* Batches go there, and not to the stage's targets; what it returns is what
   csi_feed_take does. */
void csi_feed_divert(struct csi_feed *feed,
                     int (*take)(void *context, struct cosend_batch *batch),
                     void *context);
/* Nothing more comes for a while: what has come is to do. As csi_feed_take. */
int csi_feed_settle(struct csi_feed *feed);
/* Where in the file reading goes on; and have it go on elsewhere, behind that,
   at the start of a line. No line before is of the span. */
uint64_t csi_feed_offset(const struct csi_feed *feed);
void csi_feed_jump(struct csi_feed *feed, uint64_t offset);
/* Where in the file the first record begins that is not whole yet. */
uint64_t csi_feed_done(const struct csi_feed *feed);
/* So many threads may work on this file. */
void csi_feed_threads(struct csi_feed *feed, uint32_t threads);
/* The columns are to be those of another feed of the same options, once it
   knows them. False, with the stage failed, without memory. */
bool csi_feed_share(struct csi_feed *feed, const struct csi_feed *other);
bool csi_feed_has_columns(const struct csi_feed *feed);
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
/* Where no threads do, send on what may be wanted of the next block without
   reading it: csi_sift_next. The same. */
int csi_feed_sift(struct csi_feed *feed, struct cosend_input *input,
                  bool *sifted);
/* Whether the file is of text, and has nothing, nor had those before it: the
   columns of lines are known all the same, but what the first of them says is
   not. */
bool csi_feed_is_blank(const struct csi_feed *feed);
/* The file is over. The same. */
int csi_feed_end(struct csi_feed *feed);
/* The file is over, but not because it ends: as csi_feed_end, but an unfinished
   record is a reject. */
int csi_feed_tear(struct csi_feed *feed, enum csi_torn why);
/* The input is over: other threads' states become the run's. The same. */
int csi_feed_finish(struct csi_feed *feed);

#endif
