/* SPDX-License-Identifier: MIT */
/*
 * Which of the fields that steps below name the records have that a stage makes
 * with fields of their own: what format/field_use.h is for those that were
 * read. It costs nothing once all were seen.
 */
#ifndef CSI_SEEN_FIELDS_H
#define CSI_SEEN_FIELDS_H

#include "stage/stage.h"

/* Records that a sample of names is taken from. */
enum { CSI_SAMPLE_RECORDS = 16 };

struct csi_sampled_record {
    uint64_t ordinal;
    struct cosend_schema *names;
};

/* Of a stage in one thread; all zero: nothing was noted yet. */
struct csi_seen {
    bool begun;
    bool repeats;                /* a record had a name more than once */
    bool asked;                  /* for any field, by a name or a pattern */
    struct cosend_schema *names; /* by base column; they have `seen` */
    uint32_t *unseen;            /* of those that are asked for */
    uint32_t unseen_count;
    /* Fields that the stage itself makes what they are to be, by their names
       without a prefix, and of the first 64 whether a record had them: bits.
       The list is a copy: that of a body is gone when this is asked. */
    struct cosend_list types;
    struct cosend_string prefix;
    uint64_t typed;
    /* The first records, by their ordinals: so that it does not matter how
       they came, nor in which thread. */
    struct csi_sampled_record sample[CSI_SAMPLE_RECORDS];
    uint32_t sample_count;
};

/* Note what the records of an outgoing batch have, whose base columns have
   these names; they stay the same. False without memory. */
bool csi_seen_note(struct csi_seen *seen, const struct csi_stage *stage,
                   struct cosend_schema *names,
                   const struct cosend_batch *batch);
/* Whether it matters for what is noted that a record has a field of that name:
   it is one of the first records, or none had it so far and a step asks. */
bool csi_seen_awaits(const struct csi_seen *seen, const char *name,
                     size_t length);
/* What another thread noted becomes this one's; it may note more. */
void csi_seen_take(struct csi_seen *seen, struct csi_seen *from);
/* Whether a record had a field that a step below asks for. */
bool csi_seen_has(const struct csi_seen *seen, const char *name);
/* The next type from i on that is for a field which no record had; its name is
   put into it. SIZE_MAX: there is none more. */
size_t csi_seen_untyped(const struct csi_seen *seen, size_t i,
                        struct cosend_string *name);
/* Add the sample's names. False without memory. */
bool csi_seen_sample(const struct csi_seen *seen, struct cosend_schema *names);
void csi_seen_free(struct csi_seen *seen);

#endif
