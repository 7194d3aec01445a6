/* SPDX-License-Identifier: MIT */
/*
 * The ledger: what is counted twice, and must agree.
 *
 * Of each stage, what came in and was made is what went out, was dropped, bad,
 * left or held. Each edge: what the sender counted is what the receiver did.
 * The reader: its records are an independent count of boundaries in the bytes.
 * A sink: its records are those that its writer encoded.
 */
#ifndef CSI_LEDGER_H
#define CSI_LEDGER_H

#include "run/run.h"

bool csi_ledger_balances(const struct csi_run *run);

#endif
