/* SPDX-License-Identifier: MIT */
/* The words of conditions, and what people write who know others. */
#ifndef CSI_CONDITION_WORDS_H
#define CSI_CONDITION_WORDS_H

#include "expression/condition.h"

/* By enum csi_condition_op; NULL at the end. */
extern const char *const csi_condition_ops[];
/* By enum csi_condition_kind: the key that makes a condition one. */
extern const char *const csi_condition_kinds[];

/* Whether a word is an operator; *op is which. */
bool csi_condition_op_of(const char *word, enum csi_condition_op *op);

/* Whether a key says what kind a condition is, as field and all do; and and or
   are other words for all and any. */
bool csi_condition_kind_of(const char *key, enum csi_condition_kind *kind);

/*
 * What to write for a word that is no operator, or a key that is none: a
 * remark for the end of a message, as `; did you mean "ge"?`. NULL: it is no
 * word of another language, and may be a misspelling.
 */
const char *csi_condition_op_hint(const char *word, char hint[96]);
const char *csi_condition_key_hint(const char *key);

#endif
