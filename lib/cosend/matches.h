/* SPDX-License-Identifier: MIT */
/*
 * Fields by patterns: an option of type FIELDS with the flag COSEND_PATTERNS
 * takes names, and beside them
 *
 *     *_time      all that fit: * is any characters, ? is one
 *     /^x_/       all in whose name a PCRE2 pattern is found; /^x_/i
 *     #3  #-1     the third field; the last one
 *     a-c  c-a    those from one to another, as they stand, or turned round;
 *                 `a`-`c` is the same
 *     a-   -c     those to the last, or from the first
 *     !x          what the items before it took, without x; as the first item,
 *                 all fields without x. x may be any of these
 *
 * each field once, in the order of the list. What a field has as its name is
 * that field, whatever signs are in it; in backquotes it can be nothing else.
 * In an open schema a-c is a name, and `a`-`c` the range. Of columns all is
 * known before the first record, and a pattern that takes none is a mistake. In
 * an open schema, JSON lines, it is seen anew for each record, and told at the
 * end where no record had such a field.
 *
 * Such a list may be given to cosend_keep_columns, cosend_drop_fields and
 * cosend_move_columns, which do all that is to be done, to records of open
 * schemas too. A filter that gives the fields of a list new values goes through
 * them record by record:
 *
 *     cosend_change_fields(self, upper->fields);
 *     cosend_only_fields(self);
 *     while (cosend_receive(self, &record)) {
 *         struct cosend_item item = {0};
 *
 *         while (cosend_next_match(self, upper->fields, &record, &item))
 *             cosend_change(self, &item, upper_case(item.cell));
 *         cosend_emit(self, &record);
 *     }
 */
#ifndef COSEND_MATCHES_H
#define COSEND_MATCHES_H

#include "cosend/columns.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Before the first receive, once: the step gives these fields of the input new
 * values, in their places. One that is not changed for a record is absent in
 * it; of an open schema it is as it was.
 */
COSEND_API void cosend_change_fields(struct cosend_stage *self,
                                     struct cosend_fields fields);

/*
 * Go to the next field of a record in hand that a list takes, in the list's
 * order: the first when all of *item is zero. Of columns absent cells come too;
 * of an open schema what the record has. item->place says which item of the
 * list took it, from 0. One walk after the other: a step has one at a time.
 *
 * Returns false after the last, or, with the step failed, without memory.
 */
COSEND_API bool cosend_next_match(struct cosend_stage *self,
                                  struct cosend_fields fields,
                                  const struct cosend_record *record,
                                  struct cosend_item *item);

/* Set what the field that the walk is at becomes, of those that are changed,
   for the next emit; absent takes it out, and one that is not set stays as it
   is. The cell is copied. */
COSEND_API void cosend_change(struct cosend_stage *self,
                              const struct cosend_item *item,
                              struct cosend_cell cell);

/*
 * For a batch in hand: the fields that a list takes, each a field like any;
 * where cosend_matches_vary, none.
 */
COSEND_API struct cosend_fields cosend_matched(const struct cosend_stage *self,
                                               struct cosend_fields fields);

/* The added column that field i of them has as its new value:
   cosend_set_column. */
COSEND_API struct cosend_column
cosend_changed_column(const struct cosend_stage *self, uint32_t i);

/* Whether a field of a list is a pattern, of the input in hand, and so none
   itself. */
COSEND_API bool cosend_is_pattern(const struct cosend_stage *self,
                                  struct cosend_field field);

/* Whether the fields of a list are not known before a record is: the input's
   schema is open, and the list has patterns, or is that of those changed. */
COSEND_API bool cosend_matches_vary(const struct cosend_stage *self,
                                    struct cosend_fields fields);

#ifdef __cplusplus
}
#endif

#endif
