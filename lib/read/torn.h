/* SPDX-License-Identifier: MIT */
/* The record in which an input is torn off. */
#ifndef CSI_TORN_H
#define CSI_TORN_H

#include "run/run.h"

/* What tore it off. */
enum csi_torn {
    CSI_TORN_NOT,
    CSI_TORN_UNREADABLE, /* what follows cannot be read, or unpacked */
    CSI_TORN_STOPPED     /* the run was stopped while more was to come */
};

/*
 * The file is over, but not because it ends: as csi_feed_end, but an unfinished
 * record is a reject of the kind `truncated`.
 */
int csi_feed_tear(struct csi_feed *feed, enum csi_torn why);

#endif
