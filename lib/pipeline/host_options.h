/* SPDX-License-Identifier: MIT */
/* What a host program hands in, before anything is made of it. */
#ifndef CSI_PIPELINE_HOST_OPTIONS_H
#define CSI_PIPELINE_HOST_OPTIONS_H

#include "cosend/pipeline.h"

/*
 * Copy what a host made, which may be NULL, if it can be any pipeline's. The
 * formats are for the plan to check, which knows who is to read and write them.
 *
 * Returns COSEND_OK or COSEND_E_USAGE.
 */
int csi_host_options_take(const struct cosend_options *made,
                          struct cosend_options *own,
                          struct cosend_error *error);

/* The same of its taker. */
int csi_host_taker_take(const struct cosend_taker *made,
                        struct cosend_taker *own, struct cosend_error *error);

/* Whether a string that a call must have is there: COSEND_OK, or
   COSEND_E_USAGE, naming what it is. */
int csi_host_string_check(const char *string, const char *what,
                          struct cosend_error *error);

#endif
