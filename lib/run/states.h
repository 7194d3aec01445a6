/* SPDX-License-Identifier: MIT */
/* What every stage of a run published, as bytes. */
#ifndef CSI_STATES_H
#define CSI_STATES_H

#include "run/run.h"

/*
 * Write down all states of a run, those of its threads too, which are settled
 * first. A run of the same pipeline can merge them.
 *
 * Returns COSEND_OK; COSEND_E_USAGE, with why, where a step has a state that
 * nobody can save; COSEND_E_MEMORY.
 */
int csi_states_save(struct csi_run *run, struct cosend_bytes *to,
                    struct cosend_error *why);
/* Merge such bytes into this run's states. COSEND_OK; COSEND_E_TYPE, with why,
   for other bytes; COSEND_E_MEMORY. */
int csi_states_merge(struct csi_run *run, struct cosend_reader_bytes *from,
                     struct cosend_error *why);

#endif
