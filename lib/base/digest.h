/* SPDX-License-Identifier: MIT */
/* What of digests is nobody else's; the rest is in cosend/digest.h. */
#ifndef CSI_DIGEST_H
#define CSI_DIGEST_H

#include "cosend/digest.h"

/* What an algorithm needs that this machine has not, or NULL. */
const char *csi_digest_lacks(int algorithm);

#endif
