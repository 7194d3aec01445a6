/* SPDX-License-Identifier: MIT */
/*
 * Whether paths of expressions lead anywhere, zz in the field p for p.zz, in
 * the records that a stage was sent. Where p is a field that was read, and zz a
 * name, its reader notes that. Here it is noted where nobody else can: behind a
 * step that made p or gave it that name, and where an element is on the way,
 * tags[0].zz. It costs nothing once all have led somewhere.
 */
#ifndef CSI_LED_PATHS_H
#define CSI_LED_PATHS_H

#include "stage/stage.h"

/* The input's schema and the map are known: learn which paths are to be noted.
   False without memory. */
bool csi_led_learn(struct csi_stage *stage);
/* Note those of the records of a batch. False without memory. */
bool csi_led_note(struct csi_stage *stage, const struct cosend_batch *batch);
/* What another thread noted becomes this one's. */
void csi_led_take(struct csi_stage *stage, struct csi_stage *from);

/* Whether the path of the field of a slot is noted here; and has led nowhere.
 */
bool csi_led_has(const struct csi_stage *stage, uint32_t slot);
bool csi_led_nowhere(const struct csi_stage *stage, uint32_t slot);
/* Fields beside what that path was to lead to, in the first record that has
   some: p.a, p.b. NULL: there are none. */
struct cosend_schema *csi_led_beside(const struct csi_stage *stage,
                                     uint32_t slot);
/* A path, whole, as it is told: p.zz. */
bool csi_led_print(const struct csi_field_name *field,
                   struct cosend_bytes *text);
/* Whether two paths are the same. */
bool csi_led_is_same(const struct csi_field_name *field,
                     const struct csi_field_name *other);

void csi_led_free(struct csi_stage *stage);

#endif
