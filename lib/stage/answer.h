/* SPDX-License-Identifier: MIT */
/* What the functions of a filter's row answer, where it may be nonsense. */
#ifndef CSI_ANSWER_H
#define CSI_ANSWER_H

#include "stage/stage.h"

/*
 * Refuse an answer > 0 that says nothing, by the function's name in the row:
 * what was meant, an error without its sign or a count, nobody knows. `ends`:
 * COSEND_DONE would have been right.
 *
 * Returns COSEND_E_USAGE, and the error in why.
 */
int csi_answer_refuse(const struct csi_stage *stage, const char *function,
                      int answer, bool ends, struct cosend_error *why);

/*
 * The same with the step failed, but for answers that say something: COSEND_OK,
 * errors, and where it `ends`, COSEND_DONE and COSEND_CLOSING, as emits and
 * waits answer them. These are returned as they are.
 */
int csi_answer_judge(struct csi_stage *stage, const char *function, int answer,
                     bool ends);

#endif
