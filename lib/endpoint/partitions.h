/* SPDX-License-Identifier: MIT */
/* A sink that writes a file for each value of a field. */
#ifndef CSI_PARTITIONS_H
#define CSI_PARTITIONS_H

#include "stage/stage.h"

/* The whole of it, whose path is a template. Returns what a body does. */
int csi_partitions_write(struct csi_stage *stage,
                         const struct cosend_write_options *options);

#endif
