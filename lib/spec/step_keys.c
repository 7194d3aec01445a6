/* SPDX-License-Identifier: MIT */
#include "spec/step_keys.h"

#include <string.h>

const char *const csi_step_keys[CSI_STEP_KEYS] = {"id", "from", "on_error",
                                                  "note"};

bool csi_step_is_key(const char *key)
{
    for (int i = 0; i < CSI_STEP_KEYS; i++)
        if (strcmp(key, csi_step_keys[i]) == 0)
            return true;
    return false;
}
