/* SPDX-License-Identifier: MIT */
/* The record in which an input is torn off. */
#ifndef CSI_TORN_H
#define CSI_TORN_H

#include "read/chunker.h"

/* What tore it off. */
enum csi_torn {
    CSI_TORN_NOT,
    CSI_TORN_UNREADABLE, /* what follows cannot be read, or unpacked */
    CSI_TORN_STOPPED     /* the run was stopped while more was to come */
};

/*
 * What the chunker has in hand is all there is, but not because the file ends:
 * whole records are sent on, and an unfinished one is a reject of the kind
 * `truncated`. COSEND_OK, COSEND_DONE, or an error.
 */
int csi_chunker_tear(struct csi_chunker *chunker, enum csi_torn why);

#endif
