/* SPDX-License-Identifier: MIT */
/*
 * Arrays and objects in a cell: JSON text that is walked, one level at a time,
 * or of which a part is taken by its path. Neither changes it: a cell that was
 * only looked at is written as it was read, to the byte.
 *
 * Names and strings are decoded. Where they have escapes they are put in
 * `text`, which the caller owns and may use for any number of calls: each call
 * begins it anew, so a cell from the call before is good no more. It is not
 * touched otherwise, and may be empty. Without memory text->failed is set, and
 * stays so: until cosend_bytes_clear further calls with it find nothing. So ask
 * for it once, behind all walks and before what was found is used.
 */
#ifndef COSEND_NESTED_H
#define COSEND_NESTED_H

#include "cosend/bytes.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Go to the next member of an object, or element of an array, whose name_length
 * is 0 and name NULL, in their order: the first when all of *item is zero. Of
 * members of one name each comes; the last one counts.
 *
 * Returns false after the last; where the cell is not NESTED, or its text makes
 * no sense from there on; and without memory.
 */
COSEND_API bool cosend_next_member(struct cosend_cell nested,
                                   struct cosend_item *item,
                                   struct cosend_bytes *text);

/*
 * Take what stands at a path in a cell: `address[0].city`. A name is that of a
 * member, and has letters, digits, _, - and bytes beyond ASCII; any other is
 * written in backquotes, [2] is an element, from 0, and [-1] the last one. No
 * path, of no bytes, is the cell itself.
 *
 * Returns an absent cell where there is nothing, and without memory. So a path
 * that makes no sense leads nowhere: see that it does before, once, by
 * cosend_check_path.
 */
COSEND_API struct cosend_cell cosend_take_path(struct cosend_cell cell,
                                               const char *path, size_t length,
                                               struct cosend_bytes *text);

/* Returns COSEND_OK, or COSEND_E_USAGE with what is wrong with a path. */
COSEND_API int cosend_check_path(const char *path, size_t length,
                                 struct cosend_error *error);

/*
 * Append a cell as JSON: text in quotes, in which ill-formed UTF-8 becomes
 * U+FFFD (cosend_json_string), null where there is no value, anything else as
 * it is. Without memory to->failed is set.
 *
 * Returns false where there was ill-formed UTF-8: the user must be told.
 */
COSEND_API bool cosend_put_json(struct cosend_bytes *to,
                                struct cosend_cell cell);

/*
 * Append a record as a JSON object, without an end of line: all its fields, in
 * order; text that is no UTF-8 has U+FFFD in the place of each ill-formed
 * piece. Without memory to->failed is set.
 *
 * Returns false where there was such text: the user must be told.
 */
COSEND_API bool cosend_put_json_record(struct cosend_bytes *to,
                                       const struct cosend_record *record);
/* The same of all records of a batch, as one JSON array. */
COSEND_API bool cosend_put_json_batch(struct cosend_bytes *to,
                                      const struct cosend_batch *batch);

/* Whether a text is a number as JSON writes one (RFC 8259): no 05, +1, .5, 1.
   or NaN. */
COSEND_API bool cosend_is_json_number(const char *text, size_t length);

#ifdef __cplusplus
}
#endif

#endif
