/* SPDX-License-Identifier: MIT */
/* Fields that get new values: columns that are added in the place of those of
   the input; or, of records whose fields only they know, fields that are set.
 */
#include "cosend/fields.h"
#include "cosend/matches.h"
#include "stage/matches.h"
#include "stage/open_fields.h"
#include "stage/output_schema.h"

void cosend_change_fields(struct cosend_stage *self,
                          struct cosend_fields fields)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_stage_may_declare(stage))
        return;
    stage->recipe.changed = fields;
    csi_open_edits(self);
}

void cosend_own_fields(struct cosend_stage *self, struct cosend_fields fields)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (csi_stage_may_declare(stage))
        stage->recipe.own = fields;
}

struct cosend_column cosend_changed_column(const struct cosend_stage *self,
                                           uint32_t i)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;

    return (struct cosend_column){stage->recipe.first_changed + i};
}

/* What is not changed is as it was: a column, like any that is added, would be
   empty. */
bool cosend_next_match(struct cosend_stage *self, struct cosend_fields fields,
                       const struct cosend_record *record,
                       struct cosend_item *item)
{
    const struct csi_stage *stage = csi_stage_of(self);

    if (!csi_matches_next(self, fields, record, item))
        return false;
    if (stage->recipe.changed.count &&
        fields.first == stage->recipe.changed.first &&
        !cosend_matches_vary(self, fields))
        cosend_set_slice(self, cosend_changed_column(self, item->next - 1),
                         item->cell);
    return true;
}

void cosend_change(struct cosend_stage *self, const struct cosend_item *item,
                   struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (cosend_matches_vary(self, stage->recipe.changed))
        cosend_set_field(self, item->name, item->name_length, cell);
    else if (item->next - 1 < cosend_matched(self, stage->recipe.changed).count)
        cosend_set(self, cosend_changed_column(self, item->next - 1), cell);
}
