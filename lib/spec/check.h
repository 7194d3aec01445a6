/* SPDX-License-Identifier: MIT */
/*
 * A step's options while they are read: what reading them and the filter's own
 * check share.
 */
#ifndef CSI_CHECK_H
#define CSI_CHECK_H

#include "plan/option_rows.h"
#include "spec/problems.h"

struct cosend_check {
    struct csi_spec *spec;
    uint32_t node;
    const struct cosend_filter *filter;
    const struct csi_place *place; /* of the step */
    struct cosend_option *rows;    /* the filter's, groups' among them */
    size_t count;
    const struct csi_value **given; /* by row; NULL: not in the spec */
    bool *set;                      /* by row: in the spec, or overridden */
    bool fallback; /* what is read is a default: it has no place */
    const struct cosend_option *option; /* being read */
    /* The map whose item is being read, the last one; or NULL. */
    const struct cosend_option *map_option;
    const struct cosend_list *map;
};

/* The number of the row of that name, or SIZE_MAX. */
size_t csi_check_row(const struct cosend_check *check, const char *name);

/* Where the option that a row describes is stored. */
void *csi_check_slot(const struct cosend_check *check,
                     const struct cosend_option *option);

/* The value of an option, or of what is in it: by[2].field. Where it has not
   what is named, what is around that; NULL where the option was not given. */
const struct csi_value *csi_check_given(const struct cosend_check *check,
                                        const char *option);

/* The place of a value, or of the step where it is NULL. */
struct csi_place csi_check_place(const struct cosend_check *check,
                                 const struct csi_value *value);

/* Report a problem of a value, or of the step where it is NULL. */
void csi_check_problem(const struct cosend_check *check,
                       const struct csi_value *value, const char *format, ...)
    COSEND_PRINTF(3, 4);

/* Report that a value is not what is wanted: "a whole number". */
void csi_check_wrong_type(const struct cosend_check *check,
                          const struct csi_value *value, const char *wanted);

/* A handle on a field, whose name is NULL for the only column; COSEND_NO_FIELD
   without memory. */
struct cosend_field csi_check_add_field(struct cosend_check *check,
                                        const char *name, size_t length,
                                        const struct csi_place *place,
                                        const char *option);

/* See whether a field of a list is a pattern. Returns COSEND_OK; COSEND_E_SPEC,
   with *error, where it is one that is wrong; COSEND_E_MEMORY. */
int csi_check_read_pattern(struct cosend_check *check,
                           struct cosend_field field,
                           struct cosend_error *error);
/* A list of fields is complete: one with patterns is told from others by the
   plan. */
void csi_check_note_list(struct cosend_check *check,
                         struct cosend_fields fields);

#endif
