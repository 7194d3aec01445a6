/* SPDX-License-Identifier: MIT */
#include "endpoint/given_error.h"

#include <stdio.h>

struct cosend_error csi_given_error(const struct cosend_error *error, int kind,
                                    const char *text)
{
    struct cosend_error own = *error;

    if (own.kind >= 0)
        own.kind = kind;
    if (!own.message[0])
        snprintf(own.message, sizeof(own.message), "%s", text);
    return own;
}
