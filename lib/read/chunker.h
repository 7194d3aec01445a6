/* SPDX-License-Identifier: MIT */
/*
 * From bytes to batches, in one thread: the block that is being filled, and the
 * reader that cuts records from it.
 */
#ifndef CSI_CHUNKER_H
#define CSI_CHUNKER_H

#include "format/format.h"
#include "read/ahead.h"
#include "read/block_size.h"
#include "read/cut.h"
#include "stage/stage.h"

struct csi_chunker {
    struct csi_stage *stage; /* the source, whose records they are */
    struct csi_reader *reader;
    const struct cosend_format_options *options;
    const struct csi_format *format;
    struct csi_cut at;
    struct csi_rows *spare; /* recycled, for what is cut next; or NULL */
    /* Where rows go that others still hold when they are cut; or NULL. */
    struct csi_rows **aside;
    struct csi_ahead
        *ahead; /* what is cut already of what comes next; or NULL */
    /* Where batches go instead of the stage's targets; NULL: to these. */
    int (*divert)(void *context, struct cosend_batch *batch);
    void *divert_context;
    uint8_t *wanted; /* by row of what is cut: whether it is of the span */
    size_t wanted_capacity;
    size_t max_record;
    bool skips;      /* of what is cut some records are not wanted */
    bool whole_only; /* no border can be found in what comes next */
};

/* NULL, with the stage failed. */
struct csi_chunker *csi_chunker_new(struct csi_stage *stage,
                                    const struct cosend_format_options *options,
                                    const struct csi_format *format);
void csi_chunker_free(struct csi_chunker *chunker);
/* What comes now is of this file, from that offset on. name outlives the run's
   rows. */
void csi_chunker_file(struct csi_chunker *chunker, const char *name,
                      uint64_t offset);
/* What comes now is from another place on in the same file, where a record
   begins; what is in the block is forgotten. Which line that is is not known.
 */
void csi_chunker_skip_to(struct csi_chunker *chunker, uint64_t offset);
/* Cut what is in the block, and send it on; `final`: nothing follows in this
   file. COSEND_OK, COSEND_DONE, or an error. */
int csi_chunker_cut(struct csi_chunker *chunker, bool final);

/*
 * Rows of another block, which is where the chunker is: the next ones, for the
 * caller to fill. NULL without memory.
 */
struct csi_rows *csi_chunker_rows(struct csi_chunker *chunker,
                                  struct csi_block *block);
/* Send them on, and be `length` bytes further on in the file. What is in the
   chunker's block is of these; the rows are the chunker's then. As
   csi_chunker_cut. */
int csi_chunker_emit(struct csi_chunker *chunker, struct csi_rows *rows,
                     size_t length);

/*
 * The pattern without which the one stage that gets the records would drop
 * them: records that lack it need not be sent, and so not be read. Not where a
 * record may be too long, since that one is a bad record, whether the pattern
 * is in it or not. NULL: there is none.
 */
const struct cosend_regex *csi_chunker_sieve(const struct csi_chunker *chunker);

#endif
