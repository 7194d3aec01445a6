/* SPDX-License-Identifier: MIT */
/* A body that takes a field apart into fields that are the same in every
   record: what parse is, for a form of line and for patterns. Its struct is
   stamped (cosend/version.h). */
#ifndef COSEND_CUT_FIELDS_H
#define COSEND_CUT_FIELDS_H

#include "cosend/columns.h"
#include "cosend/grok.h"
#include "cosend/line_form.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_cut_fields {
    struct cosend_field field; /* that is taken apart */
    /* By one of these, which is constant, as options are: */
    const struct cosend_line_form *form;
    const struct cosend_grok *grok;
    const struct cosend_column *to; /* of each of its fields, in their order the
                                       step's first added columns */
    /* What each of them is to be, an enum cosend_conversion_type, or -1: as it
       is; or NULL. A record whose part cannot become that is bad. */
    const int *types;
    /*
     * Whether the names of the columns are free in a record, which
     * cosend_name_free answers: where records have columns it is asked of one
     * of each batch, and where they name their fields of each that is of the
     * form.
     */
    bool (*is_free)(struct cosend_stage *self,
                    const struct cosend_record *record, void *own);
    /*
     * Say what becomes of a record that is not of the form, as told by the
     * field `where`, or "end"; or, where that is NULL, that the pattern does
     * not match.
     *
     * Returns whether the record is sent on: then without the columns, but for
     * one called as the field was, which keeps its value. NULL: none is, and
     * nothing is said; lines of text that a pattern does not match may then be
     * left out before they are records, as with cosend_sieve.
     */
    bool (*is_other)(struct cosend_stage *self,
                     const struct cosend_record *record, const char *where,
                     void *own);
    void *own; /* handed to it */
};

/*
 * Receive all records and send them on with the columns that are wanted. One
 * that takes a pattern too long is bad, match_limit.
 *
 * Returns 0, or what the step failed with.
 */
COSEND_API int cosend_send_cut_fields(struct cosend_stage *self,
                                      const struct cosend_cut_fields *cut);

#ifdef __cplusplus
}
#endif

#endif
