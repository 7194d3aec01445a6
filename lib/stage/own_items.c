/* SPDX-License-Identifier: MIT */
#include "stage/own_items.h"

#include "record/record_items.h"

#include <string.h>

bool csi_own_item(const struct cosend_record *record,
                  struct cosend_string dropped, struct cosend_item *item,
                  struct cosend_error *error)
{
    while (cosend_next_item(record, item, error))
        if (item->cell.kind != COSEND_ABSENT &&
            (!dropped.data || item->name_length != dropped.length ||
             memcmp(item->name, dropped.data, dropped.length) != 0))
            return true;
    return false;
}

bool csi_own_walk(struct csi_own_walk *walk, const struct cosend_batch *batch,
                  uint32_t position, struct cosend_string dropped,
                  struct cosend_item *item, struct cosend_error *error)
{
    struct cosend_record record = cosend_batch_record(batch, position);

    if (!walk->begun || walk->position != position || walk->at > item->next)
        *walk = (struct csi_own_walk){.begun = true, .position = position};
    while (!walk->ended && walk->at <= item->next) {
        walk->ended = !csi_own_item(&record, dropped, &walk->item, error);
        walk->at += !walk->ended;
    }
    if (walk->ended) {
        walk->begun = !error->kind;
        return false;
    }
    item->next++;
    item->name = walk->item.name;
    item->name_length = walk->item.name_length;
    item->cell = walk->item.cell;
    item->raw = walk->item.raw;
    item->raw_length = walk->item.raw_length;
    return true;
}
