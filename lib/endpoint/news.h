/* SPDX-License-Identifier: MIT */
/* What a source tells the steps behind it beside records. */
#ifndef CSI_NEWS_H
#define CSI_NEWS_H

#include "stage/stage.h"

/* News to all. COSEND_CLOSING where nobody wants more. */
int csi_tell_all(struct csi_stage *stage, enum csi_news news);
/* Steps that asked for a time that has come are told. */
int csi_tick_if_due(struct csi_stage *stage);
/* Milliseconds until a step is to be told; -1: none asked. */
int csi_until_tick(const struct csi_shared *shared);

#endif
