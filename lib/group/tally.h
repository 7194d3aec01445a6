/* SPDX-License-Identifier: MIT */
/* Tallies, for whoever has more to say to them than cosend/tally.h lets. */
#ifndef CSI_GROUP_TALLY_H
#define CSI_GROUP_TALLY_H

#include "cosend/tally.h"

/* Add one tally to another. COSEND_OK or COSEND_E_MEMORY. */
int csi_tally_unite(struct cosend_tally *tally,
                    const struct cosend_tally *from);

#endif
