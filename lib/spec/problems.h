/* SPDX-License-Identifier: MIT */
/* What the parts of the spec's reader share: the work in hand, and its
   problems. */
#ifndef CSI_PROBLEMS_H
#define CSI_PROBLEMS_H

#include "plan/plan.h"
#include "spec/values.h"

#include <stdarg.h>

struct csi_problem {
    struct csi_place place;
    const char *text;
    size_t number; /* in the order of their finding */
};

/* What is remembered of a node until the plan is done. */
struct csi_node_note {
    const struct csi_value *id;   /* the step's own, or NULL */
    const struct csi_value *step; /* NULL: nobody wrote it */
    unsigned depth;  /* stages on the longest way to it, itself included */
    uint32_t above;  /* the last node that all ways to it go through */
    uint32_t behind; /* a node that stands behind it for options of the source;
                        0: none */
    bool untaken;    /* no step takes what it emits, so far */
    bool unending;   /* what comes to it has no end */
    enum cosend_endless endless; /* what its filter makes of that, ... */
    const char *remedy;          /* ... and what would help, or NULL */
};

struct csi_spec {
    const struct cosend_options *options;
    const struct csi_ends *ends;
    struct cosend_error *error;
    struct csi_plan *plan;
    struct csi_document document;
    const struct csi_value *root;
    struct csi_problem *problems;
    size_t problem_count, problem_capacity;
    struct cosend_error usage;   /* the first thing wrong with the call */
    struct csi_node_note *notes; /* by node */
    size_t note_capacity;
    const struct csi_value **inner; /* pipelines inside of steps, as read */
    size_t inner_count, inner_capacity;
    uint32_t inner_of_node; /* of the step that is being read */
    size_t hidden;     /* problems of values whose parameter has one already */
    bool is_line;      /* no JSON: ${name} means nothing */
    bool shown;        /* the line's JSON is asked for ... */
    json_t *json;      /* ... and is this, where it has no problem */
    bool behind_parse; /* steps for options of the source are due, behind the
                          first that parses */
    bool no_memory;
};

/* ---- Problems ------------------------------------------------------------ */

/* Report a problem of a value, unless it is unknown; of a key; at a place of
   which no value is. */
void csi_spec_problem(struct csi_spec *spec, const struct csi_value *value,
                      const char *format, ...) COSEND_PRINTF(3, 4);
void csi_spec_key_problem(struct csi_spec *spec, const struct csi_value *value,
                          const char *format, ...) COSEND_PRINTF(3, 4);
void csi_spec_place_problem(struct csi_spec *spec,
                            const struct csi_place *place, const char *format,
                            ...) COSEND_PRINTF(3, 4);
void csi_spec_place_vproblem(struct csi_spec *spec,
                             const struct csi_place *place, const char *format,
                             va_list arguments) COSEND_PRINTF(3, 0);
void csi_spec_usage(struct csi_spec *spec, const char *format, ...)
    COSEND_PRINTF(2, 3);

/* Tell the host of what is no problem of a value, but may be a mistake. */
void csi_spec_warn(struct csi_spec *spec, const struct csi_value *value,
                   const char *text);
void csi_spec_place_warn(struct csi_spec *spec, const struct csi_place *place,
                         const char *text);

/* `; did you mean "x"?` for a word that is none of a list's; "" where nothing
   is near. In the plan's arena. */
const char *csi_spec_did_you_mean(struct csi_spec *spec, const char *word,
                                  size_t count,
                                  const char *(*at)(const void *, size_t),
                                  const void *list);
const char *csi_spec_did_you_mean_of(struct csi_spec *spec, const char *word,
                                     const char *const *list);

/* Tell all problems, sorted by place. The error's kind, or COSEND_OK. */
int csi_spec_report_all(struct csi_spec *spec);

/* ---- Places and memory --------------------------------------------------- */

struct csi_place csi_spec_place(struct csi_spec *spec,
                                const struct csi_value *value);
struct csi_place csi_spec_key_place(struct csi_spec *spec,
                                    const struct csi_value *value);
/* Memory of the plan's arena, zeroed; NULL, and no_memory is set. */
void *csi_spec_get(struct csi_spec *spec, size_t size);
char *csi_spec_copy(struct csi_spec *spec, const char *text, size_t length);

#endif
