/* SPDX-License-Identifier: MIT */
/* What an evaluation works with, and the values it makes. */
#ifndef CSI_EVALUATION_H
#define CSI_EVALUATION_H

#include "expression/term.h"
#include "record/arena.h"
#include "record/batch.h"

/*
 * Over the records of a batch. Vectors, and the text of values that are not
 * cells, are the arena's.
 */
struct csi_evaluation {
    const struct cosend_batch *batch; /* NULL: only constants */
    const uint32_t *map;              /* fields, by slot, as columns */
    const struct cosend_record *one;  /* instead: this record alone */
    struct csi_arena *arena;
    int64_t now;
    bool is_plain;  /* no vector loops: for a test to compare with */
    bool no_memory; /* all that was made since is of no use */
};

/* Records of the batch, by position, ascending; NULL: the first `count`. */
struct csi_positions {
    const uint32_t *at;
    uint32_t count;
};

static inline uint32_t csi_position(const struct csi_positions *of, uint32_t i)
{
    return of->at ? of->at[i] : i;
}

/* A value for each position; all the same one where mask is 0. */
struct csi_vector {
    struct cosend_value *values;
    uint32_t mask;
};

static inline struct cosend_value *csi_nth_value(const struct csi_vector *of,
                                                 uint32_t i)
{
    return &of->values[i & of->mask];
}

/* A vector without values yet; of nothing, all absent, without memory. */
struct csi_vector csi_vector_new(struct csi_evaluation *evaluation,
                                 uint32_t count);
struct csi_vector csi_vector_nothing(void);

/* Memory; NULL with no_memory set. */
void *csi_evaluation_get(struct csi_evaluation *evaluation, size_t size);

/* The time on the clock, in nanoseconds since 1970. */
int64_t csi_evaluation_now(void);

/* A value that there is none: `kind` is a word for the reject, and is constant.
 */
struct cosend_value csi_bad_value(struct csi_evaluation *evaluation,
                                  const char *kind, const char *format, ...)
    COSEND_PRINTF(3, 4);
/* The same, of a term's value that is not what it should be: `is` is "not a
   number". */
struct cosend_value csi_bad_operand(struct csi_evaluation *evaluation,
                                    const char *kind,
                                    const struct csi_term *term,
                                    const struct cosend_value *value,
                                    const char *is);
/* The kind of a value that is BAD. */
const char *csi_bad_kind(const struct cosend_value *bad);

static inline struct cosend_value csi_null_value(void)
{
    return (struct cosend_value){.type = COSEND_TYPE_NULL};
}

static inline struct cosend_value csi_bool_value(bool truth)
{
    struct cosend_value value = {.type = COSEND_TYPE_BOOL};

    value.as.truth = truth;
    return value;
}

static inline struct cosend_value csi_integer_value(int64_t integer)
{
    struct cosend_value value = {.type = COSEND_TYPE_INT};

    value.as.integer = integer;
    return value;
}

static inline struct cosend_value csi_text_value(const char *text,
                                                 size_t length)
{
    struct cosend_value value = {.type = COSEND_TYPE_TEXT};

    value.length = (uint32_t)length;
    value.as.text = length ? text : "";
    return value;
}

/* Absent, null, or text of no bytes. */
static inline bool csi_value_is_blank(const struct cosend_value *value)
{
    return value->type <= COSEND_TYPE_NULL ||
           (value->type == COSEND_TYPE_TEXT && !value->length);
}

/* A double that was computed: an integer where it is one that 64 bits hold
   exactly; BAD where it is not finite. */
struct cosend_value csi_double_value(struct csi_evaluation *evaluation,
                                     const struct csi_term *term,
                                     double number);

/* What a cell is, unchanged: numbers of JSON are DECIMAL whatever their size,
   all other text TEXT. */
struct cosend_value csi_cell_value(struct cosend_cell cell);

/* A value as a number: INT, DOUBLE or DECIMAL where it is one, or text that is
   one; else unchanged. */
struct cosend_value csi_number_value(const struct cosend_value *value);

/* A value's text: a cell's own bytes, or what it is printed as, in memory of
   the evaluation. Blank is none. */
struct cosend_value csi_value_text(struct csi_evaluation *evaluation,
                                   const struct cosend_value *value);

/* A value as the cell that it is written as; null for one that is BAD. */
struct cosend_cell csi_value_cell(struct csi_evaluation *evaluation,
                                  const struct cosend_value *value);

#endif
