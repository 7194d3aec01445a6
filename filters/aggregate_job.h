/* SPDX-License-Identifier: MIT */
/*
 * What aggregate is to work out: a function of a field or of an expression, as
 * a text, "p95(ms)" or "slow=max(ms)", or as an object, {"p95": "ms"}.
 */
#ifndef CSI_AGGREGATE_JOB_H
#define CSI_AGGREGATE_JOB_H

#include "cosend.h"

/* Bytes of a column's name, a NUL counted. */
enum { CSI_JOB_NAME = 256 };

/* The functions that an object may name. */
enum { CSI_JOB_FUNCTIONS = 26 };
extern const char *const csi_job_functions[CSI_JOB_FUNCTIONS];

/* Of what, as check found it: all records, a field, or an expression. */
struct csi_job_subject {
    struct cosend_field field;
    struct cosend_expression *expression;
};

/* The options, a job each. */
struct csi_job_text {
    struct cosend_string text;
    struct csi_job_subject of;
};

struct csi_job_value {
    struct cosend_string text;
    struct cosend_string fields[CSI_JOB_FUNCTIONS];
    struct csi_job_subject of;
};

/* Slices of the options' own text. */
struct csi_slice {
    const char *data;
    size_t length;
};

struct csi_job {
    struct csi_slice name;              /* none: made of the others */
    struct csi_slice function, field;   /* or expression */
    const struct cosend_aggregate *row; /* NULL: there is no such function */
    uint32_t part;                      /* of a percentile: p100 is 100000 */
    bool is_name;                       /* `field` is no expression */
    bool open;                          /* a parenthesis is not closed */
    const char *text;                   /* the option's, or NULL */
    struct csi_job_subject *of;
};

struct csi_job csi_job_of_text(struct csi_job_text *text);
/* Its name is to be its key. No row where there is not one function. */
struct csi_job csi_job_of_value(struct csi_job_value *value);

/* The column's name, as snprintf says. */
int csi_job_print_name(const struct csi_job *job, char name[CSI_JOB_NAME]);

/* Report what is wrong with a job that stands at a place, and find its field,
   or compile its expression. */
void csi_job_check(struct cosend_check *check, const char *place,
                   struct csi_job *job);

#endif
