/* SPDX-License-Identifier: MIT */
/* The fields of CSV rows one by one, where rows may have more cells than there
   are columns (ragged=keep): cell 5 of 4 columns is the field _5. */
#ifndef CSI_CSV_WALK_H
#define CSI_CSV_WALK_H

#include "record/record.h"

/* Make prepared rows, whose own is a struct csi_csv_own, ones that can be
   walked; the first own->columns of the schema have the names. False without
   memory. */
bool csi_csv_walkable(struct csi_rows *rows,
                      const struct cosend_schema *schema);

#endif
