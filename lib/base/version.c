/* SPDX-License-Identifier: MIT */
#include "cosend/version.h"

const char *cosend_version(void)
{
    return COSEND_VERSION;
}

int cosend_version_number(void)
{
    return COSEND_VERSION_NUMBER;
}

unsigned cosend_abi(void)
{
    return COSEND_ABI;
}
