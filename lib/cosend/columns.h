/* SPDX-License-Identifier: MIT */
/* What a filter's output looks like, and the columns that it adds. */
#ifndef COSEND_COLUMNS_H
#define COSEND_COLUMNS_H

#include "cosend/receive.h"
#include "cosend/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What the output looks like: before the first receive ---------------- */

/*
 * Declare a column that the filter adds behind the others; one of that name in
 * the input is replaced in its place. Declared up front so that the header is
 * right even when no record comes. The name is copied. A second column of one
 * name, which would hide the first, fails the step, as no memory does: the next
 * receive is false.
 */
COSEND_API struct cosend_column cosend_add_column(struct cosend_stage *self,
                                                  const char *name);

/* The same for a column that takes the place of a field, under its name. Lines
   of text whose line is replaced are lines of text still. */
COSEND_API struct cosend_column
cosend_replace_column(struct cosend_stage *self, struct cosend_field field);

/* The output is lines of text: it has none of the input's columns but one that
   is added, `line`, and is written as lines where no format is asked for. */
COSEND_API struct cosend_column cosend_add_line(struct cosend_stage *self);

/* The output has none of the input's columns, only what is added. */
COSEND_API void cosend_drop_columns(struct cosend_stage *self);

/* The output has not this column of the input's; of COSEND_NO_FIELD, nothing
   is dropped. */
COSEND_API void cosend_drop_column(struct cosend_stage *self,
                                   struct cosend_field field);

/* The same for several, at which the step itself does not look. */
COSEND_API void cosend_drop_fields(struct cosend_stage *self,
                                   struct cosend_fields fields);

/* The output has these columns of the input's, in this order. */
COSEND_API void cosend_keep_columns(struct cosend_stage *self,
                                    struct cosend_fields fields);

/*
 * Give a column of the input another name, in its place; no cell is touched,
 * and a row of CSV is still written as it came. All columns get their names at
 * once, so two may change theirs with each other. What the step itself reads
 * goes by the name in its input.
 *
 * Where another column has that name the run ends before its first record; or
 * that one is dropped, with cosend_overwrite_columns.
 *
 * Records of an open schema, JSON lines, have their fields renamed by the body:
 * cosend/fields.h.
 */
COSEND_API void cosend_rename_column(struct cosend_stage *self,
                                     struct cosend_field field,
                                     const char *name);

/*
 * The same for every column by a rule, which appends another name to `to` and
 * returns true, or returns false where a column keeps its own. It is called
 * when the input's columns are known. own must live until the stage ends.
 */
COSEND_API void
cosend_rename_columns(struct cosend_stage *self,
                      bool (*rule)(const char *name, size_t length,
                                   struct cosend_bytes *to, const void *own),
                      const void *own);

/* A renamed column drops one that has its name already; of two that are given
   one name the first is left. */
COSEND_API void cosend_overwrite_columns(struct cosend_stage *self);

/* Where columns go. */
enum cosend_place {
    COSEND_PLACE_FIRST,
    COSEND_PLACE_LAST,
    COSEND_PLACE_BEFORE, /* another column of the input */
    COSEND_PLACE_AFTER
};

/*
 * Move a column that was added, or columns of the input, which then stand in
 * the order of the list. `beside` counts with BEFORE and AFTER alone; where
 * the input lacks that column nothing is done, and it does not move itself.
 *
 *     struct cosend_column n = cosend_add_column(self, "n");
 *
 *     cosend_place_column(self, n, COSEND_PLACE_FIRST, none);
 *
 * In an open schema, JSON lines, a column that was added can be FIRST or LAST;
 * fields of a record move as columns do, and one without the field to stand
 * beside stays as it is. A body that calls cosend_remake_fields moves them
 * itself.
 */
COSEND_API void cosend_place_column(struct cosend_stage *self,
                                    struct cosend_column column,
                                    enum cosend_place place,
                                    struct cosend_field beside);
COSEND_API void cosend_move_columns(struct cosend_stage *self,
                                    struct cosend_fields fields,
                                    enum cosend_place place,
                                    struct cosend_field beside);

/*
 * Say, before the first receive, that of a record the step looks at no fields
 * but those that its options name, and passes it on or drops it: then steps
 * before it need not make columns that nobody else asks for, and which are
 * absent if it looks at them all the same. Fields that it only keeps
 * (cosend_keep_columns) are not asked for by that.
 */
COSEND_API void cosend_only_fields(struct cosend_stage *self);

/*
 * Whether anybody may look at an added column, after it was declared. A column
 * that nobody does may be left absent; where the answer is that somebody may,
 * cosend_fill_column still makes it only for those records that are looked at.
 */
COSEND_API bool cosend_column_wanted(const struct cosend_stage *self,
                                     struct cosend_column column);

/*
 * Set an added column for the next emit; what is not set is absent. The bytes
 * are copied, but for cosend_set_slice's, which must be part of a cell of the
 * record in hand, and which only the emit of that record may follow.
 */
COSEND_API void cosend_set(struct cosend_stage *self,
                           struct cosend_column column,
                           struct cosend_cell cell);
COSEND_API void cosend_set_slice(struct cosend_stage *self,
                                 struct cosend_column column,
                                 struct cosend_cell cell);
COSEND_API void cosend_set_number(struct cosend_stage *self,
                                  struct cosend_column column, double value);
COSEND_API void cosend_set_integer(struct cosend_stage *self,
                                   struct cosend_column column, int64_t value);

/*
 * The same for a value, which is printed as cosend prints it: a computed number
 * shortest, an integer and a decimal exactly, a time by RFC 3339 in the offset
 * that it is told in. BAD has nothing to print: the step fails.
 */
COSEND_API void cosend_set_value(struct cosend_stage *self,
                                 struct cosend_column column,
                                 const struct cosend_value *value);

#ifdef __cplusplus
}
#endif

#endif
