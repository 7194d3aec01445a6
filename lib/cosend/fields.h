/* SPDX-License-Identifier: MIT */
/*
 * Fields whose names the data alone know: those of JSON in a field, of pairs
 * `a=1 b=2`, of a pivot; and records of JSON lines whose own fields change.
 *
 * A step that opens its output sets fields of each record by their names. What
 * it sends is then as JSON lines are: each record has fields of its own. A
 * writer of JSON lines writes them all; one of CSV has the columns of the first
 * record, and a record with another field is bad there (unknown_field).
 *
 *     static int body(struct cosend_stage *self, void *memory)
 *     {
 *         const struct pairs *pairs = memory;
 *         struct cosend_record record;
 *
 *         cosend_open_columns(self);
 *         cosend_drop_column(self, pairs->field);
 *         while (cosend_receive(self, &record)) {
 *             struct pair pair = {cosend_field(&record, pairs->field)};
 *
 *             while (next_pair(&pair))
 *                 cosend_set_field(self, pair.name, pair.length, pair.value);
 *             cosend_emit(self, &record);
 *         }
 *         return 0;
 *     }
 */
#ifndef COSEND_FIELDS_H
#define COSEND_FIELDS_H

#include "cosend/columns.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Before the first receive: the output's schema is open. A record goes on with
 * its own fields, but for those that are dropped (cosend_drop_column,
 * cosend_drop_columns), and those that were set for it: one of a name that it
 * has is replaced in its place, others come behind. Columns that are added as
 * well (cosend_add_column) come last, unless they are placed first.
 */
COSEND_API void cosend_open_columns(struct cosend_stage *self);

/*
 * Before the first receive: where the input's schema is open, a record goes on
 * with the fields that were set for it, and no others, not even columns that
 * are added; where it is closed, all is as without this call. So a step that
 * renames or moves columns does to records that name their fields themselves
 * what it declares for columns:
 *
 *     if (cosend_schema_open(cosend_input_schema(self)))
 *         while (cosend_walk(self, &record, &item))
 *             cosend_set_item(self, new_name(&item), &item);
 */
COSEND_API void cosend_remake_fields(struct cosend_stage *self);

/*
 * Set a field of the next record that is emitted, unless cosend_bad comes
 * before that, which takes back all that were set; of one that is set twice the
 * last value counts, in the first one's place. An absent cell takes the field
 * back. Name and cell are copied. A stage whose output is not open fails with
 * COSEND_E_USAGE, also where that is because of cosend_remake_fields.
 */
COSEND_API void cosend_set_field(struct cosend_stage *self, const char *name,
                                 size_t length, struct cosend_cell cell);

/*
 * The same for a field of the record in hand, which keeps its value to the byte
 * and is not copied; only the emit of that record may follow. name is the new
 * one, which is copied, or NULL: it keeps its own.
 */
COSEND_API void cosend_set_item(struct cosend_stage *self, const char *name,
                                size_t length, const struct cosend_item *item);

/*
 * A field of the next record as a column: what it is set to, by cosend_set or
 * an aggregate's row, is set by cosend_set_field. It is good until the next
 * call; the name must live as long.
 */
COSEND_API struct cosend_column
cosend_field_column(struct cosend_stage *self, const char *name, size_t length);

/*
 * Before the first receive: the step does something to these fields that no
 * other call declares. As with those that are dropped, renamed, moved, changed,
 * or added to a record, one that a record of an open schema has inside another
 * field only, pw in the object a for a.pw, makes it bad (inside): it cannot be
 * done to, and should not be left as it is with nobody told.
 */
COSEND_API void cosend_own_fields(struct cosend_stage *self,
                                  struct cosend_fields fields);

/* Whether an item that is met while walking a record in hand is one of some
   declared fields, by its name. */
COSEND_API bool cosend_is_among(const struct cosend_stage *self,
                                struct cosend_fields fields,
                                const struct cosend_item *item);

/*
 * Whether a column that the step adds replaces no field of a record, but for
 * those of `but`: no other has the name. If one has, the step has failed where
 * records have columns (COSEND_E_COLUMN), and where they name their fields
 * themselves the record is bad (name_taken). way_out says what to do: "as=NAME
 * takes another name".
 */
COSEND_API bool cosend_name_free(struct cosend_stage *self,
                                 const struct cosend_record *record,
                                 const char *name, struct cosend_fields but,
                                 const char *way_out);

/* The same of several columns that it added. */
COSEND_API bool cosend_columns_free(struct cosend_stage *self,
                                    const struct cosend_record *record,
                                    const struct cosend_column *columns,
                                    size_t count, struct cosend_fields but,
                                    const char *way_out);

/*
 * Set all fields of the record in hand, of an open schema, under other names,
 * by a rule as cosend_rename_columns has it; cosend_remake_fields was called.
 * Where two would have one name the record is bad (name_taken), or, with
 * overwrite, the one that is renamed is left, or the first.
 *
 * Returns false where it was bad, or, with the step failed, without memory.
 */
COSEND_API bool
cosend_rename_items(struct cosend_stage *self,
                    const struct cosend_record *record,
                    bool (*rule)(const char *name, size_t length,
                                 struct cosend_bytes *to, const void *own),
                    const void *own, bool overwrite);

/*
 * Emit the batch in hand with the fields under other names that
 * cosend_rename_column was called for; cosend_remake_fields was called. Of
 * records of an open schema only what a step below asks for is looked at, and
 * what may be in the way: a record that has a field of a new name already is
 * bad (name_taken), or, with cosend_overwrite_columns, goes without that. That
 * is known fastest of new names that are among the step's fields
 * (cosend_check_field; COSEND_MISSING_SKIP, for columns).
 *
 * Returns as cosend_emit_batch.
 */
COSEND_API int cosend_emit_renamed(struct cosend_stage *self);

#ifdef __cplusplus
}
#endif

#endif
