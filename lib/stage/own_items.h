/* SPDX-License-Identifier: MIT */
/* The fields of the records of a batch, for rows that are made of them and are
   walked in turn: where a walk is between two calls. */
#ifndef CSI_OWN_ITEMS_H
#define CSI_OWN_ITEMS_H

#include "record/record.h"

/* Where a walk through a record's own fields is, which is mostly gone on with.
   All zero: nowhere. */
struct csi_own_walk {
    bool begun;
    uint32_t position, at; /* behind so many of its fields, ... */
    bool ended;            /* which are all */
    struct cosend_item item;
};

/* The next field that a record has, but for the one that is dropped, which may
   be none: as cosend_next_item. */
bool csi_own_item(const struct cosend_record *record,
                  struct cosend_string dropped, struct cosend_item *item,
                  struct cosend_error *error);
/* The same of the record at a position of a batch, from the field on that
   item->next counts: as the walk of rows. error may not be NULL. */
bool csi_own_walk(struct csi_own_walk *walk, const struct cosend_batch *batch,
                  uint32_t position, struct cosend_string dropped,
                  struct cosend_item *item, struct cosend_error *error);

#endif
