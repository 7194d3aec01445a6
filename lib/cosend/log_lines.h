/* SPDX-License-Identifier: MIT */
/* A body that takes the lines of an access log apart: what parse is, for a
   form of log. Its struct is stamped (cosend/version.h). */
#ifndef COSEND_LOG_LINES_H
#define COSEND_LOG_LINES_H

#include "cosend/access_log.h"
#include "cosend/columns.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_log_lines {
    struct cosend_field field; /* that the lines are in */
    const struct cosend_access_log *log;
    const struct cosend_access_log_column *columns; /* copied for a batch */
    const struct cosend_column *to; /* of each of them, in their order the
                                       step's first added columns */
    size_t count;
    const int *types; /* as a struct cosend_cut_fields has them; or NULL */
    bool names_other; /* whether is_other wants to know it */
    /* As a struct cosend_cut_fields has it. */
    bool (*is_free)(struct cosend_stage *self,
                    const struct cosend_record *record, void *own);
    /*
     * Say what becomes of a record that is no line of the log, as told by the
     * field `where` at which it is none; it is one of the form `other`, if that
     * is not NULL. Comments do not come here: they are dropped.
     *
     * Returns whether the record is sent on, without the columns.
     */
    bool (*is_other)(struct cosend_stage *self,
                     const struct cosend_record *record, const char *where,
                     const char *other, void *own);
    void *own; /* handed to it */
};

/*
 * Receive all records and send them on with the columns that are wanted.
 *
 * Returns 0, or what the step failed with.
 */
COSEND_API int cosend_send_log_lines(struct cosend_stage *self,
                                     const struct cosend_log_lines *lines);

/* What is bad with a record that is_other is told of, no_match: at which field
   it is no line of the log, and what would take it. */
COSEND_API void cosend_bad_log_line(struct cosend_stage *self,
                                    const struct cosend_record *record,
                                    struct cosend_field field,
                                    const struct cosend_access_log *log,
                                    const char *where, const char *other);

/* The same, no_match, of a field that is of another form than it is to be, in
   words; where a form that has a name takes it, that is told too. */
COSEND_API void cosend_bad_line(struct cosend_stage *self,
                                const struct cosend_record *record,
                                struct cosend_field field, const char *format,
                                ...) COSEND_PRINTF(4, 5);

#ifdef __cplusplus
}
#endif

#endif
