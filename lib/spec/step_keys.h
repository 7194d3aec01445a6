/* SPDX-License-Identifier: MIT */
/* What a step has beside its filter. */
#ifndef CSI_STEP_KEYS_H
#define CSI_STEP_KEYS_H

#include <stdbool.h>

enum { CSI_STEP_KEYS = 4 };

/* id, from, on_error, note. */
extern const char *const csi_step_keys[CSI_STEP_KEYS];

bool csi_step_is_key(const char *key);

#endif
