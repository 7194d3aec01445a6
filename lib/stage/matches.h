/* SPDX-License-Identifier: MIT */
/* Lists of fields with patterns: what they take of columns, and of records. */
#ifndef CSI_MATCHES_H
#define CSI_MATCHES_H

#include "stage/stage.h"

/* Whether a list of the stage's options has patterns. */
bool csi_matches_in(const struct csi_stage *stage, struct cosend_fields fields);
/* Memory for them, where the stage has such lists. False without. */
bool csi_matches_init(struct csi_stage *stage);
/* What patterns take is noted where the same stage of another run does, which
   stays there. */
void csi_matches_share(struct csi_stage *stage, const struct csi_stage *from);
void csi_matches_free(struct csi_stage *stage);

/*
 * The input's schema is known: what lists take of its columns become slots of
 * the map, behind those that the options name. False without memory.
 */
bool csi_matches_columns(struct csi_stage *stage);
/* Whether a pattern, by its slot, has taken a field by now. */
bool csi_matches_took(const struct csi_stage *stage, uint32_t slot);

/*
 * Choose among the items of a record: which of them, *count, in the list's
 * order; good until the next call. NULL without memory.
 */
const uint32_t *csi_matches_items(struct csi_stage *stage,
                                  struct cosend_fields fields,
                                  const struct cosend_item *items,
                                  uint32_t item_count, uint32_t *count);

/* cosend_next_match, which also has columns that are changed stay as they are.
 */
bool csi_matches_next(struct cosend_stage *self, struct cosend_fields fields,
                      const struct cosend_record *record,
                      struct cosend_item *item);

#endif
