/* SPDX-License-Identifier: MIT */
/*
 * The groups of a stage: what `by` means, for every filter that has it.
 *
 * Records whose cells in some fields have the same text are one group; absent,
 * null and empty ones are three. A group's cells are of the kinds that those of
 * its first record had: 200 and "200" are one group, and the first is printed.
 * Each group has a value, which the filter defines. Groups keep the order in
 * which they first appeared.
 *
 * Its struct is stamped (cosend/version.h).
 */
#ifndef COSEND_GROUPS_H
#define COSEND_GROUPS_H

#include "cosend/base.h"
#include "cosend/bytes.h"
#include "cosend/group.h"
#include "cosend/record.h"
#include "cosend/stage.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_groups;

/*
 * Make the groups of a stage by some fields; they live until it ends. By no
 * fields, all records are one group, which is there from the start. A value is
 * value_size bytes, all zero at first, aligned as cosend_table_new says;
 * release, which may be NULL, is called with each of them at the end.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API struct cosend_groups *
cosend_groups_new(struct cosend_stage *self, struct cosend_fields by,
                  size_t value_size, void (*release)(void *value));

/*
 * The value of the record's group, which is made if there is none.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API void *cosend_group_of(struct cosend_groups *groups,
                                 const struct cosend_record *record);

/*
 * What cosend_group_of returns, but only of a group that is there already.
 *
 * Returns NULL where there is none, and also, with the step failed, without
 * memory.
 */
COSEND_API void *cosend_group_find(struct cosend_groups *groups,
                                   const struct cosend_record *record);

/*
 * Set *group to the one that was made last, and is in no walk: value and key
 * stay where they are. Groups that are merged are no business of this.
 *
 * Returns false where there is none.
 */
struct cosend_group;
COSEND_API bool cosend_group_latest(const struct cosend_groups *groups,
                                    struct cosend_group *group);

/* By no fields: the value of the one group; else NULL. */
COSEND_API void *cosend_group_only(const struct cosend_groups *groups);

/* Add a column for each of the fields. Before the first receive. */
COSEND_API void cosend_groups_add_columns(struct cosend_groups *groups);

/* One group, met while walking them. */
struct cosend_group {
    void *value;
    const void *key; /* as cosend_key_next reads it; what is no text too, a
                        number say, is there as text */
    size_t length;
    size_t next; /* where the walk is; start it with a group that is 0 */
};

/*
 * Go to the next group, in the order of their first appearance: the first when
 * all of *group is zero. What was merged counts as first seen where its first
 * record stood in the input. Nothing may be added or merged meanwhile.
 *
 * Returns false after the last, and, with the step failed, without memory.
 */
COSEND_API bool cosend_groups_next(struct cosend_groups *groups,
                                   struct cosend_group *group);

/* Set the columns that were added, for the next emit, to a group's cells. */
COSEND_API void cosend_groups_set_columns(struct cosend_groups *groups,
                                          const struct cosend_group *group);

/* Write every group down, its value by `save`, which is handed the context:
   what a filter's save does. */
COSEND_API int
cosend_groups_save(const struct cosend_groups *groups, struct cosend_bytes *to,
                   void (*save)(const void *value, struct cosend_bytes *to,
                                const void *context),
                   const void *context);

/*
 * Take in groups that were saved; `merge` adds a saved value to one in hand,
 * which may be all zero, and returns COSEND_OK or an error.
 *
 * Returns COSEND_OK; COSEND_E_TYPE for bytes that make no sense; or
 * COSEND_E_MEMORY.
 */
COSEND_API int
cosend_groups_merge(struct cosend_groups *groups,
                    struct cosend_reader_bytes *from,
                    int (*merge)(void *value, struct cosend_reader_bytes *from,
                                 const void *context),
                    const void *context);

/* ---- Groups of one's own ------------------------------------------------- */

/*
 * What makes a record the same as another, for a table: the cells of `fields`,
 * or where these are none those of all its fields without `but`, with the names
 * where records may have others. It is made anew in `key`, in which 200 and
 * "200" are the same.
 *
 * Returns false, with the step failed, without memory.
 */
COSEND_API bool cosend_record_key(struct cosend_stage *self,
                                  const struct cosend_record *record,
                                  struct cosend_fields fields,
                                  struct cosend_fields but,
                                  struct cosend_bytes *key);

/* Returns whether `count` groups are not more than `most`, which is any number
   where it is 0; else the step has failed (COSEND_E_LIMIT). */
COSEND_API bool cosend_groups_limit(struct cosend_stage *self, uint64_t count,
                                    uint64_t most);

#ifdef __cplusplus
}
#endif

#endif
